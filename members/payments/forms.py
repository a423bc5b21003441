"""What staff type about money."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dcsn.forms import MoneyField
from members.models import Account, JournalEntry, Payment


class ReasonForm(forms.Form):
    """Why a payment is voided, given back, or was taken back by the bank."""

    reason = forms.CharField(
        label=_("Why?"),
        max_length=200,
        help_text=_("A few words; no health details."),
        error_messages={"required": _("Say why")},
    )


class CountForm(forms.Form):
    """The first name counts."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    payments = forms.ModelMultipleChoiceField(
        Payment.objects.none(),
        error_messages={"required": _("Choose what goes to the bank")},
    )
    counted = MoneyField(
        label=_("How much did you count, in all?"),
        help_text=_("Notes, coins and cheques together, like 60 or 42.50."),
    )
    difference = forms.CharField(
        label=_("If it differs from the receipts: why?"), max_length=200, required=False
    )
    paying_in = forms.CharField(
        label=_("Number of the paying-in slip"), max_length=40, required=False
    )

    def __init__(self, *arguments: Any, rows: Any, **facts: Any) -> None:
        facts.setdefault("initial", {"key": uuid.uuid4()})
        super().__init__(*arguments, **facts)
        field = self.fields["payments"]
        assert isinstance(field, forms.ModelMultipleChoiceField)  # noqa: S101
        field.queryset = rows

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        counted, chosen = typed.get("counted"), typed.get("payments")
        if counted is None or not chosen:
            return typed
        if counted != sum(row.amount_pence for row in chosen) and not typed.get("difference"):
            self.add_error("difference", _("It differs from the receipts. Say why."))
        return typed


class CheckForm(forms.Form):
    """The second name counts, without seeing what the first came to."""

    counted = MoneyField(label=_("How much did you count?"))


class JournalFilter(forms.Form):
    """Which entries are shown."""

    account = forms.ChoiceField(
        label=_("Account"), choices=[("", _("All")), *Account.choices], required=False
    )
    what = forms.ChoiceField(
        label=_("What happened"),
        choices=[("", _("All")), *JournalEntry.What.choices],
        required=False,
    )
    month = forms.RegexField(
        r"^2[01][0-9]{2}-(0[1-9]|1[0-2])$",
        label=_("Month"),
        help_text=_("Like 2026-11"),
        required=False,
        error_messages={"invalid": _("Enter a month, like 2026-11")},
    )


class SellTokensForm(forms.Form):
    """Tokens, paid for at the desk."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    count = forms.IntegerField(
        label=_("How many?"),
        min_value=1,
        max_value=50,
        error_messages={"required": _("Enter how many")},
    )
    method = forms.ChoiceField(
        label=_("How do they pay?"),
        choices=[(method.value, method.label) for method in Payment.DESK],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how they pay")},
    )
