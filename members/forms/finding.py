"""What staff type in order to find somebody, to open a record and to put two together."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from dcsn.forms import RadiosWithHints
from members.finding import Found, MaskedMatch, Match, NotADate, Typed
from members.finding.typed import read_born, read_postcode
from members.models import Opening

NOT_A_DATE = _("Enter a date that exists and is past, like 3 4 1941, or only a year, like 1941")


class FindForm(forms.Form):
    """One box for everything; and a box for each, for who would rather."""

    mark_optional = False

    q = forms.CharField(
        label=_("Who is it?"),
        help_text=_(
            "Name, date of birth, postcode: what you know of it, in any order. "
            "For example: Peggy Example 3 4 1941"
        ),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    given_name = forms.CharField(label=_("First name"), max_length=100, required=False)
    family_name = forms.CharField(
        label=_("Last name"),
        help_text=_("One they had earlier will do."),
        max_length=100,
        required=False,
    )
    born = forms.CharField(
        label=_("Date of birth"),
        help_text=_("For example, 3 4 1941. A year alone will do."),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10"}),
    )
    postcode = forms.CharField(
        label=_("Postcode"),
        help_text=_("The first half will do."),
        max_length=12,
        required=False,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10"}),
    )

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        for name in ("given_name", "family_name", "born", "postcode"):
            self.fields[name].widget.attrs["autocomplete"] = "off"

    typed: Typed

    def clean_born(self) -> str:
        text: str = self.cleaned_data["born"]
        if text:
            try:
                read_born(text)
            except NotADate as error:
                raise forms.ValidationError(NOT_A_DATE, code="invalid") from error
        return text

    def clean_postcode(self) -> str:
        text: str = self.cleaned_data["postcode"]
        if text and not read_postcode(text):
            raise forms.ValidationError(
                _("Enter a postcode like DL3 7XX, or its first half"), code="invalid"
            )
        return text

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if self.errors:
            return data
        self.typed = Typed.from_text(
            data["q"],
            given=data["given_name"],
            family=data["family_name"],
            born=data["born"],
            postcode=data["postcode"],
        )
        if self.typed.unread:
            self.add_error("q", forms.ValidationError(NOT_A_DATE, code="invalid"))
        elif not self.typed:
            self.add_error(
                "q", forms.ValidationError(_("Enter a name, a date of birth or a postcode"))
            )
        return data

    @property
    def has_separate_boxes(self) -> bool:
        """Whether to show them open: they were used, or have something wrong."""
        names = ("given_name", "family_name", "born", "postcode")
        return any(self[name].value() or self[name].errors for name in names)


class OpenForm(forms.ModelForm):
    """Why somebody's record is opened."""

    class Meta:
        model = Opening
        fields = ("reason", "words")

    reason = forms.ChoiceField(
        label=_("Why do you need to see this record?"),
        choices=Opening.Reason.choices,
        widget=RadiosWithHints,
        error_messages={"required": _("Choose why you need to see this record")},
    )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("reason") == Opening.Reason.OTHER and not data.get("words", "").strip():
            self.add_error("words", _("Say why in a few words"))
        return data

    def _post_clean(self) -> None:
        """The row is made by the action, which also says who and when; nothing is checked twice."""


class AlikeForm(forms.Form):
    """Why somebody is recorded although others look like them. ``shown`` is whom the page showed."""

    class Reason(models.TextChoices):
        TWO = "two_people", _("I asked: they are somebody else")
        CANNOT_ASK = "cannot_ask", _("I cannot find out now, and they need help")
        OWN_RECORD = "own_record", _("Our access point needs a record of its own")

    although = forms.ChoiceField(
        label=_("Why is a new record needed?"),
        choices=Reason.choices,
        widget=RadiosWithHints,
        error_messages={
            "required": _("Look at them first, then choose why a new record is needed")
        },
    )
    shown = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any, *, found: Found) -> None:
        self.found = found
        self.ids = sorted(
            match.person.id if isinstance(match, Match) else match.person_id
            for match in found.all_strong
        )
        names = ",".join(map(str, self.ids))
        self._were_shown = data.get("shown", "") == names
        data = data.copy()
        data["shown"] = names
        super().__init__(data)

    @property
    def is_answered(self) -> bool:
        return self._were_shown and self.is_valid()

    @property
    def strong_elsewhere(self) -> list[MaskedMatch]:
        return [match for match in self.found.all_strong if isinstance(match, MaskedMatch)]
