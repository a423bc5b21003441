"""What somebody can do here, as links on their first page.

Each app says in its ``access.py`` which doors it has::

    register_door(
        Door(Permission.REPORT_HANDLE, _("Reported mistakes"), _("What readers told us"),
             "directory:reports", order=30)
    )
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise

from dcsn.access.decision import can, scope_of_permission
from dcsn.access.permissions import Permission


@dataclass(frozen=True)
class Door:
    """One link of the first page, for whoever holds the permission."""

    permission: Permission
    title: str | Promise
    description: str | Promise
    url_name: str
    order: int = 100
    # Where whoever holds the permission at one organisation begins after signing in.
    landing: bool = False
    # What it is called in the menu under the header, for what is done many times a day.
    menu: str | Promise = ""

    @property
    def address(self) -> str:
        return reverse(self.url_name)


_doors: dict[str, Door] = {}


def register_door(door: Door) -> None:
    _doors[door.url_name] = door


def all_doors() -> list[Door]:
    return sorted(_doors.values(), key=lambda door: (door.order, str(door.title)))


def doors_for(user: Any) -> list[Door]:
    """The doors that this user may open; one whose app is not installed here is left out."""
    found = []
    for door in all_doors():
        if not can(user, door.permission):
            continue
        try:
            reverse(door.url_name)
        except NoReverseMatch:
            continue
        found.append(door)
    return found


def landing_for(user: Any) -> str | None:
    """The page on which this user's work begins; None for whoever begins with all their doors."""
    for door in doors_for(user):
        if door.landing and scope_of_permission(user, door.permission).organisations:
            return door.address
    return None
