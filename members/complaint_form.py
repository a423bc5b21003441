"""The complaint form on paper: made from the form of the screen, so that its boxes cannot differ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from dcsn.printing import PrintSize, render_pdf
from members.forms.complaints import ComplaintForm

# Ruled lines for what is written in sentences; one line for everything else.
LINES = {"words": 12, "wants": 5}


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


def boxes() -> list[Box]:
    """The questions in the order of the screen."""
    form = ComplaintForm()
    return [_box(field) for field in form.visible_fields()]


def _box(bound: Any) -> Box:
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
        lines=range(0 if ticks else LINES.get(bound.name, 1)),
    )


def form_pdf(size: PrintSize) -> bytes:
    return render_pdf(
        "print/complaint_form.html",
        {"boxes": boxes()},
        size=size,
        title=_("Complain about how we handle your details"),
    )
