"""What a receiver can say, in the order in which the screen and the printed slip ask it.

Each answer leads to a state. What a receiver may say now is worked out from the table of states, so that
screen, slip and link never offer what ``move_referral`` would refuse.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from referrals.states import HUB_ONLY_REASONS, TRANSITIONS, Party, Reason, State, steps_to


class Answer(models.TextChoices):
    SEEN = "seen", _("We have seen it, and will answer soon")
    ACCEPT = "accept", _("We will take it")
    WAIT = "wait", _("They are on our waiting list")
    BEGIN = "begin", _("We have begun to help")
    FINISH = "finish", _("We have finished helping")
    REJECT = "reject", _("Not us: we cannot take it")
    FAIL = "fail", _("It could not be done")
    CANCEL = "cancel", _("It is no longer wanted")


LEADS_TO: dict[str, State] = {
    Answer.SEEN: State.RECEIVED,
    Answer.ACCEPT: State.ACCEPTED,
    Answer.WAIT: State.ON_HOLD,
    Answer.BEGIN: State.IN_PROGRESS,
    Answer.FINISH: State.COMPLETED,
    Answer.REJECT: State.REJECTED,
    Answer.FAIL: State.FAILED,
    Answer.CANCEL: State.CANCELLED,
}
# Before it is taken on, "not us" is said rather than these.
_ONLY_UNDER_WAY = frozenset({Answer.FAIL, Answer.CANCEL})
NEEDS_DAY = frozenset({Answer.ACCEPT, Answer.WAIT})
NEEDS_REASON = frozenset({Answer.WAIT, Answer.REJECT, Answer.FAIL, Answer.CANCEL})

_R = Reason
# In the order of the slip's boxes. "Another reason" comes last and asks for words.
REASONS: dict[str, tuple[Reason, ...]] = {
    Answer.WAIT: (_R.NO_CAPACITY, _R.NO_FUNDS, _R.COULD_NOT_CONTACT, _R.OTHER),
    Answer.REJECT: (
        _R.NO_CAPACITY,
        _R.NOT_ELIGIBLE,
        _R.OUT_OF_AREA,
        _R.NO_FUNDS,
        _R.REFERRED_ELSEWHERE,
        _R.SERVICE_CLOSED,
        _R.COULD_NOT_CONTACT,
        _R.CLIENT_DECLINED,
        _R.DUPLICATE,
        _R.UNSAFE,
        _R.OTHER,
    ),
    Answer.FAIL: (
        _R.COULD_NOT_CONTACT,
        _R.NO_CAPACITY,
        _R.NO_FUNDS,
        _R.NOT_ELIGIBLE,
        _R.REFERRED_ELSEWHERE,
        _R.SERVICE_CLOSED,
        _R.UNSAFE,
        _R.OTHER,
    ),
    Answer.CANCEL: (_R.CLIENT_DECLINED, _R.NO_LONGER_NEEDED, _R.DUPLICATE, _R.OTHER),
}
assert not {one for listed in REASONS.values() for one in listed} & HUB_ONLY_REASONS  # noqa: S101


def answers_for(state: str) -> list[Answer]:
    """What a receiver may say of a referral in this state, in the order of the slip."""
    under_way = state not in (State.REQUESTED, State.RECEIVED)
    return [
        answer
        for answer in Answer
        if (under_way or answer not in _ONLY_UNDER_WAY) and _reaches(state, LEADS_TO[answer])
    ]


def _reaches(state: str, target: State) -> bool:
    """By steps that the receiver may all take."""
    here = state
    steps = steps_to(state, target)
    for step in steps:
        if Party.RECEIVER not in TRANSITIONS[here][step]:
            return False
        here = step
    return bool(steps)
