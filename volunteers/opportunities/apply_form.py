"""The one form to apply: the screen, the desk and the paper are made from it, in this order."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import time
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from dcsn.forms import CheckboxesWithHints, DateField, PhoneField, PostcodeField, RadiosWithHints
from members.forms.lines import NoteField, PersonNameField, ShortField
from members.forms.people import check_birth
from members.models import ContactBy
from members.models.person import age_on
from volunteers.models import Interest, Opportunity, PolicyVersion
from volunteers.models.volunteer import PARENT_NEEDED_UNDER, WORDS_AT_MOST, Barrier, Transport
from volunteers.opportunities.five import PARTS

# Part of a day: what it is called, from, until.
PARTS_OF_DAY: dict[str, tuple[Any, time, time]] = {
    "morning": (_("morning"), time(9), time(12)),
    "afternoon": (_("afternoon"), time(12), time(17)),
    "evening": (_("evening"), time(17), time(21)),
}
MOST_LANGUAGES = 10


def free_choices() -> list[tuple[str, str]]:
    return [
        (f"{number + 1}-{key}", f"{name} {part[0]}")
        for number, name in WEEKDAYS.items()
        for key, part in PARTS_OF_DAY.items()
    ]


def windows(free: Iterable[str]) -> list[tuple[int, time, time]]:
    """Weekday, from, until: parts of a day that follow each other are one window."""
    found: list[tuple[int, time, time]] = []
    chosen = set(free)
    for value, _label in free_choices():
        if value not in chosen:
            continue
        day, key = value.split("-")
        _name, starts, ends = PARTS_OF_DAY[key]
        if found and found[-1][0] == int(day) and found[-1][2] == starts:
            found[-1] = (int(day), found[-1][1], ends)
        else:
            found.append((int(day), starts, ends))
    return found


def policies_of(role: Opportunity | None) -> list[PolicyVersion]:
    """What is in force today: the network's, and those of the role's organisation."""
    ours = [None] if role is None else [None, role.organisation_id]
    return [
        policy
        for policy in PolicyVersion.objects.in_force(timezone.localdate())
        if policy.organisation_id in ours
    ]


@dataclass(frozen=True)
class Part:
    """A heading, what is said below it, and its questions."""

    heading: str
    said: str
    fields: list[Any]

    @property
    def is_optional(self) -> bool:
        """Nothing in it has to be answered: on the screen it can stay folded."""
        return not any(field.field.required for field in self.fields)

    @property
    def is_open(self) -> bool:
        """Something in it was typed, filled in from the five questions, or is wrong: it is seen."""
        return not self.is_optional or any(
            field.errors or field.value() not in (None, "", []) for field in self.fields
        )


class ApplyForm(forms.Form):
    """Who they are, who answers for somebody under 16, what they like, when, and what they agree to."""

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
    date_of_birth = DateField(
        label=_("Date of birth"),
        help_text=_("Some roles have a youngest age, and under 16 we ask a parent first."),
        validators=[check_birth],
    )
    contact_by = forms.ChoiceField(
        label=_("How shall we reach you?"),
        choices=[
            (value, label)
            for value, label in ContactBy.choices
            if value in (ContactBy.PHONE, ContactBy.EMAIL, ContactBy.POST)
        ],
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
        required=False,
        widget=forms.TextInput({"autocomplete": "address-line1"}),
    )
    town = ShortField(
        label=_("Town or village"),
        longest=100,
        required=False,
        widget=forms.TextInput({"autocomplete": "address-level2"}),
    )
    postcode = PostcodeField(label=_("Postcode"), required=False)

    parent_name = PersonNameField(label=_("Parent’s or guardian’s name"), required=False)
    parent_email = forms.EmailField(
        label=_("Parent’s e-mail address"), required=False, max_length=254
    )
    parent_phone = PhoneField(label=_("Parent’s phone number"), required=False)

    why = NoteField(
        label=_("What do you hope for?"),
        help_text=_("A sentence is plenty: meet people, learn something, give something back."),
        longest=WORDS_AT_MOST,
        required=False,
    )
    interests = forms.MultipleChoiceField(
        label=_("What do you like, and what can you do?"),
        required=False,
        widget=CheckboxesWithHints,
    )
    languages = ShortField(
        label=_("Languages that you speak besides English"),
        help_text=_("With commas between them."),
        longest=200,
        required=False,
    )
    free = forms.MultipleChoiceField(
        label=_("When are you usually free?"),
        help_text=_("Leave it open if it changes from week to week."),
        required=False,
        widget=CheckboxesWithHints,
    )
    hours_a_week = forms.IntegerField(
        label=_("How many hours a week at most?"),
        required=False,
        min_value=1,
        max_value=40,
        widget=forms.TextInput({"inputmode": "numeric", "class": "govuk-input--width-3"}),
        error_messages={
            "invalid": _("Enter a number of hours, like 2"),
            "min_value": _("Enter a number of hours from 1 to 40"),
            "max_value": _("Enter a number of hours from 1 to 40"),
        },
    )
    transport = forms.MultipleChoiceField(
        label=_("How do you get about?"),
        choices=Transport.choices,
        required=False,
        widget=CheckboxesWithHints,
    )
    travel_miles = forms.IntegerField(
        label=_("How far would you travel, in miles?"),
        required=False,
        min_value=0,
        max_value=100,
        widget=forms.TextInput({"inputmode": "numeric", "class": "govuk-input--width-3"}),
        error_messages={
            "invalid": _("Enter a number of miles, like 3"),
            "min_value": _("Enter a number of miles from 0 to 100"),
            "max_value": _("Enter a number of miles from 0 to 100"),
        },
    )
    support_needs = NoteField(
        label=_("What would help you to help?"),
        help_text=_("Somebody beside you at first, a quiet room, no stairs."),
        longest=WORDS_AT_MOST,
        required=False,
    )
    barriers = forms.MultipleChoiceField(
        label=_("Has anything held you back so far?"),
        help_text=_("It does not count against you: we try to take it out of the way."),
        choices=Barrier.choices,
        required=False,
        widget=CheckboxesWithHints,
    )
    emergency_name = PersonNameField(label=_("Whom shall we ring in an emergency?"), required=False)
    emergency_phone = PhoneField(label=_("Their phone number"), required=False)

    WHO = ("given_name", "family_name", "date_of_birth", "contact_by", "phone", "email", "address_1",
           "town", "postcode")  # fmt: skip
    PARENT = ("parent_name", "parent_email", "parent_phone")
    WHAT = ("why", "interests", "languages")
    WHEN = ("free", "hours_a_week", "transport", "travel_miles")
    HELP = ("support_needs", "barriers", "emergency_name", "emergency_phone")

    def __init__(
        self, *args: Any, role: Opportunity | None = None, known: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.role = role
        self.known = known
        self.is_too_young = False
        self.fields["key"] = forms.UUIDField(
            widget=forms.HiddenInput, initial=uuid.uuid4, required=True
        )
        offered = Interest.objects.offered().values_list("slug", "name")
        self.fields["interests"].choices = list(offered)  # type: ignore[attr-defined]
        self.fields["free"].choices = free_choices()  # type: ignore[attr-defined]
        if known:
            for name in (*self.WHO, *self.PARENT):
                del self.fields[name]
        self.policies = policies_of(role)
        for policy in self.policies:
            self.fields[self.policy_name(policy)] = forms.BooleanField(
                label=_now("I agree to “%(title)s” (version %(number)d)")
                % {"title": policy.title, "number": policy.number},
                error_messages={
                    "required": _now("Read “%(title)s” and tick that you agree")
                    % {"title": policy.title}
                },
            )

    @staticmethod
    def policy_name(policy: PolicyVersion) -> str:
        return f"policy_{policy.pk.hex}"

    @property
    def parts(self) -> list[Part]:
        """In the order of every form."""
        asked = [
            (_now("About you"), "", self.WHO),
            (
                _now("If you are under 16"),
                _now("We ask a parent or guardian before anybody gets in touch with you."),
                self.PARENT,
            ),
            (_now("What you like"), "", self.WHAT),
            (_now("When and how far"), "", self.WHEN),
            (_now("What would make it easier"), "", self.HELP),
        ]
        return [
            Part(heading, said, [self[name] for name in names])
            for heading, said, names in asked
            if names[0] in self.fields
        ]

    @property
    def agreements(self) -> list[tuple[PolicyVersion, Any]]:
        return [(policy, self[self.policy_name(policy)]) for policy in self.policies]

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        if not self.known:
            self._check_reached(typed)
            born = typed.get("date_of_birth")
            if born:
                self._check_age(age_on(born, timezone.localdate()), typed)
        if typed.get("emergency_name") and not typed.get("emergency_phone"):
            self._unless_wrong("emergency_phone", _now("Enter their phone number"))
        return typed

    def _unless_wrong(self, name: str, why: str) -> None:
        if name not in self.errors:
            self.add_error(name, why)

    def _check_reached(self, typed: dict[str, Any]) -> None:
        needed: dict[str, dict[str, str]] = {
            ContactBy.POST: {
                "address_1": _now("Enter the house number and street for our letters"),
                "postcode": _now("Enter the postcode for our letters"),
            },
            ContactBy.PHONE: {"phone": _now("Enter the phone number to ring")},
            ContactBy.EMAIL: {"email": _now("Enter the e-mail address to write to")},
        }
        for name, why in needed.get(typed.get("contact_by", ""), {}).items():
            if not typed.get(name):
                self._unless_wrong(name, why)

    def _check_age(self, years: int, typed: dict[str, Any]) -> None:
        if self.role is not None and years < self.role.minimum_age:
            self.is_too_young = True
            self.add_error(
                "date_of_birth",
                _now(
                    "This role is for people from %(age)d years. The five questions find one that is "
                    "open to you now."
                )
                % {"age": self.role.minimum_age},
            )
        elif years < PARENT_NEEDED_UNDER:
            if not typed.get("parent_name"):
                self._unless_wrong("parent_name", _now("Enter the name of a parent or guardian"))
            if not (typed.get("parent_email") or typed.get("parent_phone")):
                self._unless_wrong(
                    "parent_email", _now("Enter the parent’s e-mail address or phone number")
                )

    # --- After is_valid() ---

    @property
    def who(self) -> dict[str, Any]:
        """What is known of them, as ``add_person`` takes it."""
        return {name: self.cleaned_data[name] for name in self.WHO if self.cleaned_data.get(name)}

    @property
    def facts(self) -> dict[str, Any]:
        """Columns of ``Volunteer``."""
        typed = self.cleaned_data
        hours = typed.get("hours_a_week")
        spoken = [part.strip()[:60] for part in typed.get("languages", "").split(",")]
        return {
            "hopes": typed.get("why", ""),
            "support_needs": typed.get("support_needs", ""),
            "barriers": typed.get("barriers", []),
            "languages": [part for part in dict.fromkeys(spoken) if part][:MOST_LANGUAGES],
            "transport": typed.get("transport", []),
            "travel_miles": typed.get("travel_miles"),
            "minutes_a_week": hours * 60 if hours else None,
        }


def from_five_questions(data: QueryDict) -> dict[str, Any]:
    """What was answered in the five questions, as the first values of this form."""
    free = []
    for part in data.getlist("free"):
        if part not in PARTS:
            continue
        _label, days, starts, ends = PARTS[part]
        free += [
            f"{day}-{key}"
            for day in days
            for key, (_name, begins, until) in PARTS_OF_DAY.items()
            if begins >= starts and until <= ends
        ]
    initial: dict[str, Any] = {"interests": data.getlist("likes")[:40], "free": free}
    near = data.get("near", "").strip()[:10]
    if near:
        initial["postcode"] = near
    return initial
