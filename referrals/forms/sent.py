"""Taking a referral back, by the access point that sent it."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from dcsn.forms import RadiosWithHints
from referrals.states import Reason, State

_REASONS = (
    Reason.NO_LONGER_NEEDED,
    Reason.CLIENT_DECLINED,
    Reason.REFERRED_ELSEWHERE,
    Reason.SERVICE_CLOSED,
    Reason.DUPLICATE,
    Reason.OTHER,
)


class TakeBackForm(forms.Form):
    """Why. That the person no longer agrees is recorded with their consent, which cancels by itself."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    reason_code = forms.ChoiceField(
        label=_("Why is it taken back?"),
        choices=[
            *((one.value, one.label) for one in _REASONS),
            (State.ENTERED_IN_ERROR.value, _("It was entered by mistake")),
        ],
        widget=RadiosWithHints,
        error_messages={"required": _("Choose a reason")},
    )
    reason_text = forms.CharField(
        label=_("In a few words (optional)"),
        required=False,
        max_length=1000,
        widget=forms.Textarea({"rows": 2}),
    )
