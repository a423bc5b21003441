"""Money of a budget: the one way in which it is written down.

Every entry is made under a lock of its budget, so that two who spend at once cannot spend the same pound.
A key makes the same form sent twice one entry. The same key with anything else, another budget or another
amount, is refused (``SentBefore``): it neither breaks nor passes for written down.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from dcsn.access import Permission, check
from dcsn.audit import Actor, SystemJob, record
from pathways.events import LEDGER_POSTED
from pathways.models import Account, Action, Budget, BudgetState, LedgerEntry, LedgerLine
from pathways.refusals import NotEnough, NotPossible, SentBefore

What = LedgerEntry.What


@transaction.atomic
def pay_in(
    *,
    budget: Budget,
    source: Account,
    pence: int,
    key: UUID,
    by: Actor,
    on: date | None = None,
) -> LedgerEntry:
    """Money comes in, from the council or from the person."""
    if source not in (Account.COUNCIL, Account.PERSON):
        raise ValueError(f"nobody pays in as {source}")
    return _move(budget, What.PAID_IN, source, Account.AVAILABLE, pence, key, by, on)


@transaction.atomic
def promise(
    *,
    budget: Budget,
    pence: int,
    key: UUID,
    by: Actor,
    action: Action | None = None,
    on: date | None = None,
) -> LedgerEntry:
    """Keep money for somebody who was promised it."""
    return _move(
        budget, What.PROMISED, Account.AVAILABLE, Account.COMMITTED, pence, key, by, on, action
    )


@transaction.atomic
def spend(
    *,
    budget: Budget,
    pence: int,
    key: UUID,
    by: Actor,
    promised: bool = False,
    action: Action | None = None,
    on: date | None = None,
    spent_on: str = "",
) -> LedgerEntry:
    """Pay for support: from what is free, or from what was ``promised``."""
    source = Account.COMMITTED if promised else Account.AVAILABLE
    return _move(budget, What.SPENT, source, Account.SPENT, pence, key, by, on, action, spent_on)


@transaction.atomic
def set_aside(
    *, budget: Budget, pence: int, key: UUID, by: Actor, on: date | None = None
) -> LedgerEntry:
    """Keep some for a bad day."""
    return _move(budget, What.SET_ASIDE, Account.AVAILABLE, Account.CONTINGENCY, pence, key, by, on)


@transaction.atomic
def give_back(
    *, budget: Budget, pence: int, key: UUID, by: Actor, on: date | None = None
) -> LedgerEntry:
    """What is not needed goes back."""
    return _move(budget, What.RETURNED, Account.AVAILABLE, Account.RETURNED, pence, key, by, on)


@transaction.atomic
def give_all_back(
    *, budget: Budget, key: UUID, by: Actor, on: date | None = None
) -> LedgerEntry | None:
    """Whatever is left, promised and kept too: the budget ends. None where nothing is left."""
    current = _locked(budget)
    held = balances(current)
    left = {
        account: -held[account]
        for account in (Account.AVAILABLE, Account.COMMITTED, Account.CONTINGENCY)
        if held[account]
    }
    if not left:
        return None
    lines = {**left, Account.RETURNED: -sum(left.values())}
    return _post(current, What.RETURNED, lines, key, by, on)


@transaction.atomic
def reverse(
    *, entry: LedgerEntry, key: UUID, by: Actor, on: date | None = None, why: str = ""
) -> LedgerEntry:
    """The opposite of an entry that was wrong: nothing is edited. Twice changes nothing.

    :raises NotEnough: when what came in by it has been spent since.
    """
    budget = _locked(entry.budget)
    known = LedgerEntry.objects.filter(reverses=entry).first()
    if known is not None:
        return known
    if budget.state != BudgetState.AGREED:
        raise NotPossible(_("This budget is over: nothing of it is taken back any more."))
    if entry.what == What.REVERSED:
        raise NotPossible(_("This takes an entry back already."))
    lines = {Account(line.account): -line.pence for line in entry.lines.all()}
    return _post(budget, What.REVERSED, lines, key, by, on, reverses=entry, why=why)


def balances(budget: Budget) -> dict[Account, int]:
    """What every account of a budget holds, in pence: debits less credits."""
    held = dict(
        LedgerLine.objects.filter(entry__budget=budget)
        .values_list("account")
        .annotate(sum=Sum("pence"))
    )
    return {account: held.get(account.value, 0) for account in Account}


def _move(
    budget: Budget,
    what: str,
    source: Account,
    target: Account,
    pence: int,
    key: UUID,
    by: Actor,
    on: date | None,
    action: Action | None = None,
    spent_on: str = "",
) -> LedgerEntry:
    if pence <= 0:
        raise ValueError("an amount is more than nothing")
    current = _locked(budget)
    lines = {source: -pence, target: pence}
    if current.state != BudgetState.AGREED and not LedgerEntry.objects.filter(key=key).exists():
        raise NotPossible(_("Money moves only in a budget that is agreed."))
    return _post(current, what, lines, key, by, on, action=action, spent_on=spent_on)


def _locked(budget: Budget) -> Budget:
    return (
        Budget.objects.select_for_update(of=("self",)).select_related("pathway").get(pk=budget.pk)
    )


def _post(
    budget: Budget,
    what: str,
    lines: Mapping[Account, int],
    key: UUID,
    by: Actor,
    on: date | None,
    *,
    action: Action | None = None,
    spent_on: str = "",
    why: str = "",
    reverses: LedgerEntry | None = None,
) -> LedgerEntry:
    """Under the budget's lock.

    :raises SentBefore: the key stands on an entry that is not this one.
    """
    if not isinstance(by, SystemJob):
        check(by, Permission.PATHWAY_COORDINATE, budget.pathway)
    entry = LedgerEntry(
        key=key,
        budget=budget,
        what=what,
        on=on or timezone.localdate(),
        by=None if isinstance(by, SystemJob) else by,
        action=action,
        spent_on=spent_on,
        why=why,
        reverses=reverses,
    )
    known = LedgerEntry.objects.filter(key=key).first()
    if known is not None:
        return _the_same(known, entry, lines, on=on)
    held = balances(budget)
    for account, pence in lines.items():
        # What came in stands as a credit there; every other account holds something, or nothing.
        if account in (Account.COUNCIL, Account.PERSON):
            continue
        if held[account] + pence < 0:
            raise NotEnough(
                _("There is not as much: £%(pounds)s is left.")
                % {"pounds": f"{held[account] / 100:,.2f}"}
            )
    try:
        with transaction.atomic():
            entry.save(force_insert=True)
    except IntegrityError as error:
        # The lock is of one budget: the same key may come in for another in the same moment.
        if LedgerEntry.objects.filter(key=key).exists():
            raise _sent_before() from error
        raise
    LedgerLine.objects.bulk_create(
        LedgerLine(entry=entry, account=account, pence=pence) for account, pence in lines.items()
    )
    record(
        LEDGER_POSTED,
        by=by,
        subject=budget.pathway.person_id,
        organisation=budget.pathway.organisation_id,
        details={"budget": budget.id, "entry": entry.id, "what": str(what)},
    )
    return entry


def _the_same(
    known: LedgerEntry, asked: LedgerEntry, lines: Mapping[Account, int], *, on: date | None
) -> LedgerEntry:
    """The entry that the key stands on, where it is the one that is asked for."""
    facts = ("budget_id", "what", "action_id", "spent_on", "why", "reverses_id")
    if any(getattr(known, name) != getattr(asked, name) for name in facts):
        raise _sent_before()
    if on is not None and known.on != on:
        raise _sent_before()
    if {Account(line.account): line.pence for line in known.lines.all()} != dict(lines):
        raise _sent_before()
    return known


def _sent_before() -> SentBefore:
    return SentBefore(
        _(
            "This form was sent before, for another entry. What stands here now is not written down "
            "yet: look at it again, then send it."
        )
    )
