"""What the access point adds to a person's page: an enquiry about them, begun or gone on with."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from dcsn.access import Permission, can
from members.person_page import PageLink, register_links
from referrals.models import Enquiry

if TYPE_CHECKING:
    from dcsn.accounts.models import User
    from members.models import Person

# Somebody who has just been recorded is most often meant by the enquiry that is still open.
LATELY = timedelta(hours=8)


def links(user: User, person: Person) -> list[PageLink]:
    """ "New enquiry", and the enquiry that this member of staff has open without a name."""
    if not can(user, Permission.ENQUIRY_TAKE):
        return []
    waiting = (
        Enquiry.objects.visible_to(user)
        .unfinished()
        .filter(taken_by=user, person=None, started_at__gte=timezone.now() - LATELY)
        .order_by("-started_at")
        .first()
    )
    new = f"{reverse('referrals:enquiry_new')}?person={person.id}"
    found = [PageLink(_("New enquiry"), new, main=waiting is None)]
    if waiting is not None:
        # They came from there: a second enquiry is what is seldom meant.
        found.append(
            PageLink(
                _("Enquiry %(reference)s is about them") % {"reference": waiting.reference},
                f"{waiting.get_absolute_url()}?person={person.id}",
                main=True,
            )
        )
    return found


def register() -> None:
    register_links("referrals:enquiries", links)
