"""A break, and until when."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from dcsn.forms import DateField


class PauseForm(forms.Form):
    paused_until = DateField(
        label=_("When shall we ask whether you are back?"),
        help_text=_("Leave it empty if you do not know: come back when you like."),
        required=False,
    )

    def clean_paused_until(self) -> Any:
        day = self.cleaned_data["paused_until"]
        if day and day <= timezone.localdate():
            raise forms.ValidationError(_now("Choose a day to come"))
        return day
