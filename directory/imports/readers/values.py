"""Cells made into values. Each function answers None (or nothing) for what it cannot read."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation

from django.utils.text import slugify

from directory.imports.opening_words import NotUnderstood, parse_time

_YES = {"yes", "y", "true", "t", "1", "on", "x"}
_NO = {"no", "n", "false", "f", "0", "off"}
_DATE_SHAPES = ("%Y-%m-%d", "%d/%m/%Y", "%d/%m/%y", "%m/%d/%Y", "%m/%d/%y", "%d %B %Y", "%B %d, %Y")
_NUMBER = r"(\d{1,3})"
_YEARS = r"\s*(?:years?|yrs?|y\.?o\.?)?(?:\s+old)?\s*"
_UNLIMITED = re.compile(
    r"^\s*(all\s+ages?|any\s+age|everyone|everybody|no\s+age\s+limit)\s*\.?\s*$", re.I
)
_BETWEEN = re.compile(
    rf"^\s*(?:aged?|ages|from|between)?\s*{_NUMBER}{_YEARS}(?:-|–|—|to|and|until)\s*{_NUMBER}{_YEARS}$",
    re.I,
)
_FROM = re.compile(
    rf"^\s*(?:aged?|ages|from|over\s+the\s+age\s+of|over)?\s*{_NUMBER}{_YEARS}"
    r"(?:\+|plus|upwards?|and\s+(?:over|above|up|older)|or\s+(?:over|above|older))\s*$",
    re.I,
)
_OVER = re.compile(
    rf"^\s*(?:over|from|aged?\s+over|minimum\s+age:?)\s*{_NUMBER}{_YEARS}s?\s*$", re.I
)
_UNDER = re.compile(
    rf"^\s*(?:under|up\s+to|below)\s*{_NUMBER}{_YEARS}s?\s*$|^\s*{_NUMBER}{_YEARS}"
    r"(?:and\s+(?:under|below)|or\s+(?:under|younger))\s*$",
    re.I,
)
_MONEY = re.compile(r"(?:£|\$|€)\s?(\d{1,6}(?:,\d{3})*(?:\.\d{1,2})?)")
_NO_CHARGE = re.compile(
    r"^\s*(?:none|free(?:\s+of\s+charge)?|no\s+(?:fees?|charges?|cost)|nil|£?0(?:\.00)?)\b", re.I
)
# Enough to write the code of a language that sources give by name.
LANGUAGES = {
    "arabic": "ar", "bengali": "bn", "british sign language": "bfi", "bsl": "bfi",
    "bulgarian": "bg", "cantonese": "yue", "chinese": "zh", "chinese (cantonese)": "yue",
    "chinese (mandarin)": "cmn", "czech": "cs", "dari": "prs", "dutch": "nl", "english": "en",
    "farsi": "fa", "french": "fr", "german": "de", "greek": "el", "gujarati": "gu", "hebrew": "he",
    "hindi": "hi", "hungarian": "hu", "irish": "ga", "italian": "it", "japanese": "ja",
    "korean": "ko", "kurdish": "ku", "latvian": "lv", "lithuanian": "lt", "mandarin": "cmn",
    "pashto": "ps", "persian": "fa", "polish": "pl", "portuguese": "pt", "punjabi": "pa",
    "romanian": "ro", "russian": "ru", "samoan": "sm", "scottish gaelic": "gd", "slovak": "sk",
    "somali": "so", "spanish": "es", "swahili": "sw", "tagalog": "tl", "tamil": "ta",
    "thai": "th", "tigrinya": "ti", "tongan": "to", "turkish": "tr", "ukrainian": "uk",
    "urdu": "ur", "vietnamese": "vi", "welsh": "cy", "yoruba": "yo",
}  # fmt: skip


def yes(text: str) -> bool | None:
    """True, False, or None for anything else."""
    word = text.strip().lower()
    return True if word in _YES else False if word in _NO else None


def a_date(text: str) -> date | None:
    """ISO or written; a day before its month unless that cannot be. Never the year 1 of a template."""
    text = text.strip()
    try:
        found = datetime.fromisoformat(text).date()
        return found if found.year > 1900 else None
    except ValueError:
        pass
    for shape in _DATE_SHAPES:
        try:
            found = datetime.strptime(text, shape).date()  # noqa: DTZ007  (a date has no zone)
        except ValueError:
            continue
        return found if found.year > 1900 else None
    return None


def a_time(text: str) -> time | None:
    try:
        return parse_time(text)
    except NotUnderstood:
        return None


def whole_number(text: str) -> int | None:
    """``12`` of "12" or "12.0"."""
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        return None
    if not number.is_finite() or number != number.to_integral_value() or abs(number) > 10**9:
        return None
    return int(number)


def a_number(text: str) -> float | None:
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        return None
    return float(number) if number.is_finite() else None


def pence(text: str) -> int | None:
    """1300 of "13", "13.00" or "£13"; None when it is not one amount."""
    try:
        amount = Decimal(text.strip().lstrip("£$€").replace(",", ""))
    except InvalidOperation:
        return None
    if not amount.is_finite() or not 0 <= amount < 10**6:
        return None
    return int((amount * 100).to_integral_value())


def items(text: str) -> list[str]:
    """The parts of a list between commas or semicolons; a comma within brackets is left."""
    return [part.strip() for part in re.split(r"[;,](?![^(]*\))", text) if part.strip()]


def ages(text: str) -> tuple[int | None, int | None] | None:
    """Youngest and oldest of "6 years - 14 years", "11+", "7 years upwards", "All ages".

    None when it says no ages that can be read: "25 to 30 people" is not an age.
    """
    text = _short(text)
    if _UNLIMITED.match(text):
        return None, None
    if found := _BETWEEN.match(text):
        return int(found[1]), int(found[2])
    if found := _FROM.match(text) or _OVER.match(text):
        return int(found[1]), None
    if found := _UNDER.match(text):
        return None, int(found[1] or found[2])
    return None


def is_all_ages(text: str) -> bool:
    return bool(_UNLIMITED.match(_short(text)))


def _short(text: str) -> str:
    """Single blanks, and no more than words about ages need: the patterns allow blanks in many places, and
    would try 20,000 of them in every way."""
    return " ".join(text[:2000].split())[:200]


def amounts(text: str) -> list[int]:
    """Every amount of money in a sentence, in pence."""
    return [value for found in _MONEY.findall(text) if (value := pence(found)) is not None]


def cost_of(*, is_free: bool | None, fees: str, prices: list[int | None]) -> str:
    """``free``, ``paid`` or ``not_known``: nothing said is not the same as free."""
    if is_free:
        return "free"
    known = [price for price in prices if price is not None]
    if known:
        return "paid" if any(known) else "free"
    if _NO_CHARGE.match(fees):
        return "free"
    return "paid" if fees.strip() or is_free is False else "not_known"


def language(name: str, code: str = "") -> tuple[str, str]:
    """(code, name); a language we have no code for gets one made of its name."""
    name = name.strip()
    known = LANGUAGES.get(name.lower())
    chosen = code.strip().lower()[:10] or known or slugify(name)[:10]
    return chosen, name or chosen
