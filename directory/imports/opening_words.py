"""Opening times as people write them in a spreadsheet, made into rules.

Parts stand between semicolons or line breaks; each is days, times, and what holds for both:

* ``Mon-Fri 9am-5pm; Sat 10:00-12:30``
* ``Tue, Thu 2pm-4pm, term time``
* ``every 2nd Tue 10am-noon from 2026-01-06`` (any date on which it took place)
* ``1st Wed of the month 14:00-16:00``, ``last Fri 6pm-8pm``
* ``15th of the month 10:00-12:00``, ``last day of the month``
* ``Fri 9pm-2am`` goes on past midnight; ``Mon-Fri, ring first`` has days and no times
* ``daily 8am-8pm``
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, time

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "last": -1}
_DAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?s?"
_TIME = r"(?:noon|midday|midnight|\d{1,2}(?:[:.]\d{2})?\s*(?:am|pm)?)"
_SPAN = re.compile(rf"(?P<start>{_TIME})\s*(?:-|–|—|to|until)\s*(?P<end>{_TIME})", re.I)
_DATE = re.compile(r"(?:from|since|starting)\s+(\d{4}-\d{2}-\d{2})", re.I)
_EVERY = re.compile(
    r"every\s+(?:(other)|(\d)(?:nd|rd|th)?|(second|third|fourth))\s+(?:week\b)?|fortnightly", re.I
)
_NTH = re.compile(
    rf"(?:the\s+)?(?P<nth>[1-5](?:st|nd|rd|th)|first|second|third|fourth|fifth|last)\s+(?P<day>{_DAY})"
    r"(?:\s+(?:of|in)\s+(?:the|each|every)\s+month)?",
    re.I,
)
_MONTHDAY = re.compile(
    r"(?:(?:the\s+)?(?P<day>\d{1,2})(?:st|nd|rd|th)|(?P<last>last\s+day))\s+of\s+(?:the|each|every)"
    r"\s+month",
    re.I,
)
_TERM = re.compile(r"\(?(?:in\s+)?(?:school\s+)?term[- ]?time(?:\s+only)?\)?", re.I)
_RING = re.compile(r"\(?(?:ring|phone|call)\s+first\)?|\(?by\s+appointment(?:\s+only)?\)?", re.I)
_RANGE = re.compile(rf"({_DAY})\s*(?:-|–|—|to)\s*({_DAY})", re.I)
_ONE_DAY = re.compile(rf"\b{_DAY}\b", re.I)
_DAILY = re.compile(r"\b(?:daily|every\s+day|seven\s+days(?:\s+a\s+week)?)\b", re.I)
_FILLER = re.compile(r"\b(?:and|on|each|every|week|weekly|of|the|month|from|at)\b|[,&:()]", re.I)
# Nobody's opening times are longer, and what is tried on them grows faster than they do.
LONGEST = 2_000


class NotUnderstood(ValueError):
    """Words that are not opening times; the message says which part."""


@dataclass(frozen=True, slots=True)
class Times:
    """One rule, without an owner or an id. Field names are those of ``OpeningRule``."""

    freq: str = "WEEKLY"
    interval: int = 1
    weekday: int | None = None
    nth: int | None = None
    monthday: int | None = None
    anchor: date | None = None
    opens_at: time | None = None
    closes_at: time | None = None
    term_time_only: bool = False
    by_appointment: bool = False


def parse_times(text: str) -> list[Times]:
    """The rules that ``text`` says. Raises :class:`NotUnderstood` rather than guess."""
    if len(text) > LONGEST:
        raise NotUnderstood(f"{text[:60]}…")
    rules: list[Times] = []
    for part in re.split(r"[;\n]+", text):
        if part.strip():
            rules.extend(_part(part.strip()))
    return rules


def _part(part: str) -> list[Times]:
    rest = part
    shared: dict[str, object] = {}
    rest, found = _take(_TERM, rest)
    shared["term_time_only"] = found is not None
    rest, found = _take(_RING, rest)
    shared["by_appointment"] = found is not None
    rest, found = _take(_DATE, rest)
    anchor = date.fromisoformat(found[1]) if found else None
    rest, spans = _spans(rest)
    days: list[dict[str, object]]
    rest, monthday = _take(_MONTHDAY, rest)
    if monthday:
        day = -1 if monthday["last"] else int(monthday["day"])
        if not (day == -1 or 1 <= day <= 31):
            raise NotUnderstood(part)
        days = [{"freq": "MONTHLY", "monthday": day}]
    else:
        rest, days = _days(rest, part, anchor)
    if not days or re.search(r"\w", _FILLER.sub(" ", rest)):
        raise NotUnderstood(part)
    return [
        Times(opens_at=start, closes_at=end, **shared, **day)  # type: ignore[arg-type]
        for day in days
        for start, end in spans or [(None, None)]  # type: ignore[list-item]
    ]


def _days(rest: str, part: str, anchor: date | None) -> tuple[str, list[dict[str, object]]]:
    interval = 1
    rest, every = _take(_EVERY, rest)
    if every:
        words = {"second": 2, "third": 3, "fourth": 4}
        interval = int(every[2]) if every[2] else words.get((every[3] or "second").lower(), 2)
        if anchor is None:
            raise NotUnderstood(f"{part} (a date on which it took place is missing)")
    else:
        monthly = []
        while True:
            rest, nth = _take(_NTH, rest)
            if not nth:
                break
            word = nth["nth"].lower()
            monthly.append(
                {
                    "freq": "MONTHLY",
                    "weekday": weekday_of(nth["day"]),
                    "nth": _ORDINALS.get(word) or int(word[0]),
                }
            )
        if monthly:
            return rest, monthly
    numbers: list[int] = []
    while True:
        rest, span = _take(_RANGE, rest)
        if not span:
            break
        first, last = weekday_of(span[1]), weekday_of(span[2])
        numbers.extend((first + step) % 7 for step in range((last - first) % 7 + 1))
    rest, daily = _take(_DAILY, rest)
    if daily:
        numbers.extend(range(7))
    numbers.extend(weekday_of(name) for name in _ONE_DAY.findall(rest))
    rest = _ONE_DAY.sub(" ", rest)
    return rest, [
        {"weekday": number, "interval": interval, "anchor": anchor if interval > 1 else None}
        for number in dict.fromkeys(numbers)
    ]


def _spans(rest: str) -> tuple[str, list[tuple[time, time]]]:
    spans = []  # type: ignore[var-annotated]
    while True:
        rest, found = _take(_SPAN, rest)
        if not found:
            return rest, spans
        end_text = found["end"].strip()
        start_text = found["start"].strip()
        end = parse_time(end_text)
        # "2-4pm": the morning or afternoon of the end holds for the start, unless that would turn it.
        half = re.search(r"(am|pm)$", end_text, re.I)
        start = parse_time(start_text)
        if half and start_text.isdigit():
            both = parse_time(start_text + half[1])
            if both < end:
                start = both
        spans.append((start, end))


def _take(pattern: re.Pattern[str], text: str) -> tuple[str, re.Match[str] | None]:
    found = pattern.search(text)
    if not found:
        return text, None
    return f"{text[: found.start()]} {text[found.end() :]}", found


def weekday_of(name: str) -> int:
    """0 for any way of writing Monday. Raises :class:`NotUnderstood`."""
    short = name.strip().lower()[:3]
    if short not in WEEKDAYS:
        raise NotUnderstood(name)
    return WEEKDAYS.index(short)


def parse_time(text: str) -> time:
    """``9am``, ``9.30``, ``17:00``, ``1730``, ``17:00:00``, ``noon``, ``midnight``; 24:00 is 00:00."""
    word = text.strip().lower().replace(".", ":").replace(" ", "")
    if word in ("noon", "midday"):
        return time(12)
    if word == "midnight":
        return time(0)
    found = re.fullmatch(r"(\d{1,2})(?::?(\d{2}))?(?::\d{2}(?:[:.]\d+)?)?(z|am|pm)?", word)
    if not found:
        raise NotUnderstood(text)
    hour, minute = int(found[1]), int(found[2] or 0)
    if found[3] in ("am", "pm"):
        if not 1 <= hour <= 12:
            raise NotUnderstood(text)
        hour = hour % 12 + (12 if found[3] == "pm" else 0)
    if hour == 24 and minute == 0:
        hour = 0
    if hour > 23 or minute > 59:
        raise NotUnderstood(text)
    return time(hour, minute)
