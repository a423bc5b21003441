"""Codes that a person can read out and type: "BCDF-2346".

No vowels, so that no word comes up; no letter or digit that looks or sounds like another. Eight of
24 signs are 110 thousand million codes: nobody guesses one.
"""

from __future__ import annotations

import secrets

ALPHABET = "2346789BCDFGHJKMPQRTVWXY"
LENGTH = 8


def new_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def read_code(text: str) -> str:
    """What somebody typed as a code, or nothing when it cannot be one."""
    tight = "".join(c for c in text[:40].upper() if c.isascii() and c.isalnum())
    return tight if len(tight) == LENGTH and set(tight) <= set(ALPHABET) else ""


def say_code(code: str) -> str:
    """``BCDF-2346``: two halves are easier to read out than eight signs."""
    return f"{code[:4]}-{code[4:]}"
