"""What the officer types about a plan and its dated terms."""

from __future__ import annotations

import calendar
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _

from dcsn.forms import DateField, MoneyField, RadiosWithHints
from members.membership.periods import Period, Unit
from members.models import Plan, PlanTerms

ROLLING, FIXED_YEAR, FIXED_MONTHS = "rolling", "fixed_year", "fixed_months"
_NARROW = {"inputmode": "numeric", "class": "govuk-input--width-3"}


def _number(label: Any, at_least: int, at_most: int, **options: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=at_least,
        max_value=at_most,
        widget=forms.TextInput(_NARROW),
        **options,
    )


class PlanForm(forms.ModelForm):  # type: ignore[type-arg]
    """What a plan is; what it costs is in its terms."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)
    people_at_most = _number(
        _("How many people can share it?"),
        1,
        20,
        initial=1,
        help_text=_("The one who joins is counted. 1 for a plan that nobody shares."),
        error_messages={"required": _("Enter how many people can share it")},
    )
    position = _number(
        _("Its place in the list"),
        1,
        999,
        initial=100,
        help_text=_("The lowest number comes first."),
        error_messages={"required": _("Enter a number")},
    )

    class Meta:
        model = Plan
        fields = ("name", "kind", "description", "people_at_most", "position")
        widgets: ClassVar = {
            "kind": RadiosWithHints,
            "description": forms.Textarea({"rows": 4}),
        }
        labels: ClassVar = {
            "name": _("Name"),
            "kind": _("For whom is it?"),
            "description": _("What does it give?"),
        }
        error_messages: ClassVar = {
            "name": {"required": _("Enter a name")},
            "kind": {"required": _("Choose for whom it is")},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = Plan.Kind.choices  # type: ignore[attr-defined]
        if self.instance.pk:
            self.initial["version"] = self.instance.version

    @property
    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.Meta.fields}

    def _post_clean(self) -> None:
        """The action writes; the row at hand stays as it is."""

    def clean_people_at_most(self) -> int:
        people = int(self.cleaned_data["people_at_most"])
        if people == 1 and self.cleaned_data.get("kind") == Plan.Kind.HOUSEHOLD:
            raise ValidationError(_("A household has at least two people"))
        return people


class TermsForm(forms.Form):
    """A price and a length from a day on."""

    optional_words: ClassVar = {
        name: _("(only for a fixed year)")
        for name in ("fixed_day", "fixed_month", "rollover_month")
    }
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    valid_from = DateField(
        label=_("From which day?"),
        help_text=_(
            "Whoever joins or renews on that day or later. Nothing that was agreed before changes."
        ),
    )
    price_pence = MoneyField(
        label=_("Price"),
        max_pence=100_000,
        help_text=_("For the whole term. 0 for a plan that is free for everybody."),
        error_messages={"required": _("Enter the price")},
    )
    concession_pence = MoneyField(
        label=_("Price with the safety net"),
        max_pence=100_000,
        initial=0,
        help_text=_("Usually 0: nobody is kept out for want of money."),
        error_messages={"required": _("Enter the price with the safety net, or 0")},
    )
    vat_note = forms.CharField(label=_("A note about VAT"), max_length=200, required=False)
    lasts = forms.ChoiceField(
        label=_("How does it run?"),
        choices=[
            (ROLLING, _("From the day of joining")),
            (FIXED_YEAR, _("A fixed year: everybody’s ends on the same day")),
            (FIXED_MONTHS, _("Fixed months: they end with a month")),
        ],
        initial=ROLLING,
        widget=RadiosWithHints(
            hints={
                FIXED_YEAR: _(
                    "Whoever joins on the day of the rollover or later gets the next year as well."
                ),
                FIXED_MONTHS: _(
                    "Whoever joins on the rollover’s day of a month begins with the next."
                ),
            }
        ),
        error_messages={"required": _("Choose how it runs")},
    )
    duration = _number(
        _("How long does it last?"),
        1,
        120,
        initial=1,
        help_text=_("How many years, or how many months."),
        error_messages={"required": _("Enter how long it lasts")},
    )
    unit = forms.ChoiceField(
        label=_("Years or months?"),
        choices=[(Unit.YEAR, _("Years")), (Unit.MONTH, _("Months"))],
        initial=Unit.YEAR,
        widget=RadiosWithHints,
        error_messages={"required": _("Choose years or months")},
    )
    fixed_day = _number(_("The day on which the year begins"), 1, 31, required=False)
    fixed_month = forms.TypedChoiceField(
        label=_("The month in which the year begins"),
        choices=[("", _("Choose")), *MONTHS.items()],
        coerce=int,
        empty_value=None,
        required=False,
    )
    rollover_day = _number(
        _("The day of the rollover"),
        1,
        31,
        required=False,
        help_text=_("Of a fixed year, or of each month for fixed months. Empty for none."),
    )
    rollover_month = forms.TypedChoiceField(
        label=_("The month of the rollover"),
        choices=[("", _("Choose")), *MONTHS.items()],
        coerce=int,
        empty_value=None,
        required=False,
    )
    new_months = _number(
        _("For how many months is somebody called new?"),
        0,
        24,
        initial=3,
        error_messages={"required": _("Enter a number, or 0")},
    )
    grace_months = _number(
        _("For how many months after the end can they still renew without a gap?"),
        0,
        24,
        initial=1,
        error_messages={"required": _("Enter a number, or 0")},
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        lasts, unit = data.get("lasts"), data.get("unit")
        if (
            data.get("concession_pence") is not None
            and data.get("price_pence") is not None
            and data["concession_pence"] > data["price_pence"]
        ):
            self.add_error("concession_pence", _("The safety net cannot cost more than the price"))
        if lasts == FIXED_YEAR:
            if unit == Unit.MONTH:
                self.add_error("unit", _("A fixed year is counted in years"))
            self._check_day("fixed", required=True)
            self._check_day("rollover", required=False)
        elif lasts == FIXED_MONTHS and unit == Unit.YEAR:
            self.add_error("unit", _("Fixed months are counted in months"))
        return data

    def _check_day(self, which: str, *, required: bool) -> None:
        day, month = (
            self.cleaned_data.get(f"{which}_day"),
            self.cleaned_data.get(f"{which}_month"),
        )
        if self.errors.get(f"{which}_day"):
            return
        if day is None and month is None:
            if required:
                self.add_error("fixed_day", _("Enter the day on which the year begins"))
            return
        if day is None:
            self.add_error(f"{which}_day", _("Enter the day"))
        elif month is None:
            self.add_error(f"{which}_month", _("Choose the month"))
        elif day > calendar.monthrange(2024, month)[1]:
            self.add_error(f"{which}_day", _("This month has no such day"))

    @property
    def terms(self) -> PlanTerms:
        """What was typed as a row that is not saved; after ``is_valid()``."""
        data = self.cleaned_data
        lasts = data["lasts"]
        names = (
            "valid_from", "price_pence", "concession_pence", "vat_note", "duration", "unit",
            "new_months", "grace_months",
        )  # fmt: skip
        terms = PlanTerms(**{name: data[name] for name in names})
        terms.period = Period.ROLLING if lasts == ROLLING else Period.FIXED
        if lasts == FIXED_YEAR:
            terms.fixed_day, terms.fixed_month = data["fixed_day"], data["fixed_month"]
            terms.rollover_day, terms.rollover_month = data["rollover_day"], data["rollover_month"]
        elif lasts == FIXED_MONTHS:
            terms.rollover_day = data["rollover_day"]
        return terms


def from_terms(terms: PlanTerms, valid_from: date) -> dict[str, Any]:
    """The terms that hold, as the form begins with them."""
    names = (
        "price_pence", "concession_pence", "vat_note", "duration", "unit", "fixed_day", "fixed_month",
        "rollover_day", "rollover_month", "new_months", "grace_months",
    )  # fmt: skip
    lasts = ROLLING
    if terms.period == Period.FIXED:
        lasts = FIXED_YEAR if terms.unit == Unit.YEAR else FIXED_MONTHS
    return {name: getattr(terms, name) for name in names} | {
        "lasts": lasts,
        "valid_from": valid_from,
    }
