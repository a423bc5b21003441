"""The commissioner's report: pairs only, nobody in it, and no subtraction finds a few."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from itertools import combinations, product
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from dcsn.figures.periods import Period, period_of
from dcsn.figures.shapes import Line, Missing, Table
from dcsn.figures.small import LEAST
from members.models import Person
from pathways.figures.counting import Counting
from pathways.figures.protecting import Group, protected_group, protected_groups
from pathways.figures.reporting import QUERIES, Report, report_for
from pathways.models import Measuring, Pathway, WellbeingAnswer
from pathways.outcomes.change import Asked, paired_change
from pathways.outcomes.ons4 import ORDER
from tests.conftest import Cast
from tests.pathways.figures.making import WARDS, kinds, many

TODAY = date(2026, 11, 22)
YEAR = period_of("year-2026-04", TODAY)
HIDDEN = Missing.HIDDEN


@pytest.mark.django_db
def test_pairs_are_those_of_the_pure_function() -> None:
    """PostgreSQL against Python, on the same answers."""
    many(120)
    asked: dict[str, list[Asked]] = {}
    for row in WellbeingAnswer.objects.select_related("measuring"):
        asked.setdefault(row.question, []).append(
            Asked(row.measuring.pathway_id, row.measuring.taken_on, row.score)
        )
    counted = {
        row["question"]: row
        for row in Counting(YEAR, date(2026, 11, 1)).change()
        if row["breakdown"] == ""
    }
    for question in ORDER:
        expected, row = paired_change(asked[question]), counted[question]
        assert (row["started"], row["paired"]) == (expected.started, expected.paired)
        assert row["first"] == expected.first * expected.paired
        assert row["latest"] == expected.latest * expected.paired


@pytest.mark.django_db
def test_answers_of_this_month_do_not_count_yet() -> None:
    many(30)
    before = report_for(period=YEAR, today=TODAY)
    for sitting in Measuring.objects.all()[:10]:
        later = Measuring.objects.create(pathway_id=sitting.pathway_id, taken_on=date(2026, 11, 3))
        WellbeingAnswer.objects.create(measuring=later, question="happy", score=10)
    assert report_for(period=YEAR, today=TODAY).tables == before.tables
    assert report_for(period=YEAR, today=date(2026, 12, 1)).tables != before.tables


def test_a_small_group_takes_the_next_smallest_with_it() -> None:
    groups = [Group("a", 40, 30, 150, 180), Group("b", 12, 9, 40, 41), Group("c", 4, 3, 9, 12)]
    lines = protected_groups(groups, total=Group("", 56, 42, 199, 233))
    assert [line.cells[1] for line in lines] == [30, HIDDEN, HIDDEN]
    assert lines[0].cells == (40, 30, HIDDEN, Decimal("5.0"), Decimal("6.0"), Decimal("1.0"))
    assert lines[1].cells == (HIDDEN,) * 6


def test_an_average_at_the_end_of_the_scale_would_tell_of_everybody() -> None:
    line = protected_group(Group("", 20, 12, 60, 120))
    assert line.cells[3:] == (HIDDEN, HIDDEN, HIDDEN)


def test_under_five_pairs_have_no_average() -> None:
    line = protected_group(Group("", 20, 4, 20, 30))
    assert line.cells == (20, *(HIDDEN,) * 5)


_group = st.tuples(st.integers(0, 60), st.integers(0, 60), st.integers(0, 600), st.integers(0, 600))


@given(st.lists(_group, min_size=1, max_size=8))
def test_no_subtraction_within_a_table_tells_of_a_few(
    facts: list[tuple[int, int, int, int]],
) -> None:
    groups = [
        Group(
            f"{n}",
            max(started, paired),
            paired,
            first % (paired * 10 + 1),
            latest % (paired * 10 + 1),
        )
        for n, (started, paired, first, latest) in enumerate(facts)
    ]
    total = Group(
        "",
        *(
            sum(getattr(one, name) for one in groups)
            for name in ("started", "paired", "first", "latest")
        ),
    )
    lines = protected_groups(groups, total=total)
    for column, name in ((0, "started"), (1, "paired"), (2, "lost")):
        hidden = [
            one for one, line in zip(groups, lines, strict=True) if line.cells[column] is HIDDEN
        ]
        together = sum(getattr(one, name) for one in hidden)
        small = {one.label for one in groups if getattr(one, name) < LEAST}
        assert small <= {one.label for one in hidden}
        assert not hidden or len(hidden) == len(groups) or (len(hidden) > 1 and together >= LEAST)
    for one, line in zip(groups, lines, strict=True):
        assert all((cell is HIDDEN) for cell in line.cells[3:]) or one.paired >= LEAST


@pytest.mark.django_db
def test_wards_are_those_in_which_people_lived_when_it_began() -> None:
    many(60)
    counted = {
        row["line"]: row["begun"]
        for row in Counting(YEAR, date(2026, 11, 1)).pathways()
        if row["breakdown"] == "ward"
    }
    true = Counter(Pathway.objects.values_list("ward", flat=True))
    names = {code: f"Ward {code[-1]}" for code in WARDS[:3]}
    assert counted == {names.get(code, code): count for code, count in true.items()}
    table = next(
        table
        for table in report_for(period=YEAR, today=TODAY).tables
        if table.key == "pathways-ward"
    )
    shown = {line.label: line.cells[0] for line in table.lines}
    assert shown["Ward 1"] == 5 * round(true[WARDS[0]] / 5)
    few = {names.get(code, code) for code, count in true.items() if count < LEAST}
    assert few
    assert not few & set(shown), "folded into one line"
    assert table.total is not None
    # When everybody moves or is forgotten, what was published stays as it was
    before = report_for(period=YEAR, today=TODAY).tables
    Person.objects.update(postcode="")
    assert report_for(period=YEAR, today=TODAY).tables == before


@pytest.fixture
def published(db: None) -> list[Report]:
    """Two quarters and the year around them, with few in some lines: all that anybody could collect."""
    three = kinds()
    many(45, of=three)
    many(33, seed=2, began=date(2026, 7, 3), of=three)
    many(3, seed=3, began=date(2026, 10, 1), of=three)
    periods = [YEAR, *(Period(date(2026, month, 1), "quarter") for month in (4, 7, 10))]
    return [report_for(period=period, today=TODAY) for period in periods]


def counts(table: Table) -> list[int]:
    """Every count that stands in it, totals too; averages are no counts."""
    lines: list[Line] = [*table.lines, *([table.total] if table.total else [])]
    return [cell for line in lines for cell in line.cells if type(cell) is int]


def test_no_pair_of_published_tables_gives_a_small_number_by_subtraction(
    published: list[Report],
) -> None:
    tables = [table for report in published for table in report.tables]
    assert len(tables) == 4 * len(published[0].tables)
    assert any(counts(table) for table in tables)
    assert any(counts(table) for table in tables if table.key == "pathways-ward")
    found = 0
    for one, other in combinations(tables, 2):
        for a, b in product(set(counts(one)), set(counts(other))):
            found += 1
            assert abs(a - b) == 0 or abs(a - b) >= LEAST
    assert found > 1000
    for table in tables:
        assert all(count >= LEAST for count in counts(table))
        # A total less what is shown of its lines.
        for n in range(len(table.columns)):
            total = table.total.cells[n] if table.total else HIDDEN
            shown = [line.cells[n] for line in table.lines]
            if type(total) is int and HIDDEN in shown:
                assert sum(cell is HIDDEN for cell in shown) > 1


def test_the_groups_left_out_of_an_average_are_five_at_least(published: list[Report]) -> None:
    """Average times number, less the other averages times theirs, is the sum of those left out."""
    seen = 0
    for report, first in zip(published, (4, 4, 7, 10), strict=True):
        rows = Counting(report.period, date(2026, 11, 1)).change()
        for part in report.closer:
            _change, question, breakdown = part.table.key.split("-")
            true = {
                row["line"]: row["paired"]
                for row in rows
                if (row["question"], row["breakdown"]) == (question, breakdown)
            }
            shown = {line.label for line in part.table.lines if line.cells[3] is not HIDDEN}
            if breakdown == "route" or not shown:
                continue
            left = [count for name, count in true.items() if name not in shown]
            at_an_end = [
                line
                for line in part.table.lines
                if line.cells[3] is HIDDEN and line.cells[1] is not HIDDEN
            ]
            assert at_an_end or sum(left) == 0 or sum(left) >= LEAST
            seen += bool(left)
        assert first
    assert seen


def test_nothing_is_summed_over_the_four_questions(published: list[Report]) -> None:
    change = published[0].tables[0]
    assert len(change.lines) == 4
    assert change.total is None


def test_nobody_is_in_it(
    published: list[Report], cast: Cast, client_as: Callable[..., Client]
) -> None:
    cache.clear()
    with time_machine.travel("2026-11-22 12:00Z", tick=False):
        client = client_as(cast.commissioner)
        page = client.get(reverse("pathways:figures"), {"period": YEAR.code})
        file = client.get(reverse("pathways:figures_csv"), {"period": YEAR.code})
    text = page.content.decode() + file.content.decode()
    person = Measuring.objects.first().pathway.person  # type: ignore[union-attr]
    assert "Did life get better?" in text
    assert "<svg" in text
    for told in (person.family_name, person.given_name, str(person.pk)):
        assert told not in text


@pytest.mark.parametrize("code", ["month-2026-04", "year-2026-05", "nonsense"])
def test_only_the_periods_of_the_list(
    cast: Cast, client_as: Callable[..., Client], code: str
) -> None:
    client = client_as(cast.commissioner)
    assert (
        "Choose a period"
        in client.get(reverse("pathways:figures"), {"period": code}).content.decode()
    )
    assert client.get(reverse("pathways:figures_csv"), {"period": code}).status_code == 404


def test_a_commissioner_sees_no_pathway(cast: Cast, client_as: Callable[..., Client]) -> None:
    client = client_as(cast.commissioner)
    assert client.get(reverse("pathways:caseload")).status_code == 403


@pytest.mark.django_db
def test_as_many_queries_for_many_as_for_few() -> None:
    three = kinds()

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            report_for(period=YEAR, today=TODAY)
        return len(found)

    many(20, of=three)
    assert queries() == QUERIES
    many(400, seed=5, of=three)
    assert queries() == QUERIES


def test_the_page_takes_fifteen_queries_at_most(
    published: list[Report], cast: Cast, client_as: Callable[..., Client]
) -> None:
    client: Any = client_as(cast.commissioner)
    client.get(reverse("accounts:home"))  # the first page of a session writes it down
    cache.clear()
    with CaptureQueriesContext(connection) as found:
        assert client.get(reverse("pathways:figures")).status_code == 200
    assert len(found) <= 15, "\n".join(one["sql"][:120] for one in found)
