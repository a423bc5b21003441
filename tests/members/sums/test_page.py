"""The page of the sums and its file."""

from __future__ import annotations

import csv
import io
import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from members.models import Payment, Term
from members.payments.desk import take_at_desk
from members.sums import study
from members.sums.assumptions import address_of
from tests.conftest import Cast
from tests.factories.membership import PlanFactory, membership
from tests.factories.person import PersonFactory, access_point

pytestmark = pytest.mark.django_db
PAGE, FILE = "/desk/sums/", "/desk/sums/sums.csv"
ClientAs = Callable[..., Client]


@pytest.fixture
def officer(cast: Cast, client_as: ClientAs) -> Client:
    return client_as(cast.membership_officer)


def text_of(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined]


def test_the_studys_sums_are_shown_with_what_it_prints_and_why(officer: Client) -> None:
    page = text_of(officer.get(PAGE))
    for said in (
        "£650,943.60",
        "£12,750",
        "£638,193.60",
        "£263,026",
        "£263,022",
        "£1,035,300",
        "£387,917.60 more than it prints",
    ):
        assert said in page


def test_the_studys_case_can_be_worked_out_from_its_address(officer: Client) -> None:
    page = officer.get(f"{PAGE}?{address_of(study.STUDY)}")
    lines = page.context["forecast"][0].lines
    assert [str(cell) for cell in lines[0].cells[:3]] == ["£650,943.60", "£12,750", "£638,193.60"]


def test_what_holds_today_is_assumed_at_first(officer: Client) -> None:
    plan = PlanFactory(position=1)
    for _number in range(6):
        membership(plan=plan, joined=timezone.localdate() - timedelta(days=20))
    for _number in range(2):
        membership(
            plan=plan,
            joined=timezone.localdate() - timedelta(days=20),
            source=Term.Source.CONCESSION,
        )
    first = officer.get(PAGE).context["forecast"][0].lines[0]
    assert first.cells[5:7] == (8, 6)
    assert str(first.cells[1]) == "£60"


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("price=ten", "Enter an amount in pounds"),
        ("staying=101", "less than or equal to 100"),
        ("years=11", "less than or equal to 10"),
        ("members=-1", "greater than or equal to 0"),
    ],
)
def test_what_cannot_be_read_is_said(officer: Client, query: str, said: str) -> None:
    page = text_of(officer.get(f"{PAGE}?{query}"))
    assert "There is a problem" in page
    assert said in page


def test_the_file_has_every_table_and_money_in_pounds(officer: Client) -> None:
    membership(joined=timezone.localdate() - timedelta(days=20))
    response = officer.get(f"{FILE}?{address_of(study.STUDY)}")
    rows = list(csv.reader(io.StringIO(text_of(response).lstrip("\ufeff"))))
    found = {(row[0], row[1], row[2]): row[3] for row in rows[1:]}
    assert found["What it might be", "Year 1", "income"] == "650943.60"
    assert found["What is assumed", "Price of an hour", ""] == "6.32"
    assert {row[0] for row in rows[1:]} >= {
        "Members by plan and state",
        "Who stays, by when they joined",
        "Income by month",
        "How members came by their year",
        "The safety net, the last twelve months",
        "What it might be",
        "The study’s own sums, checked",
    }


@pytest.mark.parametrize("by", ["year", "month"])
def test_twice_the_members_are_no_more_queries(cast: Cast, officer: Client, by: str) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    hub = access_point(cast.organisation_id)
    plans = [PlanFactory() for _number in range(2)]

    def more(count: int) -> None:
        for number in range(count):
            row = membership(
                plan=plans[number % 2],
                person=PersonFactory(organisation=hub),
                source=None,
            )
            take_at_desk(
                key=uuid.uuid4(),
                membership=row,
                plan_terms=row.plan_terms,
                amount_pence=1000,
                method=Payment.Method.CASH,
                by=cast.access_point_staff,
            )

    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert officer.get(f"{PAGE}?by={by}").status_code == 200
        return len(caught)

    more(3)
    officer.get(PAGE)
    few = queries()
    more(12)
    assert queries() == few
    assert few <= 20
