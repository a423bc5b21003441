"""What somebody asks to have printed: one service, a topic, everything near a postcode, my list.

A selection knows its title, its sections of services in the order of the paper, and the few codes with which
an address or a job names it again. A job keeps only those codes and reads the rest when it runs.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from directory.models import Service, TaxonomyTerm


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


def selection_from(codes: Mapping[str, str]) -> Selection:
    """The selection that an address or a job names. Raises ``NothingSelected``."""
    if service := codes.get("service"):
        return OneService.find(service)
    if topic := codes.get("topic"):
        return Topic.find(topic)
    raise NothingSelected


def print_address(selection: Selection) -> str:
    """The page where size and colour are chosen."""
    from urllib.parse import urlencode

    return f"{reverse('directory:print')}?{urlencode(selection.codes)}"
