"""The clock of the reviews: missed ones are marked, coordinators reminded, and nothing is said twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import connection

from dcsn.audit.models import Event
from dcsn.messages.models import Message
from pathways.actions.pathways import end_pathway
from pathways.models import Pathway, Review
from pathways.reviews.clock import look_after_reviews
from pathways.tasks import reviews
from tests.factories.pathways import PathwayFactory, PlanFactory, ReviewFactory
from tests.factories.user import UserFactory
from tests.pathways.test_reviews import TESTS, held

OPENS, CLOSES = date(2026, 2, 12), date(2026, 2, 26)
pytestmark = pytest.mark.django_db


@pytest.fixture
def review() -> Review:
    pathway = PathwayFactory(coordinator=UserFactory(email="rufus@example.org"))
    return ReviewFactory(
        plan=PlanFactory(pathway=pathway, in_place=True), opens_on=OPENS, closes_on=CLOSES
    )


def subjects() -> list[str]:
    return list(Message.objects.order_by("queued_at").values_list("subject", flat=True))


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2026, 2, 11), []),
        (date(2026, 2, 12), ["A review is due"]),
        (date(2026, 2, 19), ["A review is due within a week"]),
        (date(2026, 2, 26), ["A review is due within a week"]),
        (date(2026, 2, 27), ["A review was missed"]),
    ],
)
def test_what_is_said_on_which_day(review: Review, day: date, said: list[str]) -> None:
    for _run in range(2):
        look_after_reviews(day)
    assert subjects() == said


def test_nothing_personal_is_in_the_message(review: Review) -> None:
    look_after_reviews(date(2026, 2, 27))
    message = Message.objects.get()
    assert message.to_address == "rufus@example.org"
    assert review.pathway.reference in message.body
    assert str(review.pathway.person.family_name) not in message.body + message.subject


def test_that_it_was_missed_stays_when_it_is_held_later(review: Review) -> None:
    for _run in range(2):
        look_after_reviews(date(2026, 2, 27))
    assert Event.objects.filter(type="review:missed").count() == 1
    held(review, on=date(2026, 2, 28))
    review.refresh_from_db()
    assert (review.state, review.missed_on) == ("recorded", date(2026, 2, 27))


def test_one_that_is_booked_is_not_nagged_about_until_it_is_missed(review: Review) -> None:
    Review.objects.update(state="booked", booked_for="2026-02-25T10:00Z")
    look_after_reviews(date(2026, 2, 20))
    assert subjects() == []
    look_after_reviews(date(2026, 2, 27))
    assert subjects() == ["A review was missed"]


def test_of_a_pathway_that_ended_nothing_is_said(review: Review) -> None:
    end_pathway(pathway=review.pathway, end=Pathway.End.GOALS_REACHED, by=TESTS)
    look_after_reviews(date(2026, 2, 27))
    assert subjects() == []


def test_the_task_runs() -> None:
    assert reviews() == 0


@pytest.mark.django_db(transaction=True)
def test_two_clocks_at_once_say_it_once(review: Review) -> None:
    def run(_number: int) -> None:
        try:
            look_after_reviews(date(2026, 2, 27))
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(run, range(4)))
    assert subjects() == ["A review was missed"]
