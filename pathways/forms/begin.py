"""Beginning a pathway at the desk; asking for a coordinator on the website."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from dcsn.accounts.models import User
from dcsn.forms import DateField, PhoneField, RadiosWithHints
from members.forms.lines import NoteField, PersonNameField, ShortField
from members.models import ContactBy
from pathways.coordinators import possible_coordinators
from pathways.models import Eligibility, PathwayKind, Route
from referrals.models import Enquiry


def sentences(choices: Any) -> list[tuple[str, Any]]:
    """Choices as they stand in a form: each begins with a capital letter."""
    return [(value, capfirst(words)) for value, words in choices]


class CoordinatorChoice(forms.ModelChoiceField):
    """A coordinator by name."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name or obj.email)


class BeginForm(forms.Form):
    """By which door, which kind, with whom."""

    optional_words: ClassVar = {
        "eligibility": _("(only for the council’s assessment)"),
        "assessed_on": _("(only for the council’s assessment)"),
    }
    route = forms.ChoiceField(
        label=_("How did they come?"),
        choices=sentences(Route.choices),
        widget=RadiosWithHints,
        error_messages={"required": _("Choose how they came")},
    )
    eligibility = forms.ChoiceField(
        label=_("What did the council’s assessment find?"),
        help_text=_("“Not eligible” is never the end: the access point gets an enquiry at once."),
        choices=sentences(Eligibility.choices),
        required=False,
        widget=RadiosWithHints,
    )
    assessed_on = DateField(label=_("When were they assessed?"), required=False)
    kind = forms.ModelChoiceField(
        label=_("Which kind of pathway is it?"),
        queryset=PathwayKind.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": _("Choose the kind of pathway")},
    )
    coordinator = CoordinatorChoice(
        label=_("Who goes with them?"),
        queryset=User.objects.none(),
        empty_label=_("Choose somebody"),
        error_messages={"required": _("Choose who goes with them")},
    )
    contact_name = ShortField(
        label=_("Whom do they ring?"),
        help_text=_("Leave it empty when it is the coordinator."),
        longest=100,
        required=False,
    )
    contact_phone = PhoneField(label=_("On which number?"), required=False)
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, organisation_id: UUID, **kwargs: Any) -> None:
        kwargs["initial"] = {"key": uuid.uuid4(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["kind"].queryset = PathwayKind.objects.filter(offered=True)
        fields["coordinator"].queryset = possible_coordinators(organisation_id)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("route") == Route.ASSESSMENT:
            if not data.get("eligibility") and "eligibility" not in self.errors:
                self.add_error("eligibility", _("Say what the assessment found"))
            if not data.get("assessed_on") and "assessed_on" not in self.errors:
                self.add_error("assessed_on", _("Say on which day they were assessed"))
        elif data.get("eligibility") or data.get("assessed_on"):
            # Nothing is dropped that somebody typed: it would hide a wrong answer above.
            self.add_error(
                "route", _("Choose the council’s assessment, or empty what it found and when")
            )
        day = data.get("assessed_on")
        if day and day > timezone.localdate():
            self.add_error(
                "assessed_on", _("This day is still to come. Enter today or an earlier day")
            )
        return data


class AskForm(forms.Form):
    """Somebody asks for a coordinator on the website: no more than is needed to reach them."""

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
    on_behalf_of = forms.ChoiceField(
        label=_("Who is it for?"),
        choices=[
            (Enquiry.OnBehalfOf.THEMSELVES.value, _("For me")),
            (
                Enquiry.OnBehalfOf.CARED_FOR.value,
                _("For somebody I look after, a relative or friend"),
            ),
        ],
        initial=Enquiry.OnBehalfOf.THEMSELVES.value,
        widget=RadiosWithHints,
    )
    contact_by = forms.ChoiceField(
        label=_("How shall we reach you?"),
        choices=[(one.value, one.label) for one in (ContactBy.PHONE, ContactBy.EMAIL)],
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
    safe_contact_note = ShortField(
        label=_("Is there anything we must know before we get in touch?"),
        help_text=_("For example: do not leave messages; ring in the morning only."),
        longest=300,
        required=False,
    )
    words = NoteField(
        label=_("What is difficult at the moment?"),
        help_text=_("In a few words, if you like. We talk about it when we ring."),
        longest=500,
        required=False,
        rows=3,
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"key": uuid.uuid4(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
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
        names = "given_name family_name contact_by phone email safe_contact_note"
        return {name: self.cleaned_data[name] for name in names.split()}
