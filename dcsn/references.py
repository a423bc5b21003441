"""References that are read out over the telephone: "R, K M 3, F A 7 X"."""

from __future__ import annotations

import secrets

# Letters and digits that are not mixed up when spoken or written by hand.
SPOKEN = "ACDEFHJKMNPRTUVWXY3479"
LENGTH = 8  # five times ten to the tenth: two of 80,000 are alike once in fifteen networks


def new_reference(prefix: str) -> str:
    """Such as "R-KM3F-A7XT". Not in sequence: nobody can guess a neighbour's."""
    drawn = "".join(secrets.choice(SPOKEN) for _number in range(LENGTH))
    return f"{prefix}-{drawn[:4]}-{drawn[4:]}"


def normal_reference(typed: str) -> str:
    """What somebody typed, as it is stored; spaces, case and hyphens do not matter."""
    plain = "".join(letter for letter in typed.upper() if letter.isalnum())
    return f"{plain[:1]}-{plain[1:5]}-{plain[5:]}"
