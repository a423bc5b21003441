"""Old enough? The one rule, for asking one volunteer and for matching thousands.

By the date of birth where it is known. Without one an adult is taken at their word, up to 18; where
nothing is known nobody is old enough, because the rule is there to protect somebody.
"""

from __future__ import annotations

from datetime import date

from members.models import AgeBand

ADULT = 18


def adult_by_their_word(age_band: str) -> bool:
    """An age band was given, and it is an adult's."""
    return age_band not in ("", AgeBand.UNDER_18)


def old_enough_on(born_on: date, age: int) -> date:
    """The day from which somebody has this age. Born on 29 February: 1 March in common years."""
    try:
        return born_on.replace(year=born_on.year + age)
    except ValueError:
        return date(born_on.year + age, 3, 1)


def old_enough_from(born_on: date | None, is_adult: bool, age: int) -> date | None:
    """The day from which somebody may do what asks for ``age``; ``date.min`` for always, None for what is
    not known."""
    if not age:
        return date.min
    if born_on is not None:
        return old_enough_on(born_on, age)
    return date.min if is_adult and age <= ADULT else None


def is_old_enough(born_on: date | None, is_adult: bool, age: int, day: date) -> bool:
    since = old_enough_from(born_on, is_adult, age)
    return since is not None and since <= day
