"""What volunteering adds to a person's page: asking for a hand, and how what they asked for stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _

from dcsn.access import Permission, can
from members.person_page import PageLink, Section, register_links, register_section
from volunteers.models import Application, HelpRequest, Volunteer

if TYPE_CHECKING:
    from dcsn.accounts.models import User
    from members.models import Person

SHOWN = 5


def links(user: User, person: Person) -> list[PageLink]:
    if not can(user, Permission.HELP_TAKE, person):
        return []
    return [
        PageLink(_("Help from a volunteer"), reverse("volunteers:ask_help_for", args=[person.id]))
    ]


def requests_of(user: User, person: Person) -> Mapping[str, Any] | None:
    """The latest that this user may know of; nothing for who takes down and coordinates none."""
    if not (can(user, Permission.HELP_TAKE) or can(user, Permission.HELP_COORDINATE)):
        return None
    found = list(
        HelpRequest.objects.visible_to(user).filter(person=person).order_by("-asked_at")[:SHOWN]
    )
    # The page of a request is for the desk that wrote it down.
    own = set(HelpRequest.objects.taken_by(user).filter(person=person).values_list("pk", flat=True))
    return {"requests": found, "own": own} if found else None


def volunteer_of(user: User, person: Person) -> Mapping[str, Any] | None:
    """How they stand as a volunteer, for who looks after them as one."""
    if not can(user, Permission.VOLUNTEER_VIEW):
        return None
    row = Volunteer.objects.visible_to(user).of_person(person).first()
    if row is None:
        return None
    placed = row.applications.filter(outcome=Application.Outcome.PLACED)
    return {"row": row, "roles": placed.select_related("opportunity__organisation")}


def register() -> None:
    register_section(
        Section(
            key="volunteers:volunteer",
            template="volunteers/becoming/on_person.html",
            context=volunteer_of,
            order=32,
        )
    )
    register_links("volunteers:help", links)
    register_section(
        Section(
            key="volunteers:help",
            template="volunteers/helping/on_person.html",
            context=requests_of,
            order=30,
        )
    )
