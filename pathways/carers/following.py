"""Between a carer's first stage and the access point's enquiry that follows it: there and back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _

from dcsn.access import Permission, can
from members.person_page import PageLink
from pathways.actions.carers import pass_to_council
from pathways.actions.carers_enquiries import COUNCIL, council_key
from pathways.models import CarerAssessment
from referrals.models import Enquiry

if TYPE_CHECKING:
    from dcsn.accounts.models import User


# The second is how those were named that were opened before there was a name for it.
_ORIGINS = (Enquiry.Origin.CARER, Enquiry.Origin.ASSESSMENT)


def first_stage_of(enquiry: Enquiry) -> CarerAssessment | None:
    """The first stage that this enquiry follows."""
    if enquiry.person_id is None or enquiry.origin not in _ORIGINS:
        return None
    stages = CarerAssessment.objects.filter(carer=enquiry.person_id, stage="first")
    return next((one for one in stages if council_key(one) == enquiry.key), None)


def done_at_desk(*, enquiry: Enquiry, by: Any, **_others: Any) -> None:
    """Connected to ``promise_done``: "It is done" on the first page means that they were passed on."""
    found = first_stage_of(enquiry)
    if found is None or found.referred_on is not None or by == COUNCIL:
        return
    allowed = can(by, Permission.CARER_ASSESS, found)
    pass_to_council(assessment=found, by=by if allowed else COUNCIL)


def of_enquiry(user: User, enquiry: Enquiry) -> Iterator[PageLink]:
    found = first_stage_of(enquiry)
    if found is not None and can(user, Permission.CARER_VIEW, found):
        yield PageLink(
            _("What they said as a carer"), reverse("pathways:carer", args=[found.carer_id])
        )
