"""A picture and what it shows."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class PictureForm(forms.Form):
    picture = forms.FileField(
        label=_("Picture"), help_text=_("A JPEG, PNG or WebP file of up to 8 MB.")
    )
    alternative_text = forms.CharField(
        label=_("What does the picture show?"),
        max_length=200,
        help_text=_("For people who cannot see it: “The front door, with a ramp on the left”."),
        error_messages={"required": _("Say what the picture shows.")},
    )
