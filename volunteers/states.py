"""What can become of a volunteer, a check, an opportunity, a request for help and an offer.

Each table says which state follows which, and who may say so. The database holds the same tables
(migration ``0002``), and a test holds the two together. Nobody is "rejected": whoever does not fit is
*redirected*, which needs at least one suggestion, or, seldom, *not suitable*, for a reason that only
those who handle checks may read.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class Party(StrEnum):
    """For whom somebody speaks."""

    VOLUNTEER = "volunteer"  # the volunteer themself, through their own account
    PERSON = "person"  # who asked for help, through their own account
    STAFF = "staff"  # an organisation's manager, the volunteer centre, an access point's desk
    SYSTEM = "system"  # the clock, retention


Table = Mapping[str, Mapping[str, frozenset[Party]]]

_STAFF = frozenset({Party.STAFF, Party.SYSTEM})
_SELF_OR_STAFF = frozenset({Party.VOLUNTEER, Party.STAFF, Party.SYSTEM})
_PERSON_OR_STAFF = frozenset({Party.PERSON, Party.STAFF, Party.SYSTEM})


# --- Volunteers --------------------------------------------------------------------------------------


class VolunteerState(models.TextChoices):
    INTERESTED = "interested", _("interested")
    APPLIED = "applied", _("applied")
    CHECKING = "checking", _("being checked")
    CLEARED = "cleared", _("checks are done")
    INDUCTED = "inducted", _("had their induction")
    ACTIVE = "active", _("helping")
    PAUSED = "paused", _("having a break")
    LEFT = "left", _("has left")
    REDIRECTED = "redirected", _("shown something that suits them better")
    NOT_SUITABLE = "not-suitable", _("cannot volunteer with us")


_V = VolunteerState
VOLUNTEER: Table = {
    _V.INTERESTED: {_V.APPLIED: _SELF_OR_STAFF, _V.REDIRECTED: _STAFF, _V.LEFT: _SELF_OR_STAFF},
    _V.APPLIED: {
        _V.CHECKING: _STAFF,
        _V.REDIRECTED: _STAFF,
        _V.NOT_SUITABLE: _STAFF,
        _V.LEFT: _SELF_OR_STAFF,
    },
    _V.CHECKING: {
        _V.CLEARED: _STAFF,
        _V.REDIRECTED: _STAFF,
        _V.NOT_SUITABLE: _STAFF,
        _V.LEFT: _SELF_OR_STAFF,
    },
    _V.CLEARED: {_V.INDUCTED: _STAFF, _V.CHECKING: _STAFF, _V.LEFT: _SELF_OR_STAFF},
    _V.INDUCTED: {_V.ACTIVE: _STAFF, _V.LEFT: _SELF_OR_STAFF},
    _V.ACTIVE: {_V.PAUSED: _SELF_OR_STAFF, _V.LEFT: _SELF_OR_STAFF},
    _V.PAUSED: {_V.ACTIVE: _SELF_OR_STAFF, _V.LEFT: _SELF_OR_STAFF},
    # One volunteer for each person: who comes back, or finds a role elsewhere, applies anew.
    _V.LEFT: {_V.APPLIED: _SELF_OR_STAFF},
    _V.REDIRECTED: {_V.APPLIED: _SELF_OR_STAFF, _V.LEFT: _SELF_OR_STAFF},
    # A decision can be looked at again, with a reason.
    _V.NOT_SUITABLE: {_V.APPLIED: _STAFF},
}
# Not placed yet: each of these has an open next step, so that nobody is left waiting.
UNPLACED = frozenset(
    {_V.INTERESTED, _V.APPLIED, _V.CHECKING, _V.CLEARED, _V.INDUCTED, _V.REDIRECTED}
)
GONE = frozenset({_V.LEFT, _V.NOT_SUITABLE})
# Both ways: to say that somebody is not suitable, and to look at it again.
VOLUNTEER_NEEDS_REASON = frozenset({(_V.APPLIED, _V.NOT_SUITABLE), (_V.CHECKING, _V.NOT_SUITABLE),
                                    (_V.NOT_SUITABLE, _V.APPLIED)})  # fmt: skip


class VolunteerReason(models.TextChoices):
    """Why somebody left, has a break, was redirected or is not suitable."""

    NO_TIME = "no-time", _("No time at the moment")
    HEALTH = "health", _("Their health, or that of somebody close")
    MOVED = "moved", _("Moved away")
    FOUND_WORK = "found-work", _("Found work or a course")
    NOT_WHAT_HOPED = "not-what-hoped", _("It was not what they had hoped for")
    NO_ROLE_YET = "no-role-yet", _("Nothing that suits them was found here")
    NO_ANSWER = "no-answer", _("They did not answer")
    CHECK = "check", _("What a check showed")
    REFERENCES = "references", _("What referees said")
    CONDUCT = "conduct", _("How they behaved")
    AGE = "age", _("Too young for now")
    LOOKED_AT_AGAIN = "looked-at-again", _("Looked at again")
    OTHER = "other", _("Another reason")


# --- Checks ------------------------------------------------------------------------------------------


class CheckState(models.TextChoices):
    NOT_NEEDED = "not-needed", _("not needed")
    NEEDED = "needed", _("needed")
    REQUESTED = "requested", _("asked for")
    SEEN = "seen", _("seen, no decision yet")
    DECISION_RECORDED = "decision-recorded", _("decided")


_C = CheckState
CHECK: Table = {
    _C.NOT_NEEDED: {_C.NEEDED: _STAFF},
    _C.NEEDED: {_C.NOT_NEEDED: _STAFF, _C.REQUESTED: _STAFF, _C.SEEN: _STAFF},
    _C.REQUESTED: {_C.NOT_NEEDED: _STAFF, _C.SEEN: _STAFF},
    _C.SEEN: {_C.DECISION_RECORDED: _STAFF},
    # A new certificate is a new check: a decision stays as it was made.
    _C.DECISION_RECORDED: {},
}


# --- Opportunities -----------------------------------------------------------------------------------


class OpportunityState(models.TextChoices):
    DRAFT = "draft", _("not shown yet")
    OPEN = "open", _("open")
    FILLED = "filled", _("filled")
    DONE = "done", _("over")
    CANCELLED = "cancelled", _("cancelled")


_O = OpportunityState
OPPORTUNITY: Table = {
    _O.DRAFT: {_O.OPEN: _STAFF, _O.CANCELLED: _STAFF},
    _O.OPEN: {_O.DRAFT: _STAFF, _O.FILLED: _STAFF, _O.DONE: _STAFF, _O.CANCELLED: _STAFF},
    _O.FILLED: {_O.OPEN: _STAFF, _O.DONE: _STAFF, _O.CANCELLED: _STAFF},
    _O.DONE: {},
    _O.CANCELLED: {},
}


# --- Requests for help -------------------------------------------------------------------------------


class HelpState(models.TextChoices):
    ASKED = "asked", _("asked")
    TRIAGED = "triaged", _("looking for somebody")
    OFFERED = "offered", _("a volunteer is being asked")
    MATCHED = "matched", _("a volunteer is found")
    IN_PROGRESS = "in-progress", _("being helped")
    DONE = "done", _("done")
    UNFILLED = "unfilled", _("nobody found yet")
    CANCELLED = "cancelled", _("cancelled")
    NOT_SUITABLE = "not-suitable-for-volunteers", _("passed on: not a volunteer's task")


_H = HelpState
HELP: Table = {
    _H.ASKED: {_H.TRIAGED: _STAFF, _H.NOT_SUITABLE: _STAFF, _H.CANCELLED: _PERSON_OR_STAFF},
    _H.TRIAGED: {
        _H.OFFERED: _STAFF,
        _H.UNFILLED: _STAFF,
        _H.NOT_SUITABLE: _STAFF,
        _H.CANCELLED: _PERSON_OR_STAFF,
    },
    _H.OFFERED: {
        _H.MATCHED: _PERSON_OR_STAFF | {Party.VOLUNTEER},
        _H.TRIAGED: _PERSON_OR_STAFF | {Party.VOLUNTEER},
        _H.UNFILLED: _STAFF,
        _H.CANCELLED: _PERSON_OR_STAFF,
    },
    _H.MATCHED: {
        _H.IN_PROGRESS: _SELF_OR_STAFF,
        _H.TRIAGED: _PERSON_OR_STAFF | {Party.VOLUNTEER},
        _H.CANCELLED: _PERSON_OR_STAFF,
    },
    _H.IN_PROGRESS: {
        _H.DONE: _STAFF | {Party.VOLUNTEER, Party.PERSON},
        _H.TRIAGED: _PERSON_OR_STAFF | {Party.VOLUNTEER},
        _H.CANCELLED: _PERSON_OR_STAFF,
    },
    # Never silence: it has a follow-up day, and can be taken up again.
    _H.UNFILLED: {
        _H.TRIAGED: _STAFF,
        _H.OFFERED: _STAFF,
        _H.NOT_SUITABLE: _STAFF,
        _H.CANCELLED: _PERSON_OR_STAFF,
    },
    _H.DONE: {},
    _H.CANCELLED: {},
    _H.NOT_SUITABLE: {},
}
HELP_FINAL = frozenset({_H.DONE, _H.CANCELLED, _H.NOT_SUITABLE})
# Who looks for a volunteer looks through these.
HELP_SEEKING = frozenset({_H.TRIAGED, _H.UNFILLED})
HELP_OPEN = frozenset(set(HelpState)) - HELP_FINAL


class HelpReason(models.TextChoices):
    """Why a request was cancelled, left unfilled or passed on."""

    NO_LONGER_NEEDED = "no-longer-needed", _("It is no longer needed")
    SOMEBODY_ELSE = "somebody-else", _("Somebody else has helped")
    COULD_NOT_REACH = "could-not-reach", _("The person could not be reached")
    NOBODY_FREE = "nobody-free", _("No volunteer was free")
    NOBODY_SUITS = "nobody-suits", _("No volunteer with what it takes")
    PERSONAL_CARE = "personal-care", _("It needs personal care")
    TRADE = "trade", _("It needs a tradesperson")
    UNSAFE = "unsafe", _("It would not be safe")
    TOO_MUCH = "too-much", _("It is more than a volunteer can give")
    MISTAKE = "mistake", _("Entered by mistake")
    OTHER = "other", _("Another reason")


# --- Offers ------------------------------------------------------------------------------------------


class OfferState(models.TextChoices):
    SUGGESTED = "suggested", _("suggested")
    OFFERED = "offered", _("asked, no answer yet")
    ACCEPTED = "accepted", _("said yes")
    DECLINED = "declined", _("said no")
    LAPSED = "lapsed", _("no answer in time")
    DONE = "done", _("done")
    NO_SHOW = "no-show", _("did not come")
    CANCELLED = "cancelled", _("cancelled")


_F = OfferState
OFFER: Table = {
    _F.SUGGESTED: {_F.OFFERED: _STAFF, _F.CANCELLED: _STAFF},
    _F.OFFERED: {
        _F.ACCEPTED: _SELF_OR_STAFF,
        _F.DECLINED: _SELF_OR_STAFF | {Party.PERSON},
        _F.LAPSED: _STAFF,
        _F.CANCELLED: _STAFF | {Party.PERSON},
    },
    _F.ACCEPTED: {
        _F.DECLINED: frozenset({Party.PERSON, Party.STAFF}),  # the person says no to this volunteer
        _F.DONE: _STAFF | {Party.VOLUNTEER, Party.PERSON},
        _F.NO_SHOW: _STAFF,
        _F.CANCELLED: _SELF_OR_STAFF | {Party.PERSON},
    },
    _F.DECLINED: {},
    _F.LAPSED: {},
    _F.DONE: {},
    _F.NO_SHOW: {},
    _F.CANCELLED: {},
}
OFFER_LIVE = frozenset({_F.SUGGESTED, _F.OFFERED, _F.ACCEPTED})
OFFER_FINAL = frozenset(set(OfferState)) - OFFER_LIVE


# --- Asking the tables -------------------------------------------------------------------------------


def allowed(table: Table, state: str, party: Party | None = None) -> list[str]:
    """What may follow ``state``; with ``party``, what that side may say. In the order of the table."""
    return [to for to, who in table[state].items() if party is None or party in who]


def may(table: Table, state: str, to: str, party: Party) -> bool:
    return party in table[state].get(to, frozenset())


def steps_to(state: str, target: str) -> list[str]:
    """The shortest way of a volunteer from one state to another, without the first; empty for none.

    For "she has been helping us for years": the steps between are recorded too. It never passes through
    *left*, *redirected*, *not suitable* or *having a break*.
    """
    closed = {_V.LEFT, _V.REDIRECTED, _V.NOT_SUITABLE, _V.PAUSED}
    way: dict[str, str] = {state: ""}
    queue = deque([state])
    while queue:
        here = queue.popleft()
        if here == target:
            break
        for following in VOLUNTEER[here]:
            if (following == target or following not in closed) and following not in way:
                way[following] = here
                queue.append(following)
    if target not in way or target == state:
        return []
    steps = [target]
    while way[steps[0]] != state:
        steps.insert(0, way[steps[0]])
    return steps
