"""What a review found and decided, in sentences to the person: on the screen and on paper."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from pathways.models import Measuring, Review
from pathways.outcomes.ons4 import ORDER, SHORT
from pathways.outcomes.recording import key_of
from pathways.reviews.hours import say_hours


@dataclass(frozen=True)
class Decision:
    answers: list[tuple[str, str]]  # the four questions, then the goals: what, and the answer
    hours: str  # to the person
    their_hours: str  # of the person, to whoever goes with them
    is_fewer: bool


def decision_of(review: Review) -> Decision:
    """Three queries, whatever was said."""
    sitting = (
        Measuring.objects.filter(key=key_of(review))
        .prefetch_related("wellbeing", "goal_answers__goal")
        .first()
    )
    answers: list[tuple[str, str]] = []
    if sitting is not None:
        scores = {row.question: row.score for row in sitting.wellbeing.all()}
        answers = [
            (str(SHORT[question]), _("%(score)d of 10") % {"score": scores[question.value]})
            for question in ORDER
            if question.value in scores
        ]
        answers += [
            (row.goal.words, str(row.get_achievement_display()).capitalize())
            for row in sitting.goal_answers.all()
        ]
    return Decision(answers, _hours(review), _their_hours(review), review.is_fewer)


def _hours(review: Review) -> str:
    before, after = review.minutes_before, review.minutes_after
    if after is None:
        return ""
    if before is None or before == after:
        return _("You get %(hours)s of paid support.") % {"hours": say_hours(after)}
    words = (
        _("You get more hours of paid support: %(after)s, instead of %(before)s.")
        if after > before
        else _("You get fewer hours of paid support: %(after)s, instead of %(before)s.")
    )
    return words % {"after": say_hours(after), "before": say_hours(before)}


def _their_hours(review: Review) -> str:
    before, after = review.minutes_before, review.minutes_after
    if after is None:
        return ""
    if before is None or before == after:
        return _("%(hours)s of paid support.") % {"hours": say_hours(after)}
    words = (
        _("More hours of paid support: %(after)s, instead of %(before)s.")
        if after > before
        else _("Fewer hours of paid support: %(after)s, instead of %(before)s.")
    )
    return words % {"after": say_hours(after), "before": say_hours(before)}
