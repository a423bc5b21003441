"""What volunteers agree to, as it is written."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from dcsn.forms import DateField
from directory.models import Organisation
from members.forms.lines import NoteField, ShortField


class PolicyForm(forms.Form):
    """A version of a policy. ``whose`` stands on the form of a new one only."""

    whose = forms.ModelChoiceField(
        label=_("Whose volunteers agree to it?"),
        queryset=Organisation.objects.none(),
        error_messages={"required": _("Choose whose volunteers agree to it")},
    )
    title = ShortField(
        label=_("Title"),
        longest=120,
        error_messages={"required": _("Enter a title, like “Keeping people safe”")},
    )
    text = NoteField(
        label=_("What they agree to"),
        help_text=_("In plain words, and short: it is read before somebody says yes to it."),
        longest=8000,
        rows=12,
        error_messages={"required": _("Enter what they agree to")},
    )
    in_force_from = DateField(
        label=_("From which day does it count?"),
        help_text=_("From that day on each volunteer is asked to agree to it."),
    )

    def __init__(
        self, *args: Any, organisations: Any = None, everybody: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if organisations is None:
            del self.fields["whose"]
            return
        field: Any = self.fields["whose"]
        field.queryset = organisations
        if everybody:
            field.required = False
            field.empty_label = _now("Everybody’s: the whole network")
        else:
            field.empty_label = None

    def clean_in_force_from(self) -> Any:
        day = self.cleaned_data["in_force_from"]
        if day < timezone.localdate():
            raise ValidationError(_now("Choose today or a later day"))
        return day
