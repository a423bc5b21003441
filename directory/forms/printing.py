"""How somebody wants it on paper: size, colour, notes beside the services of their list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dcsn.forms import RadiosWithHints
from dcsn.printing import PaperColour, PrintSize
from directory.models import Service
from directory.nearby import NoSuchPostcode, locate
from directory.selections import MILES_USUALLY

LONGEST_NOTE = 300


class PrintForm(forms.Form):
    """Size and colour. What is chosen already is large print on white."""

    size = forms.TypedChoiceField(
        label=_("How large?"),
        choices=[(size.value, size.label) for size in PrintSize],
        coerce=lambda value: PrintSize(int(value)),
        initial=PrintSize.LARGE.value,
        widget=RadiosWithHints(
            hints={
                PrintSize.CLEAR.value: _("A little larger than a book."),
                PrintSize.LARGE.value: _("For most people who find ordinary print hard to read."),
                PrintSize.GIANT.value: _("About one service to a page."),
            }
        ),
    )
    paper = forms.TypedChoiceField(
        label=_("What colour behind the words?"),
        choices=[(colour.value, colour.label) for colour in PaperColour],
        coerce=PaperColour,
        initial=PaperColour.WHITE.value,
        widget=RadiosWithHints(
            hints={
                PaperColour.WHITE.value: _("Also for coloured paper of your own."),
                PaperColour.YELLOW.value: _("Less glare. Needs a colour printer."),
            }
        ),
    )


class NearForm(forms.Form):
    """Where somebody lives, whole or the first part of the postcode, and how far they can go."""

    near = forms.CharField(
        label=_("Postcode"),
        help_text=_("For example DL3 7XX. The first part is enough."),
        max_length=20,
        widget=forms.TextInput({"class": "govuk-input--width-10", "autocomplete": "postal-code"}),
        error_messages={"required": _("Enter a postcode, or the first part of one")},
    )
    miles = forms.TypedChoiceField(
        label=_("How far?"),
        choices=[(1, _("1 mile")), (3, _("3 miles")), (5, _("5 miles")), (10, _("10 miles"))],
        coerce=int,
        initial=MILES_USUALLY,
        required=False,
        widget=RadiosWithHints,
    )

    def clean_near(self) -> str:
        text: str = self.cleaned_data["near"]
        try:
            locate(text)
        except NoSuchPostcode as error:
            raise forms.ValidationError(str(error)) from error
        return text


class PrintListForm(PrintForm):
    """For my list: a note beside each service, which goes on the paper and is kept nowhere."""

    def __init__(self, *args: Any, services: Sequence[Service], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._notes = {service.short_id: f"note-{service.short_id}" for service in services}
        for service in services:
            self.fields[self._notes[service.short_id]] = forms.CharField(
                label=service.name,
                required=False,
                max_length=LONGEST_NOTE,
                widget=forms.Textarea({"rows": 2, "autocomplete": "off"}),
            )

    @property
    def note_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self._notes.values()]

    @property
    def notes(self) -> dict[str, str]:
        """What was written, by the services' short ids."""
        return {
            short_id: text
            for short_id, name in self._notes.items()
            if (text := self.cleaned_data[name].strip())
        }
