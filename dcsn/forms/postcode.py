"""UK postcodes as people type them.

The shapes are those of BS 7666 and the Royal Mail's Programmers' Guide; whether a postcode exists is
the business of the postcode table, not of its spelling.
"""

from __future__ import annotations

import re

# A unit postcode: outward code, then a digit and two letters never C, I, K, M, O or V.
_OUTWARD = r"(?:[A-PR-UWYZ][0-9][0-9A-HJKPS-UW]?|[A-PR-UWYZ][A-HK-Y][0-9][0-9ABEHMNPRV-Y]?|GIR)"
_UNIT = re.compile(rf"({_OUTWARD})([0-9])([ABD-HJLNP-UW-Z]{{2}})")
_SECTOR = re.compile(rf"({_OUTWARD}) ([0-9])")
_OUTCODE = re.compile(_OUTWARD)
_LONGEST = 20


def normalise_postcode(text: str, *, partial: bool = False) -> str | None:
    """ "dl37xx" becomes "DL3 7XX"; ``None`` when it is no postcode.

    With ``partial``, an outcode ("DL3") and a sector ("DL3 7") are postcodes too. Letters and digits
    that are easily mixed up (O and 0, I and 1) are put right where only one of them is possible.
    """
    if len(text) > _LONGEST:
        return None
    tight = re.sub(r"[^A-Z0-9]", "", text.upper())
    for candidate in (tight, _unmix(tight)):
        if found := _UNIT.fullmatch(candidate):
            return f"{found[1]} {found[2]}{found[3]}"
    if not partial:
        return None
    spaced = " ".join(re.sub(r"[^A-Z0-9 ]", "", text.upper()).split())
    if _SECTOR.fullmatch(spaced) or _OUTCODE.fullmatch(spaced):
        return spaced
    return None


def _unmix(tight: str) -> str:
    """The same letters with O/0 and I/1 swapped where a postcode can only hold the other kind."""
    if not 5 <= len(tight) <= 7:
        return tight
    outward, inward = tight[:-3], tight[-3:]
    to_digit, to_letter = str.maketrans("OI", "01"), str.maketrans("01", "OI")
    inward = inward[0].translate(to_digit) + inward[1:].translate(to_letter)
    head = outward[0].translate(to_letter)
    return head + outward[1:].translate(to_digit) + inward
