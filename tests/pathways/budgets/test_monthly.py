"""Budgets by month: totals that never change, and no subtraction that finds the money of a few."""

from __future__ import annotations

import csv
import io
import json
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time, timedelta
from itertools import combinations
from pathlib import Path

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from dcsn.audit.models import AppendOnlyError, Event
from dcsn.figures.periods import period_of
from dcsn.figures.shapes import Missing, Pence, Value
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

# Small sums of many and great sums of one, what was taken back, and nought.
_parts = st.lists(
    st.dictionaries(
        st.sampled_from("abcdefghijkl"),
        st.sampled_from((0, 40_00, 50_00, 60_00, 75_00, 1_200_00, 9_000_00, -60_00, -9_000_00)),
        max_size=12,
    ),
    min_size=2,
    max_size=7,
)


def may_be_known(of: Mapping[str, int]) -> bool:
    """Said anew, not as the code says it: of five, and whoever has the second most is a quarter wrong."""
    sizes = sorted((abs(pence) for pence in of.values()), reverse=True)
    if len(sizes) < 5 or not sizes[0]:
        return False
    guess_of_the_first = sum(sizes) - sizes[1]
    return guess_of_the_first > 1.25 * sizes[0]


def summed(parts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    found: Counter[str] = Counter()
    for part in parts:
        for who, pence in part.items():
            found[who] += pence
    return dict(found)


@given(_parts)
def test_what_is_hidden_in_a_month_may_be_known_as_a_whole(parts: list[dict[str, int]]) -> None:
    """The sum is shown: less the parts that are shown, it is what was spent on the hidden parts."""
    cells = protected_parts([Amount(part) for part in parts])
    for part, cell in zip(parts, cells, strict=True):
        assert may_be_known(part) or cell is HIDDEN
    hidden = [part for part, cell in zip(parts, cells, strict=True) if cell is HIDDEN]
    if may_be_known(summed(parts)):
        assert not hidden or may_be_known(summed(hidden))
    else:
        assert len(hidden) == len(parts), "what is shown adds up to no less than is left"


@given(_parts)
def test_no_choice_of_the_shown_gives_what_may_not_be_known(parts: list[dict[str, int]]) -> None:
    """Every sum of shown parts, and what was spent less every such sum. Where nothing was taken back, what
    is safe by itself is safe together with what is safe."""
    parts = [{who: abs(pence) for who, pence in part.items()} for part in parts]
    cells = protected_parts([Amount(part) for part in parts])
    shown_ones = [n for n, cell in enumerate(cells) if cell is not HIDDEN]
    for size in range(1, len(shown_ones) + 1):
        for chosen in combinations(shown_ones, size):
            assert may_be_known(summed(parts[n] for n in chosen))
            rest = [part for n, part in enumerate(parts) if n not in chosen]
            assert not rest or may_be_known(summed(rest))


def test_an_amount_that_is_nearly_all_of_one_is_hidden(budgets: list[Budget]) -> None:
    """Six people, of whom one has 95 in a hundred: the amount would be theirs to within a little."""
    move(budgets[:1], 1_900_000, date(2026, 6, 3), target=COUNCIL)
    move(budgets[1:6], 20_000, date(2026, 6, 3), target=COUNCIL)
    june = of(6)
    assert june.flows[0] is HIDDEN
    assert june.people == 5, "that they are there may be known"
    # When the others have as much together as leaves whoever has the second most a quarter wrong
    move(budgets[6:], 400_000, date(2026, 6, 3), target=COUNCIL)
    assert of(6).flows[0] == Pence(2_800_000)


def test_two_who_have_nearly_all_do_not_learn_of_each_other(budgets: list[Budget]) -> None:
    move(budgets[:2], 500_000, date(2026, 6, 3))
    move(budgets[2:], 10_000, date(2026, 6, 3))
    assert of(6).flows[2] is HIDDEN
    assert set(of(6).kinds) == {HIDDEN}


def test_what_hides_one_who_dominates_is_large_enough_to_hide_them(budgets: list[Budget]) -> None:
    """A break for one, beside a little for everybody: taking the smallest with it would not do."""
    move(budgets[:1], 1_000_000, date(2026, 6, 3), kind="break")
    move(budgets, 5_000, date(2026, 6, 3), kind="travel")
    move(budgets, 160_000, date(2026, 6, 3), kind="days")
    move(budgets, 190_000, date(2026, 6, 3), kind="care")
    june = of(6)
    assert june.flows[2] == Pence(3_840_000)
    assert spent_on(june, SpentOn.TRAVEL) is HIDDEN
    assert spent_on(june, SpentOn.DAYS) is HIDDEN, "less travel, the rest would be the break"
    assert spent_on(june, SpentOn.CARE) == Pence(1_520_000)


def test_what_four_took_back_again_hides_nobody(budgets: list[Budget]) -> None:
    """Five are in it, and the whole amount is of one."""
    move(budgets[:1], 90_000, date(2026, 6, 3))
    for entry in move(budgets[1:6], 70_000, date(2026, 6, 3)):
        move([entry.budget], -70_000, date(2026, 6, 9), reverses=entry)
    assert of(6).flows[2] is HIDDEN
    assert set(of(6).kinds) == {HIDDEN}


def test_no_pair_of_published_tables_gives_the_money_of_a_few(budgets: list[Budget]) -> None:
    """Every table that anybody could have collected, month after month, and every pair of them."""
    twelve = [*budgets, *(BudgetFactory() for _number in range(4))]
    spenders: dict[tuple[date, str], dict[str, int]] = {}

    def spend(month: int, kind: SpentOn, first: int, last: int, of_one: int = 0) -> None:
        pence = 33_300 + month
        day = date(2026, month, 9)
        move(twelve[first:last], pence, day, kind=kind.value)
        spent = {str(one): pence for one in range(first, last)}
        if of_one:
            move(twelve[first : first + 1], of_one, day, kind=kind.value)
            spent[str(first)] += of_one
        spenders[date(2026, month, 1), kind.value] = spent

    great = {8: 9_000_000, 9: 900_000}
    for month in (4, 5, 6, 7, 8, 9):
        spend(month, SpentOn.DAYS, 0, 12)
        spend(month, SpentOn.BREAK, 0, 3 + month % 4)
        spend(month, SpentOn.TRAVEL, 2, 5)
        if month != 7:
            spend(month, SpentOn.CARE, 4, 10, of_one=great.get(month, 0))
        if month > 7:
            spend(month, SpentOn.LEARNING, 0, 12, of_one=100_000)
    collected = [shown(date(2026, month, 1) + timedelta(days=20)) for month in range(6, 13)]
    # The same month, looked at on different days, is the same: nothing to subtract
    for one, other in combinations(collected, 2):
        for earlier, later in zip(one, other, strict=False):
            assert earlier == later
    # And within a month: what was spent, less every choice of shown kinds
    compared = 0
    for month in collected[-1]:
        spent = {kind: of for (first, kind), of in spenders.items() if first == month.first}
        if not spent:
            continue
        cells = dict(zip((kind.value for kind in KINDS), month.kinds, strict=True))
        assert (month.flows[2] is not HIDDEN) == (month.first.month != 8), "in August one dominates"
        shown_kinds = [kind for kind in spent if cells[kind] is not HIDDEN]
        assert month.first.month != 8 or not shown_kinds
        for size in range(len(shown_kinds) + 1):
            for chosen in combinations(shown_kinds, size):
                for known in (chosen, set(spent) - set(chosen) if shown_kinds else ()):
                    assert not known or may_be_known(summed(spent[kind] for kind in known))
                    compared += bool(known)
    assert compared > 20
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
    assert Event.objects.filter(type="budget:months_published").count() == 1, "it happened once"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE pathways_publishedmonth SET cells = '[500]'",
        "UPDATE pathways_publishedmonth SET first = '2020-01-01'",
        "DELETE FROM pathways_publishedmonth",
    ],
)
def test_a_published_month_is_changed_by_nobody(budgets: list[Budget], statement: str) -> None:
    """Neither in Python nor in SQL: deleted, it would be counted anew, of whoever is left."""
    move(budgets, 50_000, date(2026, 6, 3))
    before = monthly(year=YEAR, today=TODAY)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    row = PublishedMonth.objects.get(first=date(2026, 6, 1))
    row.cells = []
    for change in (row.save, row.delete, PublishedMonth.objects.all().delete):
        with pytest.raises(AppendOnlyError):
            change()
    assert monthly(year=YEAR, today=TODAY) == before


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
