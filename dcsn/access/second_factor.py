"""Whether this session has proved a second factor, as every staff role requires.

It is the *session* that counts: an older session of the same user, begun with a password alone, does not
become good because the second factor was set up in another.
"""

from __future__ import annotations

import time
from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest

from dcsn.access.decision import is_staff

SET_UP_IN_THIS_SESSION = "second_factor_set_up"
# allauth.account.authentication.AUTHENTICATION_METHODS_SESSION_KEY, which cannot be imported before the
# models are ready; a test holds the two together.
METHODS_USED = "account_authentication_methods"


def proved_at(session: SessionBase) -> float | None:
    """When a second factor was last shown in this session, in seconds since 1970; None for never."""
    records: list[dict[str, Any]] = session.get(METHODS_USED, [])
    times = [record["at"] for record in records if record.get("method") == "mfa"]
    if session.get(SET_UP_IN_THIS_SESSION):
        times.append(session[SET_UP_IN_THIS_SESSION])
    return max(times, default=None)


def proved(session: SessionBase) -> bool:
    """True after a code was given at sign-in, or the authenticator was set up, in this session."""
    return proved_at(session) is not None


def mark_proved(session: SessionBase) -> None:
    session[SET_UP_IN_THIS_SESSION] = time.time()


def forget(session: SessionBase) -> None:
    """The second factor was taken away: what this session proved no longer counts."""
    session.pop(SET_UP_IN_THIS_SESSION, None)
    if METHODS_USED in session:
        session[METHODS_USED] = [
            method for method in session[METHODS_USED] if method.get("method") != "mfa"
        ]


def missing(request: HttpRequest) -> bool:
    """True for somebody with a staff role whose session has not proved a second factor."""
    if not request.user.is_authenticated or proved(request.session):
        return False
    return is_staff(request.user)
