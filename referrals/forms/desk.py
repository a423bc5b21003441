"""The smaller forms of the desk: what is chosen, how it is handed over, the end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from dcsn.forms import DateField
from dcsn.printing import PrintSize
from referrals.models import Choice
from referrals.models.referral import REASON_TEXT_AT_MOST

ASK_USUALLY_AFTER = timedelta(days=14)
ASK_AT_MOST_AFTER = timedelta(days=366)


class ChosenForm(forms.Form):
    """What is to be done with one chosen service; several stand in one page, each with its own names."""

    way = forms.ChoiceField(label=_("What to do"), choices=Choice.Way.choices, required=False)
    note = forms.CharField(
        label=_("What do they need from this service?"),
        required=False,
        widget=forms.Textarea({"rows": 2, "autocomplete": "off"}),
    )

    mark_optional = False

    def __init__(self, data: Any = None, *, choice: Choice) -> None:
        self.choice = choice
        # A page from before it was chosen says nothing about it.
        prefix = f"chosen-{choice.service.short_id}"
        said = data if data is not None and f"{prefix}-way" in data else None
        super().__init__(said, prefix=prefix, initial={"way": choice.way, "note": choice.note})

    def clean_note(self) -> str:
        note = self.cleaned_data["note"].replace("\r\n", "\n")
        if len(note) > REASON_TEXT_AT_MOST:
            raise ValidationError(
                _now("Please use %(most)s characters or fewer; nothing has been cut off.")
                % {"most": f"{REASON_TEXT_AT_MOST:,}"}
            )
        return str(note)

    @property
    def changes(self) -> dict[str, str]:
        """What differs from what is stored; empty when the page said nothing."""
        if not self.is_bound or not self.is_valid():
            return {}
        way = self.cleaned_data["way"] or self.choice.way
        values = {"way": way, "note": self.cleaned_data["note"]}
        if values == {"way": self.choice.way, "note": self.choice.note}:
            return {}
        return values


class HandOverForm(forms.Form):
    """How what was chosen is given to them, and whether they may be asked afterwards."""

    size = forms.TypedChoiceField(
        label=_("Size of print"),
        choices=[(size.value, size.label) for size in PrintSize],
        coerce=int,
        required=False,
        empty_value=None,
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        required=False,
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "off", "spellcheck": "false"}),
    )
    may_ask = forms.BooleanField(label=_("They agree that we ask how it went"), required=False)
    ask_on = DateField(
        label=_("On which day?"), help_text=_("Left empty: in two weeks."), required=False
    )

    mark_optional = False

    def __init__(self, data: Any = None, **options: Any) -> None:
        # A page from before anything was chosen has none of this.
        super().__init__(data if data is not None and "size" in data else None, **options)

    def clean_ask_on(self) -> Any:
        day = self.cleaned_data["ask_on"]
        today = timezone.localdate()
        if day is not None and day <= today:
            raise ValidationError(_now("Choose a day after today"))
        if day is not None and day > today + ASK_AT_MOST_AFTER:
            raise ValidationError(_now("Choose a day within a year"))
        return day

    @property
    def asked_on(self) -> Any:
        """The day on which they agreed to be asked; None when they did not."""
        if not self.is_bound or not self.is_valid():
            return None
        if not self.cleaned_data.get("may_ask"):
            return None
        return self.cleaned_data.get("ask_on") or timezone.localdate() + ASK_USUALLY_AFTER


def changed_choices(forms_: list[ChosenForm]) -> Iterator[tuple[ChosenForm, dict[str, str]]]:
    for one in forms_:
        if changes := one.changes:
            yield one, changes
