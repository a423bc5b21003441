"""Why a referral is cancelled by those who sent it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from members.forms.lines import NoteField
from referrals.states import Reason

# What a sender can know; that somebody no longer agrees has a button of its own.
_REASONS = (
    Reason.NO_LONGER_NEEDED,
    Reason.CLIENT_DECLINED,
    Reason.REFERRED_ELSEWHERE,
    Reason.DUPLICATE,
    Reason.COULD_NOT_CONTACT,
    Reason.SERVICE_CLOSED,
    Reason.UNSAFE,
    Reason.OTHER,
)


class CancelForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("Why is it cancelled?"),
        choices=[(one.value, one.label) for one in _REASONS],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a reason")},
    )
    words = NoteField(
        label=_("Anything to add?"),
        longest=1000,
        rows=2,
        required=False,
        help_text=_("The organisation reads this."),
    )

    mark_optional = False

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("reason") == Reason.OTHER and not cleaned.get("words"):
            self.add_error("words", _now("Say in a few words what the reason is"))
        return cleaned
