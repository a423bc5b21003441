"""The week in words: "Monday to Friday, 9am to 5pm" / "Every second Tuesday, 10am to noon".

Rules that share their conditions (how often, from when, in school terms) become one line for the days
that are alike; what all of them share becomes one note.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from directory.hours.clock import MIDNIGHT
from directory.hours.schedule import Calendars, Freq, Rule, Schedule
from directory.hours.words import (
    and_list,
    days_and_times,
    say_bank_holidays,
    say_full_date,
    say_times,
)


@dataclass(frozen=True)
class Week:
    """When it is open in words, one line for days that are alike, then what holds for all."""

    lines: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def is_known(self) -> bool:
        return bool(self.lines)


@dataclass(frozen=True)
class _Condition:
    """What rules must share to be said in one line."""

    freq: Freq
    interval: int
    phase: int
    by_monthday: bool
    term_time_only: bool
    by_appointment: bool
    valid_from: date | None
    valid_to: date | None
    note: str


def week(schedule: Schedule, calendars: Calendars, on: date) -> Week:
    """The rules in force on ``on`` or later, in words.

    ``Monday to Friday, 9am to 5pm`` / ``Every second Tuesday, 10am to noon``. What all lines share
    ("Ring first") becomes one note.
    """
    rules = [
        rule
        for rule in dict.fromkeys(schedule.rules)
        if rule.valid_to is None or on <= rule.valid_to
    ]
    shared = _Shared.by_all(rules)
    lines: list[tuple[tuple[int, int, int], str]] = []
    for condition, alike in _by_condition(rules, on).items():
        lines += [
            (order, _qualified(words, condition, shared))
            for order, words in _lines_of(condition, alike)
        ]
    lines.sort(key=lambda line: line[0])
    return Week(
        lines=tuple(words for _order, words in lines),
        notes=tuple(_notes(schedule, calendars, rules, shared)),
    )


@dataclass(frozen=True)
class _Shared:
    """What holds for every rule and is said once."""

    term_time_only: bool
    by_appointment: bool
    note: str

    @classmethod
    def by_all(cls, rules: Sequence[Rule]) -> _Shared:
        notes = {rule.note for rule in rules}
        return cls(
            term_time_only=bool(rules) and all(rule.term_time_only for rule in rules),
            by_appointment=bool(rules) and all(rule.by_appointment for rule in rules),
            note=notes.pop() if len(notes) == 1 else "",
        )


def _by_condition(rules: Iterable[Rule], on: date) -> dict[_Condition, list[Rule]]:
    grouped: dict[_Condition, list[Rule]] = {}
    for rule in rules:
        condition = _Condition(
            freq=rule.freq,
            interval=rule.interval,
            phase=_phase(rule),
            by_monthday=rule.monthday is not None,
            term_time_only=rule.term_time_only,
            by_appointment=rule.by_appointment,
            # A date that has passed is no news.
            valid_from=rule.valid_from if rule.valid_from and rule.valid_from > on else None,
            valid_to=rule.valid_to,
            note=rule.note,
        )
        grouped.setdefault(condition, []).append(rule)
    return grouped


def _phase(rule: Rule) -> int:
    """Which of the n weeks or months, so that opposite fortnights are not said as one."""
    if rule.interval == 1 or rule.anchor is None:
        return 0
    if rule.freq == Freq.WEEKLY:
        return ((rule.anchor.toordinal() - 1) // 7) % rule.interval
    return (rule.anchor.year * 12 + rule.anchor.month) % rule.interval


def _lines_of(
    condition: _Condition, rules: Sequence[Rule]
) -> list[tuple[tuple[int, int, int], str]]:
    """``(order, words)`` for rules that share a condition."""
    if condition.freq == Freq.WEEKLY:
        times_of: dict[int, list[Rule]] = {}
        for rule in rules:
            times_of.setdefault(rule.weekday or 0, []).append(rule)
        days_at: dict[str, list[int]] = {}
        for weekday, alike in sorted(times_of.items()):
            days_at.setdefault(_say_all_times(alike), []).append(weekday)
        return [
            (
                (condition.interval > 1, days[0], _first_minute(times_of[days[0]])),
                days_and_times(_every_weeks(condition.interval, days), times),
            )
            for times, days in days_at.items()
        ]
    lines: dict[tuple[int, str], list[Rule]] = {}
    for rule in rules:
        key = (
            -1 if rule.weekday is None else rule.weekday,
            say_times(rule.opens_at, rule.closes_at),
        )
        lines.setdefault(key, []).append(rule)
    return [
        ((2, weekday, _first_minute(alike)), days_and_times(_of_the_month(condition, alike), times))
        for (weekday, times), alike in lines.items()
    ]


def _first_minute(rules: Sequence[Rule]) -> int:
    return min((r.opens_at.hour * 60 + r.opens_at.minute if r.opens_at else 0) for r in rules)


def _say_all_times(rules: Sequence[Rule]) -> str:
    ordered = sorted(rules, key=lambda r: (r.opens_at or MIDNIGHT, r.closes_at or MIDNIGHT))
    return and_list(list(dict.fromkeys(say_times(r.opens_at, r.closes_at) for r in ordered)))


def _every_weeks(interval: int, weekdays: Sequence[int]) -> str:
    days = say_weekdays(weekdays)
    if interval == 1:
        return days
    if interval in _ordinals():
        return _("Every %(nth)s %(days)s") % {"nth": _ordinals()[interval], "days": days}
    return ngettext("%(days)s every %(n)d week", "%(days)s every %(n)d weeks", interval) % {
        "days": days,
        "n": interval,
    }


def say_weekdays(weekdays: Sequence[int]) -> str:
    """``Monday to Friday``, ``Monday and Tuesday``, ``Every day``."""
    days = sorted(set(weekdays))
    if len(days) == 7:
        return _("Every day")
    parts: list[str] = []
    runs: list[list[int]] = []
    for day in days:
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    for run in runs:
        if len(run) > 2:
            words = {"from": WEEKDAYS[run[0]], "to": WEEKDAYS[run[-1]]}
            parts.append(_("%(from)s to %(to)s") % words)
        else:
            parts += [str(WEEKDAYS[day]) for day in run]
    return and_list(parts)


def _of_the_month(condition: _Condition, rules: Sequence[Rule]) -> str:
    """``First and third Tuesday of the month``, ``The 15th of the month``."""
    if condition.by_monthday:
        days = sorted({r.monthday or 1 for r in rules}, key=lambda n: n if n > 0 else 99)
        which = and_list([_say_monthday(day) for day in days])
        which = which[:1].upper() + which[1:]
    else:
        ordinals = {**_ordinals(), 1: _("first"), -1: _("last")}
        nths = sorted({r.nth or 1 for r in rules}, key=lambda n: n if n > 0 else 99)
        words = and_list([ordinals[nth] for nth in nths])
        which = f"{words[:1].upper()}{words[1:]} {WEEKDAYS[rules[0].weekday or 0]}"
    if condition.interval == 1:
        return _("%(which)s of the month") % {"which": which}
    if condition.interval in _ordinals():
        return _("%(which)s of every %(nth)s month") % {
            "which": which,
            "nth": _ordinals()[condition.interval],
        }
    return ngettext(
        "%(which)s of the month, every %(n)d month",
        "%(which)s of the month, every %(n)d months",
        condition.interval,
    ) % {"which": which, "n": condition.interval}


def _ordinals() -> dict[int, str]:
    return {2: _("second"), 3: _("third"), 4: _("fourth"), 5: _("fifth"), 6: _("sixth")}


def _say_monthday(day: int) -> str:
    if day == -1:
        return _("the last day")
    ending = "th" if 11 <= day <= 13 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return _("the %(day)s") % {"day": f"{day}{ending}"}


def _qualified(words: str, condition: _Condition, shared: _Shared) -> str:
    """The line with what holds for it and not for all lines."""
    extra: list[str] = []
    if condition.valid_from is not None:
        extra.append(_("from %(date)s") % {"date": say_full_date(condition.valid_from)})
    if condition.valid_to is not None:
        extra.append(_("until %(date)s") % {"date": say_full_date(condition.valid_to)})
    if condition.term_time_only and not shared.term_time_only:
        extra.append(_("school term only"))
    if condition.by_appointment and not shared.by_appointment:
        extra.append(_("ring first"))
    line = ", ".join([words, *extra])
    if condition.note and condition.note != shared.note:
        line = f"{line} ({condition.note})"
    return line


def _notes(
    schedule: Schedule, calendars: Calendars, rules: Sequence[Rule], shared: _Shared
) -> list[str]:
    notes: list[str] = []
    if shared.by_appointment:
        notes.append(_("Ring first"))
    if shared.term_time_only:
        notes.append(_("School term only"))
    if any(rule.term_time_only for rule in rules):
        until = calendars.terms.known_until if calendars.terms else None
        notes.append(
            _("School terms: not known after %(date)s, ask") % {"date": say_full_date(until)}
            if until
            else _("School terms: not known, ask")
        )
    if rules:
        notes.append(say_bank_holidays(schedule.bank_holidays))
    notes += [note for note in dict.fromkeys((shared.note, schedule.note)) if note]
    return notes
