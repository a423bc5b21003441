"""Many pathways at once, in three inserts a table: for what only shows with many."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date, timedelta
from random import Random

from django.db import connection

from directory.models import Ward
from pathways.models import (
    Action,
    Goal,
    GoalAnswer,
    Measuring,
    Pathway,
    PathwayKind,
    Plan,
    Review,
    Route,
    WellbeingAnswer,
)
from pathways.outcomes.ons4 import ORDER
from tests.factories.organisation import OrganisationFactory
from tests.factories.pathways import KindFactory
from tests.factories.person import PersonFactory

BEGAN = date(2026, 4, 10)


def kinds(count: int = 3) -> list[PathwayKind]:
    return [KindFactory(name=f"Kind {n}") for n in range(count)]


WARDS = ("E05000001", "E05000002", "E05000003", "E05000004", "")


def many(
    count: int, *, seed: int = 1, began: date = BEGAN, of: list[PathwayKind] | None = None
) -> None:
    """Of different kinds, routes and organisations, some of which are few; most asked twice."""
    random, wards = Random(seed), Random(seed)
    for code in WARDS[:3]:
        Ward.objects.get_or_create(code=code, defaults={"name": f"Ward {code[-1]}"})
    of = of or kinds()
    organisations = [OrganisationFactory() for _n in range(3)]
    person = PersonFactory()
    rows: dict[type, list[object]] = {}

    def add(row: object) -> None:
        rows.setdefault(type(row), []).append(row)

    for _n in range(count):
        kind = random.choices(of, [20, 5, 1][: len(of)])[0]
        began_on = began + timedelta(days=random.randrange(60))
        pathway = Pathway(
            id=uuid.uuid4(), person=person, organisation=random.choices(organisations, [9, 4, 1])[0],
            kind=kind, stage=kind.stages.all()[0], started_on=began_on,
            # Of another generator, so that all else stays as it is: few in one, and a code without a name.
            ward=wards.choices(WARDS, [20, 9, 3, 1, 4])[0],
            route=random.choice([Route.ACCESS_POINT, Route.HOME_INTERNET]),
            # Only one of a kind is open at a time, and they are all one person's.
            ended_at=f"{began_on + timedelta(days=100)}T12:00Z", end="goals-reached",
        )  # fmt: skip
        add(pathway)
        plan = Plan(pathway=pathway, state="completed", agreed_version=1, starts_on=began_on,
                    ended_at="2026-09-01T12:00Z")  # fmt: skip
        add(plan)
        goal = Goal(plan=plan, words="x", life_cycle="active")
        add(goal)
        for source in random.choices(["own", "volunteer", "paid", "council"], k=2):
            add(Action(plan=plan, source=source, created_at=f"{began_on}T12:00Z"))
        add(Review(
            pathway=pathway, plan=plan, why="after-start", opens_on=began_on + timedelta(42),
            closes_on=began_on + timedelta(56), state="recorded", held_on=began_on + timedelta(50),
            recorded_at="2026-09-01T12:00Z", better="x", minutes_before=600,
            minutes_after=random.choice([600, 660]),
        ))  # fmt: skip
        for after in (0, 50)[: random.choices([1, 2], [1, 4])[0]]:
            sitting = Measuring(pathway=pathway, taken_on=began_on + timedelta(days=after))
            add(sitting)
            for question in ORDER:
                if random.random() < 0.9:
                    add(
                        WellbeingAnswer(
                            measuring=sitting, question=question, score=random.randrange(11)
                        )
                    )
            how = random.choice(["achieved", "improving"])
            add(GoalAnswer(measuring=sitting, goal=goal, achievement=how))
    for model in _in_order(rows):
        model._default_manager.bulk_create(rows[model], batch_size=2000)  # type: ignore[attr-defined]
    # As autovacuum does in a real portal: without it the planner takes every table for empty.
    tables = ", ".join(model._meta.db_table for model in _in_order(rows))  # type: ignore[attr-defined]
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {tables}")


def _in_order(rows: Iterable[type]) -> list[type]:
    order = [Pathway, Plan, Goal, Action, Review, Measuring, WellbeingAnswer, GoalAnswer]
    return [model for model in order if model in set(rows)]
