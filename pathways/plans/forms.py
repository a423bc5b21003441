"""What is asked when somebody writes in a plan: a form for each kind of thing in it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dcsn.forms import DateField, MoneyField, RadiosWithHints
from members.forms.lines import NoteField, ShortField
from pathways.forms.begin import sentences
from pathways.models import Action, CircleMember, Goal, Plan, Risk, Source
from pathways.models.plan import WORDS_AT_MOST
from pathways.plans.states import GOAL_WAYS, Achievement, LifeCycle

MINUTES_OF_A_WEEK = 24 * 60 * 7


class SeenForm(forms.Form):
    """``seen``: the version of the plan on the page that was filled in, so that nothing is lost."""

    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class WordsForm(SeenForm):
    """One part of the plan, in the person's own words."""

    words = NoteField(label=_("In your own words"), longest=WORDS_AT_MOST, rows=10, required=False)


class PictureForm(forms.Form):
    picture = forms.FileField(
        label=_("The picture"),
        help_text=_("JPEG, PNG or WebP, smaller than 8 MB."),
        widget=forms.FileInput({"accept": "image/jpeg,image/png,image/webp"}),
        error_messages={"required": _("Choose a picture"), "empty": _("This file is empty")},
    )
    shows = ShortField(
        label=_("What does it show?"),
        longest=300,
        help_text=_("For those who cannot see it: who and what is on it."),
        error_messages={"required": _("Say what the picture shows")},
    )


class RecordingForm(forms.Form):
    address = forms.URLField(
        label=_("Address of the recording"),
        required=False,
        assume_scheme="https",
        max_length=200,
        validators=[URLValidator(schemes=["https"], message=_("It must begin with https://"))],
        help_text=_("Where it can be heard or seen. Leave it empty to take the link away."),
        error_messages={"invalid": _("Enter an address that begins with https://")},
    )


class RowForm(SeenForm):
    """A goal, an action, somebody of the circle or a risk."""

    model: ClassVar[type[Any]]
    names: ClassVar[tuple[str, ...]]
    # Made with the form for what is new: the same form sent twice adds it once.
    key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, plan: Plan, row: Any, **kwargs: Any) -> None:
        self.plan, self.row = plan, row
        known = {} if row._state.adding else {name: getattr(row, name) for name in self.names}
        first = {"seen": plan.version, "key": row.pk}
        kwargs["initial"] = {**known, **first, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.row._state.adding and data.get("key"):
            self.row.pk = data["key"]
        return data

    @property
    def facts(self) -> dict[str, Any]:
        """For ``write_row``, after ``is_valid()``."""
        return {name: self.cleaned_data[name] for name in self.names if name in self.fields}

    def now_stored(self) -> Mapping[str, Any]:
        """The facts that were changed meanwhile, by the label of their box: what they say now."""
        return {
            str(self.fields[name].label): _shown(self.fields[name], getattr(self.row, name))
            for name in self.names
            if name in self.fields and self.cleaned_data.get(name) != getattr(self.row, name)
        }


def _shown(field: forms.Field, value: Any) -> Any:
    choices = getattr(field, "choices", None)
    if choices is not None:
        return next((words for code, words in choices if str(code) == str(value)), "–")
    if isinstance(field, MoneyField):
        return field.prepare_value(value)
    return value if value not in (None, "") else "–"


class GoalForm(RowForm):
    model = Goal
    names = ("words", "measure", "due_on", "life_cycle", "achievement")

    words = ShortField(
        label=_("What do you want?"),
        longest=500,
        error_messages={"required": _("Write what you want")},
    )
    measure = ShortField(
        label=_("How will you know?"),
        longest=300,
        required=False,
        help_text=_("For example: I have been to the market on my own."),
    )
    due_on = DateField(label=_("By when?"), required=False)
    life_cycle = forms.ChoiceField(
        label=_("Where does it stand?"),
        widget=RadiosWithHints,
        choices=sentences(LifeCycle.choices),
    )
    achievement = forms.ChoiceField(
        label=_("How far have you come?"),
        required=False,
        choices=[("", _("Not asked yet")), *sentences(Achievement.choices)],
        help_text=_("In the person’s own judgement."),
        widget=forms.Select,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.row._state.adding:
            ways = [LifeCycle.PROPOSED, LifeCycle.PLANNED, LifeCycle.ACCEPTED, LifeCycle.ACTIVE]
            del self.fields["achievement"]
            self.initial.setdefault("life_cycle", LifeCycle.ACCEPTED)
        else:
            now = self.row.life_cycle
            ways = [one for one in LifeCycle if one == now or one in GOAL_WAYS[now]]
        self.fields["life_cycle"].choices = sentences(  # type: ignore[attr-defined]
            (one.value, one.label) for one in ways
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        begun = data.get("life_cycle") not in (
            LifeCycle.PROPOSED,
            LifeCycle.PLANNED,
            LifeCycle.REJECTED,
        )
        if data.get("achievement") and not begun:
            self.add_error("achievement", _("Say first that it is being worked on"))
        return data


class ActionForm(RowForm):
    model = Action
    names = ("goal_id", "words", "who", "when", "source", "minutes_a_week", "cost_pence", "per")

    words = ShortField(
        label=_("What is done?"),
        longest=300,
        error_messages={"required": _("Write what is done")},
    )
    goal_id = forms.TypedChoiceField(
        label=_("For which goal?"), required=False, coerce=uuid.UUID, empty_value=None
    )
    source = forms.ChoiceField(
        label=_("By whose strength?"),
        choices=sentences(Source.choices),
        widget=RadiosWithHints(
            hints={
                Source.OWN: _("What you do yourself, perhaps with a tool or after some practice."),
                Source.COMMUNITY: _("A club, a café, a place of worship, neighbours."),
            }
        ),
        error_messages={"required": _("Choose by whose strength it is done")},
    )
    who = ShortField(label=_("Who does it?"), longest=100, required=False)
    when = ShortField(
        label=_("When?"),
        longest=100,
        required=False,
        help_text=_("For example: Tuesday mornings."),
    )
    minutes_a_week = forms.IntegerField(
        label=_("How many minutes a week?"),
        required=False,
        min_value=1,
        max_value=MINUTES_OF_A_WEEK,
        widget=forms.TextInput({"inputmode": "numeric", "class": "govuk-input--width-5"}),
        help_text=_("Leave it empty where nobody counts it."),
    )
    cost_pence = MoneyField(
        label=_("What does it cost?"),
        required=False,
        max_pence=100_000_00,
        help_text=_("Leave it empty if it costs nothing."),
    )
    per = forms.ChoiceField(label=_("How often is it paid?"), choices=sentences(Action.Per.choices))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        goals = self.plan.goals.order_by("position", "created_at")
        self.fields["goal_id"].choices = [  # type: ignore[attr-defined]
            ("", _("None in particular")),
            *((str(goal.pk), goal.words) for goal in goals),
        ]
        if self.initial.get("cost_pence") == 0:
            self.initial["cost_pence"] = None
        self.initial.setdefault("per", Action.Per.WEEK)

    def clean_cost_pence(self) -> int:
        return self.cleaned_data["cost_pence"] or 0


class CircleForm(RowForm):
    model = CircleMember
    names = ("name", "relation", "gives", "ring")

    name = ShortField(
        label=_("Name"),
        longest=100,
        help_text=_("As you call them. A club or a pet counts too."),
        error_messages={"required": _("Write a name")},
    )
    relation = ShortField(
        label=_("Who are they to you?"),
        longest=100,
        required=False,
        help_text=_("For example: sister, neighbour, nurse."),
    )
    gives = ShortField(
        label=_("What do they do for you, or you for them?"), longest=200, required=False
    )
    ring = forms.TypedChoiceField(
        label=_("How near are they?"),
        choices=sentences(CircleMember.Ring.choices),
        coerce=int,
        widget=RadiosWithHints,
        error_messages={"required": _("Choose how near they are")},
    )


class RiskForm(RowForm):
    model = Risk
    names = ("words", "own_view", "settled_on")

    words = ShortField(
        label=_("What could go wrong?"),
        longest=500,
        error_messages={"required": _("Write what could go wrong")},
    )
    own_view = NoteField(
        label=_("What do you think of it yourself?"),
        longest=1000,
        required=False,
        help_text=_("The person’s own view, also where others see it differently."),
    )
    settled_on = DateField(
        label=_("No longer a risk since"),
        required=False,
        help_text=_("Leave it empty while it is one."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.row._state.adding:
            del self.fields["settled_on"]

    def clean_settled_on(self) -> date | None:
        return not_to_come(self.cleaned_data["settled_on"])


ROW_FORMS: dict[str, type[RowForm]] = {
    "goals": GoalForm,
    "actions": ActionForm,
    "circle": CircleForm,
    "risks": RiskForm,
}


class EndActionForm(SeenForm):
    """An action is done, or it stopped; or it goes on after all."""

    what = forms.ChoiceField(
        label=_("What became of it?"),
        choices=[
            ("done", _("It is done")),
            ("stopped", _("It stopped")),
            ("on", _("It goes on")),
        ],
        widget=RadiosWithHints,
        error_messages={"required": _("Choose what became of it")},
    )
    day = DateField(label=_("Since when?"), required=False)

    def clean_day(self) -> date | None:
        return not_to_come(self.cleaned_data["day"])

    @property
    def facts(self) -> dict[str, Any]:
        typed = self.cleaned_data
        day = typed["day"] or timezone.localdate()
        return {
            "done_on": day if typed["what"] == "done" else None,
            "stopped_on": day if typed["what"] == "stopped" else None,
        }


class DecisionForm(forms.Form):
    """One line of the log of a risk. ``key``: the form sent twice is one line."""

    decision = ShortField(
        label=_("What was decided?"),
        longest=500,
        error_messages={"required": _("Write what was decided")},
    )
    because = ShortField(label=_("Why?"), longest=500, error_messages={"required": _("Write why")})
    present = ShortField(
        label=_("Who was there?"),
        longest=200,
        error_messages={"required": _("Write who was there")},
    )
    decided_on = DateField(
        label=_("When?"), help_text=_("Today, if you leave it empty."), required=False
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"key": uuid.uuid4(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)

    def clean_decided_on(self) -> date | None:
        return not_to_come(self.cleaned_data["decided_on"])


def not_to_come(day: date | None) -> date | None:
    if day is not None and day > timezone.localdate():
        raise ValidationError(_("This day is still to come"))
    return day
