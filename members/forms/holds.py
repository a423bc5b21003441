"""What staff type about a legal hold."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dcsn.forms import DateField, RadiosWithHints
from dcsn.privacy.models import LegalHold

# Nobody is held for ever because nobody looked.
REVIEW_WITHIN = timedelta(days=366)


def in_the_coming_year(day: date) -> None:
    today = timezone.localdate()
    if not today < day <= today + REVIEW_WITHIN:
        raise ValidationError(_("The date must be in the coming year"))


class ReviewForm(forms.Form):
    """When it is looked at again."""

    review_on = DateField(
        label=_("When is it to be looked at again?"),
        help_text=_("Within a year."),
        validators=[in_the_coming_year],
    )


class HoldForm(ReviewForm):
    """Why nothing may be deleted."""

    reason = forms.ChoiceField(
        label=_("Why must nothing be deleted?"),
        choices=LegalHold.Reason.choices,
        widget=RadiosWithHints,
        error_messages={"required": _("Choose why")},
    )
    note = forms.CharField(
        label=_("What is it about?"),
        max_length=300,
        required=False,
        help_text=_("A reference is enough. Write as little as you can."),
    )
    field_order = ["reason", "note", "review_on"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("reason") == LegalHold.Reason.OTHER and not data.get("note"):
            self.add_error("note", _("Say what it is about"))
        return data


class LiftForm(forms.Form):
    """Why it is no longer needed."""

    lifted_why = forms.CharField(
        label=_("Why is it no longer needed?"),
        max_length=300,
        error_messages={"required": _("Enter why it is no longer needed")},
    )
