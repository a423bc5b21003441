"""Budgets by month: totals that never change, and no subtraction that finds the money of a few."""

from __future__ import annotations

import csv
import io
import json
import uuid
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time, timedelta
from itertools import combinations
from pathlib import Path

import pytest
import time_machine
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from dcsn.audit.models import Event
from dcsn.figures.periods import period_of
from dcsn.figures.shapes import Missing, Pence, Value
from dcsn.figures.small import LEAST
from pathways.budgets.monthly import (
    COLUMNS,
    FLOWS,
    KINDS,
    QUERIES,
    Amount,
    Month,
    counted,
    monthly,
    protected_parts,
)
from pathways.models import (
    Account,
    Budget,
    LedgerEntry,
    LedgerLine,
    Pathway,
    PublishedMonth,
    SpentOn,
)
from pathways.privacy import empty_pathways
from tests.conftest import Cast
from tests.factories.pathways import BudgetFactory

TODAY = date(2026, 11, 22)
YEAR = period_of("year-2026-04", TODAY)
HIDDEN = Missing.HIDDEN
COUNCIL, _PERSON, SPENT, RETURNED = FLOWS


def move(
    budgets: Iterable[Budget],
    pence: int,
    on: date,
    *,
    target: Account = SPENT,
    kind: str = "days",
    written: date | None = None,
    reverses: LedgerEntry | None = None,
) -> list[LedgerEntry]:
    """As the ledger writes it down, on the day ``written``: its own actions know only today."""
    made = []
    for budget in budgets:
        entry = LedgerEntry.objects.create(
            key=uuid.uuid4(),
            budget=budget,
            what="spent" if target == SPENT else "paid-in",
            on=on,
            at=datetime.combine(written or on, time(12), UTC),
            spent_on=kind if target == SPENT and reverses is None else "",
            reverses=reverses,
        )
        sign = -1 if target == COUNCIL else 1
        LedgerLine.objects.create(entry=entry, account=target, pence=sign * pence)
        LedgerLine.objects.create(entry=entry, account=Account.AVAILABLE, pence=-sign * pence)
        made.append(entry)
    return made


def of(month: int, *, today: date = TODAY) -> Month:
    return next(one for one in shown(today) if one.first == date(2026, month, 1))


def shown(today: date = TODAY) -> tuple[Month, ...]:
    return counted(year=YEAR, today=today)


def spent_on(month: Month, kind: SpentOn) -> Value:
    return month.kinds[KINDS.index(kind)]


@pytest.fixture
def budgets(db: None) -> list[Budget]:
    return [BudgetFactory() for _number in range(8)]


def test_months_are_summed_to_the_nearest_hundred_pounds(budgets: list[Budget]) -> None:
    move(budgets, 100_000, date(2026, 6, 3), target=COUNCIL)
    move(budgets[:6], 12_345, date(2026, 6, 30))
    june = of(6)
    assert june.people == 10, "eight, to the nearest five"
    assert june.flows == (Pence(800_000), HIDDEN, Pence(70_000), HIDDEN)
    assert str(june.flows[0]) == "£8,000"
    assert [month.first.month for month in shown()] == [4, 5, 6, 7, 8, 9]
    assert set(of(5).flows) == {HIDDEN}


def test_four_people_are_hidden_however_many_pathways_they_have(budgets: list[Budget]) -> None:
    four = budgets[:4]
    person = four[0].pathway.person
    other = BudgetFactory()
    other.pathway.person = person
    other.pathway.save()
    move([*four, other], 10_000, date(2026, 6, 3))
    assert of(6).flows[2] is HIDDEN
    assert of(6).people is HIDDEN
    move(budgets[4:5], 10_000, date(2026, 6, 3))
    assert of(6).flows[2] == Pence(60_000)


def test_an_erasure_brings_nothing_to_light(budgets: list[Budget]) -> None:
    """One person with two budgets is one person afterwards too, not two of whom nobody knows more."""
    four = budgets[:4]
    person = four[0].pathway.person
    other = BudgetFactory()
    other.pathway.person = person
    other.pathway.save()
    move([*four, other], 10_000, date(2026, 6, 3))
    empty_pathways(Pathway.objects.filter(person=person))
    assert of(6).flows[2] is HIDDEN
    assert of(6).people is HIDDEN
    move(budgets[4:5], 10_000, date(2026, 6, 3))
    assert of(6).flows[2] == Pence(60_000), "the one who was forgotten still counts"


def test_what_was_taken_back_counts_with_what_it_had_been_for(budgets: list[Budget]) -> None:
    made = move(budgets, 30_000, date(2026, 6, 3), kind="break")
    move(budgets, 15_000, date(2026, 6, 4), kind="days")
    move(budgets, 20_000, date(2026, 6, 4), kind="travel")
    for entry in made:
        move([entry.budget], -10_000, date(2026, 6, 9), reverses=entry)
    june = of(6)
    assert june.flows[2] == Pence(8 * 55_000)
    assert spent_on(june, SpentOn.BREAK) == Pence(160_000)
    assert spent_on(june, SpentOn.DAYS) is HIDDEN, "the smallest shown goes with the noughts"
    assert spent_on(june, SpentOn.NONE) is HIDDEN


def test_a_month_that_is_shown_never_changes(budgets: list[Budget]) -> None:
    # Given what was spent in September, some of it written down in October
    move(budgets[:6], 50_000, date(2026, 9, 12))
    move(budgets[6:], 50_000, date(2026, 9, 29), written=date(2026, 10, 4))
    # When October is not over
    # Then September is not shown
    assert [month.first.month for month in shown(date(2026, 10, 31))] == [4, 5, 6, 7, 8]
    before = shown()
    assert of(9).flows[2] == Pence(400_000)
    # And what is written down for it later counts in the month before it was written down
    move(budgets, 70_000, date(2026, 9, 3), written=date(2026, 11, 21))
    move(budgets, 70_000, date(2026, 4, 3), written=date(2026, 11, 21))
    assert shown() == before
    with_october = shown(date(2026, 12, 1))
    assert with_october[:-1] == before
    assert with_october[-1].flows[2] == Pence(8 * 140_000)


def test_a_day_is_londons(budgets: list[Budget]) -> None:
    late = move(budgets, 10_000, date(2026, 6, 30))
    assert late
    # 23:30 UTC on 31 August is September in London: written down in the month after the next
    for budget in budgets:
        entry = LedgerEntry.objects.create(
            key=uuid.uuid4(), budget=budget, what="spent", on=date(2026, 7, 5), spent_on="days",
            at=datetime(2026, 8, 31, 23, 30, tzinfo=UTC),
        )  # fmt: skip
        LedgerLine.objects.create(entry=entry, account=SPENT, pence=25_000)
        LedgerLine.objects.create(entry=entry, account=Account.AVAILABLE, pence=-25_000)
    assert of(7).flows[2] is HIDDEN
    assert of(8).flows[2] == Pence(200_000)


def test_the_year_is_added_up_only_when_no_month_of_it_is_hidden(budgets: list[Budget]) -> None:
    for number in range(12):
        on = date(2026 + (number + 3) // 12, (number + 3) % 12 + 1, 5)
        move(budgets, 100_000, on, target=COUNCIL)
        move(budgets[: 4 if number == 7 else 8], 50_000, on)
    assert monthly(year=YEAR, today=date(2027, 4, 30)).tables[0].total is None, "March is not in it"
    whole = monthly(year=YEAR, today=date(2027, 5, 1))
    assert len(whole.months) == 12
    flows, kinds = whole.tables
    assert flows.total is not None
    assert kinds.total is not None
    people, council, _own, spent, _back = flows.total.cells
    assert people is Missing.NOTHING, "the same people are in many months"
    assert council == Pence(12 * 800_000)
    assert spent is HIDDEN, "else November's four are what is left"
    assert set(kinds.total.cells) == {HIDDEN}


# --- By subtraction -----------------------------------------------------------------------------------

_people = st.frozensets(st.integers(0, 11), max_size=12)


@given(st.lists(_people, min_size=2, max_size=9))
def test_what_is_hidden_in_a_month_is_of_five_people_at_least(who: list[frozenset[int]]) -> None:
    """The sum is shown: less the parts that are shown, it is what the people of the hidden parts spent."""
    parts = [Amount(len(people), 50_000 * len(people)) for people in who]
    cells = protected_parts(parts)
    for people, cell in zip(who, cells, strict=True):
        assert len(people) >= LEAST or cell is HIDDEN
    hidden = [people for people, cell in zip(who, cells, strict=True) if cell is HIDDEN]
    left = frozenset().union(*hidden)
    # Where all are hidden, what is left is the sum itself, which is hidden unless it is of five.
    assert not hidden or len(hidden) == len(who) or len(left) >= LEAST


def test_no_pair_of_published_tables_gives_the_money_of_a_few(budgets: list[Budget]) -> None:
    """Every table that anybody could have collected, month after month, and every pair of them."""
    twelve = [*budgets, *(BudgetFactory() for _number in range(4))]
    spenders: dict[tuple[date, str], set[int]] = {}

    def spend(month: int, kind: SpentOn, first: int, last: int) -> None:
        move(twelve[first:last], 33_300 + month, date(2026, month, 9), kind=kind.value)
        spenders[date(2026, month, 1), kind.value] = set(range(first, last))

    for month in (4, 5, 6, 7, 8, 9):
        spend(month, SpentOn.DAYS, 0, 12)
        spend(month, SpentOn.BREAK, 0, 3 + month % 4)
        spend(month, SpentOn.TRAVEL, 2, 5)
        if month != 7:
            spend(month, SpentOn.CARE, 4, 10)
    collected = [shown(date(2026, month, 1) + timedelta(days=20)) for month in range(6, 13)]
    # The same month, looked at on different days, is the same: nothing to subtract
    for one, other in combinations(collected, 2):
        for earlier, later in zip(one, other, strict=False):
            assert earlier == later
    # And within a month: what was spent, less every choice of shown kinds
    compared = 0
    for month in collected[-1]:
        everybody: set[int] = set()
        for (first, _kind), people in spenders.items():
            everybody |= people if first == month.first else set()
        if not everybody:
            continue
        cells = dict(zip((kind.value for kind in KINDS), month.kinds, strict=True))
        assert month.flows[2] is not HIDDEN
        hidden = set().union(
            *(
                people
                for (first, kind), people in spenders.items()
                if first == month.first and cells[kind] is HIDDEN
            )
        )
        assert len(hidden) >= LEAST
        compared += 1
    assert compared == 6
    # And no amount is exact
    for month in collected[-1]:
        for cell in (*month.flows, *month.kinds):
            assert cell is HIDDEN or int(cell) % 100_00 == 0  # type: ignore[arg-type]


# --- What was published stays -------------------------------------------------------------------------


def test_a_published_month_outlives_an_erasure_and_a_merge(budgets: list[Budget]) -> None:
    move(budgets[:5], 50_000, date(2026, 6, 3))
    before = monthly(year=YEAR, today=TODAY)
    assert before.months[2].flows[2] == Pence(250_000)
    # When two of the five turn out to be one person, which leaves four
    pathway = budgets[0].pathway
    pathway.person = budgets[1].pathway.person
    pathway.save()
    assert of(6).flows[2] is HIDDEN
    empty_pathways(Pathway.objects.filter(pk=budgets[2].pathway_id))
    # Then what was shown is shown, and a month that comes is counted as it is now
    after = monthly(year=YEAR, today=date(2026, 12, 1))
    assert after.months[:-1] == before.months
    assert [row.first.month for row in PublishedMonth.objects.all()] == [4, 5, 6, 7, 8, 9, 10]
    published = Event.objects.filter(type="budget:months_published").order_by("happened_at")
    assert [event.details for event in published] == [
        {"months": 6, "first": "2026-04"},
        {"months": 1, "first": "2026-10"},
    ]


def test_what_is_hidden_is_not_in_the_row(budgets: list[Budget]) -> None:
    move(budgets[:4], 31_400, date(2026, 6, 3))
    monthly(year=YEAR, today=TODAY)
    assert set(PublishedMonth.objects.get(first=date(2026, 6, 1)).cells) == {None}


@pytest.mark.django_db(transaction=True)
def test_six_readers_at_once_publish_a_month_once() -> None:
    budgets = [BudgetFactory() for _number in range(6)]
    with transaction.atomic():
        move(budgets, 50_000, date(2026, 6, 3))

    def read(_reader: int) -> tuple[Month, ...]:
        try:
            return monthly(year=YEAR, today=TODAY).months
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as readers:
        shown_to = list(readers.map(read, range(6)))
    assert all(months == shown_to[0] for months in shown_to)
    assert shown_to[0][2].flows[2] == Pence(300_000)
    assert PublishedMonth.objects.count() == 6


# --- The page and the files ---------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["commissioner", "finance_lead"])
def test_page_csv_and_json_say_the_same(
    budgets: list[Budget], cast: Cast, client_as: Callable[..., Client], role: str
) -> None:
    move(budgets, 123_456, date(2026, 6, 3), target=COUNCIL)
    move(budgets[:4], 77_700, date(2026, 6, 3))
    client = client_as(cast.with_role(role))
    with time_machine.travel("2026-11-22 12:00Z", tick=False):
        page = client.get(reverse("pathways:budget_figures")).content.decode()
        file = client.get(reverse("pathways:budget_figures_csv"), {"year": YEAR.code})
        data = json.loads(client.get(reverse("pathways:budget_figures_json")).content)
    assert "£9,900" in page
    for told in ("3,108", "9,876", budgets[0].pathway.reference, str(budgets[0].pk)):
        assert told not in page + file.content.decode() + json.dumps(data)
    rows = list(csv.DictReader(io.StringIO(file.content.decode("utf-8-sig"))))
    assert list(rows[0]) == COLUMNS
    june = next(row for row in rows if row["month"] == "2026-06")
    assert (june["people"], june["paid_in_council"], june["spent"]) == ("10", "990000", "hidden")
    assert (data["layout"], data["rounded_to"], data["first"]) == (1, 10_000, "2026-04-01")
    june = next(row for row in data["rows"] if row["month"] == "2026-06")
    assert (june["people"], june["paid_in_council"], june["spent"]) == (10, 990_000, None)


@pytest.mark.parametrize("code", ["month-2026-04", "quarter-2026-04", "year-2026-05", "nonsense"])
def test_only_the_years_of_the_list(
    cast: Cast, client_as: Callable[..., Client], code: str
) -> None:
    client = client_as(cast.commissioner)
    page = client.get(reverse("pathways:budget_figures"), {"year": code})
    assert "from the list" in page.content.decode()
    for name in ("budget_figures_csv", "budget_figures_json"):
        assert client.get(reverse(f"pathways:{name}"), {"year": code}).status_code == 404


@pytest.mark.parametrize(
    ("today", "first"), [("2026-05-31", "2025-04-01"), ("2026-06-01", "2026-04-01")]
)
def test_the_usual_year_is_that_of_the_newest_month_shown(
    cast: Cast, client_as: Callable[..., Client], today: str, first: str
) -> None:
    with time_machine.travel(f"{today} 12:00Z", tick=False):
        answer = client_as(cast.commissioner).get(reverse("pathways:budget_figures_json"))
    data = json.loads(answer.content)
    assert data["first"] == first
    assert data["rows"], "some month is there"


def test_the_layout_of_months_is_documented() -> None:
    text = Path("docs/finance-export.md").read_text(encoding="utf-8")
    described = text[text.index("# Totals by month") :]
    columns = [line.split("`")[1] for line in described.splitlines() if line.startswith("| `")]
    assert columns == COLUMNS


def test_as_many_queries_for_many_as_for_few(
    budgets: list[Budget], cast: Cast, client_as: Callable[..., Client]
) -> None:
    def queries(figures: Callable[..., object]) -> int:
        with CaptureQueriesContext(connection) as found:
            figures(year=YEAR, today=TODAY)
        return len(found)

    move(budgets, 1_000, date(2026, 6, 3))
    assert queries(counted) == QUERIES
    for month in (4, 5, 6, 7, 8):
        move(_twice(budgets), 1_000, date(2026, month, 3), kind="break")
    assert queries(counted) == QUERIES
    monthly(year=YEAR, today=TODAY)
    assert queries(monthly) == QUERIES
    client = client_as(cast.commissioner)
    client.get(reverse("accounts:home"))
    with CaptureQueriesContext(connection) as found:
        assert client.get(reverse("pathways:budget_figures")).status_code == 200
    assert len(found) <= 15, "\n".join(one["sql"][:120] for one in found)


def _twice(budgets: Sequence[Budget]) -> list[Budget]:
    return [*budgets, *(BudgetFactory() for _one in budgets)]
