"""What may stand in the address of the pages of roles; built of the directory's fields.

A choice that does not exist (any more) is left out rather than refused; only a postcode can be wrong.
"""

from __future__ import annotations

from datetime import time
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from directory.filters import DISTANCES, ManyField, NearField, OneOfField, WordsField
from directory.hours import say_time
from directory.nearby import Position
from directory.search.words import LONGEST_QUERY
from volunteers.models import Opportunity
from volunteers.opportunities.finding import RoleQuery

DAYS = {str(number + 1): name for number, name in WEEKDAYS.items()}


def _hours() -> list[tuple[str, Any]]:
    hours = [(f"{hour:02}:00", say_time(time(hour))) for hour in range(7, 23)]
    return [("", _("any time")), *hours]


class RolesForm(forms.Form):
    """``RolesForm(request.GET).role_query``: a mistake in one box loses nothing in the others."""

    q = WordsField(label=_("What would you like to do?"), max_length=LONGEST_QUERY, required=False)
    near = NearField(label=_("Near which postcode? (optional)"), required=False)
    within = OneOfField(
        label=_("How far away"),
        choices=[
            ("", _("any distance")),
            ("0.5", _("within half a mile")),
            ("1", _("within 1 mile")),
            *((miles, _("within %(miles)s miles") % {"miles": miles}) for miles in DISTANCES[2:]),
        ],
        required=False,
    )
    kind = ManyField(label=_("How much time"), required=False)
    day = ManyField(label=_("Days on which you are free"), required=False)
    free_from = OneOfField(label=_("Free from"), choices=_hours, required=False)
    free_to = OneOfField(label=_("Free until"), choices=_hours, required=False)

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        self.is_valid()

    @property
    def near_position(self) -> Position | None:
        return self.cleaned_data.get("near")

    @property
    def kinds(self) -> tuple[str, ...]:
        asked = self.cleaned_data.get("kind") or []
        return tuple(kind for kind in asked if kind in Opportunity.Kind.values)

    @property
    def days(self) -> tuple[str, ...]:
        return tuple(day for day in self.cleaned_data.get("day") or [] if day in DAYS)

    @property
    def role_query(self) -> RoleQuery:
        cleaned: dict[str, Any] = self.cleaned_data
        within, page = cleaned.get("within"), self.data.get("page", "")
        starts, ends = (
            time.fromisoformat(cleaned[name]) if cleaned.get(name) else None
            for name in ("free_from", "free_to")
        )
        if starts and ends and ends <= starts:
            # No time at all lies between them: the days still count.
            starts = ends = None
        return RoleQuery(
            words=cleaned.get("q") or "",
            near=self.near_position,
            within=float(within) if within else None,
            kinds=self.kinds,
            days=tuple(sorted(int(day) for day in self.days)),
            free_from=starts,
            free_to=ends,
            page=int(page) if page.isascii() and page.isdigit() and len(page) < 5 else 1,
        )

    def address(self, **changes: str | list[str] | None) -> str:
        """The question of this page with some values changed; ``None`` takes one away. First page."""
        kept = QueryDict(mutable=True)
        typed: Any = self.data
        for name in self.fields:
            values = [value for value in typed.getlist(name) if value.strip()]
            if name in changes:
                change = changes[name]
                values = change if isinstance(change, list) else [change] if change else []
            if values:
                kept.setlist(name, values)
        return kept.urlencode()
