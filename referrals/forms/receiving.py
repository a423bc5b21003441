"""Registered contacts, and whether a service has room."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dcsn.forms import PhoneField, RadiosWithHints
from directory.models import Organisation
from referrals.models import Capacity, ReceivingDesk

# As somebody answers it, in the order of how good the news is.
ROOM = [
    (Capacity.State.CAPACITY, _("There is room")),
    (Capacity.State.WAITLIST, _("There is a waiting list")),
    (Capacity.State.NO_CAPACITY, _("There is no room")),
    (Capacity.State.ASSESSMENT, _("Each person is looked at first")),
]


class DeskForm(forms.Form):
    """Where an organisation is told of referrals."""

    how = forms.ChoiceField(
        label=_("How do they want to hear of referrals?"),
        choices=ReceivingDesk.How.choices,
        widget=RadiosWithHints,
    )
    email = forms.EmailField(
        label=_("Registered e-mail address"),
        required=False,
        max_length=254,
        help_text=_(
            "Links and codes go here. Best an address that several of them read, not one person's."
        ),
    )
    mobile = PhoneField(
        label=_("Registered mobile number"),
        required=False,
        help_text=_("When there is one, codes go here as a text message."),
    )
    phone = PhoneField(label=_("Number to ring"), required=False)
    address = forms.CharField(
        label=_("Address for letters"),
        required=False,
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    why = forms.CharField(
        label=_("Why, and who asked for it?"),
        max_length=300,
        help_text=_("For example: rang from the number in the directory, Ms Example, 3 March."),
        error_messages={"required": _("Say why, and who asked for it")},
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2_000_000_000)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        how = data.get("how")
        wanted = {
            ReceivingDesk.How.EMAIL: ("email", _("Enter the e-mail address")),
            ReceivingDesk.How.SIGNED_IN: ("email", _("Enter the e-mail address")),
            ReceivingDesk.How.POST: ("address", _("Enter the address for letters")),
            ReceivingDesk.How.PHONE: ("phone", _("Enter the number to ring")),
        }
        if how in wanted:
            name, words = wanted[how]
            if not data.get(name) and name not in self.errors:
                self.add_error(name, words)
        if data.get("address"):
            lines = (line.strip() for line in data["address"].splitlines())
            data["address"] = "\n".join(line for line in lines if line)
        return data


class OrganisationForm(forms.Form):
    """Which organisation is to be registered."""

    organisation = forms.ModelChoiceField(
        label=_("Which organisation?"),
        queryset=Organisation.objects.none(),
        error_messages={"required": _("Choose the organisation")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["organisation"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  (for the type checker)
        field.queryset = Organisation.objects.filter(receiving_desk=None).order_by("sort_key", "id")


class CapacityForm(forms.Form):
    """Whether a service has room."""

    state = forms.ChoiceField(
        label=_("Can they take people on at the moment?"),
        choices=ROOM,
        widget=RadiosWithHints,
        error_messages={"required": _("Choose one")},
    )
    wait_weeks = forms.IntegerField(
        label=_("How long is the wait, in weeks?"),
        required=False,
        min_value=1,
        max_value=260,
        help_text=_("Only for a waiting list. A rough number is better than none."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-3"}),
        error_messages={
            "invalid": _("Enter a number of weeks, like 6"),
            "min_value": _("Enter 1 week or more"),
            "max_value": _("Enter 260 weeks or fewer"),
        },
    )
    note = forms.CharField(
        label=_("Anything to add"),
        required=False,
        max_length=200,
        help_text=_("For example: no room on Tuesdays. Nothing about a person."),
    )
