"""The counts as tables, exact for those who look after the volunteers, or fit to be published."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from dcsn.figures.periods import Period
from dcsn.figures.protecting import protected_table
from dcsn.figures.shapes import Chart, Line, Missing, Share, Table, Value
from dcsn.figures.small import LEAST
from members.models import AgeBand
from volunteers.models.volunteer import Barrier, Route
from volunteers.recruitment import study
from volunteers.recruitment.counting import (
    AWAY,
    HELPING,
    STEPS,
    Came,
    Waited,
    barriers,
    came,
    days_to_first_task,
    dropped_out,
    kept,
    median_days,
    of_period,
)
from volunteers.states import VolunteerState


@dataclass(frozen=True)
class Report:
    """Everything of one period; ``study`` are the survey's own tables, which never change."""

    period: Period
    came: int
    tables: tuple[Table, ...]
    is_protected: bool


def report_of(period: Period, *, now: datetime, among: Any = None, protect: bool = False) -> Report:
    """The figures of those whose first word came in ``period``.

    :param among: the volunteers that the reader looks after; all when empty.
    :param protect: small numbers hidden and the others rounded, fit to be published.
    """
    volunteers = of_period(period.first, period.after, among)
    rows = came(volunteers)
    waited = days_to_first_task(volunteers)
    counted = (
        _funnel(rows),
        _by("bands", _("By age"), _("Age"), rows, _bands(), lambda row: row.band),
        _by("routes", _("By how they came"), _("How"), rows, _routes(), lambda row: row.route),
        _gone(dropped_out(volunteers)),
        barriers_table(barriers(volunteers)),
    )
    tables = tuple(protected_table(table) for table in counted) if protect else counted
    shares = (_waits(waited, protect=protect), _staying(kept(volunteers, now=now), protect=protect))
    return Report(period, sum(row.count for row in rows), (*tables, *shares), protect)


def _bands() -> list[tuple[str, str]]:
    return [*((band.value, str(band.label)) for band in AgeBand), ("", _("Age not known"))]


def _routes() -> list[tuple[str, str]]:
    return [*((route.value, str(route.label)) for route in Route), ("", _("Not known"))]


def _funnel(rows: list[Came]) -> Table:
    """Everybody counts in each step that they reached, so the lines do not add up."""
    lines = tuple(
        Line(
            str(VolunteerState(step).label).capitalize(),
            (sum(row.count for row in rows if row.furthest >= n),),
        )
        for n, step in enumerate(STEPS)
    )
    return Table(
        "funnel",
        _("How far they came"),
        _(
            "of all whose first word came in the period: who reached this step, or one after it, whatever "
            "became of them since"
        ),
        _("Step"),
        (_("People"),),
        lines,
        chart=Chart.BARS,
    )


def _by(
    key: str,
    title: str,
    head: str,
    rows: list[Came],
    names: list[tuple[str, str]],
    of: Callable[[Came], str],
) -> Table:
    active = STEPS.index(VolunteerState.ACTIVE)
    applied = STEPS.index(VolunteerState.APPLIED)

    def cells(some: list[Came]) -> tuple[Value, ...]:
        return (
            sum(row.count for row in some),
            sum(row.count for row in some if row.furthest >= applied),
            sum(row.count for row in some if row.furthest >= active),
            sum(row.count for row in some if row.state in HELPING),
            sum(row.count for row in some if row.state in AWAY),
        )

    lines = [Line(name, cells([row for row in rows if of(row) == code])) for code, name in names]
    return Table(
        key,
        title,
        _("as above; “helping now” are those who help or have a break, “gone” those who left"),
        head,
        (_("Came"), _("Applied"), _("Began to help"), _("Helping now"), _("Gone or redirected")),
        tuple(lines),
        Line(_("All"), cells(rows)),
    )


def _gone(found: dict[str, Counter[str]]) -> Table:
    columns = tuple(str(VolunteerState(state).label).capitalize() for state in AWAY)
    lines = [
        Line(
            str(VolunteerState(state).label).capitalize(),
            tuple(found.get(state, Counter())[to] for to in AWAY),
        )
        for state in (*STEPS, VolunteerState.PAUSED)
    ]
    total = tuple(sum(found[state][to] for state in found) for to in AWAY)
    return Table(
        "gone",
        _("Where they went from"),
        _("times that somebody left, was redirected or was not suitable, by where they stood then"),
        _("Stood at"),
        columns,
        tuple(lines),
        Line(_("All"), total) if sum(sum(c.values()) for c in found.values()) else None,
    )


def barriers_table(found: Counter[tuple[str, str]], *, title: str = "", counted: str = "") -> Table:
    """What stood in the way, by age; the same shape for our volunteers and for the study's survey."""
    bands = [band.value for band in AgeBand]
    lines = [
        Line(
            str(barrier.label),
            (
                sum(n for (named, _band), n in found.items() if named == barrier),
                *(found[barrier, band] for band in bands),
            ),
        )
        for barrier in Barrier
    ]
    lines.sort(key=lambda line: -int(line.cells[0]) if isinstance(line.cells[0], int) else 0)
    return Table(
        "barriers" if not title else "barriers-study",
        title or _("What stood in the way"),
        counted or _("volunteers of the period who named it; somebody may name several"),
        _("What"),
        (_("All"), *(str(band.label) for band in AgeBand)),
        tuple(lines),
        chart=Chart.BARS,
    )


def _waits(waited: list[Waited], *, protect: bool) -> Table:
    def cells(some: list[Waited]) -> tuple[Value, ...]:
        if protect and len(some) < LEAST:
            return (Missing.HIDDEN, Missing.HIDDEN)
        days = median_days(some)
        people: Value = 5 * ((len(some) + 2) // 5) if protect else len(some)
        return (people, Missing.NOTHING if days is None else days)

    groups = [
        *((name, [one for one in waited if one.band == code]) for code, name in _bands()),
        *((name, [one for one in waited if one.route == code]) for code, name in _routes() if code),
    ]
    return Table(
        "waits",
        _("Days from the first word to the first task"),
        _("those with hours that both sides agree on; the middle one when all are put in order"),
        _("Who"),
        (_("People"), _("Days (median)")),
        (
            Line(_("All"), cells(waited)),
            *(Line(name, cells(some)) for name, some in groups if some),
        ),
    )


def _staying(found: list[Any], *, protect: bool) -> Table:
    def share(began: int, stayed: int) -> Value:
        if not began:
            return Missing.NOTHING
        if protect and (stayed < LEAST or began - stayed < LEAST):
            return Missing.HIDDEN
        if protect:
            return Decimal(round(100 * stayed / began / 5) * 5)
        return Share(stayed, began)

    return Table(
        "staying",
        _("Who stays"),
        _("of those who began to help at least so long ago: who still did, or had a break, then"),
        _("After"),
        (_("Stayed, %") if protect else _("Stayed"),),
        tuple(
            Line(_("%(count)d months") % {"count": row.months}, (share(row.began, row.stayed),))
            for row in found
        ),
    )


def study_tables() -> tuple[Table, ...]:
    """What the survey of 2011 counted, with its printed average put right."""
    named = Counter(
        {
            (barrier.value, band.value): count
            for barrier, row in study.BARRIERS.items()
            for band, count in zip(study.BANDS, row, strict=True)
        }
    )
    giving = Table(
        "volunteering-study",
        _("Who volunteered in 2011"),
        _("of 78 people asked; hours a week as they said them"),
        _("Age"),
        (_("Volunteer"), _("Average hours"), _("Do not"), _("Would in future")),
        tuple(
            Line(
                str(row.band.label),
                (
                    row.volunteering,
                    Missing.NOTHING if row.hours is None else row.hours,
                    row.not_volunteering,
                    row.willing,
                ),
            )
            for row in study.VOLUNTEERING
        ),
        Line(
            _("All"),
            (
                sum(row.volunteering for row in study.VOLUNTEERING),
                study.mean_hours(),
                sum(row.not_volunteering for row in study.VOLUNTEERING),
                sum(row.willing for row in study.VOLUNTEERING),
            ),
        ),
    )
    asked = barriers_table(
        named,
        title=_("What stood in the way in 2011"),
        counted=_("%(mentions)d mentions by %(asked)d people asked; somebody could name several")
        % {"mentions": study.MENTIONS, "asked": study.ASKED},
    )
    return asked, giving
