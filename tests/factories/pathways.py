"""Pathways as the tests need them.

KindFactory()                          with the stages new, planning, in place
PathwayFactory(coordinator=…)          one that goes on
PlanFactory(pathway=…)                 being made
ReviewFactory(plan=…, held=True)       due now, or held and not written up
carer_at(organisation, hours=…)        who has done the first stage: a CarerAssessment
BudgetFactory()                        agreed, £10,000 a year, nothing paid in
"""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

import factory
from django.utils import timezone

from dcsn.audit import SystemJob
from directory.models import Organisation
from pathways.actions.carers import FirstStage, first_stage
from pathways.models import (
    Budget,
    BudgetState,
    CarerAssessment,
    Pathway,
    PathwayKind,
    Plan,
    Review,
    Route,
    Stage,
)
from tests.factories.person import PersonFactory


class StageFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Stage

    code = factory.Sequence(lambda n: f"stage-{n}")
    name = factory.Sequence(lambda n: f"Stage {n}")
    position = factory.Sequence(lambda n: n)


class KindFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PathwayKind
        skip_postgeneration_save = True

    code = factory.Sequence(lambda n: f"kind-{n}")
    name = factory.Sequence(lambda n: f"Kind {n}")

    @factory.post_generation
    def stages(obj: PathwayKind, create: bool, extracted: Any, **kwargs: Any) -> None:
        for position, name in enumerate(extracted or ["New", "Planning", "In place"]):
            StageFactory(kind=obj, name=name, position=position)


class PathwayFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Pathway

    person = factory.SubFactory(PersonFactory)
    organisation = factory.SelfAttribute("person.organisation")
    kind = factory.SubFactory(KindFactory)
    route = Route.ACCESS_POINT
    stage = factory.LazyAttribute(lambda self: self.kind.stages.first())


class PlanFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Plan

    pathway = factory.SubFactory(PathwayFactory)

    class Params:
        in_place = factory.Trait(
            state="active", version=1, agreed_version=1, starts_on=date(2026, 1, 1)
        )


class ReviewFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Review

    plan = factory.SubFactory(PlanFactory, in_place=True)
    pathway = factory.SelfAttribute("plan.pathway")
    why = Review.Why.AFTER_START
    opens_on = factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=7))
    closes_on = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=7))

    class Params:
        held = factory.Trait(
            state="held", held_on=factory.LazyFunction(timezone.localdate), better="She sleeps."
        )


class BudgetFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Budget

    plan = factory.SubFactory(PlanFactory, in_place=True)
    pathway = factory.SelfAttribute("plan.pathway")
    state = BudgetState.AGREED
    total_pence = 1_000_000
    council_pence = 800_000
    person_pence = 200_000
    starts_on = factory.LazyFunction(timezone.localdate)


def carer_at(
    organisation: Organisation, said: FirstStage | None = None, **person: Any
) -> CarerAssessment:
    """A carer's first stage, with all that it grants."""
    return first_stage(
        person=PersonFactory(organisation=organisation, **person),
        organisation=organisation,
        said=said or FirstStage(hours_a_week=35, emergency={"ring_first": "Ann, 01632 960 777"}),
        key=uuid.uuid4(),
        by=SystemJob("tests"),
    )
