"""Puts an invented caseload together and writes it, in one transaction."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.management import call_command, get_commands
from django.db import connection, transaction

from dcsn.access.models import RoleAssignment
from dcsn.accounts.models import User
from dcsn.audit.models import Event
from directory.models import Organisation, PostcodePlace, Service, TaxonomyTerm
from members.models import Consent, ContactBy, Person, Purpose, SharingAgreement
from members.wordings import WORDINGS
from referrals.caseload.copying import Table
from referrals.caseload.lives import LONDON, Life, Manner, live
from referrals.caseload.people import somebody
from referrals.caseload.words import REASONS_GIVEN, STORIES, family_name
from referrals.clocks import REMINDERS, due_on, london_day, next_word_due
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
from referrals.references import LENGTH, SPOKEN
from referrals.states import FINAL, Loop, Party, Priority, State, Via

DAYS = 730
PEOPLE_AT_ONCE = 500
_CATEGORIES = ["contact", "formats", "name", "needs", "safety"]
_CHANNELS = Enquiry.Channel


class CannotMake(Exception):
    """Refused, and why."""


@dataclass(frozen=True)
class Size:
    people: int
    enquiries: int
    referrals: int


@dataclass(frozen=True)
class _Network:
    """What is there already, to make a caseload in."""

    hubs: list[Organisation]
    staff: dict[uuid.UUID, list[uuid.UUID]]
    services: list[Service]
    manners: dict[uuid.UUID, Manner]
    terms: dict[str, uuid.UUID]
    sectors: list[str]
    wards: dict[str, str]


@dataclass
class _Somebody:
    """One person while their rows are made."""

    id: uuid.UUID
    facts: dict[str, Any]
    hub: Organisation
    since: datetime
    may_ask: bool
    consents: dict[uuid.UUID, uuid.UUID] = field(default_factory=dict)


def make_caseload(
    size: Size, *, seed: int, now: datetime, progress: Callable[[int], None] = lambda people: None
) -> dict[str, int]:
    """Invent and write ``size``, over the two years before ``now``.

    :returns: how many rows of each table were written; nothing when this seed was made before.
    :raises CannotMake: outside a demonstration, or without a network to make it in.
    """
    if not settings.DEMONSTRATION:
        raise CannotMake(
            "This portal is not a demonstration: invented people do not belong among real ones."
        )
    if size.people < 1 or size.enquiries < size.people or size.referrals < 0:
        raise CannotMake("Every person has an enquiry at least: ask for no fewer than people.")
    maker = _Maker(size, seed, now, _network(seed))
    with transaction.atomic():
        if Person.objects.filter(pk=maker.first_person).exists():
            return {}
        maker.make(progress)
    _rebuild_what_is_derived()
    with connection.cursor() as cursor:
        for table in maker.tables:
            cursor.execute(f"ANALYZE {connection.ops.quote_name(table.model._meta.db_table)}")
    return {
        str(table.model._meta.verbose_name_plural): table.written
        for table in maker.tables
        if table.written
    }


def _network(seed: int) -> _Network:
    hubs = list(Organisation.objects.filter(is_access_point=True).order_by("sort_key", "id"))
    services = list(
        Service.objects.publishable().select_related("organisation").order_by("sort_key", "id")
    )
    sectors = list(
        PostcodePlace.objects.filter(level="sector", code__regex=r"^DL[123] ").order_by("code")
    ) or list(PostcodePlace.objects.filter(level="sector").order_by("code"))
    if not hubs or len(services) < 10 or not sectors:
        raise CannotMake("There is no network to make it in: run load_demonstration first.")
    staff: dict[uuid.UUID, list[uuid.UUID]] = {hub.id: [] for hub in hubs}
    roles = RoleAssignment.objects.filter(
        organisation_id__in=staff, role__in=["access_point_staff", "hub_lead"]
    )
    for role in roles.order_by("user_id"):
        staff[role.organisation_id].append(role.user_id)
    random = Random(seed)  # noqa: S311
    return _Network(
        hubs=hubs,
        staff=staff,
        services=services,
        manners={service.id: Manner.of_a_service(random) for service in services},
        terms=dict(TaxonomyTerm.objects.values_list("slug", "id")),
        sectors=[sector.code for sector in sectors],
        wards={sector.code: sector.ward_code for sector in sectors},
    )


def _rebuild_what_is_derived() -> None:
    """The keys by which people are found are worked out when one is saved, which COPY passes by."""
    if "rebuild_person_keys" in get_commands():
        call_command("rebuild_person_keys", verbosity=0)


class _Maker:
    def __init__(self, size: Size, seed: int, now: datetime, network: _Network) -> None:
        self.size, self.now, self.network = size, now.astimezone(LONDON), network
        self.today = self.now.date()
        self.random = Random(f"caseload {seed}")  # noqa: S311
        self.first_person = self._id()
        self._references = {
            *Enquiry.objects.values_list("reference", flat=True),
            *Referral.objects.values_list("reference", flat=True),
        }
        self._handlings: Counter[str] = Counter()
        tables = {
            "people": Person, "consents": Consent, "enquiries": Enquiry,
            "topics": Enquiry.topics.through, "signposts": Signpost, "referrals": Referral,
            "changes": StateChange, "reminders": Reminder, "follow_ups": FollowUp,
            "attempts": Attempt, "events": Event,
        }  # fmt: skip
        self._tables = {name: Table(model) for name, model in tables.items()}
        self.tables = list(self._tables.values())

    def make(self, progress: Callable[[int], None]) -> None:
        self._colleagues()
        self._agreements()
        # Some people come once, some every other week.
        weights = [self.random.paretovariate(1.3) for _person in range(self.size.people)]
        visits = _shares(self.size.enquiries - self.size.people, weights, self.random)
        anonymous = self.size.enquiries // 7
        kinds = self._referrals_of_each(self.size.enquiries, anonymous)
        position = 0
        for first in range(0, self.size.people, PEOPLE_AT_ONCE):
            count = min(PEOPLE_AT_ONCE, self.size.people - first)
            for number in range(first, first + count):
                mine = kinds[position : position + 1 + visits[number]]
                position += len(mine)
                self._person(number, mine)
            for table in self.tables:
                table.write()
            progress(count)

    def _referrals_of_each(self, enquiries: int, anonymous: int) -> list[int]:
        """How many referrals come of each enquiry; -1 for one whose person gave no name."""
        kinds = [0] * enquiries
        for number in self.random.sample(range(enquiries), anonymous):
            kinds[number] = -1
        named = [number for number, kind in enumerate(kinds) if kind == 0]
        if not named and self.size.referrals:
            raise CannotMake("There are too few enquiries for referrals.")
        busy = named[: max(1, round(len(named) * 0.6))] if named else []
        self.random.shuffle(busy)
        left, most = self.size.referrals, min(20, len(self.network.services))
        while left > 0:
            placed = 0
            for number in busy:
                if left and kinds[number] < most:
                    more = min(left, self.random.choice((1, 1, 2, 3)), most - kinds[number])
                    kinds[number] += more
                    left -= more
                    placed += more
            if not placed:
                raise CannotMake("There are too few enquiries for so many referrals.")
        return [kinds[i] for i in self.random.sample(range(enquiries), enquiries)]

    # --- One person and all that is about them -----------------------------------------------------------

    def _person(self, number: int, kinds: list[int]) -> None:
        random = self.random
        starts = sorted(self._moment() for _enquiry in kinds)
        hub = random.choices(self.network.hubs, range(len(self.network.hubs), 0, -1))[0]
        facts = somebody(random, number, self.network.sectors, self.today)
        may_ask = facts["contact_by"] != ContactBy.NOT_AT_ALL and random.random() < 0.9
        who = _Somebody(
            id=self.first_person if number == 0 else self._id(),
            facts=facts,
            hub=hub,
            since=starts[0],
            may_ask=may_ask,
        )
        self._tables["people"].add(
            id=who.id, organisation_id=hub.id, created_at=who.since, changed_at=who.since, **facts
        )
        self._consent(who, hub, Purpose.REMEMBER, who.since)
        if may_ask:
            self._consent(who, hub, Purpose.CONTACT, who.since)
        for started_at, kind in zip(starts, kinds, strict=True):
            self._enquiry(who, started_at, kind)

    def _consent(self, who: _Somebody, to: Organisation, purpose: str, at: datetime) -> uuid.UUID:
        key = self._id()
        self._tables["consents"].add(
            id=key,
            person_id=who.id,
            organisation_id=to.id,
            purpose=purpose,
            categories=_CATEGORIES if purpose == Purpose.SHARE else ["contact", "name"],
            how=self.random.choice((Consent.How.SPOKEN,) * 4 + (Consent.How.WRITTEN,)),
            wording=_WORDING[purpose],
            at=at,
            recorded_at=at,
            recorded_by_id=self._staff(who.hub),
        )
        return key

    def _enquiry(self, who: _Somebody, started_at: datetime, kind: int) -> None:
        random, key = self.random, self._id()
        story, named = random.choice(STORIES), kind >= 0
        minutes = random.lognormvariate(1.5 + 0.35 * max(kind, 0) ** 0.5, 0.6)
        finished_at: datetime | None = started_at + timedelta(minutes=min(minutes, 240))
        state = self._came_of(kind)
        if finished_at and finished_at > self.now:
            finished_at, state = None, Enquiry.State.OPEN
        taken_by = self._staff(who.hub)
        sector = who.facts["postcode"][:-2]
        self._tables["enquiries"].add(
            id=key,
            key=self._id(),
            reference=self._reference("E"),
            organisation_id=who.hub.id,
            taken_by_id=taken_by,
            origin=Enquiry.Origin.CHECKLIST if kind >= 3 else Enquiry.Origin.DESK,
            state=state,
            started_at=started_at,
            finished_at=finished_at,
            person_id=who.id if named else None,
            channel=random.choices(
                (_CHANNELS.WALK_IN, _CHANNELS.PHONE, _CHANNELS.POST, _CHANNELS.EMAIL,
                 _CHANNELS.WEB, _CHANNELS.OUTREACH, _CHANNELS.VISIT),
                (34, 38, 3, 7, 4, 6, 8),
            )[0],
            route_of_access=random.choices(Enquiry.Route.values, (80, 6, 3, 2, 3, 4, 1, 1))[0],
            on_behalf_of=random.choices(Enquiry.OnBehalfOf.values, (66, 22, 12))[0],
            words=story.words,
            wants=story.wants,
            formats=who.facts["formats"] if named else [],
            interpreter_language=who.facts["interpreter_language"] if named else "",
            outward=sector.split(" ")[0],
            ward=self.network.wards.get(sector, ""),
            answer="",
            support=self._support(started_at) if state != Enquiry.State.OPEN else "",
            unmet=state in _NOTHING_SENT and random.random() < 0.08,
        )  # fmt: skip
        for slug in random.sample(story.topics, random.randint(1, len(story.topics))):
            if slug in self.network.terms:
                self._tables["topics"].add(enquiry_id=key, taxonomyterm_id=self.network.terms[slug])
        subject = who.id if named else None
        self._event(ENQUIRY_OPENED.name, started_at, taken_by, subject, who.hub, enquiry=key)
        if finished_at:
            self._event(
                ENQUIRY_FINISHED.name, finished_at, taken_by, subject, who.hub,
                enquiry=key, state=state,
            )  # fmt: skip
        if state == Enquiry.State.SIGNPOSTED:
            for service in random.sample(self.network.services, random.choice((1, 1, 2))):
                self._tables["signposts"].add(
                    id=self._id(), enquiry_id=key, service_id=service.id,
                    way=random.choice(Signpost.Way.values), at=started_at,
                )  # fmt: skip
        elif kind > 0:
            for service in random.sample(self.network.services, kind):
                self._referral(who, key, service, started_at, story.wants, taken_by)

    def _came_of(self, kind: int) -> str:
        states = Enquiry.State
        if kind > 0:
            return states.REFERRED
        return self.random.choices(
            (states.ANSWERED, states.SIGNPOSTED, states.PASSED_ON, states.ABANDONED,
             states.ENTERED_IN_ERROR),
            (50, 42, 4, 3, 1),
        )[0]  # fmt: skip

    def _support(self, at: datetime) -> str:
        """Over the two years less is done for people, and more with them and by themselves."""
        part = 1 - (self.now - at) / timedelta(days=DAYS)
        return self.random.choices(
            ["", *Enquiry.Support.values], (12, 12 + 18 * part, 40 + 6 * part, 36 - 24 * part)
        )[0]

    # --- One referral ------------------------------------------------------------------------------------

    def _referral(
        self,
        who: _Somebody,
        enquiry: uuid.UUID,
        service: Service,
        at: datetime,
        wants: str,
        by: uuid.UUID | None,
    ) -> None:
        random, key, owner = self.random, self._id(), service.organisation
        created_at = at + timedelta(minutes=random.randint(1, 4))
        life = live(
            random,
            created_at=created_at,
            now=self.now,
            manner=self.network.manners[service.id],
            may_ask=who.may_ask,
        )
        if owner.id not in who.consents:
            who.consents[owner.id] = self._consent(who, owner, Purpose.SHARE, created_at)
        self._tables["referrals"].add(
            id=key,
            reference=self._reference("R"),
            enquiry_id=enquiry,
            person_id=who.id,
            service_id=service.id,
            requester_id=who.hub.id,
            owner_id=owner.id,
            drafted_by_id=by,
            priority=random.choices(Priority.values, (84, 12, 3, 1))[0],
            reason_text=wants,
            categories=_CATEGORIES,
            basis=Referral.Basis.CONSENT if life.steps else "",
            consent_id=who.consents[owner.id] if life.steps else None,
            created_at=created_at,
            version=1 + len(life.steps),
            **_columns(life),
        )
        self._history(key, who, owner, created_at, life, by)
        self._reminders(key, life)
        self._follow_ups(key, who, life)

    def _history(
        self,
        key: uuid.UUID,
        who: _Somebody,
        owner: Organisation,
        created_at: datetime,
        life: Life,
        by: uuid.UUID | None,
    ) -> None:
        add = self._tables["changes"].add
        add(
            id=self._id(), referral_id=key, number=0, from_state="", to_state=State.DRAFT,
            at=created_at, party=Party.REQUESTER, by_organisation_id=who.hub.id, by_user_id=by,
            via=Via.SIGNED_IN if by else Via.SYSTEM,
        )  # fmt: skip
        self._event(
            REFERRAL_DRAFTED.name, created_at, by, who.id, who.hub, referral=key, replaces=None
        )
        before = State.DRAFT
        for number, step in enumerate(life.steps, start=1):
            receiver = step.party is Party.RECEIVER
            relayed = step.via in (Via.PHONE, Via.SLIP)
            add(
                id=self._id(), referral_id=key, number=number, from_state=before,
                to_state=step.to, at=step.at, party=step.party,
                by_organisation_id=owner.id if receiver else who.hub.id,
                by_user_id=None if receiver else by,
                by_name=f"{self.random.choice('ABCDEGHJKLMNPRSTW')}. {family_name(self.random)}"
                if receiver and step.via != Via.SIGNED_IN else "",
                via=step.via, recorded_by_id=by if relayed else None, reason_code=step.reason,
                reason_text=self.random.choice(REASONS_GIVEN) if step.reason else "",
                expected_on=step.expected_on,
            )  # fmt: skip
            self._event(
                REFERRAL_MOVED.name, step.at, by if relayed or not receiver else None, who.id,
                owner if receiver else who.hub, referral=key, to=step.to, via=step.via,
                reason=step.reason, party=step.party,
            )  # fmt: skip
            before = step.to

    def _reminders(self, key: uuid.UUID, life: Life) -> None:
        if not life.steps:
            return
        sent_at = life.steps[0].at
        seen_at = life.steps[1].at if len(life.steps) > 1 else None
        answered_at = next((s.at for s in life.steps[1:] if s.to != State.RECEIVED), None)
        for kind, days in REMINDERS.items():
            day = due_on(sent_at, days)
            morning = datetime.combine(day, time(7), LONDON) + timedelta(days=1)
            settled_at = seen_at if kind == Reminder.Kind.ACKNOWLEDGE else answered_at
            done = morning <= self.now and (settled_at is None or settled_at > morning)
            self._tables["reminders"].add(
                id=self._id(), referral_id=key, kind=kind, due_on=day,
                done_at=morning if done else None,
                not_needed_at=settled_at if not done else None,
            )  # fmt: skip

    def _follow_ups(self, key: uuid.UUID, who: _Somebody, life: Life) -> None:
        staff = self._staff(who.hub)
        for asking in life.askings:
            follow_up = self._id()
            self._tables["follow_ups"].add(
                id=follow_up, referral_id=key, after_days=asking.after_days,
                due_on=asking.due_on, next_try_on=asking.next_try_on or asking.due_on,
                state=asking.state, answer=asking.answer, answered_by=asking.answered_by,
                answered_at=asking.answered_at, answered_via=asking.answered_via,
                asked_by_id=staff if asking.tries else None, helpfulness=asking.helpfulness,
            )  # fmt: skip
            for one in asking.tries:
                self._tables["attempts"].add(
                    id=self._id(), follow_up_id=follow_up, at=one.at, way=one.way,
                    result=one.result, by_id=staff,
                )  # fmt: skip

    # --- Small things ------------------------------------------------------------------------------------

    def _colleagues(self) -> None:
        """Somebody who writes things down where an access point has no sign-in; they cannot sign in."""
        for hub in self.network.hubs:
            if not self.network.staff[hub.id]:
                user, _created = User.objects.get_or_create(
                    email=f"desk-{hub.short_id}@made.example",
                    defaults={
                        "id": self._id(),
                        "name": f"Somebody at {hub.name}"[:150],
                        "is_active": False,
                        "password": make_password(None),
                    },
                )
                self.network.staff[hub.id].append(user.id)

    def _agreements(self) -> None:
        """Nothing is sent without one."""
        owners = {service.organisation_id for service in self.network.services}
        owners -= set(SharingAgreement.objects.open().values_list("organisation_id", flat=True))
        table = Table(SharingAgreement)
        for owner in sorted(owners):
            table.add(
                id=self._id(), key=self._id(), organisation_id=owner,
                categories=["name", "address", "contact", "age", "formats", "safety", "needs"],
                signed_on=self.today - timedelta(days=DAYS + 30),
                review_on=self.today + timedelta(days=self.random.randint(20, 700)),
                signed_by="The network's data protection lead", kept_at="Demonstration: no paper",
                recorded_at=self.now,
            )  # fmt: skip
        table.write()

    def _event(
        self,
        name: str,
        at: datetime,
        by: uuid.UUID | None,
        subject: uuid.UUID | None,
        organisation: Organisation,
        **details: Any,
    ) -> None:
        """A row of the audit trail as ``record()`` would have left it on that day."""
        self._tables["events"].add(
            id=self._id(), type=name, happened_at=at,
            actor_user=by,
            actor_job="" if by else "made caseload",
            subject=subject, organisation=organisation.id,
            details={key: str(value) if value is not None else "" for key, value in details.items()},
        )  # fmt: skip

    def _moment(self) -> datetime:
        """A time in the two years when a desk is open; lately there is more to do."""
        back = int(DAYS * self.random.random() ** 1.3)
        day: date = self.today - timedelta(days=back)
        while day.weekday() > 4:
            day -= timedelta(days=1)
        moment = datetime.combine(
            day, time(self.random.randint(9, 16), self.random.randint(0, 59)), LONDON
        )
        return moment if moment < self.now else moment - timedelta(days=7)

    def _staff(self, hub: Organisation) -> uuid.UUID:
        return self.random.choice(self.network.staff[hub.id])

    def _id(self) -> uuid.UUID:
        return uuid.UUID(int=self.random.getrandbits(128), version=4)

    def _reference(self, prefix: str) -> str:
        while True:
            drawn = "".join(self.random.choices(SPOKEN, k=LENGTH))
            reference = f"{prefix}-{drawn[:4]}-{drawn[4:]}"
            if reference not in self._references:
                self._references.add(reference)
                return reference


_WORDING = {purpose: f"{purpose}:1" for purpose in Purpose.values}
assert set(_WORDING.values()) <= set(WORDINGS)  # noqa: S101
_NOTHING_SENT = (Enquiry.State.ANSWERED, Enquiry.State.SIGNPOSTED)


def _columns(life: Life) -> dict[str, Any]:
    """The columns of a referral that follow from its steps, as ``move_referral`` keeps them."""
    found: dict[str, Any] = {
        "state": life.state,
        "loop": life.loop,
        "closed_at": life.closed_at,
        "unhelped_since": life.unhelped_since,
        "unhelped_settled_at": life.unhelped_settled_at,
    }
    for step in life.steps:
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
    if life.state == State.ENTERED_IN_ERROR:
        found["loop"], found["closed_at"] = Loop.NOT_ASKED, life.steps[-1].at
    return found


def _shares(left: int, weights: list[float], random: Random) -> list[int]:
    """``left`` shared out by weight, to nobody more than forty as long as others have fewer."""
    shares, most = [0] * len(weights), 40
    while left:
        for number in random.choices(range(len(weights)), weights, k=left):
            if shares[number] < most:
                shares[number] += 1
                left -= 1
        weights, most = [1.0] * len(weights), most + 10
    return shares
