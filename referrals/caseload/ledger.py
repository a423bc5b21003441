"""Writes people, enquiries and referrals that happened in the past, with everything that hangs on them.

The actions of this app write what happens now. A past has to be written as they would have left it: the
steps, the reminders, the follow-ups, the consents and the trail.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from dcsn.audit import EventType
from dcsn.audit.models import Event
from dcsn.copying import Table
from dcsn.references import LENGTH, SPOKEN
from directory.models import Organisation, Service
from members.models import Consent, Person, Purpose, SharingAgreement
from members.wordings import current_wording
from referrals.caseload.lives import LONDON, Life
from referrals.clocks import REMINDERS, due_on
from referrals.events import ENQUIRY_FINISHED, ENQUIRY_OPENED, REFERRAL_DRAFTED, REFERRAL_MOVED
from referrals.models import (
    Attempt,
    Enquiry,
    FollowUp,
    Referral,
    Reminder,
    Signpost,
    StateChange,
)
from referrals.states import Party, Priority, State, Via

SHARED = ["contact", "formats", "name", "needs", "safety"]


@dataclass
class Somebody:
    """One person while their rows are made; ``consents`` are those to share, by the receiver."""

    id: uuid.UUID
    facts: dict[str, Any]
    hub: Organisation
    may_ask: bool
    consents: dict[uuid.UUID, uuid.UUID] = field(default_factory=dict)


class Ledger:
    """Collects rows of all the tables of a case; :meth:`write` writes them. Everything that is left to
    chance comes from ``random``: the same one gives the same ids."""

    def __init__(self, random: Random, now: datetime, *, job: str) -> None:
        self._random, self._now, self._job = random, now, job
        self._references = {
            *Enquiry.objects.values_list("reference", flat=True),
            *Referral.objects.values_list("reference", flat=True),
        }
        models = (
            Person, Consent, Enquiry, Enquiry.topics.through, Signpost, Referral, StateChange,
            Reminder, FollowUp, Attempt, Event,
        )  # fmt: skip
        self.tables = [Table(model) for model in models]
        (
            self._people, self._consents, self._enquiries, self._topics, self._signposts,
            self._referrals, self._changes, self._reminders, self._follow_ups, self._attempts,
            self._events,
        ) = self.tables  # fmt: skip

    def write(self) -> None:
        for table in self.tables:
            table.write()

    def new_id(self) -> uuid.UUID:
        return uuid.UUID(int=self._random.getrandbits(128), version=4)

    def agreements(self, owners: Iterable[uuid.UUID]) -> None:
        """A signed agreement for each that has none: nothing is sent without one."""
        having = set(SharingAgreement.objects.open().values_list("organisation_id", flat=True))
        table, today = Table(SharingAgreement), self._now.date()
        for owner in sorted(set(owners) - having):
            table.add(
                id=self.new_id(),
                key=self.new_id(),
                organisation_id=owner,
                categories=["name", "address", "contact", "age", "formats", "safety", "needs"],
                signed_on=today - timedelta(days=760),
                review_on=today + timedelta(days=self._random.randint(20, 700)),
                signed_by="The network's data protection lead",
                kept_at="Demonstration: there is no paper",
                recorded_at=self._now,
            )
        table.write()

    def person(
        self,
        *,
        id: uuid.UUID,
        facts: dict[str, Any],
        hub: Organisation,
        since: datetime,
        may_ask: bool,
        by: uuid.UUID,
    ) -> Somebody:
        who = Somebody(id, facts, hub, may_ask)
        self._people.add(id=id, organisation_id=hub.id, created_at=since, changed_at=since, **facts)
        self._consent(who, hub, Purpose.REMEMBER, since, by)
        if may_ask:
            self._consent(who, hub, Purpose.CONTACT, since, by)
        return who

    def _consent(
        self, who: Somebody, to: Organisation, purpose: str, at: datetime, by: uuid.UUID
    ) -> uuid.UUID:
        key = self.new_id()
        self._consents.add(
            id=key,
            person_id=who.id,
            organisation_id=to.id,
            purpose=purpose,
            categories=SHARED if purpose == Purpose.SHARE else ["contact", "name"],
            how=self._random.choice((Consent.How.SPOKEN,) * 4 + (Consent.How.WRITTEN,)),
            wording=current_wording(purpose).code,
            at=at,
            recorded_at=at,
            recorded_by_id=by,
        )
        return key

    def enquiry(
        self,
        *,
        hub: Organisation,
        by: uuid.UUID,
        who: Somebody | None,
        started_at: datetime,
        finished_at: datetime | None,
        state: str,
        topics: Iterable[uuid.UUID] = (),
        told_of: Iterable[Service] = (),
        **facts: Any,
    ) -> uuid.UUID:
        key, subject = self.new_id(), who.id if who else None
        self._enquiries.add(
            id=key,
            key=self.new_id(),
            reference=self._reference("E"),
            organisation_id=hub.id,
            taken_by_id=by,
            state=state,
            started_at=started_at,
            finished_at=finished_at,
            person_id=subject,
            **facts,
        )
        for term in topics:
            self._topics.add(enquiry_id=key, taxonomyterm_id=term)
        for service in told_of:
            self._signposts.add(
                id=self.new_id(),
                enquiry_id=key,
                service_id=service.id,
                way=self._random.choice(Signpost.Way.values),
                at=started_at,
            )
        self._event(ENQUIRY_OPENED, started_at, by, subject, hub, enquiry=key)
        if finished_at is not None:
            self._event(ENQUIRY_FINISHED, finished_at, by, subject, hub, enquiry=key, state=state)
        return key

    def referral(
        self,
        who: Somebody,
        *,
        enquiry: uuid.UUID,
        service: Service,
        agreed_at: datetime,
        created_at: datetime,
        life: Life,
        by: uuid.UUID,
        asked_by: uuid.UUID,
        reason_text: str,
        priority: str = Priority.ROUTINE,
        replaces: uuid.UUID | None = None,
    ) -> uuid.UUID:
        key, owner = self.new_id(), service.organisation
        if life.steps and owner.id not in who.consents:
            who.consents[owner.id] = self._consent(who, owner, Purpose.SHARE, agreed_at, by)
        self._referrals.add(
            id=key,
            reference=self._reference("R"),
            enquiry_id=enquiry,
            person_id=who.id,
            service_id=service.id,
            requester_id=who.hub.id,
            owner_id=owner.id,
            drafted_by_id=by,
            priority=priority,
            reason_text=reason_text,
            categories=SHARED,
            basis=Referral.Basis.CONSENT if life.steps else "",
            consent_id=who.consents[owner.id] if life.steps else None,
            created_at=created_at,
            replaces_id=replaces,
            **life.columns(),
        )
        self._history(key, who, owner, created_at, life, by)
        self._keep_reminders(key, life)
        self._keep_follow_ups(key, life, asked_by)
        return key

    def _history(
        self,
        key: uuid.UUID,
        who: Somebody,
        owner: Organisation,
        created_at: datetime,
        life: Life,
        by: uuid.UUID,
    ) -> None:
        self._changes.add(
            id=self.new_id(),
            referral_id=key,
            number=0,
            from_state="",
            to_state=State.DRAFT,
            at=created_at,
            party=Party.REQUESTER,
            by_organisation_id=who.hub.id,
            by_user_id=by,
            via=Via.SIGNED_IN,
        )
        self._event(REFERRAL_DRAFTED, created_at, by, who.id, who.hub, referral=key, replaces=None)
        before = State.DRAFT
        for number, step in enumerate(life.steps, start=1):
            receiver = step.party is Party.RECEIVER
            speaker = owner if receiver else who.hub
            relayed = step.via in (Via.PHONE, Via.SLIP)
            self._changes.add(
                id=self.new_id(),
                referral_id=key,
                number=number,
                from_state=before,
                to_state=step.to,
                at=step.at,
                party=step.party,
                by_organisation_id=speaker.id,
                by_user_id=None if receiver else by,
                by_name=step.by_name,
                via=step.via,
                recorded_by_id=by if relayed else None,
                reason_code=step.reason,
                reason_text=step.words,
                expected_on=step.expected_on,
            )
            writer = by if relayed or not receiver else None
            self._event(
                REFERRAL_MOVED, step.at, writer, who.id, speaker,
                referral=key, to=step.to, via=step.via, reason=step.reason, party=step.party,
            )  # fmt: skip
            before = step.to

    def _keep_reminders(self, key: uuid.UUID, life: Life) -> None:
        if not life.steps:
            return
        sent_at = life.steps[0].at
        seen_at = life.steps[1].at if len(life.steps) > 1 else None
        answered_at = next((one.at for one in life.steps[1:] if one.to != State.RECEIVED), None)
        for kind, days in REMINDERS.items():
            day: date = due_on(sent_at, days)
            morning = datetime.combine(day, time(7), LONDON) + timedelta(days=1)
            settled_at = seen_at if kind == Reminder.Kind.ACKNOWLEDGE else answered_at
            done = morning <= self._now and (settled_at is None or settled_at > morning)
            self._reminders.add(
                id=self.new_id(),
                referral_id=key,
                kind=kind,
                due_on=day,
                done_at=morning if done else None,
                not_needed_at=settled_at if not done else None,
            )

    def _keep_follow_ups(self, key: uuid.UUID, life: Life, asked_by: uuid.UUID) -> None:
        for asking in life.askings:
            follow_up = self.new_id()
            self._follow_ups.add(
                id=follow_up,
                referral_id=key,
                after_days=asking.after_days,
                due_on=asking.due_on,
                next_try_on=asking.next_try_on or asking.due_on,
                state=asking.state,
                answer=asking.answer,
                answered_by=asking.answered_by,
                answered_at=asking.answered_at,
                answered_via=asking.answered_via,
                asked_by_id=asked_by if asking.tries else None,
                helpfulness=asking.helpfulness,
            )
            for one in asking.tries:
                self._attempts.add(
                    id=self.new_id(),
                    follow_up_id=follow_up,
                    at=one.at,
                    way=one.way,
                    result=one.result,
                    by_id=asked_by,
                )

    def _event(
        self,
        event_type: EventType,
        at: datetime,
        by: uuid.UUID | None,
        subject: uuid.UUID | None,
        organisation: Organisation,
        **details: Any,
    ) -> None:
        """A row of the audit trail as ``record()`` would have left it on that day."""
        self._events.add(
            id=self.new_id(),
            type=event_type.name,
            happened_at=at,
            actor_user=by,
            actor_job="" if by else self._job,
            subject=subject,
            organisation=organisation.id,
            details={name: "" if value is None else str(value) for name, value in details.items()},
        )

    def _reference(self, prefix: str) -> str:
        while True:
            drawn = "".join(self._random.choices(SPOKEN, k=LENGTH))
            reference = f"{prefix}-{drawn[:4]}-{drawn[4:]}"
            if reference not in self._references:
                self._references.add(reference)
                return reference
