"""Where a service is given."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dcsn.forms import PostcodeField
from directory.actions.places import PlaceDraft


class PlaceForm(forms.Form):
    """A place and its address, or that the address is confidential."""

    is_confidential = forms.BooleanField(
        label=_("The address is confidential"),
        required=False,
        help_text=_(
            "For a refuge. The address, position and directions are then not kept at all: what is "
            "already here is deleted."
        ),
    )
    name = forms.CharField(label=_("Name of the building"), max_length=255, required=False)
    address_1 = forms.CharField(label=_("Address line 1"), max_length=255, required=False)
    address_2 = forms.CharField(label=_("Address line 2"), max_length=255, required=False)
    city = forms.CharField(label=_("Town or village"), max_length=255, required=False)
    postal_code = PostcodeField(label=_("Postcode"), required=False)
    transportation = forms.CharField(
        label=_("Bus, car and parking"), widget=forms.Textarea(attrs={"rows": 3}), required=False
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("is_confidential"):
            # What was typed beside the tick goes no further than this form.
            return {"is_confidential": True}
        if "address_1" in cleaned and not (cleaned["address_1"] or cleaned.get("name")):
            self.add_error(
                "address_1", _("Give the address, or the name of the building at least.")
            )
        return cleaned

    @property
    def draft(self) -> PlaceDraft:
        texts = ("name", "address_1", "address_2", "city", "postal_code", "transportation")
        return PlaceDraft(
            is_confidential=bool(self.cleaned_data.get("is_confidential")),
            **{name: self.cleaned_data.get(name, "") for name in texts},
        )
