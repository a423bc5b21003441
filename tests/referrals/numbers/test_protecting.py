"""Nothing that is published says, or lets anybody work out, a count under five."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dcsn.figures.periods import current, period_of
from dcsn.figures.small import LEAST
from referrals.models import Enquiry
from referrals.numbers.protecting import protected, rounded
from referrals.numbers.reporting import report_of_network
from referrals.numbers.shapes import Figure, Line, Missing, Report, Table, Unit
from tests.factories.person import access_point
from tests.referrals.numbers.sending import TODAY, at

PERIOD = period_of("quarter-2026-07", TODAY)
HIDDEN, NOTHING = Missing.HIDDEN, Missing.NOTHING


def of_table(counts: list[int], *, total: bool = True, fold: bool = False) -> Table:
    lines = tuple(Line(f"line {n}", (count,)) for n, count in enumerate(counts))
    whole = Line("all", (sum(counts),)) if total else None
    table = Table("t", "T", "all", "Line", ("Count",), lines, whole, fold=fold)
    return protected(Report(PERIOD, "x", (), (table,), is_empty=False)).tables[0]


def cells(table: Table) -> list[object]:
    return [line.cells[0] for line in table.lines]


def of_figure(**facts: object) -> Figure:
    figure = Figure("f", "F", "all", **{"now": 0, "before": 0, **facts})
    return protected(Report(PERIOD, "x", (figure,), (), is_empty=False)).figures[0]


@pytest.mark.parametrize(
    ("count", "shown"),
    [
        (0, HIDDEN),
        (1, HIDDEN),
        (4, HIDDEN),
        (5, 5),
        (7, 5),
        (8, 10),
        (12, 10),
        (13, 15),
        (1203, 1205),
    ],
)
def test_small_counts_are_hidden_nought_too_and_others_are_rounded(count, shown):
    assert rounded(count) == shown


def test_one_small_line_takes_the_next_smallest_with_it():
    assert cells(of_table([30, 3, 12, 20])) == [30, HIDDEN, HIDDEN, 20]
    # Two small ones of four together would still say that there were four.
    assert cells(of_table([30, 3, 1, 12, 20])) == [30, HIDDEN, HIDDEN, HIDDEN, 20]
    # Two small ones that are five together hide each other.
    assert cells(of_table([30, 3, 2, 12, 20])) == [30, HIDDEN, HIDDEN, 10, 20]


def test_without_a_total_nothing_can_be_taken_from_it():
    assert cells(of_table([30, 3, 12], total=False)) == [30, HIDDEN, 10]


def test_everything_small_is_hidden_altogether():
    table = of_table([1, 2])
    assert cells(table) == [HIDDEN, HIDDEN]
    assert table.total.cells == (HIDDEN,)


def test_lines_that_show_nothing_are_put_together():
    table = of_table([30, 3, 2, 12], fold=True)
    assert [line.label for line in table.lines] == ["line 0", "line 3", "All others together (2)"]
    assert cells(table) == [30, 10, 5]


@given(st.lists(st.integers(0, 60), min_size=1, max_size=12))
def test_no_subtraction_within_a_table_tells_a_small_count(counts):
    """Whoever knows the rounding knows each shown number to within two, and no more: what is left for
    the hidden ones must allow several values for each of them, or be five at least together."""
    table = of_table(counts)
    hidden = [n for n, cell in enumerate(cells(table)) if cell is HIDDEN]
    assert {n for n, count in enumerate(counts) if count < LEAST} <= set(hidden)
    if not hidden:
        return
    together = sum(counts[n] for n in hidden)
    assert len(hidden) == len(counts) or (len(hidden) > 1 and together >= LEAST)
    shown = [cell for cell in cells(table) if cell is not HIDDEN]
    total = table.total.cells[0]
    if total is not HIDDEN:
        least = max(0, total - 2 - sum(cell + 2 for cell in shown))
        most = total + 2 - sum(cell - 2 for cell in shown)
        assert most - least >= 4
        assert least <= together <= most


def test_shares_are_hidden_where_few_did_or_few_did_not():
    def share(part: int, of: int) -> object:
        return of_figure(
            now=round(100 * part / of), unit=Unit.PERCENT, part=(part, 0), of=(of, 0)
        ).now

    assert share(3, 40) is HIDDEN
    assert share(38, 40) is HIDDEN
    assert share(40, 40) is HIDDEN
    assert share(2, 4) is HIDDEN
    assert share(12, 40) == 25  # of the rounded counts, 10 of 40: nothing more than those say
    assert of_figure(now=NOTHING, unit=Unit.PERCENT).now is NOTHING


def test_what_is_measured_needs_five_and_nothing_is_not_hidden():
    assert of_figure(now=3, unit=Unit.DAYS, of=(4, 0)).now is HIDDEN
    assert of_figure(now=3, unit=Unit.DAYS, of=(5, 0)).now == 3
    assert of_figure(now=Decimal("3.13"), unit=Unit.EACH, part=(1170, 0), of=(374, 0)).now == (
        Decimal("3.12")  # 1,170 of 375
    )
    assert of_figure(now=Decimal("4.00"), unit=Unit.EACH, part=(12, 0), of=(3, 0)).now is HIDDEN
    assert of_figure(before=NOTHING, unit=Unit.DAYS).before is NOTHING


def test_what_it_was_worked_out_from_is_not_carried_along():
    figure = of_figure(now=25, unit=Unit.PERCENT, part=(12, 0), of=(40, 0))
    assert (figure.part, figure.of) == ((0, 0), (0, 0))


@pytest.fixture
def published(db) -> list[Report]:
    """The figures of every month, the quarter and the year of a network where one ward, one channel and one
    month have a single enquiry, as anybody could collect them."""
    hubs = [access_point(), access_point()]
    rows = []
    for month, ward, channel, count in (
        (7, "E05000001", "phone", 31), (7, "E05000002", "walk-in", 12), (7, "E05000003", "post", 1),
        (8, "E05000001", "phone", 23), (8, "E05000002", "walk-in", 3),
        (9, "E05000001", "phone", 17), (9, "E05000003", "email", 6), (9, "E05000002", "visit", 8),
    ):  # fmt: skip
        for number in range(count):
            day = date(2026, month, 1 + number % 28)
            rows.append(
                Enquiry(
                    organisation=hubs[number % 2], state="answered", channel=channel, ward=ward,
                    started_at=at(day), finished_at=at(day, 12), unmet=number % 3 == 0,
                )
            )  # fmt: skip
    Enquiry.objects.bulk_create(rows)
    codes = ("month-2026-07", "month-2026-08", "month-2026-09", "quarter-2026-07", "year-2026-04")
    return [
        protected(report_of_network(name="x", period=period_of(code, TODAY), today=TODAY))
        for code in codes
    ]


def test_taking_any_published_table_from_any_other_gives_no_small_count(published):
    """A month from its quarter, a ward from the total, this period from the one before: the difference
    of two published numbers is a multiple of five, each of which stands for several true numbers."""
    tables = [
        (report.period.code, table.key, [cell for line in (*table.lines, *filter(None, [table.total]))
                                         for cell in line.cells if not isinstance(cell, Missing)])
        for report in published
        for table in report.tables
    ]  # fmt: skip
    counts = [
        (report.period.code, "figures", [figure.now for figure in report.figures
                                         if figure.unit is Unit.COUNT and figure.now is not HIDDEN])
        for report in published
    ]  # fmt: skip
    numbers = [kept for kept in (*tables, *counts) if kept[2]]
    assert len(numbers) > 10
    for one, other in combinations(numbers, 2):
        for here in one[2]:
            for there in other[2]:
                assert abs(here - there) % 5 == 0
                assert here >= LEAST


def test_what_is_hidden_in_a_month_cannot_be_had_from_the_quarter(published):
    months, quarter = published[:3], published[3]

    def shown(report: Report) -> dict[str, object]:
        table = next(one for one in report.tables if one.key == "wards")
        return {line.label: line.cells[1] for line in table.lines}

    # August had three enquiries in this ward, which are hidden there; July and September show theirs.
    august = shown(months[1])
    assert august.get("E05000002", HIDDEN) is HIDDEN
    whole = shown(quarter)["E05000002"]
    assert whole == 25  # twelve, three and eight are 23
    known = [shown(month).get("E05000002") for month in (months[0], months[2])]
    if all(isinstance(count, int) for count in known):
        least = whole - 2 - sum(count + 2 for count in known)
        most = whole + 2 - sum(count - 2 for count in known)
        assert most - least >= 8
    # The one letter of July is nowhere.
    for report in published:
        channels = next(one for one in report.tables if one.key == "channels")
        assert {line.label: line.cells[0] for line in channels.lines}["Wrote a letter"] is HIDDEN


def test_a_period_with_next_to_nothing_shows_nothing(db):
    Enquiry.objects.create(organisation=access_point(), started_at=at(TODAY))
    report = report_of_network(name="x", period=current("month", TODAY), today=TODAY)
    assert not report.is_empty
    kept = protected(report)
    assert {figure.now for figure in kept.figures} <= {HIDDEN, NOTHING}
    assert all(
        isinstance(cell, Missing)
        for table in kept.tables
        for line in table.lines
        for cell in line.cells
    )
