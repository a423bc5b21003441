"""How often a till may be asked. Guessing is stopped; a busy shop is not.

Only wrong numbers count as guesses. A shop meets a few of them an hour; whoever tries 10,000 meets little
else and gets 300 answers in a day. Counted by address alone: the till needs no cookie, so a program that
throws its cookies away gains nothing by it. Addresses that the network lists as shared get ten times that.
"""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest

from dcsn.limits.rates import Rate, seconds_to_wait_after, seconds_to_wait_for_user

WRONG = Rate(40, timedelta(minutes=10))
WRONG_IN_A_DAY = Rate(300, timedelta(days=1))
# Right or wrong: a busy market town's Saturday, not a program.
ASKED = Rate(600, timedelta(minutes=10))
BY_TELEPHONE = Rate(60, timedelta(minutes=10))


def wait_after(request: HttpRequest, *, was_wrong: bool) -> int:
    """Count an answer; the seconds until the next may be shown, 0 when this one may."""
    return seconds_to_wait_after(
        request,
        "till",
        [
            ("wrong", WRONG, was_wrong),
            ("wrong in a day", WRONG_IN_A_DAY, was_wrong),
            ("asked", ASKED, True),
        ],
    )


def wait_for_staff(user_id: object) -> int:
    return seconds_to_wait_for_user(user_id, "till by telephone", BY_TELEPHONE)
