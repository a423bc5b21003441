"""The money of invented members: receipts without a gap, bankings, and a journal that balances."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from dateutil.relativedelta import relativedelta

from dcsn.copying import Table
from directory.models import Organisation
from members.invented.chance import Chance
from members.membership.periods import ONE_DAY
from members.models import (
    Account,
    Banking,
    JournalEntry,
    JournalLine,
    Payment,
    PlanTerms,
    ReceiptBook,
)
from members.payments.settling import WHERE

# What is younger than this is still in the till.
BANKED_AFTER = timedelta(days=14)


@dataclass
class Taken:
    """Money that came in; its receipt's number follows when all are known, in their order."""

    id: uuid.UUID
    at: datetime
    pence: int
    method: str
    hub: Organisation
    membership: uuid.UUID
    person: uuid.UUID
    terms: PlanTerms


class Money:
    """Collects what came in, and writes it all in the order in which it came."""

    def __init__(
        self, chance: Chance, today: date, hubs: Sequence[Organisation], staff: Sequence[uuid.UUID]
    ) -> None:
        self._chance, self._today, self._hubs, self._staff = chance, today, hubs, staff
        self._taken: list[Taken] = []
        self.tables = [Table(model) for model in (Banking, Payment, JournalEntry, JournalLine)]
        self._bankings, self._payments, self._entries, self._lines = self.tables

    def take(self, taken: Taken) -> None:
        self._taken.append(taken)

    def write(self) -> None:
        """Receipts without a gap, the journal, and what is old banked month by month."""
        books = {hub.id: self._book(hub) for hub in self._hubs}
        bankings: dict[tuple[uuid.UUID, date], list[Taken]] = defaultdict(list)
        edge = self._chance.at(self._today - BANKED_AFTER).replace(day=1, hour=0, minute=0)
        self._taken.sort(key=lambda one: (one.at, one.id))
        for one in self._taken:
            at_desk = one.method in Payment.DESK
            if at_desk and one.at < edge:
                bankings[one.hub.id, one.at.date().replace(day=1)].append(one)
        banked = self._bank(bankings)
        for one in self._taken:
            facts: dict[str, Any] = {"state": Payment.State.SUCCESS.value}
            if one.method in Payment.DESK:
                book = books[one.hub.id]
                facts = {
                    "state": Payment.State.RECONCILED.value
                    if one.id in banked
                    else Payment.State.RECEIPTED.value,
                    "receipt_number": book.next_number,
                    "banking_id": banked.get(one.id),
                    "taken_by_id": self._staff[0],
                }
                book.next_number += 1
            else:
                facts["provider_id"] = f"made-{one.id.hex[:26]}"
            self._payments.add(
                id=one.id,
                key=self._chance.id(),
                reference=self._chance.reference("P"),
                method=str(one.method),
                amount_pence=one.pence,
                organisation_id=one.hub.id,
                person_id=one.person,
                membership_id=one.membership,
                plan_terms_id=one.terms.pk,
                created_at=one.at,
                taken_at=one.at,
                **facts,
            )
            self._entry(
                JournalEntry.What.TAKEN,
                one.id,
                one.at,
                one.hub.id,
                {WHERE[one.method]: one.pence, Account.MEMBERSHIPS: -one.pence},
            )
        for table in (self._bankings, self._payments, self._entries, self._lines):
            table.write()
        for book in books.values():
            book.save(update_fields=["next_number"])

    def _book(self, hub: Organisation) -> ReceiptBook:
        ReceiptBook.objects.get_or_create(organisation=hub)
        return ReceiptBook.objects.select_for_update().get(organisation=hub)

    def _bank(
        self, months: dict[tuple[uuid.UUID, date], list[Taken]]
    ) -> dict[uuid.UUID, uuid.UUID]:
        """One banking an access point and month; returns each payment's."""
        found: dict[uuid.UUID, uuid.UUID] = {}
        for (hub, month), payments in sorted(months.items()):
            identifier, total = self._chance.id(), sum(one.pence for one in payments)
            at = self._chance.at((month + relativedelta(months=1)) + ONE_DAY)
            self._bankings.add(
                id=identifier,
                key=self._chance.id(),
                organisation_id=hub,
                expected_pence=total,
                counted_pence=total,
                counted_by_id=self._staff[0],
                checked_by_id=self._staff[1],
                counted_at=at,
                checked_at=at,
                reconciled_at=at,
                reconciled_by_id=self._staff[1],
            )
            accounts: dict[str, int] = {Account.BANK: total}
            for one in payments:
                found[one.id] = identifier
                where = WHERE[one.method]
                accounts[where] = accounts.get(where, 0) - one.pence
            self._entry(JournalEntry.What.BANKED, identifier, at, hub, accounts)
        return found

    def _entry(
        self, what: str, source: uuid.UUID, at: datetime, hub: uuid.UUID, accounts: dict[Any, int]
    ) -> None:
        entry = self._chance.id()
        self._entries.add(id=entry, what=str(what), source_id=source, at=at)
        for account, pence in accounts.items():
            self._lines.add(entry_id=entry, account=str(account), organisation_id=hub, pence=pence)
