"""What carers' work adds to a person's page: the way to the first stage, or to what they said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from dcsn.access import Permission, can
from members.person_page import PageLink, register_links
from pathways.models import CarerAssessment

if TYPE_CHECKING:
    from dcsn.accounts.models import User
    from members.models import Person


def links(user: User, person: Person) -> list[PageLink]:
    """Nothing here follows from anybody else's record: not of whom they care for, nor who cares for them."""
    if (
        can(user, Permission.CARER_VIEW, person)
        and CarerAssessment.objects.visible_to(user).filter(carer=person).exists()
    ):
        return [PageLink(_("As a carer"), reverse("pathways:carer", args=[person.id]))]
    if can(user, Permission.CARER_ASSESS, person):
        return [
            PageLink(
                _("They look after somebody"), reverse("pathways:carer_first", args=[person.id])
            )
        ]
    return []


def register() -> None:
    """Called by ``apps.ready()``."""
    from pathways.carers import following
    from referrals import enquiry_links
    from referrals.signals import promise_done

    register_links("pathways:carers", links)
    enquiry_links.register_links("pathways:carers", following.of_enquiry)
    promise_done.connect(following.done_at_desk, dispatch_uid="pathways.carers")
