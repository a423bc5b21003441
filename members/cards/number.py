"""Card numbers: eight random digits and two check digits, printed "12 3456 78 90".

ISO 7064 MOD 97-10: no single wrong digit passes, no two that are swapped as neighbours or across one,
no twins. Not in sequence, so that a shop cannot guess a neighbour's.
"""

from __future__ import annotations

import re
import secrets

BODY = 8
# Whatever stands between the groups: spaces, and the dashes that telephones make by themselves.
_TYPED = re.compile(r"[\s.,_()‐-―−-]+")


def check_digits(body: str) -> str:
    """The two digits that make ``body`` a number: 02 to 98.

    :raises ValueError: for anything but digits.
    """
    if not re.fullmatch(r"[0-9]+", body):
        raise ValueError("a card's number is made of digits")
    return f"{98 - int(body) * 100 % 97:02}"


def is_valid(number: str) -> bool:
    """Whether the check digits fit; says nothing about whether there is such a card."""
    return bool(re.fullmatch(r"[0-9]{10}", number)) and check_digits(number[:BODY]) == number[BODY:]


def new_number() -> str:
    """A number nobody can guess. The first digit is not 0: a spreadsheet would take it away."""
    body = f"{secrets.randbelow(9 * 10 ** (BODY - 1)) + 10 ** (BODY - 1)}"
    return body + check_digits(body)


def as_printed(number: str) -> str:
    """ "12 3456 78 90", as it is read out in groups."""
    return f"{number[:2]} {number[2:6]} {number[6:8]} {number[8:]}"


def as_typed(text: str) -> str:
    """What somebody typed or read out, as digits; spaces, stops, dashes and brackets do not matter."""
    return _TYPED.sub("", text.strip())
