"""What narrows the roll."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from directory.models import Organisation
from members.models import Plan
from members.roll.finding import FREE, PAYING, Wanted, statuses


class WordsForm(forms.Form):
    """One box; sent by POST, so that no name stands in an address."""

    mark_optional = False

    q = forms.CharField(
        label=_("Whom are you looking for?"),
        help_text=_("A name, the membership’s reference, or the number of a card."),
        max_length=200,
        required=False,
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )


class FilterForm(forms.Form):
    """What can stand in an address: it names nobody."""

    mark_optional = False

    plan = forms.ModelChoiceField(
        label=_("Membership"),
        queryset=Plan.objects.all(),
        to_field_name="code",
        required=False,
        empty_label=_("All"),
    )
    status = forms.ChoiceField(label=_("State"), choices=[("", _("All"))], required=False)
    ends = forms.TypedChoiceField(
        label=_("Ends within"),
        choices=[("", _("Any time")), (14, _("14 days")), (30, _("30 days")), (60, _("60 days")),
                 (90, _("90 days"))],
        coerce=int,
        empty_value=None,
        required=False,
    )  # fmt: skip
    desk = forms.ModelChoiceField(
        label=_("Access point"),
        queryset=Organisation.objects.none(),
        required=False,
        empty_label=_("All"),
    )
    by = forms.ChoiceField(
        label=_("Safety net"),
        choices=[("", _("All")), (FREE, _("With the safety net")), (PAYING, _("Without"))],
        required=False,
    )

    def __init__(self, *args: Any, desks: Any, officer: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["status"].choices = [("", _("All")), *statuses()]  # type: ignore[attr-defined]
        self.fields["desk"].queryset = desks  # type: ignore[attr-defined]
        # Whoever works at one desk sees that desk's; and who does not pay is the officer's to know.
        if not officer:
            del self.fields["desk"], self.fields["by"]

    def wanted(self, words: str) -> Wanted:
        """What was chosen; a choice that is none is left out."""
        self.is_valid()
        data = self.cleaned_data
        plan, desk = data.get("plan"), data.get("desk")
        return Wanted(
            words=words,
            plan=plan.pk if plan else None,
            status=data.get("status", ""),
            ends_within=data.get("ends"),
            organisation=desk.pk if desk else None,
            by=data.get("by", ""),
        )
