"""All that a plan holds, as plain data: what a version keeps, and how two of them differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pathways.models import Action, CircleMember, Goal, Part, Plan, Risk, RiskDecision
from pathways.plans.comparing import steps

# The fields of a row that a reader of the plan sees, in their order; how a row leads to its plan.
ROWS: tuple[tuple[str, type[Any], str, tuple[str, ...]], ...] = (
    ("circle", CircleMember, "plan", ("name", "relation", "gives", "ring")),
    ("goals", Goal, "plan", ("words", "measure", "due_on", "life_cycle", "achievement")),
    (
        "actions",
        Action,
        "plan",
        ("words", "who", "when", "source", "minutes_a_week", "cost_pence", "per", "done_on",
         "stopped_on", "goal_id", "service_id", "referral_id"),
    ),
    ("risks", Risk, "plan", ("words", "own_view", "settled_on")),
    ("decisions", RiskDecision, "risk__plan", ("decision", "because", "present", "decided_on")),
)  # fmt: skip


def contents(plan: Plan) -> dict[str, Any]:
    """``{"parts": {code: words}, "goals": {id: {field: value}}, …}``; values as JSON has them."""
    held: dict[str, Any] = {
        "parts": {part.part: part.words for part in plan.parts.all()},
        "pictures": {part.part: part.picture_shows for part in plan.parts.all() if part.picture},
        "recording": plan.recording,
    }
    for name, model, way, fields in ROWS:
        order = ("decided_on", "id") if model is RiskDecision else ("created_at", "id")
        rows = model.objects.filter(**{way: plan}).order_by(*order)
        held[name] = {
            str(row.pk): {field: _plain(getattr(row, field)) for field in fields} for row in rows
        }
    return held


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, int | str) else str(value)


@dataclass(frozen=True)
class Piece:
    """A run of words that both have, or that one has: ``kind`` is same, added or removed."""

    kind: str
    words: str


@dataclass(frozen=True)
class Difference:
    """One thing that differs. ``group``: parts, goals, …; ``key``: a part's code or a row's id."""

    group: str
    key: str
    field: str
    pieces: tuple[Piece, ...]


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """What a reader of ``before`` finds changed in ``after``, in the plan's order."""
    found: list[Difference] = []
    for part in Part:
        for group, field in (("parts", "words"), ("pictures", "picture")):
            old, new = (held.get(group, {}).get(part.value) for held in (before, after))
            found += _differ(group, part.value, field, old, new)
    found += _differ("recording", "", "recording", before.get("recording"), after.get("recording"))
    for name, _model, _way, fields in ROWS:
        had, has = before.get(name, {}), after.get(name, {})
        for key in dict.fromkeys([*had, *has]):
            for field in fields:
                found += _differ(
                    name, key, field, had.get(key, {}).get(field), has.get(key, {}).get(field)
                )
    return found


def _differ(group: str, key: str, field: str, old: Any, new: Any) -> Iterator[Difference]:
    before, after = ("" if value is None else str(value) for value in (old, new))
    if before != after:
        yield Difference(group, key, field, tuple(word_by_word(before, after)))


def word_by_word(before: str, after: str) -> Iterator[Piece]:
    """The words that went and those that came, each with the space that follows it."""
    old, new = _words(before), _words(after)
    for what, start, end, from_word, to_word in steps(old, new):
        if what == "equal":
            yield Piece("same", "".join(old[start:end]))
            continue
        if end > start:
            yield Piece("removed", "".join(old[start:end]))
        if to_word > from_word:
            yield Piece("added", "".join(new[from_word:to_word]))


def _words(text: str) -> list[str]:
    words: list[str] = []
    for letter in text:
        if words and (letter.isspace() or not words[-1][-1].isspace()):
            words[-1] += letter
        else:
            words.append(letter)
    return words
