"""Money of all budgets by month, for those who pay: totals, never anybody (decision record 0093).

A month is shown when the one after it is over, and never changes afterwards: it is kept as it was first shown
(``PublishedMonth``), whatever is erased or merged later. An entry counts in the month of its own day, unless
it was written down later than the month after; then it counts in the month before it was written down. So
nobody can take yesterday's table from today's and read what one person spent.

An amount is hidden unless it is of five people or more and nobody dominates it (the p% rule, decision record
0098), and what is left is rounded to hundreds of pounds. Within a month what it was spent on adds up to what
was spent: what is hidden together is an amount too, and has to be as safe as one that is shown, so that the
smallest shown go with it until it is. Months are added up only where every month of the year is shown.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
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
# An amount is hidden when, without its two largest parts, it is at most this share of the largest: whoever
# has the second largest would know the largest to within so much. 25 is what keeps two from having 80%.
DOMINATED_PERCENT = 25
FLOWS = (Account.COUNCIL, Account.PERSON, Account.SPENT, Account.RETURNED)
KINDS = (*(kind for kind in SpentOn if kind), SpentOn.NONE)
# Queries that a year takes once its months are published, and that counting takes, however many budgets there
# are; a test holds them to that.
QUERIES = 1
PUBLISHING = SystemJob("budgets by month")
# Of the database: one publishes at a time.
_LOCK = 0x6D6F6E7468

# Whose pathways were forgotten in one moment count as one person: never as more than they were, so that an
# erasure does not bring to light what was hidden.
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
    SELECT month, account, kind, who, sum(pence)
      FROM moved WHERE month >= %(first)s AND month < %(after)s
     GROUP BY month, account, kind, who
"""


@dataclass(frozen=True)
class Amount:
    """So much money: the pence of each who is in it. Nought counts: they are known to be in it."""

    of: Mapping[str, int] = field(default_factory=dict)

    @property
    def people(self) -> int:
        return len(self.of)

    @property
    def pence(self) -> int:
        return sum(self.of.values())

    @property
    def is_dominated(self) -> bool:
        """By the p% rule. What was taken back is as large as what was spent: its sign does not matter."""
        largest, *others = sorted(map(abs, self.of.values()), reverse=True) or [0]
        return 100 * sum(others[1:]) <= DOMINATED_PERCENT * largest

    @property
    def is_safe(self) -> bool:
        return self.people >= LEAST and not self.is_dominated

    def shown(self) -> Value:
        """By itself, to the nearest hundred pounds, half away from nought."""
        if not self.is_safe:
            return Missing.HIDDEN
        whole = ROUNDED_TO * ((abs(self.pence) + ROUNDED_TO // 2) // ROUNDED_TO)
        return Pence(-whole if self.pence < 0 else whole)


def together(amounts: Iterable[Amount]) -> Amount:
    """As one amount, in which nobody is twice."""
    of: dict[str, int] = defaultdict(int)
    for amount in amounts:
        for who, pence in amount.of.items():
            of[who] += pence
    return Amount(dict(of))


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
        kept = _publish(firsts, year=year, today=today)
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
def _publish(firsts: Sequence[date], *, year: Period, today: date) -> dict[date, Month]:
    """What is missing, once: a second reader of a new month waits, and finds what the first published."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    kept = _published(firsts)
    months = [month for month in counted(year=year, today=today) if month.first not in kept]
    if not months:
        return kept
    PublishedMonth.objects.bulk_create(
        PublishedMonth(first=month.first, cells=month.cells) for month in months
    )
    record(
        MONTHS_PUBLISHED,
        by=PUBLISHING,
        details={"months": len(months), "first": f"{months[0].first:%Y-%m}"},
    )
    return _published(firsts)


def counted(*, year: Period, today: date) -> tuple[Month, ...]:
    """The months of ``year`` that may be shown, counted from the ledger as it is now. One query."""
    found: dict[date, dict[tuple[str, str | None], dict[str, int]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_SQL, {"first": year.first, "after": year.after})
        for month, account, kind, who, pence in cursor.fetchall():
            amounts = found.setdefault(month, {})
            amounts.setdefault((account, kind), {})[who] = int(pence)
    return tuple(
        month_of(first, {key: Amount(of) for key, of in found.get(first, {}).items()})
        for first in _months_of(year)
        if first < shown_until(today)
    )


def month_of(first: date, amounts: dict[tuple[str, str | None], Amount]) -> Month:
    """``amounts`` by account, and what was spent by kind too."""
    kinds = [amounts.get((Account.SPENT, kind.value), Amount()) for kind in KINDS]
    flows = []
    for account in FLOWS:
        amount = (
            together(kinds)
            if account == Account.SPENT
            else amounts.get((account.value, None), Amount())
        )
        # Money that comes in stands as a credit in the ledger.
        sign = -1 if account in (Account.COUNCIL, Account.PERSON) else 1
        flows.append(Amount({who: sign * pence for who, pence in amount.of.items()}).shown())
    return Month(
        first=first,
        people=rounded(together(amounts.values()).people),
        flows=tuple(flows),
        kinds=protected_parts(kinds),
    )


def protected_parts(parts: Sequence[Amount]) -> tuple[Value, ...]:
    """Parts of a sum that is published when it is safe. The sum less the parts that are shown is what the
    hidden ones are together: it has to be safe, which it is at the latest when all are hidden."""
    if not together(parts).is_safe:
        # Nothing is left of a sum that may not be known.
        return (Missing.HIDDEN,) * len(parts)
    hidden = {n for n, part in enumerate(parts) if not part.is_safe}
    smallest_first = sorted(
        set(range(len(parts))) - hidden, key=lambda n: (parts[n].people, abs(parts[n].pence), n)
    )
    for n in smallest_first:
        if not hidden or together(parts[one] for one in hidden).is_safe:
            break
        hidden.add(n)
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
