"""Budgets on a pathway's page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from dcsn.access import Permission, can
from pathways.page import Section, register_section

if TYPE_CHECKING:
    from dcsn.accounts.models import User
    from pathways.models import Pathway


def budgets_of(user: User, pathway: Pathway) -> Mapping[str, Any] | None:
    if not can(user, Permission.PATHWAY_VIEW):
        return None
    return {"pathway": pathway, "budgets": list(pathway.budgets.all())}


def register() -> None:
    register_section(
        Section(
            key="budget",
            template="pathways/budgets/on_page.html",
            context=budgets_of,
            order=50,
        )
    )
