"""What staff type about who belongs to somebody, and what else they are called."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dcsn.forms import DateField, PhoneField, RadiosWithHints
from members.forms.lines import PersonNameField, ShortField
from members.models import OtherName, Relationship

TURNED = "turned:"


def check_not_future(day: date) -> None:
    if day > timezone.localdate():
        raise ValidationError(_("The date is in the future"), code="future")


class OtherNameForm(forms.Form):
    """One more name by which they may be looked for."""

    use = forms.ChoiceField(
        label=_("What kind of name is it?"),
        choices=OtherName.Use.choices,
        widget=RadiosWithHints,
        error_messages={"required": _("Choose what kind of name it is")},
    )
    given_name = PersonNameField(label=_("First name"), required=False)
    family_name = PersonNameField(label=_("Last name"), required=False)

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        if not self.errors and not (typed.get("given_name") or typed.get("family_name")):
            self.add_error("given_name", _("Enter a first name, a last name, or both"))
        return typed


def kinds_from_here() -> list[tuple[str, Any]]:
    """Every tie as the person whose record is open would say it, both ways round."""
    choices: list[tuple[str, Any]] = []
    for kind in Relationship.Kind:
        choices.append((kind.value, kind.label))
        if kind in Relationship.TURNED:
            choices.append((f"{TURNED}{kind.value}", Relationship.TURNED[kind]))
    return choices


class FindSomebodyForm(forms.Form):
    """Whom to tie to this person, by what is known of them."""

    mark_optional = False
    words = ShortField(
        label=_("Find the other person"),
        longest=200,
        help_text=_("By name, date of birth or postcode, of those whom you may see."),
        error_messages={"required": _("Enter a name, a date of birth or a postcode")},
    )


class RelationshipForm(forms.Form):
    """What two people are to each other; ``other`` was found before."""

    other = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        label=_("What are they to each other?"),
        choices=kinds_from_here,
        widget=RadiosWithHints,
        error_messages={"required": _("Choose what they are to each other")},
    )
    since = DateField(label=_("Since when?"), required=False, validators=[check_not_future])
    together = forms.BooleanField(label=_("They live together"), required=False)

    def __init__(self, *args: Any, name: str, other_name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        said = [
            (value, _("%(name)s: %(tie)s %(other)s") % {
                "name": name, "tie": str(label)[:1].lower() + str(label)[1:], "other": other_name
            })
            for value, label in kinds_from_here()
        ]  # fmt: skip
        self.fields["kind"].choices = said  # type: ignore[attr-defined]

    @property
    def kind_and_turned(self) -> tuple[str, bool]:
        """The kind as it is stored, and whether the other person is the one who cares, and so on."""
        value: str = self.cleaned_data["kind"]
        return value.removeprefix(TURNED), value.startswith(TURNED)


class EmergencyContactForm(forms.Form):
    """Somebody to ring."""

    name = ShortField(
        label=_("Name"), longest=150, error_messages={"required": _("Enter the name")}
    )
    relationship = ShortField(
        label=_("Who are they to the person?"),
        longest=100,
        required=False,
        help_text=_("For example: daughter, neighbour at number 4."),
    )
    phone = PhoneField(label=_("Phone number"))
    note = ShortField(
        label=_("Anything to know before ringing?"),
        longest=300,
        required=False,
        help_text=_("For example: has a key; works nights; ring only if nobody answers the door."),
    )
    knows = forms.BooleanField(
        label=_("They know that we have their name and number"),
        required=False,
        help_text=_("If not, ask the person to tell them."),
    )
