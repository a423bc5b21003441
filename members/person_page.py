"""What the apps above add to a person's page, without this app knowing them.

In ``referrals/person_page.py``, called from its ``apps.ready()``::

    register_section(
        Section(
            key="referrals:open",
            template="referrals/person/open.html",   # gets what ``context`` returns as ``section``
            context=open_of,                         # open_of(user, person) -> dict, or None for nothing
            order=10,
        )
    )
    register_links("referrals", lambda user, person: [PageLink(_("New enquiry"), address, main=True)])

Sections stand between how to reach somebody and what they agreed to, in the order of ``order``:
below 50 is what is open, from 50 the timeline. ``beside=True`` puts one into the narrow column.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise

if TYPE_CHECKING:
    from dcsn.accounts.models import User
    from members.models import Person


@dataclass(frozen=True)
class Section:
    """A part of the page. ``context(user, person)`` also decides whether this user sees it: ``None``."""

    key: str
    template: str
    context: Callable[[User, Person], Mapping[str, Any] | None]
    order: int = 100
    beside: bool = False


@dataclass(frozen=True)
class ShownSection:
    template: str
    context: Mapping[str, Any]


@dataclass(frozen=True)
class PageLink:
    """A button at the top of the page; ``main`` for the one that is pressed most."""

    words: str | Promise
    address: str
    main: bool = False


Links = Callable[["User", "Person"], Iterable[PageLink]]
_sections: dict[str, Section] = {}
_links: dict[str, Links] = {}


def register_section(section: Section) -> None:
    """Twice for one key is an error: two apps would fight over the same place."""
    if section.key in _sections:
        raise ValueError(f"The section {section.key} of a person's page is registered twice.")
    _sections[section.key] = section


def register_links(key: str, links: Links) -> None:
    if key in _links:
        raise ValueError(f"The links {key} of a person's page are registered twice.")
    _links[key] = links


def sections_for(user: User, person: Person) -> tuple[list[ShownSection], list[ShownSection]]:
    """What this user sees of this person: the wide column's sections and the narrow one's."""
    columns: tuple[list[ShownSection], list[ShownSection]] = ([], [])
    for section in sorted(_sections.values(), key=lambda one: (one.order, one.key)):
        context = section.context(user, person)
        if context is not None:
            columns[section.beside].append(ShownSection(section.template, context))
    return columns


def links_for(user: User, person: Person) -> list[PageLink]:
    """The main ones first, else in the order in which the apps registered."""
    found = [link for links in _links.values() for link in links(user, person)]
    return sorted(found, key=lambda link: not link.main)
