"""What a shop gives, as staff or the shop itself type it; the same boxes on screen and on paper."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from dcsn.forms import CheckboxesWithHints, DateField, MoneyField, RadiosWithHints
from directory.models.hours import Weekday
from members.forms.agreements import past_or_today
from members.forms.paper import OneLineField
from members.offers.actions import OfferDraft, Seen
from members.offers.models import OfferVersion

Kind = OfferVersion.Kind
MOST_OFF_PENCE = 1_000_00


class OfferFields(forms.Form):
    """What members get, on what, when and until when."""

    kind = forms.ChoiceField(
        label=_("What do members get?"),
        choices=[(kind.value, capfirst(kind.label)) for kind in Kind],
        initial=Kind.PERCENT,
        widget=RadiosWithHints(
            hints={
                Kind.PERCENT: _("For example 10% off."),
                Kind.AMOUNT: _("For example £2 off."),
                Kind.WORDS: _("For example: a free coffee with lunch."),
            }
        ),
        error_messages={"required": _("Choose what members get")},
    )
    percent = forms.IntegerField(
        label=_("How many per cent?"),
        help_text=_("For a percentage off."),
        required=False,
        min_value=1,
        max_value=100,
        widget=forms.TextInput({"class": "govuk-input--width-3", "inputmode": "numeric"}),
        error_messages={
            "invalid": _("Enter a whole number, like 10"),
            "min_value": _("Enter a number from 1 to 100"),
            "max_value": _("Enter a number from 1 to 100"),
        },
    )
    amount_pence = MoneyField(
        label=_("How much off?"),
        help_text=_("For an amount off, in pounds."),
        required=False,
        min_pence=1,
        max_pence=MOST_OFF_PENCE,
    )
    wording = OneLineField(
        label=_("On what?"),
        help_text=_(
            "For example: everything in the shop; any haircut. Or what they get, in words."
        ),
        max_length=200,
        required=False,
        error_messages={"max_length": _("Use 200 letters or fewer")},
    )
    days = forms.TypedMultipleChoiceField(
        label=_("On which days?"),
        choices=Weekday.choices,
        coerce=int,
        initial=[day.value for day in Weekday],
        widget=CheckboxesWithHints,
        error_messages={"required": _("Tick at least one day")},
    )
    exclusions = OneLineField(
        label=_("Not on"),
        help_text=_("What is left out. For example: gift cards, tobacco."),
        max_length=300,
        required=False,
        error_messages={"max_length": _("Use 300 letters or fewer")},
    )
    from_on = DateField(label=_("From which day?"))
    until_on = DateField(
        label=_("Until which day?"),
        help_text=_("Leave it empty if it goes on until you tell us."),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"from_on": timezone.localdate(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        kind = data.get("kind")
        if kind == Kind.PERCENT and data.get("percent") is None and "percent" not in self.errors:
            self.add_error("percent", _("Enter how many per cent"))
        if (
            kind == Kind.AMOUNT
            and data.get("amount_pence") is None
            and "amount_pence" not in self.errors
        ):
            self.add_error("amount_pence", _("Enter how much off"))
        if kind == Kind.WORDS and not data.get("wording") and "wording" not in self.errors:
            self.add_error("wording", _("Say what members get"))
        first, last = data.get("from_on"), data.get("until_on")
        if first and last and last < first:
            self.add_error("until_on", _("The last day must not be before the first"))
        elif last and last < timezone.localdate():
            self.add_error("until_on", _("This day is over already"))
        return data

    def draft(self, *, agreed_by: str, agreed_on: Any) -> OfferDraft:
        """What was typed; a number that belongs to another kind is left out."""
        data = self.cleaned_data
        kind = data["kind"]
        return OfferDraft(
            kind=kind,
            percent=data["percent"] if kind == Kind.PERCENT else None,
            amount_pence=data["amount_pence"] if kind == Kind.AMOUNT else None,
            wording=data["wording"],
            days=sorted(set(data["days"])),
            exclusions=data["exclusions"],
            from_on=data["from_on"],
            until_on=data["until_on"],
            agreed_by=agreed_by,
            agreed_on=agreed_on,
        )


def facts_of(version: OfferVersion | None) -> dict[str, Any]:
    """What the form begins with: the offer as it stands."""
    if version is None:
        return {}
    return {name: getattr(version, name) for name in OfferVersion.FACTS}


class SeenField(forms.CharField):
    """Which version the form was filled in from; comes back with it."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> Seen:  # type: ignore[override]
        return Seen.read(str(value or "")[:20])

    def run_validators(self, value: Any) -> None:
        """Nothing to refuse: what cannot be read has seen nothing."""

    def validate(self, value: Any) -> None:
        """As above."""


class StaffOfferForm(OfferFields):
    """At the desk: who agreed for the shop, and when."""

    agreed_by = OneLineField(
        label=_("Who agreed for the shop?"),
        max_length=150,
        error_messages={"required": _("Enter who agreed for the shop")},
    )
    agreed_on = DateField(label=_("When did they agree?"), validators=[past_or_today])
    seen = SeenField(required=False)
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "key": uuid.uuid4(),
            "agreed_on": timezone.localdate(),
            **(kwargs.get("initial") or {}),
        }
        super().__init__(*args, **kwargs)

    @property
    def offer_draft(self) -> OfferDraft:
        return self.draft(
            agreed_by=self.cleaned_data["agreed_by"], agreed_on=self.cleaned_data["agreed_on"]
        )


class ShopOfferForm(OfferFields):
    """By the shop, with its link."""

    agreed_by = OneLineField(
        label=_("Your name"),
        help_text=_("Who agrees to this for the shop. Members do not see it."),
        max_length=150,
        widget=forms.TextInput({"autocomplete": "name"}),
        error_messages={"required": _("Enter your name")},
    )
    seen = SeenField(required=False)
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"key": uuid.uuid4(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)

    @property
    def offer_draft(self) -> OfferDraft:
        return self.draft(agreed_by=self.cleaned_data["agreed_by"], agreed_on=timezone.localdate())


class TurnDownForm(forms.Form):
    """Why a proposal is not taken."""

    why = forms.CharField(
        label=_("Why not?"),
        help_text=_("The shop reads this. Say what would make it right."),
        widget=forms.Textarea({"rows": 3}),
        max_length=500,
        error_messages={
            "required": _("Say why, so that the shop can put it right"),
            "max_length": _("Use 500 letters or fewer"),
        },
    )


class WhyForm(forms.Form):
    """Why an offer ends, or a shop leaves; for ourselves."""

    why = forms.CharField(
        label=_("Why?"),
        help_text=_("For ourselves; nobody else reads it."),
        max_length=200,
        error_messages={"required": _("Say why"), "max_length": _("Use 200 letters or fewer")},
    )


def refuse(form: forms.Form, refusal: Exception) -> None:
    """The refusal at the head of the form; everything that was typed stays in it."""
    words = " ".join(refusal.messages) if isinstance(refusal, ValidationError) else str(refusal)
    form.add_error(None, words)
