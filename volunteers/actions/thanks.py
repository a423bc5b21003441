"""Thanks: words that reach the volunteer."""

from __future__ import annotations

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from dcsn.access import Permission
from dcsn.accounts.models import User
from dcsn.audit import record
from directory.models import Organisation
from volunteers.access import check_holds, is_persons_own
from volunteers.giving.events import THANKED
from volunteers.models import Offer, Thanks, Volunteer
from volunteers.refusals import ReasonMissing
from volunteers.signals import thanked


@transaction.atomic
def thank(
    *,
    volunteer: Volunteer,
    organisation: Organisation,
    words: str,
    by: User,
    offer: Offer | None = None,
    signed: str = "",
    key: uuid.UUID | None = None,
) -> Thanks:
    """Thank a volunteer, for an organisation or as the person who was helped (with the ``offer``).

    Sending is done by who is connected to ``volunteers.signals.thanked``, in this transaction; a row
    whose ``reached_at`` is empty has not reached them yet.
    """
    if not (offer is not None and is_persons_own(by, offer.help_request.person)):
        check_holds(by, Permission.HOURS_CONFIRM, organisation.pk)
    if not words.strip():
        raise ReasonMissing(_("Write a word of thanks."))
    thanks, created = Thanks.objects.get_or_create(
        key=key or uuid.uuid4(),
        defaults={
            "volunteer": volunteer,
            "organisation": organisation,
            "offer": offer,
            "words": words.strip(),
            "signed": signed.strip()[:100],
            "by": by,
        },
    )
    if created:
        record(
            THANKED,
            by=by,
            subject=volunteer.person_id,
            organisation=organisation.pk,
            details={"volunteer": volunteer.pk, "thanks": thanks.pk},
        )
        thanked.send(sender=Thanks, thanks=thanks, by=by)
    return thanks
