"""How somebody wants the leaflet."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from dcsn.forms import RadiosWithHints
from directory.forms.printing import PrintForm
from members.offers.leaflet import Order


class LeafletForm(PrintForm):
    """Under which headings, size and colour."""

    order = forms.TypedChoiceField(
        label=_("In which order?"),
        choices=[(order.value, order.label) for order in Order],
        coerce=Order,
        initial=Order.CATEGORY.value,
        widget=RadiosWithHints(
            hints={
                Order.CATEGORY.value: _("Food shops, cafés, chemists and so on."),
                Order.AREA.value: _("By town and the first part of the postcode."),
            }
        ),
    )
    field_order = ["order", "size", "paper"]
