"""Budgets of the demonstration: a table with figures, one budget with spending, one that is proposed; and
budgets of the past, so that the network's months have something to show.

Called by ``manage.py load_demonstration`` with the pathways that it has just made; none of them, nothing is
written.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid5

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from dcsn.accounts.models import User
from dcsn.audit import Actor
from dcsn.figures.periods import LONDON, months_on
from directory.actions.demonstration import NotADemonstration
from directory.demonstration.network import identity
from pathways.actions import ledger
from pathways.actions.allocation import Draft, assess_needs, in_force, load_version
from pathways.actions.budgets import agree, propose
from pathways.budgets.reading import as_json, equality_rows, read_cases, read_table
from pathways.demonstration import OWNER
from pathways.models import (
    Account,
    AllocationVersion,
    Budget,
    BudgetState,
    LedgerEntry,
    LedgerLine,
    Pathway,
    SpentOn,
)

COORDINATOR, AUTHORISER = "coordinator@support.example", "authoriser@support.example"
FINANCE = "finance@support.example"

TABLE = """domain,answer,points
Washing and dressing,I manage on my own,0
Washing and dressing,I need some help,6
Washing and dressing,Somebody does most of it,14
Meals,I manage on my own,0
Meals,Somebody shops or cooks for me,5
Meals,I need help with eating,12
Getting about,I get where I want,0
Getting about,I need somebody with me,6
Seeing people and doing things,I do as much as I like,0
Seeing people and doing things,I would like to do more,5
Seeing people and doing things,I see nobody for days,9
Being safe at home,I am safe,0
Being safe at home,Somebody must look in every day,8
Being safe at home,Somebody must be near all the time,30
"""
# 200 cases with 8,430 points together: a mean of 42.15, as in the worked example.
GROUPS = (
    ("18 to 64", "Learning disability", 30, 46), ("18 to 64", "Physical disability", 30, 42),
    ("18 to 64", "Mental health", 20, 36), ("65 and over", "Physical disability", 60, 42),
    ("65 and over", "Dementia", 57, 43), ("65 and over", "Mental health", 3, 34),
)  # fmt: skip
_SPENT = (
    (26, 12_000, SpentOn.ASSISTANT), (22, 4_550, SpentOn.DAYS), (19, 12_000, SpentOn.ASSISTANT),
    (12, 18_999, SpentOn.EQUIPMENT), (9, 12_000, SpentOn.ASSISTANT), (3, 1_275, SpentOn.TRAVEL),
)  # fmt: skip


@transaction.atomic
def load_budgets(made: Mapping[str, Pathway], *, by: Actor) -> int:
    """Budgets for two of the pathways just made. Returns how many.

    :raises NotADemonstration: unless ``settings.DEMONSTRATION``.
    """
    if not settings.DEMONSTRATION:
        raise NotADemonstration("Invented budgets do not belong among real ones.")
    users = {user.email: user for user in User.objects.filter(email__in=_EMAILS)}
    if not made or len(users) < len(_EMAILS):
        return 0
    table = in_force() or _load_table(users[FINANCE])
    planned = [
        one
        # Hers first, who has a sign-in: she sees what was spent.
        for _slug, one in sorted(made.items(), key=lambda pair: (pair[0] != OWNER, pair[0]))
        if one.is_open and one.plans.filter(state="active").exists()
    ][:2]
    for number, pathway in enumerate(planned):
        _budget(pathway, table, users, spends=number == 0)
    past = [one for _slug, one in sorted(made.items()) if one.person_id is not None][:PAST]
    for number, pathway in enumerate(past):
        _past_budget(pathway, number)
    return len(planned) + len(past)


_EMAILS = (COORDINATOR, AUTHORISER, FINANCE)


def _load_table(finance: User) -> AllocationVersion:
    cases = [line for age, group, count, mean in GROUPS for line in _cases(age, group, count, mean)]
    points = 8_430
    return load_version(
        draft=Draft(
            valid_from=date(timezone.localdate().year - 1, 4, 1),
            table=as_json(read_table(TABLE)),
            budget_pence=1_200_000_000,
            sample_cases=200,
            sample_points=points,
            people=3_000,
            top_slice_per_mille=150,
            sources="Invented for this demonstration; the method is Derby City Council's of 2009.",
            equality_check=(
                "People with dementia and with a learning disability have the most points in the sample, "
                "because more of them need somebody near. Alike answers have alike points at every age."
            ),
            equality_table=equality_rows(read_cases("\n".join(cases))),
            signed_off_by="Demonstration equality officer",
        ),
        by=finance,
    )


def _cases(age: str, group: str, count: int, mean: int) -> list[str]:
    return [f"{age},{group},{mean + (-3, 0, 3)[number % 3]}" for number in range(count)]


def _budget(
    pathway: Pathway, table: AllocationVersion, users: Mapping[str, User], *, spends: bool
) -> Budget:
    coordinator = users[COORDINATOR]
    answers = {
        domain.code: domain.levels[1 if spends else -1].code for domain in table.questions.domains
    }
    budget = assess_needs(pathway=pathway, allocation=table, answers=answers, by=coordinator)
    total = budget.indicative_pence or 0
    person = total // 10
    today = timezone.localdate()
    budget = propose(
        budget=budget,
        council_pence=total - person,
        person_pence=person,
        because="As reckoned. The person pays a tenth, by the council's own assessment of means.",
        starts_on=today - timedelta(days=29 if spends else -14),
        by=coordinator,
    )
    signing: dict[str, Any] = {
        "budget": budget,
        "version": budget.version,
        "on": today - timedelta(days=30 if spends else 1),
    }
    name = pathway.person.name if pathway.person else "The person"
    agree(role="person", name=name, by=coordinator, **signing)
    agree(role="planner", name=coordinator.name, by=coordinator, **signing)
    if not spends:
        return budget
    author = users[AUTHORISER]
    budget = agree(role="authoriser", name=author.name, by=author, **signing)
    _spend(budget, coordinator, today, total, person)
    return budget


def _spend(budget: Budget, by: User, today: date, total: int, person: int) -> None:
    def key(number: int) -> UUID:
        return uuid5(identity("budget", "spending"), str(number))

    facts: dict[str, Any] = {"budget": budget, "by": by}
    first = today - timedelta(days=28)
    ledger.pay_in(
        source=Account.COUNCIL, pence=(total - person) // 2, key=key(1), on=first, **facts
    )
    ledger.pay_in(source=Account.PERSON, pence=person // 2, key=key(2), on=first, **facts)
    ledger.set_aside(pence=10_000, key=key(3), on=first, **facts)
    for number, (ago, pence, what) in enumerate(_SPENT, 10):
        ledger.spend(
            pence=pence,
            key=key(number),
            on=today - timedelta(days=ago),
            spent_on=what.value,
            **facts,
        )
    twice = ledger.spend(
        pence=4_550,
        key=key(30),
        on=today - timedelta(days=21),
        spent_on=SpentOn.DAYS.value,
        **facts,
    )
    ledger.reverse(entry=twice, key=key(31), by=by, on=today - timedelta(days=18), why="twice")


# More than five, or the network's months would be hidden.
PAST = 7
_PAST_KINDS = (SpentOn.ASSISTANT, SpentOn.DAYS, SpentOn.CARE)


def _past_budget(pathway: Pathway, number: int) -> None:
    """A short budget that is over and closed. Its entries were written down in past months, which no action
    of today can do: so they are put where they belong, balanced as the ledger asks."""
    this_month = timezone.localdate().replace(day=1)
    months = [months_on(this_month, -ago) for ago in (6, 5, 4, 3)]
    council, person = 180_000 + 7_500 * number, 20_000
    budget = Budget.objects.create(
        id=uuid5(identity("budget", "past"), str(number)),
        pathway=pathway,
        state=BudgetState.CLOSED,
        total_pence=council + person,
        council_pence=council,
        person_pence=person,
        because="For three months, while things settled.",
        starts_on=months[0],
        ends_on=months[-1],
        created_at=_noon(months[0]),
    )
    _past_entry(budget, 1, "paid-in", months[0], Account.COUNCIL, Account.AVAILABLE, council)
    _past_entry(budget, 2, "paid-in", months[0], Account.PERSON, Account.AVAILABLE, person)
    left = council + person
    for place, month in enumerate(months[:3]):
        kinds = _PAST_KINDS if number else _PAST_KINDS[:1]
        for step, kind in enumerate(kinds):
            pence = 9_950 + 1_325 * step + 275 * number
            left -= pence
            on = month.replace(day=5 + 3 * step)
            key = 10 + 10 * place + step
            _past_entry(budget, key, "spent", on, Account.AVAILABLE, Account.SPENT, pence, kind)
    _past_entry(budget, 90, "returned", months[3], Account.AVAILABLE, Account.RETURNED, left)


def _past_entry(
    budget: Budget,
    number: int,
    what: str,
    on: date,
    source: Account,
    target: Account,
    pence: int,
    kind: SpentOn = SpentOn.NONE,
) -> None:
    entry = LedgerEntry.objects.create(
        key=uuid5(budget.pk, str(number)),
        budget=budget,
        what=what,
        on=on,
        at=_noon(on),
        spent_on=kind.value,
    )
    LedgerLine.objects.bulk_create(
        [
            LedgerLine(entry=entry, account=source, pence=-pence),
            LedgerLine(entry=entry, account=target, pence=pence),
        ]
    )


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), LONDON)
