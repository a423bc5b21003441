"""A kind of pathway and its rhythm of reviews, as a borough wants them."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from pathways.models import PathwayKind


class KindForm(forms.ModelForm):  # type: ignore[type-arg]
    """The constraints of the table say what cannot be; their words stand in the summary."""

    class Meta:
        model = PathwayKind
        fields = (
            "name",
            "description",
            "offered",
            "first_after_weeks",
            "first_within_weeks",
            "then_within_months",
            "lasts_at_least_weeks",
            "lasts_at_most_weeks",
        )
        help_texts = {
            "first_after_weeks": _("Counted from the day on which a plan begins or changes."),
            "then_within_months": _("At most twelve (Care Act guidance, chapter 13)."),
            "lasts_at_least_weeks": _("Leave both empty for what has no end of its own."),
        }
        widgets = {"description": forms.Textarea({"rows": 2})}
