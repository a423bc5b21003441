"""The filters of the results page: what may stand in its address, checked and made into a Query.

Built on django-filter for the declaration, the form and the checking. What it does *not* do here is
narrow a QuerySet one filter after another: the counts beside each choice need to know which group a
service fails in, so :mod:`directory.search` works all groups out in one statement.

An address may be years old or typed by hand: a choice that does not exist (any more) is left out
rather than refused. Only what a person typed, a postcode or a time, can be wrong.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time
from typing import Any

import django_filters
from django import forms
from django.db import connection
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from directory.hours import say_time
from directory.models import AccessFact, Service
from directory.models.hours import Weekday
from directory.nearby import NoSuchPostcode, Position, locate
from directory.search import Choices, FreeTime, Query, SectionKey, facets
from directory.search.facets import Group
from directory.search.words import LONGEST_QUERY, clean

MOST_CHOICES = 40
DISTANCES = ["0.5", "1", "2", "3", "5", "10", "25"]
FIRST_HOUR, LAST_HOUR = 6, 23
PAGES = {
    "page": SectionKey.MAIN,
    "page_elsewhere": SectionKey.ELSEWHERE,
    "page_not_known": SectionKey.NOT_KNOWN,
}


@dataclass(frozen=True)
class Label:
    """What a facet is called, and where it stands."""

    group: Group
    value: str
    name: str


class Labels:
    """The names of all topics, languages and eligibility terms, in one query."""

    def __init__(self) -> None:
        self.by_facet: dict[str, Label] = {}
        with connection.cursor() as cursor:
            cursor.execute(
                """
                SELECT 'topic', slug, name, position, sort_key FROM directory_taxonomyterm
                WHERE is_topic
                UNION ALL
                SELECT 'language', code, name, 0, lower(name) FROM directory_language
                UNION ALL
                SELECT 'who-' || "group", slug, name, position, lower(name)
                FROM directory_eligibilityterm
                ORDER BY 1, 4, 5, 2
                """
            )
            for key, value, name, _position, _sort_key in cursor.fetchall():
                if group := facets.GROUPS.get(key):
                    self._add(group, value, name)
        for group, choices in (
            (facets.COST, Service.Cost.choices),
            (facets.HOW, Service.Delivery.choices),
            (facets.ACCESS, AccessFact.Kind.choices),
            (facets.DAY, Weekday.choices),
        ):
            for value, name in choices:
                self._add(group, str(value), str(name))

    def _add(self, group: Group, value: str, name: str) -> None:
        self.by_facet[group.facet(value)] = Label(group, value, name)

    def of(self, group: Group) -> Iterator[Label]:
        return (label for label in self.by_facet.values() if label.group is group)

    def group_of_who(self, value: str) -> Group | None:
        """``who=carers`` names the term only: its group follows."""
        for group in facets.WHO.values():
            if group.facet(value) in self.by_facet:
                return group
        return None


class ManyField(forms.Field):
    """Any number of values of one name; those that are not words are left out."""

    widget = forms.MultipleHiddenInput

    def clean(self, value: Any) -> list[str]:
        values = value if isinstance(value, list) else []
        kept = [text for text in values[:MOST_CHOICES] if text.isprintable() and len(text) <= 100]
        return list(dict.fromkeys(kept))


class OneOfField(forms.ChoiceField):
    """A choice that is empty when it is none of those offered."""

    def clean(self, value: Any) -> str:
        value = self.to_python(value)
        return value if value and self.valid_value(value) else ""


class WordsField(forms.CharField):
    """What somebody is looking for: one line, cut, never refused."""

    def to_python(self, value: Any) -> str:
        return clean(str(value or ""))

    def run_validators(self, value: str) -> None:
        """A null byte has become a blank: nothing is left to refuse."""


class NearField(forms.CharField):
    """A postcode that we can measure from."""

    def clean(self, value: Any) -> Position | None:
        text = clean(str(value or ""))
        if not text:
            return None
        try:
            return locate(text)
        except NoSuchPostcode as refusal:
            raise forms.ValidationError(str(refusal), code="unknown") from refusal


def _hours() -> list[tuple[str, str]]:
    return [
        ("", _("any time")),  # type: ignore[list-item]
        *((f"{hour:02}:00", say_time(time(hour))) for hour in range(FIRST_HOUR, LAST_HOUR + 1)),
    ]


class Words(django_filters.Filter):
    field_class = WordsField


class Near(django_filters.Filter):
    field_class = NearField


class OneOf(django_filters.Filter):
    field_class = OneOfField


class Many(django_filters.Filter):
    field_class = ManyField


class ResultsForm(forms.Form):
    """Checks what stands in more than one field."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        start, end = cleaned.get("free_from"), cleaned.get("free_to")
        if start and end and start >= end:
            self.add_error("free_to", _("Choose an end that is after the beginning."))
        return cleaned


class ServiceFilter(django_filters.FilterSet):
    """``ServiceFilter(request.GET).search_query`` is what :func:`directory.search.search` takes."""

    q = Words(label=_("What do you need help with?"), max_length=LONGEST_QUERY)
    near = Near(label=_("Near which postcode? (optional)"))
    within = OneOf(
        label=_("How far away"),
        choices=[
            ("", _("any distance")),
            ("0.5", _("within half a mile")),
            ("1", _("within 1 mile")),
            *((miles, _("within %(miles)s miles") % {"miles": miles}) for miles in DISTANCES[2:]),
        ],
    )
    exact = OneOf(choices=[("1", "1")])
    topic = Many()
    who = Many()
    cost = Many()
    how = Many()
    access = Many()
    language = Many()
    day = Many()
    free_from = OneOf(label=_("From"), choices=_hours)
    free_to = OneOf(label=_("To"), choices=_hours)

    class Meta:
        model = Service
        fields: list[str] = []
        form = ResultsForm

    def __init__(self, data: QueryDict, **options: Any) -> None:
        super().__init__(data, queryset=Service.objects.publishable(), **options)
        self.labels = Labels()

    @property
    def cleaned(self) -> dict[str, Any]:
        """What could be understood: a mistake in one box loses nothing that is in the others."""
        self.form.is_valid()
        return self.form.cleaned_data

    @property
    def search_query(self) -> Query:
        cleaned = self.cleaned
        within = cleaned.get("within")
        return Query(
            words=cleaned.get("q") or "",
            literally=bool(cleaned.get("exact")),
            near=cleaned.get("near"),
            within=float(within) if within else None,
            choices=self._choices(cleaned),
            free=self._free(cleaned),
            pages={key: self._page(name) for name, key in PAGES.items()},
        )

    def _choices(self, cleaned: dict[str, Any]) -> Choices:
        by_group: dict[str, list[str]] = {}
        known = self.labels.by_facet
        for group in (facets.TOPIC, facets.COST, facets.HOW, facets.ACCESS, facets.LANGUAGE):
            chosen = [v for v in cleaned.get(group.key) or [] if group.facet(v) in known]
            if chosen:
                by_group[group.key] = chosen
        for value in cleaned.get("who") or []:
            if who := self.labels.group_of_who(value):
                by_group.setdefault(who.key, []).append(value)
        return Choices(by_group)

    def _free(self, cleaned: dict[str, Any]) -> FreeTime:
        days = sorted({int(day) for day in cleaned.get("day") or [] if day in set("0123456")})
        # A window whose end was refused is no window; the days still count.
        wrong = bool(self.form.errors.get("free_to"))
        start, end = ("", "") if wrong else (cleaned.get("free_from"), cleaned.get("free_to"))
        return FreeTime(
            tuple(days),
            time.fromisoformat(start) if start else None,
            time.fromisoformat(end) if end else None,
        )

    def _page(self, name: str) -> int:
        text = (self.data or {}).get(name, "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 1
