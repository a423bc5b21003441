"""When a service is given: rows of sessions and of days on which it is closed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from dcsn.forms import DateField, TimeField
from directory.actions.times import ClosureDraft, SessionDraft
from directory.models import OpeningRule, ScheduleException
from directory.models.hours import Weekday

# "How often", as one choice: the frequency, the interval and which weekday of the month.
REPEATS = [
    ("w1", _("Every week")),
    ("w2", _("Every second week")),
    ("w3", _("Every third week")),
    ("w4", _("Every fourth week")),
    ("m1", _("First of the month")),
    ("m2", _("Second of the month")),
    ("m3", _("Third of the month")),
    ("m4", _("Fourth of the month")),
    ("m5", _("Fifth of the month, when there is one")),
    ("m-1", _("Last of the month")),
]
BLANK_ROWS = 3
MOST_ROWS = 60


class SessionForm(forms.Form):
    """One row: a weekday, how often, from and to. A row without a weekday is left out."""

    mark_optional = False

    id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    weekday = forms.TypedChoiceField(
        label=_("Day"),
        choices=[("", _("No session")), *Weekday.choices],
        coerce=int,
        empty_value=None,
        required=False,
    )
    repeats = forms.ChoiceField(label=_("How often"), choices=REPEATS, initial="w1")
    opens_at = TimeField(label=_("From"), required=False, help_text=_("Like 10am"))
    closes_at = TimeField(label=_("To"), required=False, help_text=_("Like noon or 2:30pm"))
    anchor = DateField(
        label=_("A date on which it takes place"),
        required=False,
        help_text=_("Only for every second, third or fourth week."),
    )
    place = forms.ChoiceField(label=_("Where"), required=False)
    term_time_only = forms.BooleanField(label=_("In school terms only"), required=False)
    by_appointment = forms.BooleanField(label=_("Ring first"), required=False)

    def __init__(self, *args: Any, places: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if len(places) > 1:
            self.fields["place"].choices = [("", _("Everywhere it is given")), *places]  # type: ignore[attr-defined]
        else:
            # One place or none: nothing to choose, but a rule that stands at it stays there.
            self.fields["place"] = forms.ChoiceField(
                choices=[("", ""), *places], widget=forms.HiddenInput, required=False
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("weekday") is None:
            return cleaned
        if (cleaned.get("opens_at") is None) != (cleaned.get("closes_at") is None):
            missing = "opens_at" if cleaned.get("opens_at") is None else "closes_at"
            if missing not in self.errors:
                self.add_error(missing, _("Give both times, or neither if they are not known."))
        anchor, weekday = cleaned.get("anchor"), cleaned["weekday"]
        if cleaned.get("repeats", "w1") in ("w2", "w3", "w4") and "anchor" not in self.errors:
            if anchor is None:
                self.add_error("anchor", _("Give a date on which it takes place."))
            elif anchor.weekday() != weekday:
                self.add_error(
                    "anchor",
                    _("That date is a %(day)s.") % {"day": Weekday(anchor.weekday()).label},
                )
        return cleaned

    @property
    def draft(self) -> SessionDraft | None:
        """The row as the action takes it; None for a row that is left out."""
        row = self.cleaned_data
        if row.get("weekday") is None:
            return None
        kind, number = row["repeats"][0], int(row["repeats"][1:])
        weekly = kind == "w"
        return SessionDraft(
            id=row.get("id"),
            service_at_location_id=UUID(row["place"]) if row.get("place") else None,
            freq="WEEKLY" if weekly else "MONTHLY",
            interval=number if weekly else 1,
            weekday=row["weekday"],
            nth=None if weekly else number,
            anchor=row.get("anchor") if weekly and number > 1 else None,
            opens_at=row.get("opens_at"),
            closes_at=row.get("closes_at"),
            term_time_only=row["term_time_only"],
            by_appointment=row["by_appointment"],
        )


class ClosureForm(forms.Form):
    """Days on which it is closed. A row without a first day is left out."""

    mark_optional = False

    id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    starts_on = DateField(label=_("First day closed"), required=False)
    ends_on = DateField(
        label=_("Last day closed"), required=False, help_text=_("Empty for one day only.")
    )
    reason = forms.CharField(label=_("Why"), max_length=200, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("The last day must not be before the first."))
        if last and not first and "starts_on" not in self.errors:
            self.add_error("starts_on", _("Give the first day too."))
        return cleaned

    @property
    def draft(self) -> ClosureDraft | None:
        row = self.cleaned_data
        if row.get("starts_on") is None:
            return None
        return ClosureDraft(
            id=row.get("id"),
            starts_on=row["starts_on"],
            ends_on=row.get("ends_on") or row["starts_on"],
            reason=row.get("reason", ""),
        )


class SeenForm(forms.Form):
    """What the editor saw, so that no two overwrite each other."""

    seen = forms.CharField(widget=forms.HiddenInput)

    def clean_seen(self) -> Any:
        seen = parse_datetime(self.cleaned_data["seen"])
        if seen is None:
            raise ValidationError(_("Open the service again: this page is out of date."))
        return seen


SessionFormSet = forms.formset_factory(
    SessionForm, extra=BLANK_ROWS, max_num=MOST_ROWS, absolute_max=MOST_ROWS + 10
)
ClosureFormSet = forms.formset_factory(
    ClosureForm, extra=2, max_num=MOST_ROWS, absolute_max=MOST_ROWS + 10
)


def session_row(rule: OpeningRule) -> dict[str, Any]:
    """A stored rule as the row shows it."""
    repeats = f"w{rule.interval}" if rule.freq == OpeningRule.Freq.WEEKLY else f"m{rule.nth}"
    return {
        "id": rule.pk,
        "weekday": rule.weekday,
        "repeats": repeats,
        "opens_at": rule.opens_at,
        "closes_at": rule.closes_at,
        "anchor": rule.anchor,
        "place": str(rule.service_at_location_id or ""),
        "term_time_only": rule.term_time_only,
        "by_appointment": rule.by_appointment,
    }


def closure_row(closure: ScheduleException) -> dict[str, Any]:
    return {
        "id": closure.pk,
        "starts_on": closure.starts_on,
        "ends_on": closure.ends_on if closure.ends_on != closure.starts_on else None,
        "reason": closure.reason,
    }
