"""The file for another computer system, on a pathway's page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dcsn.access import Permission, can
from pathways.page import Section, register_section

if TYPE_CHECKING:
    from dcsn.accounts.models import User
    from pathways.models import Pathway


def file_of(user: User, pathway: Pathway) -> dict[str, Any] | None:
    """Nothing leaves of somebody who has been forgotten."""
    if pathway.person_id is None or not can(user, Permission.PATHWAY_COORDINATE, pathway):
        return None
    return {"pathway": pathway}


def register() -> None:
    register_section(
        Section(key="fhir", template="pathways/fhir/on_page.html", context=file_of, order=60)
    )
