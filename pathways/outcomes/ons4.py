"""The four questions on personal well-being of the Office for National Statistics.

Government harmonised standard; Source: Office for National Statistics licensed under the Open Government
Licence v.3.0. Each is answered from 0 to 10. They are asked in this order, and are never added up: the last
runs the other way.
"""

from __future__ import annotations

from enum import StrEnum


class Question(StrEnum):
    """In the order in which they are asked."""

    SATISFIED = "satisfied"
    WORTHWHILE = "worthwhile"
    HAPPY = "happy"
    ANXIOUS = "anxious"


ORDER = tuple(Question)
LOWEST, HIGHEST = 0, 10


class Band(StrEnum):
    VERY_LOW = "very low"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    VERY_HIGH = "very high"


def band(question: Question, score: int) -> Band:
    """The published thresholds: for anxiety they are others, and a low one is the good one."""
    if not LOWEST <= score <= HIGHEST:
        raise ValueError(f"{score} is not from 0 to 10")
    if question == Question.ANXIOUS:
        if score <= 1:
            return Band.VERY_LOW
        if score <= 3:
            return Band.LOW
        return Band.MEDIUM if score <= 5 else Band.HIGH
    if score <= 4:
        return Band.LOW
    if score <= 6:
        return Band.MEDIUM
    return Band.HIGH if score <= 8 else Band.VERY_HIGH


def more_is_better(question: Question) -> bool:
    """An honest chart says so on its axis."""
    return question != Question.ANXIOUS
