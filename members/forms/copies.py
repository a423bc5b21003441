"""What staff type about copies that people ask for."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dcsn.forms import DateField, RadiosWithHints
from members.actions.copies import ROWS_AT_ONCE
from members.forms.complaints import received
from members.models import CopyPart, CopyRequest


class IdentityForm(forms.Form):
    """How it is known that it is them."""

    identity = forms.ChoiceField(
        label=_("How do we know that it is them?"),
        choices=CopyRequest.Identity.choices,
        widget=RadiosWithHints,
        error_messages={"required": _("Choose how we know that it is them")},
    )


class AskForm(forms.Form):
    """Somebody asks for a copy."""

    received_on = DateField(
        label=_("On which day did they ask?"),
        help_text=_("The month starts on this day."),
        validators=[received],
    )
    how = forms.ChoiceField(
        label=_("How did they ask?"),
        choices=CopyRequest.How.choices,
        widget=RadiosWithHints,
        error_messages={"required": _("Choose how they asked")},
    )
    identity = forms.ChoiceField(
        label=_("How do we know that it is them?"),
        choices=[("", _("We do not know yet")), *CopyRequest.Identity.choices],
        widget=RadiosWithHints,
        required=False,
        help_text=_("Ask for no more than is needed. Keep no copy of a document."),
    )
    size = forms.TypedChoiceField(
        label=_("How large should the print be?"),
        choices=CopyRequest.Size.choices,
        coerce=int,
        widget=RadiosWithHints,
        error_messages={"required": _("Choose the size of print")},
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"key": uuid.uuid4(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        # The empty choice is an answer here, not a question left open.
        self.fields["identity"].widget.is_required = False


def _why(label: Any, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=300,
        error_messages={"required": _("Write why")},
    )


class StopForm(forms.Form):
    why = _why(
        _("What did you ask them?"),
        _("For example: which of the last ten years they mean, or something to show who they are."),
    )


class ExtendForm(forms.Form):
    why = _why(
        _("Why does it take longer?"),
        _(
            "Only because it is complex, or they asked for several things. Tell them so before the "
            "month is over."
        ),
    )


class RefuseForm(forms.Form):
    why = _why(
        _("Why is it refused?"),
        _("They are told this, and that they may complain to the Information Commissioner."),
    )


class WithdrawForm(forms.Form):
    why = _why(_("What did they say?"))


class ReviewForm(forms.Form):
    """What is given and what is left out of some rows of one table.

    A field that names somebody else has to be decided about; any other is given unless it is ticked.
    """

    def __init__(self, *args: Any, part: CopyPart, start: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.part = part
        self.start = start
        self.numbers = range(start, min(start + ROWS_AT_ONCE, len(part.rows)))
        was_read = start < part.rows_read
        for number in self.numbers:
            for place, field in enumerate(part.rows[number]):
                if field["text"]:
                    self._add(number, place, field, was_read=was_read)

    def _add(self, number: int, place: int, field: dict[str, Any], *, was_read: bool) -> None:
        key = f"{number}:{place}"
        kept = self.part.left_out.get(key, "")
        must = field["third_party"]
        first = ("", _("Decide")) if must else ("give", _("Give it"))
        choices = [first, *([("give", _("Give it"))] if must else []), *CopyPart.Why.choices]
        self.fields[key] = forms.ChoiceField(
            label=field["label"],
            choices=choices,
            required=must,
            initial=kept or ("give" if was_read or not must else ""),
            error_messages={
                "required": _("Row %(row)d: decide about “%(label)s”")
                % {"row": number + 1, "label": field["label"]}
            },
        )

    @property
    def rows(self) -> list[dict[str, Any]]:
        """For the page: each row's number, and its fields with their box."""
        return [
            {
                "number": number + 1,
                "fields": [
                    {**field, "box": self[f"{number}:{place}"]}
                    for place, field in enumerate(self.part.rows[number])
                    if field["text"]
                ],
            }
            for number in self.numbers
        ]

    @property
    def left_out(self) -> dict[str, str]:
        """After ``is_valid()``: what is not given, and why."""
        return {key: why for key, why in self.cleaned_data.items() if why not in ("", "give")}
