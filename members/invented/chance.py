"""Ids, times and references that come from a seed: the same one gives the same."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from random import Random
from typing import TypeVar
from zoneinfo import ZoneInfo

from dcsn.references import LENGTH, SPOKEN
from members.cards.number import BODY, check_digits

LONDON = ZoneInfo("Europe/London")
T = TypeVar("T")


class Chance:
    """Everything that is left to chance; ``used``: references and card numbers that are there already."""

    def __init__(self, seed: int, used: set[str]) -> None:
        self.random = Random(f"members {seed}")  # noqa: S311
        self._used = used

    def id(self) -> uuid.UUID:
        return uuid.UUID(int=self.random.getrandbits(128), version=4)

    def at(self, day: date) -> datetime:
        """While a desk is open."""
        minutes = self.random.randint(0, 8 * 60 - 1)
        return datetime.combine(day, time(9), LONDON) + timedelta(minutes=minutes)

    def one_of(self, weighted: Sequence[tuple[T, int]]) -> T:
        values, weights = zip(*weighted, strict=True)
        return self.random.choices(values, weights)[0]

    def reference(self, letter: str) -> str:
        while True:
            drawn = "".join(self.random.choices(SPOKEN, k=LENGTH))
            reference = f"{letter}-{drawn[:4]}-{drawn[4:]}"
            if reference not in self._used:
                self._used.add(reference)
                return reference

    def card_number(self) -> str:
        while True:
            body = str(self.random.randrange(10 ** (BODY - 1), 10**BODY))
            number = body + check_digits(body)
            if number not in self._used:
                self._used.add(number)
                return number
