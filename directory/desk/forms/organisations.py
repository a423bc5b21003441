"""The facts of an organisation."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dcsn.forms import PhoneField
from directory.actions.organisations import EDITABLE
from directory.desk.forms.services import WebAddressField, limit_texts
from directory.models import Organisation


class OrganisationForm(forms.ModelForm):
    """``whole_directory``: whether the editor may also say what concerns the network."""

    phone = PhoneField(label=_("Phone"), required=False)

    class Meta:
        model = Organisation
        fields = [
            "name", "alternate_name", "phone", "email", "url", "description",
            "is_access_point", "published",
        ]  # fmt: skip
        field_classes = {"url": WebAddressField}

    def __init__(self, *args: Any, whole_directory: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        limit_texts(self)
        if not whole_directory:
            # An organisation does not make itself an access point, nor take itself off the page.
            del self.fields["is_access_point"], self.fields["published"]

    @property
    def values(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name in EDITABLE}

    def _save_m2m(self) -> None:
        raise TypeError("OrganisationForm is saved by directory.actions.organisations")
