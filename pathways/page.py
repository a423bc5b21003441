"""What the parts of this app put on a pathway's page, without the page knowing them.

In ``pathways/plans/on_page.py``, called from ``apps.ready()``::

    register_section(
        Section(
            key="plan",
            template="pathways/plans/on_page.html",   # gets what ``context`` returns as ``section``
            context=plan_of,                          # plan_of(user, pathway) -> dict, or None
            order=10,
        )
    )

Places that are taken: plan 10, outcomes 20, reviews 30, carer 40, budget 50,
file for another system 60. The timeline comes last.
Each section begins with an ``h2``. The ones whose ``context`` answers ``None`` are not shown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dcsn.accounts.models import User
    from pathways.models import Pathway


@dataclass(frozen=True)
class Section:
    """A part of the page. ``context(user, pathway)`` also decides whether this user sees it: ``None``."""

    key: str
    template: str
    context: Callable[[User, Pathway], Mapping[str, Any] | None]
    order: int = 100


@dataclass(frozen=True)
class ShownSection:
    template: str
    context: Mapping[str, Any]


_sections: dict[str, Section] = {}


def register_section(section: Section) -> None:
    """Twice for one key is an error: two parts would fight over the same place."""
    if section.key in _sections:
        raise ValueError(f"The section {section.key} of a pathway's page is registered twice.")
    _sections[section.key] = section


def sections_for(user: User, pathway: Pathway) -> list[ShownSection]:
    """What this user sees of this pathway, in its order."""
    found = []
    for section in sorted(_sections.values(), key=lambda one: (one.order, one.key)):
        context = section.context(user, pathway)
        if context is not None:
            found.append(ShownSection(section.template, context))
    return found
