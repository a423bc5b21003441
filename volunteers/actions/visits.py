"""A visit, and how the person knows who is at the door."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dcsn.accounts.models import User
from dcsn.audit import Actor, record
from volunteers.access import party_to_request
from volunteers.actions.help import locked as locked_request
from volunteers.booking import Span
from volunteers.events import VISIT_AGREED
from volunteers.models import Offer, Visit
from volunteers.refusals import NotPossible, ReasonMissing
from volunteers.states import OfferState


@transaction.atomic
def agree_visit(
    *, offer: Offer, span: Span, by: Actor, watchword: str = "", card: str = ""
) -> Visit:
    """When they come, and by what the person knows them: a password, or what the photo card shows.

    Said by the person or by staff, never by the volunteer. Agreed again for the same time, it changes the
    one visit.

    :raises NotPossible: before both have accepted.
    """
    request = locked_request(offer.help_request)
    party_to_request(by, request, taking=True)
    current = Offer.objects.select_for_update().select_related("volunteer").get(pk=offer.pk)
    if not current.is_released or current.state != OfferState.ACCEPTED:
        raise NotPossible(_("Both must have accepted first."))
    if not watchword.strip() and not card.strip():
        raise ReasonMissing(_("Agree a password, or say what the photo card shows."))
    visit, _created = Visit.objects.update_or_create(
        offer=current,
        starts_at=span.starts_at,
        cancelled_at=None,
        defaults={
            "ends_at": span.ends_at,
            "watchword": watchword.strip()[:40],
            "card": card.strip()[:100],
            "agreed_by": by if isinstance(by, User) else None,
        },
    )
    record(
        VISIT_AGREED,
        by=by,
        subject=request.person_id,
        organisation=request.organisation_id,
        details={
            "visit": visit.pk,
            "offer": current.pk,
            "help_request": request.pk,
            "volunteer": current.volunteer_id,
        },
    )
    return visit


@transaction.atomic
def cancel_visit(*, visit: Visit, by: Actor) -> Visit:
    """It does not take place; the offer stands."""
    request = locked_request(visit.offer.help_request)
    party_to_request(by, request, taking=True)
    current = Visit.objects.select_for_update().get(pk=visit.pk)
    if current.cancelled_at is None:
        current.cancelled_at = timezone.now()
        current.save(update_fields=["cancelled_at"])
    return current
