"""Invents members with their plans, terms, payments, receipts, journal, cards and safety net, and writes
them by COPY in one transaction.

The actions write what happens now; a past of six years has to be written as they would have left it.
Constraints and triggers of the database still judge every row. No audit trail is invented.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from io import StringIO
from typing import Any

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.db import connection, transaction

from dcsn.accounts.models import User
from dcsn.copying import Table
from directory.models import Organisation, PostcodePlace
from members.invented.chance import Chance
from members.invented.money import Money, Taken
from members.invented.people import somebody
from members.membership.periods import first_span, next_span
from members.models import (
    Card,
    Concession,
    ContactBy,
    Membership,
    Payment,
    Person,
    Plan,
    PlanTerms,
    Status,
    Term,
)

YEARS = 6
AT_ONCE = 1_000
_METHODS = (
    (Payment.Method.CASH, 40),
    (Payment.Method.CHEQUE, 20),
    (Payment.Method.CARD_TERMINAL, 20),
    (Payment.Method.GOVUK_PAY, 20),
)
_SOURCES = (
    (Term.Source.PAYMENT, 76),
    (Term.Source.CONCESSION, 18),
    (Term.Source.GIFT, 2),
    (Term.Source.CARER, 4),
)
_PLANS = (
    ("made-individual", "For one person", Plan.Kind.INDIVIDUAL, 1, 1000, 70),
    ("made-household", "For a household", Plan.Kind.HOUSEHOLD, 6, 1500, 22),
    ("made-associate", "For friends of the network", Plan.Kind.ASSOCIATE, 1, 2500, 8),
)


class CannotMake(Exception):
    """Refused, and why."""


@dataclass
class _Network:
    hubs: list[Organisation]
    staff: list[uuid.UUID]
    sectors: list[str]
    plans: list[tuple[PlanTerms, int]] = field(default_factory=list)


def make_members(
    count: int, *, seed: int, today: date, progress: Callable[[int], None] = lambda members: None
) -> dict[str, int]:
    """Invent and write ``count`` members who joined in the six years before ``today``.

    :returns: how many rows of each table were written; nothing when this seed was made before.
    :raises CannotMake: outside a demonstration, or without a network to make them in.
    """
    if not settings.DEMONSTRATION:
        raise CannotMake(
            "This portal is not a demonstration: invented members do not belong among real ones."
        )
    if count < 1:
        raise CannotMake("Ask for one member at least.")
    with transaction.atomic():
        maker = _Maker(seed, today)
        if Person.objects.filter(pk=maker.first_person).exists():
            return {}
        maker.make(count, progress)
    # The keys by which people are found are worked out when one is saved, which COPY passes by.
    call_command("rebuild_person_keys", verbosity=0, stdout=StringIO())
    with connection.cursor() as cursor:
        for table in maker.tables:
            cursor.execute(f"ANALYZE {connection.ops.quote_name(table.model._meta.db_table)}")
    return {
        str(table.model._meta.verbose_name_plural): table.written
        for table in maker.tables
        if table.written
    }


class _Maker:
    def __init__(self, seed: int, today: date) -> None:
        used = {
            *Membership.objects.values_list("reference", flat=True),
            *Payment.objects.values_list("reference", flat=True),
            *Card.objects.values_list("number", flat=True),
        }
        self.chance = Chance(seed, used)
        self.random = self.chance.random
        self.today = today
        self.first_person = self.chance.id()
        self._own = [Table(model) for model in (Person, Membership, Concession, Term, Card)]
        self._people, self._memberships, self._concessions, self._terms, self._cards = self._own

    @property
    def tables(self) -> list[Table]:
        return [*self._own, *self._money.tables]

    def make(self, count: int, progress: Callable[[int], None]) -> None:
        self.network = self._find_network()
        self._money = Money(self.chance, self.today, self.network.hubs, self.network.staff)
        for first in range(0, count, AT_ONCE):
            some = min(AT_ONCE, count - first)
            for number in range(first, first + some):
                self._member(number)
            for table in self._own:
                table.write()
            progress(some)
        self._money.write()

    # --- What is there to make them in ---------------------------------------------------------

    def _find_network(self) -> _Network:
        hubs = list(Organisation.objects.filter(is_access_point=True).order_by("sort_key", "id"))
        sectors = list(
            PostcodePlace.objects.filter(level="sector", code__regex=r"^DL[123] ")
            .order_by("code")
            .values_list("code", flat=True)
        ) or list(
            PostcodePlace.objects.filter(level="sector")
            .order_by("code")
            .values_list("code", flat=True)
        )
        if not hubs or not sectors:
            raise CannotMake("There is no network to make them in: run load_demonstration first.")
        return _Network(hubs, [self._colleague(n) for n in range(2)], sectors, self._make_plans())

    def _colleague(self, number: int) -> uuid.UUID:
        """Two who count money and decide; they cannot sign in."""
        user, _created = User.objects.get_or_create(
            email=f"members-{number}@made.example",
            defaults={
                "id": self.chance.id(),
                "name": f"Somebody at a desk {number + 1}",
                "is_active": False,
                "password": make_password(None),
            },
        )
        return user.pk

    def _make_plans(self) -> list[tuple[PlanTerms, int]]:
        found = []
        for code, name, kind, people, price, weight in _PLANS:
            plan, _created = Plan.objects.get_or_create(
                code=code,
                defaults={
                    "id": self.chance.id(),
                    "name": name,
                    "kind": kind,
                    "people_at_most": people,
                    "position": 900,
                },
            )
            terms, _created = PlanTerms.objects.get_or_create(
                plan=plan,
                valid_from=date(2000, 1, 1),
                defaults={"id": self.chance.id(), "price_pence": price},
            )
            found.append((terms, weight))
        return found

    # --- One member ----------------------------------------------------------------------------

    def _member(self, number: int) -> None:
        random = self.random
        hub = random.choices(self.network.hubs, range(len(self.network.hubs), 0, -1))[0]
        terms = self.chance.one_of(self.network.plans)
        # More join lately than in the beginning.
        joined = self.today - timedelta(days=int(random.triangular(0, YEARS * 365, 0)))
        person = self._person(number, hub, joined)
        source = self.chance.one_of(_SOURCES)
        pending = random.random() < 0.02
        spans = [] if pending else self._spans(joined, terms)
        until = max((span[1] for span in spans), default=None)
        stored, ended_on = "", None
        if pending:
            stored = Status.PENDING
        elif random.random() < 0.04 and until is not None:
            stored = random.choice((Status.CANCELLED, Status.CANCELLED, Status.DECEASED))
            ended_on = min(
                self.today, joined + timedelta(days=random.randint(1, (until - joined).days + 1))
            )
        membership = self.chance.id()
        self._memberships.add(
            id=membership,
            key=self.chance.id(),
            reference=self.chance.reference("M"),
            person_id=person,
            organisation_id=hub.id,
            plan_id=terms.plan_id,
            plan_terms_id=terms.pk,
            via=random.choices(Membership.Via.values, (30, 45, 22, 3))[0],
            stored=str(stored),
            joined_on=None if pending else joined,
            ended_on=ended_on,
            created_at=self.chance.at(joined),
        )
        concession = self._concession(membership, source, joined, bool(spans))
        for n, (starts_on, ends_on) in enumerate(spans):
            # Bought on the day of joining, or some days before the year before it ended.
            bought = joined if n == 0 else starts_on - timedelta(days=random.randint(0, 28))
            self._term(membership, person, hub, terms, source, (starts_on, ends_on), bought,
                       concession if n == 0 else None)  # fmt: skip
        if until is not None:
            self._card(membership, person, hub, joined, until, live=stored == "")

    def _person(self, number: int, hub: Organisation, joined: date) -> uuid.UUID:
        facts = somebody(self.random, number, self.network.sectors, self.today)
        identifier = self.first_person if number == 0 else self.chance.id()
        if facts["contact_by"] == ContactBy.NOT_AT_ALL and self.random.random() < 0.8:
            facts["contact_by"] = ContactBy.POST
        self._people.add(
            id=identifier, organisation_id=hub.id, created_at=self.chance.at(joined), **facts
        )
        return identifier

    def _spans(self, joined: date, terms: PlanTerms) -> list[tuple[date, date]]:
        """Year after year while they renew; some come back after a gap."""
        first = first_span(joined, terms)
        spans = [(first.starts_on, first.ends_on)]
        while spans[-1][1] < self.today + timedelta(days=28):
            stays, ends_on = self.random.random(), spans[-1][1]
            if stays < 0.78:
                if ends_on >= self.today and self.random.random() < 0.7:
                    break  # due, and not renewed yet
                following = next_span(ends_on, terms)
            elif stays < 0.82:
                again = ends_on + timedelta(days=self.random.randint(40, 200))
                if again > self.today:
                    break
                following = first_span(again, terms)
            else:
                break
            spans.append((following.starts_on, following.ends_on))
        return spans

    def _term(
        self,
        membership: uuid.UUID,
        person: uuid.UUID,
        hub: Organisation,
        terms: PlanTerms,
        source: str,
        span: tuple[date, date],
        bought: date,
        concession: uuid.UUID | None,
    ) -> None:
        at = self.chance.at(min(bought, self.today))
        source_id = concession or self.chance.id()
        if source == Term.Source.PAYMENT:
            self._money.take(
                Taken(source_id, at, terms.price_pence, self.chance.one_of(_METHODS), hub, membership,
                       person, terms)
            )  # fmt: skip
        self._terms.add(
            id=self.chance.id(),
            membership_id=membership,
            plan_terms_id=terms.pk,
            starts_on=span[0],
            ends_on=span[1],
            source=str(source),
            source_id=source_id,
            created_at=at,
        )

    def _concession(
        self, membership: uuid.UUID, source: str, joined: date, granted: bool
    ) -> uuid.UUID | None:
        random = self.random
        if source != Term.Source.CONCESSION:
            return None
        identifier, by = self.chance.id(), random.choice(self.network.staff)
        ground = random.choices(Concession.Ground.values, (60, 20, 5, 15))[0]
        facts: dict[str, Any] = {"state": Concession.State.ASKED.value}
        if granted:
            allowed = sorted(
                Concession.ENOUGH.get(Concession.Ground(ground), {Concession.Evidence.KNOWN})
            )
            facts = {
                "state": Concession.State.GRANTED.value,
                "evidence": str(random.choice(allowed)),
                "seen_by_id": by,
                "seen_on": joined,
                "decided_by_id": by,
                "decided_at": self.chance.at(joined),
                "review_on": joined + relativedelta(months=24),
            }
        self._concessions.add(
            id=identifier,
            key=self.chance.id(),
            membership_id=membership,
            ground=ground,
            via=random.choices(Concession.Via.values, (60, 20, 15, 5))[0],
            asked_at=self.chance.at(joined),
            version_at=self.chance.at(joined),
            **facts,
        )
        return identifier if granted else None

    def _card(
        self,
        membership: uuid.UUID,
        person: uuid.UUID,
        hub: Organisation,
        joined: date,
        until: date,
        *,
        live: bool,
    ) -> None:
        at = self.chance.at(joined)
        facts: dict[str, Any] = {"state": Card.State.ISSUED.value}
        if not live:
            facts = {"state": Card.State.REVOKED.value, "ended_at": at}
        elif self.random.random() < 0.02:
            facts = {"state": Card.State.LOST.value, "reported_as": "lost", "ended_at": at}
        self._cards.add(
            id=self.chance.id(),
            number=self.chance.card_number(),
            membership_id=membership,
            person_id=person,
            organisation_id=hub.id,
            key_version=1,
            printed_until=until,
            requested_at=at,
            printed_at=at,
            issued_at=at,
            **facts,
        )
