"""The four questions on personal well-being of the Office for National Statistics.

Government harmonised standard; Source: Office for National Statistics licensed under the Open Government
Licence v.3.0. Each is answered from 0 to 10. They are asked in this order, and are never added up: the last
runs the other way.
"""

from __future__ import annotations

from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Question(StrEnum):
    """In the order in which they are asked."""

    SATISFIED = "satisfied"
    WORTHWHILE = "worthwhile"
    HAPPY = "happy"
    ANXIOUS = "anxious"


ORDER = tuple(Question)
# As they are read out; the wording is the standard's and is not improved upon.
WORDS: dict[Question, Promise] = {
    Question.SATISFIED: _("Overall, how satisfied are you with your life nowadays?"),
    Question.WORTHWHILE: _(
        "Overall, to what extent do you feel that the things you do in your life are worthwhile?"
    ),
    Question.HAPPY: _("Overall, how happy did you feel yesterday?"),
    Question.ANXIOUS: _(
        "On a scale where 0 is “not at all anxious” and 10 is “completely anxious”, overall, how "
        "anxious did you feel yesterday?"
    ),
}
BEFORE = _(
    "I would like to ask you four questions about your feelings on aspects of your life. There are no "
    "right or wrong answers. For each of these questions I'd like you to give an answer on a scale of 0 "
    "to 10, where 0 is “not at all” and 10 is “completely”."
)
# At the head of a column or a line of a picture. The last says which way is better: it runs the other way.
SHORT: dict[Question, Promise] = {
    Question.SATISFIED: _("Satisfied with life"),
    Question.WORTHWHILE: _("Things are worthwhile"),
    Question.HAPPY: _("Happy yesterday"),
    Question.ANXIOUS: _("Anxious yesterday (lower is better)"),
}
SOURCE = _(
    "Source: Office for National Statistics, licensed under the Open Government Licence v.3.0."
)
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
