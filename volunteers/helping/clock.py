"""By the clock: offers that lapse, and requests for which nobody was found in time."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone

from dcsn.audit import SystemJob
from volunteers.actions.help import leave_unfilled
from volunteers.actions.help import locked as locked_request
from volunteers.actions.offers import lapse_offers
from volunteers.helping.telling import ask_how_it_went, tell_how_it_stands
from volunteers.models import HelpRequest
from volunteers.states import HelpState

CLOCK = SystemJob("volunteers clock")


def let_offers_lapse() -> int:
    return lapse_offers(by=CLOCK)


def follow_up_help(today: date | None = None) -> int:
    """For whom nobody was found by the promised day becomes *unfilled*, with another day, and is told.

    A request that nobody has triaged, or for which a volunteer is being asked at this moment, stays as it
    is: it stands first on the board, among those whom somebody must ring.

    :returns: how many became unfilled.
    """
    day = today or timezone.localdate()
    overdue = HelpRequest.objects.overdue(day).filter(state=HelpState.TRIAGED, anonymised_at=None)
    number = 0
    for key in list(overdue.values_list("pk", flat=True)):
        with transaction.atomic():
            current = locked_request(HelpRequest.objects.get(pk=key))
            if current.state != HelpState.TRIAGED or (current.follow_up_on or day) >= day:
                continue
            tell_how_it_stands(leave_unfilled(help_request=current, by=CLOCK), by=CLOCK)
            number += 1
    return number


def ask_for_whom_it_is_time(today: date | None = None) -> int:
    """Who was helped some days ago is asked whether they got it, once. Who gets no messages stays on the
    list of those whom the desk asks.

    :returns: how many were written to.
    """
    day = today or timezone.localdate()
    waiting = HelpRequest.objects.to_ask_how_it_went(day).filter(asked_how_at=None)
    number = 0
    for key in list(waiting.values_list("pk", flat=True)):
        with transaction.atomic():
            current = locked_request(HelpRequest.objects.get(pk=key))
            if current.asked_how_at is not None or current.answer:
                continue
            if ask_how_it_went(current, by=CLOCK):
                current.asked_how_at = timezone.now()
                current.save(update_fields=["asked_how_at"])
                number += 1
    return number
