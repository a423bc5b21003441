"""How forms look and what people may type into them.

``FORM_RENDERER`` gives every form GOV.UK markup; the fields here turn what people type into one
normal value: a postcode, a phone number, an amount in pence, a day, a time.
"""

from __future__ import annotations

from dcsn.forms.fields import DateField, MoneyField, PhoneField, PostcodeField, TimeField
from dcsn.forms.money import say_pence
from dcsn.forms.phone import format_phone, phone_address
from dcsn.forms.postcode import normalise_postcode
from dcsn.forms.widgets import (
    CheckboxesWithHints,
    DatePartsInput,
    PrefixInput,
    RadiosWithHints,
)

__all__ = [
    "CheckboxesWithHints",
    "DateField",
    "DatePartsInput",
    "MoneyField",
    "PhoneField",
    "PostcodeField",
    "PrefixInput",
    "RadiosWithHints",
    "TimeField",
    "format_phone",
    "normalise_postcode",
    "phone_address",
    "say_pence",
]
