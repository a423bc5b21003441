"""A council's own tables, as it types or pastes them: read, or said line by line what is wrong."""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _

from dcsn.figures.small import LEAST, hidden_of
from pathways.budgets.allocation import Domain, Level, Table

MOST_LINES = 5_000
MOST_TOLD = 10
MOST_POINTS = 1_000
TABLE_COLUMNS = ("domain", "answer", "points")
CASE_COLUMNS = ("age band", "client group", "points")
_NUMBER = re.compile(r"[0-9]{1,6}")


class Unreadable(ValueError):
    """``told``: what is wrong, with the number of the line, in words for the page."""

    def __init__(self, told: Sequence[str]) -> None:
        super().__init__("; ".join(told))
        more = len(told) - MOST_TOLD
        self.told = [*told[:MOST_TOLD], *([_("And %d more lines.") % more] if more > 0 else [])]


@dataclass(frozen=True)
class Case:
    """One case of the paper exercise: no name, no number, no address."""

    age: str
    group: str
    points: int


def read_table(text: str) -> Table:
    """``domain,answer,points``, a line for each answer, answers of a domain together.

    :raises Unreadable: saying each line that cannot be used.
    """
    told: list[str] = []
    domains: dict[str, list[Level]] = {}
    for number, (domain, answer, points) in _rows(text, TABLE_COLUMNS, told):
        value = _whole(points)
        if not domain or not answer:
            told.append(_("Line %d: name the domain and the answer.") % number)
        elif value is None:
            told.append(
                _(
                    "Line %(number)d: “%(points)s” are no points. Give a whole number up to %(most)d."
                )
                % {"number": number, "points": points, "most": MOST_POINTS}
            )
        elif any(level.words == answer for level in domains.get(domain, [])):
            told.append(
                _("Line %(number)d: “%(answer)s” stands twice in “%(domain)s”.")
                % {"number": number, "answer": answer, "domain": domain}
            )
        else:
            levels = domains.setdefault(domain, [])
            levels.append(Level(_code(answer, [one.code for one in levels]), answer, value))
    for domain, levels in domains.items():
        if len(levels) < 2:
            told.append(_("“%s” has one answer only: there is nothing to choose.") % domain)
    if not domains and not told:
        told.append(_("There is no line with a domain, an answer and points."))
    if told:
        raise Unreadable(told)
    codes: list[str] = []
    found = []
    for domain, levels in domains.items():
        codes.append(_code(domain, codes))
        found.append(Domain(codes[-1], domain, tuple(levels)))
    return Table(tuple(found))


def read_cases(text: str) -> list[Case]:
    """``age band,client group,points``, a line for each case.

    :raises Unreadable: saying each line that cannot be used.
    """
    told: list[str] = []
    cases = []
    for number, (age, group, points) in _rows(text, CASE_COLUMNS, told):
        value = _whole(points)
        if not age or not group:
            told.append(_("Line %d: name the age band and the client group.") % number)
        elif value is None:
            told.append(
                _(
                    "Line %(number)d: “%(points)s” are no points. Give a whole number up to %(most)d."
                )
                % {"number": number, "points": points, "most": MOST_POINTS}
            )
        else:
            cases.append(Case(age, group, value))
    if not cases and not told:
        told.append(_("There is no line with an age band, a client group and points."))
    if told:
        raise Unreadable(told)
    return cases


def as_json(table: Table) -> list[dict[str, Any]]:
    """As ``AllocationVersion.table`` holds it."""
    return [
        {
            "code": domain.code,
            "words": domain.words,
            "levels": [
                {"code": level.code, "words": level.words, "points": level.points}
                for level in domain.levels
            ],
        }
        for domain in table.domains
    ]


def equality_rows(cases: Iterable[Case]) -> list[dict[str, Any]]:
    """Mean points by age band and by client group. Of fewer than five cases nothing is kept, nor what
    would give them away (``None``)."""
    known = list(cases)
    rows = []
    for by in ("age", "group"):
        points: dict[str, list[int]] = defaultdict(list)
        for case in known:
            points[getattr(case, by)].append(case.points)
        names = sorted(points)
        hidden = hidden_of([len(points[name]) for name in names], has_total=True)
        for place, name in enumerate(names):
            out = place in hidden or len(points[name]) < LEAST
            cases_of = len(points[name])
            rows.append(
                {
                    "by": by,
                    "name": name,
                    "cases": None if out else cases_of,
                    # To one decimal, half up, as text: it is shown and never reckoned with.
                    "mean": None if out else _one_decimal(sum(points[name]), cases_of),
                }
            )
    return rows


def _one_decimal(total: int, count: int) -> str:
    tenths = (total * 20 + count) // (count * 2)
    return f"{tenths // 10}.{tenths % 10}"


def _rows(
    text: str, columns: tuple[str, ...], told: list[str]
) -> Iterable[tuple[int, tuple[str, str, str]]]:
    """Lines with their numbers; a heading like ``columns`` and empty lines are passed over."""
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff")), skipinitialspace=True)
    try:
        lines = list(reader)
    except csv.Error as error:
        told.append(_("This is no list with commas: %s.") % error)
        return
    if len(lines) > MOST_LINES:
        told.append(_("At most %d lines.") % MOST_LINES)
        return
    for number, cells in enumerate(lines, 1):
        cells = [" ".join(cell.split()) for cell in cells]
        if not any(cells):
            continue
        if tuple(cell.casefold() for cell in cells[: len(columns)]) == columns:
            continue
        if len(cells) != len(columns):
            told.append(
                _("Line %(number)d: %(cells)d parts where there should be 3: %(columns)s.")
                % {"number": number, "cells": len(cells), "columns": ", ".join(columns)}
            )
            continue
        yield number, (cells[0], cells[1], cells[2])


def _whole(text: str) -> int | None:
    if not _NUMBER.fullmatch(text):
        return None
    value = int(text)
    return value if value <= MOST_POINTS else None


def _code(words: str, taken: list[str]) -> str:
    """A short name that a form can send; unlike every other beside it."""
    first = slugify(words)[:40] or "answer"
    code, number = first, 2
    while code in taken:
        code = f"{first[:36]}-{number}"
        number += 1
    return code
