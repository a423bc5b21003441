"""What is asked about a visit, and after it: when, by what the person knows who comes, did it help."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from dcsn.forms import DateField, RadiosWithHints, TimeField
from members.forms.lines import NoteField, ShortField
from volunteers.actions.series import NewTimes
from volunteers.booking import Span
from volunteers.helping import times
from volunteers.models import Answer
from volunteers.models.help_request import WORDS_AT_MOST


def span_of(typed: dict[str, Any]) -> Span:
    """Of a form's ``day``, ``time`` and ``minutes``."""
    return times.span(typed["day"], typed["time"], typed["minutes"])


class VisitForm(forms.Form):
    """When they come, and by what the person knows them."""

    optional_words: ClassVar = {
        "watchword": _("(or say what the photo card shows)"),
        "card": _("(or agree a password)"),
    }

    day = DateField(label=_("On which day?"))
    time = TimeField(label=_("From what time?"))
    minutes = forms.IntegerField(label=_("How long, in minutes"), min_value=5, max_value=1440)
    visits = forms.IntegerField(
        label=_("How many visits?"),
        help_text=_("As often as was asked for: every week, or every two weeks."),
        min_value=1,
        max_value=12,
        initial=1,
    )
    watchword = ShortField(
        label=_("Password"),
        help_text=_("The person chooses it. Whoever comes says it first."),
        longest=40,
        required=False,
    )
    card = ShortField(
        label=_("Or: what the photo card shows"),
        help_text=_("Only what was agreed with the volunteer."),
        longest=100,
        required=False,
    )
    # The page shows it only where something is in the way.
    override_reason = ShortField(
        label=_("Why it may overlap with something else"),
        help_text=_("Only when the volunteer agreed to both."),
        longest=300,
        required=False,
    )

    def __init__(self, *args: Any, series: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not series:
            del self.fields["visits"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("watchword") and not data.get("card") and not self.errors:
            self.add_error("watchword", _("Agree a password, or say what the photo card shows"))
        for name, why in times.why_not(data.get("day"), data.get("time")).items():
            self.add_error(name, why)
        return data

    @property
    def span(self) -> Span:
        return span_of(self.cleaned_data)


class MoveForm(forms.Form):
    """A visit at another time."""

    day = DateField(label=_("On which day?"))
    time = TimeField(label=_("From what time?"))
    minutes = forms.IntegerField(label=_("How long, in minutes"), min_value=5, max_value=1440)
    override_reason = ShortField(
        label=_("Why it may overlap with something else"),
        help_text=_("Only when the volunteer agreed to both."),
        longest=300,
        required=False,
    )
    seen = forms.DateTimeField(widget=forms.HiddenInput, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name, why in times.why_not(data.get("day"), data.get("time")).items():
            self.add_error(name, why)
        return data

    @property
    def span(self) -> Span:
        return span_of(self.cleaned_data)


class SeriesForm(forms.Form):
    """Help that comes again, at another time from now on."""

    weekday = forms.TypedChoiceField(
        label=_("On which day of the week?"),
        choices=[(number + 1, name) for number, name in WEEKDAYS.items()],
        coerce=int,
        error_messages={"required": _("Choose the day of the week")},
    )
    time = TimeField(label=_("From what time?"))
    minutes = forms.IntegerField(label=_("How long, in minutes"), min_value=5, max_value=1440)
    what = NoteField(label=_("What is to be done"), longest=WORDS_AT_MOST, rows=4)
    # The page shows it only where the volunteer cannot.
    let_go = forms.BooleanField(
        label=_("Let the volunteer go, and look for somebody else"), required=False
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    @property
    def new(self) -> NewTimes:
        typed = self.cleaned_data
        return NewTimes(typed["weekday"], typed["time"], typed["minutes"], typed["what"])


class HowForm(forms.Form):
    """Did they get the help?"""

    how = forms.ChoiceField(
        label=_("Did you get the help?"),
        choices=[],
        widget=RadiosWithHints,
        error_messages={"required": _("Choose an answer")},
    )
    how_words = ShortField(
        label=_("Do you want to say anything about it?"), longest=300, required=False
    )

    def __init__(self, *args: Any, desk: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["how"]
        field.choices = [
            (one.value, capfirst(one.label))
            for one in Answer
            if desk or one is not Answer.NOT_REACHED
        ]
        if desk:
            field.label = _("Did they get the help?")
            self.fields["how_words"].label = _("What they said about it")
