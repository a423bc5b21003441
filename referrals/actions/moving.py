"""``move_referral``: the one way in which a referral's state changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dcsn.accounts.models import User
from dcsn.audit import Actor, SystemJob, record
from directory.models import Organisation
from members.models import Consent, ContactBy, Purpose
from referrals import notices
from referrals.access import check_speaks_for
from referrals.clocks import ASK_AFTER, REMINDERS, ask_on, due_on, london_day, next_word_due
from referrals.events import REFERRAL_MOVED
from referrals.models import FollowUp, Referral, Reminder, StateChange
from referrals.refusals import ChangedMeanwhile, NotPossible, ReasonMissing
from referrals.states import (
    FINAL,
    HUB_ONLY_REASONS,
    NEEDS_REASON,
    NOT_ASKED_AFTER,
    TRANSITIONS,
    UNANSWERED,
    Loop,
    Party,
    Reason,
    State,
    Via,
    steps_to,
)


@dataclass(frozen=True)
class Saying:
    """What is said with a move: on whose word, how it came, why, and until when.

    ``by_name`` is what somebody called themselves on the phone, the slip or the linked page.
    ``expected_on``: for a waiting list, until about when; for one that is accepted, the first visit.
    """

    party: Party
    via: str = Via.SIGNED_IN
    reason_code: str = ""
    reason_text: str = ""
    by_name: str = ""
    expected_on: date | None = None


@transaction.atomic
def move_referral(
    *,
    referral: Referral,
    to: str,
    by: Actor,
    saying: Saying,
    version: int | None = None,
    catch_up: bool = False,
) -> Referral:
    """Bring a referral into another state, with a row of history for each step.

    :param version: the referral's version on the page where this was decided; when somebody else has
        moved it since, :class:`ChangedMeanwhile`.
    :param catch_up: record the steps between too ("we have helped her already").
    :returns: the referral as it now is. Saying again what is already so changes nothing (a double click).
    :raises NotPossible: for a way that the table does not have, or not for this party.
    :raises ReasonMissing: when the state needs a reason.
    :raises PermissionDenied: when ``by`` may not speak for that side.
    """
    current = locked(referral)
    relaying = saying.via in (Via.PHONE, Via.SLIP)
    if not isinstance(by, SystemJob):
        check_speaks_for(by, current, saying.party, relaying=relaying)
    if current.state == to:
        return current
    if version is not None and version != current.version:
        raise ChangedMeanwhile(
            _("This referral has moved on since you opened the page: it is now “%(state)s”.")
            % {"state": current.get_state_display()}
        )
    steps = _steps(current.state, to, saying.party, catch_up=catch_up)
    _check_reason(to, saying)
    now = timezone.now()
    changes = [_step(current, step, now, by, saying, last=step == to) for step in steps]
    current.version += 1
    current.save()
    record(
        REFERRAL_MOVED,
        by=by,
        subject=current.person_id,
        organisation=_speaker(current, saying.party).id,
        details={
            "referral": current.id,
            "to": str(to),
            "via": str(saying.via),
            "reason": str(saying.reason_code),
            "party": str(saying.party),
        },
    )
    notices.tell_of(current, changes, by=by)
    return current


def locked(referral: Referral) -> Referral:
    """The row as it is now, held until the transaction ends."""
    return (
        Referral.objects.select_for_update(of=("self",))
        .select_related("person", "service", "requester", "owner", "enquiry")
        .get(pk=referral.pk)
    )


def begin_history(referral: Referral, *, by: Actor) -> StateChange:
    """The row of history that a new draft begins with."""
    return StateChange.objects.create(
        referral=referral,
        number=0,
        to_state=State.DRAFT,
        at=referral.created_at,
        party=Party.REQUESTER,
        by_organisation=referral.requester,
        by_user=by if isinstance(by, User) else None,
        via=Via.SIGNED_IN if isinstance(by, User) else Via.SYSTEM,
    )


def _steps(state: str, to: str, party: Party, *, catch_up: bool) -> Sequence[State]:
    steps = steps_to(state, to) if catch_up else [State(to)] if to in TRANSITIONS[state] else []
    here = state
    for step in steps:
        if party not in TRANSITIONS[here][step]:
            steps = []
            break
        here = step
    if not steps:
        raise NotPossible(
            _("A referral that is “%(state)s” cannot become “%(to)s”.")
            % {"state": State(state).label, "to": State(to).label}
        )
    return steps


def _check_reason(to: str, saying: Saying) -> None:
    if saying.reason_code and saying.reason_code not in Reason.values:
        raise ReasonMissing(_("Choose a reason from the list."))
    if to in NEEDS_REASON and not saying.reason_code:
        raise ReasonMissing(_("Choose a reason."))
    if saying.reason_code == Reason.OTHER and not saying.reason_text.strip():
        raise ReasonMissing(_("Say in a few words what the reason is."))
    if saying.party is Party.RECEIVER and saying.reason_code in HUB_ONLY_REASONS:
        raise ReasonMissing(_("Choose a reason from the list."))


def _speaker(referral: Referral, party: Party) -> Organisation:
    return referral.owner if party is Party.RECEIVER else referral.requester


def _step(
    referral: Referral, to: State, now: datetime, by: Actor, saying: Saying, *, last: bool
) -> StateChange:
    """One step: the columns of the referral that follow from it, and its row of history."""
    user = by if isinstance(by, User) else None
    relayed = saying.via in (Via.PHONE, Via.SLIP)
    change = StateChange.objects.create(
        referral=referral,
        number=referral.changes.count(),
        from_state=referral.state,
        to_state=to,
        at=now,
        party=saying.party,
        by_organisation=_speaker(referral, saying.party),
        by_user=None if relayed else user,
        by_name=saying.by_name.strip()[:100],
        via=saying.via,
        recorded_by=user if relayed else None,
        reason_code=saying.reason_code if last else "",
        reason_text=saying.reason_text.strip() if last else "",
        expected_on=saying.expected_on if last else None,
    )
    referral.state = to
    referral.status_reason = change.reason_code
    _keep_times(referral, to, now, saying, last=last)
    if to == State.REQUESTED:
        _start_clock(referral, now)
    elif to == State.RECEIVED:
        _settle_reminders(referral, now, kinds=[Reminder.Kind.ACKNOWLEDGE])
    elif to not in UNANSWERED:
        _settle_reminders(referral, now)
    if to in FINAL:
        _end(referral, to, now, saying)
    return change


def _keep_times(
    referral: Referral, to: State, now: datetime, saying: Saying, *, last: bool
) -> None:
    named = saying.expected_on if last else None
    referral.next_due_on = next_word_due(to, london_day(now), named)
    referral.expected_on = named if to == State.ON_HOLD else None
    if saying.party is Party.RECEIVER and referral.acknowledged_at is None:
        referral.acknowledged_at = now
    if to == State.REQUESTED:
        referral.requested_at = now
    elif to == State.ACCEPTED:
        referral.accepted_at = now
        referral.first_contact_on = named
    elif to == State.IN_PROGRESS and referral.begun_at is None:
        referral.begun_at = now


def _start_clock(referral: Referral, now: datetime) -> None:
    Reminder.objects.bulk_create(
        Reminder(referral=referral, kind=kind, due_on=due_on(now, days))
        for kind, days in REMINDERS.items()
    )


def _settle_reminders(
    referral: Referral, now: datetime, kinds: Sequence[str] | None = None
) -> None:
    waiting = Reminder.objects.filter(referral=referral, done_at=None, not_needed_at=None)
    if kinds is not None:
        waiting = waiting.filter(kind__in=kinds)
    waiting.update(not_needed_at=now)


def _end(referral: Referral, to: State, now: datetime, saying: Saying) -> None:
    """It has ended: the person is asked in time, or it is closed without asking."""
    if to == State.ENTERED_IN_ERROR:
        FollowUp.objects.filter(
            referral=referral, state__in=[FollowUp.State.DUE, FollowUp.State.WAITING]
        ).update(state=FollowUp.State.NOT_ASKED)
        referral.loop, referral.closed_at = Loop.NOT_ASKED, now
        referral.unhelped_since = referral.unhelped_settled_at = None
    if referral.ended_at is None:
        referral.ended_at, referral.ended_by = now, saying.party
    if to == State.ENTERED_IN_ERROR:
        return
    # "Did you get the help?" about a referral made to protect somebody could tip off whoever reads it.
    if saying.reason_code in NOT_ASKED_AFTER or referral.basis == Referral.Basis.SAFEGUARDING:
        referral.loop, referral.closed_at = Loop.NOT_ASKED, now
    elif not may_be_asked(referral):
        referral.loop, referral.closed_at = Loop.ASKED_NOT_TO_BE_CONTACTED, now
    else:
        for days in ASK_AFTER:
            day = ask_on(now, days)
            FollowUp.objects.create(referral=referral, after_days=days, due_on=day, next_try_on=day)


def may_be_asked(referral: Referral) -> bool:
    """Whether the person agreed to be asked how it went, and has not asked to be left alone."""
    person: Any = referral.person
    if person is None or person.contact_by == ContactBy.NOT_AT_ALL:
        return False
    return Consent.objects.allows(person, Purpose.CONTACT, referral.requester)
