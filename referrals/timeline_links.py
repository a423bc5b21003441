"""On a person's page: what has happened with them, and the way to show them their own referrals."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from dcsn.access import Permission, can
from dcsn.accounts.models import User
from members.access import Standing, standing_of
from members.models import Person
from members.person_page import PageLink, register_links


def register() -> None:
    register_links("referrals:timeline", _links)


def _links(user: User, person: Person) -> Iterator[PageLink]:
    if can(user, Permission.REFERRAL_VIEW, person):
        yield PageLink(_("What has happened"), reverse("referrals:timeline", args=[person.id]))
        if standing_of(user, person, Permission.REFERRAL_VIEW) is Standing.NEAR:
            yield PageLink(
                _("Show them their referrals"), reverse("referrals:mine_hand_out", args=[person.id])
            )
