"""What happened, in plain sentences: for the timeline, a referral's own page, and the person themselves.

"Bathing help accepted, and will be in touch by Friday 27 November 2026." No names of staff.
"""

from __future__ import annotations

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from referrals.states import Loop, Party, Reason, State


def spoken(day: date) -> str:
    return date_format(day, "l j F Y")


def say_step(
    to: str,
    *,
    owner: str,
    requester: str,
    service: str,
    party: str = Party.RECEIVER,
    reason: str = "",
    expected_on: date | None = None,
) -> str:
    """One step of a referral; ``owner`` is the organisation that was asked."""
    names = {"owner": owner, "requester": requester, "service": service}
    plain = {
        State.DRAFT: _("%(requester)s prepared a request to %(owner)s (%(service)s)"),
        State.REQUESTED: _("%(requester)s asked %(owner)s for help (%(service)s)"),
        State.RECEIVED: _("%(owner)s has seen the request"),
        State.ACCEPTED: _("%(owner)s accepted"),
        State.IN_PROGRESS: _("%(owner)s says that the help has begun"),
        State.ON_HOLD: _("There is a waiting list at %(owner)s"),
        State.COMPLETED: _("%(owner)s says that the help is finished"),
        State.FAILED: _("%(owner)s says that it could not be done"),
        State.REJECTED: _("%(owner)s turned it down"),
        State.CANCELLED: (
            _("%(owner)s stopped it")
            if party == Party.RECEIVER
            else _("The request to %(owner)s was taken back")
        ),
        State.ENTERED_IN_ERROR: _("The request to %(owner)s had been made by mistake"),
    }
    said = plain[State(to)] % names
    if expected_on is not None and to == State.ACCEPTED:
        said = _("%(what)s, and will be in touch by %(day)s") % {
            "what": said,
            "day": spoken(expected_on),
        }
    elif expected_on is not None and to == State.ON_HOLD:
        said = _("%(what)s, until about %(day)s") % {"what": said, "day": spoken(expected_on)}
    if reason and reason != Reason.OTHER:
        said = _("%(what)s: %(why)s") % {"what": said, "why": _small(Reason(reason).label)}
    return f"{said}."


def say_answer(answer: str, *, service: str, days: int | None = None) -> str:
    """What the person said. The words are theirs, so they stand in quotation marks."""
    if answer not in Loop.values:
        return ""
    names = {"answer": Loop(answer).label, "service": service, "days": days}
    if answer in (Loop.COULD_NOT_REACH, Loop.ASKED_NOT_TO_BE_CONTACTED, Loop.NOT_ASKED):
        return _("%(service)s: %(answer)s.") % names
    if days is None:
        return _("Asked about %(service)s: “%(answer)s”.") % names
    return _("Asked about %(service)s after %(days)d days: “%(answer)s”.") % names


def _small(words: object) -> str:
    text = str(words)
    return text[:1].lower() + text[1:]
