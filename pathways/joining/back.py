"""Back from a referral, an enquiry or a request for help to the action of a plan that led to it.

Only for whoever may see the plan: to everybody else nothing says that there is one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from members.person_page import PageLink
from pathways.joining.actions import enquiry_key
from pathways.models import Action, Pathway

if TYPE_CHECKING:
    from dcsn.accounts.models import User
    from members.models import Person
    from referrals.models import Enquiry, Referral
    from volunteers.models import HelpRequest

WORDS_AT_MOST = 60


def of_help(user: User, help_request: HelpRequest) -> Iterator[PageLink]:
    for action in _seen(user, help_request.person).filter(help_request=help_request):
        yield _link(action)


def of_referral(user: User, referral: Referral) -> Iterator[PageLink]:
    """An action that was joined with it, or that led to the enquiry in which it was made."""
    for action in _seen(user, referral.person):
        if action.referral_id == referral.pk or enquiry_key(action) == referral.enquiry.key:
            yield _link(action)


def of_enquiry(user: User, enquiry: Enquiry) -> Iterator[PageLink]:
    if enquiry.origin == enquiry.Origin.PATHWAY:
        for action in _seen(user, enquiry.person):
            if enquiry_key(action) == enquiry.key or (
                action.referral is not None and action.referral.enquiry_id == enquiry.pk
            ):
                yield _link(action)


def _seen(user: Any, person: Person | None) -> QuerySet[Action]:
    """The actions of somebody's plans that ``user`` may see: a few, of one person."""
    if person is None:
        return Action.objects.none()
    return (
        Action.objects.filter(plan__pathway__in=Pathway.objects.visible_to(user))
        .filter(plan__pathway__person=person)
        .select_related("referral")
        .order_by("created_at", "id")
    )


def _link(action: Action) -> PageLink:
    words = action.words
    if len(words) > WORDS_AT_MOST:
        words = f"{words[:WORDS_AT_MOST].rstrip()}…"
    return PageLink(
        _("Their plan: %(action)s") % {"action": words},
        f"{reverse('pathways:plan', args=[action.plan_id])}#goals",
    )
