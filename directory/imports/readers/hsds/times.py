"""HSDS's three ways of writing opening times, made into rules."""

from __future__ import annotations

import re
from datetime import date, time
from typing import Any
from uuid import UUID

from directory.imports.identity import Identities
from directory.imports.opening_words import WEEKDAYS, NotUnderstood, weekday_of
from directory.imports.readers.tables import Row, Tables
from directory.imports.readers.values import a_date, a_time, whole_number, yes
from directory.imports.records import (
    UNSET,
    Batch,
    OpeningRuleRecord,
    ScheduleExceptionRecord,
)

_BYDAY = re.compile(r"^([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)$")
_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
OWNERS = ("service_at_location_id", "service_id", "location_id")
NOTE_LENGTH = 300


class Times:
    """Opening times and exceptions by their owner."""

    def __init__(self, tables: Tables, ids: Identities, batch: Batch) -> None:
        self.ids = ids
        self.batch = batch
        self.has_rules = "schedules" in tables
        self.has_exceptions = "holiday_schedules" in tables
        # What could not be made into a rule, in words, by service.
        self.notes: dict[str, str] = {}
        known = {
            "service_at_location_id": {
                r.text("id") for r in tables.get("service_at_locations", [])
            },
            "service_id": {r.text("id") for r in tables.get("services", [])},
            "location_id": {r.text("id") for r in tables.get("locations", [])},
        }
        self._schedules = self._by_owner(tables.get("schedules", []), known)
        self._holidays = self._by_owner(tables.get("holiday_schedules", []), known)

    def _by_owner(
        self, rows: list[Row], known: dict[str, set[str]]
    ) -> dict[tuple[str, str], list[Row]]:
        """One owner each: where a row names several, the one that says most."""
        groups: dict[tuple[str, str], list[Row]] = {}
        for row in rows:
            for column in OWNERS:
                if row.text(column) in known[column]:
                    groups.setdefault((column, row.text(column)), []).append(row)
                    break
        return groups

    def rules(self, column: str, key: str, owner: UUID) -> Any:
        if not self.has_rules:
            return UNSET
        found: list[OpeningRuleRecord] = []
        for row in self._schedules.get((column, key), []):
            found.extend(self._rules_of(row, owner))
        return found

    def exceptions(self, column: str, key: str, owner: UUID) -> Any:
        if not self.has_exceptions:
            return UNSET
        found = []
        for row in self._holidays.get((column, key), []):
            exception = self._exception_of(row, owner)
            if exception is not None:
                found.append(exception)
        return found

    def _problem(self, row: Row, column: str, sentence: str) -> None:
        self.batch.problem(row.whence, column, sentence)

    def _rules_of(self, row: Row, owner: UUID) -> list[OpeningRuleRecord]:
        opens, closes = self._hours(row)
        words = row.text("description", "notes")
        valid_from, valid_to = (
            a_date(row.text("valid_from", "start_date")),
            a_date(row.text("valid_to", "until", "end_date")),
        )
        if valid_from and valid_to and valid_from > valid_to:
            self._problem(row, "valid_to", "It ends before it begins: both dates were left out.")
            valid_from = valid_to = None
        days = self._days(row)
        if days is None:
            if words and row.text("service_id"):
                self.notes[row.text("service_id")] = words
            return []
        key = row.text("id") or f"line {row.whence.line}"
        return [
            OpeningRuleRecord(
                # One row with "TH,FR" is two rules here.
                id=self.ids.child("schedule", owner, key if at == 0 else f"{key} {at}"),
                opens_at=opens,
                closes_at=closes,
                valid_from=valid_from,
                valid_to=valid_to,
                note=words,
                **day,
            )
            for at, day in enumerate(days)
        ]

    def _hours(self, row: Row) -> tuple[time | None, time | None]:
        first, last = row.text("opens_at", "open_at", "opens"), row.text("closes_at", "closes")
        opens, closes = a_time(first) if first else None, a_time(last) if last else None
        if (first and opens is None) or (last and closes is None):
            self._problem(row, "opens_at", "The times could not be read: only the day was kept.")
            return None, None
        if (opens is None) != (closes is None):
            self._problem(
                row, "closes_at", "It has one time but not the other: only the day was kept."
            )
            return None, None
        return opens, closes

    def _days(self, row: Row) -> list[dict[str, Any]] | None:
        """What to say of each rule's days, or None (with a problem) when that cannot be told."""
        start = a_date(row.text("dtstart"))
        freq = row.text("freq").upper() or ("WEEKLY" if row.text("byday", "weekday") else "")
        if not freq:
            if not row.text("opens_at", "closes_at"):
                return None
            freq = "WEEKLY"
        interval = whole_number(row.text("interval") or "1") or 1
        if interval > 52 or interval < 1:
            interval = 1
        shared: dict[str, Any] = {"interval": interval}
        if interval > 1:
            shared["anchor"] = start or a_date(row.text("valid_from"))
            if shared["anchor"] is None:
                self._problem(
                    row, "interval", "It repeats every few weeks but has no first date: left out."
                )
                return None
        if freq == "DAILY":
            return [{"weekday": number} for number in range(7)] if interval == 1 else None
        if freq == "WEEKLY":
            return self._weekly(row, start, shared)
        if freq == "MONTHLY":
            return self._monthly(row, start, shared)
        self._problem(row, "freq", "It repeats in a way that cannot be kept: left out.")
        return None

    def _weekly(
        self, row: Row, start: date | None, shared: dict[str, Any]
    ) -> list[dict[str, Any]] | None:
        numbers = [number for _nth, number in self._bydays(row)]
        if not numbers and row.text("weekday"):
            numbers = self._weekday(row)
        if not numbers and start is not None:
            numbers = [start.weekday()]
        if not numbers:
            self._problem(row, "byday", "It names no weekday: left out.")
            return None
        return [{**shared, "weekday": number} for number in dict.fromkeys(numbers)]

    def _monthly(
        self, row: Row, start: date | None, shared: dict[str, Any]
    ) -> list[dict[str, Any]] | None:
        shared = {**shared, "freq": "MONTHLY"}
        found: list[dict[str, Any]] = []
        for nth, number in self._bydays(row):
            if nth is None:
                # "Every Tuesday of the month" is every Tuesday.
                found.append({"weekday": number})
            elif nth in (1, 2, 3, 4, 5, -1):
                found.append({**shared, "weekday": number, "nth": nth})
        for text in re.split(r"[,\s]+", row.text("bymonthday")):
            day = whole_number(text) if text else None
            if day is not None and (day == -1 or 1 <= day <= 31):
                found.append({**shared, "monthday": day})
        if not found and start is not None:
            found = [{**shared, "monthday": start.day}]
        if not found:
            self._problem(row, "byday", "It names no day of the month: left out.")
            return None
        return found

    def _bydays(self, row: Row) -> list[tuple[int | None, int]]:
        found = []
        for part in re.split(r"[,\s]+", row.text("byday").upper()):
            if not part:
                continue
            match = _BYDAY.match(part)
            if match:
                found.append((int(match[1]) if match[1] else None, _CODES.index(match[2])))
            elif part[:3].lower() in WEEKDAYS:
                found.append((None, weekday_of(part)))
            else:
                self._problem(row, "byday", "One of its days could not be read and was left out.")
        return found

    def _weekday(self, row: Row) -> list[int]:
        """HSDS 1: a name, or 1 for Monday to 7."""
        text = row.text("weekday")
        number = whole_number(text)
        if number is not None:
            return [(number - 1) % 7] if 0 <= number <= 7 else []
        try:
            return [weekday_of(text)]
        except NotUnderstood:
            return []

    def _exception_of(self, row: Row, owner: UUID) -> ScheduleExceptionRecord | None:
        starts = a_date(row.text("start_date", "starts_on"))
        ends = a_date(row.text("end_date", "ends_on")) or starts
        if starts is None or ends is None:
            self._problem(row, "start_date", "The date could not be read or has no year: left out.")
            return None
        if starts > ends:
            self._problem(row, "end_date", "It ends before it begins: left out.")
            return None
        opens = a_time(row.text("opens_at", "open_at"))
        closes = a_time(row.text("closes_at"))
        closed = yes(row.text("closed"))
        if closed is False and (opens is None or closes is None):
            self._problem(row, "opens_at", "It is open on that day but has no times: left out.")
            return None
        closed = closed is not False and not (opens and closes)
        return ScheduleExceptionRecord(
            id=self.ids.child("holiday_schedule", owner, row.text("id") or row.whence.line),
            starts_on=starts,
            ends_on=ends,
            closed=closed,
            opens_at=None if closed else opens,
            closes_at=None if closed else closes,
            reason=row.text("description", "reason"),
        )
