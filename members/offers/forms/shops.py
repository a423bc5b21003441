"""A shop's details, as they are typed from the paper form: its boxes are in the same order."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from dcsn.forms import DateField, PhoneField, PostcodeField, RadiosWithHints
from directory.models import Organisation
from members.forms.agreements import past_or_today
from members.forms.paper import OneLineField
from members.offers.actions import ShopDraft
from members.offers.categories import choices_on
from members.offers.forms.offers import OfferFields
from members.offers.models import Shop


class ShopFields(forms.Form):
    """What everybody sees, then whom to ask."""

    name = OneLineField(
        label=_("Name of the shop"),
        max_length=150,
        error_messages={"required": _("Enter the name of the shop")},
    )
    category = forms.ChoiceField(
        label=_("Kind of shop"),
        widget=RadiosWithHints,
        error_messages={"required": _("Choose the kind of shop")},
    )
    address_1 = OneLineField(
        label=_("Address"),
        max_length=150,
        error_messages={"required": _("Enter the address")},
    )
    address_2 = OneLineField(label=_("Address, second line"), max_length=150, required=False)
    town = OneLineField(
        label=_("Town"), max_length=80, error_messages={"required": _("Enter the town")}
    )
    postcode = PostcodeField(label=_("Postcode"))
    phone = PhoneField(label=_("Phone"), help_text=_("Everybody sees it."), required=False)
    opening = OneLineField(
        label=_("When is it open?"),
        help_text=_("In words. For example: Monday to Saturday, 9am to 5pm."),
        max_length=300,
        required=False,
    )
    contact_name = OneLineField(
        label=_("Who do we ask for?"),
        help_text=_("Only we see this and the next two."),
        max_length=150,
        error_messages={"required": _("Enter who we ask for")},
    )
    contact_email = forms.EmailField(
        label=_("Their e-mail"),
        required=False,
        error_messages={"invalid": _("Enter an e-mail address, like name@example.org")},
    )
    contact_phone = PhoneField(label=_("Their phone"), required=False)

    def __init__(self, *args: Any, shop: Shop | None = None, **kwargs: Any) -> None:
        if shop is not None:
            known = {name: getattr(shop, name) for name in Shop.FACTS}
            kwargs["initial"] = {**known, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        field = self.fields["category"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  (for the type checker)
        field.choices = choices_on(timezone.localdate(), kept=shop.category if shop else "")

    @property
    def shop_draft(self) -> ShopDraft:
        return ShopDraft(**{name: self.cleaned_data[name] for name in Shop.FACTS})


class ChangeShopForm(ShopFields):
    """An editor changes the details; ``version`` is the one they began from."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2_000_000_000)

    def __init__(self, *args: Any, shop: Shop, **kwargs: Any) -> None:
        kwargs["initial"] = {"version": shop.version, **(kwargs.get("initial") or {})}
        super().__init__(*args, shop=shop, **kwargs)


class SignUpForm(ShopFields, OfferFields):
    """A shop and its first offer, from the paper form or in the shop."""

    agreed_by = OneLineField(
        label=_("Who agrees for the shop?"),
        help_text=_("The name on the paper form, of whoever signed it."),
        max_length=150,
        error_messages={"required": _("Enter who agrees for the shop")},
    )
    agreed_on = DateField(label=_("When did they agree?"), validators=[past_or_today])
    via = forms.ChoiceField(
        label=_("How did they sign up?"),
        choices=[(via.value, capfirst(via.label)) for via in Shop.Via],
        initial=Shop.Via.PAPER,
        widget=RadiosWithHints,
        error_messages={"required": _("Choose how they signed up")},
    )
    organisation = forms.ModelChoiceField(
        label=_("Which access point looks after them?"),
        queryset=Organisation.objects.none(),
        error_messages={"required": _("Choose the access point")},
    )
    key = forms.UUIDField(widget=forms.HiddenInput)
    field_order = [
        *Shop.FACTS,
        "kind", "percent", "amount_pence", "wording", "days", "exclusions", "from_on", "until_on",
        "agreed_by", "agreed_on", "via", "organisation", "key",
    ]  # fmt: skip
    # What stands on the paper form, in its parts.
    ABOUT_SHOP = Shop.FACTS[:8]
    WHO = Shop.FACTS[8:]
    ABOUT_OFFER = (
        "kind", "percent", "amount_pence", "wording", "days", "exclusions", "from_on", "until_on",
    )  # fmt: skip

    def __init__(self, *args: Any, organisations: Any = None, **kwargs: Any) -> None:
        points = list(organisations or ())
        kwargs["initial"] = {
            "key": uuid.uuid4(),
            "agreed_on": timezone.localdate(),
            "organisation": points[0].pk if len(points) == 1 else None,
            **(kwargs.get("initial") or {}),
        }
        super().__init__(*args, **kwargs)
        field = self.fields["organisation"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  (for the type checker)
        field.queryset = Organisation.objects.filter(
            pk__in=[point.pk for point in points]
        ).order_by("sort_key", "id")
        if len(points) == 1:
            field.widget = forms.HiddenInput()

    @property
    def first_offer(self) -> Any:
        return self.draft(
            agreed_by=self.cleaned_data["agreed_by"], agreed_on=self.cleaned_data["agreed_on"]
        )
