"""What the people of one employer gave: exact for the volunteer centre, protected for the employer."""

from __future__ import annotations

from decimal import Decimal

from django.db.models import Count, F, Q, Sum
from django.utils.translation import gettext as _

from dcsn.figures.protecting import ROUNDED_TO, protected_table
from dcsn.figures.shapes import Line, Missing, Table
from volunteers.models import Employer, Hours
from volunteers.recruitment.counting import HELPING


def cohort_table(employer: Employer, *, protect: bool) -> Table:
    """A line for each group. Somebody in two groups counts in both, so the lines have no total.

    :param protect: no number under five, none that gives one away, hours to the nearest five.
    """
    counted = Hours.objects.counted().filter(
        Q(volunteer__cohorts__until_on=None) | Q(day__lte=F("volunteer__cohorts__until_on")),
        volunteer__cohorts__employer=employer,
        day__gte=F("volunteer__cohorts__from_on"),
    )
    given = {
        row["cohort"]: row
        for row in counted.order_by()
        .values(cohort=F("volunteer__cohorts"))
        .annotate(people=Count("volunteer", distinct=True), minutes=Sum("minutes"))
    }
    nothing = {"people": 0, "minutes": 0}
    rows = employer.cohorts.annotate(
        people=Count("volunteers", distinct=True),
        helping=Count("volunteers", filter=Q(volunteers__state__in=HELPING), distinct=True),
    )
    lines = []
    for row in rows:
        gave = given.get(row.pk, nothing)
        cells = (row.people, row.helping, gave["people"], hours_of(gave["minutes"]))
        lines.append(Line(row.name, cells))
    table = Table(
        "groups",
        _("Groups"),
        _("people of each group; hours that both sides agree on, while the group lasts"),
        _("Group"),
        (_("People"), _("Help now"), _("Gave time"), _("Hours")),
        tuple(lines),
    )
    return _protected(table) if protect else table


def hours_of(minutes: int) -> Decimal:
    return (Decimal(minutes) / 60).quantize(Decimal("0.1"))


def _protected(table: Table) -> Table:
    """Hours say how many gave them, more or less: hidden wherever that number is."""
    counts = Table(
        table.key,
        table.title,
        table.counted,
        table.head,
        table.columns[:3],
        tuple(Line(line.label, line.cells[:3]) for line in table.lines),
    )
    lines = []
    for line, exact in zip(protected_table(counts).lines, table.lines, strict=True):
        hours = Missing.HIDDEN if line.cells[2] is Missing.HIDDEN else _nearest(exact.cells[3])
        lines.append(Line(line.label, (*line.cells, hours)))
    return table.with_lines(lines, None)


def _nearest(hours: object) -> Decimal:
    return Decimal(ROUNDED_TO * round(float(str(hours)) / ROUNDED_TO))
