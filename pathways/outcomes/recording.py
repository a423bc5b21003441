"""One sitting with the person is written down: any question may be left, and no score is ever a sum."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeVar
from uuid import UUID

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dcsn.access import Permission, check
from dcsn.audit import Actor, SystemJob, record
from pathways.events import OUTCOMES_TAKEN
from pathways.models import (
    Goal,
    GoalAnswer,
    Measuring,
    OutsideScore,
    Pathway,
    Review,
    ReviewState,
    WellbeingAnswer,
)
from pathways.plans.states import LifeCycle
from pathways.refusals import NotPossible

RowT = TypeVar("RowT", bound=models.Model)
# Goals that one can have come somewhere with.
ASKED_ABOUT = (LifeCycle.ACCEPTED, LifeCycle.ACTIVE, LifeCycle.ON_HOLD, LifeCycle.COMPLETED)


@dataclass(frozen=True)
class Score:
    """What another's tool came to."""

    tool: str
    lowest: Decimal
    highest: Decimal
    score: Decimal
    more_is_better: bool = True


def key_of(review: Review) -> UUID:
    """A review has one sitting, however often its form is sent."""
    return uuid.uuid5(review.pk, "sitting")


@transaction.atomic
def record_sitting(
    *,
    pathway: Pathway,
    by: Actor,
    wellbeing: Mapping[str, int],
    goals: Mapping[UUID, str],
    scores: Iterable[Score] = (),
    taken_on: date | None = None,
    review: Review | None = None,
    key: UUID | None = None,
) -> Measuring | None:
    """Write down what somebody answered; what they left is no row. None when they left everything.

    The same ``key`` is the same sitting. That of a review can be put right until the review is written up.
    """
    current = Pathway.objects.select_for_update(of=("self",)).get(pk=pathway.pk)
    if not isinstance(by, SystemJob):
        check(by, Permission.PATHWAY_COORDINATE, current)
    key = key_of(review) if review is not None else key or uuid.uuid4()
    given = list(scores)
    day = taken_on or timezone.localdate()
    if day > timezone.localdate():
        raise NotPossible(_("The day on which you asked has not come yet."))
    sitting = Measuring.objects.filter(key=key).first()
    if sitting is not None:
        if review is None or review.state == ReviewState.RECORDED:
            return sitting
        _empty(sitting)
    if not wellbeing and not goals and not given:
        return sitting
    if sitting is None:
        sitting = Measuring(key=key, pathway=current, review=review)
    sitting.taken_on = day
    sitting.taken_by = None if isinstance(by, SystemJob) else by
    sitting.full_clean(exclude=["key"])
    sitting.save()
    WellbeingAnswer.objects.bulk_create(
        _checked(WellbeingAnswer(measuring=sitting, question=question, score=score))
        for question, score in wellbeing.items()
    )
    OutsideScore.objects.bulk_create(
        _checked(OutsideScore(measuring=sitting, **vars(score))) for score in given
    )
    _answer_goals(sitting, current, goals)
    record(
        OUTCOMES_TAKEN,
        by=by,
        subject=current.person_id,
        organisation=current.organisation_id,
        details={"measuring": sitting.id},
    )
    return sitting


def goals_to_ask(pathway: Pathway) -> list[Goal]:
    """Those of the plan that is in place or being made, in its order."""
    return list(
        Goal.objects.filter(
            plan__pathway=pathway,
            plan__in=pathway.plans.all().current(),  # type: ignore[attr-defined]
            life_cycle__in=ASKED_ABOUT,
        ).order_by("position", "created_at")
    )


def _answer_goals(sitting: Measuring, pathway: Pathway, goals: Mapping[UUID, str]) -> None:
    """Each answer by itself, and on the goal the last word about it.

    The goal's own row changes without a new version of the plan: how far somebody has come is nothing that
    three people agree to.
    """
    rows = {
        goal.pk: goal
        for goal in Goal.objects.select_for_update().filter(
            plan__pathway=pathway, pk__in=list(goals)
        )
    }
    later = set(
        GoalAnswer.objects.filter(
            goal__in=rows, measuring__taken_on__gt=sitting.taken_on
        ).values_list("goal_id", flat=True)
    )
    for pk, achievement in goals.items():
        if pk not in rows:
            raise NotPossible(_("That goal belongs to another plan."))
        _checked(GoalAnswer(measuring=sitting, goal=rows[pk], achievement=achievement)).save()
        if pk not in later:
            rows[pk].achievement = achievement
            rows[pk].full_clean()
            rows[pk].save(update_fields=["achievement"])


def _empty(sitting: Measuring) -> None:
    sitting.wellbeing.all().delete()
    sitting.goal_answers.all().delete()
    sitting.outside_scores.all().delete()


def _checked(row: RowT) -> RowT:
    """What cannot be is refused by its field's own words, not by the database."""
    row.full_clean(exclude=["measuring", "goal"])
    return row
