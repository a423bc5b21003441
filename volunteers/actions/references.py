"""References: facts that are known, words of whoever signs, one version after the other."""

from __future__ import annotations

import uuid
from datetime import date

from django.db import transaction
from django.db.models import Max, Sum
from django.utils.translation import gettext as _

from dcsn.access import Permission
from dcsn.accounts.models import User
from dcsn.audit import record
from directory.models import Organisation
from volunteers.access import check_holds, is_persons_own
from volunteers.giving.events import REFERENCE_GIVEN
from volunteers.models import Hours, Reference, Volunteer
from volunteers.refusals import NotPossible, ReasonMissing, SameSide


@transaction.atomic
def give_reference(
    *,
    volunteer: Volunteer,
    organisation: Organisation,
    role: str,
    from_on: date,
    signed: str,
    by: User,
    until_on: date | None = None,
    text: str = "",
    purpose: str = "",
    key: uuid.UUID | None = None,
) -> Reference:
    """Sign the next version. The hours in it are those that both sides confirmed, counted now.

    :raises SameSide: for oneself.
    """
    check_holds(by, Permission.HOURS_CONFIRM, organisation.pk)
    if is_persons_own(by, volunteer.person):
        raise SameSide(_("Somebody else must sign your reference."))
    if not volunteer.standings.filter(organisation=organisation).exists():
        raise NotPossible(_("They have nothing to do with this organisation."))
    if not role.strip() or not signed.strip():
        raise ReasonMissing(_("Say what they did, and who signs."))
    if until_on is not None and until_on < from_on:
        raise NotPossible(_("It must end after it began."))
    # Two who sign at once get two numbers.
    Volunteer.objects.select_for_update().get(pk=volunteer.pk)
    known = Reference.objects.filter(key=key, volunteer=volunteer).first() if key else None
    if known is not None:
        return known
    of = {"volunteer": volunteer, "organisation": organisation}
    last = Reference.objects.filter(**of).aggregate(last=Max("number"))["last"] or 0
    counted = Hours.objects.counted().filter(**of).aggregate(sum=Sum("minutes"))["sum"] or 0
    reference = Reference.objects.create(
        **of,
        key=key or uuid.uuid4(),
        number=last + 1,
        role=role.strip()[:200],
        from_on=from_on,
        until_on=until_on,
        minutes=counted,
        text=text.strip(),
        purpose=purpose.strip()[:200],
        signed=signed.strip()[:150],
        given_by=by,
    )
    record(
        REFERENCE_GIVEN,
        by=by,
        subject=volunteer.person_id,
        organisation=organisation.pk,
        details={
            "volunteer": volunteer.pk,
            "reference": reference.pk,
            "number": reference.number,
        },
    )
    return reference
