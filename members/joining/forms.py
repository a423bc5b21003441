"""The questions of joining. The screen, the desk and the paper form are made from these, in this order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from dcsn.forms import CheckboxesWithHints, DateField, PhoneField, PostcodeField, RadiosWithHints
from directory.models import Organisation
from members.access import access_points
from members.forms.lines import PersonNameField, ShortField
from members.forms.people import check_birth
from members.joining.prices import say_period, say_price
from members.models import Concession, ContactBy, Format, Plan, PlanTerms
from members.wordings import current_wording


@dataclass(frozen=True)
class OfferedPlan:
    """A plan that can be joined today, with what it costs today."""

    plan: Plan
    terms: PlanTerms

    @property
    def words(self) -> str:
        return _now("%(plan)s: %(price)s") % {
            "plan": self.plan.name,
            "price": say_price(self.terms),
        }

    @property
    def hint(self) -> str:
        shared = (
            _now("For up to %(count)d people.") % {"count": self.plan.people_at_most}
            if self.plan.people_at_most > 1
            else ""
        )
        said = (self.plan.description, shared, say_period(self.terms), self.terms.vat_note)
        return " ".join(part for part in said if part)


def offered_plans(day: date | None = None) -> list[OfferedPlan]:
    """What can be joined on that day, in the officer's order. Two queries, however many."""
    on = day or timezone.localdate()
    begun = PlanTerms.objects.filter(valid_from__lte=on).order_by("-valid_from")
    plans = Plan.objects.offered().prefetch_related(Prefetch("terms", begun, to_attr="begun"))
    return [OfferedPlan(plan, plan.begun[0]) for plan in plans if plan.begun]


class PlanForm(forms.Form):
    """Which membership."""

    plan = forms.ChoiceField(
        label=_("Which membership would you like?"),
        widget=RadiosWithHints,
        error_messages={"required": _("Choose a membership")},
    )

    def __init__(self, *args: Any, plans: Sequence[OfferedPlan] | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.plans = {one.plan.code: one for one in (offered_plans() if plans is None else plans)}
        field = self.fields["plan"]
        field.choices = [(code, one.words) for code, one in self.plans.items()]  # type: ignore[attr-defined]
        field.widget.hints = {code: one.hint for code, one in self.plans.items()}  # type: ignore[attr-defined]
        if len(self.plans) == 1:
            self.initial.setdefault("plan", next(iter(self.plans)))

    @property
    def chosen(self) -> OfferedPlan:
        """After ``is_valid()``."""
        return self.plans[self.cleaned_data["plan"]]


class WhoForm(forms.Form):
    """Who joins. Only what is needed to send a card and to write to them."""

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
        required=False,
        help_text=_("Only so that we do not mix you up with somebody of the same name."),
        validators=[check_birth],
    )
    address_1 = ShortField(
        label=_("House number and street"),
        longest=150,
        required=False,
        help_text=_("Leave the address empty if you have none: you then collect your card."),
        widget=forms.TextInput({"autocomplete": "address-line1"}),
    )
    address_2 = ShortField(
        label=_("Second line of the address"),
        longest=150,
        required=False,
        widget=forms.TextInput({"autocomplete": "address-line2"}),
    )
    town = ShortField(
        label=_("Town or village"),
        longest=100,
        required=False,
        widget=forms.TextInput(
            {"autocomplete": "address-level2", "class": "govuk-!-width-two-thirds"}
        ),
    )
    postcode = PostcodeField(label=_("Postcode"), required=False)
    phone = PhoneField(label=_("Phone number"), required=False)
    email = forms.EmailField(
        label=_("E-mail address"),
        required=False,
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "email", "spellcheck": "false"}),
        error_messages={"invalid": _("Enter an e-mail address, like name@example.org")},
    )
    contact_by = forms.ChoiceField(
        label=_("How shall we reach you?"),
        choices=[
            (value, label)
            for value, label in ContactBy.choices
            if value in (ContactBy.POST, ContactBy.PHONE, ContactBy.EMAIL)
        ],
        widget=RadiosWithHints,
        error_messages={"required": _("Choose how we shall reach you")},
    )
    formats = forms.MultipleChoiceField(
        label=_("How do you need information?"),
        help_text=_("Tick all that apply. Without a tick we write in large print."),
        choices=Format.choices,
        required=False,
        widget=CheckboxesWithHints,
    )
    interpreter_language = ShortField(
        label=_("Which language?"),
        help_text=_("If you need an interpreter."),
        longest=60,
        required=False,
        widget=forms.TextInput({"class": "govuk-input--width-20"}),
    )
    organisation = forms.ModelChoiceField(
        label=_("Which access point is nearest to you?"),
        help_text=_("It keeps your details and answers your questions."),
        queryset=Organisation.objects.none(),
        widget=RadiosWithHints,
        empty_label=None,
        error_messages={"required": _("Choose an access point")},
    )
    remember = forms.BooleanField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        desks = access_points()
        field = self.fields["organisation"]
        field.queryset = desks  # type: ignore[attr-defined]
        self.fields["remember"].label = current_wording("remember").text

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        if typed.get("interpreter_language") and "interpreter" not in typed.get("formats", []):
            self.add_error("formats", _("Tick “An interpreter” as well as giving the language"))
        needed: dict[str, dict[str, Any]] = {
            ContactBy.POST: {
                "address_1": _("Enter the house number and street for our letters"),
                "postcode": _("Enter the postcode for our letters"),
            },
            ContactBy.PHONE: {"phone": _("Enter the phone number to ring")},
            ContactBy.EMAIL: {"email": _("Enter the e-mail address to write to")},
        }
        for name, why in needed.get(typed.get("contact_by", ""), {}).items():
            if not typed.get(name) and name not in self.errors:
                self.add_error(name, why)
        return typed

    @property
    def facts(self) -> dict[str, Any]:
        """What is known of them now, as ``add_person`` takes it; after ``is_valid()``."""
        return {
            name: value
            for name, value in self.cleaned_data.items()
            if name not in ("organisation", "remember") and value not in ("", None)
        }


class HowToPay:
    """Ways to pay, as somebody online chooses them."""

    CARD = "card"
    DESK = "desk"
    CANNOT = "cannot"


class PayForm(forms.Form):
    """How to pay, or that they cannot."""

    pay = forms.ChoiceField(
        label=_("How would you like to pay?"),
        choices=[
            (HowToPay.CARD, _("By card, now")),
            (HowToPay.DESK, _("At an access point: cash, cheque or card")),
            (HowToPay.CANNOT, _("I cannot pay")),
        ],
        widget=RadiosWithHints(
            hints={
                HowToPay.DESK: _("Your membership begins on the day on which you pay."),
                HowToPay.CANNOT: _(
                    "We ask you one simple question and keep no proof. Your card is the same as "
                    "everybody’s: nobody can tell."
                ),
            }
        ),
        error_messages={"required": _("Choose how you would like to pay, or that you cannot")},
    )

    def __init__(self, *args: Any, by_card: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not by_card:
            field = self.fields["pay"]
            field.choices = [  # type: ignore[attr-defined]
                choice
                for choice in field.choices  # type: ignore[attr-defined]
                if choice[0] != HowToPay.CARD
            ]


class GroundForm(forms.Form):
    """The one question to somebody who cannot pay."""

    ground = forms.ChoiceField(
        label=_("If you cannot pay: which of these is true for you?"),
        help_text=_("You need not prove it here. Send us no letters or numbers."),
        choices=[
            (Concession.Ground.BENEFIT, _("I get a benefit because my income is low")),
            (Concession.Ground.CARER, _("I look after somebody without being paid")),
            (Concession.Ground.CARE_LEAVER, _("I have left care")),
            (Concession.Ground.HARDSHIP, _("I cannot afford it, for another reason")),
        ],
        widget=RadiosWithHints,
        error_messages={"required": _("Choose what is true for you")},
    )


# The journey, and the paper form, in this order.
QUESTIONS = (PlanForm, WhoForm, PayForm, GroundForm)


class AtTheDesk:
    """What staff tick for how somebody pays."""

    LATER = "later"
    CANNOT = "cannot"
