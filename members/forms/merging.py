"""Which of two records stays, and whose facts it keeps."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from members.actions.merging import CHOICES
from members.models import Person

FIRST, SECOND = "first", "second"
_LABELS = {
    "given_name": _("First name"),
    "family_name": _("Last name"),
    "known_as": _("Likes to be called"),
    "born": _("Date of birth or age"),
    "address": _("Address"),
    "phone": _("Phone"),
    "other_phone": _("Another phone"),
    "email": _("E-mail"),
    "contact_by": _("Would rather be reached by"),
    "safe_contact_note": _("Before you contact them"),
    "needs": _("Needs information as"),
    "lives_alone": _("Lives alone"),
    "is_carer": _("Looks after somebody"),
    "coordinator": _("Named contact"),
}


def said(person: Person, choice: str) -> str:
    """What a record says about one of the choices, on one line; "" for nothing."""
    match choice:
        case "born":
            if person.date_of_birth:
                return date_format(person.date_of_birth, "j F Y")
            return str(person.get_age_band_display()) if person.age_band else ""
        case "address":
            return ", ".join(person.address_lines)
        case "needs":
            field: Any = Person._meta.get_field("formats")
            labels = dict(field.base_field.choices)
            words = [str(labels[one]) for one in person.formats]
            return ", ".join([*words, *filter(None, [person.interpreter_language])])
        case "coordinator":
            return str(person.coordinator) if person.coordinator else ""
        case _:
            display = getattr(person, f"get_{choice}_display", None)
            return str(display() if display else getattr(person, choice))


class MergeForm(forms.Form):
    """One question for each fact in which the two differ; what only one knows is taken from it."""

    stays = forms.ChoiceField(
        label=_("Which record stays?"),
        help_text=_(
            "The other one becomes part of it: its references, letters and links lead here from now on."
        ),
        widget=forms.RadioSelect,
    )

    def __init__(self, data: Any, *, first: Person, second: Person) -> None:
        super().__init__(data)
        self.first, self.second = first, second
        self.same: list[tuple[str, str]] = []
        stays: Any = self.fields["stays"]
        stays.choices = [(FIRST, _("The first one")), (SECOND, _("The second one"))]
        stays.initial = FIRST if known_of(first) >= known_of(second) else SECOND
        for choice in CHOICES:
            one, other = said(first, choice), said(second, choice)
            if one == other:
                if one:
                    self.same.append((str(_LABELS[choice]), one))
                continue
            initial: str | None = stays.initial if one and other else FIRST if one else SECOND
            if choice == "safe_contact_note" and one and other:
                # Whoever drops a warning must mean to.
                initial = None
            self.fields[choice] = forms.ChoiceField(
                label=_LABELS[choice],
                choices=[(FIRST, one or _("Nothing")), (SECOND, other or _("Nothing"))],
                widget=forms.RadioSelect,
                initial=initial,
                error_messages={"required": _("Choose which is right")},
            )

    @property
    def differing(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name != "stays"]

    @property
    def old_and_current(self) -> tuple[Person, Person]:
        if self.cleaned_data["stays"] == FIRST:
            return self.second, self.first
        return self.first, self.second

    @property
    def take(self) -> frozenset[str]:
        """The choices in which the record that stays takes the other's."""
        stays = self.cleaned_data["stays"]
        return frozenset(
            name
            for name, value in self.cleaned_data.items()
            if name != "stays" and value and value != stays
        )


def known_of(person: Person) -> int:
    """How many facts a record holds; the fuller one is suggested to stay."""
    return sum(bool(said(person, choice)) for choice in CHOICES)
