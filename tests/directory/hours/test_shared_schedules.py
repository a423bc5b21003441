"""3,075 opening days of a real directory, past midnight and several a day among them."""

from __future__ import annotations

import csv
from collections import defaultdict
from datetime import date, time, timedelta

import pytest

from directory.hours import NO_CALENDARS, Rule, Schedule, sessions, week, weekly_windows
from tests.directory.shared_data import shared_data

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
# A week without a change of clocks.
MONDAY = date(2026, 11, 23)


def time_of(digits: str) -> time:
    """``1445``, ``130``; 2400 is midnight."""
    number = int(digits) % 2400
    return time(number // 100, number % 100)


def minutes(at: time) -> int:
    return at.hour * 60 + at.minute


@pytest.mark.shared_data
def test_every_day_of_every_schedule_comes_out_as_written() -> None:
    with shared_data("askdarcel_sf", "schedule_days.csv").open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["opens_at"] and row["closes_at"]]
    assert len(rows) > 3000
    by_schedule: dict[str, list[Rule]] = defaultdict(list)
    for row in rows:
        by_schedule[row["schedule_id"]].append(
            Rule(
                weekday=DAYS.index(row["day"]),
                opens_at=time_of(row["opens_at"]),
                closes_at=time_of(row["closes_at"]),
            )
        )
    past_midnight = 0
    for rules in by_schedule.values():
        found = sessions(Schedule.of(rules), NO_CALENDARS, MONDAY, MONDAY + timedelta(days=6))
        assert sorted((s.day.weekday(), s.opens_at, s.closes_at) for s in found) == sorted(
            {(r.weekday, r.opens_at, r.closes_at) for r in rules}
        )
        for session in found:
            assert session.starts_at
            assert session.ends_at
            length = (session.ends_at - session.starts_at).total_seconds() / 60
            promised = (minutes(session.closes_at) - minutes(session.opens_at)) % 1440
            assert length == (promised or 1440)
            past_midnight += session.ends_at.date() > session.day
        assert 1 <= len(week(Schedule.of(rules), NO_CALENDARS, MONDAY).lines) <= 7
        assert weekly_windows(rules)
    assert past_midnight > 300
