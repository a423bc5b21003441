"""What is asked for indicative budgets, for the tables behind them, and for a budget's money."""

from __future__ import annotations

import hashlib
import uuid
from fractions import Fraction
from typing import Any, cast

from django import forms
from django.core.validators import MaxValueValidator
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dcsn.forms import DateField, MoneyField, RadiosWithHints
from members.forms.lines import NoteField, ShortField
from pathways.actions.allocation import Draft
from pathways.budgets.allocation import SourceFigures, Table
from pathways.budgets.reading import (
    Case,
    Unreadable,
    as_json,
    equality_rows,
    read_cases,
    read_table,
)
from pathways.forms.begin import sentences
from pathways.models import Account, SpentOn, WhyReversed

MOST_PENCE = 10**11


class AnswersForm(forms.Form):
    """One question for each domain of the table. Nothing is asked that the table does not ask."""

    def __init__(self, *args: Any, table: Table, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.table = table
        for number, domain in enumerate(table.domains, 1):
            self.fields[f"q{number}"] = forms.ChoiceField(
                label=domain.words,
                choices=[(level.code, level.words) for level in domain.levels],
                widget=RadiosWithHints,
                error_messages={"required": _("Choose an answer for “%s”") % domain.words},
            )

    @property
    def answers(self) -> dict[str, str]:
        """After ``is_valid()``: the code of a level for each domain."""
        return {
            domain.code: self.cleaned_data[f"q{number}"]
            for number, domain in enumerate(self.table.domains, 1)
        }

    @property
    def questions(self) -> list[Any]:
        return [self[f"q{number}"] for number in range(1, len(self.table.domains) + 1)]


class NeedsForm(AnswersForm):
    """The same with a person on a pathway, and whether an unpaid carer's work is counted on."""

    counts_on_carer = forms.BooleanField(
        label=_("Some answers count on what an unpaid carer does"), required=False
    )
    carer_agreed_on = DateField(
        label=_("On which day did the carer agree to do it?"),
        help_text=_("Without the carer's own yes unpaid care does not lower the figure."),
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        if typed.get("counts_on_carer") and not typed.get("carer_agreed_on"):
            if "carer_agreed_on" not in self.errors:
                self.add_error("carer_agreed_on", _("Say on which day the carer agreed"))
        elif typed.get("carer_agreed_on") and typed["carer_agreed_on"] > timezone.localdate():
            self.add_error("carer_agreed_on", _("This day has not come yet"))
        return typed


class AllocationForm(forms.Form):
    """A council's own points and figures. Looked at first; then signed off and in force."""

    table = forms.CharField(
        label=_("Domains, answers and points"),
        help_text=_("A line each, with commas: domain, answer, points."),
        max_length=200_000,
        widget=forms.Textarea({"rows": 12, "spellcheck": "false"}),
        error_messages={"required": _("Paste the domains, answers and points")},
    )
    cases = forms.CharField(
        label=_("The sample cases"),
        help_text=_(
            "A line each, with commas: age band, client group, points. No names. Leave it empty to type "
            "the two numbers instead."
        ),
        max_length=500_000,
        required=False,
        widget=forms.Textarea({"rows": 8, "spellcheck": "false"}),
    )
    sample_cases = forms.IntegerField(
        label=_("Or: how many cases"), min_value=1, max_value=10**6, required=False
    )
    sample_points = forms.IntegerField(
        label=_("And their points together"), min_value=1, max_value=10**9, required=False
    )
    people = forms.IntegerField(
        label=_("People who use services"),
        min_value=1,
        max_value=10**7,
        error_messages={"required": _("Enter how many people use services")},
    )
    budget = MoneyField(
        label=_("Community care budget for a year"),
        validators=[MaxValueValidator(10**14)],
        error_messages={"required": _("Enter the budget")},
    )
    top_slice = forms.DecimalField(
        label=_("Kept back, in per cent"),
        help_text=_("To protect people while things change. 15 in the method's own example."),
        min_value=0,
        max_value=99,
        decimal_places=1,
        initial=15,
        error_messages={"required": _("Enter the share that is kept back, 0 for none")},
    )
    valid_from = DateField(label=_("In force from"))
    sources = NoteField(
        label=_("Where the figures come from"),
        longest=2000,
        error_messages={"required": _("Say where each figure comes from")},
    )
    equality_check = NoteField(
        label=_("What the equality check found"),
        help_text=_(
            "Do ages and client groups get alike for alike needs? What differs, and why is it right?"
        ),
        longest=4000,
        error_messages={"required": _("Say what the equality check found")},
    )
    signed_off_by = ShortField(
        label=_("Signed off by"), help_text=_("Name and post."), longest=100, required=False
    )
    shown = forms.CharField(widget=forms.HiddenInput, required=False)

    read: Table | None = None
    read_cases: list[Case]

    def clean_table(self) -> str:
        text: str = self.cleaned_data["table"]
        try:
            self.read = read_table(text)
        except Unreadable as wrong:
            raise forms.ValidationError(wrong.told) from wrong
        return text

    def clean_cases(self) -> str:
        text: str = self.cleaned_data["cases"]
        self.read_cases = []
        if text.strip():
            try:
                self.read_cases = read_cases(text)
            except Unreadable as wrong:
                raise forms.ValidationError(wrong.told) from wrong
        return text

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        if "cases" in self.errors:
            return typed
        if self.read_cases:
            typed["sample_cases"] = len(self.read_cases)
            typed["sample_points"] = sum(case.points for case in self.read_cases)
            if not typed["sample_points"]:
                self.add_error("cases", _("The cases have no points at all"))
        else:
            for name, words in (
                ("sample_cases", _("Paste the cases, or enter how many there were")),
                ("sample_points", _("Paste the cases, or enter their points together")),
            ):
                if not typed.get(name) and name not in self.errors:
                    self.add_error(name, words)
        return typed

    def fingerprint(self) -> str:
        """Of what is shown for signing: what is signed off must be what was looked at."""
        told = [str(self.cleaned_data[name]) for name in self.fields if name in _LOOKED_AT]
        return hashlib.sha256("\x1f".join(told).encode()).hexdigest()

    @property
    def figures(self) -> SourceFigures:
        """After ``is_valid()``."""
        typed = self.cleaned_data
        return SourceFigures(
            budget_pence=typed["budget"],
            sample_cases=typed["sample_cases"],
            sample_points=typed["sample_points"],
            people=typed["people"],
            top_slice=Fraction(self.per_mille, 1000),
        )

    @property
    def per_mille(self) -> int:
        return int(self.cleaned_data["top_slice"] * 10)

    def draft(self) -> Draft:
        typed = self.cleaned_data
        return Draft(
            valid_from=typed["valid_from"],
            table=as_json(self.read or read_table(typed["table"])),
            budget_pence=typed["budget"],
            sample_cases=typed["sample_cases"],
            sample_points=typed["sample_points"],
            people=typed["people"],
            top_slice_per_mille=self.per_mille,
            sources=typed["sources"],
            equality_check=typed["equality_check"],
            equality_table=equality_rows(self.read_cases),
            signed_off_by=typed["signed_off_by"],
        )


_LOOKED_AT = frozenset(AllocationForm.base_fields) - {"signed_off_by", "shown"}


class ProposeForm(forms.Form):
    """What support may cost in a year, who pays which part, and why."""

    council = MoneyField(
        label=_("From the council, a year"),
        validators=[MaxValueValidator(MOST_PENCE)],
        error_messages={"required": _("Enter the council's part, 0 for none")},
    )
    person = MoneyField(
        label=_("From the person, a year"),
        validators=[MaxValueValidator(MOST_PENCE)],
        error_messages={"required": _("Enter the person's part, 0 for none")},
    )
    total = MoneyField(
        label=_("Together, a year"),
        validators=[MaxValueValidator(MOST_PENCE)],
        error_messages={"required": _("Enter what both are together")},
    )
    because = NoteField(
        label=_("Why this amount"),
        help_text=_(
            "So that the person can follow it, and where it differs from the indicative one."
        ),
        longest=1000,
        error_messages={"required": _("Say why it is this amount")},
    )
    starts_on = DateField(label=_("From which day?"))
    version = forms.IntegerField(widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        parts: list[Any] = [typed.get(name) for name in ("council", "person", "total")]
        council, person, total = parts
        if None not in (council, person, total) and council + person != total:
            self.add_error(
                "total", _("The council's part and the person's part are together another amount")
            )
        if total == 0:
            self.add_error("total", _("A budget is more than nothing"))
        return typed


class AgreeForm(forms.Form):
    """A name under the amounts."""

    name = ShortField(
        label=_("Name"), longest=100, error_messages={"required": _("Enter the name")}
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class KeyedForm(forms.Form):
    """A form that carries the key of the ledger entry it makes: sent twice, it is one entry."""

    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"key": uuid.uuid4(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)

    def take_another_key(self) -> None:
        """All that was typed stays; sent again, it is meant as an entry of its own."""
        again = cast(QueryDict, self.data).copy()
        again["key"] = str(uuid.uuid4())
        self.data = again

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        if "key" in self.errors:
            # Nobody sees this field: what is wrong with it is not theirs to mend.
            del self.errors["key"]
            self.add_error(None, _("This form came back incomplete. Please send it again."))
            self.take_another_key()
        return typed


class MoneyMoveForm(KeyedForm):
    """What happened with a budget's money."""

    IN_COUNCIL, IN_PERSON, SPENT = "in-council", "in-person", "spent"
    PROMISED, SPENT_PROMISED, ASIDE, BACK = "promised", "spent-promised", "aside", "back"
    what = forms.ChoiceField(
        label=_("What happened?"),
        choices=[
            (SPENT, _("Spent")),
            (PROMISED, _("Promised to somebody")),
            (SPENT_PROMISED, _("Spent, of what was promised")),
            (IN_COUNCIL, _("The council paid in")),
            (IN_PERSON, _("The person paid in")),
            (ASIDE, _("Set aside for a bad day")),
            (BACK, _("Given back")),
        ],
        widget=RadiosWithHints,
        error_messages={"required": _("Choose what happened")},
    )
    amount = MoneyField(
        label=_("How much?"),
        validators=[MaxValueValidator(MOST_PENCE)],
        error_messages={"required": _("Enter how much")},
    )
    spent_on = forms.ChoiceField(
        label=_("On what?"),
        help_text=_("For what was spent."),
        choices=[("", _("Choose")), *sentences(SpentOn.choices[1:])],
        required=False,
        widget=forms.Select({"class": "govuk-select"}),
    )
    on = DateField(label=_("On which day?"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"on": timezone.localdate(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        if typed.get("amount") == 0:
            self.add_error("amount", _("An amount is more than nothing"))
        if typed.get("on") and typed["on"] > timezone.localdate():
            self.add_error("on", _("This day has not come yet"))
        spends = typed.get("what") in (self.SPENT, self.SPENT_PROMISED)
        if spends and not typed.get("spent_on") and "spent_on" not in self.errors:
            self.add_error("spent_on", _("Choose on what it was spent"))
        if not spends:
            typed["spent_on"] = ""
        return typed

    @property
    def source(self) -> Account:
        return Account.COUNCIL if self.cleaned_data["what"] == self.IN_COUNCIL else Account.PERSON


class ReverseForm(KeyedForm):
    """An entry that was wrong gets its opposite; the reason stands beside it."""

    why = forms.ChoiceField(
        label=_("Why is it taken back?"),
        choices=sentences(WhyReversed.choices[1:]),
        widget=RadiosWithHints,
        error_messages={"required": _("Choose why it is taken back")},
    )
