"""Telling volunteers, in the way each chose: that hours wait for their word."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from dcsn.audit import Actor
from dcsn.messages import Recipient, queue_message
from dcsn.messages.sealed import seal
from dcsn.network import network
from volunteers.actions.hours import log_finished_help
from volunteers.giving.links import SEAL
from volunteers.helping.telling import way_to
from volunteers.models import HelpChange, HelpRequest, Hours, Side
from volunteers.rules import may_be_contacted
from volunteers.states import HelpState


def help_moved(
    sender: Any, *, help_request: HelpRequest, change: HelpChange, by: Actor, **rest: Any
) -> None:
    """The help was given: its hours are written down for the other side to confirm."""
    if change.to_state == HelpState.DONE:
        log_finished_help(help_request=help_request, by=by)


def hours_logged(sender: Any, *, hours: Hours, by: Actor, **rest: Any) -> None:
    """Hours wait for the volunteer: they get their link, at most once a day."""
    volunteer = hours.volunteer
    person = volunteer.person
    if hours.logged_side != Side.ORGANISATION or person is None or not may_be_contacted(volunteer):
        return
    way = way_to(person)
    if way is None:
        return
    here = network()
    channel, address = way
    queue_message(
        channel=channel,
        key=f"hours:{volunteer.pk}:{timezone.localdate().isoformat()}",
        to=Recipient(person.name, address),
        subject=_("Is this right? Your hours: %(reference)s") % {"reference": volunteer.reference},
        body=_(
            "Hello,\n\nhours that you gave have been written down for you. Please look whether they are "
            "right:\n\n%(link)s\n\nThe page is yours alone and opens for 30 days. Thank you for your "
            "time.\n\n%(network)s, %(helpline)s"
        )
        % {
            "link": seal(SEAL, volunteer.pk),
            "network": here.name,
            "helpline": here.helpline,
        },
        by=by,
        about=person.pk,
        organisation=hours.organisation_id,
    )
