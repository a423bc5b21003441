"""A parent's word for somebody under 16."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dcsn.accounts.models import User
from dcsn.audit import Actor, record
from volunteers.access import party_to_volunteer
from volunteers.actions.volunteers import locked
from volunteers.events import PARENT_ANSWERED, PARENT_ASKED
from volunteers.models import ParentConfirmation, Volunteer
from volunteers.refusals import NotPossible


def hash_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def ask_parent(
    *, volunteer: Volunteer, name: str, by: Actor, email: str = "", phone: str = ""
) -> tuple[ParentConfirmation, str]:
    """Write down whom to ask, and make the secret of their link.

    Sending it is the caller's: ``dcsn.messages.queue_message`` in the same transaction.

    :returns: the confirmation, and the secret that is kept nowhere (the row has its hash). Asked again,
        the older link opens nothing any more.
    """
    current = locked(volunteer)
    party_to_volunteer(by, current)
    secret = secrets.token_urlsafe(24)
    confirmation, _created = ParentConfirmation.objects.update_or_create(
        volunteer=current,
        defaults={
            "name": name.strip()[:100],
            "email": email,
            "phone": phone,
            "secret_hash": hash_of(secret),
            "asked_at": timezone.now(),
            "confirmed_at": None,
            "refused_at": None,
            "recorded_by": None,
        },
    )
    record(
        PARENT_ASKED,
        by=by,
        subject=current.person_id,
        organisation=current.organisation_id,
        details={"volunteer": current.pk},
    )
    return confirmation, secret


def confirmation_for(secret: str) -> ParentConfirmation | None:
    """What a parent's link opens, while it has not been answered."""
    return (
        ParentConfirmation.objects.filter(secret_hash=hash_of(secret))
        .select_related("volunteer__person", "volunteer__organisation")
        .first()
    )


@transaction.atomic
def answer_as_parent(
    *, confirmation: ParentConfirmation, yes: bool, by: Actor, at: datetime | None = None
) -> ParentConfirmation:
    """The parent says yes or no: by their link (``by`` a ``SystemJob``), or staff write it down.

    The young person never answers for their parent. The first answer holds; a no can become a yes only
    by asking anew.
    """
    locked(confirmation.volunteer)
    current = ParentConfirmation.objects.select_for_update().get(pk=confirmation.pk)
    volunteer = current.volunteer
    if isinstance(by, User) and party_to_volunteer(by, volunteer) == "volunteer":
        raise NotPossible(_("A parent must say this themselves."))
    if current.confirmed_at or current.refused_at:
        return current
    moment = at or timezone.now()
    if yes:
        current.confirmed_at = moment
    else:
        current.refused_at = moment
    current.recorded_by = by if isinstance(by, User) else None
    current.save()
    record(
        PARENT_ANSWERED,
        by=by,
        subject=volunteer.person_id,
        organisation=volunteer.organisation_id,
        details={"volunteer": volunteer.pk, "answer": "yes" if yes else "no"},
    )
    return current
