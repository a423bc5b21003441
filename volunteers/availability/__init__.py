"""When volunteers are free and when they are already somewhere: values and functions, no database.

===============  ============================================================================
``spans``        stretches of real time between two moments
``weekly``       the same each week on London's clocks, and the days that differ
``overlaps``     two commitments at once: a handover of an hour, or a manager's reason
``part_of_day``  "Tuesday afternoon"
===============  ============================================================================

Clocks are :mod:`directory.hours.clock`'s, the one place that knows how London's clocks change.
"""

from __future__ import annotations

from volunteers.availability.overlaps import (
    HANDOVER,
    Clash,
    Commitment,
    DoubleBooked,
    Override,
    check_booking,
    clashes_with,
    say_span,
    stands_in_the_way,
)
from volunteers.availability.part_of_day import part_of_day
from volunteers.availability.spans import Span, joined, without
from volunteers.availability.weekly import (
    Change,
    Window,
    away_spans,
    free_spans,
    room_around,
    span_on,
)

__all__ = [
    "HANDOVER",
    "Change",
    "Clash",
    "Commitment",
    "DoubleBooked",
    "Override",
    "Span",
    "Window",
    "away_spans",
    "check_booking",
    "clashes_with",
    "free_spans",
    "joined",
    "part_of_day",
    "room_around",
    "say_span",
    "span_on",
    "stands_in_the_way",
    "without",
]
