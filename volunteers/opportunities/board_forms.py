"""What managers of volunteers type about one volunteer: a move, a next step, a redirection."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from dcsn.forms import CheckboxesWithHints, DateField, RadiosWithHints
from directory.models import Organisation
from members.forms.lines import NoteField, ShortField
from volunteers.models import NextStep, Opportunity
from volunteers.states import VolunteerReason, VolunteerState


class MoveForm(forms.Form):
    """Where a volunteer goes from here; never *redirected*, which needs suggestions."""

    to = forms.ChoiceField(label=_("They are now"), widget=RadiosWithHints)
    reason_code = forms.ChoiceField(
        label=_("Reason"), choices=[("", _("None")), *VolunteerReason.choices], required=False
    )
    reason_text = NoteField(label=_("In a few words"), longest=500, required=False, rows=2)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, ways: list[str], version: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["to"]
        field.choices = [(way, VolunteerState(way).label) for way in ways]
        self.initial["version"] = version


class StepForm(forms.Form):
    """The next step, with its day; not after ``latest`` for who has no place yet."""

    what = forms.ChoiceField(label=_("What comes next"), choices=NextStep.What.choices)
    due_on = DateField(label=_("By which day"))
    note = ShortField(label=_("Note"), longest=300, required=False)

    def __init__(self, *args: Any, latest: date | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.latest = latest

    def clean_due_on(self) -> Any:
        day = self.cleaned_data["due_on"]
        if day < timezone.localdate():
            raise ValidationError(_now("Choose today or a later day"))
        if self.latest is not None and day > self.latest:
            raise ValidationError(
                _now(
                    "Nobody is to wait longer than until %(day)s: choose that day or an earlier one"
                )
                % {"day": date_format(self.latest, "j F Y")}
            )
        return day


class RedirectForm(forms.Form):
    """Something that suits them better: at least one role or organisation."""

    opportunities = forms.ModelMultipleChoiceField(
        label=_("Roles to suggest"),
        queryset=Opportunity.objects.none(),
        required=False,
        widget=CheckboxesWithHints,
    )
    organisation = forms.ModelChoiceField(
        label=_("Or an organisation to suggest"),
        queryset=Organisation.objects.none(),
        required=False,
        empty_label=_("None"),
    )
    note = ShortField(
        label=_("Why this might suit them"),
        help_text=_("They read this."),
        longest=300,
        required=False,
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, version: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        roles = Opportunity.objects.public().select_related("organisation")
        fields["opportunities"].queryset = roles
        fields["opportunities"].label_from_instance = lambda role: (
            f"{role.name}, {role.organisation.name}"
        )
        fields["organisation"].queryset = Organisation.objects.filter(published=True)
        self.initial["version"] = version

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        if not typed.get("opportunities") and not typed.get("organisation"):
            self.add_error(
                "opportunities", _now("Suggest at least one role or organisation: never just “no”")
            )
        return typed
