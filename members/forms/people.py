"""What staff type about people's records."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from dcsn.forms import RadiosWithHints
from dcsn.privacy.models import Erasure


class EraseForm(forms.Form):
    """Why somebody is forgotten, and that it is meant."""

    reason = forms.ChoiceField(
        label=_("Why?"),
        choices=Erasure.Reason.choices,
        widget=RadiosWithHints,
        error_messages={"required": _("Choose why")},
    )
    sure = forms.BooleanField(
        label=_("I have made sure that this is the right person"),
        help_text=_("It cannot be undone."),
        error_messages={"required": _("Tick the box when you have made sure")},
    )
