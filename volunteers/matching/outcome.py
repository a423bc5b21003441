"""What a run of matching hands back: for each request who is suggested, and why others are not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from volunteers.availability import Span
from volunteers.matching.rules import RULES


@dataclass(frozen=True)
class Suggestion:
    """One volunteer for one request, at one of the times that would do.

    ``parts`` says what the cost is made of; ``reasons`` speak for it and ``warnings`` are what the
    coordinator has to settle, all in plain words and without anybody's name.
    """

    need_id: Any
    candidate_id: Any
    visit: Span
    cost: int
    parts: Mapping[str, int]
    reasons: tuple[str, ...]
    warnings: tuple[str, ...] = ()

    def in_words(self) -> str:
        """``1.3 miles, drives, free Tuesday afternoon, likes gardening, last helped 5 weeks ago``."""
        return ", ".join(self.reasons)


@dataclass(frozen=True)
class Outcome:
    """One request: ``best`` is its part of the assignment, ``others`` are who to ask next, the
    cheapest first. ``refused`` counts the organisation's volunteers by the name of the first rule that
    keeps them from it, ``possible`` those whom none does."""

    need_id: Any
    best: Suggestion | None
    others: tuple[Suggestion, ...]
    refused: Mapping[str, int]
    possible: int

    @property
    def suggestions(self) -> tuple[Suggestion, ...]:
        """Whom to ask, in order."""
        return self.others if self.best is None else (self.best, *self.others)

    def why_not_more(self) -> str:
        """``Of 214 volunteers 3 are possible. Not: 180 too far away for them, 31 not free then.``"""
        groups = {rule.name: rule.group for rule in RULES}
        number = self.possible + sum(self.refused.values())
        words = ngettext(
            "Of %(number)s volunteers %(possible)s is possible.",
            "Of %(number)s volunteers %(possible)s are possible.",
            self.possible,
        ) % {"number": number, "possible": self.possible}
        if not self.refused:
            return words
        kept = ", ".join(f"{count} {groups[name]}" for name, count in self.refused.items())
        return _("%(words)s Not: %(kept)s.") % {"words": words, "kept": kept}


@dataclass(frozen=True)
class Matching:
    """A whole run. ``total`` is what it costs, requests that stay unfilled included; beside it what
    it would have been to give each request in turn the cheapest who is left."""

    outcomes: tuple[Outcome, ...]
    total: int
    greedy_total: int
    greedy_filled: int

    @property
    def filled(self) -> int:
        return sum(outcome.best is not None for outcome in self.outcomes)
