"""What is never written down: a National Insurance number, an account or claim number, an amount."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# Two letters, six digits, a letter; with whatever somebody puts between. The prefix is not checked: a
# mistyped number tells as much.
_NATIONAL_INSURANCE = re.compile(
    r"(?<![a-z])[a-z][\W_]?[a-z][\W_]{0,3}(?:\d[\W_]{0,3}){5}\d[\W_]{0,3}[a-d]?(?![a-z0-9])",
    re.IGNORECASE,
)
_AMOUNT = re.compile(
    r"[£€$]\s*\d|\d\s*(?:£|€)|\b\d[\d,.]*\s*(?:pounds?|quid|pence|gbp|p)\b"
    r"|\b\d[\d,.]*\s*(?:a|per|each|/)\s*(?:week|wk|fortnight|month|mth|year|annum)\b"
    r"|\b\d{1,3}(?:,\d{3})+\b|\b\d+\.\d{2}\b(?!\s*(?:am|pm|a\.m|p\.m|o.clock))",
    re.IGNORECASE,
)
# Six digits or more, also in groups: accounts, sort codes, claims, cards, telephones. Whatever dash or sign
# stands between, one a telephone's keyboard makes of two hyphens or one that cannot be seen.
_LONG_NUMBER = re.compile(r"(?:\d[\s._/|:‐-―−\-\u00ad\u200b-\u200f\u2060\ufeff]{0,3}){5,}\d")
# "12/05/2026": a day is no number of anybody's. With dashes it could be a sort code.
_DAY = re.compile(r"\b(?:0?[1-9]|[12]\d|3[01])[/.](?:0?[1-9]|1[0-2])[/.](?:\d{4}|\d{2})\b")

HINT = _(
    "No National Insurance number, no account or claim number and no amount of money: they are not "
    "needed, and are not kept."
)


def refuse_numbers(text: str) -> None:
    """A validator for every box of the safety net in which somebody can write freely.

    Errs on the side of refusing: a telephone number is refused too.

    :raises ValidationError: saying what to leave out.
    """
    if _NATIONAL_INSURANCE.search(text):
        raise ValidationError(
            _("Leave out the National Insurance number: it is not needed and must not be kept"),
            code="national_insurance",
        )
    without_days = _DAY.sub(" ", text)
    if _AMOUNT.search(without_days):
        raise ValidationError(
            _("Leave out amounts of money: they are not needed and must not be kept"),
            code="amount",
        )
    if _LONG_NUMBER.search(without_days):
        raise ValidationError(
            _("Leave out long numbers, such as of an account or a claim: they must not be kept"),
            code="number",
        )
