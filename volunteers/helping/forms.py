"""What is asked of whom: of the neighbour, at the desk, at triage, of the coordinator, of both sides."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from dcsn.forms import (
    CheckboxesWithHints,
    DateField,
    PhoneField,
    PostcodeField,
    RadiosWithHints,
    TimeField,
)
from members.forms.lines import NoteField, PersonNameField, ShortField
from members.models import ContactBy
from volunteers.helping import times
from volunteers.models import (
    CheckKind,
    DbsLevel,
    HelpKind,
    HelpRequest,
    Interest,
    Repeats,
    Volunteer,
)
from volunteers.models.help_request import WORDS_AT_MOST
from volunteers.states import HelpReason

HOW_LONG = [
    (30, _("Half an hour")),
    (60, _("An hour")),
    (120, _("Two hours")),
    (180, _("Three hours")),
    (240, _("Half a day")),
]
PASSED_REASONS = (
    HelpReason.PERSONAL_CARE,
    HelpReason.TRADE,
    HelpReason.UNSAFE,
    HelpReason.TOO_MUCH,
    HelpReason.OTHER,
)
UNFILLED_REASONS = (HelpReason.NOBODY_FREE, HelpReason.NOBODY_SUITS, HelpReason.OTHER)
CANCEL_REASONS = (
    HelpReason.NO_LONGER_NEEDED,
    HelpReason.SOMEBODY_ELSE,
    HelpReason.COULD_NOT_REACH,
    HelpReason.MISTAKE,
)


def choices_of(values: Any) -> list[tuple[str, Any]]:
    return [(one.value, one.label) for one in values]


class WhatForm(forms.Form):
    """What is to be done, when, how often, and what matters: the same at the desk and on the web."""

    kind = forms.ChoiceField(
        label=_("What kind of help is it?"),
        choices=HelpKind.choices,
        widget=RadiosWithHints,
        error_messages={"required": _("Choose the kind of help")},
    )
    what = NoteField(
        label=_("What is to be done?"),
        longest=WORDS_AT_MOST,
        widget=forms.Textarea({"rows": 4}),
        error_messages={"required": _("Say what is to be done")},
    )
    day = DateField(
        label=_("On which day?"),
        help_text=_("Leave it empty when any day will do."),
        required=False,
    )
    time = TimeField(label=_("From what time?"), required=False)
    minutes = forms.TypedChoiceField(
        label=_("How long will it take?"),
        choices=HOW_LONG,
        coerce=int,
        initial=60,
        widget=RadiosWithHints,
    )
    repeats = forms.ChoiceField(
        label=_("How often?"),
        choices=[(one.value, capfirst(one.label)) for one in Repeats],
        initial=Repeats.ONCE.value,
        widget=RadiosWithHints,
    )
    when_words = ShortField(
        label=_("When does it suit?"),
        help_text=_("For example: mornings, not on Thursdays."),
        longest=200,
        required=False,
    )
    gender_preference = forms.ChoiceField(
        label=_("Must it be a woman or a man?"),
        help_text=_("Only where there is a reason that the law accepts, such as privacy."),
        choices=[("", _("It does not matter")), *Volunteer.Gender.choices[:2]],
        required=False,
        widget=RadiosWithHints,
    )
    preference_reason = ShortField(label=_("Why is that needed?"), longest=300, required=False)
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"key": uuid.uuid4(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        day, clock = data.get("day"), data.get("time")
        repeats = data.get("repeats") != Repeats.ONCE
        for name, why in times.why_not(day, clock, empty=not repeats).items():
            self.add_error(name, why)
        if clock and not day and "day" not in self.errors:
            self.add_error("day", _("Say on which day, or leave the time empty"))
        if repeats and not clock and "time" not in self.errors:
            self.add_error("time", _("For help that comes again, say from what time"))
            if not day and "day" not in self.errors:
                self.add_error("day", _("For help that comes again, say the first day"))
        if data.get("gender_preference") and not data.get("preference_reason"):
            self.add_error("preference_reason", _("Say why it is needed: it is lawful only then"))
        return data

    @property
    def facts(self) -> dict[str, Any]:
        """For ``ask_for_help``, after ``is_valid()``."""
        typed = self.cleaned_data
        facts = {
            name: typed[name] for name in ("repeats", "when_words", "minutes", "gender_preference")
        }
        facts["preference_reason"] = (
            typed["preference_reason"] if typed["gender_preference"] else ""
        )
        if typed["day"] and typed["time"]:
            span = times.span(typed["day"], typed["time"], typed["minutes"])
            facts["starts_at"], facts["ends_at"] = span.starts_at, span.ends_at
        elif typed["day"]:
            facts["needed_by"] = typed["day"]
        return facts


class DeskForm(WhatForm):
    """Somebody is at the desk or on the phone."""

    channel = forms.ChoiceField(
        label=_("How did they ask?"),
        choices=[
            (one.value, one.label)
            for one in (
                HelpRequest.Channel.PHONE,
                HelpRequest.Channel.DESK,
                HelpRequest.Channel.LETTER,
            )
        ],
        initial=HelpRequest.Channel.PHONE.value,
        widget=RadiosWithHints,
    )
    with_token = forms.BooleanField(
        label=_("They wish to give a token for it"),
        help_text=_("It is taken when the help was given. Who has none is helped all the same."),
        required=False,
    )

    def __init__(self, *args: Any, tokens: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not tokens:
            del self.fields["with_token"]

    @property
    def facts(self) -> dict[str, Any]:
        return {**super().facts, "with_token": self.cleaned_data.get("with_token", False)}


class WebForm(WhatForm):
    """A neighbour asks on the website, without an account. What is not known is asked by telephone."""

    optional_words: ClassVar = {
        "phone": _("(only when we are to ring you)"),
        "email": _("(only for an answer by e-mail)"),
    }
    given_name = PersonNameField(
        label=_("First name"),
        required=False,
        widget=forms.TextInput({"autocomplete": "given-name", "spellcheck": "false"}),
    )
    family_name = PersonNameField(
        label=_("Last name"),
        error_messages={"required": _("Enter your last name")},
        widget=forms.TextInput({"autocomplete": "family-name", "spellcheck": "false"}),
    )
    contact_by = forms.ChoiceField(
        label=_("How shall we reach you?"),
        choices=choices_of((ContactBy.PHONE, ContactBy.EMAIL, ContactBy.POST)),
        widget=RadiosWithHints,
        error_messages={"required": _("Choose how we shall reach you")},
    )
    phone = PhoneField(label=_("Phone number"), required=False)
    email = forms.EmailField(
        label=_("E-mail address"),
        required=False,
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "email", "spellcheck": "false"}),
        error_messages={"invalid": _("Enter an e-mail address, like name@example.org")},
    )
    address_1 = ShortField(
        label=_("House number and street"),
        longest=150,
        widget=forms.TextInput({"autocomplete": "address-line1"}),
        error_messages={"required": _("Enter the house number and street")},
    )
    town = ShortField(
        label=_("Town or village"),
        longest=100,
        required=False,
        widget=forms.TextInput({"autocomplete": "address-level2"}),
    )
    postcode = PostcodeField(
        label=_("Postcode"), error_messages={"required": _("Enter your postcode")}
    )
    safe_contact_note = ShortField(
        label=_("Is there anything we must know before we get in touch?"),
        help_text=_("For example: do not leave messages; ring in the morning only."),
        longest=300,
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        wanted = {
            ContactBy.PHONE: ("phone", _("Enter the number on which we can ring you")),
            ContactBy.EMAIL: ("email", _("Enter the e-mail address for our answer")),
        }.get(data.get("contact_by", ""))
        if wanted and not data.get(wanted[0]) and wanted[0] not in self.errors:
            self.add_error(*wanted)
        return data

    @property
    def who(self) -> dict[str, Any]:
        """For ``add_person``."""
        names = "given_name family_name contact_by phone email address_1 town postcode"
        return {name: self.cleaned_data[name] for name in (*names.split(), "safe_contact_note")}


class TriageForm(forms.Form):
    """It is a volunteer's task: what it takes."""

    minutes = forms.IntegerField(
        label=_("How long, in minutes"),
        min_value=5,
        max_value=1440,
        widget=forms.NumberInput({"class": "govuk-input--width-4", "inputmode": "numeric"}),
    )
    checks_needed = forms.MultipleChoiceField(
        label=_("Which checks must the volunteer have?"),
        choices=CheckKind.choices,
        required=False,
        widget=CheckboxesWithHints,
    )
    dbs_level = forms.ChoiceField(
        label=_("Which level of DBS check may the task ask for?"),
        help_text=_("Ask for no higher level than the law allows for this task."),
        choices=[("", _("None")), *DbsLevel.choices],
        required=False,
        widget=RadiosWithHints,
    )
    minimum_age = forms.IntegerField(
        label=_("Youngest age of the volunteer"),
        min_value=11,
        max_value=99,
        widget=forms.NumberInput({"class": "govuk-input--width-3", "inputmode": "numeric"}),
    )
    needs_driver = forms.BooleanField(label=_("The volunteer must drive"), required=False)
    from_home = forms.BooleanField(
        label=_("It can be done by phone or from the volunteer's home"), required=False
    )
    gender_preference = forms.ChoiceField(
        label=_("Must it be a woman or a man?"),
        choices=[("", _("It does not matter")), *Volunteer.Gender.choices[:2]],
        required=False,
        widget=RadiosWithHints,
    )
    preference_reason = ShortField(
        label=_("Why that is needed and lawful"), longest=300, required=False
    )
    interests = forms.ModelMultipleChoiceField(
        label=_("What would the volunteer best like or know?"),
        queryset=Interest.objects.none(),
        required=False,
        widget=CheckboxesWithHints,
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["interests"]
        field.queryset = Interest.objects.offered()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if CheckKind.DBS in data.get("checks_needed", ()) and not data.get("dbs_level"):
            self.add_error("dbs_level", _("Say which level of DBS check"))
        elif CheckKind.DBS not in data.get("checks_needed", ()):
            data["dbs_level"] = ""
        if data.get("gender_preference") and not data.get("preference_reason"):
            self.add_error("preference_reason", _("Say why it is needed: it is lawful only then"))
        return data


class PassOnForm(forms.Form):
    """Not a volunteer's task."""

    passed_to = forms.ChoiceField(
        label=_("To whom does it go?"),
        choices=HelpRequest.PassedTo.choices,
        widget=RadiosWithHints,
        error_messages={"required": _("Say to whom it goes")},
    )
    reason_code = forms.ChoiceField(
        label=_("Why is it not a volunteer's task?"),
        choices=choices_of(PASSED_REASONS),
        widget=RadiosWithHints,
        error_messages={"required": _("Choose a reason")},
    )
    note = ShortField(
        label=_("To whom exactly, and what was said"),
        help_text=_("For example: rang the duty team at 10, they ring her today."),
        longest=300,
        error_messages={"required": _("Say to whom it was passed")},
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class ReasonForm(forms.Form):
    """Why a request ends or stays unfilled for now."""

    reason_code = forms.ChoiceField(
        label=_("Why?"),
        widget=RadiosWithHints,
        error_messages={"required": _("Choose a reason")},
    )
    reason_text = ShortField(label=_("In a few words"), longest=300, required=False)

    def __init__(self, *args: Any, reasons: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["reason_code"]
        field.choices = choices_of(reasons)


class ToldForm(forms.Form):
    """They were told how it stands, and hear again by a day."""

    follow_up_on = DateField(label=_("They hear from us again by"))

    def clean_follow_up_on(self) -> date:
        day: date = self.cleaned_data["follow_up_on"]
        if day <= timezone.localdate():
            raise forms.ValidationError(_("Enter a day after today"))
        return day


class OfferForm(forms.Form):
    """Whom to ask first, and who is next."""

    first = forms.UUIDField(error_messages={"required": _("Choose whom to ask first")})
    override_reason = ShortField(
        label=_("Why it may overlap with something else"),
        help_text=_("Only when they are somewhere else at that time and agreed to both."),
        longest=300,
        required=False,
    )


class SayForm(forms.Form):
    """Yes or no; a few words if they like."""

    answer = forms.ChoiceField(
        label=_("Your answer"),
        choices=[("yes", _("Yes")), ("no", _("No"))],
        widget=RadiosWithHints,
        error_messages={"required": _("Choose yes or no")},
    )
    words = ShortField(
        label=_("Do you want to say anything?"),
        help_text=_("Nobody has to."),
        longest=300,
        required=False,
    )
