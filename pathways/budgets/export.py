"""Budgets for a council's finance system: a row for each budget and month, without names.

The layout is docs/finance-export.md. Lines of single payments are not in it: what a person spends their money
on is shown to the person and their coordinator, and to the council in sums (docs/decisions/0091).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from django.db.models import Sum
from django.db.models.functions import TruncMonth

from pathways.models import Account, Budget, LedgerLine

LAYOUT = 1


@dataclass(frozen=True)
class Row:
    """Money in pence. Of the month, but for the three of the year and the two balances at its end."""

    pathway: str
    budget: str
    organisation: str
    state: str
    month: str
    indicative_year: int | None
    agreed_year: int
    council_year: int
    person_year: int
    paid_in_council: int
    paid_in_person: int
    spent: int
    returned: int
    left: int
    promised: int
    set_aside: int


COLUMNS = [field.name for field in fields(Row)]


def rows(first: date, last: date) -> Iterator[Row]:
    """Months from ``first`` to ``last`` in which money of a budget moved. Two queries."""
    moved: dict[Any, dict[date, dict[str, int]]] = defaultdict(
        lambda: defaultdict(lambda: defaultdict(int))
    )
    sums = (
        LedgerLine.objects.filter(entry__on__lte=last)
        .annotate(month=TruncMonth("entry__on"))
        .values_list("entry__budget", "month", "account")
        .annotate(sum=Sum("pence"))
    )
    for budget, month, account, pence in sums:
        moved[budget][month][account] += pence
    budgets = (
        Budget.objects.filter(pk__in=list(moved))
        .select_related("pathway__organisation")
        .order_by("pathway__reference", "created_at", "id")
    )
    for budget in budgets:
        yield from _of(budget, moved[budget.pk], first)


def _of(budget: Budget, months: dict[date, dict[str, int]], first: date) -> Iterator[Row]:
    held = dict.fromkeys(Account, 0)
    for month in sorted(months):
        here = months[month]
        for account in Account:
            held[account] += here.get(account.value, 0)
        if month < first.replace(day=1):
            continue
        yield Row(
            pathway=budget.pathway.reference,
            budget=str(budget.pk),
            organisation=budget.pathway.organisation.name,
            state=budget.state,
            month=f"{month:%Y-%m}",
            indicative_year=budget.indicative_pence,
            agreed_year=budget.total_pence,
            council_year=budget.council_pence,
            person_year=budget.person_pence,
            paid_in_council=-here.get(Account.COUNCIL.value, 0),
            paid_in_person=-here.get(Account.PERSON.value, 0),
            spent=here.get(Account.SPENT.value, 0),
            returned=here.get(Account.RETURNED.value, 0),
            left=held[Account.AVAILABLE],
            promised=held[Account.COMMITTED],
            set_aside=held[Account.CONTINGENCY],
        )
