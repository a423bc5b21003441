"""The buttons that the checklist and safeguarding put on a person's page; called by ``apps.ready()``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from dcsn.access import Permission, can
from members.person_page import PageLink, register_links

if TYPE_CHECKING:
    from dcsn.accounts.models import User
    from members.models import Person


def register() -> None:
    register_links("referrals:checklist", _checklist)
    register_links("referrals:safeguarding", _safeguarding)


def _checklist(user: User, person: Person) -> Iterator[PageLink]:
    if can(user, Permission.CHECKLIST_USE, person):
        address = f"{reverse('referrals:checklist_new')}?person={person.id}"
        yield PageLink(_("First Contact checklist"), address)


def _safeguarding(user: User, person: Person) -> Iterator[PageLink]:
    if can(user, Permission.SAFEGUARDING_RAISE):
        address = reverse("referrals:concern_new", args=["person", person.id])
        yield PageLink(_("Raise a safeguarding concern"), address)
