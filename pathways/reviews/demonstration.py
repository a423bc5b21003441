"""Outcomes and reviews of the demonstration: asked at the start and later, reviews in every state.

And earlier pathways, of people who were forgotten since: they are what the commissioner's report counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from random import Random

from django.db import transaction
from django.utils import timezone

from directory.demonstration.network import identity
from directory.models import Organisation, Ward
from pathways.models import (
    Action,
    Goal,
    GoalAnswer,
    Measuring,
    OutsideScore,
    Pathway,
    PathwayKind,
    Plan,
    Review,
    ReviewState,
    Route,
    Source,
    WellbeingAnswer,
)
from pathways.outcomes.ons4 import ORDER
from pathways.outcomes.recording import key_of
from pathways.plans.states import Achievement, LifeCycle

# Days ago, and the four answers in their order; None where one was left.
SITTINGS: dict[str, tuple[tuple[int, tuple[int | None, ...]], ...]] = {
    "peggy": ((78, (3, 4, 3, 8)), (49, (5, None, 4, 6)), (3, (6, 6, 7, 4))),
    "arthur": ((42, (5, 4, 5, 3)), (5, (6, 6, 6, 3))),
    "farida": ((24, (4, 7, 2, 9)),),
    "dot": ((78, (4, 5, 5, 5)), (40, (6, 6, 5, 4))),
    "winnie": ((195, (2, 3, 4, 7)), (140, (5, 5, 6, 5)), (40, (8, 7, 8, 2))),
}
# Earlier pathways: enough for a report that hides the small.
EARLIER = 48


@transaction.atomic
def write_reviews_of(made: Mapping[str, Pathway]) -> None:
    """For what was made just now; nothing on a second load."""
    if not made:
        return
    for slug, sittings in SITTINGS.items():
        for ago, scores in sittings:
            _sitting(made[slug], f"{slug} {ago}", _ago(ago), scores)
    _missed(made["dot"])
    _waits_to_be_seen(made["arthur"])
    _reviewed_and_ended(made["winnie"])
    _earlier(made["peggy"].organisation)


def _sitting(
    pathway: Pathway,
    name: str,
    day: date,
    scores: tuple[int | None, ...],
    *,
    review: Review | None = None,
) -> Measuring:
    sitting = Measuring.objects.create(
        id=identity("sitting", name),
        key=key_of(review) if review else identity("sitting key", name),
        pathway=pathway,
        review=review,
        taken_on=day,
        taken_by=pathway.coordinator,
    )
    WellbeingAnswer.objects.bulk_create(
        WellbeingAnswer(measuring=sitting, question=question.value, score=score)
        for question, score in zip(ORDER, scores, strict=True)
        if score is not None
    )
    # Nobody was asked about a goal before it was written; the first time nothing has moved yet.
    goals = Goal.objects.filter(
        plan__pathway=pathway, plan__created_at__date__lte=day, life_cycle=LifeCycle.ACTIVE
    )
    for goal in goals:
        far = Achievement.IMPROVING if goal.answers.exists() else Achievement.IN_PROGRESS
        GoalAnswer.objects.create(measuring=sitting, goal=goal, achievement=far)
        Goal.objects.filter(pk=goal.pk).update(achievement=far)
    return sitting


def _missed(pathway: Pathway) -> None:
    review = pathway.reviews.get()
    review.missed_on = review.closes_on + timedelta(days=1)
    review.save(update_fields=["missed_on"])
    OutsideScore.objects.create(
        measuring=pathway.measurings.order_by("taken_on")[0],
        tool="Timed walk, seconds", lowest=0, highest=120, score=48, more_is_better=False,
    )  # fmt: skip


def _waits_to_be_seen(pathway: Pathway) -> None:
    """Held when somebody asked for it; fewer hours, and the reason is still to be shown."""
    plan = pathway.plans.get()
    review = Review.objects.create(
        id=identity("review", "arthur asked"),
        pathway=pathway, plan=plan, why=Review.Why.ASKED, asked_by="His son",
        opens_on=_ago(20), closes_on=_ago(-8), state=ReviewState.HELD, held_on=_ago(1),
        better="He eats with others on Thursdays and goes by himself on the bus.",
        not_better="The evenings are long.",
        persons_view="I can get my own tea now.",
        next_steps="Ask about the Monday games afternoon.",
        minutes_before=420, minutes_after=300,
        fewer_because="He makes his own tea now, so nobody comes at teatime on weekdays.",
        version=2,
    )  # fmt: skip
    _sitting(pathway, "arthur asked", _ago(1), (6, 7, 7, 2), review=review)


def _reviewed_and_ended(pathway: Pathway) -> None:
    """A whole way: reviewed in time, again later, and ended because she manages."""
    began = pathway.started_on
    plan = Plan.objects.create(
        id=identity("plan", "winnie"), pathway=pathway, state="completed", version=1,
        agreed_version=1, starts_on=began + timedelta(days=44),
        created_at=_at(began + timedelta(days=30)), ended_at=_at(_ago(14)),
    )  # fmt: skip
    goal = Goal.objects.create(
        plan=plan, words="To do her own shopping again", measure="Every Tuesday", version=1,
        life_cycle=LifeCycle.COMPLETED, achievement=Achievement.SUSTAINING,
    )  # fmt: skip
    for sitting in pathway.measurings.all():
        GoalAnswer.objects.create(
            measuring=sitting,
            goal=goal,
            achievement=Achievement.SUSTAINING
            if sitting.taken_on > _ago(100)
            else Achievement.IN_PROGRESS,
        )
    for number, (ago, before, after) in enumerate(((110, 300, 300), (40, 300, 120)), 1):
        fewer = after < before
        review = Review.objects.create(
            id=identity("review", f"winnie {number}"),
            pathway=pathway, plan=plan,
            why=Review.Why.ASKED if fewer else Review.Why.AFTER_START,
            asked_by="Winnie herself" if fewer else "",
            opens_on=_ago(ago + 5), closes_on=_ago(ago - 9), booked_for=_at(_ago(ago)),
            where="At home", state=ReviewState.RECORDED, held_on=_ago(ago),
            better="She shops by herself, with the trolley.", not_better="Her hip in the cold.",
            persons_view="I am my own woman again.", next_steps="She rings when she needs us.",
            minutes_before=before, minutes_after=after,
            fewer_because="She no longer needs somebody with her at the shops." if fewer else "",
            reason_seen_on=_ago(ago) if fewer else None,
            reason_seen_how=Review.Seen.READ_OUT if fewer else "",
            recorded_at=_at(_ago(ago - 1)), recorded_by=pathway.coordinator, version=3,
        )  # fmt: skip
        _sitting(
            pathway,
            f"winnie review {number}",
            _ago(ago),
            (5 + number, 6, 6 + number, 4),
            review=review,
        )


def _earlier(hub: Organisation) -> None:
    """Of people who were forgotten since: no name, no words, only what is kept for counting."""
    random = Random("earlier pathways")  # noqa: S311
    kinds = list(PathwayKind.objects.order_by("position")[:3])
    others = list(
        Organisation.objects.filter(pk__in=(hub.pk, identity("organisation", "council")))
    ) or [hub]
    wards = [*Ward.objects.order_by("code").values_list("code", flat=True)[:4]] or [""]
    lived = Random("where they lived")  # noqa: S311
    for number in range(EARLIER):
        began = _ago(70 + number * 4)
        over = min(began + timedelta(days=150), _ago(1))
        kind = random.choices(kinds, (5, 3, 1)[: len(kinds)])[0]
        pathway = Pathway.objects.create(
            id=identity("earlier pathway", str(number)),
            key=identity("earlier pathway key", str(number)),
            person=None, organisation=random.choice(others), kind=kind,
            ward=lived.choices(wards, (9, 6, 4, 1)[: len(wards)])[0],
            route=random.choice((Route.ACCESS_POINT, Route.ACCESS_POINT, Route.HOME_INTERNET)),
            stage=kind.stages.order_by("-position")[0], stage_since=began, started_on=began,
            ended_at=_at(over), end=random.choice((Pathway.End.GOALS_REACHED, Pathway.End.MANAGES_ALONE)),
            created_at=_at(began), anonymised_at=_at(over),
        )  # fmt: skip
        plan = Plan.objects.create(
            pathway=pathway, state="completed", version=1, agreed_version=1, starts_on=began,
            created_at=_at(began), ended_at=_at(over),
        )  # fmt: skip
        Action.objects.bulk_create(
            Action(plan=plan, source=source, version=1, created_at=_at(began))
            for source in random.sample(list(Source), k=2)
        )
        goal = Goal.objects.create(
            plan=plan, life_cycle=LifeCycle.COMPLETED, achievement=Achievement.ACHIEVED, version=1
        )
        held = began + timedelta(days=random.choice((44, 50, 53, 64)))
        minutes = random.choice((120, 240, 300))
        Review.objects.create(
            pathway=pathway, plan=plan, why=Review.Why.AFTER_START, state=ReviewState.RECORDED,
            opens_on=began + timedelta(days=42), closes_on=began + timedelta(days=56), held_on=held,
            missed_on=began + timedelta(days=57) if held > began + timedelta(days=56) else None,
            minutes_before=minutes, minutes_after=minutes + random.choice((0, 0, 60)),
            recorded_at=_at(held), anonymised_at=_at(over),
        )  # fmt: skip
        first = tuple(random.randint(2, 6) for _question in ORDER)
        times = 2 if random.random() < 0.85 else 1
        for after in (0, 50)[:times]:
            gain = random.randint(0, 3) if after else 0
            scores = (first[0] + gain, first[1] + gain, first[2] + gain, max(0, first[3] - gain))
            sitting = Measuring.objects.create(
                pathway=pathway, taken_on=began + timedelta(days=after)
            )
            WellbeingAnswer.objects.bulk_create(
                WellbeingAnswer(measuring=sitting, question=question.value, score=score)
                for question, score in zip(ORDER, scores, strict=True)
            )
            GoalAnswer.objects.create(
                measuring=sitting,
                goal=goal,
                achievement=random.choice((Achievement.ACHIEVED, Achievement.IMPROVING))
                if after
                else Achievement.IN_PROGRESS,
            )


def _ago(days: int) -> date:
    return timezone.localdate() - timedelta(days=days)


def _at(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(11)))
