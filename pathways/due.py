"""What is due on a pathway, and by which day: the same days on the board and in the calendar.

==========  ============================================================================================
review      booked for a day; else the last day of its window (``Review``)
writing     a review that was held is written up within a week
goal        by when the person wants it, of the plan that is current
window      the end of a kind that lasts some weeks only (reablement)
referral    somebody asked has not answered: six working days after it was sent, about eight days
quiet       nobody has spoken with them for four weeks (contacts, reviews held, the beginning)
==========  ============================================================================================

A pathway that rests has no *quiet* day, and stands below those that go on.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import (
    Case,
    DateField,
    DurationField,
    ExpressionWrapper,
    F,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Greatest, Least, TruncDate
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dcsn.accounts.models import User
from pathways.models import Contact, Goal, Pathway, Review, ReviewState
from pathways.plans.states import Achievement, LifeCycle
from referrals.models import Referral
from referrals.states import UNANSWERED

QUIET_AFTER = timedelta(days=28)
ANSWER_AFTER = timedelta(days=8)
# For the person to see why there are to be fewer hours.
WRITTEN_UP_AFTER = timedelta(days=7)
# How far ahead something counts as "soon".
SOON = timedelta(days=14)

KINDS: dict[str, str | Promise] = {
    "review": _("Review"),
    "writing": _("A review to write up"),
    "goal": _("A goal"),
    "window": _("The weeks end"),
    "referral": _("No answer to a referral"),
    "quiet": _("Not spoken with for four weeks"),
}
_GOING_ON = (LifeCycle.PLANNED, LifeCycle.ACCEPTED, LifeCycle.ACTIVE)
_REACHED = (Achievement.ACHIEVED, Achievement.SUSTAINING)


def with_due(rows: QuerySet[Pathway], user: User) -> QuerySet[Pathway]:
    """Each pathway with ``due_review``, ``due_goal``, … (days or nothing) and ``next_on``, the first."""
    found: Any = rows.annotate(
        due_review=_review(),
        due_writing=_writing(),
        due_goal=_goal(),
        due_window=_window(),
        due_referral=_referral(user),
        spoke_on=_spoke(),
    ).annotate(due_quiet=_quiet())
    return found.annotate(
        next_on=Least(*(F(f"due_{kind}") for kind in KINDS), output_field=DateField())
    )


def by_next(rows: QuerySet[Pathway]) -> QuerySet[Pathway]:
    """What is next comes first; what rests comes last."""
    return rows.order_by(
        F("paused_on").asc(nulls_first=True), F("next_on").asc(nulls_last=True), "started_on", "id"
    )


def _day(expression: Any) -> Cast:
    return Cast(expression, DateField())


def _review() -> Subquery:
    return Subquery(
        Review.objects.to_come()
        .filter(pathway=OuterRef("pk"))
        .annotate(day=Coalesce(TruncDate("booked_for"), F("closes_on")))
        .order_by("day")
        .values("day")[:1]
    )


def _writing() -> Cast:
    held = Subquery(
        Review.objects.filter(pathway=OuterRef("pk"), state=ReviewState.HELD, held_on__isnull=False)
        .order_by("held_on")
        .values("held_on")[:1]
    )
    return _day(held + Value(WRITTEN_UP_AFTER, output_field=DurationField()))


def _goal() -> Subquery:
    return Subquery(
        Goal.objects.filter(
            plan__pathway=OuterRef("pk"),
            plan__ended_at=None,
            due_on__isnull=False,
            life_cycle__in=_GOING_ON,
        )
        .exclude(achievement__in=_REACHED)
        .order_by("due_on")
        .values("due_on")[:1]
    )


def _window() -> Cast:
    weeks = ExpressionWrapper(
        F("kind__lasts_at_most_weeks") * Value(timedelta(weeks=1)), output_field=DurationField()
    )
    return _day(F("started_on") + weeks)


def _referral(user: User) -> Cast:
    oldest = Subquery(
        Referral.objects.sent_by(user)
        .filter(person=OuterRef("person"), state__in=sorted(UNANSWERED))
        .order_by("requested_at")
        .values("requested_at")[:1]
    )
    return _day(TruncDate(oldest) + Value(ANSWER_AFTER, output_field=DurationField()))


def _spoke() -> Greatest:
    contact = (
        Contact.objects.filter(pathway=OuterRef("pk"))
        .exclude(way=Contact.Way.TRIED)
        .order_by("-on")
        .values("on")[:1]
    )
    held = (
        Review.objects.filter(pathway=OuterRef("pk"), held_on__isnull=False)
        .order_by("-held_on")
        .values("held_on")[:1]
    )
    # GREATEST takes no notice of what is null.
    return Greatest(F("started_on"), Subquery(contact), Subquery(held), output_field=DateField())


def _quiet() -> Case:
    return Case(
        When(
            paused_on=None,
            then=_day(F("spoke_on") + Value(QUIET_AFTER, output_field=DurationField())),
        ),
        output_field=DateField(),
    )
