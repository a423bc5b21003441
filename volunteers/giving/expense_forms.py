"""What is typed about expenses and rates."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dcsn.forms import DateField, MoneyField, RadiosWithHints
from directory.models import Organisation
from members.forms.lines import NoteField, ShortField
from volunteers.actions.expenses import Miles
from volunteers.models import ExpensePayment, Vehicle

_NARROW = {"class": "govuk-input--width-4", "inputmode": "decimal"}


def _miles(label: Any, help_text: Any = "") -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        help_text=help_text,
        required=False,
        min_value=Decimal(0),
        max_value=Decimal(2000),
        max_digits=5,
        decimal_places=1,
        widget=forms.NumberInput(_NARROW),
    )


class ClaimForm(forms.Form):
    """What one day of helping cost: miles, and what the receipts come to."""

    field_order = (
        "organisation", "day", "what", "vehicle", "miles", "passengers", "receipts", "key",
    )  # fmt: skip
    day = DateField(
        label=_("On which day?"), error_messages={"required": _("Enter the day on which it was")}
    )
    what = ShortField(
        label=_("What was it for?"),
        help_text=_("For example: driving to the hospital and back. Name nobody."),
        longest=200,
        error_messages={"required": _("Say what it was for")},
    )
    vehicle = forms.ChoiceField(
        label=_("What did you travel with?"),
        choices=[(one.value, one.label) for one in Vehicle if one is not Vehicle.PASSENGER],
        initial=Vehicle.CAR.value,
        widget=RadiosWithHints,
        required=False,
    )
    miles = _miles(_("How many miles, there and back?"))
    passengers = forms.IntegerField(
        label=_("How many people did you take with you?"),
        help_text=_("Only in a car. Leave it empty for none."),
        required=False,
        min_value=0,
        max_value=16,
        widget=forms.NumberInput({"class": "govuk-input--width-2", "inputmode": "numeric"}),
    )
    receipts = MoneyField(
        label=_("What do the receipts of other costs come to?"),
        help_text=_(
            "Bus fares, parking, a postage stamp. Keep the receipts: you hand them over with the claim."
        ),
        required=False,
        max_pence=100_000,
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, places: list[Organisation], **kwargs: Any) -> None:
        kwargs["initial"] = {"key": uuid.uuid4(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self._places = {str(one.pk): one for one in places}
        if len(places) != 1:
            self.fields["organisation"] = forms.ChoiceField(
                label=_("For which organisation did you help?"),
                choices=[(str(one.pk), one.name) for one in places],
                widget=RadiosWithHints,
                error_messages={"required": _("Choose the organisation")},
            )
            self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("day") and data["day"] > timezone.localdate():
            self.add_error("day", _("That day is still to come"))
        if not self.errors and not data.get("miles") and not data.get("receipts"):
            self.add_error("miles", _("Enter miles, or what the receipts come to"))
        if data.get("miles") and not data.get("vehicle"):
            self.add_error("vehicle", _("Choose what you travelled with"))
        if data.get("passengers") and data.get("vehicle") != Vehicle.CAR:
            self.add_error("passengers", _("Passengers count in a car or van only"))
        return data

    @property
    def place(self) -> Organisation:
        chosen = self.cleaned_data.get("organisation")
        return self._places[chosen] if chosen else next(iter(self._places.values()))

    @property
    def travelled(self) -> list[Miles]:
        typed = self.cleaned_data
        miles = typed.get("miles") or Decimal(0)
        found = [Miles(typed["vehicle"], miles)] if miles else []
        if miles and typed.get("passengers"):
            found.append(Miles(Vehicle.PASSENGER, miles * typed["passengers"]))
        return found


class RefuseForm(forms.Form):
    because = NoteField(
        label=_("Why is it not paid?"),
        help_text=_("The volunteer reads this."),
        longest=300,
        rows=2,
        error_messages={"required": _("Say why it is not paid")},
    )


class TakeBackForm(forms.Form):
    because = NoteField(
        label=_("Why do you take it back?"),
        help_text=_("For example: typed twice. The volunteer reads this."),
        longest=200,
        rows=2,
        error_messages={"required": _("Say why you take it back")},
    )


class PayForm(forms.Form):
    paid_on = DateField(label=_("Paid on"))
    how = forms.ChoiceField(
        label=_("How was it paid?"),
        choices=ExpensePayment.How.choices,
        widget=RadiosWithHints,
        error_messages={"required": _("Choose how it was paid")},
    )

    def clean_paid_on(self) -> Any:
        day = self.cleaned_data["paid_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("That day is still to come"))
        return day


class MileageRateForm(forms.Form):
    """Pence for a mile from a day on."""

    vehicle = forms.ChoiceField(
        label=_("What for?"),
        choices=Vehicle.choices,
        widget=RadiosWithHints,
        error_messages={"required": _("Choose what the rate is for")},
    )
    from_on = DateField(label=_("From which day?"))
    pence = forms.IntegerField(
        label=_("Pence for a mile"), min_value=1, max_value=500, widget=forms.NumberInput(_NARROW)
    )
    after_miles = forms.IntegerField(
        label=_("Up to how many miles in a tax year?"),
        help_text=_("Leave it empty when all miles have the same rate."),
        required=False,
        min_value=1,
        max_value=1_000_000,
        widget=forms.NumberInput({**_NARROW, "class": "govuk-input--width-5"}),
    )
    pence_after = forms.IntegerField(
        label=_("Pence for each mile more"),
        required=False,
        min_value=0,
        max_value=500,
        widget=forms.NumberInput(_NARROW),
    )
    source = ShortField(
        label=_("Where does it come from?"),
        longest=200,
        error_messages={"required": _("Say where the rate comes from")},
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if (data.get("after_miles") is None) != (data.get("pence_after") is None):
            empty = "after_miles" if data.get("after_miles") is None else "pence_after"
            if empty not in self.errors:
                self.add_error(empty, _("Enter both, or neither"))
        return data


class HourRateForm(forms.Form):
    """What an hour given is counted as, from a day on."""

    from_on = DateField(label=_("From which day?"))
    pence = MoneyField(label=_("What is an hour counted as?"), min_pence=1, max_pence=100_000)
    source = ShortField(
        label=_("Where does it come from?"),
        longest=200,
        error_messages={"required": _("Say where the rate comes from")},
    )
