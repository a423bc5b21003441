"""What becomes of one referral, by chance and by the table of states: pure, no database.

The chances are those of a network that works tolerably: one in sixteen is never answered, one in five
turned down, and of those that are "finished" two in three say they got the help.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from random import Random
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from members.invented.words import family_name
from referrals.caseload.words import REASONS_GIVEN
from referrals.clocks import ask_on, london_day, next_word_due
from referrals.models import Attempt, FollowUp
from referrals.states import FINAL, NOT_ASKED_AFTER, NOT_HELPED, Loop, Party, Reason, State, Via
from referrals.working_days import add_working_days

LONDON = ZoneInfo("Europe/London")
_RECEIVER_REASONS = (
    Reason.NOT_ELIGIBLE, Reason.NO_CAPACITY, Reason.NO_CAPACITY, Reason.NO_FUNDS, Reason.OUT_OF_AREA,
    Reason.COULD_NOT_CONTACT, Reason.CLIENT_DECLINED, Reason.REFERRED_ELSEWHERE,
)  # fmt: skip
_HUB_REASONS = (
    Reason.NO_LONGER_NEEDED, Reason.REFERRED_ELSEWHERE, Reason.CONSENT_WITHDRAWN, Reason.DUPLICATE,
)  # fmt: skip
_VIAS = (Via.LINK,) * 12 + (Via.PHONE,) * 3 + (Via.SLIP,) * 2 + (Via.SIGNED_IN,) * 3
_WAYS = (Attempt.Way.PHONE, Attempt.Way.PHONE, Attempt.Way.LETTER, Attempt.Way.SMS)


@dataclass(frozen=True)
class Manner:
    """How one service deals with what it is sent."""

    replies: float  # the share that it answers at all
    days: float  # working days to its first word, on the whole
    takes: float  # of those it answers, the share that it takes on
    reasons: tuple[str, ...]

    @classmethod
    def of_a_service(cls, random: Random) -> Manner:
        return cls(
            replies=0.0 if random.random() < 0.03 else random.uniform(0.85, 1.0),
            days=random.choice((0.5, 1, 1.5, 2, 3, 6)),
            takes=random.uniform(0.55, 0.95),
            reasons=tuple(random.sample(_RECEIVER_REASONS, 3)),
        )


class Step(NamedTuple):
    to: State
    at: datetime
    party: Party
    via: Via
    reason: str = ""
    expected_on: date | None = None
    # How somebody called themselves on the phone, the slip or the linked page, and what they wrote.
    by_name: str = ""
    words: str = ""


class Try(NamedTuple):
    at: datetime
    way: str
    result: str


@dataclass
class Asking:
    """One follow-up: when, what was tried, and what came of it."""

    after_days: int
    due_on: date
    state: str = FollowUp.State.DUE
    next_try_on: date | None = None
    answer: str = ""
    answered_at: datetime | None = None
    answered_by: str = ""
    answered_via: str = ""
    helpfulness: int | None = None
    tries: list[Try] = field(default_factory=list)


@dataclass
class Life:
    """A referral's steps after the draft, and what the person said afterwards."""

    steps: list[Step] = field(default_factory=list)
    askings: list[Asking] = field(default_factory=list)
    loop: str = Loop.AWAITING_PERSON
    closed_at: datetime | None = None
    unhelped_since: datetime | None = None
    unhelped_settled_at: datetime | None = None

    @property
    def state(self) -> State:
        return self.steps[-1].to if self.steps else State.DRAFT

    def columns(self) -> dict[str, Any]:
        """The columns of the referral that follow from its steps, as ``move_referral`` keeps them."""
        found: dict[str, Any] = {
            "state": self.state,
            "loop": self.loop,
            "closed_at": self.closed_at,
            "unhelped_since": self.unhelped_since,
            "unhelped_settled_at": self.unhelped_settled_at,
            "version": 1 + len(self.steps),
        }
        for step in self.steps:
            found["status_reason"] = step.reason
            found["next_due_on"] = next_word_due(step.to, london_day(step.at), step.expected_on)
            found["expected_on"] = step.expected_on if step.to == State.ON_HOLD else None
            if step.party is Party.RECEIVER:
                found.setdefault("acknowledged_at", step.at)
            if step.to == State.REQUESTED:
                found["requested_at"] = step.at
            elif step.to == State.ACCEPTED:
                found["accepted_at"], found["first_contact_on"] = step.at, step.expected_on
            elif step.to == State.IN_PROGRESS:
                found.setdefault("begun_at", step.at)
            if step.to in FINAL:
                found.setdefault("ended_at", step.at)
                found.setdefault("ended_by", step.party)
        if self.state == State.ENTERED_IN_ERROR:
            found["loop"], found["closed_at"] = Loop.NOT_ASKED, self.steps[-1].at
        return found


@cache
def _plus(day: date, count: int) -> date:
    return add_working_days(day, count)


def _office(random: Random, day: date) -> datetime:
    return datetime.combine(
        day, time(random.randint(9, 16), random.randint(0, 59), random.randint(0, 59)), LONDON
    )


def live(
    random: Random, *, created_at: datetime, now: datetime, manner: Manner, may_ask: bool
) -> Life:
    """Let one referral live until ``now``; what would happen later does not."""
    life = Life(steps=[step for step in _steps(random, created_at, manner) if step.at <= now])
    if life.state in FINAL:
        _afterwards(random, life, now, may_ask)
    return life


def _steps(random: Random, created_at: datetime, manner: Manner) -> list[Step]:
    if random.random() < 0.004:
        return []
    said: list[Step] = []

    def add(to: State, at: datetime, reason: str = "", expected_on: date | None = None) -> datetime:
        via = random.choice(_VIAS)
        name = (
            f"{random.choice('ABCDEGHJKLMNPRSTW')}. {family_name(random)}"
            if via != Via.SIGNED_IN
            else ""
        )
        words = random.choice(REASONS_GIVEN) if reason else ""
        said.append(Step(to, at, Party.RECEIVER, via, reason, expected_on, name, words))
        return at

    def later(at: datetime, days: float) -> datetime:
        count = min(round(random.expovariate(1 / days)) if days else 0, 200)
        moment = _office(random, _plus(london_day(at), count))
        return moment if moment > at else _office(random, _plus(london_day(at), count + 1))

    def hub(to: State, at: datetime, reason: str) -> list[Step]:
        said.append(Step(to, at, Party.REQUESTER, Via.SIGNED_IN, reason))
        return said

    sent = created_at + timedelta(minutes=random.randint(1, 12))
    said.append(Step(State.REQUESTED, sent, Party.REQUESTER, Via.SIGNED_IN))
    if random.random() < 0.006:
        return hub(State.ENTERED_IN_ERROR, sent + timedelta(hours=2), "")
    if random.random() > manner.replies:
        if random.random() < 0.5:
            hub(State.CANCELLED, later(sent, 40), random.choice(_HUB_REASONS))
        return said
    at = later(sent, manner.days)
    if random.random() < 0.35:
        at = later(add(State.RECEIVED, at), 3)
    if random.random() > manner.takes:
        add(State.REJECTED, at, random.choice(manner.reasons))
        return said
    at = add(State.ACCEPTED, at, "", _plus(london_day(at), random.randint(2, 15)))
    if random.random() < 0.04:
        return hub(State.CANCELLED, later(at, 8), random.choice(_HUB_REASONS))
    if random.random() < 0.2:
        at = later(at, 4)
        until = london_day(at) + timedelta(days=random.randint(30, 120))
        at = later(add(State.ON_HOLD, at, Reason.NO_CAPACITY, until), 35)
        if random.random() < 0.15:
            add(random.choice((State.FAILED, State.CANCELLED)), at, random.choice(manner.reasons))
            return said
    at = later(add(State.IN_PROGRESS, later(at, 7)), 40)
    if random.random() < 0.85:
        add(State.COMPLETED, at)
    elif random.random() < 0.7:
        add(random.choice((State.FAILED, State.CANCELLED)), at, random.choice(manner.reasons))
    return said


def _afterwards(random: Random, life: Life, now: datetime, may_ask: bool) -> None:
    end = life.steps[-1]
    if end.to == State.ENTERED_IN_ERROR or end.reason in NOT_ASKED_AFTER:
        life.loop, life.closed_at = Loop.NOT_ASKED, end.at
        return
    if not may_ask:
        life.loop, life.closed_at = Loop.ASKED_NOT_TO_BE_CONTACTED, end.at
        return
    for after_days in (14, 90):
        asking = Asking(after_days, ask_on(end.at, after_days))
        life.askings.append(asking)
        if life.loop == Loop.ASKED_NOT_TO_BE_CONTACTED:
            asking.state, asking.next_try_on = FollowUp.State.NOT_ASKED, asking.due_on
            continue
        _ask(random, asking, now, finished=end.to == State.COMPLETED)
        _close(random, life, asking, now)


def _ask(random: Random, asking: Asking, now: datetime, *, finished: bool) -> None:
    day = asking.due_on
    ways = random.sample(_WAYS, 3)
    for number, way in enumerate(ways):
        at = _office(random, _plus(day, random.randint(0, 3)))
        if at > now:
            asking.next_try_on = day
            return
        chance = random.random()
        if chance < 0.6:
            asking.tries.append(Try(at, way, Attempt.Result.ANSWERED))
            asking.state, asking.answered_at = FollowUp.State.ANSWERED, at
            asking.answer = _answer(random, finished)
            asking.answered_by = random.choices(("person", "carer"), (86, 14))[0]
            asking.answered_via = way
            if random.random() < 0.5:
                asking.helpfulness = random.choice((1, 2, 3, 3, 4, 4, 4, 5, 5, 5))
            asking.next_try_on = day
            return
        if chance < 0.62:
            asking.tries.append(Try(at, way, Attempt.Result.REFUSED))
            asking.state, asking.next_try_on = FollowUp.State.NOT_ASKED, day
            return
        sent = way in (Attempt.Way.LETTER, Attempt.Way.SMS)
        asking.tries.append(Try(at, way, Attempt.Result.SENT if sent else Attempt.Result.NO_ANSWER))
        asking.state = FollowUp.State.WAITING
        day = london_day(at) + timedelta(days=(4, 7, 0)[number])
    asking.state, asking.next_try_on = FollowUp.State.COULD_NOT_REACH, day


def _answer(random: Random, finished: bool) -> str:
    answers = (
        Loop.GOT_HELP, Loop.GOT_SOME_HELP, Loop.DID_NOT_GET_HELP, Loop.NO_LONGER_NEEDED,
    )  # fmt: skip
    return random.choices(answers, (64, 17, 12, 7) if finished else (6, 12, 60, 22))[0]


def _close(random: Random, life: Life, asking: Asking, now: datetime) -> None:
    if asking.state == FollowUp.State.ANSWERED:
        life.loop = Loop(asking.answer)
    elif asking.state == FollowUp.State.NOT_ASKED:
        life.loop = Loop.ASKED_NOT_TO_BE_CONTACTED
    elif asking.state == FollowUp.State.COULD_NOT_REACH and life.loop == Loop.AWAITING_PERSON:
        life.loop = Loop.COULD_NOT_REACH
    else:
        return
    said_at = asking.answered_at or asking.tries[-1].at
    life.closed_at = life.closed_at or said_at
    life.unhelped_since = said_at if asking.answer in NOT_HELPED else None
    life.unhelped_settled_at = None
    if life.unhelped_since is not None and random.random() < 0.8:
        settled = said_at + timedelta(days=random.randint(1, 20))
        life.unhelped_settled_at = settled if settled <= now else None
