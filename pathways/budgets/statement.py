"""A budget as somebody reads it: what is left, every entry, and the months. Three queries at any size."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from pathways.budgets.allocation import half_up
from pathways.models import Account, Budget, BudgetState, LedgerEntry, LedgerLine

# Whose money it is; and where it goes.
SOURCES = (Account.COUNCIL, Account.PERSON)


@dataclass(frozen=True)
class EntryLine:
    """One entry as people read it. ``pence``: how much moved, less than nothing for one taken back."""

    entry: LedgerEntry
    pence: int
    taken_back: bool

    @property
    def may_be_taken_back(self) -> bool:
        return not self.taken_back and self.entry.what != LedgerEntry.What.REVERSED


@dataclass(frozen=True)
class Month:
    """A twelfth of the year's money beside what was paid in and spent in that month."""

    first: date
    indicative: int | None
    agreed: int
    paid_in: int
    spent: int
    left: int


@dataclass(frozen=True)
class Statement:
    budget: Budget
    held: dict[Account, int]
    entries: list[EntryLine]
    months: list[Month]

    @property
    def left(self) -> int:
        return self.held[Account.AVAILABLE]

    @property
    def spent(self) -> int:
        return self.held[Account.SPENT]

    @property
    def promised(self) -> int:
        return self.held[Account.COMMITTED]

    @property
    def aside(self) -> int:
        return self.held[Account.CONTINGENCY]

    @property
    def returned(self) -> int:
        return self.held[Account.RETURNED]

    @property
    def paid_in(self) -> int:
        return -sum(self.held[source] for source in SOURCES)


def statement_of(budget: Budget) -> Statement:
    entries = list(
        budget.entries.select_related("action", "reverses")
        .prefetch_related("lines")
        .order_by("-on", "-at", "id")
    )
    reversed_ones = {entry.reverses_id for entry in entries if entry.reverses_id}
    held = dict.fromkeys(Account, 0)
    for entry in entries:
        for line in entry.lines.all():
            held[Account(line.account)] += line.pence
    lines = [
        EntryLine(
            entry,
            _moved(entry.lines.all()) * (-1 if entry.reverses_id else 1),
            entry.pk in reversed_ones,
        )
        for entry in entries
    ]
    return Statement(budget, held, lines, months_of(budget, entries))


def _moved(lines: Iterable[LedgerLine]) -> int:
    return sum(line.pence for line in lines if line.pence > 0)


def months_of(budget: Budget, entries: Iterable[LedgerEntry]) -> list[Month]:
    """From its first month to this one, or to its last."""
    known = list(entries)
    days = [entry.on for entry in known] + ([budget.starts_on] if budget.starts_on else [])
    if not days:
        return []
    moved: dict[date, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for entry in known:
        month = entry.on.replace(day=1)
        for line in entry.lines.all():
            moved[month][line.account] += line.pence
    over = budget.state in (BudgetState.CLOSED, BudgetState.REVISED)
    last = max([*(entry.on for entry in known), *([] if over else [timezone.localdate()])] or days)
    found, left, number = [], 0, 0
    month = min(days).replace(day=1)
    while month <= last:
        here = moved[month]
        left += here[Account.AVAILABLE]
        found.append(
            Month(
                first=month,
                indicative=_twelfth(budget.indicative_pence, number),
                agreed=_twelfth(budget.total_pence, number) or 0,
                paid_in=-sum(here[source] for source in SOURCES),
                spent=here[Account.SPENT],
                left=left,
            )
        )
        number += 1
        month = (month + timedelta(days=31)).replace(day=1)
    return found


def _twelfth(year_pence: int | None, number: int) -> int | None:
    """The month's part in whole pence; twelve in a row are the year's money exactly."""
    if year_pence is None:
        return None
    place = number % 12
    return half_up(Fraction(year_pence * (place + 1), 12)) - half_up(
        Fraction(year_pence * place, 12)
    )


def budgets_of_person(person_id: UUID) -> QuerySet[Budget]:
    """Their own, newest first, without mere ideas that came to nothing."""
    return (
        Budget.objects.filter(pathway__person_id=person_id)
        .select_related("pathway__kind", "pathway__organisation", "needs__allocation")
        .order_by("-created_at", "id")
    )
