"""What must hold for any rule at all, by hypothesis, with dateutil as a second opinion."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from dateutil import rrule
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from directory.hours import (
    NO_CALENDARS,
    Freq,
    Rule,
    Schedule,
    next_session,
    occurs_on,
    sessions,
    week,
    weekly_windows,
)
from directory.hours.clock import LONDON, moment
from directory.hours.sessions import is_over

# A busy machine is slow, not wrong.
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
dates = st.dates(date(2019, 1, 1), date(2031, 12, 31))
# Quarters of an hour, so that edges meet often.
times = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 45]))
moments = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)).map(
    lambda at: at.replace(tzinfo=UTC)
)
# Nights when the clocks change, and the days around them.
changes_of_clocks = st.sampled_from(
    [date(2026, 3, 28), date(2026, 3, 29), date(2026, 10, 24), date(2026, 10, 25)]
)


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    shape = draw(st.sampled_from(["weekly", "nth", "monthday"]))
    interval = draw(st.integers(1, 4))
    common: dict[str, Any] = {
        "interval": interval,
        "anchor": draw(dates) if interval > 1 else None,
        "opens_at": draw(times),
        "closes_at": draw(times),
    }
    if shape == "weekly":
        return Rule(weekday=draw(st.integers(0, 6)), **common)
    if shape == "nth":
        nth = draw(st.sampled_from([1, 2, 3, 4, 5, -1]))
        return Rule(Freq.MONTHLY, weekday=draw(st.integers(0, 6)), nth=nth, **common)
    monthday = draw(st.sampled_from([*range(1, 32), -1]))
    return Rule(Freq.MONTHLY, monthday=monthday, **common)


@unhurried
@given(rules(), dates)
def test_dates_agree_with_dateutil(rule: Rule, first: date) -> None:
    last = first + timedelta(days=200)
    weekday = rrule.weekdays[rule.weekday] if rule.weekday is not None else None
    # dateutil counts intervals from its start: the anchor's week or month, brought before ``first``.
    start = rule.anchor or first
    start = (
        start - timedelta(days=start.weekday())
        if rule.freq == Freq.WEEKLY
        else start.replace(day=1)
    )
    while start > first:
        if rule.freq == Freq.WEEKLY:
            start -= timedelta(weeks=rule.interval)
        else:
            month = start.year * 12 + start.month - 1 - rule.interval
            start = date(month // 12, month % 12 + 1, 1)
    expected = rrule.rrule(
        rrule.WEEKLY if rule.freq == Freq.WEEKLY else rrule.MONTHLY,
        dtstart=datetime.combine(start, time()),
        until=datetime.combine(last, time()),
        interval=rule.interval,
        byweekday=weekday(rule.nth) if weekday and rule.nth else weekday,
        bymonthday=rule.monthday,
    )
    expected_days = [at.date() for at in expected if at.date() >= first]
    assert [first + timedelta(n) for n in range(201) if occurs_on(rule, first + timedelta(n))] == (
        expected_days
    )


@unhurried
@given(st.lists(rules(), max_size=4), dates)
def test_every_session_satisfies_its_rule(some: list[Rule], first: date) -> None:
    for session in sessions(Schedule.of(some), NO_CALENDARS, first, first + timedelta(days=40)):
        rule = session.rule
        assert rule is not None
        assert rule.opens_at is not None
        assert rule in some
        assert occurs_on(rule, session.day)
        assert session.starts_at is not None
        assert session.ends_at is not None
        assert session.starts_at < session.ends_at <= session.starts_at + timedelta(hours=25)
        # What a clock in London shows at the start is the rule's time, or later where that time is
        # skipped.
        shown = session.starts_at.astimezone(LONDON).replace(tzinfo=None)
        promised = datetime.combine(session.day, rule.opens_at)
        assert promised <= shown <= promised + timedelta(hours=1)


@unhurried
@given(st.lists(rules(), max_size=3), moments)
def test_next_is_the_first_of_the_sessions(some: list[Rule], after: datetime) -> None:
    schedule = Schedule.of(some)
    first = after.astimezone(LONDON).date() - timedelta(days=1)
    found = sessions(schedule, NO_CALENDARS, first, first + timedelta(days=300))
    coming = [one for one in found if not is_over(one, after)]
    following = next_session(schedule, NO_CALENDARS, after)
    if coming:
        assert following == coming[0]
    elif following is not None:
        assert following.day > first + timedelta(days=300)


@unhurried
@given(changes_of_clocks | dates, st.lists(times, min_size=3, max_size=3, unique=True))
def test_sessions_that_adjoin_leave_no_gap_when_clocks_change(day: date, edges: list[time]) -> None:
    one, two, three = sorted(edges)
    schedule = Schedule.of(
        [
            Rule(weekday=day.weekday(), opens_at=one, closes_at=two),
            Rule(weekday=day.weekday(), opens_at=two, closes_at=three),
        ]
    )
    found = sessions(schedule, NO_CALENDARS, day, day)
    assume(len(found) == 2)
    assert found[0].ends_at == found[1].starts_at


@unhurried
@given(changes_of_clocks | dates, times, times)
def test_later_on_the_clock_is_never_earlier_in_fact(day: date, one: time, two: time) -> None:
    early, late = sorted([one, two])
    assert moment(day, early) <= moment(day, late)


@unhurried
@given(st.lists(rules(), max_size=6), dates)
def test_the_week_says_every_rule_and_windows_lie_in_a_day(some: list[Rule], on: date) -> None:
    said = week(Schedule.of(some), NO_CALENDARS, on)
    assert bool(said.lines) == bool(some)
    assert all("%" not in line and line[0].isupper() for line in said.lines)
    assert all(0 <= start < end <= 1440 for _day, start, end in weekly_windows(some))
