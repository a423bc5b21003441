"""The form for complaints about personal data, for residents and for staff, and what staff answer."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dcsn.forms import DateField, PhoneField, PostcodeField, RadiosWithHints
from directory.models import Organisation
from members.access import access_points
from members.forms.paper import OneLineField
from members.models import Complaint
from members.models.complaint import ANSWER_AT_MOST, WANTS_AT_MOST, WORDS_AT_MOST

# Which box must be filled in for which way of answering, and what is said when it is not.
_NEEDED = {
    Complaint.AnswerBy.EMAIL: {"email": _("Enter the e-mail address for the answer")},
    Complaint.AnswerBy.PHONE: {"phone": _("Enter the phone number for the answer")},
    Complaint.AnswerBy.LETTER: {
        "address_1": _("Enter the house number and street"),
        "postcode": _("Enter a postcode"),
    },
}


def _long(label: Any, at_most: int, **options: Any) -> forms.CharField:
    rows = options.pop("rows", 8)
    return forms.CharField(
        label=label, max_length=at_most, widget=forms.Textarea({"rows": rows}), **options
    )


class ComplaintForm(forms.Form):
    """What went wrong, and where the answer is to go. The paper form has the same boxes in this order."""

    # Each of these is demanded by one way of answering, and by no other.
    optional_words: ClassVar = {
        "email": _("(only for an answer by e-mail)"),
        "phone": _("(only for an answer by phone)"),
        "address_1": _("(only for a letter)"),
        "postcode": _("(only for a letter)"),
    }

    words = _long(
        _("What went wrong?"),
        WORDS_AT_MOST,
        help_text=_("Say it in your own words. Say when it was, if you know."),
        error_messages={"required": _("Write what went wrong")},
    )
    wants = _long(_("What would put it right?"), WANTS_AT_MOST, rows=4, required=False)
    organisation = forms.ModelChoiceField(
        label=_("Which access point is it about?"),
        queryset=Organisation.objects.none(),
        required=False,
        empty_label=_("I do not know, or another"),
    )
    name = OneLineField(
        label=_("Your name"),
        max_length=150,
        widget=forms.TextInput({"autocomplete": "name", "spellcheck": "false"}),
        error_messages={"required": _("Enter your name")},
    )
    answer_by = forms.ChoiceField(
        label=_("How would you like our answer?"),
        choices=Complaint.AnswerBy.choices,
        widget=RadiosWithHints,
        error_messages={"required": _("Choose how you would like our answer")},
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        required=False,
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "email", "spellcheck": "false"}),
    )
    phone = PhoneField(label=_("Phone number"), required=False)
    address_1 = OneLineField(
        label=_("House number and street"),
        max_length=150,
        required=False,
        widget=forms.TextInput({"autocomplete": "address-line1"}),
    )
    address_2 = OneLineField(
        label=_("Second line of the address"),
        max_length=150,
        required=False,
        widget=forms.TextInput({"autocomplete": "address-line2"}),
    )
    town = OneLineField(
        label=_("Town or village"),
        max_length=100,
        required=False,
        widget=forms.TextInput(
            {"autocomplete": "address-level2", "class": "govuk-!-width-two-thirds"}
        ),
    )
    postcode = PostcodeField(label=_("Postcode"), required=False)
    size = forms.TypedChoiceField(
        label=_("How large should the print of a letter be?"),
        choices=Complaint.Size.choices,
        coerce=int,
        initial=Complaint.Size.LARGE,
        widget=RadiosWithHints,
        error_messages={"required": _("Choose the size of print")},
    )
    other_format = OneLineField(
        label=_("Do you need it another way?"),
        help_text=_("For example on audio, in Braille, in Easy Read or in another language."),
        max_length=200,
        required=False,
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"key": uuid.uuid4(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        field = self.fields["organisation"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  (for the type checker)
        field.queryset = access_points()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name, words in _NEEDED.get(data.get("answer_by", ""), {}).items():
            if not data.get(name) and name not in self.errors:
                self.add_error(name, words)
        return data

    @property
    def facts(self) -> dict[str, Any]:
        """What was typed, as the action wants it; after ``is_valid()``."""
        names = {*Complaint.PERSONAL, "answer_by", "size"} & set(self.cleaned_data)
        return {name: self.cleaned_data[name] for name in names}


def received(day: date) -> None:
    """Not from the future, and not from so long ago that it must be a slip of the pen."""
    today = timezone.localdate()
    if day > today:
        raise ValidationError(_("The date must be today or in the past"))
    if day.year < today.year - 1:
        raise ValidationError(_("Check the year: this is more than a year ago"))


class StaffComplaintForm(ComplaintForm):
    """The same, taken down on the phone, at the desk or from a letter."""

    via = forms.ChoiceField(
        label=_("How did it come?"),
        choices=[choice for choice in Complaint.Via.choices if choice[0] != Complaint.Via.ONLINE],
        widget=RadiosWithHints,
        error_messages={"required": _("Choose how it came")},
    )
    received_on = DateField(
        label=_("On which day did it come?"),
        help_text=_("The clock starts on this day, also when nobody wrote it down then."),
        validators=[received],
    )
    field_order = ["via", "received_on"]

    def __init__(self, *args: Any, desks: list[Organisation] | None, **kwargs: Any) -> None:
        """``desks``: those that may be chosen; None for all of them, and for none in particular."""
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Their name")
        self.fields["answer_by"].label = _("How would they like our answer?")
        if desks is not None:
            field = self.fields["organisation"]
            assert isinstance(field, forms.ModelChoiceField)  # noqa: S101
            field.queryset = field.queryset.filter(id__in=[desk.id for desk in desks])  # type: ignore[union-attr]
            field.required, field.empty_label = True, None


class AcknowledgeForm(forms.Form):
    """A sentence of one's own beside what everybody is told."""

    text = _long(_("Anything to add to what they are told?"), WANTS_AT_MOST, rows=4, required=False)


class AnswerForm(forms.Form):
    """What was found."""

    outcome = forms.ChoiceField(
        label=_("What came of it?"),
        choices=Complaint.Outcome.choices,
        widget=RadiosWithHints,
        error_messages={"required": _("Choose what came of it")},
    )
    text = _long(
        _("The answer to them"),
        ANSWER_AT_MOST,
        help_text=_(
            "Plain words. What you found, what was put right, and when. How to complain further is "
            "added by itself."
        ),
        error_messages={"required": _("Write the answer")},
    )


class WithdrawForm(forms.Form):
    """They took it back."""

    text = forms.CharField(
        label=_("What did they say?"),
        max_length=300,
        error_messages={"required": _("Write what they said")},
    )
