"""One page of the board: each person, where they are and what is due, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dcsn.accounts.models import User
from dcsn.references import normal_reference
from directory.models.identity import sort_key_of
from pathways.due import KINDS, SOON, by_next, with_due
from pathways.models import Pathway, PathwayKind, Review, ReviewState

LATE, SOON_KEY = "late", "soon"
SHOW = {
    "": gettext_lazy("that go on"),
    "resting": gettext_lazy("that rest"),
    "ended": gettext_lazy("that have ended"),
}


class CaseloadFilter(django_filters.FilterSet):
    """Which of them: ``CaseloadFilter(request.GET, user=…, today=…).rows``."""

    q = django_filters.CharFilter(label=gettext_lazy("Name or reference"), method="by_words")
    kind = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Kind"),
        queryset=PathwayKind.objects.all(),
        empty_label=gettext_lazy("All kinds"),
    )
    due = django_filters.ChoiceFilter(
        label=gettext_lazy("What is due"),
        choices=[
            (LATE, gettext_lazy("Anything late")),
            (SOON_KEY, gettext_lazy("Anything in two weeks")),
            *KINDS.items(),
        ],
        empty_label=gettext_lazy("Everything"),
        method="by_due",
    )
    who = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Coordinator"),
        field_name="coordinator",
        queryset=User.objects.none(),
        empty_label=gettext_lazy("All"),
    )
    show = django_filters.ChoiceFilter(
        label=gettext_lazy("Pathways"),
        choices=[(key, words) for key, words in SHOW.items() if key],
        empty_label=SHOW[""],
        method="by_state",
    )

    class Meta:
        model = Pathway
        fields: list[str] = []

    def __init__(self, data: Any, *, user: User, today: date) -> None:
        self.today = today
        seen = Pathway.objects.visible_to(user)
        super().__init__(data, queryset=with_due(seen, user))
        coordinators = User.objects.filter(pk__in=seen.open().values("coordinator")).order_by(
            "name"
        )
        names: Any = self.filters["who"]
        names.queryset = coordinators
        names.field.label_from_instance = lambda one: one.name or one.email

    @property
    def rows(self) -> QuerySet[Pathway]:
        """What could be understood: a mistake in one box loses nothing that is in the others."""
        rows = self.queryset
        if not self.form.is_valid() or not self.form.cleaned_data.get("show"):
            rows = rows.filter(ended_at=None)
        for name, filtered in self.filters.items():
            value = self.form.cleaned_data.get(name)
            if value:
                rows = filtered.filter(rows, value)
        return by_next(rows)

    def by_words(self, rows: QuerySet[Pathway], _name: str, value: str) -> QuerySet[Pathway]:
        key = sort_key_of(value)
        wanted = Q(reference=normal_reference(value))
        if key:
            wanted |= Q(person__sort_key__contains=key)
        return rows.filter(wanted)

    def by_due(self, rows: Any, _name: str, value: str) -> Any:
        if value == LATE:
            return rows.filter(next_on__lt=self.today)
        if value == SOON_KEY:
            return rows.filter(next_on__lte=self.today + SOON)
        return rows.filter(**{f"due_{value}__lte": self.today + SOON})

    def by_state(self, rows: QuerySet[Pathway], _name: str, value: str) -> QuerySet[Pathway]:
        if value == "resting":
            return rows.filter(ended_at=None, paused_on__isnull=False)
        return rows.exclude(ended_at=None)


@dataclass(frozen=True)
class Due:
    """One thing that is due, in words; ``colour`` says nothing that ``tag`` does not."""

    on: date
    words: str
    tag: str = ""
    colour: str = ""
    says_day: bool = True


@dataclass(frozen=True)
class Row:
    """One person on the board."""

    pathway: Pathway
    due: tuple[Due, ...]
    is_slow: bool


def rows_of(pathways: Iterable[Pathway], today: date) -> list[Row]:
    """What is due of each, the first day first; one query for the reviews of the page."""
    listed = list(pathways)
    reviews: dict[Any, Review] = {}
    held: dict[Any, Review] = {}
    wanted = Review.objects.filter(pathway__in=[one.pk for one in listed])
    for review in (wanted.to_come() | wanted.filter(state=ReviewState.HELD)).order_by("-closes_on"):
        found = held if review.state == ReviewState.HELD else reviews
        found[review.pathway_id] = review
    return [
        Row(
            one,
            tuple(
                sorted(
                    _due(one, reviews.get(one.pk), held.get(one.pk), today),
                    key=lambda due: due.on,
                )
            )
            if one.is_open
            else (),
            one.is_open and one.paused_on is None and one.stage_is_slow(today),
        )
        for one in listed
    ]


def _due(row: Any, review: Review | None, held: Review | None, today: date) -> Iterable[Due]:
    for kind, words in KINDS.items():
        on: date | None = getattr(row, f"due_{kind}")
        if on is None or (kind == "quiet" and on > today + SOON):
            continue
        if kind == "review" and review is not None:
            yield _of_review(review, on, today)
            continue
        said: str | Promise = words
        if kind == "writing" and held is not None and held.waits_to_be_seen and held.fewer_because:
            said = _("They have not seen why there are to be fewer hours")
        if kind == "quiet":
            said = _("Not spoken with since %(day)s") % {"day": date_format(row.spoke_on, "j F")}
        yield Due(on, str(said), *_tag(on, today), says_day=kind != "quiet")


def _of_review(review: Review, on: date, today: date) -> Due:
    if review.state == ReviewState.BOOKED and on >= today:
        return Due(on, _("Review booked"), *_tag(on, today))
    if review.is_missed(today):
        return Due(on, _("Review missed"), _("overdue"), "red")
    if review.opens_on > today:
        return Due(on, _("Review"), "", "")
    return Due(on, _("Review due"), *_tag(on, today))


def _tag(on: date, today: date) -> tuple[str, str]:
    if on < today:
        return _("late"), "yellow"
    if on == today:
        return _("today"), "blue"
    return "", ""
