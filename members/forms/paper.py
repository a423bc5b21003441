"""The form of "Post it to me", for residents and for staff who take a request down."""

from __future__ import annotations

import unicodedata
import uuid
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dcsn.forms import PhoneField, PostcodeField, RadiosWithHints
from directory.models import Organisation, Service
from members.actions.paper import Envelope, Wanted
from members.forms.desks import offer_desks
from members.models import PaperRequest
from members.wordings import current_wording

NOTE = "note_"
# Nothing to see, or turns the line round: on the screen an address could read as another.
_UNSEEN = dict.fromkeys([0x200B, 0x2060, 0xFEFF, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])


class OneLineField(forms.CharField):
    """A line of an envelope. Browsers send no line break in one; whoever does gets a blank."""

    def to_python(self, value: Any) -> str:
        text = str(value or "")
        # A null byte is left for the field to refuse.
        tidy = "".join(" " if unicodedata.category(c) == "Cc" and c != "\x00" else c for c in text)
        return str(super().to_python(" ".join(tidy.translate(_UNSEEN).split())))


class PaperForm(forms.Form):
    """Where to post it and how to print it; asks for no more than an envelope needs.

    ``services`` are those that were chosen: each gets a box for a note.
    """

    name = OneLineField(
        label=_("Name"),
        max_length=150,
        widget=forms.TextInput({"autocomplete": "name", "spellcheck": "false"}),
        error_messages={"required": _("Enter the name for the envelope")},
    )
    address_1 = OneLineField(
        label=_("House number and street"),
        max_length=150,
        widget=forms.TextInput({"autocomplete": "address-line1"}),
        error_messages={"required": _("Enter the house number and street")},
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
    postcode = PostcodeField(label=_("Postcode"))
    size = forms.TypedChoiceField(
        label=_("How large should the print be?"),
        choices=PaperRequest.Size.choices,
        coerce=int,
        initial=PaperRequest.Size.LARGE,
        widget=RadiosWithHints,
        error_messages={"required": _("Choose the size of print")},
    )
    easy_read = forms.BooleanField(
        label=_("Easy Read, where there is one"),
        required=False,
        help_text=_("Short sentences, one idea to a line."),
    )
    other_format = forms.CharField(
        label=_("Do you need it another way?"),
        help_text=_(
            "For example on audio, in Braille or in another language. We will see what we can do."
        ),
        max_length=200,
        required=False,
    )
    phone = PhoneField(
        label=_("Phone number"),
        required=False,
        help_text=_("Only in case we have a question about the address."),
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        required=False,
        max_length=254,
        help_text=_("Only if you would like an e-mail when it is in the post."),
        widget=forms.EmailInput({"autocomplete": "email", "spellcheck": "false"}),
    )
    agree = forms.BooleanField(
        error_messages={"required": _("Tick the box, so that we may write the envelope")}
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, services: Iterable[Service] = (), **kwargs: Any) -> None:
        kwargs["initial"] = {"key": uuid.uuid4(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self.services = list(services)
        self.fields["agree"].label = current_wording("post").text
        for service in self.services:
            self.fields[f"{NOTE}{service.short_id}"] = forms.CharField(
                label=_("A note for yourself about %(name)s") % {"name": service.name},
                max_length=300,
                required=False,
                widget=forms.TextInput({"autocomplete": "off"}),
            )

    @property
    def note_fields(self) -> list[Any]:
        """The boxes for notes, beside the services they are about."""
        return [(service, self[f"{NOTE}{service.short_id}"]) for service in self.services]

    @property
    def has_notes(self) -> bool:
        """Whether the box with the notes must be open: something was typed, or is wrong in it."""
        return any(field.value() or field.errors for _service, field in self.note_fields)

    @property
    def envelope(self) -> Envelope:
        """What was typed, as the action wants it; after ``is_valid()``."""
        return Envelope(**{name: self.cleaned_data[name] for name in Envelope.__dataclass_fields__})

    @property
    def wanted(self) -> list[Wanted]:
        return [
            Wanted(service, self.cleaned_data[f"{NOTE}{service.short_id}"])
            for service in self.services
        ]


class StaffPaperForm(PaperForm):
    """The same, taken down for somebody at the desk or on the phone."""

    via = forms.ChoiceField(
        label=_("How did they ask?"),
        choices=[
            (PaperRequest.Via.PHONE, _("By phone")),
            (PaperRequest.Via.DESK, _("At the desk")),
        ],
        initial=PaperRequest.Via.PHONE,
        widget=RadiosWithHints,
    )
    organisation = forms.ModelChoiceField(
        label=_("Which access point posts it?"),
        queryset=Organisation.objects.none(),
        error_messages={"required": _("Choose the access point")},
    )
    remember = forms.BooleanField(required=False)
    field_order = ["via", "organisation"]

    def __init__(
        self, *args: Any, desks: list[Organisation], may_remember: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        offer_desks(self, desks)
        self.fields["email"].help_text = _("Only if they would like an e-mail when it is posted.")
        self.fields["agree"].label = _("They agreed to this: “%(words)s”") % {
            "words": current_wording("post").text
        }
        if may_remember:
            self.fields["remember"].label = _("They also agreed to this: “%(words)s”") % {
                "words": current_wording("remember").text
            }
        else:
            del self.fields["remember"]


class NotPostedForm(forms.Form):
    """Why an envelope could not be sent, or that it came back."""

    why = forms.CharField(
        label=_("Why?"),
        max_length=200,
        required=False,
        help_text=_("For example: no such house number."),
    )
