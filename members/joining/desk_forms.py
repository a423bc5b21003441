"""The same questions at the desk, for somebody whose record is open, and what is asked of a member there."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dcsn.forms import CheckboxesWithHints, RadiosWithHints
from directory.models import Organisation
from members.access import access_points
from members.forms.desks import offer_desks
from members.joining.actions import Due, shown_of
from members.joining.forms import AtTheDesk, PlanForm, offered_plans
from members.models import Membership, Payment, Person, Status

NOBODY = "nobody"
BY_MONEY = [
    (Payment.Method.CASH, _("Cash")),
    (Payment.Method.CHEQUE, _("Cheque")),
    (Payment.Method.CARD_TERMINAL, _("Card, on the card terminal")),
]


class AsShown(forms.HiddenInput):
    """What this page shows, whatever the page before it showed: sent again, a form is up to date."""

    shown = ""

    def format_value(self, value: Any) -> str:
        return self.shown


class PricedAtDeskForm(PlanForm):
    """A plan whose price stands on the page. One that was opened yesterday may show yesterday's."""

    prices = forms.CharField(required=False, widget=AsShown)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shown = " ".join(str(one.terms.pk) for one in self.plans.values())
        self.fields["prices"].widget.shown = shown  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        seen = typed.get("prices", "").split()
        plan = self.plans.get(typed.get("plan", ""))
        if seen and plan is not None and str(plan.terms.pk) not in seen:
            self.add_error(
                "plan",
                _("The price has changed since this page was opened. It is now: %(words)s")
                % {"words": plan.words},
            )
        return typed


class JoinAtDeskForm(PricedAtDeskForm):
    """The same for somebody at the desk whose record is open; or a paper form that is keyed in."""

    field_order = ("plan", "sharers", "pay", "via", "organisation", "key", "prices")

    plan = forms.ChoiceField(
        label=_("Which membership?"),
        widget=RadiosWithHints,
        error_messages={"required": _("Choose the membership")},
    )
    sharers = forms.MultipleChoiceField(
        label=_("Who shares it?"),
        help_text=_(
            "Only those who agree. Others are added afterwards, on the page of the membership."
        ),
        required=False,
        widget=CheckboxesWithHints,
    )
    pay = forms.ChoiceField(
        label=_("How do they pay?"),
        choices=[
            *BY_MONEY,
            (AtTheDesk.LATER, _("Later")),
            (AtTheDesk.CANNOT, _("They cannot pay: the safety net")),
        ],
        widget=RadiosWithHints(
            hints={
                AtTheDesk.LATER: _(
                    "The membership waits, and begins on the day on which they pay."
                ),
                AtTheDesk.CANNOT: _("The next page asks the one question."),
            }
        ),
        error_messages={"required": _("Choose how they pay")},
    )
    via = forms.ChoiceField(
        label=_("How did they ask?"),
        choices=[
            (Membership.Via.DESK, _("At the desk")),
            (Membership.Via.PAPER, _("On a paper form, which I am keying in")),
        ],
        initial=Membership.Via.DESK,
        widget=RadiosWithHints,
    )
    organisation = forms.ModelChoiceField(
        label=_("Which access point takes it down?"),
        queryset=Organisation.objects.none(),
        empty_label=_("Choose an access point"),
        error_messages={"required": _("Choose the access point")},
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        person: Person,
        desks: Sequence[Organisation],
        near: Iterable[Person] = (),
        **kwargs: Any,
    ) -> None:
        kwargs["initial"] = {"key": uuid.uuid4(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self.near = {str(one.pk): one for one in near}
        if self.near:
            self.fields["sharers"].choices = [  # type: ignore[attr-defined]
                (key, one.name) for key, one in self.near.items()
            ]
        else:
            del self.fields["sharers"]
        ids = [desk.id for desk in desks]
        field = self.fields["organisation"]
        field.queryset = access_points().filter(id__in=ids)  # type: ignore[attr-defined]
        field.initial = person.organisation_id if person.organisation_id in ids else ids[0]
        if len(ids) == 1:
            field.widget = forms.HiddenInput()
        if all(one.terms.price_pence == 0 for one in self.plans.values()):
            del self.fields["pay"]
        elif any(one.terms.price_pence == 0 for one in self.plans.values()):
            self.fields["pay"].help_text = _("For a free membership choose any: nothing is taken.")

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        plan = self.plans.get(typed.get("plan", ""))
        sharers = typed.get("sharers") or []
        if plan is not None and len(sharers) + 1 > plan.plan.people_at_most:
            self.add_error(
                "sharers",
                _("%(plan)s is for %(count)d people at most, and the member is one of them")
                % {"plan": plan.plan.name, "count": plan.plan.people_at_most}
                if plan.plan.people_at_most > 1
                else _("%(plan)s cannot be shared") % {"plan": plan.plan.name},
            )
        return typed

    @property
    def sharing(self) -> list[Person]:
        return [self.near[key] for key in self.cleaned_data.get("sharers", [])]


class RenewAtDeskForm(forms.Form):
    """How the next term is paid; nothing is asked where it costs nothing."""

    pay = forms.ChoiceField(
        label=_("How do they pay?"),
        choices=BY_MONEY,
        widget=RadiosWithHints,
        error_messages={"required": _("Choose how they pay")},
    )
    key = forms.UUIDField(widget=forms.HiddenInput)
    seen = forms.CharField(required=False, widget=AsShown)

    def __init__(self, *args: Any, membership: Membership, due: Due | None, **kwargs: Any) -> None:
        kwargs["initial"] = {"key": uuid.uuid4(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        if due is not None:
            self.fields["seen"].widget.shown = shown_of(membership, due)  # type: ignore[attr-defined]
        if due is not None and due.is_free:
            del self.fields["pay"]


class GiftAtDeskForm(PricedAtDeskForm):
    """What somebody at the desk gives to another."""

    plan = forms.ChoiceField(
        label=_("Which membership do they give?"),
        widget=RadiosWithHints,
        error_messages={"required": _("Choose the membership")},
    )
    pay = forms.ChoiceField(
        label=_("How do they pay?"),
        choices=BY_MONEY,
        widget=RadiosWithHints,
        error_messages={"required": _("Choose how they pay")},
    )
    organisation = forms.ModelChoiceField(
        label=_("Which access point takes it down?"),
        queryset=Organisation.objects.none(),
        error_messages={"required": _("Choose the access point")},
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, desks: Sequence[Organisation], **kwargs: Any) -> None:
        kwargs["initial"] = {"key": uuid.uuid4(), **(kwargs.get("initial") or {})}
        priced = [one for one in offered_plans() if one.terms.price_pence]
        super().__init__(*args, plans=priced, **kwargs)
        offer_desks(self, desks)


class EndForm(forms.Form):
    """Why a membership ends."""

    why = forms.ChoiceField(
        label=_("Why does it end?"),
        choices=[
            (Status.CANCELLED, _("They want to leave")),
            (Status.DECEASED, _("They have died")),
        ],
        widget=RadiosWithHints,
        error_messages={"required": _("Choose why it ends")},
    )
    goes_on = forms.ChoiceField(
        label=_("Who of those who share it goes on with it?"),
        help_text=_(
            "They get what is left of it as a membership of their own, the others share that one, and "
            "their cards stay good."
        ),
        widget=RadiosWithHints,
        error_messages={"required": _("Choose who goes on with it, or that nobody does")},
    )

    def __init__(self, *args: Any, sharing: Sequence[Person] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sharing = {str(one.pk): one for one in sharing}
        if not self.sharing:
            del self.fields["goes_on"]
            return
        self.fields["goes_on"].choices = [  # type: ignore[attr-defined]
            *((key, one.name) for key, one in self.sharing.items()),
            (NOBODY, _("Nobody: their cards stop working as well")),
        ]

    @property
    def successor(self) -> Person | None:
        """After ``is_valid()``."""
        return self.sharing.get(self.cleaned_data.get("goes_on", ""))
