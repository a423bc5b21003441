"""Minutes a week, as people say and type them: 14, 14.5, 14 hours 30 minutes."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

MOST = 7 * 24


class HoursField(forms.DecimalField):
    """Hours a week; the value is minutes, or ``None`` when left empty."""

    widget = forms.TextInput
    default_error_messages = {
        "invalid": gettext_lazy("Enter a number of hours, like 14 or 14.5"),
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=0, max_value=MOST, decimal_places=2, **kwargs)
        self.error_messages["max_decimal_places"] = self.error_messages["invalid"]

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"class": "govuk-input--width-5", "inputmode": "decimal"}

    def prepare_value(self, value: Any) -> Any:
        """An ``int`` is minutes; what was typed stays as it was typed."""
        return plain_hours(value) if isinstance(value, int) else value

    def clean(self, value: Any) -> Any:
        hours = super().clean(value)
        if hours is None:
            return None
        minutes = (hours * 60).quantize(Decimal(1), ROUND_HALF_UP)
        if hours > MOST:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return int(minutes)


def plain_hours(minutes: int) -> str:
    return f"{(Decimal(minutes) / 60).quantize(Decimal('0.01')).normalize():f}"


def say_hours(minutes: int | None) -> str:
    """In words for a reader: "14 hours 30 minutes a week"."""
    if minutes is None:
        return _("not noted")
    hours, rest = divmod(minutes, 60)
    parts = []
    if hours or not rest:
        parts.append(ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours})
    if rest:
        parts.append(ngettext("%(n)d minute", "%(n)d minutes", rest) % {"n": rest})
    return _("%(time)s a week") % {"time": " ".join(parts)}
