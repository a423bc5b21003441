"""Somebody asks for a coordinator on the website: an enquiry at the access point, for today."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dcsn.audit import SystemJob
from directory.models import Organisation
from members.actions.people import add_person
from referrals.actions.enquiries import open_enquiry
from referrals.models import Enquiry

# A visitor at the website's form, in the audit trail.
ASK_FORM = SystemJob("coordinator form")


@transaction.atomic
def ask_for_coordinator(
    *,
    organisation: Organisation,
    who: Mapping[str, Any],
    words: str,
    on_behalf_of: str,
    key: UUID,
) -> Enquiry:
    """The same form twice is one enquiry and one person.

    Who asks is recorded anew: nobody is matched by what they typed, since the answer would tell a stranger
    who is known here; staff bring two records together.
    """
    # Clicks of one form wait for each other here, so that the second finds what the first has made.
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    known = Enquiry.objects.filter(key=key, organisation=organisation).first()
    if known is not None:
        return known
    person = add_person(organisation=organisation, by=ASK_FORM, **who)
    return open_enquiry(
        organisation=organisation,
        by=ASK_FORM,
        key=key,
        origin=Enquiry.Origin.COORDINATOR,
        channel=Enquiry.Channel.WEB,
        person=person,
        on_behalf_of=on_behalf_of,
        words=words,
        promised_on=timezone.localdate(),
        promise=_("Ring them: they asked for a coordinator"),
    )
