"""What is known of a volunteer, to be changed: the questions of the form to apply, with what was said."""

from __future__ import annotations

from copy import deepcopy
from datetime import date, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from dcsn.forms import CheckboxesWithHints, DateField, RadiosWithHints, TimeField
from directory.hours import say_time
from members.forms.lines import ShortField
from volunteers.actions.known import Emergency
from volunteers.models import HelpKind, Interest, Volunteer
from volunteers.opportunities.apply_form import (
    MOST_LANGUAGES,
    PARTS_OF_DAY,
    ApplyForm,
    free_choices,
    windows,
)

_AS_APPLIED = (
    "why", "interests", "languages", "free", "hours_a_week", "transport", "travel_miles",
    "support_needs", "emergency_name", "emergency_phone",
)  # fmt: skip
NO_DAY = ""


def window_key(day: int, starts: time, ends: time) -> str:
    return f"{day}-{starts:%H:%M}-{ends:%H:%M}"


def window_in_words(day: int, starts: time, ends: time) -> str:
    return _now("%(day)s, %(starts)s to %(ends)s") % {
        "day": WEEKDAYS[day - 1],
        "starts": say_time(starts),
        "ends": _now("midnight") if ends == time(0) else say_time(ends),
    }


def parts_of(day: int, starts: time, ends: time) -> list[str]:
    """The parts of a day that a window is made of; empty when it is made of no whole parts."""
    inside = [
        f"{day}-{key}"
        for key, (_name, begins, until) in PARTS_OF_DAY.items()
        if begins >= starts and (until <= ends or ends == time(0))
    ]
    return inside if windows(inside) == [(day, starts, ends)] else []


class KnownForm(forms.Form):
    """``KnownForm(request.POST or None, volunteer=row)``; after ``is_valid()``: ``.changes``."""

    WHAT = ("why", "interests", "help_kinds", "languages")
    WHEN = ("free", "other_times", "more_day", "more_from", "more_until", "hours_a_week",
            "away", "away_from", "away_until")  # fmt: skip
    HOW = ("transport", "travel_miles")
    HELP = ("support_needs", "gender", "emergency_name", "emergency_relation", "emergency_phone")

    help_kinds = forms.MultipleChoiceField(
        label=_("What would you do for a neighbour?"),
        choices=HelpKind.choices,
        required=False,
        widget=CheckboxesWithHints,
    )
    other_times = forms.MultipleChoiceField(
        label=_("Other times when you are free"),
        help_text=_("Take the tick away when you no longer are."),
        required=False,
        widget=CheckboxesWithHints,
    )
    more_day = forms.ChoiceField(
        label=_("Another time, to the minute: which day?"),
        choices=[(NO_DAY, _("None")), *((str(n + 1), name) for n, name in WEEKDAYS.items())],
        required=False,
    )
    more_from = TimeField(label=_("From"), required=False)
    more_until = TimeField(label=_("Until"), required=False)
    away = forms.MultipleChoiceField(
        label=_("When you are away"),
        help_text=_("Take the tick away when you are here after all."),
        required=False,
        widget=CheckboxesWithHints,
    )
    away_from = DateField(label=_("Away from (first day)"), required=False)
    away_until = DateField(label=_("Away until (last day)"), required=False)
    gender = forms.ChoiceField(
        label=_("Are you a woman or a man?"),
        help_text=_("Asked only because some people need help from a woman, or from a man."),
        choices=[("", _("I would rather not say")), *Volunteer.Gender.choices],
        required=False,
        widget=RadiosWithHints,
    )
    emergency_relation = ShortField(
        label=_("Who are they to you?"),
        help_text=_("For example: my sister, a neighbour."),
        longest=60,
        required=False,
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, volunteer: Volunteer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in _AS_APPLIED:
            self.fields[name] = deepcopy(ApplyForm.base_fields[name])
        self.volunteer = volunteer
        self._rows = list(volunteer.availability.values_list("weekday", "starts", "ends"))
        self._away = list(volunteer.away.values_list("from_on", "until_on"))
        fields: Any = self.fields
        own = Interest.objects.filter(volunteers=volunteer)
        offered = (Interest.objects.offered() | own).distinct().order_by("kind", "position", "name")
        fields["interests"].choices = list(offered.values_list("slug", "name"))
        fields["free"].choices = free_choices()
        fields["other_times"].choices = [
            (window_key(*row), window_in_words(*row)) for row in self._rows if not parts_of(*row)
        ]
        fields["away"].choices = [
            (f"{first}_{last}", self._away_in_words(first, last)) for first, last in self._away
        ]
        for name in ("other_times", "away"):
            if not fields[name].choices:
                del self.fields[name]
        self.initial = {**self._known(), **self.initial}

    @staticmethod
    def _away_in_words(first: date, last: date) -> str:
        if first == last:
            return str(date_format(first, "j F Y"))
        return _now("%(first)s to %(last)s") % {
            "first": date_format(first, "j F Y"),
            "last": date_format(last, "j F Y"),
        }

    def _known(self) -> dict[str, Any]:
        row = self.volunteer
        emergency = row.emergency_contacts.first()
        return {
            "why": row.hopes,
            "interests": list(row.interests.values_list("slug", flat=True)),
            "help_kinds": row.help_kinds,
            "languages": ", ".join(row.languages),
            "free": [part for window in self._rows for part in parts_of(*window)],
            "other_times": [window_key(*row) for row in self._rows if not parts_of(*row)],
            "away": [f"{first}_{last}" for first, last in self._away],
            "hours_a_week": -(-row.minutes_a_week // 60) if row.minutes_a_week else None,
            "transport": row.transport,
            "travel_miles": row.travel_miles,
            "support_needs": row.support_needs,
            "gender": row.gender,
            "emergency_name": emergency.name if emergency else "",
            "emergency_relation": emergency.relation if emergency else "",
            "emergency_phone": emergency.phone if emergency else "",
            "version": row.version,
        }

    @property
    def parts(self) -> list[tuple[str, list[Any]]]:
        asked = [
            (_now("What you like"), self.WHAT),
            (_now("When you are free"), self.WHEN),
            (_now("How you get about"), self.HOW),
            (_now("What would make it easier"), self.HELP),
        ]
        return [
            (heading, [self[name] for name in names if name in self.fields])
            for heading, names in asked
        ]

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        self._all_or_nothing(typed, ("more_day", "more_from", "more_until"))
        self._all_or_nothing(typed, ("away_from", "away_until"))
        starts, ends = typed.get("more_from"), typed.get("more_until")
        if starts and ends and ends != time(0) and ends <= starts:
            self.add_error("more_until", _now("It must end after it begins"))
        first, last = typed.get("away_from"), typed.get("away_until")
        if first and last and last < first:
            self.add_error("away_until", _now("The last day must not be before the first"))
        elif last and last < timezone.localdate():
            self.add_error("away_until", _now("This is over already"))
        wanted = {
            "emergency_phone": ("emergency_name", _now("Enter their phone number")),
            "emergency_name": ("emergency_phone", _now("Enter their name")),
        }
        for name, (other, why) in wanted.items():
            if typed.get(other) and not typed.get(name) and name not in self.errors:
                self.add_error(name, why)
        return typed

    def _all_or_nothing(self, typed: dict[str, Any], names: tuple[str, ...]) -> None:
        given = [name for name in names if typed.get(name) not in (None, "")]
        if not given or any(name in self.errors for name in names):
            return
        wanted = {
            "more_day": _now("Choose the day"),
            "more_from": _now("Enter from what time"),
            "more_until": _now("Enter until what time"),
            "away_from": _now("Enter the first day"),
            "away_until": _now("Enter the last day"),
        }
        for name in names:
            if name not in given:
                self.add_error(name, wanted[name])

    # --- After is_valid() ---

    @property
    def changes(self) -> dict[str, Any]:
        """For ``actions.known.change_volunteer``."""
        typed = self.cleaned_data
        spoken = [part.strip()[:60] for part in typed["languages"].split(",")]
        facts = {
            "hopes": typed["why"],
            "support_needs": typed["support_needs"],
            "languages": [part for part in dict.fromkeys(spoken) if part][:MOST_LANGUAGES],
            "help_kinds": typed["help_kinds"],
            "transport": typed["transport"],
            "travel_miles": typed["travel_miles"],
            "gender": typed["gender"],
        }
        # An hour and a half, said to somebody, is not made two by leaving the box as it is.
        if "hours_a_week" in self.changed_data:
            hours = typed["hours_a_week"]
            facts["minutes_a_week"] = hours * 60 if hours else None
        return {
            "facts": facts,
            "interests": typed["interests"],
            "free": self._free(typed),
            "away": self._away_now(typed),
            "emergency": Emergency(
                typed["emergency_name"], typed["emergency_phone"], typed["emergency_relation"]
            ),
            "version": typed["version"],
        }

    def _free(self, typed: dict[str, Any]) -> list[tuple[int, time, time]]:
        kept = set(typed.get("other_times") or [])
        found = windows(typed["free"])
        found += [row for row in self._rows if window_key(*row) in kept]
        if typed["more_day"]:
            found.append((int(typed["more_day"]), typed["more_from"], typed["more_until"]))
        return found

    def _away_now(self, typed: dict[str, Any]) -> list[tuple[date, date]]:
        kept = set(typed.get("away") or [])
        found = [(first, last) for first, last in self._away if f"{first}_{last}" in kept]
        if typed["away_from"]:
            found.append((typed["away_from"], typed["away_until"]))
        return found
