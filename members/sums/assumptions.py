"""What a forecast assumes: in the address of the page, so that it can be shared, kept and questioned
(decision record 0065)."""

from __future__ import annotations

from dataclasses import fields
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext_lazy as _

from dcsn.forms import MoneyField
from members.sums.arithmetic import Assumptions

MOST_YEARS = 10


class AssumptionsForm(forms.Form):
    """Every field is one field of ``Assumptions``; empty stands for what holds today."""

    mark_optional = False

    members = forms.IntegerField(
        label=_("Members in the first year"), min_value=0, max_value=1_000_000
    )
    joining = forms.IntegerField(
        label=_("Who join in each year after that"), min_value=0, max_value=1_000_000
    )
    staying = forms.IntegerField(
        label=_("Of a hundred members, so many renew"), min_value=0, max_value=100
    )
    free = forms.IntegerField(
        label=_("Of a hundred members, so many pay nothing"), min_value=0, max_value=100
    )
    price = MoneyField(label=_("Price of a year"), max_pence=100_000_00)
    buying = forms.IntegerField(
        label=_("Of a hundred members, so many buy help"), min_value=0, max_value=100
    )
    hours = forms.DecimalField(
        label=_("Hours of help that each of these buys in a month"),
        min_value=0,
        max_value=744,
        max_digits=6,
        decimal_places=2,
    )
    rate = MoneyField(label=_("Price of an hour"), max_pence=100_000_00)
    costs = MoneyField(label=_("What it costs to run in a year"), max_pence=20_000_000_00)
    years = forms.IntegerField(label=_("How many years"), min_value=1, max_value=MOST_YEARS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.required = False
            if name not in ("price", "rate", "costs"):
                field.widget.attrs["class"] = "govuk-input govuk-input--width-5"

    def assumptions(self, today: Assumptions) -> Assumptions:
        """What was typed, and what holds today where nothing was."""
        typed = self.cleaned_data
        return Assumptions(
            **{
                field.name: getattr(today, field.name)
                if typed.get(field.name) is None
                else typed[field.name]
                for field in fields(Assumptions)
            }
        )


def initial_of(given: Assumptions) -> dict[str, Any]:
    return {field.name: getattr(given, field.name) for field in fields(Assumptions)}


def address_of(given: Assumptions) -> str:
    """The rest of the address of the page that shows this forecast."""
    values = initial_of(given)
    for name in ("price", "rate", "costs"):
        pounds = Decimal(values[name]) / 100
        values[name] = f"{pounds:.2f}"
    return urlencode(values)
