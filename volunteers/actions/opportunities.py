"""Roles open, fill and end."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import time

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dcsn.access import Permission
from dcsn.audit import Actor, record
from volunteers.access import check_holds
from volunteers.events import OPPORTUNITY_CHANGED, OPPORTUNITY_MOVED
from volunteers.models import (
    Application,
    Interest,
    Opportunity,
    OpportunityTime,
    ShiftPlace,
)
from volunteers.refusals import ChangedMeanwhile, NotPossible
from volunteers.states import OPPORTUNITY, OpportunityState, allowed

ENDED = (OpportunityState.DONE, OpportunityState.CANCELLED)


def locked(opportunity: Opportunity) -> Opportunity:
    """The row as it is now, held until the transaction ends."""
    return (
        Opportunity.objects.select_for_update(of=("self",), no_key=True)
        .select_related("organisation")
        .get(pk=opportunity.pk)
    )


@transaction.atomic
def move_opportunity(
    *, opportunity: Opportunity, to: str, by: Actor, version: int | None = None
) -> Opportunity:
    """Open a role, close it, call it off. Saying again what is already so changes nothing.

    :raises NotPossible: for a way that the table does not have.
    """
    current = locked(opportunity)
    check_holds(by, Permission.OPPORTUNITY_CHANGE, current.organisation_id)
    if current.state == to:
        return current
    if version is not None and version != current.version:
        raise ChangedMeanwhile(
            _("Somebody else has changed this role: it is now “%(state)s”.")
            % {"state": current.get_state_display()}
        )
    if to not in allowed(OPPORTUNITY, current.state):
        raise NotPossible(
            _("A role that is “%(state)s” cannot become “%(to)s”.")
            % {"state": current.get_state_display(), "to": OpportunityState(to).label}
        )
    if to in ENDED:
        _check_nobody_comes(current)
    return _set(current, to, by)


def _check_nobody_comes(opportunity: Opportunity) -> None:
    """Nobody comes to a shift of a role that is over, and nobody is told by its end."""
    expected = ShiftPlace.objects.filter(
        shift__opportunity=opportunity,
        shift__cancelled_at=None,
        shift__ends_at__gt=timezone.now(),
        state__in=[ShiftPlace.State.CONFIRMED, ShiftPlace.State.WAITING],
    )
    number = expected.values("shift").distinct().count()
    if number:
        raise NotPossible(
            ngettext(
                "Volunteers are down for %(count)d shift to come. Call it off on the rota first: that "
                "tells them.",
                "Volunteers are down for %(count)d shifts to come. Call them off on the rota first: that "
                "tells them.",
                number,
            )
            % {"count": number}
        )


@transaction.atomic
def save_opportunity(
    *,
    opportunity: Opportunity,
    interests: Iterable[Interest],
    times: Iterable[tuple[int, time, time]],
    by: Actor,
    version: int | None = None,
) -> Opportunity:
    """Write a role, new or changed, with its weekly times (weekday, from, until).

    :raises ChangedMeanwhile: when somebody else has saved it since the page was opened.
    """
    check_holds(by, Permission.OPPORTUNITY_CHANGE, opportunity.organisation_id)
    if not opportunity._state.adding:
        current = locked(opportunity)
        check_holds(by, Permission.OPPORTUNITY_CHANGE, current.organisation_id)
        if version is not None and version != current.version:
            raise ChangedMeanwhile(
                _("Somebody else has changed this role. Open it again to see how it is now.")
            )
        opportunity.state = current.state
        opportunity.version = current.version + 1
    opportunity.save()
    opportunity.interests.set(interests)
    opportunity.times.all().delete()
    OpportunityTime.objects.bulk_create(
        OpportunityTime(opportunity=opportunity, weekday=day, starts=starts, ends=ends)
        for day, starts, ends in times
    )
    record(
        OPPORTUNITY_CHANGED,
        by=by,
        organisation=opportunity.organisation_id,
        details={"opportunity": opportunity.pk},
    )
    settle_filled(opportunity, by=by)
    return opportunity


def settle_filled(opportunity: Opportunity, *, by: Actor) -> None:
    """With its last place a role is filled; when one is free again, it is open. Hold the row."""
    if opportunity.places is None:
        return
    taken = opportunity.applications.filter(outcome=Application.Outcome.PLACED).count()
    if opportunity.state == OpportunityState.OPEN and taken >= opportunity.places:
        _set(opportunity, OpportunityState.FILLED, by)
    elif opportunity.state == OpportunityState.FILLED and taken < opportunity.places:
        _set(opportunity, OpportunityState.OPEN, by)


def _set(opportunity: Opportunity, to: str, by: Actor) -> Opportunity:
    opportunity.state = to
    opportunity.version += 1
    opportunity.save(update_fields=["state", "version", "changed_at"])
    record(
        OPPORTUNITY_MOVED,
        by=by,
        organisation=opportunity.organisation_id,
        details={"opportunity": opportunity.pk, "to": str(to)},
    )
    return opportunity
