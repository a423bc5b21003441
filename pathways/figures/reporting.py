"""From the queries to the commissioner's report: protected before it leaves here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from dcsn.figures.charts import picture_of
from dcsn.figures.periods import Period
from dcsn.figures.protecting import protected_table
from dcsn.figures.shapes import Chart, Line, Missing, Table, Value
from pathways.figures.counting import BREAKDOWNS, COUNTED_BY, Counting, Row
from pathways.figures.protecting import Group, protected_group, protected_groups
from pathways.models import Eligibility, PathwayKind, Route, Source
from pathways.outcomes.ons4 import HIGHEST, LOWEST, ORDER, SHORT, Question

# Of each breakdown: what a row is found by, and what it is called.
Lines = dict[str, list[tuple[str, str]]]
# Queries that a report takes, however many pathways there are; a test holds it to that.
QUERIES = 6


@dataclass(frozen=True)
class Part:
    """A table, and its picture where it has one."""

    table: Table
    picture: SafeString


@dataclass(frozen=True)
class Report:
    period: Period
    as_at: date
    parts: tuple[Part, ...]  # what everybody reads
    closer: tuple[Part, ...]  # the paired change by each breakdown
    is_empty: bool

    @property
    def tables(self) -> list[Table]:
        return [part.table for part in (*self.parts, *self.closer)]

    def rows(self) -> Iterable[tuple[object, ...]]:
        """For CSV: which table, which line, which column, the value, how it was counted."""
        for table in self.tables:
            for line in (*table.lines, *([table.total] if table.total else [])):
                for column, cell in zip(table.columns, line.cells, strict=True):
                    plain = str(cell) if isinstance(cell, Missing) else cell
                    yield table.title, line.label, column, plain, table.counted


def as_at(today: date) -> date:
    """The first day that no longer counts: all is as it stood at the end of the last full month."""
    return today.replace(day=1)


def report_for(*, period: Period, today: date) -> Report:
    """What pathways that began in ``period`` achieved. Nothing in it is exact, and nobody is in it."""
    counting = Counting(period, as_at(today))
    pathways, change = counting.pathways(), counting.change()
    everybody = next((row for row in pathways if row["breakdown"] == ""), {"begun": 0})
    lines = {breakdown: _lines_of(breakdown, pathways) for breakdown in COUNTED_BY}
    by_question = {question: _groups_of(change, question) for question in ORDER}
    overall = _overall(by_question)
    parts = [
        Part(overall, picture_of(_moments(overall))),
        *map(_drawn, _breakdowns(pathways, lines)),
        _drawn(_goals(counting.goals())),
        *map(_drawn, _strengths(counting.strengths())),
        *map(_drawn, _reviews(counting.reviews())),
    ]
    return Report(
        period=period,
        as_at=counting.as_at,
        parts=tuple(parts),
        closer=tuple(
            Part(table, SafeString(""))
            for question in ORDER
            for table in _closer(question, by_question[question], lines)
        ),
        is_empty=not everybody["begun"],
    )


# --- Paired change ----------------------------------------------------------------------------------------


def _columns() -> tuple[str, ...]:
    return (
        _("Asked at the start"),
        _("Asked again"),
        _("Not asked again"),
        _("Average at the start"),
        _("Average, latest"),
        _("Change"),
    )


def _groups_of(change: Sequence[Row], question: Question) -> dict[str, dict[str, Group]]:
    """By breakdown ("" for everybody) and line."""
    found: dict[str, dict[str, Group]] = {}
    for row in change:
        if row["question"] == question.value:
            found.setdefault(row["breakdown"], {})[row["line"]] = Group(
                row["line"], row["started"], row["paired"], row["first"], row["latest"]
            )
    return found


def _everybody(groups: dict[str, dict[str, Group]], label: str) -> Group:
    found = groups.get("", {}).get("")
    if found is None:
        return Group(label, 0, 0, 0, 0)
    return Group(label, found.started, found.paired, found.first, found.latest)


def _overall(by_question: dict[Question, dict[str, dict[str, Group]]]) -> Table:
    """The four questions, each by itself: they are never added up, so there is no total."""
    return Table(
        key="change",
        title=_("Did life get better?"),
        counted=_(
            "people whose pathway began in this period, by their own answers from 0 to 10. The averages "
            "are of the same people twice, those asked again on a later day; who was not is counted "
            "beside, and is in neither average. Less anxiety is better."
        ),
        head=_("Question"),
        columns=_columns(),
        lines=tuple(
            protected_group(_everybody(by_question[question], str(SHORT[question])))
            for question in ORDER
        ),
    )


def _moments(overall: Table) -> Table:
    """The same averages as lines of a picture: from the start to the latest answer."""
    return Table(
        key="change-lines",
        title=overall.title,
        counted=overall.counted,
        head=_("When"),
        columns=tuple(line.label for line in overall.lines),
        lines=tuple(
            Line(label, tuple(_shown(line.cells[n]) for line in overall.lines))
            for label, n in ((_("At the start"), 3), (_("Latest"), 4))
        ),
        chart=Chart.LINES,
        scale=(LOWEST, HIGHEST),
    )


def _shown(value: Value) -> Value:
    """What is hidden is not drawn."""
    return Missing.NOTHING if isinstance(value, Missing) else value


def _closer(
    question: Question, groups: dict[str, dict[str, Group]], lines: Lines
) -> Iterable[Table]:
    everybody = _everybody(groups, _("All together"))
    for breakdown in BREAKDOWNS:
        known = groups.get(breakdown, {})
        found = [
            Group(label, one.started, one.paired, one.first, one.latest)
            if (one := known.get(line))
            else Group(label, 0, 0, 0, 0)
            for line, label in lines[breakdown]
        ]
        yield Table(
            key=f"change-{question.value}-{breakdown}",
            title=_("%(question)s: %(breakdown)s")
            % {"question": SHORT[question], "breakdown": _heads()[breakdown]},
            counted=_("as above, for this question only."),
            head=_heads()[breakdown],
            columns=_columns(),
            lines=tuple(protected_groups(found, total=everybody)),
            total=protected_group(everybody),
        )


# --- Counts -----------------------------------------------------------------------------------------------


def _heads() -> dict[str, str]:
    return {
        "kind": _("by kind of pathway"),
        "route": _("by how they came"),
        "organisation": _("by organisation that coordinates, and so by area"),
        "ward": _("by ward"),
    }


def _lines_of(breakdown: str, pathways: Sequence[Row]) -> list[tuple[str, str]]:
    """The lines of a breakdown, fixed: those that a table could have, not those that it happens to have."""
    if breakdown == "route":
        routes = [(str(route.value), str(route.label).capitalize()) for route in Route]
        return [
            *(one for one in routes if one[0] != Route.ASSESSMENT),
            *(
                (f"{Route.ASSESSMENT}:{found.value}", str(found.label).capitalize())
                for found in Eligibility
            ),
        ]
    present = [row["line"] for row in pathways if row["breakdown"] == breakdown]
    if breakdown == "kind":
        names = list(PathwayKind.objects.values_list("name", flat=True)) if present else []
        return [(name, name) for name in dict.fromkeys((*names, *present))]
    return [(name, name or _("Not known")) for name in present]


def _breakdowns(pathways: Sequence[Row], lines: Lines) -> Iterable[Table]:
    columns = ("begun", "in_place", "reviewed", "ended")
    everybody = next((row for row in pathways if row["breakdown"] == ""), None)
    total = tuple(everybody[name] if everybody else 0 for name in columns)
    for breakdown in COUNTED_BY:
        rows = {row["line"]: row for row in pathways if row["breakdown"] == breakdown}
        yield protected_table(
            Table(
                key=f"pathways-{breakdown}",
                title=_("Pathways %(breakdown)s") % {"breakdown": _heads()[breakdown]},
                counted=_(
                    "pathways that began in this period; of these, those with a plan that three people "
                    "agreed to, those that were reviewed, and those that have ended."
                )
                if breakdown != "ward"
                else _("the same, by the ward in which the person lived when the pathway began."),
                head=_heads()[breakdown].capitalize(),
                columns=(_("Begun"), _("Plan in place"), _("Reviewed"), _("Ended")),
                lines=tuple(
                    Line(label, tuple(rows[line][name] if line in rows else 0 for name in columns))
                    for line, label in lines[breakdown]
                ),
                total=Line(_("All together"), total),
                fold=breakdown in ("organisation", "ward"),
            )
        )


def _goals(row: Row) -> Table:
    return protected_table(
        Table(
            key="goals",
            title=_("What people wanted, and how far they came"),
            counted=_(
                "people who were asked about their own goals, by the latest word on each. Each counts "
                "once, however many goals they have."
            ),
            head=_("How far"),
            columns=(_("People"),),
            lines=(
                Line(_("Reached every goal"), (row["every"],)),
                Line(_("Reached some"), (row["some"],)),
                Line(_("On the way, none reached yet"), (row["under_way"],)),
                Line(_("Not yet"), (row["none"],)),
            ),
            total=Line(_("All together"), (row["asked"],)),
            chart=Chart.BARS,
        )
    )


def _strengths(row: Row) -> Iterable[Table]:
    sources: dict[str, Any] = row["sources"]
    yield protected_table(
        Table(
            key="half",
            title=_("Social capital"),
            counted=_(
                "people with a plan in place, by whether at least half of what is done in it is done by "
                "themselves, by family and friends, by the community or by volunteers."
            ),
            head=_("Whose strength"),
            columns=(_("People"),),
            lines=(
                Line(_("Half or more is not paid for"), (row["half"],)),
                Line(_("More than half is paid for"), (row["plans"] - row["half"],)),
            ),
            total=Line(_("All together"), (row["plans"],)),
        )
    )
    yield protected_table(
        Table(
            key="sources",
            title=_("Who helps"),
            counted=_(
                "people with something in their plan that is done by each; most have several, so the "
                "lines add up to more than there are."
            ),
            head=_("By whose strength"),
            columns=(_("People"),),
            lines=tuple(
                Line(str(label).capitalize(), (sources.get(value, 0),))
                for value, label in Source.choices
            ),
            chart=Chart.BARS,
        )
    )


def _reviews(row: Row) -> Iterable[Table]:
    first, hours = row["first"], row["hours"]
    yield protected_table(
        Table(
            key="first-review",
            title=_("The first review"),
            counted=_("people whose first review, after the plan began, was due."),
            head=_("When it was held"),
            columns=(_("People"),),
            lines=(
                Line(_("By its last day"), (first["in time"],)),
                Line(_("Later"), (first["late"],)),
                Line(_("Missed, not held yet"), (first["missed"],)),
                Line(_("Still to come"), (first["to come"],)),
            ),
            total=Line(_("All together"), (first["all"],)),
            chart=Chart.BARS,
        )
    )
    yield protected_table(
        Table(
            key="hours",
            title=_("Hours after the latest review"),
            counted=_("people whose hours of paid support were noted before and after."),
            head=_("Hours"),
            columns=(_("People"),),
            lines=(
                Line(_("More"), (hours["more"],)),
                Line(_("As many"), (hours["same"],)),
                Line(_("Fewer, with a reason that they saw"), (hours["fewer"],)),
            ),
            total=Line(_("All together"), (hours["more"] + hours["same"] + hours["fewer"],)),
        )
    )


def _drawn(table: Table) -> Part:
    return Part(table, picture_of(table))
