"""The tables of the sums against memberships and money that are known one by one."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import pytest
import time_machine
from dateutil.relativedelta import relativedelta
from django.utils import timezone

from dcsn.figures.shapes import Missing, Pence, Share, Table
from members.actions.memberships import apply_source, end_membership
from members.models import Concession, Membership, Payment, Status, Term
from members.payments.desk import take_at_desk, void_payment
from members.sums import counting
from tests.conftest import Cast
from tests.factories.membership import TESTS, PlanFactory, membership
from tests.factories.person import PersonFactory, access_point

pytestmark = pytest.mark.django_db
at = partial(time_machine.travel, tick=False)
TODAY = date(2026, 11, 22)


def cells(table: Table) -> dict[str, tuple[Any, ...]]:
    return {line.label: line.cells for line in table.lines}


def renewed(row: Membership, on: date) -> None:
    apply_source(
        membership=row, source=Term.Source.PAYMENT, source_id=uuid.uuid4(), by=TESTS, on=on
    )


@pytest.mark.parametrize("ends_in", [-400, -31, -30, -29, -1, 0, 1, 200, 290, 364])
@pytest.mark.parametrize("day", [date(2026, 11, 22), date(2028, 2, 29), date(2027, 3, 31)])
def test_the_status_in_sql_is_the_status_in_python(ends_in: int, day: date) -> None:
    row = membership(joined=day + timedelta(days=ends_in + 1) - relativedelta(years=1))
    found = Membership.objects.with_status(day).get(pk=row.pk)
    assert found.status_then == row.status(day)


def test_stored_states_and_waiting_ones_too() -> None:
    waiting = membership(source=None)
    ended = membership(joined=TODAY - timedelta(days=10))
    end_membership(membership=ended, stored=Status.CANCELLED, by=TESTS)
    found = dict(Membership.objects.with_status(TODAY).values_list("pk", "status_then"))
    assert found == {waiting.pk: Status.PENDING, ended.pk: Status.CANCELLED}


def test_members_by_plan_and_state() -> None:
    one, other = PlanFactory(name="One", position=1), PlanFactory(name="Other", position=2)
    for days in (10, 20, 200):
        membership(plan=one, joined=TODAY - timedelta(days=days))
    membership(plan=other, joined=TODAY - timedelta(days=380))
    membership(plan=other, joined=TODAY - timedelta(days=500))
    table = counting.by_plan_and_state(TODAY)
    order = list(Status)
    new, current = order.index(Status.NEW), order.index(Status.CURRENT)
    grace, expired = order.index(Status.GRACE), order.index(Status.EXPIRED)
    assert cells(table)["One"][new] == 2
    assert cells(table)["One"][current] == 1
    assert cells(table)["Other"][grace] == 1
    assert cells(table)["Other"][expired] == 1
    assert table.total is not None
    assert sum(table.total.cells) == 5
    assert counting.members_of(table) == 4


def test_who_stays_counts_only_those_whose_day_has_come() -> None:
    # Given three who joined in 2024: one went on for two years, one for one, one stopped
    joined = date(2024, 3, 1)
    rows = [membership(joined=joined) for _number in range(3)]
    renewed(rows[0], date(2025, 2, 20))
    renewed(rows[0], date(2026, 2, 20))
    renewed(rows[1], date(2025, 2, 20))
    # And two who joined at the end of 2025, whose first year is over for one of them, who left
    membership(joined=date(2025, 11, 1))
    membership(joined=date(2025, 12, 24))
    table = cells(counting.retention(TODAY, by="year"))
    assert table["2024"] == (
        Share(2, 3),
        Share(1, 3),
        Missing.NOTHING,
        3,
    )
    assert table["2025"][0] == Share(0, 1)
    assert table["2025"][-1] == 2
    assert counting.staying_percent(counting.retention(TODAY, by="year")) == 50


def test_who_comes_back_after_a_gap_had_not_stayed_on_the_day() -> None:
    row = membership(joined=date(2024, 3, 1))
    renewed(row, date(2025, 9, 1))
    table = cells(counting.retention(TODAY, by="year"))
    assert table["2024"][0] == Share(0, 1)
    # But two years after joining they were there.
    assert table["2024"][1] == Share(1, 1)


def test_whoever_left_did_not_stay_though_the_year_was_paid() -> None:
    row = membership(joined=date(2024, 3, 1))
    renewed(row, date(2025, 2, 20))
    end_membership(membership=row, stored=Status.CANCELLED, by=TESTS, on=date(2025, 2, 25))
    assert cells(counting.retention(TODAY, by="year"))["2024"][0] == Share(0, 1)


def test_cohorts_by_month() -> None:
    membership(joined=date(2025, 10, 5))
    membership(joined=date(2025, 11, 5))
    table = cells(counting.retention(TODAY, by="month"))
    assert table["October 2025"] == (Share(0, 1), Missing.NOTHING, 1)
    assert "November 2025" in table


@pytest.fixture
def pay(cast: Cast) -> Callable[..., Payment]:
    def pay(pence: int) -> Payment:
        hub = access_point(cast.organisation_id)
        row = membership(person=PersonFactory(organisation=hub), source=None)
        return take_at_desk(
            key=uuid.uuid4(),
            membership=row,
            plan_terms=row.plan_terms,
            amount_pence=pence,
            method=Payment.Method.CASH,
            by=cast.access_point_staff,
        )

    return pay


def test_income_by_month_is_the_journals(cast: Cast, pay: Callable[..., Payment]) -> None:
    with at(datetime(2026, 7, 31, 23, 30, tzinfo=UTC)):  # in London it is August already
        pay(1000)
    with at(datetime(2026, 11, 5, 12, tzinfo=UTC)):
        pay(500)
        void_payment(payment=pay(9900), reason="Typed wrong", by=cast.access_point_staff)
    table = cells(counting.income_by_month(TODAY))
    assert table["Aug 2026"][:2] == (Pence(1000), Pence(1000))
    assert table["Nov 2026"][:2] == (Pence(500), Pence(500))
    total = counting.income_by_month(TODAY).total
    assert total is not None
    assert total.cells[0] == 1500
    assert len(table) == counting.MONTHS_SHOWN


def test_money_that_went_back_stands_below_nought(cast: Cast, pay: Callable[..., Payment]) -> None:
    with at(datetime(2026, 10, 5, 12, tzinfo=UTC)):
        payment = pay(1000)
    with at(datetime(2026, 11, 5, 12, tzinfo=UTC)):
        void_payment(payment=payment, reason="Typed wrong", by=cast.access_point_staff)
    table = cells(counting.income_by_month(TODAY))
    assert table["Nov 2026"][0] == -1000
    assert str(table["Nov 2026"][0]) == "−£10"


def test_few_who_pay_nothing_are_not_shown_nor_given_away() -> None:
    for _number in range(12):
        membership(joined=TODAY - timedelta(days=5))
    for _number in range(2):
        membership(joined=TODAY - timedelta(days=5), source=Term.Source.CONCESSION)
    table, free = counting.by_source(TODAY)
    shown = cells(table)
    assert shown["the safety net"] == (Missing.HIDDEN,)
    # The total is shown, so what is hidden together is five at least.
    assert shown["a payment"] == (Missing.HIDDEN,)
    assert (free.part, free.of) == (2, 14)


def test_many_are_shown() -> None:
    for source, count in ((Term.Source.PAYMENT, 7), (Term.Source.CONCESSION, 6)):
        for _number in range(count):
            membership(joined=TODAY - timedelta(days=5), source=source)
    table, _free = counting.by_source(TODAY)
    # Two gifts or carers' cards are nought each: hidden with the smallest that is shown.
    assert cells(table)["a payment"] == (7,)
    assert table.total is not None
    assert table.total.cells == (13,)


def test_the_safety_net_counts_the_last_year() -> None:
    for _number in range(6):
        Concession.objects.create(
            membership=membership(source=None), via="desk", asked_at=timezone.now()
        )
    Concession.objects.create(
        membership=membership(source=None),
        via="desk",
        asked_at=timezone.now() - timedelta(days=400),
    )
    table = counting.safety_net(timezone.localdate())
    assert table.total is not None
    assert table.total.cells == (6,)
