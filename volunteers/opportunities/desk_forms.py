"""What managers of volunteers type about a role."""

from __future__ import annotations

from datetime import time
from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from dcsn.forms import CheckboxesWithHints, DateField, RadiosWithHints, TimeField
from directory.models import Location, Organisation
from volunteers.models import CheckKind, Interest, Opportunity

TIMES = 3


class RoleForm(forms.ModelForm):
    """A role in the words of who offers it; up to three weekly times."""

    class Meta:
        model = Opportunity
        fields = (
            "organisation", "name", "summary", "what", "kind", "where", "location", "times_note",
            "flexible", "minutes_a_week", "starts_on", "ends_on", "interests", "checks_needed",
            "dbs_level", "minimum_age", "places", "support", "expenses", "wait_days",
        )  # fmt: skip
        field_classes = {"starts_on": DateField, "ends_on": DateField}
        widgets = {
            "kind": RadiosWithHints,
            "where": RadiosWithHints,
        }

    checks_needed = forms.MultipleChoiceField(
        label=_("Checks needed"),
        help_text=_("Ask only for what the role may ask for."),
        choices=CheckKind.choices,
        required=False,
        widget=CheckboxesWithHints,
    )
    interests = forms.ModelMultipleChoiceField(
        label=_("Good for people who like or can do"),
        queryset=Interest.objects.none(),
        required=False,
        widget=CheckboxesWithHints,
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, organisations: list[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ids = [one.pk for one in organisations]
        fields: Any = self.fields
        fields["organisation"].queryset = Organisation.objects.filter(pk__in=ids)
        fields["organisation"].empty_label = None
        fields["name"].label = _now("What the role is called")
        fields["location"].queryset = Location.objects.filter(
            organisation__in=ids, is_confidential=False
        )
        fields["interests"].queryset = Interest.objects.offered()
        if len(ids) == 1:
            fields["organisation"].initial = ids[0]
            fields["organisation"].widget = forms.HiddenInput()
        self.initial["version"] = self.instance.version
        known = list(self.instance.times.all()) if not self.instance._state.adding else []
        for number in range(1, TIMES + 1):
            row = known[number - 1] if number <= len(known) else None
            fields[f"day_{number}"] = forms.ChoiceField(
                label=_now("Day %(number)d") % {"number": number},
                choices=[("", "–"), *((str(day + 1), name) for day, name in WEEKDAYS.items())],
                required=False,
                initial=str(row.weekday) if row else "",
            )
            fields[f"from_{number}"] = TimeField(
                label=_now("Day %(number)d, from") % {"number": number},
                required=False,
                initial=row.starts if row else None,
            )
            fields[f"until_{number}"] = TimeField(
                label=_now("Day %(number)d, until") % {"number": number},
                required=False,
                initial=row.ends if row else None,
            )

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        for number in range(1, TIMES + 1):
            day = typed.get(f"day_{number}")
            starts: Any = typed.get(f"from_{number}")
            ends: Any = typed.get(f"until_{number}")
            if any((day, starts, ends)) and not (day and starts is not None and ends is not None):
                self._unless_wrong(f"day_{number}", _now("Give the day, from when and until when"))
            elif day and ends != time(0) and ends <= starts:
                self._unless_wrong(f"until_{number}", _now("It must end after it begins"))
        if "dbs" in typed.get("checks_needed", []) and not typed.get("dbs_level"):
            self._unless_wrong("dbs_level", _now("Say which level of DBS check"))
        if "dbs" not in typed.get("checks_needed", []):
            typed["dbs_level"] = ""
        return typed

    def _unless_wrong(self, name: str, why: str) -> None:
        if name not in self.errors:
            self.add_error(name, why)

    @property
    def times(self) -> list[tuple[int, Any, Any]]:
        """After ``is_valid()``: weekday, from, until."""
        typed = self.cleaned_data
        return [
            (int(typed[f"day_{n}"]), typed[f"from_{n}"], typed[f"until_{n}"])
            for n in range(1, TIMES + 1)
            if typed.get(f"day_{n}")
        ]
