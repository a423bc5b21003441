"""What can become of a referral, who may say so, and what must be said with it.

The states are the codes of FHIR R4 ``Task.status`` in the standard's spelling; which follows which, and
who may set it, is the table of HL7's SDOH Clinical Care guide (STU 3) without ``ready``. The database
holds the same table (migration ``0002``), and a test holds the two together.

What came of it for the person is not a state: see :class:`Loop`.
"""

from __future__ import annotations

from collections import deque
from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """Where a referral is, by the word of those who handle it."""

    DRAFT = "draft", _("not sent yet")
    REQUESTED = "requested", _("sent, no answer yet")
    RECEIVED = "received", _("seen by them")
    ACCEPTED = "accepted", _("accepted")
    IN_PROGRESS = "in-progress", _("being helped")
    ON_HOLD = "on-hold", _("on a waiting list")
    COMPLETED = "completed", _("finished")
    FAILED = "failed", _("could not be done")
    REJECTED = "rejected", _("turned down")
    CANCELLED = "cancelled", _("cancelled")
    ENTERED_IN_ERROR = "entered-in-error", _("entered by mistake")


class Party(StrEnum):
    """Which side of a referral somebody speaks for."""

    REQUESTER = "requester"  # the access point that sent it
    RECEIVER = "receiver"  # the organisation that was asked


_RECEIVER = frozenset({Party.RECEIVER})
_REQUESTER = frozenset({Party.REQUESTER})
_EITHER = frozenset({Party.RECEIVER, Party.REQUESTER})

_S = State
TRANSITIONS: dict[str, dict[str, frozenset[Party]]] = {
    _S.DRAFT: {_S.REQUESTED: _REQUESTER, _S.ENTERED_IN_ERROR: _REQUESTER},
    _S.REQUESTED: {
        _S.RECEIVED: _RECEIVER,
        _S.ACCEPTED: _RECEIVER,
        _S.REJECTED: _RECEIVER,
        _S.CANCELLED: _EITHER,
        _S.ENTERED_IN_ERROR: _REQUESTER,
    },
    _S.RECEIVED: {
        _S.ACCEPTED: _RECEIVER,
        _S.REJECTED: _RECEIVER,
        _S.CANCELLED: _EITHER,
        _S.ENTERED_IN_ERROR: _REQUESTER,
    },
    _S.ACCEPTED: {
        _S.IN_PROGRESS: _RECEIVER,
        _S.ON_HOLD: _RECEIVER,
        _S.CANCELLED: _EITHER,
        _S.FAILED: _RECEIVER,
        _S.ENTERED_IN_ERROR: _REQUESTER,
    },
    _S.IN_PROGRESS: {
        _S.ON_HOLD: _RECEIVER,
        _S.COMPLETED: _RECEIVER,
        _S.FAILED: _RECEIVER,
        _S.CANCELLED: _EITHER,
        _S.ENTERED_IN_ERROR: _REQUESTER,
    },
    _S.ON_HOLD: {
        _S.IN_PROGRESS: _RECEIVER,
        _S.CANCELLED: _EITHER,
        _S.FAILED: _RECEIVER,
        _S.ENTERED_IN_ERROR: _REQUESTER,
    },
    _S.COMPLETED: {_S.ENTERED_IN_ERROR: _REQUESTER},
    _S.FAILED: {_S.ENTERED_IN_ERROR: _REQUESTER},
    _S.REJECTED: {_S.ENTERED_IN_ERROR: _REQUESTER},
    _S.CANCELLED: {_S.ENTERED_IN_ERROR: _REQUESTER},
    _S.ENTERED_IN_ERROR: {},
}

FINAL = frozenset({_S.COMPLETED, _S.FAILED, _S.REJECTED, _S.CANCELLED, _S.ENTERED_IN_ERROR})
# Sent, and neither taken on nor turned down: the clock runs.
UNANSWERED = frozenset({_S.REQUESTED, _S.RECEIVED})
# Taken on, and not ended.
UNDER_WAY = frozenset({_S.ACCEPTED, _S.IN_PROGRESS, _S.ON_HOLD})
OPEN = UNANSWERED | UNDER_WAY
# FHIR SDOH-CC expects Task.statusReason with these.
NEEDS_REASON = frozenset({_S.REJECTED, _S.CANCELLED, _S.ON_HOLD, _S.FAILED})


class Reason(models.TextChoices):
    """Why it was turned down, cancelled, put on a waiting list or could not be done.

    The union of the reasons that findhelp, HMIS and 211 use.
    """

    NOT_ELIGIBLE = "not-eligible", _("The service is not for people in their situation")
    NO_CAPACITY = "no-capacity", _("No room at the moment")
    NO_FUNDS = "no-funds", _("No money for it")
    OUT_OF_AREA = "out-of-area", _("They live outside the area")
    COULD_NOT_CONTACT = "could-not-contact", _("The person could not be reached")
    CLIENT_DECLINED = "client-declined", _("The person did not want it")
    NO_LONGER_NEEDED = "no-longer-needed", _("It is no longer needed")
    REFERRED_ELSEWHERE = "referred-elsewhere", _("Passed on to somebody else")
    SERVICE_CLOSED = "service-closed", _("The service has closed")
    UNSAFE = "unsafe", _("It would not be safe")
    DUPLICATE = "duplicate", _("The same request was made before")
    CONSENT_WITHDRAWN = "consent-withdrawn", _("The person no longer agrees to it")
    OTHER = "other", _("Another reason")


# A receiver does not say these: the hub does.
HUB_ONLY_REASONS = frozenset({Reason.CONSENT_WITHDRAWN})
# With these nobody asks the person afterwards: they took it back, or it never was.
NOT_ASKED_AFTER = frozenset({Reason.CONSENT_WITHDRAWN, Reason.DUPLICATE})


class Via(models.TextChoices):
    """How an answer reached the portal."""

    SIGNED_IN = "signed-in", _("signed in")
    LINK = "link", _("by the link in their e-mail")
    PHONE = "phone", _("by phone")
    SLIP = "slip", _("on the printed slip")
    SYSTEM = "system", _("by the portal")


class Loop(models.TextChoices):
    """The person's own answer to "did you get the help?". Never a state, never the provider's word."""

    AWAITING_PERSON = "awaiting-person", _("not asked yet, or no answer")
    GOT_HELP = "got-help", _("Yes, I got the help")
    GOT_SOME_HELP = "got-some-help", _("I got some of the help")
    DID_NOT_GET_HELP = "did-not-get-help", _("No, I did not get the help")
    NO_LONGER_NEEDED = "no-longer-needed", _("I no longer need it")
    COULD_NOT_REACH = "could-not-reach", _("could not be reached")
    ASKED_NOT_TO_BE_CONTACTED = "asked-not-to-be-contacted", _("asked not to be contacted")
    NOT_ASKED = "not-asked", _("not asked: withdrawn, a duplicate or a mistake")


# What a person can say when they are asked.
ANSWERS = (
    Loop.GOT_HELP,
    Loop.GOT_SOME_HELP,
    Loop.DID_NOT_GET_HELP,
    Loop.NO_LONGER_NEEDED,
)
# With these the matter is the hub's again.
NOT_HELPED = frozenset({Loop.DID_NOT_GET_HELP, Loop.GOT_SOME_HELP})


class Priority(models.TextChoices):
    """FHIR ``request-priority``, in the words of a desk."""

    ROUTINE = "routine", _("routine")
    URGENT = "urgent", _("soon")
    ASAP = "asap", _("urgent: as soon as you can")
    STAT = "stat", _("urgent: today")


def allowed(state: str, party: Party | None = None) -> list[State]:
    """What may follow ``state``; with ``party``, what that side may say. In the order of the table."""
    return [State(to) for to, who in TRANSITIONS[state].items() if party is None or party in who]


def steps_to(state: str, target: str) -> list[State]:
    """The shortest way from one state to another, without the first; empty when there is none.

    For "we have helped them already": the steps between are recorded too. It never passes through a
    waiting list or a final state.
    """
    way: dict[str, str] = {state: ""}
    queue = deque([state])
    while queue:
        here = queue.popleft()
        if here == target:
            break
        for following in TRANSITIONS[here]:
            passable = following == target or following not in FINAL | {State.ON_HOLD}
            if passable and following not in way:
                way[following] = here
                queue.append(following)
    if target not in way or target == state:
        return []
    steps = [target]
    while way[steps[0]] != state:
        steps.insert(0, way[steps[0]])
    return [State(step) for step in steps]
