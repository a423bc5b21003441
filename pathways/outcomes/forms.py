"""What is asked at a sitting: four questions in their order, each goal, another's tool. Any may be left."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.forms.boundfield import BoundField
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dcsn.forms import DateField, RadiosWithHints
from pathways.forms.begin import sentences
from pathways.models import Goal, Measuring, OutsideScore
from pathways.outcomes import swemwbs
from pathways.outcomes.ons4 import HIGHEST, LOWEST, ORDER, WORDS
from pathways.outcomes.recording import Score
from pathways.plans.states import Achievement

_LEFT = ("", _("Left unanswered"))
_OF_A_TOOL = ("tool", "lowest", "highest", "score", "more_is_better")


class NumberField(forms.DecimalField):
    """A number of somebody's tool: as text, so that no browser changes it by a turn of the mouse wheel."""

    widget = forms.TextInput

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"class": "govuk-input--width-5", "inputmode": "decimal"}


class OutcomesForm(forms.Form):
    """``record_sitting`` takes what :meth:`said` gives."""

    def __init__(self, *args: Any, goals: Iterable[Goal] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._goals = list(goals)
        asked: dict[str, forms.Field] = {}
        for question in ORDER:
            asked[question.value] = forms.TypedChoiceField(
                label=str(WORDS[question]),
                choices=[_LEFT, *((n, str(n)) for n in range(LOWEST, HIGHEST + 1))],
                coerce=int,
                empty_value=None,
                required=False,
                error_messages={"invalid_choice": _("Choose a number from 0 to 10")},
            )
        for goal in self._goals:
            asked[_name(goal.pk)] = forms.ChoiceField(
                label=goal.words,
                help_text=goal.measure,
                choices=[_LEFT, *sentences(Achievement.choices)],
                required=False,
                error_messages={"invalid_choice": _("Choose how far they have come")},
            )
        asked |= {
            "tool": forms.CharField(
                label=_("Name of the tool"),
                help_text=_("One that you may use: most questionnaires need a licence."),
                max_length=100,
                required=False,
            ),
            "lowest": NumberField(
                label=_("Lowest score that it has"), max_digits=8, decimal_places=2, required=False
            ),
            "highest": NumberField(
                label=_("Highest score that it has"), max_digits=8, decimal_places=2, required=False
            ),
            "score": NumberField(
                label=_("Their score"), max_digits=8, decimal_places=2, required=False
            ),
            "more_is_better": forms.ChoiceField(
                label=_("Which way is better?"),
                choices=[("yes", _("A higher score")), ("no", _("A lower score"))],
                initial="yes",
                required=False,
                widget=RadiosWithHints,
            ),
        }
        if swemwbs.licence():
            asked["tool"].help_text = _(
                "For SWEMWBS write its name and the raw total from 7 to 35: the metric score is worked out."
            )
        # First, whatever stands below them.
        self.fields = {**asked, **self.fields}

    @property
    def wellbeing(self) -> list[BoundField]:
        return [self[question.value] for question in ORDER]

    @property
    def goals(self) -> list[BoundField]:
        return [self[_name(goal.pk)] for goal in self._goals]

    @property
    def tools(self) -> list[BoundField]:
        return [self[name] for name in _OF_A_TOOL]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        numbers = [cleaned.get(name) for name in ("lowest", "highest", "score")]
        if cleaned.get("tool") == swemwbs.NAME and swemwbs.licence():
            self._clean_swemwbs(cleaned)
        elif cleaned.get("tool") or any(number is not None for number in numbers):
            self._clean_tool(cleaned)
        return cleaned

    def _clean_swemwbs(self, cleaned: dict[str, Any]) -> None:
        raw = cleaned.get("score")
        if raw is None or raw != int(raw) or int(raw) not in swemwbs.METRIC:
            self.add_error("score", _("Enter the raw total of the seven answers, from 7 to 35"))
            return
        cleaned |= {
            "lowest": Decimal(7),
            "highest": Decimal(35),
            "score": swemwbs.metric(int(raw)),
            "more_is_better": "yes",
        }

    def _clean_tool(self, cleaned: dict[str, Any]) -> None:
        for name, words in (
            ("tool", _("Enter the name of the tool")),
            ("lowest", _("Enter the lowest score that the tool has")),
            ("highest", _("Enter the highest score that the tool has")),
            ("score", _("Enter their score")),
        ):
            if name not in self.errors and cleaned.get(name) in (None, ""):
                self.add_error(name, words)
        lowest, highest, score = (cleaned.get(name) for name in ("lowest", "highest", "score"))
        if lowest is None or highest is None:
            return
        if lowest >= highest:
            self.add_error("highest", _("The highest score must be more than the lowest"))
        elif score is not None and not lowest <= score <= highest:
            self.add_error("score", _("Their score must lie between the lowest and the highest"))

    @property
    def said(self) -> dict[str, Any]:
        """For ``record_sitting``."""
        cleaned = self.cleaned_data
        scores = []
        if cleaned.get("tool"):
            scores.append(
                Score(
                    cleaned["tool"],
                    cleaned["lowest"],
                    cleaned["highest"],
                    cleaned["score"],
                    cleaned.get("more_is_better") != "no",
                )
            )
        return {
            "wellbeing": {
                question.value: cleaned[question.value]
                for question in ORDER
                if cleaned.get(question.value) is not None
            },
            "goals": {
                goal.pk: cleaned[_name(goal.pk)]
                for goal in self._goals
                if cleaned.get(_name(goal.pk))
            },
            "scores": scores,
        }


class SittingForm(OutcomesForm):
    """A sitting by itself: at the start, or between two reviews."""

    taken_on = DateField(label=_("When did you ask?"))
    key = forms.UUIDField(widget=forms.HiddenInput)

    def clean_taken_on(self) -> Any:
        day = self.cleaned_data["taken_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("The day on which you asked must not be in the future"))
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        said = self.said if not self.errors else None
        if said is not None and not any(said.values()):
            self.add_error(None, _("Nothing was answered, so there is nothing to write down."))
        return cleaned


def answered(sitting: Measuring | None) -> dict[str, Any]:
    """What somebody said, to begin a form with; one other tool, as the form has room for."""
    if sitting is None:
        return {}
    found: dict[str, Any] = {row.question: row.score for row in sitting.wellbeing.all()}
    found |= {_name(row.goal_id): row.achievement for row in sitting.goal_answers.all()}
    for tool in sitting.outside_scores.all()[:1]:
        found |= {
            "tool": tool.tool,
            "lowest": _plain(tool.lowest),
            "highest": _plain(tool.highest),
            "score": _plain(_as_typed(tool)),
            "more_is_better": "yes" if tool.more_is_better else "no",
        }
    return found


def _as_typed(tool: OutsideScore) -> Decimal:
    """The raw total, where the form works the metric score out of it."""
    total = swemwbs.raw(tool.score) if tool.tool == swemwbs.NAME and swemwbs.licence() else None
    return tool.score if total is None else Decimal(total)


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"


def _name(goal: UUID) -> str:
    return f"goal_{goal}"
