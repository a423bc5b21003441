"""A request for help that volunteers cannot meet goes on as an enquiry at an access point: never silence.

Called inside the transaction of the change (``volunteers.signals``): no enquiry, no change.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from dcsn.audit import SystemJob
from directory.models import Organisation
from members.access import posting_desk
from referrals.actions.enquiries import open_enquiry
from referrals.models import Enquiry
from volunteers.models import HelpRequest

JOINING = SystemJob("after a request for help")
WORDS_AT_MOST = 1000
PROMISE_AT_MOST = 200


def not_for_volunteers(*, help_request: HelpRequest, **_others: Any) -> None:
    """It was passed to an enquiry. What was passed to a paid service or to adult social care has gone where
    it belongs already."""
    if help_request.passed_to == HelpRequest.PassedTo.ENQUIRY:
        _open(
            help_request, "not-a-volunteers-task", _("Not a task for a volunteer: find other help")
        )


def nobody_found(*, help_request: HelpRequest, **_others: Any) -> None:
    """Nobody was found in time: by the day that the person was told, somebody looks for something else."""
    _open(
        help_request,
        # It may be taken up and stay unfilled again: then somebody looks again.
        f"unfilled:{help_request.version}",
        _("No volunteer was found: tell them, and find other help"),
    )


def _open(help_request: HelpRequest, why: str, promise: str) -> Enquiry | None:
    person = help_request.person
    hub = _hub(help_request)
    if person is None or hub is None:
        return None
    words = _("Request for help %(reference)s: %(what)s") % {
        "reference": help_request.reference,
        "what": help_request.what,
    }
    if help_request.passed_note:
        words = f"{words}\n{help_request.passed_note}"
    return open_enquiry(
        organisation=hub,
        by=JOINING,
        key=uuid.uuid5(help_request.pk, why),
        origin=Enquiry.Origin.HELP_REQUEST,
        channel=_CHANNELS.get(help_request.channel, Enquiry.Channel.PHONE),
        person=person,
        words=words[:WORDS_AT_MOST],
        promised_on=help_request.follow_up_on or timezone.localdate(),
        promise=promise[:PROMISE_AT_MOST],
    )


def _hub(help_request: HelpRequest) -> Organisation | None:
    """The desk that took it down, else the person's access point, else the one for the website."""
    places = (
        help_request.taken_at,
        help_request.person.organisation if help_request.person else None,
        help_request.organisation,
    )
    return next((one for one in places if one and one.is_access_point), posting_desk())


_CHANNELS: dict[str, str] = {
    HelpRequest.Channel.DESK: Enquiry.Channel.WALK_IN,
    HelpRequest.Channel.WEB: Enquiry.Channel.WEB,
    HelpRequest.Channel.LETTER: Enquiry.Channel.POST,
}
