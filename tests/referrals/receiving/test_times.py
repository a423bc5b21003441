"""How long services take to answer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from referrals.actions.moving import Saying, move_referral
from referrals.models import Referral
from referrals.replies.times import ReplyTime, reply_times
from referrals.states import Party, Reason, State, Via
from tests.factories.referral import TESTS, referral
from tests.factories.service import ServiceFactory

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


def answered_after(service, days: int, to: str = State.ACCEPTED) -> Referral:
    """Asked on a Monday, answered so many calendar days later."""
    with time_machine.travel(MONDAY, tick=False):
        row = referral(state=State.REQUESTED, service=service)
    with time_machine.travel(MONDAY + timedelta(days=days), tick=False):
        return move_referral(
            referral=row,
            to=to,
            by=TESTS,
            saying=Saying(
                Party.RECEIVER,
                via=Via.SYSTEM,
                reason_code=Reason.NO_CAPACITY if to == State.REJECTED else "",
            ),
        )


@pytest.fixture(autouse=True)
def _in_the_spring():
    with time_machine.travel(MONDAY + timedelta(days=60), tick=False):
        yield


def test_the_median_is_in_working_days_and_counts_a_refusal_as_an_answer():
    service = ServiceFactory()
    answered_after(service, 1)
    answered_after(service, 7, State.REJECTED)  # the next Monday: 5 working days
    answered_after(service, 2, State.RECEIVED)
    assert reply_times([service.id]) == {service.id: ReplyTime(2.0, 3)}


def test_a_second_word_does_not_count_as_another_answer():
    service = ServiceFactory()
    for _number in range(3):
        row = answered_after(service, 1, State.RECEIVED)
        move_referral(
            referral=row,
            to=State.ACCEPTED,
            by=TESTS,
            saying=Saying(Party.RECEIVER, via=Via.SYSTEM),
        )
    assert reply_times([service.id])[service.id] == ReplyTime(1.0, 3)


def test_nothing_is_said_of_fewer_than_three():
    service = ServiceFactory()
    answered_after(service, 1)
    answered_after(service, 1)
    assert reply_times([service.id]) == {}


def test_what_is_older_than_a_year_does_not_count():
    service = ServiceFactory()
    for _number in range(3):
        answered_after(service, 1)
    with time_machine.travel(MONDAY + timedelta(days=366), tick=False):
        assert reply_times([service.id]) == {}


def test_entered_by_mistake_and_unanswered_ones_do_not_count():
    service = ServiceFactory()
    for _number in range(2):
        answered_after(service, 1)
    mistaken = answered_after(service, 1)
    move_referral(
        referral=mistaken,
        to=State.ENTERED_IN_ERROR,
        by=TESTS,
        saying=Saying(Party.REQUESTER, via=Via.SYSTEM),
    )
    referral(state=State.REQUESTED, service=service)
    assert reply_times([service.id]) == {}


def test_one_query_for_many_services_and_none_for_none(django_assert_num_queries):
    services = ServiceFactory.create_batch(3)
    for service in services:
        for _number in range(3):
            answered_after(service, 1)
    with django_assert_num_queries(1):
        assert set(reply_times([one.id for one in services])) == {one.id for one in services}
    with django_assert_num_queries(0):
        assert reply_times([]) == {}


def test_in_words():
    assert ReplyTime(0.0, 3).words == "usually answers on the same day"
    assert ReplyTime(0.5, 4).words == "usually answers in about 1 working day"
    assert ReplyTime(2.5, 4).words == "usually answers in about 3 working days"
    assert timezone.now() > MONDAY
