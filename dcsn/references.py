"""References that are read out over the telephone: "R, K M 3, F A 7 X".

The first letter says what the reference is of. No two things share one, so that whoever is rung knows what
to look for; ``prefix`` refuses a letter that is taken.
"""

from __future__ import annotations

import secrets

from django.core.exceptions import ImproperlyConfigured

# Letters and digits that are not mixed up when spoken or written by hand.
SPOKEN = "ACDEFHJKMNPRTUVWXY3479"
LENGTH = 8  # five times ten to the tenth: two of 80,000 are alike once in fifteen networks

_taken: dict[str, str] = {}


def prefix(letter: str, of: str) -> str:
    """``letter``, kept for references of ``of``; an error when something else has it."""
    holder = _taken.setdefault(letter, of)
    if holder != of:
        raise ImproperlyConfigured(f"references of {of} and of {holder} both begin with {letter}")
    return letter


def new_reference(letter: str) -> str:
    """Such as "R-KM3F-A7XT". Not in sequence: nobody can guess a neighbour's."""
    drawn = "".join(secrets.choice(SPOKEN) for _number in range(LENGTH))
    return f"{letter}-{drawn[:4]}-{drawn[4:]}"


def normal_reference(typed: str) -> str:
    """What somebody typed, as it is stored; spaces, case and hyphens do not matter."""
    plain = "".join(letter for letter in typed.upper() if letter.isalnum())
    return f"{plain[:1]}-{plain[1:5]}-{plain[5:]}"
