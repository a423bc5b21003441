"""What staff type about safety."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dcsn.forms import DateField, RadiosWithHints
from members.forms.lines import ShortField
from members.models import SafetyFlag

# Longer than this it is not known any more whether it is still so.
LONGEST = timedelta(days=366)


class SafetyFlagForm(forms.Form):
    """A new flag, or a look at one: its words and its days."""

    kind = forms.ChoiceField(
        label=_("What kind?"),
        choices=SafetyFlag.Kind.choices,
        widget=RadiosWithHints(
            hints={
                SafetyFlag.Kind.DOMESTIC_ABUSE: _("Seen by whoever contacts people."),
                SafetyFlag.Kind.STAFF_SAFETY: _("Seen by whoever contacts people."),
                SafetyFlag.Kind.ADULT_AT_RISK: _("Seen by hub leads and coordinators only."),
                SafetyFlag.Kind.CHILD_AT_RISK: _("Seen by hub leads and coordinators only."),
            }
        ),
        error_messages={"required": _("Choose what kind it is")},
    )
    what_to_do = ShortField(
        label=_("What should somebody do, or not do, who is about to ring or visit?"),
        longest=500,
        help_text=_("No history and no opinion. It is never printed and never sent."),
        error_messages={"required": _("Say what to do, or not to do")},
        widget=forms.Textarea({"rows": 3}),
    )
    review_on = DateField(
        label=_("When is it looked at again?"),
        error_messages={"required": _("Enter the day on which it is looked at again")},
    )
    expires_on = DateField(
        label=_("What is its last day?"),
        help_text=_("After it the flag is not shown any more. At most a year from now."),
        error_messages={"required": _("Enter the last day")},
    )

    def clean_review_on(self) -> date:
        day: date = self.cleaned_data["review_on"]
        if day < timezone.localdate():
            raise ValidationError(_("This day is over already"))
        return day

    def clean_expires_on(self) -> date:
        day: date = self.cleaned_data["expires_on"]
        if day < timezone.localdate():
            raise ValidationError(_("This day is over already"))
        if day > timezone.localdate() + LONGEST:
            raise ValidationError(_("At most a year from now: it can be looked at and kept on"))
        return day

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        review, last = typed.get("review_on"), typed.get("expires_on")
        if review and last and review > last:
            self.add_error("review_on", _("It must be looked at again before its last day"))
        return typed


class KeepFlagForm(SafetyFlagForm):
    """Looked at again: what kind it is stays."""

    kind = None  # type: ignore[assignment]


class EndFlagForm(forms.Form):
    """Why it is taken off."""

    why_ended = ShortField(
        label=_("Why is it taken off?"),
        longest=300,
        error_messages={"required": _("Say why it is taken off")},
    )
