"""Amounts of money: pence in the database, pounds as people write them."""

from __future__ import annotations

import re

_POUNDS = re.compile(r"£?([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.([0-9]{1,2}))?")
_PENCE = re.compile(r"([0-9]{1,3})p")


def read_pence(text: str) -> int | None:
    """ "£13", "13.5", "1,250.00" and "50p" as pence; ``None`` when it is no amount."""
    tight = re.sub(r"\s", "", text.lower())
    if found := _PENCE.fullmatch(tight):
        return int(found[1])
    if found := _POUNDS.fullmatch(tight):
        pounds = int(found[1].replace(",", ""))
        return pounds * 100 + int((found[2] or "0").ljust(2, "0"))
    return None


def say_pence(pence: int) -> str:
    """1300 becomes "£13", 1350 "£13.50", 50 "50p"."""
    if 0 < pence < 100:
        return f"{pence}p"
    pounds, rest = divmod(pence, 100)
    return f"£{pounds:,}" if rest == 0 else f"£{pounds:,}.{rest:02}"
