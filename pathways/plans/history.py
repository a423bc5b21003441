"""What was changed in a plan, said in words: for its history, part by part."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import models
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dcsn.forms import say_pence
from pathways.actions.plans import SHARED_IN
from pathways.models import (
    Action,
    CircleMember,
    Goal,
    Part,
    Risk,
    RiskDecision,
    Shared,
    Source,
)
from pathways.plans.contents import Difference, Piece, differences, word_by_word
from pathways.plans.states import Achievement, LifeCycle

_MODELS: dict[str, type[models.Model]] = {
    "circle": CircleMember,
    "goals": Goal,
    "actions": Action,
    "risks": Risk,
    "decisions": RiskDecision,
}
GROUPS: dict[str, str | Promise] = {
    "circle": gettext_lazy("My circle of support"),
    "goals": gettext_lazy("My goals"),
    "actions": gettext_lazy("Who does what"),
    "risks": gettext_lazy("Risks"),
    "decisions": gettext_lazy("What was decided about risks"),
    "recording": gettext_lazy("A recording"),
}
_SHARED_IN: dict[str, str] = {
    "circle": Shared.CIRCLE,
    "goals": Shared.GOALS,
    "actions": Shared.GOALS,
    "risks": Shared.RISKS,
    "decisions": Shared.RISKS,
    "recording": Shared.ABOUT_ME,
}
_CODES: dict[tuple[str, str], type[models.Choices]] = {
    ("goals", "life_cycle"): LifeCycle,
    ("goals", "achievement"): Achievement,
    ("actions", "source"): Source,
    ("actions", "per"): Action.Per,
    ("circle", "ring"): CircleMember.Ring,
}
# Ids of what stands elsewhere: they say nothing to a reader.
_UNSAID = frozenset({"service_id", "referral_id"})
_LABELS: dict[tuple[str, str], str | Promise] = {
    ("goals", "life_cycle"): gettext_lazy("where it stands"),
    ("actions", "per"): gettext_lazy("how often it is paid"),
    ("decisions", "decided_on"): gettext_lazy("decided on"),
}
# What a row is called in a sentence: the first fact that has words.
_TITLES = {
    "circle": "name",
    "goals": "words",
    "actions": "words",
    "risks": "words",
    "decisions": "decision",
}


@dataclass(frozen=True)
class Fact:
    """One thing of a part or row: what it is, and its words with what went and what came."""

    label: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Change:
    """What changed in one part, goal, person …; ``kind`` is added, removed or changed."""

    group: str
    title: str
    kind: str
    facts: tuple[Fact, ...]

    @property
    def kind_words(self) -> str:
        return {"added": _("New"), "removed": _("Taken out"), "changed": _("Changed")}[self.kind]


def part_of(difference: Difference) -> str:
    """The ``Shared`` part in which it stands."""
    if difference.group in ("parts", "pictures"):
        return SHARED_IN[difference.key]
    return _SHARED_IN[difference.group]


def changes(
    before: Mapping[str, Any], after: Mapping[str, Any], sees: Iterable[str]
) -> list[Change]:
    """In the plan's order; only of the parts that this reader sees."""
    allowed = frozenset(sees)
    rows: dict[tuple[str, str], list[Difference]] = {}
    for one in differences(before, after):
        if part_of(one) in allowed and one.field not in _UNSAID:
            rows.setdefault((one.group, one.key), []).append(one)
    return [
        Change(group, _title(group, key, before, after), _kind(group, key, before, after), facts)
        for (group, key), found in rows.items()
        if (facts := tuple(_fact(one, before, after) for one in found if _is_told(one, after)))
    ]


def _is_told(one: Difference, after: Mapping[str, Any]) -> bool:
    """Of an action that costs nothing it need not be said how often."""
    if (one.group, one.field) != ("actions", "per"):
        return True
    return bool(after.get("actions", {}).get(one.key, {}).get("cost_pence"))


def _kind(group: str, key: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    had, has = (bool(_held(held, group, key)) for held in (before, after))
    return "changed" if had and has else "added" if has else "removed"


def _held(held: Mapping[str, Any], group: str, key: str) -> Any:
    return held.get(group) if group == "recording" else held.get(group, {}).get(key)


def _title(group: str, key: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    if group == "parts":
        return str(Part(key).label)
    if group == "pictures":
        return _("%(part)s: the picture") % {"part": Part(key).label}
    if group == "recording":
        return str(GROUPS[group])
    row = after.get(group, {}).get(key) or before.get(group, {}).get(key) or {}
    return f"{GROUPS[group]}: {row.get(_TITLES[group]) or '–'}"


def _fact(one: Difference, before: Mapping[str, Any], after: Mapping[str, Any]) -> Fact:
    if one.group not in _MODELS:
        return Fact("", one.pieces)
    old, new = (held.get(one.group, {}).get(one.key, {}).get(one.field) for held in (before, after))
    if one.field == "goal_id":
        goals = {**before.get("goals", {}), **after.get("goals", {})}
        old, new = (goals.get(value, {}).get("words", "") if value else "" for value in (old, new))
        return Fact(_("for the goal"), tuple(_whole(old, new)))
    field = _MODELS[one.group]._meta.get_field(one.field)
    label = str(_LABELS.get((one.group, one.field)) or getattr(field, "verbose_name", one.field))
    said_old, said_new = (_say(one.group, one.field, field, value) for value in (old, new))
    if (said_old, said_new) == (_text(old), _text(new)):
        return Fact(label, tuple(word_by_word(said_old, said_new)))
    return Fact(label, tuple(_whole(said_old, said_new)))


def _whole(old: str, new: str) -> Iterable[Piece]:
    """A date or a choice is replaced as a whole, not word by word."""
    if old:
        yield Piece("removed", old)
    if new:
        yield Piece("added", new)


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _say(group: str, name: str, field: Any, value: Any) -> str:
    if value in (None, ""):
        return ""
    codes = _CODES.get((group, name))
    if codes is not None:
        return str(codes(value).label)
    if isinstance(field, models.DateField):
        return date_format(date.fromisoformat(str(value)), "j F Y")
    if name == "cost_pence":
        return say_pence(int(value))
    return str(value)
