"""Pathways as the tests need them.

KindFactory()                          with the stages new, planning, in place
PathwayFactory(coordinator=…)          one that goes on
PlanFactory(pathway=…)                 being made
ReviewFactory(plan=…, held=True)       due now, or held and not written up
carer_at(organisation, hours=…)        who has done the first stage: a CarerAssessment
allocation_version()                   the worked example: 42 points are £3,387.90
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
    AllocationVersion,
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


TABLE = [
    {
        "code": "meals",
        "words": "Meals",
        "levels": [
            {"code": "alone", "words": "I manage alone", "points": 0},
            {"code": "help", "words": "I need some help", "points": 12},
        ],
    },
    {
        "code": "safe",
        "words": "Being safe",
        "levels": [
            {"code": "safe", "words": "I am safe", "points": 0},
            {"code": "risk", "words": "Somebody must be near", "points": 30},
        ],
    },
]


def allocation_version(**facts: Any) -> AllocationVersion:
    """In force since 2026 began; both needs together are 42 points."""
    last = AllocationVersion.objects.order_by("-number").first()
    number = last.number + 1 if last else 1
    return AllocationVersion.objects.create(
        **{
            "number": number,
            "valid_from": date(2026, 1, number),
            "table": TABLE,
            "budget_pence": 1_200_000_000,
            "sample_cases": 200,
            "sample_points": 8_430,
            "people": 3_000,
            "sources": "Round figures",
            "equality_check": "Looked at",
            "made_by_name": "A. Author",
            **facts,
        }
    )
