"""What pathways add to a person's page and to an enquiry's: those that go on, and beginning one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _

from dcsn.access import Permission, can
from members.person_page import PageLink, Section, register_links, register_section
from pathways.models import Pathway
from referrals import enquiry_links

if TYPE_CHECKING:
    from dcsn.accounts.models import User
    from members.models import Person
    from referrals.models import Enquiry

SHOWN = 5


def links(user: User, person: Person) -> Iterator[PageLink]:
    if can(user, Permission.PATHWAY_COORDINATE, person):
        yield PageLink(_("Begin a pathway"), reverse("pathways:begin", args=[person.pk]))


def of_enquiry(user: User, enquiry: Enquiry) -> Iterator[PageLink]:
    if enquiry.person_id is not None and can(user, Permission.PATHWAY_COORDINATE, enquiry):
        address = reverse("pathways:begin", args=[enquiry.person_id])
        yield PageLink(_("Begin a pathway with them"), f"{address}?enquiry={enquiry.pk}")


def pathways_of(user: User, person: Person) -> Mapping[str, Any] | None:
    """Those that this user may see: what goes on first."""
    if not can(user, Permission.PATHWAY_VIEW):
        return None
    rows = (
        Pathway.objects.visible_to(user)
        .filter(person=person)
        .select_related("kind", "stage", "coordinator")
        # PostgreSQL sorts what has no value last where nothing else is said: what goes on has no end.
        .order_by(F("ended_at").desc(nulls_first=True), "-started_on", "pk")
    )
    found = list(rows[:SHOWN])
    return {"pathways": found} if found else None


def register() -> None:
    register_links("pathways", links)
    register_section(
        Section(key="pathways", template="pathways/on_person.html", context=pathways_of, order=5)
    )
    enquiry_links.register_links("pathways", of_enquiry)
