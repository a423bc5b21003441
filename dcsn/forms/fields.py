"""Fields that turn what a person typed into one normal value, and say plainly what is wrong."""

from __future__ import annotations

import re
from datetime import date, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from dcsn.forms.clock import read_time, write_time
from dcsn.forms.money import read_pence
from dcsn.forms.phone import format_phone
from dcsn.forms.postcode import normalise_postcode
from dcsn.forms.widgets import DatePartsInput, PrefixInput

_INT4 = 2_147_483_647


class PostcodeField(forms.CharField):
    """A UK postcode; the value is "DL3 7XX". With ``partial``, also "DL3" and "DL3 7"."""

    default_error_messages = {
        "required": _("Enter a postcode"),
        "invalid": _("Enter a full postcode, like DL3 7XX"),
        "invalid_partial": _("Enter a postcode, like DL3 7XX, or its first part, like DL3"),
    }

    def __init__(self, *, partial: bool = False, **kwargs: Any) -> None:
        self.partial = partial
        super().__init__(**kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {
            **super().widget_attrs(widget),
            "class": "govuk-input--width-10",
            "autocomplete": "postal-code",
            "spellcheck": "false",
        }

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        if text in self.empty_values:
            return ""
        postcode = normalise_postcode(text, partial=self.partial)
        if postcode is None:
            code = "invalid_partial" if self.partial else "invalid"
            raise ValidationError(self.error_messages[code], code="invalid")
        return postcode


class PhoneField(forms.CharField):
    """A phone number; the value is "01632 960234". Ofcom's drama ranges are accepted."""

    default_error_messages = {
        "required": _("Enter a phone number"),
        "invalid": _("Enter a phone number, like 01632 960 001, 07700 900 982 or +44 808 157 0192"),
    }

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        attrs = {**super().widget_attrs(widget), "class": "govuk-input--width-20"}
        if isinstance(widget, forms.TextInput):
            widget.input_type = "tel"  # the field's own copy: telephones show figures to type
            attrs |= {"autocomplete": "tel"}
        return attrs

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        if text in self.empty_values:
            return ""
        shown = format_phone(text)
        if shown is None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return shown


class MoneyField(forms.Field):
    """An amount typed in pounds; the value is pence, an ``int``, or ``None`` when left empty."""

    widget = PrefixInput
    default_error_messages = {
        "required": _("Enter an amount"),
        "invalid": _("Enter an amount in pounds, like 13 or 13.50"),
        "min_value": _("Enter a larger amount"),
        "max_value": _("Enter a smaller amount"),
    }

    def __init__(self, *, min_pence: int = 0, max_pence: int = _INT4, **kwargs: Any) -> None:
        self.min_pence = min_pence
        self.max_pence = max_pence
        kwargs.setdefault("widget", PrefixInput(prefix="£"))
        super().__init__(**kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"class": "govuk-input--width-5", "inputmode": "decimal", "spellcheck": "false"}

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, int):
            pounds, pence = divmod(value, 100)
            return f"{pounds}.{pence:02}" if pence else str(pounds)
        return value

    def to_python(self, value: Any) -> int | None:
        if value in self.empty_values:
            return None
        if isinstance(value, int):
            return value
        pence = read_pence(str(value)[:40])
        if pence is None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return pence

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is None:
            return
        if value < self.min_pence:
            raise ValidationError(self.error_messages["min_value"], code="min_value")
        if value > self.max_pence:
            raise ValidationError(self.error_messages["max_value"], code="max_value")

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.to_python(initial) != self.to_python(data)
        except ValidationError:
            return True


class DateField(forms.Field):
    """A day typed as three boxes; the value is a ``date``. The month may be a word ("March")."""

    widget = DatePartsInput
    default_error_messages = {
        "required": _("Enter the day, month and year"),
        "invalid": _("Enter a real date, like 27 3 2026"),
        "day": _("The date must include a day"),
        "month": _("The date must include a month"),
        "year": _("The date must include a year"),
        "year_digits": _("The year must have 4 digits, like 2026"),
    }

    def clean(self, value: Any) -> date | None:
        if isinstance(value, date):
            return value
        typed = [str(part or "").strip() for part in (value or ())]
        typed += [""] * (3 - len(typed))
        if not any(typed):
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return None
        for part, text in zip(DatePartsInput.PARTS, typed, strict=True):
            if not text:
                raise ValidationError(
                    self.error_messages[part], code=part, params={"parts": [part]}
                )
        day, month, year = typed
        if not re.fullmatch(r"[0-9]{4}", year):
            raise ValidationError(
                self.error_messages["year_digits"], code="year_digits", params={"parts": ["year"]}
            )
        try:
            found = date(int(year), _month_number(month), int(day))
        except ValueError as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error
        self.run_validators(found)
        return found

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.clean(initial or None) != self.clean(data)
        except ValidationError:
            return True


class TimeField(forms.CharField):
    """A time of day as people write it; the value is a ``time``, or ``None`` when left empty."""

    default_error_messages = {
        "required": _("Enter a time, like 10am"),
        "invalid": _("Enter a time, like 10am, 2:30pm or noon"),
    }

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "class": "govuk-input--width-5"}

    def prepare_value(self, value: Any) -> Any:
        return write_time(value) if isinstance(value, time) else value

    def to_python(self, value: Any) -> time | None:  # type: ignore[override]
        if isinstance(value, time):
            return value
        text = super().to_python(value) or ""
        if text in self.empty_values:
            return None
        found = read_time(text[:20])
        if found is None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return found

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.to_python(initial) != self.to_python(data)
        except ValidationError:
            return True


def _month_number(text: str) -> int:
    """The month as a number, from "3", "03", "Mar" or "March"; ``ValueError`` for anything else."""
    if text.isascii() and text.isdigit():
        return int(text)
    if len(text) < 3:
        raise ValueError(text)
    full = ["january", "february", "march", "april", "may", "june", "july", "august", "september",
            "october", "november", "december"]  # fmt: skip
    word = text.lower().rstrip(".")
    for number, name in enumerate(full, start=1):
        if name.startswith(word) or (word == "sept" and number == 9):
            return number
    raise ValueError(text)
