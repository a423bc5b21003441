"""Money of all budgets by month, for those who pay: totals, never anybody (decision record 0093).

A month is shown when the one after it is over, and never changes afterwards: it is kept as it was first shown
(``PublishedMonth``), whatever is erased or merged later. An entry counts in the month of its own day, unless
it was written down later than the month after; then it counts in the month before it was written down. So
nobody can take yesterday's table from today's and read what one person spent.

An amount is hidden unless it is of five people or more, and what is left is rounded to hundreds of pounds.
Within a month what it was spent on adds up to what was spent: where one of these is hidden, the smallest that
is of five people or more goes with it, since the hidden ones may all be the same few people. Months are added
up only where every month of the year is shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from dcsn.audit import SystemJob, record
from dcsn.figures.periods import Period, months_on
from dcsn.figures.protecting import rounded
from dcsn.figures.shapes import Line, Missing, Pence, Table, Value
from dcsn.figures.small import LEAST
from pathways.events import MONTHS_PUBLISHED
from pathways.models import Account, PublishedMonth, SpentOn

LAYOUT = 1
# Of amounts: whoever knows all payments but one cannot work out that one.
ROUNDED_TO = 100_00
FLOWS = (Account.COUNCIL, Account.PERSON, Account.SPENT, Account.RETURNED)
KINDS = (*(kind for kind in SpentOn if kind), SpentOn.NONE)
# Whose pathways were forgotten in one moment count as one person: never as more than they were, so that an
# erasure does not bring to light what was hidden.
# Queries that a year takes once its months are published, and that counting takes, however many budgets there
# are; a test holds them to that.
QUERIES = 1
PUBLISHING = SystemJob("budgets by month")

_SQL = """
    WITH moved AS (
        SELECT GREATEST(date_trunc('month', e."on"),
                        date_trunc('month', e.at AT TIME ZONE 'Europe/London') - interval '1 month'
               )::date AS month,
               coalesce(p.person_id::text, p.anonymised_at::text) AS who, l.account,
               CASE WHEN l.account = 'spent' THEN coalesce(r.spent_on, e.spent_on) END AS kind, l.pence
          FROM pathways_ledgerline l
          JOIN pathways_ledgerentry e ON e.id = l.entry_id
          LEFT JOIN pathways_ledgerentry r ON r.id = e.reverses_id
          JOIN pathways_budget b ON b.id = e.budget_id
          JOIN pathways_pathway p ON p.id = b.pathway_id
         WHERE l.account IN ('council', 'person', 'spent', 'returned')
           AND e.at >= %(first)s::timestamp AT TIME ZONE 'Europe/London'
           AND e.at < (%(after)s::timestamp + interval '1 month') AT TIME ZONE 'Europe/London'
    )
    SELECT month, CASE WHEN GROUPING(account) = 0 THEN account ELSE '' END AS account,
           CASE WHEN GROUPING(kind) = 0 THEN kind END AS kind,
           count(DISTINCT who) AS people, sum(pence) AS pence
      FROM moved WHERE month >= %(first)s AND month < %(after)s
     GROUP BY GROUPING SETS ((month), (month, account), (month, account, kind))
"""


@dataclass(frozen=True)
class Amount:
    """So much money, of so many people."""

    people: int = 0
    pence: int = 0

    @property
    def is_small(self) -> bool:
        return self.people < LEAST

    def shown(self) -> Value:
        """By itself, to the nearest hundred pounds, half away from nought."""
        if self.is_small:
            return Missing.HIDDEN
        whole = ROUNDED_TO * ((abs(self.pence) + ROUNDED_TO // 2) // ROUNDED_TO)
        return Pence(-whole if self.pence < 0 else whole)


@dataclass(frozen=True)
class Month:
    """What may be published of one month."""

    first: date
    people: Value
    flows: tuple[Value, ...]  # in the order of FLOWS; what came in is above nought
    kinds: tuple[Value, ...]  # in the order of KINDS

    @property
    def cells(self) -> list[int | None]:
        """As it is published; None where it is hidden."""
        return [
            None if isinstance(cell, Missing) else int(cell)  # type: ignore[arg-type]
            for cell in (self.people, *self.flows, *self.kinds)
        ]


@dataclass(frozen=True)
class Monthly:
    """The months of a financial year that may be shown."""

    year: Period
    months: tuple[Month, ...]

    @property
    def tables(self) -> tuple[Table, Table]:
        return _flows_table(self), _kinds_table(self)

    def rows(self) -> Iterator[dict[str, Any]]:
        """Of the file: see docs/finance-export.md. Amounts in pence; None where it is hidden."""
        for month in self.months:
            yield {
                "month": f"{month.first:%Y-%m}",
                **dict(zip(COLUMNS[1:], month.cells, strict=True)),
            }


COLUMNS = [
    "month", "people", "paid_in_council", "paid_in_person", "spent", "returned",
    *(f"spent_{kind.value or 'not_said'}" for kind in KINDS),
]  # fmt: skip


def shown_until(today: date) -> date:
    """The first month that is not shown yet: the one before this."""
    return months_on(today.replace(day=1), -1)


def monthly(*, year: Period, today: date) -> Monthly:
    """What came in and went out in ``year``, as it was first shown; what is new is published by this."""
    firsts = [first for first in _months_of(year) if first < shown_until(today)]
    kept = _published(firsts)
    if len(kept) < len(firsts):
        _publish([month for month in counted(year=year, today=today) if month.first not in kept])
        kept = _published(firsts)
    return Monthly(year, tuple(kept[first] for first in firsts))


def _months_of(year: Period) -> list[date]:
    return [months_on(year.first, n) for n in range(12)]


def _published(firsts: Sequence[date]) -> dict[date, Month]:
    return {row.first: _read(row) for row in PublishedMonth.objects.filter(first__in=firsts)}


def _read(row: PublishedMonth) -> Month:
    people, *money = row.cells
    amounts = tuple(Missing.HIDDEN if cell is None else Pence(cell) for cell in money)
    return Month(
        row.first,
        Missing.HIDDEN if people is None else people,
        amounts[: len(FLOWS)],
        amounts[len(FLOWS) :],
    )


@transaction.atomic
def _publish(months: Sequence[Month]) -> None:
    """Two readers of a new month publish it once: the second's rows are passed over."""
    PublishedMonth.objects.bulk_create(
        [PublishedMonth(first=month.first, cells=month.cells) for month in months],
        ignore_conflicts=True,
    )
    record(
        MONTHS_PUBLISHED,
        by=PUBLISHING,
        details={"months": len(months), "first": f"{months[0].first:%Y-%m}"},
    )


def counted(*, year: Period, today: date) -> tuple[Month, ...]:
    """The months of ``year`` that may be shown, counted from the ledger as it is now. One query."""
    found: dict[date, dict[tuple[str, str | None], Amount]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_SQL, {"first": year.first, "after": year.after})
        for month, account, kind, people, pence in cursor.fetchall():
            if (
                account != Account.SPENT
                and kind is None
                and (account, kind) in found.get(month, {})
            ):
                continue  # the same again: only what was spent has kinds
            found.setdefault(month, {})[account, kind] = Amount(people, int(pence))
    return tuple(
        month_of(first, found.get(first, {}))
        for first in _months_of(year)
        if first < shown_until(today)
    )


def month_of(first: date, amounts: dict[tuple[str, str | None], Amount]) -> Month:
    nothing = Amount()
    flows = []
    for account in FLOWS:
        amount = amounts.get((account.value, None), nothing)
        # Money that comes in stands as a credit in the ledger.
        sign = -1 if account in (Account.COUNCIL, Account.PERSON) else 1
        flows.append(Amount(amount.people, sign * amount.pence).shown())
    return Month(
        first=first,
        people=rounded(amounts.get(("", None), nothing).people),
        flows=tuple(flows),
        kinds=protected_parts(
            [amounts.get((Account.SPENT, kind.value), nothing) for kind in KINDS]
        ),
    )


def protected_parts(parts: Sequence[Amount]) -> tuple[Value, ...]:
    """Parts of a sum that is published too. Somebody may be in several parts, so that the hidden ones are
    five people together only where one of them is so by itself."""
    hidden = {n for n, part in enumerate(parts) if part.is_small}
    if hidden and len(hidden) < len(parts):
        hidden.add(
            min(
                (n for n in range(len(parts)) if n not in hidden),
                key=lambda n: (parts[n].people, abs(parts[n].pence)),
            )
        )
    return tuple(Missing.HIDDEN if n in hidden else part.shown() for n, part in enumerate(parts))


# --- As tables ----------------------------------------------------------------------------------------


def _flows_table(monthly: Monthly) -> Table:
    return Table(
        key="money",
        title=_("What came in and went out"),
        counted=_(
            "people in whose budget money was paid in, spent or given back, to the nearest five; and the "
            "money, to the nearest hundred pounds. What is promised or set aside has not moved yet."
        ),
        head=_("Month"),
        columns=(
            _("People"),
            _("From the council"),
            _("From the people"),
            _("Spent"),
            _("Given back"),
        ),
        lines=tuple(
            Line(date_format(month.first, "F Y"), (month.people, *month.flows))
            for month in monthly.months
        ),
        total=_year_of([(Missing.NOTHING, *month.flows) for month in monthly.months]),
    )


def _kinds_table(monthly: Monthly) -> Table:
    return Table(
        key="spent-on",
        title=_("What it was spent on"),
        counted=_(
            "the money that was spent, to the nearest hundred pounds; an entry that was taken back counts "
            "with what it had been for."
        ),
        head=_("Month"),
        columns=tuple(str(kind.label).capitalize() for kind in KINDS),
        lines=tuple(Line(date_format(month.first, "F Y"), month.kinds) for month in monthly.months),
        total=_year_of([month.kinds for month in monthly.months]),
    )


def _year_of(lines: Sequence[tuple[Value, ...]]) -> Line | None:
    """The sums of what is shown. None before the year is over; hidden where a month is hidden, which
    could be had by subtraction else."""
    if len(lines) < 12:
        return None
    return Line(_("The year"), tuple(_sum(column) for column in zip(*lines, strict=True)))


def _sum(column: Sequence[Value]) -> Value:
    if any(cell is Missing.HIDDEN for cell in column):
        return Missing.HIDDEN
    amounts = [int(cell) for cell in column if isinstance(cell, Pence)]
    return Pence(sum(amounts)) if amounts else Missing.NOTHING
