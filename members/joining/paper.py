"""The form to join by, on paper: made from the forms of the screen, so that its boxes cannot differ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Max
from django.utils.translation import gettext as _

from dcsn.printing import PrintSize, render_pdf
from members.joining.forms import QUESTIONS, PayForm
from members.models import Plan

# Who shares a membership is written down on paper; online each of them takes up a code.
MOST_SHARERS = 5


def lines_for_sharers() -> range:
    """As many as the largest plan has room for beside the one who joins: a line too many is a page more."""
    most = Plan.objects.offered().aggregate(most=Max("people_at_most"))["most"] or 1
    return range(min(most - 1, MOST_SHARERS))


@dataclass(frozen=True)
class Box:
    """One question on paper: a line to write on, or boxes to tick, each with its hint."""

    name: str
    label: str
    hint: str
    optional: bool
    ticks: list[tuple[str, str]]

    @property
    def is_long(self) -> bool:
        """May go on over the page: kept together it would leave half a page empty in giant print."""
        return len(self.ticks) > 3


def boxes() -> list[Box]:
    """The questions in the order of the screen. On paper nobody writes down a card's number."""
    found = []
    for question in QUESTIONS:
        form: Any = question(by_card=False) if question is PayForm else question()
        found += [_box(bound) for bound in form.visible_fields()]
    return found


def _box(bound: Any) -> Box:
    field: Any = bound.field
    ticks: list[tuple[str, str]] = []
    label = str(bound.label)
    if isinstance(field, forms.BooleanField):
        ticks, label = [(label, "")], _("If you agree, tick the box")
    elif isinstance(field, forms.ChoiceField | forms.ModelChoiceField):
        hints = getattr(field.widget, "hints", {})
        choices: Any = field.choices
        ticks = [(str(words), str(hints.get(value, ""))) for value, words in choices if str(value)]
    return Box(
        name=bound.name,
        label=label,
        hint=str(bound.help_text or ""),
        optional=not field.required and not ticks,
        ticks=ticks,
    )


def form_pdf(size: PrintSize) -> bytes:
    return render_pdf(
        "print/join_form.html",
        {"boxes": boxes(), "sharers": lines_for_sharers()},
        size=size,
        title=_("Join"),
    )
