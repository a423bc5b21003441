"""Times of day as people write them: "10am", "2.30 pm", "14:30", "noon"."""

from __future__ import annotations

import re
from datetime import time

_WORDS = {"noon": time(12), "midday": time(12), "12 noon": time(12), "midnight": time(0)}
_CLOCK = re.compile(r"^(\d{1,2})(?:[:.]?(\d{2}))?\s*([ap])?\.?m?\.?$", re.IGNORECASE)


def read_time(text: str) -> time | None:
    """ "10am", "10.30 am", "2pm", "14:30", "1430" and "noon"; ``None`` for anything else.

    A bare "10" is 10 in the morning and a bare "14" is 2 in the afternoon. A bare "2" is not
    guessed at: nobody means two in the night, and not everybody means the afternoon.
    """
    text = " ".join(text.strip().lower().split())
    if text in _WORDS:
        return _WORDS[text]
    found = _CLOCK.match(text)
    if found is None or (text.endswith("m") and not found[3]):
        return None
    hour, minute, half = int(found[1]), int(found[2] or 0), found[3]
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "p" else 0)
    elif found[2] is None and hour < 7:
        return None
    if hour > 23 or minute > 59:
        return None
    return time(hour, minute)


def write_time(at: time) -> str:
    """ "10am", "2:30pm", "noon", "midnight": what :func:`read_time` reads back."""
    if at.minute == 0 and at.hour in (0, 12):
        return "noon" if at.hour else "midnight"
    half = "am" if at.hour < 12 else "pm"
    hour = at.hour % 12 or 12
    return f"{hour}:{at.minute:02}{half}" if at.minute else f"{hour}{half}"
