"""Puts an invented caseload together and writes it, in one transaction."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from io import StringIO
from random import Random

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.management import call_command, get_commands
from django.db import connection, transaction
from django.utils import timezone

from dcsn.access.models import RoleAssignment
from dcsn.accounts.models import User
from directory.models import Organisation, PostcodePlace, Service, TaxonomyTerm
from members.invented.people import somebody
from members.models import ContactBy, Person, SharingAgreement
from referrals.caseload.ledger import Ledger, Somebody
from referrals.caseload.lives import LONDON, Manner, live
from referrals.caseload.words import STORIES
from referrals.models import Enquiry
from referrals.states import Priority

DAYS = 730
PEOPLE_AT_ONCE = 500
JOB = "made caseload"
_CHANNELS = Enquiry.Channel.values


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
        for table in maker.ledger.tables:
            cursor.execute(f"ANALYZE {connection.ops.quote_name(table.model._meta.db_table)}")
    return {
        str(table.model._meta.verbose_name_plural): table.written
        for table in maker.ledger.tables
        if table.written
    }


def _network(seed: int) -> _Network:
    hubs = list(Organisation.objects.filter(is_access_point=True).order_by("sort_key", "id"))
    # Nothing is sent where an agreement has run out; who never had one is given one.
    run_out = SharingAgreement.objects.open().exclude(
        pk__in=SharingAgreement.objects.holding(timezone.localdate()).values("pk")
    )
    services = list(
        Service.objects.publishable()
        .exclude(organisation__in=run_out.values("organisation"))
        .select_related("organisation")
        .order_by("sort_key", "id")
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
    for hub_id, user_id in roles.order_by("user_id").values_list("organisation_id", "user_id"):
        if hub_id is not None:
            staff[hub_id].append(user_id)
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
        call_command("rebuild_person_keys", verbosity=0, stdout=StringIO())


class _Maker:
    def __init__(self, size: Size, seed: int, now: datetime, network: _Network) -> None:
        self.size, self.now, self.network = size, now.astimezone(LONDON), network
        self.today = self.now.date()
        self.random = Random(f"caseload {seed}")  # noqa: S311
        self.ledger = Ledger(self.random, self.now, job=JOB)
        self.first_person = self.ledger.new_id()

    def make(self, progress: Callable[[int], None]) -> None:
        self._colleagues()
        self.ledger.agreements(service.organisation_id for service in self.network.services)
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
            self.ledger.write()
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
        who = self.ledger.person(
            id=self.first_person if number == 0 else self.ledger.new_id(),
            facts=facts,
            hub=hub,
            since=starts[0],
            may_ask=may_ask,
            by=self._staff(hub),
        )
        for started_at, kind in zip(starts, kinds, strict=True):
            self._enquiry(who, started_at, kind)

    def _enquiry(self, who: Somebody, started_at: datetime, kind: int) -> None:
        random = self.random
        story, named = random.choice(STORIES), kind >= 0
        minutes = random.lognormvariate(1.5 + 0.35 * max(kind, 0) ** 0.5, 0.6)
        finished_at: datetime | None = started_at + timedelta(minutes=min(minutes, 240))
        state = self._came_of(kind)
        if finished_at is not None and finished_at > self.now:
            finished_at, state = None, Enquiry.State.OPEN
        taken_by = self._staff(who.hub)
        sector = who.facts["postcode"][:-2]
        slugs = random.sample(story.topics, random.randint(1, len(story.topics)))
        told_of = (
            random.sample(self.network.services, random.choice((1, 1, 2)))
            if state == Enquiry.State.SIGNPOSTED
            else []
        )
        key = self.ledger.enquiry(
            hub=who.hub,
            by=taken_by,
            who=who if named else None,
            started_at=started_at,
            finished_at=finished_at,
            state=state,
            topics=[self.network.terms[slug] for slug in slugs if slug in self.network.terms],
            told_of=told_of,
            origin=Enquiry.Origin.CHECKLIST if kind >= 3 else Enquiry.Origin.DESK,
            channel=random.choices(_CHANNELS, (34, 38, 3, 7, 4, 6, 8))[0],
            route_of_access=random.choices(Enquiry.Route.values, (80, 6, 3, 2, 3, 4, 1, 1))[0],
            on_behalf_of=random.choices(Enquiry.OnBehalfOf.values, (66, 22, 12))[0],
            words=story.words,
            wants=story.wants,
            formats=who.facts["formats"] if named else [],
            interpreter_language=who.facts["interpreter_language"] if named else "",
            outward=sector.split(" ")[0],
            ward=self.network.wards.get(sector, ""),
            support=self._support(started_at) if finished_at is not None else "",
            unmet=state in _NOTHING_SENT and random.random() < 0.08,
        )
        if kind > 0:
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

    def _referral(
        self,
        who: Somebody,
        enquiry: uuid.UUID,
        service: Service,
        at: datetime,
        wants: str,
        by: uuid.UUID,
    ) -> None:
        random = self.random
        created_at = at + timedelta(minutes=random.randint(1, 4))
        self.ledger.referral(
            who,
            enquiry=enquiry,
            service=service,
            agreed_at=at,
            created_at=created_at,
            life=live(
                random,
                created_at=created_at,
                now=self.now,
                manner=self.network.manners[service.id],
                may_ask=who.may_ask,
            ),
            by=by,
            asked_by=self._staff(who.hub),
            reason_text=wants,
            priority=random.choices(Priority.values, (84, 12, 3, 1))[0],
        )

    # --- Small things ------------------------------------------------------------------------------------

    def _colleagues(self) -> None:
        """Somebody who writes things down where an access point has no sign-in; they cannot sign in."""
        for hub in self.network.hubs:
            if not self.network.staff[hub.id]:
                user, _created = User.objects.get_or_create(
                    email=f"desk-{hub.short_id}@made.example",
                    defaults={
                        "id": self.ledger.new_id(),
                        "name": f"Somebody at {hub.name}"[:150],
                        "is_active": False,
                        "password": make_password(None),
                    },
                )
                self.network.staff[hub.id].append(user.id)

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


_NOTHING_SENT = (Enquiry.State.ANSWERED, Enquiry.State.SIGNPOSTED)


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
