"""A form of the screen as boxes on paper, so that the two cannot differ."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms


@dataclass(frozen=True)
class Box:
    """One question on paper: ruled lines to write on, or boxes to tick."""

    name: str
    label: str
    hint: str
    optional: str  # the mark beside the question; empty for what must be filled in
    ticks: list[str]
    lines: range

    @property
    def is_long(self) -> bool:
        """May go on over the page: kept together it would leave half a page empty."""
        return len(self.lines) > 3


def boxes_of(
    form: forms.BaseForm,
    names: Iterable[str] | None = None,
    *,
    lines: Mapping[str, int] | None = None,
) -> list[Box]:
    """The visible questions in the order of the screen, or those of ``names``.

    ``lines``: ruled lines for what is written in sentences; one line for everything else.
    """
    fields = form.visible_fields() if names is None else [form[name] for name in names]
    return [_box(field, lines or {}) for field in fields]


def _box(bound: Any, lines: Mapping[str, int]) -> Box:
    field: Any = bound.field
    ticks = []
    if isinstance(field, forms.ChoiceField | forms.ModelChoiceField):
        choices: Any = field.choices
        ticks = [str(label) for value, label in choices if str(value)]
        if isinstance(field, forms.ModelChoiceField):
            ticks.append(str(field.empty_label))
    return Box(
        name=bound.name,
        label=str(bound.label),
        hint=str(bound.help_text or ""),
        optional="" if field.required else bound.optional_words,
        ticks=ticks,
        lines=range(0 if ticks else lines.get(bound.name, 1)),
    )
