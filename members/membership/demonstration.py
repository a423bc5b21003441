"""The plans and members of the demonstration: something in every state, made by the actions themselves.

What happened in the past is done today and moved back, so that every rule was kept on the way; only the
journal says the day on which the demonstration was loaded, because the journal cannot be changed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from typing import Any
from uuid import uuid5

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from dcsn.accounts.models import User
from dcsn.audit import Actor
from directory.actions.demonstration import NotADemonstration
from directory.demonstration.network import identity
from directory.models import Organisation
from members.actions.memberships import apply_source, end_membership, share_membership
from members.actions.people import add_person, record_consent
from members.cards.actions import mark_issued
from members.cards.validity import membership_good_until
from members.joining.actions import join_at_desk
from members.letters.actions import make_run
from members.membership.periods import ONE_DAY, last_day
from members.models import (
    Card,
    Concession,
    Consent,
    ContactBy,
    LetterKind,
    Membership,
    Payment,
    Person,
    Plan,
    PlanTerms,
    Purpose,
    Status,
    Term,
)
from members.payments.desk import check_banking, count_banking, reconcile_banking
from members.safety_net.actions import ask, grant, refuse
from members.safety_net.appeals import appeal

_G, _E = Concession.Ground, Concession.Evidence
CASH, CHEQUE, TERMINAL = Payment.Method.CASH, Payment.Method.CHEQUE, Payment.Method.CARD_TERMINAL

# Code, name, for whom, how many, what it gives; then terms: days from today, price, and what else.
PLANS: tuple[tuple[str, str, str, int, str, tuple[tuple[int, int, dict[str, Any]], ...]], ...] = (
    (
        "standard", "Standard membership", Plan.Kind.INDIVIDUAL, 1,
        "The discount card, the newsletter, and a voice in what the network does.",
        ((-1500, 800, {}), (-600, 1000, {}), (130, 1200, {})),
    ),
    (
        "household", "Household", Plan.Kind.HOUSEHOLD, 4,
        "A card for everybody who lives with you.", ((-1500, 1600, {}),),
    ),
    (
        "carer", "Carer", Plan.Kind.CARER, 2,
        "For whoever looks after somebody, and a card for the one they look after.",
        ((-1500, 0, {}),),
    ),
    (
        "friend", "Friend of the network", Plan.Kind.ASSOCIATE, 1,
        "For businesses and people from elsewhere who want to help.",
        ((-900, 2500, {"period": "fixed", "fixed_month": 1, "fixed_day": 1, "rollover_month": 9,
                       "rollover_day": 1, "concession_pence": 1000}),),
    ),
    (
        "founder", "Founding member", Plan.Kind.INDIVIDUAL, 1,
        "For whoever joined in the first year.", ((-1500, 500, {"duration": 3}),),
    ),
)  # fmt: skip
NO_LONGER = {"founder"}
# Whoever joined longer ago has their card in the hand.
CARD_TAKES_DAYS = 14


@dataclass(frozen=True)
class Joined:
    """Somebody invented, ``ago`` days ago; ``pay`` a way of paying, a ground, or nothing yet."""

    slug: str
    given: str
    family: str
    plan: str = "standard"
    ago: int = 0
    pay: str = ""
    hub: str = "dad"
    renewed: bool = False
    end: str = ""
    answer: str = ""
    words: str = ""
    shares: tuple[tuple[str, str], ...] = ()
    facts: dict[str, Any] = field(default_factory=dict)


POST = {"contact_by": ContactBy.POST, "address_1": "1 Example Terrace", "postcode": "DL3 7XX"}
MEMBERS = (
    Joined("new", "Beryl", "Ashcombe", ago=20, pay=CASH, facts={**POST, "formats": ["print_18"]}),
    Joined("current", "Walter", "Brindlemoor", ago=200, pay=CHEQUE, facts=POST),
    Joined("soon", "Sylvia", "Copsewell", ago=345, pay=TERMINAL, facts=POST),
    Joined("grace", "Norman", "Dunnock", ago=380, pay=CASH,
           facts={**POST, "address_1": "4 Example Terrace", "formats": ["print_24"]}),
    Joined("expired", "Hilda", "Eaglescliff", ago=520, pay=CASH, facts=POST),
    Joined("renewed", "Gordon", "Fennimere", ago=500, pay=CASH, renewed=True, facts=POST),
    Joined("cancelled", "Maud", "Garthside", ago=300, pay=CASH, end=Status.CANCELLED),
    Joined("household", "Anjali", "Hawkesmoor", plan="household", ago=90, pay=TERMINAL,
           shares=(("Ravi", "Hawkesmoor"), ("Meera", "Hawkesmoor"))),
    Joined("carer", "Philip", "Ingledew", plan="carer", ago=60, shares=(("Enid", "Ingledew"),),
           facts={"is_carer": "yes"}),
    Joined("friend", "Cordelia", "Jessamy", plan="friend", ago=150, pay=TERMINAL, hub="age-uk"),
    Joined("founder", "Edgar", "Kestrelby", plan="founder", ago=700, pay=CASH, hub="age-uk"),
    Joined("waits", "Lionel", "Larchfield", ago=3),
    Joined("benefit", "Rita", "Mossgill", ago=40, pay=_G.BENEFIT, answer="granted"),
    Joined("asked", "Desmond", "Nettlebed", ago=5, pay=_G.HARDSHIP,
           words="My hours were cut and the rent went up."),
    Joined("told", "Vera", "Oxenholme", ago=9, pay=_G.BENEFIT, answer="refused",
           facts={"formats": ["bsl"]}),
    Joined("appeal", "Clifford", "Pendlehurst", ago=16, pay=_G.CARER, answer="appealed",
           words="I sit with my brother three nights a week.", facts=POST),
    Joined("review", "Nora", "Quernmore", ago=715, pay=_G.CARE_LEAVER, answer="granted",
           renewed=True, hub="age-uk"),
)  # fmt: skip


@transaction.atomic
def load_plans() -> int:
    """Write the plans, if there is none; whatever somebody changed stays. Returns how many were made.

    :raises NotADemonstration: unless ``settings.DEMONSTRATION``.
    """
    if not settings.DEMONSTRATION:
        raise NotADemonstration("Invented plans do not belong among real ones.")
    if Plan.objects.exists():
        return 0
    for position, plan in enumerate(PLANS, 1):
        _write_plan(position * 10, *plan)
    return len(PLANS)


@transaction.atomic
def load_everybody(*, by: Actor) -> int:
    """Make the members, on the plans that were loaded; once. Returns how many were made.

    :raises NotADemonstration: unless ``settings.DEMONSTRATION``.
    """
    if not settings.DEMONSTRATION:
        raise NotADemonstration("Invented members do not belong among real ones.")
    first = identity("membership", MEMBERS[0].slug)
    if Membership.objects.filter(key=first).exists():
        return 0
    return _Writer(by).write()


def _write_plan(
    position: int,
    code: str,
    name: str,
    kind: str,
    people: int,
    description: str,
    terms: tuple[tuple[int, int, dict[str, Any]], ...],
) -> None:
    plan = Plan.objects.create(
        pk=identity("plan", code),
        code=code,
        name=name,
        kind=kind,
        people_at_most=people,
        description=description,
        position=position,
    )
    today = timezone.localdate()
    for days, pence, more in terms:
        PlanTerms.objects.create(
            plan=plan, valid_from=today + timedelta(days=days), price_pence=pence, **more
        )


class _Writer:
    def __init__(self, by: Actor) -> None:
        self.by = by
        self.today = timezone.localdate()
        self.plans = {plan.code: plan for plan in Plan.objects.all()}
        self.numbers = count()
        self.hubs = {
            slug: Organisation.objects.get(pk=identity("organisation", slug))
            for slug in ("dad", "age-uk")
        }
        self.lead = self._user("lead@dad.example")
        self.officer = self._user("membership@support.example")

    def _user(self, email: str) -> User:
        return User.objects.get(email=email)

    def _staff(self, hub: str) -> User:
        return self._user(f"desk@{hub.replace('-', '')}.example")

    def write(self) -> int:
        for one in MEMBERS:
            self._member(one)
        Plan.objects.filter(code__in=NO_LONGER).update(offered=False)
        self._banking()
        make_run(kind=LetterKind.LAPSED, key=identity("letters", "lapsed"), by=self.officer)
        return len(MEMBERS)

    def _banking(self) -> None:
        """One that is on the statement, one that waits for the second to count it, and some at the desk."""
        hub = self.hubs["dad"]
        oldest = list(Payment.objects.to_bank().filter(organisation=hub).order_by("taken_at", "pk"))
        counted = [
            count_banking(
                key=identity("banking", name),
                organisation=hub,
                payments=some,
                counted_pence=sum(one.amount_pence for one in some),
                by=self._staff("dad"),
            )
            for name, some in (("seen", oldest[:2]), ("waits", oldest[2:4]))
        ]
        seen = counted[0]
        check_banking(banking=seen, counted_pence=seen.counted_pence, by=self.lead)
        reconcile_banking(banking=seen, by=self.lead)

    def _person(self, hub: str, given: str, family: str, **facts: Any) -> Person:
        person = add_person(
            organisation=self.hubs[hub],
            by=self.by,
            given_name=given,
            family_name=family,
            # Of those that Ofcom keeps for drama.
            phone=f"01632 960 9{50 + next(self.numbers)}",
            **facts,
        )
        record_consent(
            person=person,
            organisation=self.hubs[hub],
            purpose=Purpose.REMEMBER,
            categories=[],
            how=Consent.How.SPOKEN,
            by=self._staff(hub),
        )
        return person

    def _member(self, one: Joined) -> None:
        hub, staff = self.hubs[one.hub], self._staff(one.hub)
        key = identity("membership", one.slug)
        joined = join_at_desk(
            key=key,
            person=self._person(one.hub, one.given, one.family, **one.facts),
            plan=self.plans[one.plan],
            organisation=hub,
            via=Membership.Via.DESK,
            method=one.pay if one.pay in Payment.DESK else None,
            by=staff,
        )
        row = joined.membership
        for given, family in one.shares:
            share_membership(membership=row, person=self._person(one.hub, given, family), by=staff)
        if one.pay in _G.values:
            self._safety_net(one, row, staff)
        if one.renewed:
            apply_source(
                membership=row,
                source=Term.Source.GIFT,
                source_id=uuid5(key, "renewal"),
                by=self.by,
                plan_terms=row.plan_terms,
            )
        if one.ago > CARD_TAKES_DAYS:
            for card in Card.objects.filter(membership=row, state=Card.State.REQUESTED):
                mark_issued(card=card, by=staff)
        self._move_back(row, one.ago)
        if one.end:
            end_membership(membership=row, stored=one.end, by=staff)

    def _safety_net(self, one: Joined, row: Membership, staff: User) -> None:
        question = ask(membership=row, ground=one.pay, words=one.words, via="desk", by=staff)
        if one.answer == "granted":
            seen = _E.BENEFIT_LETTER if one.pay == _G.BENEFIT else _E.CARE_LEAVER_LETTER
            grant(concession=question, evidence=seen, by=staff, telling=False)
        elif one.answer:
            refuse(
                concession=question,
                reasons="We could not tell from what you told us. A letter that shows it would help.",
                by=self.lead,
            )
        if one.answer == "appealed":
            appeal(concession=question, via="phone", words="There is no letter for it.", by=staff)
        since = timedelta(days=one.ago)
        Concession.objects.filter(pk=question.pk).update(
            asked_at=question.asked_at - since,
            **(
                {"review_on": self.today + relativedelta(months=24) - since}
                if one.answer == "granted"
                else {}
            ),
        )

    def _move_back(self, row: Membership, ago: int) -> None:
        """What was done today was done so many days ago."""
        since = timedelta(days=ago)
        begins = None
        for term in Term.objects.filter(membership=row).order_by("starts_on"):
            # A year on from another day is not always as long: what follows begins when that one ends.
            term.starts_on = begins or term.starts_on - since
            fixed = term.plan_terms.fixed_month is not None
            # A fixed year ends when everybody's does.
            term.ends_on = (
                date(term.starts_on.year, 12, 31)
                if fixed
                else last_day(term.starts_on, term.plan_terms)
            )
            term.save(update_fields=["starts_on", "ends_on"])
            begins = term.ends_on + ONE_DAY
        row.refresh_from_db()
        row.created_at -= since
        row.joined_on = row.joined_on and row.joined_on - since
        row.save(update_fields=["created_at", "joined_on"])
        for payment in Payment.objects.filter(membership=row):
            payment.created_at -= since
            payment.taken_at = payment.taken_at and payment.taken_at - since
            payment.save(update_fields=["created_at", "taken_at"])
        for card in Card.objects.filter(membership=row):
            card.requested_at -= since
            card.printed_at = card.printed_at and card.printed_at - since
            card.issued_at = card.issued_at and card.issued_at - since
            card.printed_until = card.printed_until and membership_good_until(row)
            card.save(update_fields=["requested_at", "printed_at", "issued_at", "printed_until"])
