"""Reviews set themselves, open with outcomes, and do not cut hours in silence."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from dcsn.audit import SystemJob
from pathways.actions.reviews import ask_for_review, book, set_next, write_up
from pathways.models import Plan, Review, ReviewState
from pathways.refusals import ChangedMeanwhile, NotPossible, ReasonNotSeen
from tests.factories.pathways import PlanFactory

TESTS = SystemJob("tests")
pytestmark = pytest.mark.django_db


@pytest.fixture
def plan() -> Plan:
    return PlanFactory(in_place=True)


@pytest.fixture
def review(plan: Plan) -> Review:
    row = set_next(plan=plan, changed_on=date(2026, 1, 1))
    assert row is not None
    return row


def held(review: Review, **facts: Any) -> Review:
    on = facts.pop("on", date(2026, 2, 20))
    with time_machine.travel("2026-03-01", tick=False):
        return write_up(
            review=review, held_on=on, facts={"better": "She sleeps.", **facts}, by=TESTS
        )


def test_the_first_is_six_to_eight_weeks_after_the_start(review: Review) -> None:
    assert (review.opens_on, review.closes_on) == (date(2026, 2, 12), date(2026, 2, 26))
    assert review.is_missed(date(2026, 2, 27))
    assert not review.is_missed(date(2026, 2, 26))


def test_the_next_is_within_a_year_of_the_one_held(plan: Plan, review: Review) -> None:
    held(review)
    following = Review.objects.filter(plan=plan).to_come().get()
    assert following.closes_on == date(2027, 2, 20)


def test_a_change_moves_the_one_that_waits(plan: Plan, review: Review) -> None:
    set_next(plan=plan, changed_on=date(2026, 2, 1))
    moved = Review.objects.filter(plan=plan).to_come().get()
    assert (moved.pk, moved.opens_on) == (review.pk, date(2026, 3, 15))


def test_one_that_is_booked_stays(plan: Plan, review: Review) -> None:
    book(review=review, at=datetime(2026, 2, 20, 10, tzinfo=UTC), where="At home", by=TESTS)
    set_next(plan=plan, changed_on=date(2026, 2, 1))
    assert Review.objects.get(pk=review.pk).opens_on == date(2026, 2, 12)


def test_anybody_may_ask_for_one_and_the_next_stays_where_it_is(plan: Plan, review: Review) -> None:
    for _click in range(2):
        ask_for_review(plan=plan, asked_by="Her daughter", by=TESTS, today=date(2026, 1, 20))
    first, second = Review.objects.filter(plan=plan).to_come()
    assert (first.why, first.closes_on) == (Review.Why.ASKED, date(2026, 2, 17))
    assert second == review


def test_outcomes_come_first(review: Review) -> None:
    with pytest.raises(ValidationError, match="got better"):
        held(review, better="", minutes_after=60)


@pytest.mark.parametrize(
    "facts",
    [
        {},
        {"fewer_because": "She walks again."},
        {"reason_seen_on": date(2026, 2, 20), "reason_seen_how": "read"},
        {"fewer_because": "She walks again.", "reason_seen_on": date(2026, 2, 20)},
    ],
)
def test_fewer_hours_are_refused_until_the_person_has_seen_why(
    review: Review, facts: dict[str, Any]
) -> None:
    with pytest.raises(ReasonNotSeen):
        held(review, minutes_before=840, minutes_after=600, **facts)
    assert Review.objects.get(pk=review.pk).state == ReviewState.DUE


def test_fewer_hours_with_a_reason_seen_are_recorded(review: Review) -> None:
    done = held(
        review,
        minutes_before=840,
        minutes_after=600,
        fewer_because="She walks again.",
        reason_seen_on=date(2026, 2, 20),
        reason_seen_how="read-out",
    )
    assert done.state == ReviewState.RECORDED


def test_the_database_refuses_it_too(review: Review) -> None:
    with pytest.raises(IntegrityError, match="pathways_fewer_hours_have_a_reason_seen"):
        Review.objects.filter(pk=review.pk).update(
            state="recorded",
            held_on=date(2026, 2, 20),
            recorded_at=datetime(2026, 2, 20, tzinfo=UTC),
            better="x",
            minutes_before=2,
            minutes_after=1,
        )


def test_more_hours_need_no_reason(review: Review) -> None:
    assert held(review, minutes_before=600, minutes_after=840).state == ReviewState.RECORDED


def test_written_up_twice_is_once_and_otherwise_refused(review: Review) -> None:
    held(review)
    held(review)
    with pytest.raises(ChangedMeanwhile):
        held(review, better="Nothing.")


def test_nothing_is_written_up_before_it_was_held(review: Review) -> None:
    with pytest.raises(NotPossible):
        held(review, on=date(2026, 3, 2))
