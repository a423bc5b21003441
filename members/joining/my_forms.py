"""What a member can send from their own page."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dcsn.forms import DateField, MoneyField, RadiosWithHints
from directory.models import Organisation
from members.access import access_points
from members.forms.lines import ShortField
from members.forms.relations import check_not_future
from members.joining.forms import GroundForm, PlanForm, WhoForm, offered_plans
from members.models import Card

MOST_PENCE = 1_000_000


class SavingForm(forms.Form):
    """One thing that was cheaper with the card."""

    pence = MoneyField(
        label=_("How much did you save?"), min_pence=1, max_pence=MOST_PENCE,
        error_messages={"required": _("Enter how much you saved")},
    )  # fmt: skip
    words = ShortField(
        label=_("Where?"),
        longest=100,
        required=False,
        help_text=_("Only if you like."),
    )
    on = DateField(label=_("When?"), validators=[check_not_future])
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "key": uuid.uuid4(),
            "on": timezone.localdate(),
            **(kwargs.get("initial") or {}),
        }
        super().__init__(*args, **kwargs)


class GoneCardForm(forms.Form):
    """What became of a card."""

    what = forms.ChoiceField(
        label=_("What happened to your card?"),
        choices=[
            (Card.State.LOST, _("I have lost it")),
            (Card.State.STOLEN, _("It was stolen")),
            (Card.State.DAMAGED, _("It is damaged")),
        ],
        widget=RadiosWithHints,
        error_messages={"required": _("Choose what happened")},
    )


class MyGroundForm(GroundForm):
    """The one question of the safety net, on the member's own page."""

    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"key": uuid.uuid4(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self.fields["ground"].label = _("Which of these is true for you?")


class CodeForm(forms.Form):
    """The code of a gift, or of a membership that somebody shares."""

    code = ShortField(
        label=_("Your code"),
        longest=40,
        help_text=_("It looks like G-KM3F-A7XT. Capitals and hyphens do not matter."),
        error_messages={"required": _("Enter the code")},
        widget=forms.TextInput(
            {"class": "govuk-input--width-20", "autocomplete": "off", "spellcheck": "false"}
        ),
    )


class TakeUpForm(WhoForm):
    """Who takes up a code: the same questions as for joining, without the access point, which is known."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["organisation"]


class GiftForm(PlanForm):
    """What is given, and where the new member's card will come from. Nothing about either of the two."""

    plan = forms.ChoiceField(
        label=_("Which membership would you like to give?"),
        widget=RadiosWithHints,
        error_messages={"required": _("Choose a membership")},
    )
    organisation = forms.ModelChoiceField(
        label=_("Which access point is nearest to them?"),
        queryset=Organisation.objects.none(),
        empty_label=_("Choose an access point"),
        error_messages={"required": _("Choose an access point")},
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"key": uuid.uuid4(), **(kwargs.get("initial") or {})}
        priced = [one for one in offered_plans() if one.terms.price_pence]
        super().__init__(*args, plans=priced, **kwargs)
        field = self.fields["organisation"]
        field.queryset = access_points()  # type: ignore[attr-defined]
