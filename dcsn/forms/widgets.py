"""The few controls that Django has no widget for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class PrefixInput(forms.TextInput):
    """A text box with a sign in front or behind that is not typed: "£", "miles"."""

    template_name = "forms/widgets/prefix_input.html"

    def __init__(
        self, attrs: dict[str, Any] | None = None, *, prefix: str = "", suffix: str = ""
    ) -> None:
        super().__init__(attrs)
        self.prefix = prefix
        self.suffix = suffix

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"] |= {"prefix": self.prefix, "suffix": self.suffix}
        return context


class _OptionHints:
    """Adds a sentence below single choices: ``hints`` maps a choice's value to it."""

    def __init__(self, *args: Any, hints: Mapping[Any, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.hints = hints or {}

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)  # type: ignore[misc]
        # A ModelChoiceField's value is wrapped: .value is the key.
        hint = self.hints.get(getattr(value, "value", value))
        if hint:
            option["hint"] = hint
            if "id" in option["attrs"]:
                option["attrs"]["aria-describedby"] = f"{option['attrs']['id']}-item-hint"
        return option


class RadiosWithHints(_OptionHints, forms.RadioSelect):
    """Radio buttons, each with an optional sentence below it."""


class CheckboxesWithHints(_OptionHints, forms.CheckboxSelectMultiple):
    """Tick boxes, each with an optional sentence below it."""


class DatePartsInput(forms.MultiWidget):
    """Day, month and year as three boxes: nobody has to fight a calendar with a library mouse."""

    PARTS = ("day", "month", "year")
    LABELS = {"day": _("Day"), "month": _("Month"), "year": _("Year")}
    WIDTHS = {"day": 2, "month": 2, "year": 4}
    template_name = "forms/widgets/date_parts.html"
    use_fieldset = True

    def __init__(self, attrs: dict[str, Any] | None = None, *, birthday: bool = False) -> None:
        """``birthday`` lets the browser fill in the reader's own date of birth (WCAG 1.3.5)."""
        boxes: dict[str, forms.Widget | type[forms.Widget]] = {}
        for part in self.PARTS:
            box = {"inputmode": "numeric"}
            if birthday:
                box["autocomplete"] = f"bday-{part}"
            boxes[part] = forms.TextInput(box)
        super().__init__(boxes, attrs)

    def decompress(self, value: Any) -> list[Any]:
        if isinstance(value, date):
            return [value.day, value.month, value.year]
        if isinstance(value, (list, tuple)):
            return list(value)
        return [None, None, None]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        attrs = dict(attrs or {})
        wrong = str(attrs.pop("data-error-parts", "")).split()
        context = super().get_context(name, value, attrs)
        for part, box in zip(self.PARTS, context["widget"]["subwidgets"], strict=True):
            box["label"] = self.LABELS[part]
            box["attrs"]["class"] = (
                "govuk-input govuk-date-input__input "
                f"govuk-input--width-{self.WIDTHS[part]}"
                f"{' govuk-input--error' if part in wrong else ''}"
            )
        return context
