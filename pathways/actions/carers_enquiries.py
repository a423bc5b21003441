"""The access point's work for a carer: until the council has answered, and where it does not help.

An enquiry hangs on the carer, at the access point that took the first stage, and says nothing of whom they
care for nor of what they said: whoever opens it follows the link to the carer's page, if they may.
"""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from dcsn.audit import SystemJob
from pathways.models import CarerAssessment
from referrals.actions.enquiries import finish_enquiry, locked, open_enquiry
from referrals.actions.promises import keep_promise, promise_next
from referrals.models import Enquiry

COUNCIL = SystemJob("carers and the council")
# The usual days of the second stage (pathways.starter): then somebody asks what came of it.
ASK_AFTER = timedelta(weeks=6)


def council_key(assessment: CarerAssessment) -> UUID:
    """The key of the enquiry that follows a first stage until the council has answered."""
    return uuid.uuid5(assessment.pk, "council")


def of_council(assessment: CarerAssessment) -> Enquiry | None:
    return Enquiry.objects.filter(key=council_key(assessment)).first()


def hold(assessment: CarerAssessment) -> Enquiry | None:
    """Before the assessment is locked: whoever ticks a promise off has the enquiry first, then this."""
    found = of_council(assessment)
    return locked(found) if found is not None else None


def open_for_council(assessment: CarerAssessment, *, on: date) -> Enquiry:
    """On the access point's first page from ``on``: pass them to the council."""
    return open_enquiry(
        organisation=assessment.organisation,
        by=COUNCIL,
        key=council_key(assessment),
        origin=Enquiry.Origin.CARER,
        person=assessment.carer,
        channel=Enquiry.Channel.WEB if assessment.by_carer else Enquiry.Channel.OUTREACH,
        promised_on=on,
        promise=_("Pass them to the council for a carer's assessment"),
        words=_(
            "They look after somebody, and did the first stage of a carer's assessment with us. The "
            "council's own assessment comes next. This is confidential from the person they look after."
        ),
    )


def follow_the_council(assessment: CarerAssessment, *, passed_on: date) -> None:
    """They were passed on: what is promised next is to ask what came of it."""
    enquiry = open_for_council(assessment, on=passed_on)
    promise_next(
        enquiry=enquiry,
        on=passed_on + ASK_AFTER,
        promise=_("Ask what came of the council's carer's assessment, and write it down"),
        by=COUNCIL,
    )
    if enquiry.is_open:
        finish_enquiry(enquiry=enquiry, state=Enquiry.State.PASSED_ON, by=COUNCIL)


def council_answered(first: CarerAssessment, second: CarerAssessment) -> None:
    """Nothing is owed to the carer any more; not eligible is never an end."""
    enquiry = of_council(first)
    if enquiry is not None:
        if enquiry.is_open:
            finish_enquiry(enquiry=enquiry, state=Enquiry.State.PASSED_ON, by=COUNCIL)
        keep_promise(enquiry=enquiry, by=COUNCIL)
    if second.outcome == CarerAssessment.Outcome.NOT_ELIGIBLE:
        open_enquiry(
            organisation=second.organisation,
            by=COUNCIL,
            key=uuid.uuid5(second.pk, "not-eligible"),
            origin=Enquiry.Origin.ASSESSMENT,
            person=second.carer,
            channel=Enquiry.Channel.POST,
            promised_on=timezone.localdate(),
            promise=_("Find out what else helps: the council found them not eligible"),
            words=_(
                "The council's carer's assessment found them not eligible. Find out with them what else "
                "would help. This is confidential from the person they look after."
            ),
        )
