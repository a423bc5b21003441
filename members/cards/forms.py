"""The forms of the desk's card pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from directory.models import Organisation


class SheetForm(forms.Form):
    """Which desk's cards, and where the sheet of card begins."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    organisation: forms.ModelChoiceField[Organisation] = forms.ModelChoiceField(
        label=_("Access point"),
        queryset=Organisation.objects.none(),
        empty_label=_("Choose an access point"),
    )
    first_place = forms.IntegerField(
        label=_("First empty place on the sheet"),
        help_text=_("1 for a new sheet. Count from left to right, two to a row."),
        min_value=1,
        max_value=10,
        initial=1,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-2"}),
    )

    def __init__(self, *args: Any, desks: Sequence[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["organisation"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101
        field.queryset = Organisation.objects.filter(pk__in=[desk.pk for desk in desks])
        if len(desks) == 1:
            field.initial = desks[0].pk
            field.widget = forms.HiddenInput()


class NumberForm(forms.Form):
    """A number that a shop reads out."""

    number = forms.CharField(
        label=_("The number that the shop reads out"),
        help_text=_("Ten digits, as 12 3456 78 90. Say them back, two, four, two and two."),
        max_length=40,
        widget=forms.TextInput(
            attrs={
                "inputmode": "numeric",
                "autocomplete": "off",
                "class": "govuk-input--width-10 govuk-input--extra-letter-spacing",
            }
        ),
    )
