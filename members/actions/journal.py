"""Posting to the journal: the one way in which money is written down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models import Sum

from dcsn.audit import NotInTransactionError
from directory.models import Organisation
from members.models.journal import Account, JournalEntry, JournalLine


class UnbalancedError(ValueError):
    """The lines of an entry do not sum to zero."""


@dataclass(frozen=True)
class Line:
    """``pence`` above zero is a debit of ``account``, below zero a credit."""

    account: Account
    pence: int
    organisation: Organisation | None = None


def post(
    *,
    what: str,
    source_id: UUID,
    lines: Sequence[Line],
    reverses: JournalEntry | None = None,
) -> JournalEntry | None:
    """Write an entry down, in the transaction of what it follows from. The same source is written once.

    Nothing is written, and None returned, where nothing moves (a free term).

    :raises UnbalancedError: when the lines do not sum to zero.
    :raises NotInTransactionError: outside a transaction.
    """
    if not connection.in_atomic_block:
        raise NotInTransactionError("post() belongs into the transaction of the payment.")
    moving = [line for line in lines if line.pence]
    if sum(line.pence for line in moving) != 0:
        raise UnbalancedError(f"{what} {source_id} does not balance")
    if not moving:
        return None
    try:
        with transaction.atomic():
            entry = JournalEntry.objects.create(what=what, source_id=source_id, reverses=reverses)
    except IntegrityError:
        return JournalEntry.objects.get(what=what, source_id=source_id)
    JournalLine.objects.bulk_create(
        JournalLine(
            entry=entry,
            account=line.account,
            organisation=line.organisation,
            pence=line.pence,
        )
        for line in moving
    )
    return entry


def reverse(*, entry: JournalEntry, what: str, source_id: UUID) -> JournalEntry | None:
    """The opposite of an entry, once."""
    lines = [
        Line(Account(line.account), -line.pence, line.organisation)
        for line in entry.lines.select_related("organisation")
    ]
    return post(what=what, source_id=source_id, lines=lines, reverses=entry)


def balance(account: str, organisation: Organisation | None = None) -> int:
    """What an account holds, in pence: debits less credits."""
    lines = JournalLine.objects.filter(account=account)
    if organisation is not None:
        lines = lines.filter(organisation=organisation)
    return lines.aggregate(sum=Sum("pence"))["sum"] or 0
