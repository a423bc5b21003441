"""What is typed about a rota: when, how many, until which week; who; why although; words for those told."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from dcsn.forms import DateField, RadiosWithHints, TimeField
from directory.hours.clock import london_date, london_time
from members.forms.lines import NoteField, ShortField
from volunteers.booking import Span
from volunteers.models import Shift, Volunteer
from volunteers.rotas.week import MOST_WEEKS, ONE_WEEK, shift_on, weekly

MOST_PLACES = 200


class _TimesForm(forms.Form):
    """A day, from when until when, for how many."""

    day = DateField(label=_("On which day?"))
    starts = TimeField(label=_("From what time?"))
    ends = TimeField(
        label=_("Until what time?"),
        help_text=_("A time that is not later than the first is on the next day."),
    )
    places = forms.IntegerField(
        label=_("How many volunteers?"),
        min_value=1,
        max_value=MOST_PLACES,
        initial=1,
        widget=forms.NumberInput({"class": "govuk-input--width-3", "inputmode": "numeric"}),
        error_messages={
            "required": _("Enter how many volunteers there is room for"),
            "invalid": _("Enter a number, like 2"),
            "min_value": _("There must be room for at least one"),
            "max_value": _("Enter a number up to %(limit_value)s"),
        },
    )
    note = ShortField(
        label=_("Note for the volunteers"),
        help_text=_("For example: the side door. Everybody on the rota reads it."),
        longest=200,
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if {"day", "starts", "ends"} <= set(data):
            span = shift_on(data["day"], data["starts"], data["ends"])
            if span is None:
                self.add_error(
                    "starts", _now("On that night the clocks change: there is no such time")
                )
            elif span.ends_at <= timezone.now():
                self.add_error("day", _now("This time is over. Enter a later day"))
        return data

    @property
    def span(self) -> Span:
        """After ``is_valid()``."""
        typed = self.cleaned_data
        span = shift_on(typed["day"], typed["starts"], typed["ends"])
        if span is None:
            raise ValueError("There is no such time; clean() says so.")
        return span


class ShiftsForm(_TimesForm):
    """One shift, or the same one each week."""

    repeats = forms.ChoiceField(
        label=_("How often?"),
        choices=[("once", _("Once")), ("weekly", _("Every week"))],
        initial="once",
        widget=RadiosWithHints,
    )
    until = DateField(
        label=_("Every week until"),
        help_text=_("Leave it empty for a single shift."),
        required=False,
    )
    key = forms.UUIDField(widget=forms.HiddenInput)
    field_order = ("day", "starts", "ends", "repeats", "until", "places", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"key": uuid.uuid4(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        day, until = data.get("day"), data.get("until")
        if data.get("repeats") == "weekly" and day and "until" not in self.errors:
            if until is None:
                self.add_error("until", _now("Enter the last day"))
            elif until < day:
                self.add_error("until", _now("The last day must not be before the first"))
            elif until > day + MOST_WEEKS * ONE_WEEK:
                self.add_error("until", _now("Choose a day within a year of the first"))
            elif not self.errors:
                self._check_each_week(data)
        return data

    def _check_each_week(self, data: dict[str, Any]) -> None:
        for day in weekly(data["day"], data["until"]):
            if shift_on(day, data["starts"], data["ends"]) is None:
                self.add_error(
                    "starts",
                    _now("On %(day)s the clocks change: there is no such time that night")
                    % {"day": date_format(day, "j F Y")},
                )
                return

    @property
    def spans(self) -> list[Span]:
        """After ``is_valid()``: each time by the clock on the wall."""
        typed = self.cleaned_data
        if typed["repeats"] == "once":
            return [self.span]
        found = (
            shift_on(day, typed["starts"], typed["ends"])
            for day in weekly(typed["day"], typed["until"])
        )
        return [span for span in found if span is not None]

    @property
    def said(self) -> str:
        number = len(self.spans)
        return ngettext("One shift is made.", "%(count)d shifts are made.", number) % {
            "count": number
        }


class ChangeShiftForm(_TimesForm):
    """One shift at another time, or with more or fewer places."""

    override_reason = ShortField(
        label=_("It may overlap with something else, because"),
        help_text=_(
            "Only when somebody on it has promised something else at that time, and it is agreed with them."
        ),
        longest=300,
        required=False,
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    @staticmethod
    def initial_of(shift: Shift) -> dict[str, Any]:
        return {
            "day": london_date(shift.starts_at),
            "starts": london_time(shift.starts_at),
            "ends": london_time(shift.ends_at),
            "places": shift.places,
            "note": shift.note,
            "version": shift.version,
        }


class CallOffForm(forms.Form):
    words = NoteField(
        label=_("Words for those on it"),
        help_text=_("They hear that it is called off, and when it would have been."),
        longest=300,
        required=False,
        rows=3,
    )
    later_too = forms.BooleanField(required=False)

    def __init__(self, *args: Any, later: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not later:
            del self.fields["later_too"]
            return
        self.fields["later_too"].label = ngettext(
            "Also the %(count)d later shift that was made with it",
            "Also the %(count)d later shifts that were made with it",
            later,
        ) % {"count": later}


class PutOnForm(forms.Form):
    """Who comes on a shift; a wait, or a reason, when it does not go simply."""

    volunteer = forms.ChoiceField(
        label=_("Who?"), error_messages={"required": _("Choose a volunteer")}
    )
    or_wait = forms.BooleanField(
        label=_("On the waiting list, when no place is left"), required=False
    )
    override_reason = ShortField(
        label=_("It may overlap with something else, because"),
        help_text=_("Only when it is agreed with the volunteer. The reason is kept."),
        longest=300,
        required=False,
    )

    def __init__(self, *args: Any, volunteers: Iterable[Volunteer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.volunteers = {str(one.pk): one for one in volunteers}
        field: Any = self.fields["volunteer"]
        field.choices = [
            ("", "–"),
            *((key, one.person.name) for key, one in self.volunteers.items() if one.person),
        ]

    @property
    def chosen(self) -> Volunteer:
        return self.volunteers[self.cleaned_data["volunteer"]]


class ExchangeForm(forms.Form):
    """Which shift instead. ``shifts`` are what may be chosen, each with its words."""

    instead = forms.ChoiceField(
        label=_("Which shift instead?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose a shift"),
            "invalid_choice": _("That shift cannot be chosen any more. Choose another."),
        },
    )

    def __init__(self, *args: Any, shifts: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["instead"]
        field.choices = list(shifts)


class DeskExchangeForm(ExchangeForm):
    """At the desk it may be recorded that both have said yes already."""

    both_agree = forms.BooleanField(
        label=_("Both have said yes already: exchange the shifts now"), required=False
    )
