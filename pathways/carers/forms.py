"""What a carer is asked: one set of questions for the website, the desk and paper."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dcsn.forms import CheckboxesWithHints, DateField, RadiosWithHints
from members.forms.lines import NoteField, ShortField
from members.joining.forms import WhoForm
from pathways.actions.carers import PLAN_WORDS, FirstStage
from pathways.events import WHY_OPENED
from pathways.forms.begin import sentences
from pathways.models import CarerAssessment

TOUCHED = [
    (CarerAssessment.Trigger.HEALTH.value, _("My own health suffers")),
    (CarerAssessment.Trigger.WORK.value, _("My work or learning suffers")),
    (CarerAssessment.Trigger.BREAKING.value, _("I may not be able to go on much longer")),
]


class CaringForm(forms.Form):
    """What caring does to somebody's life. Nothing of it has to be answered."""

    hours_a_week = forms.IntegerField(
        label=_("About how many hours a week do you look after somebody?"),
        help_text=_("Count the nights on which you have to be there."),
        min_value=0,
        max_value=168,
        required=False,
        widget=forms.NumberInput({"class": "govuk-input--width-3", "inputmode": "numeric"}),
        error_messages={
            "invalid": _("Enter a whole number of hours"),
            "max_value": _("A week has 168 hours"),
        },
    )
    touched = forms.MultipleChoiceField(
        label=_("Is any of this true for you?"),
        choices=TOUCHED,
        required=False,
        widget=CheckboxesWithHints,
    )
    effects = NoteField(label=_("What does caring do to your life?"), longest=3000, required=False)
    wants = NoteField(label=_("What would help you?"), longest=2000, required=False)
    asks_council = forms.BooleanField(
        label=_("I would like the council to look at it with me"),
        help_text=_("The council's own carer's assessment is your right, whatever you ticked."),
        required=False,
    )
    telecare = forms.BooleanField(
        label=_("I would like to try telecare for 12 weeks, free of charge"),
        help_text=_("An alarm or a sensor that calls for help when something happens."),
        required=False,
    )


class EmergencyForm(forms.Form):
    """What happens when the carer suddenly cannot care."""

    ring_first = NoteField(
        label=_("Whom shall we ring first?"),
        help_text=_("Name and number, one a line. Please ask them before."),
        longest=500,
        required=False,
    )
    who_is_cared_for = ShortField(
        label=_("Whom do you look after?"),
        help_text=_("Only duty staff read it, in an emergency. It is not kept with that person."),
        longest=200,
        required=False,
    )
    must_know = NoteField(
        label=_("What must somebody know who takes over?"),
        help_text=_("For example: medicines, food, what frightens and what calms."),
        longest=2000,
        required=False,
    )
    where_things_are = NoteField(
        label=_("Where are things?"),
        help_text=_("For example: the medicines, the list of numbers. Write no key safe codes."),
        longest=1000,
        required=False,
    )

    @property
    def words(self) -> dict[str, str]:
        """After ``is_valid()``."""
        return {name: self.cleaned_data[name] for name in PLAN_WORDS}


class _Said(CaringForm, EmergencyForm):
    """Both, with the key that makes a double click one."""

    helped_by = ShortField(
        label=_("Does an organisation fill this in with you? Which one?"),
        longest=150,
        required=False,
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"key": uuid.uuid4(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)

    def said(self, *, by_carer: bool = True) -> FirstStage:
        """After ``is_valid()``."""
        typed = self.cleaned_data
        return FirstStage(
            hours_a_week=typed["hours_a_week"],
            touched=frozenset(typed["touched"]),
            effects=typed["effects"],
            wants=typed["wants"],
            asks_council=typed["asks_council"],
            telecare=typed["telecare"],
            by_carer=by_carer and not typed["helped_by"],
            helped_by=typed["helped_by"],
            emergency=self.words,
        )


CARING = ("hours_a_week", "touched", "effects", "wants", "asks_council", "telecare")
WHO = (
    "given_name", "family_name", "date_of_birth", "address_1", "address_2", "town", "postcode",
    "phone", "email", "contact_by", "formats", "interpreter_language", "organisation",
)  # fmt: skip


class _InParts:
    """The questions under their headings, in the order of the page and of the paper."""

    part_names: ClassVar[tuple[tuple[Any, Any, tuple[str, ...]], ...]]

    @property
    def parts(self) -> list[tuple[Any, Any, list[Any]]]:
        return [
            (heading, words, [self[name] for name in names])  # type: ignore[index]
            for heading, words, names in self.part_names
        ]


_CARING_PART = (
    _("What caring is like for you"),
    _("Leave out what you do not want to say."),
    CARING,
)
_PLAN_PART = (
    _("If you suddenly cannot care"),
    _("Your emergency plan. You get a card with its number for your purse."),
    PLAN_WORDS,
)
_HELPED_PART = (_("Who fills this in"), "", ("helped_by",))


class PublicForm(_InParts, _Said, WhoForm):
    """On the website and on paper, without an account."""

    part_names = (
        (_("Who you are"), _("So that we can send you the card."), WHO),
        _CARING_PART,
        _PLAN_PART,
        _HELPED_PART,
    )

    @property
    def facts(self) -> dict[str, Any]:
        return {
            name: self.cleaned_data[name]
            for name in WHO
            if name != "organisation" and self.cleaned_data[name] not in ("", None)
        }


class KnownForm(_InParts, _Said):
    """Of somebody on record: at the desk, or signed in as themselves."""

    part_names = (_CARING_PART, _PLAN_PART, _HELPED_PART)


class EmergencyPlanForm(EmergencyForm):
    """Changing the plan alone."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class SecondForm(forms.Form):
    """What the council's assessment came to."""

    assessed_on = DateField(label=_("On which day was the council's assessment?"))
    outcome = forms.ChoiceField(
        label=_("What came of it?"),
        choices=sentences(CarerAssessment.Outcome.choices[1:]),
        widget=RadiosWithHints,
        error_messages={"required": _("Choose what came of it")},
    )
    hours_a_week = CaringForm.base_fields["hours_a_week"]
    effects = NoteField(label=_("What caring does to their life"), longest=3000, required=False)
    wants = NoteField(label=_("What was agreed"), longest=2000, required=False)

    def clean_assessed_on(self) -> Any:
        day = self.cleaned_data["assessed_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("This day has not come yet"))
        return day


class FindForm(forms.Form):
    """A reference from the card, or a name."""

    q = forms.CharField(
        label=_("Number on the card, or the carer's name"),
        help_text=_("For example: K-7XPA-34TR, or Joan Example DL3."),
        max_length=100,
        widget=forms.TextInput({"spellcheck": "false", "autocomplete": "off"}),
        error_messages={"required": _("Enter the number on the card, or the carer's name")},
    )


class OpenForm(forms.Form):
    """Why it is opened; the emergency is chosen already, so that it takes one press."""

    why = forms.ChoiceField(
        label=_("Why do you open it?"),
        choices=sentences(WHY_OPENED.items()),
        initial="emergency",
        widget=RadiosWithHints,
    )


class EstimateForm(forms.Form):
    """How many carers there may be, by whose count."""

    area = ShortField(
        label=_("Area"), longest=100, error_messages={"required": _("Enter the area")}
    )
    carers = forms.IntegerField(
        label=_("How many carers there may be"),
        min_value=1,
        max_value=10**8,
        widget=forms.NumberInput({"class": "govuk-input--width-10", "inputmode": "numeric"}),
        error_messages={
            "required": _("Enter how many carers there may be"),
            "invalid": _("Enter a whole number"),
        },
    )
    known_elsewhere = forms.IntegerField(
        label=_("Of them, how many other registers know"),
        help_text=_(
            "Such as the council's or a carers' centre's. Those that this network knows are counted by "
            "themselves. 0 for none."
        ),
        min_value=0,
        max_value=10**8,
        widget=forms.NumberInput({"class": "govuk-input--width-10", "inputmode": "numeric"}),
        error_messages={
            "required": _("Enter how many other registers know, 0 for none"),
            "invalid": _("Enter a whole number"),
        },
    )
    as_of = DateField(
        label=_("On which day was it so?"),
        help_text=_("For the figure of a year, its first day."),
    )
    source = ShortField(
        label=_("Where the figure comes from"),
        help_text=_("Such as the census, and its table. This is shown to everybody."),
        longest=300,
        error_messages={"required": _("Say where the figure comes from")},
    )

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        carers, elsewhere = typed.get("carers"), typed.get("known_elsewhere")
        if carers is not None and elsewhere is not None and elsewhere > carers:
            self.add_error(
                "known_elsewhere", _("More are known than there are carers: look at both figures")
            )
        if typed.get("as_of") and typed["as_of"] > timezone.localdate():
            self.add_error("as_of", _("This day has not come yet"))
        return typed
