"""Plans and memberships as the tests need them.

PlanFactory()                                    £10 a year, rolling
PlanFactory(terms__price_pence=0)                free
membership(person=…, until=date(…))              a member until that day, by a payment
"""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

import factory

from dcsn.audit import SystemJob
from members.actions.memberships import apply_source, start_membership
from members.models import Membership, Plan, PlanTerms, Term
from tests.factories.person import PersonFactory

TESTS = SystemJob("tests")


class PlanTermsFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PlanTerms

    valid_from = date(2010, 1, 1)
    price_pence = 1000


class PlanFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Plan
        skip_postgeneration_save = True

    code = factory.Sequence(lambda n: f"plan-{n}")
    name = factory.Sequence(lambda n: f"Plan {n}")
    kind = Plan.Kind.INDIVIDUAL

    terms = factory.RelatedFactory(PlanTermsFactory, factory_related_name="plan")


def membership(
    *,
    plan: Plan | None = None,
    joined: date | None = None,
    source: str | None = Term.Source.PAYMENT,
    **facts: Any,
) -> Membership:
    """One that was joined on that day; still waiting with ``source=None``."""
    person = facts.pop("person", None) or PersonFactory()
    row = start_membership(
        person=person,
        plan=plan or PlanFactory(),
        organisation=facts.pop("organisation", person.organisation),
        via=facts.pop("via", Membership.Via.DESK),
        by=TESTS,
        on=joined,
        **facts,
    )
    if source is not None:
        apply_source(membership=row, source=source, source_id=uuid.uuid4(), by=TESTS, on=joined)
        row.refresh_from_db()
    return row
