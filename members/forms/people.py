"""What staff type about people's records."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from dcsn.accounts.models import User
from dcsn.forms import (
    CheckboxesWithHints,
    DateField,
    DatePartsInput,
    PhoneField,
    PostcodeField,
    RadiosWithHints,
)
from dcsn.privacy.models import Erasure
from directory.models import Organisation
from members.actions.people import CHANGEABLE, as_seen
from members.forms.desks import offer_desks
from members.forms.lines import PersonNameField, ShortField
from members.models import AgeBand, Answer, Consent, ContactBy, Format, OtherName, Person
from members.wordings import current_wording

EARLIEST_BIRTH = date(1900, 1, 1)
_NOT_KNOWN = ("", _("Not known"))
_EMPTY_ANSWERS = [*Answer.choices, _NOT_KNOWN]
_SEEN = "members.forms.people.seen"
_OTHER_NAME = ("other_use", "other_given_name", "other_family_name")


def check_birth(day: date) -> None:
    """A validator: nobody is born tomorrow, or was born before 1900 and needs a form."""
    if day > timezone.localdate():
        raise ValidationError(_("The date of birth is in the future"), code="future")
    if day < EARLIEST_BIRTH:
        raise ValidationError(_("Check the year: it is before 1900"), code="early")


class PersonForm(forms.ModelForm):
    """All that is known of somebody, apart from who belongs to them and what they agreed to.

    ``seen`` carries what the page showed, signed, so that the second of two editors changes only what
    they themselves typed (docs/decisions/0041).
    """

    # Nothing but a name is asked for: "(optional)" twenty times would hide the questions.
    mark_optional = False

    given_name = PersonNameField(label=_("First name"), required=False)
    family_name = PersonNameField(label=_("Last name"), required=False)
    known_as = PersonNameField(
        label=_("What do they like to be called?"),
        required=False,
        help_text=_("If it is not their first name. For example: Winnie, or Mrs Example."),
    )
    date_of_birth = DateField(
        label=_("Date of birth"),
        required=False,
        help_text=_("For example, 29 2 1944"),
        validators=[check_birth],
    )
    age_band = forms.ChoiceField(
        label=_("Or their age, if they would rather not give the date"),
        choices=[_NOT_KNOWN, *AgeBand.choices],
        required=False,
    )
    address_1 = ShortField(label=_("House number and street"), required=False, longest=150)
    address_2 = ShortField(label=_("Second line of the address"), required=False, longest=150)
    town = ShortField(
        label=_("Town or village"),
        required=False,
        longest=100,
        widget=forms.TextInput({"class": "govuk-!-width-two-thirds"}),
    )
    postcode = PostcodeField(
        label=_("Postcode"), required=False, help_text=_("Leave it empty if they have no address.")
    )
    phone = PhoneField(label=_("Phone number"), required=False)
    other_phone = PhoneField(label=_("Another phone number"), required=False)
    email = forms.EmailField(
        label=_("E-mail address"),
        required=False,
        max_length=254,
        widget=forms.EmailInput({"spellcheck": "false"}),
        error_messages={"invalid": _("Enter an e-mail address, like name@example.org")},
    )
    contact_by = forms.ChoiceField(
        label=_("How would they rather be reached?"),
        choices=[*ContactBy.choices, _NOT_KNOWN],
        required=False,
        widget=RadiosWithHints,
    )
    safe_contact_note = ShortField(
        label=_("What must somebody know before contacting them?"),
        required=False,
        longest=300,
        help_text=_(
            "It stands at the top of their record. For example: do not leave messages; ring in the "
            "morning only."
        ),
    )
    formats = forms.MultipleChoiceField(
        label=_("How do they need information?"),
        choices=Format.choices,
        required=False,
        widget=CheckboxesWithHints,
        help_text=_("Ask everybody. Tick all that apply."),
    )
    interpreter_language = ShortField(
        label=_("Which language?"),
        required=False,
        longest=60,
        help_text=_("If they need an interpreter."),
        widget=forms.TextInput({"class": "govuk-input--width-20"}),
    )
    lives_alone = forms.ChoiceField(
        label=_("Do they live alone?"),
        choices=_EMPTY_ANSWERS,
        required=False,
        widget=RadiosWithHints({"class": "govuk-radios--inline"}),
    )
    is_carer = forms.ChoiceField(
        label=_("Do they look after somebody without being paid?"),
        help_text=_("A relative, a friend or a neighbour who could not manage without them."),
        choices=_EMPTY_ANSWERS,
        required=False,
        widget=RadiosWithHints({"class": "govuk-radios--inline"}),
    )

    class Meta:
        model = Person
        fields = [
            "given_name", "family_name", "known_as", "date_of_birth", "age_band", "formats",
            "interpreter_language", "contact_by", "safe_contact_note", "phone", "other_phone", "email",
            "address_1", "address_2", "town", "postcode", "lives_alone", "is_carer",
        ]  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Say beside the field what the database would refuse: a note far above helps nobody."""
        super().clean()
        typed = self.cleaned_data
        if not any(typed.get(n) for n in ("given_name", "family_name", "known_as")) and not any(
            n in self.errors for n in ("given_name", "family_name", "known_as")
        ):
            self.add_error("given_name", _("Enter a name: the first, the last, or both"))
        if typed.get("date_of_birth") and typed.get("age_band"):
            self.add_error(
                "age_band",
                _("Give the date of birth or the age, not both: choose “Not known” here"),
            )
        if typed.get("interpreter_language") and "interpreter" not in typed.get("formats", []):
            self.add_error("formats", _("Tick “An interpreter” as well as giving the language"))
        self._check_reachable(typed)
        return typed

    def _check_reachable(self, typed: dict[str, Any]) -> None:
        by = typed.get("contact_by")
        if by == ContactBy.EMAIL:
            self._need("email", _("Enter the e-mail address they would like to be reached at"))
        elif by in (ContactBy.PHONE, ContactBy.SMS):
            self._need("phone", _("Enter the phone number they would like to be reached at"))
        elif by == ContactBy.POST:
            self._need("address_1", _("Enter the address they would like letters sent to"))
            self._need("postcode", _("Enter the postcode for their letters"))

    def _need(self, name: str, why: Any) -> None:
        if not self.cleaned_data.get(name) and name not in self.errors:
            self.add_error(name, why)

    @property
    def facts(self) -> dict[str, Any]:
        """The cleaned facts, as the actions take them."""
        return {name: value for name, value in self.cleaned_data.items() if name in CHANGEABLE}

    def _save_m2m(self) -> None:
        raise TypeError("PersonForm is saved by members.actions.people")


class ChangePersonForm(PersonForm):
    """The same for somebody who is known, with what the page showed."""

    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, instance: Person, **kwargs: Any) -> None:
        super().__init__(*args, instance=instance, **kwargs)  # type: ignore[misc]
        self.initial["seen"] = seal(instance)
        # Bound forms write what was typed into their instance: kept for reading the seal.
        self._person_id = instance.pk

    def clean(self) -> dict[str, Any]:
        """A name that was kept before there was a rule does not stop somebody from noting a phone number."""
        for name in ("given_name", "family_name", "known_as"):
            kept = getattr(self.instance, name)  # the typed values are written into it later
            if name in self.errors and kept and self[name].value() == kept:
                del self.errors[name]
                self.cleaned_data[name] = kept
        return super().clean()

    @property
    def facts(self) -> dict[str, Any]:
        """What was left as the page showed it is as it was kept, however it may be spelt today."""
        seen = self.cleaned_data["seen"]
        return {
            name: seen[name] if value and self[name].value() == seen[name] else value
            for name, value in super().facts.items()
        }

    def clean_seen(self) -> Mapping[str, Any]:
        return unseal(self.cleaned_data["seen"], self._person_id)


def seal(person: Person) -> str:
    """What a page shows of somebody, signed: it comes back with the form and cannot be changed."""
    return signing.dumps(as_seen(person), salt=f"{_SEEN}.{person.pk}", compress=True)


def unseal(sealed: str, person_id: Any) -> Mapping[str, Any]:
    try:
        found: Mapping[str, Any] = signing.loads(sealed, salt=f"{_SEEN}.{person_id}")
    except signing.BadSignature as error:
        raise ValidationError(_("Open the record again: this page is out of date.")) from error
    return found


def put_into(data: MultiValueDict[str, Any], form: forms.BaseForm, name: str, value: Any) -> None:
    """Write a value into a form's data as the browser would have sent it."""
    widget = form.fields[name].widget
    if isinstance(widget, DatePartsInput):
        for part, shown in zip(widget.PARTS, widget.decompress(value), strict=True):
            data[f"{name}_{part}"] = "" if shown is None else str(shown)
    elif isinstance(value, list | tuple):
        data.setlist(name, list(value))
    else:
        data[name] = value


class NewPersonForm(PersonForm):
    """Somebody whom no search found. One other name is asked for at once: it is what they are
    looked for by the next time.
    """

    other_use = forms.ChoiceField(
        label=_("What kind of name is it?"),
        choices=[("", _("Choose the kind")), *OtherName.Use.choices],
        required=False,
    )
    other_given_name = PersonNameField(label=_("Other first name"), required=False)
    other_family_name = PersonNameField(label=_("Other last name"), required=False)
    organisation = forms.ModelChoiceField(
        label=_("Which access point keeps the record?"),
        queryset=Organisation.objects.none(),
        error_messages={"required": _("Choose the access point")},
    )
    agreed = forms.ChoiceField(
        label=_("Do they agree?"),
        choices=[
            (Consent.How.SPOKEN, _("Yes, they said so")),
            (Consent.How.WRITTEN, _("Yes, in writing")),
            ("not_asked", _("They could not be asked yet")),
        ],
        widget=RadiosWithHints(
            hints={
                "not_asked": _(
                    "Somebody else rang for them, for example. Their record says so until it is asked."
                )
            }
        ),
        error_messages={"required": _("Say whether they agree")},
    )

    def __init__(
        self,
        *args: Any,
        desks: list[Organisation],
        may_ask: bool = True,
        may_change: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        offer_desks(self, desks)
        if not may_ask:
            del self.fields["agreed"]
        if not may_change:
            for name in _OTHER_NAME:
                del self.fields[name]

    @property
    def has_other_name(self) -> bool:
        """Whether the box with the other name must be open: something was typed, or is wrong in it."""
        return any(self[name].value() or self[name].errors for name in _OTHER_NAME)

    @property
    def words_to_read_out(self) -> str:
        return current_wording("remember").text

    def clean(self) -> dict[str, Any]:
        typed = super().clean()
        name = typed.get("other_given_name") or typed.get("other_family_name")
        if name and not typed.get("other_use"):
            self.add_error("other_use", _("Choose what kind of name it is"))
        if typed.get("other_use") and not name and "other_family_name" not in self.errors:
            self.add_error("other_family_name", _("Enter the other name"))
        return typed

    @property
    def other_name(self) -> dict[str, str] | None:
        typed = self.cleaned_data
        if not typed.get("other_use"):
            return None
        return {
            "use": typed["other_use"],
            "given_name": typed["other_given_name"],
            "family_name": typed["other_family_name"],
        }


class NamedContactForm(forms.Form):
    """Who answers for this person, whom they can ask for by name."""

    coordinator = forms.ModelChoiceField(
        label=_("Who is their named contact?"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("Nobody"),
        help_text=_("They see this person’s referrals at other organisations too."),
    )

    def __init__(self, *args: Any, candidates: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["coordinator"].queryset = candidates  # type: ignore[attr-defined]


class EraseForm(forms.Form):
    """Why somebody is forgotten, and that it is meant."""

    reason = forms.ChoiceField(
        label=_("Why?"),
        choices=Erasure.Reason.choices,
        widget=RadiosWithHints,
        error_messages={"required": _("Choose why")},
    )
    sure = forms.BooleanField(
        label=_("I have made sure that this is the right person"),
        help_text=_("It cannot be undone."),
        error_messages={"required": _("Tick the box when you have made sure")},
    )
