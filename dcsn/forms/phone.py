"""UK phone numbers: read, normalise, show.

``phonenumbers`` calls the ranges that Ofcom keeps for drama invalid. The demonstration and the tests
use only those, so they are accepted here.
Source: Ofcom, "Telephone numbers for use in TV and radio drama programmes".
"""

from __future__ import annotations

import re

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat

REGION = "GB"
# National significant numbers (without the leading 0) of Ofcom's drama ranges.
_DRAMA = re.compile(
    r"""
      (?:113|114|115|116|117|118|121|131|141|151|161)4960\d{3}   # Leeds, Sheffield, … Manchester
    | 2079460\d{3} | 2890180\d{3} | 2920180\d{3}                 # London, Northern Ireland, Cardiff
    | 1914980\d{3} | 1632960\d{3}                                # Tyneside, no area
    | 7700900\d{3} | 8081570\d{3} | 9098790\d{3} | 3069990\d{3}  # mobile, free, premium, UK-wide
    """,
    re.VERBOSE,
)
# Help lines that are dialled as they are: 111, 101, 999, 116 123, 0800 1111.
_SHORT = {
    "101": "101", "105": "105", "111": "111", "112": "112", "119": "119", "159": "159",
    "999": "999", "116000": "116 000", "116006": "116 006", "116111": "116 111",
    "116123": "116 123", "08001111": "0800 1111", "18000": "18000", "18001": "18001",
}  # fmt: skip
_EXTENSION = re.compile(r"(?:\s*(?:ext\.?|extension|x)\s*)(\d{1,6})\s*$", re.IGNORECASE)
_LONGEST = 40


def is_drama(number: PhoneNumber) -> bool:
    """Whether the number lies in a range that Ofcom keeps for drama."""
    return number.country_code == 44 and bool(_DRAMA.fullmatch(str(number.national_number)))


def format_phone(text: str) -> str | None:
    """ "01632960234" becomes "01632 960234"; ``None`` when it cannot be a phone number.

    A number abroad keeps its country code ("+353 1 234 5678"); an extension is kept ("ext. 12").
    """
    text = text.strip()
    if not text or len(text) > _LONGEST:
        return None
    digits = re.sub(r"[\s\-()]", "", text)
    if digits in _SHORT:
        return _SHORT[digits]
    extension = ""
    if found := _EXTENSION.search(text):
        extension, text = found[1], text[: found.start()]
    if re.search(r"[^\d\s+().\-/]", text):
        return None
    try:
        number = phonenumbers.parse(text, REGION)
    except phonenumbers.NumberParseException:
        return None
    if not (phonenumbers.is_valid_number(number) or is_drama(number)):
        return None
    shape = (
        PhoneNumberFormat.NATIONAL if number.country_code == 44 else PhoneNumberFormat.INTERNATIONAL
    )
    shown = phonenumbers.format_number(number, shape)
    return f"{shown} ext. {extension}" if extension else shown


def phone_address(shown: str) -> str:
    """The ``tel:`` address of a number as shown: digits, a leading +, an extension after ``;ext=``."""
    number, _, extension = shown.partition(" ext. ")
    # Imported numbers may hold anything, and the template filter promises that this needs no escaping.
    extension = "".join(c for c in extension if c.isdecimal())
    address = "tel:" + "".join(c for c in number if c.isdecimal() or c == "+")
    return f"{address};ext={extension}" if extension else address
