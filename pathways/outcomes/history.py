"""How somebody said they were, over time: for the coordinator and for the person alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from dcsn.figures.charts import picture_of
from dcsn.figures.shapes import Chart, Line, Missing, Table, Value
from pathways.models import GoalAnswer, Measuring, OutsideScore, Pathway
from pathways.outcomes.ons4 import HIGHEST, LOWEST, ORDER, SHORT, Question

# Those that a picture has room for, the first and the latest; the table has all.
DRAWN = 12


@dataclass(frozen=True)
class GoalHistory:
    words: str
    said: list[tuple[Any, str]]  # the day, and how far


@dataclass(frozen=True)
class ToolHistory:
    name: str
    range: str
    said: list[tuple[Any, str]]


@dataclass(frozen=True)
class History:
    """``table`` and ``picture`` are of the four questions; nothing in them is added up."""

    table: Table
    picture: SafeString
    goals: list[GoalHistory]
    tools: list[ToolHistory]
    count: int

    @property
    def is_empty(self) -> bool:
        return self.count == 0


def history_of(pathway: Pathway) -> History:
    """All sittings, the earliest first: four queries, whatever there is."""
    sittings = list(
        Measuring.objects.filter(pathway=pathway)
        .order_by("taken_on", "id")
        .prefetch_related(
            "wellbeing",
            Prefetch("goal_answers", GoalAnswer.objects.select_related("goal")),
            "outside_scores",
        )
    )
    table = table_of(sittings, key=f"wellbeing-{pathway.pk.hex[:8]}")
    drawn = table
    if len(table.lines) > DRAWN:
        drawn = table.with_lines((table.lines[0], *table.lines[1 - DRAWN :]), None)
    return History(
        table=table,
        picture=picture_of(drawn) if len(table.lines) > 1 else SafeString(""),
        goals=_goals(sittings),
        tools=_tools(sittings),
        count=len(sittings),
    )


def table_of(sittings: Sequence[Measuring], *, key: str) -> Table:
    """The four questions, a line for each day; a sitting at which none was answered has no line."""
    lines = []
    for sitting in sittings:
        scores = {row.question: row.score for row in sitting.wellbeing.all()}
        if scores:
            lines.append(
                Line(
                    date_format(sitting.taken_on, "j M Y"),
                    tuple(_score(scores, question) for question in ORDER),
                )
            )
    return Table(
        key=key,
        title=_("Four questions about life"),
        counted=_("answers from 0, not at all, to 10, completely; a dash where none was given."),
        head=_("Asked on"),
        columns=tuple(str(SHORT[question]) for question in ORDER),
        lines=tuple(lines),
        chart=Chart.LINES,
        scale=(LOWEST, HIGHEST),
    )


def _score(scores: dict[str, int], question: Question) -> Value:
    return scores.get(question.value, Missing.NOTHING)


def _goals(sittings: Sequence[Measuring]) -> list[GoalHistory]:
    found: dict[Any, GoalHistory] = {}
    for sitting in sittings:
        for row in sitting.goal_answers.all():
            goal = found.setdefault(
                row.goal_id, GoalHistory(row.goal.words or _("A goal that was forgotten"), [])
            )
            goal.said.append((sitting.taken_on, row.get_achievement_display()))
    return list(found.values())


def _tools(sittings: Sequence[Measuring]) -> list[ToolHistory]:
    found: dict[tuple[Any, ...], ToolHistory] = {}
    for sitting in sittings:
        for row in sitting.outside_scores.all():
            tool = found.setdefault(
                (row.tool, row.lowest, row.highest, row.more_is_better), _tool(row)
            )
            tool.said.append((sitting.taken_on, _plain(row.score)))
    return list(found.values())


def _tool(row: OutsideScore) -> ToolHistory:
    words = (
        _("from %(lowest)s to %(highest)s, higher is better")
        if row.more_is_better
        else _("from %(lowest)s to %(highest)s, lower is better")
    )
    return ToolHistory(
        row.tool, words % {"lowest": _plain(row.lowest), "highest": _plain(row.highest)}, []
    )


def _plain(number: Any) -> str:
    return f"{number.normalize():f}"
