"""When reviews are due: pure dates.

A light-touch review six to eight weeks after a plan starts or changes, then at least every twelve months
(Care and Support Statutory Guidance, chapter 13). The windows are data for each kind of pathway, because
reablement is looked at sooner.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta


@dataclass(frozen=True)
class Rhythm:
    """How often a kind of pathway is looked at. Weeks from the start or a change, months from a review."""

    first_after_weeks: int = 6
    first_within_weeks: int = 8
    then_within_months: int = 12

    def __post_init__(self) -> None:
        if not 0 <= self.first_after_weeks <= self.first_within_weeks:
            raise ValueError("a window opens before it closes")
        if self.then_within_months < 1:
            raise ValueError("reviews are months apart")


@dataclass(frozen=True)
class Window:
    """From the first good day to the last; both included."""

    opens: date
    closes: date

    def __contains__(self, day: date) -> bool:
        return self.opens <= day <= self.closes

    def is_missed(self, today: date) -> bool:
        return today > self.closes


def first_review(rhythm: Rhythm, changed_on: date) -> Window:
    """After a plan began, or was changed."""
    return Window(
        changed_on + timedelta(weeks=rhythm.first_after_weeks),
        changed_on + timedelta(weeks=rhythm.first_within_weeks),
    )


def next_review_by(rhythm: Rhythm, held_on: date) -> date:
    """The last day for the next one. The end of a shorter month stands for a day it has not."""
    return held_on + relativedelta(months=rhythm.then_within_months)


def due(rhythm: Rhythm, *, changed_on: date, held_on: date | None) -> Window:
    """The review that comes next: the first after a change, else within months of the last one held."""
    if held_on is None or held_on < changed_on:
        return first_review(rhythm, changed_on)
    by = next_review_by(rhythm, held_on)
    return Window(held_on, by)
