"""What may stand in the address of the offers page; built of the directory's fields.

A choice that does not exist (any more) is left out rather than refused; only a postcode can be wrong.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from directory.filters import DISTANCES, ManyField, NearField, OneOfField, WordsField
from directory.models.hours import Weekday
from directory.nearby import Position
from directory.search.words import LONGEST_QUERY
from members.offers.categories import CATEGORIES
from members.offers.search import OfferQuery

TODAY = "today"


class OffersForm(forms.Form):
    """``OffersForm(request.GET).offer_query``: a mistake in one box loses nothing in the others."""

    q = WordsField(
        label=_("What would you like to find?"), max_length=LONGEST_QUERY, required=False
    )
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
    category = ManyField(label=_("Kind of shop"), required=False)
    day = OneOfField(
        label=_("On which day"),
        choices=[
            ("", _("any day")),
            (TODAY, _("today")),
            *((str(value), name) for value, name in Weekday.choices),
        ],
        required=False,
    )

    data: QueryDict  # type: ignore[assignment]  # always one: the page is a GET

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        self.is_valid()

    @property
    def near_position(self) -> Position | None:
        return self.cleaned_data.get("near")

    @property
    def categories(self) -> tuple[str, ...]:
        return tuple(c for c in self.cleaned_data.get("category") or [] if c in CATEGORIES)

    @property
    def day_chosen(self) -> str:
        return self.cleaned_data.get("day") or ""

    @property
    def offer_query(self) -> OfferQuery:
        cleaned: dict[str, Any] = self.cleaned_data
        today = timezone.localdate()
        day = self.day_chosen
        within = cleaned.get("within")
        page = self.data.get("page", "")
        return OfferQuery(
            words=cleaned.get("q") or "",
            near=self.near_position,
            within=float(within) if within else None,
            categories=self.categories,
            day=today.weekday() if day == TODAY else int(day) if day else None,
            page=int(page) if page.isascii() and page.isdigit() and len(page) < 5 else 1,
            on=today,
        )

    def address(self, **changes: str | None) -> str:
        """The question of this page with some values changed; ``None`` takes one away. First page."""
        kept = QueryDict(mutable=True)
        for name in self.fields:
            values = [value for value in self.data.getlist(name) if value.strip()]
            if name in changes:
                change = changes[name]
                values = [change] if change is not None else []
            if values:
                kept.setlist(name, values)
        return kept.urlencode()
