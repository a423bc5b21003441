"""Invented pathways to measure with: plans, goals, actions, reviews, well-being and contacts."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from io import StringIO
from random import Random
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection, models, transaction
from django.utils import timezone

from dcsn.access.models import RoleAssignment
from dcsn.accounts.models import User
from directory.models import Organisation, PostcodePlace
from members.invented.people import somebody
from members.models import Person
from pathways.models import (
    Action,
    Contact,
    Goal,
    Measuring,
    Pathway,
    PathwayKind,
    Plan,
    PlanVersion,
    Review,
    Route,
    Source,
    StageChange,
    WellbeingAnswer,
)
from pathways.outcomes.ons4 import ORDER
from pathways.plans.states import LifeCycle
from pathways.references import pathway_reference
from pathways.starter import load_kinds

AT_ONCE = 500
# How many people one coordinator goes with.
EACH = 40
DAYS = 730
_GOALS = ("To get out on Fridays", "To cook again", "To sleep through", "To see the grandchildren")
_ACTIONS = ("A walk together", "Shopping", "Ring on Sunday", "Exercises", "Lunch club")
# In this order they are written: what is pointed at comes first.
TABLES: tuple[type[models.Model], ...] = (
    Person, Pathway, StageChange, Contact, Plan, PlanVersion, Goal, Action, Review, Measuring,
    WellbeingAnswer,
)  # fmt: skip


class CannotMake(Exception):
    """Refused, and why."""


@transaction.atomic
def make_pathways(
    count: int, *, seed: int, today: date, progress: Callable[[int], None] = lambda some: None
) -> dict[str, int]:
    """Invent ``count`` pathways of the two years before ``today``, for one coordinator in forty.

    :returns: how many rows of each table were written; nothing when this seed was made before.
    :raises CannotMake: outside a demonstration, or without a network to make them in.
    """
    if not settings.DEMONSTRATION:
        raise CannotMake(
            "This portal is not a demonstration: invented people do not belong among real ones."
        )
    if count < 1:
        raise CannotMake("Ask for one pathway at least.")
    hubs = list(Organisation.objects.filter(is_access_point=True).order_by("sort_key", "id"))
    if not hubs:
        raise CannotMake("There is no access point: load the demonstration first.")
    load_kinds()
    maker = _Maker(seed, today, hubs)
    if Person.objects.filter(pk=maker.first).exists():
        return {}
    for first in range(0, count, AT_ONCE):
        some = min(AT_ONCE, count - first)
        for number in range(first, first + some):
            maker.one(number)
        maker.write()
        progress(some)
    call_command("rebuild_person_keys", verbosity=0, stdout=StringIO())
    with connection.cursor() as cursor:
        for model in TABLES:
            cursor.execute(f"ANALYZE {connection.ops.quote_name(model._meta.db_table)}")
    return {str(model._meta.verbose_name_plural): maker.written[model] for model in TABLES}


class _Maker:
    def __init__(self, seed: int, today: date, hubs: list[Organisation]) -> None:
        self.random = Random(seed)  # noqa: S311  (invented people, the same for a seed)
        self.today, self.hubs, self.seed = today, hubs, seed
        self.first = self._id()
        self.kinds = [
            (kind, list(kind.stages.order_by("position")))
            for kind in PathwayKind.objects.filter(offered=True)
        ]
        found = PostcodePlace.objects.filter(level="sector").order_by("code")
        self.wards = dict(found.values_list("code", "ward_code")) or {"DL1 5": ""}
        self.sectors = list(self.wards)
        self.used = set(Pathway.objects.values_list("reference", flat=True))
        self.rows: dict[type[models.Model], list[Any]] = {model: [] for model in TABLES}
        self.written = dict.fromkeys(TABLES, 0)
        self.coordinators: dict[int, User] = {}

    def write(self) -> None:
        for model, rows in self.rows.items():
            model._base_manager.bulk_create(rows)
            self.written[model] += len(rows)
            rows.clear()

    def _id(self) -> uuid.UUID:
        return uuid.UUID(int=self.random.getrandbits(128), version=4)

    def _add(self, model: type[models.Model], **facts: Any) -> Any:
        row = model(id=self._id(), **facts)
        self.rows[model].append(row)
        return row

    def _reference(self) -> str:
        while (reference := pathway_reference()) in self.used:
            pass
        self.used.add(reference)
        return reference

    def _coordinator(self, number: int) -> User:
        which = number // EACH
        if which not in self.coordinators:
            user, created = User.objects.get_or_create(
                email=f"coordinator{self.seed}-{which}@people.example",
                defaults={"name": f"Coordinator {which + 1}"},
            )
            if created:
                user.set_unusable_password()
                user.save(update_fields=["password"])
                RoleAssignment.objects.create(user=user, role="coordinator")
            self.coordinators[which] = user
        return self.coordinators[which]

    def one(self, number: int) -> None:
        random = self.random
        hub = self.hubs[number % len(self.hubs)]
        user = self._coordinator(number)
        person = Person(
            id=self.first if number == 0 else self._id(),
            organisation=hub,
            coordinator=user,
            **somebody(random, number, self.sectors, self.today),
        )
        self.rows[Person].append(person)
        kind, stages = random.choice(self.kinds)
        longest = (kind.lasts_at_most_weeks or 104) * 7 + 14
        began = self.today - timedelta(days=random.randint(0, min(DAYS, longest)))
        reached = min(len(stages) - 1, random.randint(0, len(stages)))
        # One in five has ended: what goes on is what the board shows.
        ended = random.random() < 0.2
        steps = sorted(random.randint(0, (self.today - began).days) for _step in range(reached))
        pathway = self._add(
            Pathway,
            key=self._id(),
            reference=self._reference(),
            person=person,
            ward=self.wards.get(person.postcode[:-2], ""),
            organisation=hub,
            kind=kind,
            route=random.choice((Route.ACCESS_POINT, Route.HOME_INTERNET)),
            coordinator=user,
            stage=stages[reached],
            stage_since=began + timedelta(days=steps[-1] if steps else 0),
            started_on=began,
            ended_at=_at(self.today) if ended else None,
            end=random.choice(Pathway.End.values) if ended else "",
            created_at=_at(began),
        )
        for place, days in enumerate((0, *steps)):
            self._add(
                StageChange,
                pathway=pathway,
                number=place + 1,
                stage=stages[place],
                at=_at(began + timedelta(days=days)),
                by=user,
            )
        for _contact in range(random.randint(0, 6)):
            on = self._since(began)
            self._add(
                Contact, key=self._id(), pathway=pathway, on=on, way="phone", by=user, at=_at(on)
            )
        if reached:
            self._plan(pathway, began, user, ended)

    def _since(self, began: date) -> date:
        return began + timedelta(days=self.random.randint(0, (self.today - began).days))

    def _plan(self, pathway: Pathway, began: date, user: User, ended: bool) -> None:
        random = self.random
        starts = self._since(began)
        plan = self._add(
            Plan,
            pathway=pathway,
            state="completed" if ended else "active",
            version=1,
            agreed_version=1,
            starts_on=starts,
            created_at=_at(starts),
            ended_at=_at(self.today) if ended else None,
        )
        self._add(PlanVersion, plan=plan, number=1, at=_at(starts), by=user, by_name=user.name)
        for words in random.sample(_GOALS, 2):
            goal = self._add(
                Goal,
                plan=plan,
                words=words,
                due_on=self.today + timedelta(days=random.randint(-20, 200)),
                life_cycle=LifeCycle.ACTIVE,
            )
            self._add(
                Action,
                plan=plan,
                goal=goal,
                words=random.choice(_ACTIONS),
                source=random.choice(Source.values),
                minutes_a_week=random.choice((None, 60, 120)),
            )
        if ended:
            self._review(pathway, plan, "not-needed", random.randint(-60, 0))
        else:
            self._review(
                pathway, plan, random.choice(("due", "due", "booked")), random.randint(-10, 300)
            )
        if random.random() < 0.5:
            self._review(pathway, plan, "recorded", -random.randint(20, 200))
        for days in (0, 90)[: random.randint(1, 2)]:
            self._ask(pathway, min(self.today, starts + timedelta(days=days)))

    def _review(self, pathway: Pathway, plan: Plan, state: str, closes: int) -> None:
        last = self.today + timedelta(days=closes)
        facts: dict[str, Any] = {}
        if state == "booked":
            facts["booked_for"] = _at(last)
        if state == "recorded":
            facts |= {
                "held_on": last,
                "recorded_at": _at(last),
                "better": "Goes out again",
                "minutes_before": 120,
                "minutes_after": 120,
            }
        self._add(
            Review,
            pathway=pathway,
            plan=plan,
            why=Review.Why.AFTER_START,
            opens_on=last - timedelta(weeks=2),
            closes_on=last,
            state=state,
            **facts,
        )

    def _ask(self, pathway: Pathway, on: date) -> None:
        sitting = self._add(Measuring, key=self._id(), pathway=pathway, taken_on=on)
        for question in ORDER:
            if self.random.random() < 0.95:
                self._add(
                    WellbeingAnswer,
                    measuring=sitting,
                    question=question.value,
                    score=self.random.randint(0, 10),
                )


def _at(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(11)))
