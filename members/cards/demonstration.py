"""Members and cards of the demonstration: at every desk something to print, to hand over and to replace.

The people are those of the invented caseload; nobody is made here. Plans only where none are there yet.
"""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid5

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from dcsn.audit import Actor
from directory.actions.demonstration import NotADemonstration
from members.access import access_points
from members.actions.memberships import apply_source, start_membership
from members.cards.actions import card_for, mark_issued, mark_printed, report_card
from members.models import Card, Membership, Person, Plan, PlanTerms, Term

BEGAN = date(2026, 4, 1)
# At each desk, in the order of their records: how long ago they joined, by what, what became of the card.
MEMBERS: tuple[tuple[int, str, str], ...] = (
    (200, Term.Source.PAYMENT, "with them"),
    (150, Term.Source.CONCESSION, "with them"),
    (2, Term.Source.PAYMENT, "to be printed"),
    (1, Term.Source.CONCESSION, "to be printed"),
    (30, Term.Source.PAYMENT, "printed"),
    (180, Term.Source.PAYMENT, "lost"),
    (0, "", "none"),
)


@transaction.atomic
def load_members(*, by: Actor) -> int:
    """Make those members who are missing; returns how many.

    :raises NotADemonstration: unless ``settings.DEMONSTRATION``.
    """
    if not settings.DEMONSTRATION:
        raise NotADemonstration("This portal is not a demonstration.")
    plan = _plan()
    if plan is None:
        return 0
    made = 0
    for desk in access_points():
        if Card.objects.filter(person__organisation=desk).exists():
            continue  # members of the desk are there: whoever came to its list since is not one of them
        people = Person.objects.known().filter(organisation=desk).order_by("id")[: len(MEMBERS)]
        for person, (ago, source, becomes) in zip(people, MEMBERS, strict=False):
            if not Membership.objects.filter(person=person).exists():
                _join(person, plan, ago, source, becomes, by)
                made += 1
    return made


def _plan() -> Plan | None:
    """The first that is offered, with terms that held when the earliest joined."""
    if not Plan.objects.exists():
        for position, (code, name, kind, people, pence) in enumerate(
            (
                ("member", "For one person", Plan.Kind.INDIVIDUAL, 1, 1000),
                ("household", "For a household", Plan.Kind.HOUSEHOLD, 6, 1500),
            ),
            start=1,
        ):
            plan = Plan.objects.create(
                code=code, name=name, kind=kind, people_at_most=people, position=position
            )
            PlanTerms.objects.create(plan=plan, valid_from=BEGAN, price_pence=pence)
    first = timezone.localdate() - timedelta(days=max(ago for ago, _source, _card in MEMBERS))
    return next((plan for plan in Plan.objects.offered() if plan.terms_on(first)), None)


def _join(person: Person, plan: Plan, ago: int, source: str, becomes: str, by: Actor) -> None:
    on = timezone.localdate() - timedelta(days=ago)
    row = start_membership(
        person=person,
        plan=plan,
        organisation=person.organisation,
        via=Membership.Via.DESK,
        by=by,
        key=uuid5(person.pk, "membership"),
        on=on,
    )
    if not source:
        return
    apply_source(membership=row, source=source, source_id=uuid5(person.pk, "term"), by=by, on=on)
    card = card_for(row, person)
    if card is None or becomes == "to be printed":
        return
    mark_printed(card=card, by=by)
    if becomes != "printed":
        mark_issued(card=card, by=by)
    if becomes == "lost":
        report_card(card=card, what="lost", by=by)
