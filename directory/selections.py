"""What somebody asks to have printed: one service, a topic, everything near a postcode, my list.

A selection knows its title, its sections of services in the order of the paper, and the few codes with which
an address or a job names it again. A job keeps only those codes and reads the rest when it runs.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dcsn.printing.words import one_piece
from directory.codes import read_code, say_code
from directory.models import Service, SharedList, TaxonomyTerm
from directory.nearby import Position, locate
from directory.search.ranking import Miles

MINE = "mine"
MILES_USUALLY, MILES_AT_MOST = 3, 20


@dataclass(frozen=True)
class Group:
    """Services under one heading."""

    name: str
    service_ids: tuple[UUID, ...]


class Selection(ABC):
    """What is to be printed."""

    @property
    @abstractmethod
    def title(self) -> str:
        """The document's title: what a person would call it."""

    @property
    @abstractmethod
    def codes(self) -> dict[str, str]:
        """What names it in an address: ``{"topic": "foot-care"}``."""

    @property
    @abstractmethod
    def page(self) -> str:
        """The page on which the same can be read."""

    @cached_property
    def groups(self) -> list[Group]:
        """Its services, each once, under headings."""
        return [group for group in self._groups() if group.service_ids]

    @abstractmethod
    def _groups(self) -> list[Group]: ...

    @property
    def intro(self) -> tuple[str, ...]:
        """Sentences for the first page."""
        return ()

    @property
    def count(self) -> int:
        return sum(len(group.service_ids) for group in self.groups)

    @property
    def service_ids(self) -> list[UUID]:
        return [key for group in self.groups for key in group.service_ids]


class NothingSelected(Exception):
    """An address names nothing that can be printed, or something that is no longer there."""


@dataclass
class OneService(Selection):
    service: Service

    @classmethod
    def find(cls, short_id: str) -> OneService:
        found = Service.objects.publishable().filter(short_id=short_id).first()
        if found is None:
            raise NothingSelected
        return cls(found)

    @property
    def title(self) -> str:
        return self.service.name

    @property
    def codes(self) -> dict[str, str]:
        return {"service": self.service.short_id}

    @property
    def page(self) -> str:
        return self.service.get_absolute_url()

    def _groups(self) -> list[Group]:
        return [Group(self.title, (self.service.id,))]


@dataclass
class Topic(Selection):
    """Everything about a topic, under the headings of the topics directly below it."""

    term: TaxonomyTerm

    @classmethod
    def find(cls, slug: str) -> Topic:
        found = TaxonomyTerm.objects.filter(slug=slug, is_topic=True).first()
        if found is None:
            raise NothingSelected
        return cls(found)

    @property
    def title(self) -> str:
        return self.term.name

    @property
    def codes(self) -> dict[str, str]:
        return {"topic": self.term.slug}

    @property
    def page(self) -> str:
        return self.term.get_absolute_url()

    def _groups(self) -> list[Group]:
        """A service that is about several of the topics stands under the first: paper is heavy."""
        below = list(self.term.children.filter(is_topic=True).order_by("position", "sort_key"))
        top_of = _ancestor_among(self.term, below)
        pairs = (
            Service.objects.publishable()
            .filter(terms__in=list(top_of))
            .order_by("sort_key", "id")
            .values_list("id", "terms__id")
        )
        positions = {term.id: number for number, term in enumerate(below)}
        chosen: dict[UUID, int] = {}
        for service_id, term_id in pairs:
            top = top_of[term_id]
            # What is about the topic itself and nothing narrower comes last, under its name.
            position = len(below) if top is None else positions[top]
            chosen[service_id] = min(position, chosen.get(service_id, len(below)))
        names = [term.name for term in below] + [
            _("More: %(topic)s") % {"topic": self.term.name} if below else self.term.name
        ]
        return [
            Group(name, tuple(key for key, where in chosen.items() if where == position))
            for position, name in enumerate(names)
        ]


def _ancestor_among(term: TaxonomyTerm, children: list[TaxonomyTerm]) -> dict[UUID, UUID | None]:
    """For each term at or below ``term``: which of its ``children`` it is under; ``None`` for itself."""
    parents = dict(TaxonomyTerm.objects.values_list("id", "parent_id"))
    tops = {child.id for child in children}
    found: dict[UUID, UUID | None] = {}
    for key in parents:
        seen: set[UUID] = set()
        at: UUID | None = key
        top: UUID | None = None
        while at is not None and at != term.id and at not in seen:
            seen.add(at)
            top = at if at in tops else top
            at = parents.get(at)
        if at == term.id:
            found[key] = top
    return found


@dataclass
class Near(Selection):
    """Everything within some miles of a postcode, in bands, and then what needs no place."""

    here: Position
    within: int

    @classmethod
    def find(cls, postcode: str, within: str) -> Near:
        """Raises ``NoSuchPostcode``, whose words are for the reader."""
        miles = int(within) if within.isascii() and within.isdigit() else MILES_USUALLY
        here = locate(postcode)
        return cls(here, min(max(miles, 1), MILES_AT_MOST))

    @property
    def title(self) -> str:
        return ngettext(
            "Help within %(miles)d mile of %(code)s",
            "Help within %(miles)d miles of %(code)s",
            self.within,
        ) % {"miles": self.within, "code": one_piece(self.here.code)}

    @property
    def codes(self) -> dict[str, str]:
        # No blank: a job keeps codes only.
        return {"near": self.here.asked.replace(" ", ""), "miles": str(self.within)}

    @property
    def page(self) -> str:
        query = urlencode({"near": self.here.asked, "within": self.within})
        return f"{reverse('directory:results')}?{query}"

    @property
    def intro(self) -> tuple[str, ...]:
        return (self.here.in_words(),)

    def _groups(self) -> list[Group]:
        found = (
            Service.objects.publishable()
            .annotate(miles=Miles(self.here))
            .filter(Q(miles__lte=self.within) | Q(miles=None))
            .order_by("miles", "sort_key", "id")
            .values_list("id", "miles", "delivery")
        )
        bands = [*(miles for miles in (1, 3) if miles < self.within), self.within]
        near: dict[int, list[UUID]] = {band: [] for band in bands}
        elsewhere: list[UUID] = []
        not_known: list[UUID] = []
        for key, miles, delivery in found:
            if miles is not None:
                near[next(band for band in bands if miles <= band)].append(key)
            elif Service.Delivery.AT_PLACE in delivery:
                # Of a confidential place no distance is told, so it is never cut by one.
                not_known.append(key)
            else:
                elsewhere.append(key)
        return [
            *(Group(self._band(band, bands), tuple(keys)) for band, keys in near.items()),
            Group(_("By phone, online or at your home"), tuple(elsewhere)),
            Group(_("At a place, but we cannot say how far"), tuple(not_known)),
        ]

    def _band(self, band: int, bands: list[int]) -> str:
        below = [other for other in bands if other < band]
        if not below:
            return ngettext("Within %(miles)d mile", "Within %(miles)d miles", band) % {
                "miles": band
            }
        return _("%(from)d to %(to)d miles") % {"from": below[-1], "to": band}


@dataclass
class ListOfServices(Selection):
    """My list, or one that somebody passed on by a code."""

    ids: list[UUID]
    code: str = ""

    @classmethod
    def find(cls, code: str) -> ListOfServices:
        found = SharedList.objects.kept().filter(code=read_code(code)).first()
        if found is None:
            raise NothingSelected
        return cls(list(found.service_ids), found.code)

    @property
    def title(self) -> str:
        return _("A list of services") if self.code else _("My list")

    @property
    def codes(self) -> dict[str, str]:
        return {"list": self.code or MINE}

    @property
    def page(self) -> str:
        if self.code:
            return reverse("directory:shared_list", args=[say_code(self.code)])
        return reverse("directory:my_list")

    @property
    def intro(self) -> tuple[str, ...]:
        if not self.code:
            return ()
        return (_("The code of this list is %(code)s.") % {"code": say_code(self.code)},)

    def _groups(self) -> list[Group]:
        published = set(
            Service.objects.publishable().filter(id__in=self.ids).values_list("id", flat=True)
        )
        return [Group(self.title, tuple(key for key in self.ids if key in published))]


def selection_from(codes: Mapping[str, str], mine: Sequence[UUID] = ()) -> Selection:
    """The selection that an address or a job names; ``mine`` is the reader's own list.

    Raises ``NothingSelected``, and ``NoSuchPostcode`` for a postcode that we cannot place.
    """
    if service := codes.get("service"):
        return OneService.find(service)
    if topic := codes.get("topic"):
        return Topic.find(topic)
    if near := codes.get("near"):
        return Near.find(near, codes.get("miles", ""))
    if code := codes.get("list"):
        return ListOfServices(list(mine)) if code == MINE else ListOfServices.find(code)
    raise NothingSelected
