"""Not sure? Five questions, one to a page. The answers stand in the address and nowhere else.

What comes out: three roles with reasons, a taster first. Every question may be left open, and there is
always something: roles that fit less are shown before none at all. Only the age is a hard rule.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import time
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from dcsn.forms import CheckboxesWithHints, RadiosWithHints
from directory.filters import NearField
from directory.nearby import Position
from directory.results_page import distance_in_words
from volunteers.models import Interest, Opportunity, OpportunityTime
from volunteers.opportunities.finding import RoleQuery, matching, with_facts
from volunteers.opportunities.words import RoleCard, card_of

SUGGESTED = 3
_K = Opportunity.Kind
_W = Opportunity.Where

# Part of the week: ISO weekdays, from, until.
PARTS: dict[str, tuple[Any, tuple[int, ...], time, time]] = {
    "weekday-morning": (_("Mornings in the week"), (1, 2, 3, 4, 5), time(7), time(13)),
    "weekday-afternoon": (_("Afternoons in the week"), (1, 2, 3, 4, 5), time(12), time(18)),
    "weekday-evening": (_("Evenings in the week"), (1, 2, 3, 4, 5), time(17), time(23)),
    "weekend": (_("Saturdays and Sundays"), (6, 7), time(7), time(23)),
}
AGES = {"under-16": 15, "16": 16, "18": 200}


class LikesForm(forms.Form):
    """What they would enjoy."""

    likes = forms.MultipleChoiceField(
        label=_("What would you enjoy, or what can you do?"),
        help_text=_("Tick as many as you like. You can leave it open."),
        required=False,
        widget=CheckboxesWithHints,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = Interest.objects.offered().values_list("slug", "name")
        self.fields["likes"].choices = list(choices)  # type: ignore[attr-defined]


class TimeForm(forms.Form):
    """How much time."""

    time = forms.ChoiceField(
        label=_("How much time would you like to give?"),
        required=False,
        choices=[
            (_K.TASTER, _("I would like to try it once, without a promise")),
            (_K.ONE_OFF, _("One day or one task now and then")),
            (_K.REGULAR, _("An hour or two most weeks")),
            (_K.FAMILY, _("Together with my family")),
            (_K.TEAM, _("Together with people from work or college")),
            ("any", _("I do not know yet")),
        ],
        widget=RadiosWithHints,
    )


class FreeForm(forms.Form):
    """When they are free."""

    free = forms.MultipleChoiceField(
        label=_("When are you usually free?"),
        help_text=_("Tick all that apply. If it changes from week to week, leave it open."),
        required=False,
        choices=[(key, part[0]) for key, part in PARTS.items()],
        widget=CheckboxesWithHints,
    )


class WhereForm(forms.Form):
    """Where they would help."""

    where = forms.ChoiceField(
        label=_("Where would you like to help?"),
        required=False,
        choices=[
            (_W.HOME, _("From my own home, by phone or computer")),
            (_W.PLACE, _("At a place, with other people")),
            (_W.VISITS, _("At people’s homes, or out and about")),
            ("any", _("I do not mind")),
        ],
        widget=RadiosWithHints,
    )
    near = NearField(
        label=_("Your postcode"),
        help_text=_("Only to say how far it is. The first part is enough, like DL3."),
        required=False,
        widget=forms.TextInput({"class": "govuk-input--width-10", "autocomplete": "postal-code"}),
    )


class AgeForm(forms.Form):
    """How old they are: some roles are for adults only."""

    age = forms.ChoiceField(
        label=_("How old are you?"),
        help_text=_("Some roles are for adults only."),
        required=False,
        choices=[
            ("under-16", _("Under 16")),
            ("16", _("16 or 17")),
            ("18", _("18 or over")),
            ("", _("I would rather not say")),
        ],
        widget=RadiosWithHints,
    )


QUESTIONS: tuple[type[forms.Form], ...] = (LikesForm, TimeForm, FreeForm, WhereForm, AgeForm)


@dataclass(frozen=True)
class Answers:
    """What was answered so far; all of it may be empty."""

    likes: tuple[str, ...] = ()
    time: str = ""
    free: tuple[str, ...] = ()
    where: str = ""
    near: Position | None = None
    age: str = ""

    @classmethod
    def read(cls, data: QueryDict) -> Answers:
        """From an address. What is not offered is left out: somebody may have changed it by hand."""
        typed: dict[str, Any] = {}
        for question in QUESTIONS:
            form = question(data)
            form.is_valid()
            typed.update(form.cleaned_data)
        return cls(
            likes=tuple(typed.get("likes") or ()),
            time=typed.get("time") or "",
            free=tuple(typed.get("free") or ()),
            where=typed.get("where") or "",
            near=typed.get("near"),
            age=typed.get("age") or "",
        )

    @property
    def oldest_start(self) -> int:
        return AGES.get(self.age, 200)


def carried(data: QueryDict, *, without: Iterable[str] = ()) -> list[tuple[str, str]]:
    """The answers of the other pages, for hidden boxes and for addresses."""
    left_out = set(without)
    names = [name for question in QUESTIONS for name in question.base_fields]
    return [
        (name, value[:100])
        for name in names
        if name not in left_out
        for value in data.getlist(name)[:40]
        if value
    ]


@dataclass
class Suggested:
    """One role with the reasons why."""

    card: RoleCard
    reasons: list[str] = field(default_factory=list)
    score: float = 0


def suggest(answers: Answers) -> list[Suggested]:
    """Three roles, the likeliest; a taster that fits leads. Six queries."""
    rows = matching(RoleQuery(near=answers.near), None)
    rows = rows.filter(minimum_age__lte=answers.oldest_start)
    weighed = [_weigh(role, answers) for role in with_facts(rows)]
    # The same answers give the same roles.
    weighed.sort(key=lambda one: (-one.score, one.card.role.sort_key, str(one.card.role.pk)))
    best = weighed[:SUGGESTED]
    taster = next((one for one in weighed if _is_taster(one) and one.score > 0), None)
    if taster is not None and taster not in best:
        best = [*best[: SUGGESTED - 1], taster]
    return sorted(best, key=lambda one: not _is_taster(one))


def _is_taster(one: Suggested) -> bool:
    return one.card.role.kind == _K.TASTER


def _weigh(role: Opportunity, answers: Answers) -> Suggested:
    found = Suggested(card_of(role))
    shared = [one.name for one in role.interests.all() if one.slug in answers.likes]
    if shared:
        found.score += 3 * min(len(shared), 2)
        found.reasons.append(
            _now("You ticked: %(likes)s") % {"likes": ", ".join(name.lower() for name in shared)}
        )
    if answers.time and answers.time == role.kind:
        found.score += 4
        found.reasons.append(str(role.get_kind_display()))
    elif role.kind == _K.TASTER and answers.time in ("", "any", _K.ONE_OFF, _K.REGULAR):
        found.score += 2
        found.reasons.append(_now("You can try it once and promise nothing"))
    elif answers.time in (_K.FAMILY, _K.TEAM):
        found.score -= 2
    _weigh_when(role, answers, found)
    _weigh_where(role, answers, found)
    if not role.checks_needed:
        found.reasons.append(_now("No checks are needed"))
    return found


def _weigh_when(role: Opportunity, answers: Answers, found: Suggested) -> None:
    times = list(role.times.all())
    if role.flexible:
        found.score += 2 if answers.free else 1
        found.reasons.append(_now("You choose the times"))
    elif answers.free and times:
        fits = [row for row in times if any(_lies_in(row, part) for part in answers.free)]
        if fits:
            found.score += 3
            day = WEEKDAYS[fits[0].weekday - 1]
            found.reasons.append(_now("It is on a %(day)s, when you are free") % {"day": day})
        else:
            found.score -= 4


def _lies_in(row: OpportunityTime, part: str) -> bool:
    _label, days, starts, ends = PARTS[part]
    return row.weekday in days and row.starts >= starts and row.ends <= ends and row.ends != time(0)


def _weigh_where(role: Opportunity, answers: Answers, found: Suggested) -> None:
    if answers.where and answers.where == role.where:
        found.score += 3
        found.reasons.append(str(role.get_where_display()))
    elif answers.where in _W.values:
        found.score -= 2
    miles = getattr(role, "miles", None)
    if answers.near is not None and miles is not None:
        found.score += 2 if miles <= 1 else 1 if miles <= 3 else 0
        found.reasons.append(
            _now("%(far)s from %(place)s")
            % {"far": distance_in_words(miles), "place": answers.near.code}
        )
