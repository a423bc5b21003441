"""Asking a volunteer: suggested, asked, a yes from both, or on to the next. A no costs nobody anything."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dcsn.access import Permission
from dcsn.accounts.models import User
from dcsn.audit import Actor, SystemJob, record
from volunteers.access import check_holds, is_persons_own, party_to_request
from volunteers.actions.help import locked as locked_request
from volunteers.actions.help import move_help
from volunteers.actions.locks import lock_volunteers
from volunteers.actions.volunteers import locked as locked_volunteer
from volunteers.booking import Span
from volunteers.events import CONTACT_RELEASED, OFFER_MOVED, PERSON_ACCEPTED
from volunteers.models import HelpRequest, Offer, Visit, Volunteer
from volunteers.refusals import (
    NotAvailable,
    NotPossible,
    OfferOver,
    PlaceTaken,
    Refused,
)
from volunteers.rules import Task, check_may_help
from volunteers.signals import offer_moved
from volunteers.states import OFFER, HelpState, OfferState, Party, VolunteerState, may

# How long a volunteer has to answer, when nobody says otherwise.
LAPSES_AFTER = timedelta(hours=48)
# Who asks the next, when one says no: a coordinator had confirmed the order.
SYSTEM_QUEUE = SystemJob("next in the queue")
_CAN_BE_OFFERED = (HelpState.TRIAGED, HelpState.OFFERED, HelpState.UNFILLED)


@transaction.atomic
def make_offer(
    *,
    help_request: HelpRequest,
    volunteers: Sequence[Volunteer],
    by: Actor,
    span: Span | None = None,
    lapses_at: datetime | None = None,
    override_reason: str = "",
) -> Offer:
    """A coordinator confirms: ask the first of these volunteers, and keep the others in that order for
    when the first says no or does not answer.

    :param span: when it would be, where the request has no time or another one was agreed.
    :param override_reason: lets the first one's times overlap; written down with who said so.
    :raises Refused: for each hard rule, see ``volunteers.rules``; :class:`PlaceTaken` when somebody has
        accepted already or is being asked.
    """
    current = locked_request(help_request)
    check_holds(by, Permission.HELP_COORDINATE, current.organisation_id)
    _check_sight(by, volunteers)
    if not volunteers:
        raise NotPossible(_("Choose a volunteer."))
    if current.state not in _CAN_BE_OFFERED:
        raise PlaceTaken(
            _("Nobody is looked for any more: this request is “%(state)s”.")
            % {"state": current.get_state_display()}
        )
    asked = current.offers.filter(state=OfferState.OFFERED).first()
    if asked is not None:
        if asked.volunteer_id == volunteers[0].pk:
            return asked
        raise PlaceTaken(
            _("Another volunteer is being asked: wait for the answer, or take it back.")
        )
    current.offers.filter(state=OfferState.SUGGESTED).update(queue_position=None)
    for position, volunteer in enumerate(volunteers[1:], start=1):
        offer = _suggested(current, volunteer, span)
        offer.queue_position = position
        offer.save(update_fields=["queue_position"])
    return _ask(current, volunteers[0], by, span, lapses_at, override_reason)


def _suggested(help_request: HelpRequest, volunteer: Volunteer, span: Span | None) -> Offer:
    offer = help_request.offers.filter(
        volunteer=volunteer, state=OfferState.SUGGESTED
    ).first() or Offer(help_request=help_request, volunteer=volunteer)
    offer.starts_at = span.starts_at if span else help_request.starts_at
    offer.ends_at = span.ends_at if span else help_request.ends_at
    offer.repeats = help_request.repeats
    offer.save()
    return offer


def _ask(
    help_request: HelpRequest,
    volunteer: Volunteer,
    by: Actor,
    span: Span | None,
    lapses_at: datetime | None,
    override_reason: str,
) -> Offer:
    held = locked_volunteer(volunteer)
    offer = _suggested(help_request, held, span)
    _check_rules(held, help_request, offer, overriding=bool(override_reason.strip()))
    now = timezone.now()
    offer.offered_at, offer.offered_by = now, by if isinstance(by, User) else None
    offer.lapses_at = lapses_at or now + LAPSES_AFTER
    offer.queue_position = None
    if override_reason.strip():
        offer.override_reason = override_reason.strip()[:300]
        offer.override_by = by if isinstance(by, User) else None
    _move(offer, OfferState.OFFERED, by, Party.SYSTEM if offer.offered_by is None else Party.STAFF)
    party = Party.STAFF if isinstance(by, User) else Party.SYSTEM
    move_help(help_request, HelpState.OFFERED, by=by, party=party)
    return offer


@transaction.atomic
def accept(*, offer: Offer, by: Actor, side: Party) -> Offer:
    """One side says yes. When both have, contact details are released to each.

    :param side: ``Party.VOLUNTEER`` or ``Party.PERSON``: for whom this is said. Staff may say it for either
        (somebody on the phone); the volunteer and the person each for themselves.
    :raises OfferOver: when it has lapsed, was withdrawn, or was answered with no.
    :raises PlaceTaken: when somebody else said yes a moment ago.
    :raises Refused: when a hard rule no longer holds (a check ran out, another promise since).
    """
    request, volunteer, current = _hold(offer)
    _check_side(by, request, volunteer, side)
    if current.state not in (OfferState.OFFERED, OfferState.ACCEPTED):
        raise OfferOver(
            _("This is over: it was “%(state)s”.") % {"state": current.get_state_display()}
        )
    now = timezone.now()
    if (
        current.state == OfferState.OFFERED
        and current.lapses_at is not None
        and current.lapses_at <= now
    ):
        raise OfferOver(_("The time to answer this is over."))
    if side is Party.VOLUNTEER:
        if current.volunteer_accepted_at is not None:
            return current
        if request.state != HelpState.OFFERED:
            raise PlaceTaken(_("Somebody else has said yes a moment ago."))
        _check_rules(volunteer, request, current, overriding=bool(current.override_reason))
        current.volunteer_accepted_at = now
        _move(current, OfferState.ACCEPTED, by, Party.VOLUNTEER)
        move_help(request, HelpState.MATCHED, by=by, party=Party.VOLUNTEER)
        _drop_others(request, current, by)
    else:
        if current.person_accepted_at is not None:
            return current
        current.person_accepted_at = now
        current.save()
        _record(PERSON_ACCEPTED, current, by, party=str(side))
    if current.volunteer_accepted_at and current.person_accepted_at and not current.released_at:
        current.released_at = now
        current.save()
        _record(CONTACT_RELEASED, current, by)
    return current


@transaction.atomic
def decline(*, offer: Offer, by: Actor, side: Party, words: str = "") -> Offer:
    """One side says no, before or after a yes of the other; no reason is asked for. The next volunteer in
    the order that the coordinator confirmed is asked at once.

    :raises OfferOver: when it has ended otherwise. A second no changes nothing.
    """
    request, volunteer, current = _hold(offer)
    _check_side(by, request, volunteer, side)
    if current.state == OfferState.DECLINED:
        return current
    if side is Party.VOLUNTEER and current.state == OfferState.ACCEPTED:
        return _give_back(request, current, by, words)
    if not may(OFFER, current.state, OfferState.DECLINED, side):
        raise OfferOver(
            _("This is over: it was “%(state)s”.") % {"state": current.get_state_display()}
        )
    current.words = words.strip()[:300]
    _move(current, OfferState.DECLINED, by, side)
    _next(request, by, side)
    return current


def _give_back(request: HelpRequest, current: Offer, by: Actor, words: str) -> Offer:
    """The volunteer said yes and cannot after all: it is looked for anew, and nobody is blamed."""
    current.words = words.strip()[:300]
    _move(current, OfferState.CANCELLED, by, Party.VOLUNTEER)
    _next(request, by, Party.VOLUNTEER)
    return current


@transaction.atomic
def withdraw_offer(*, offer: Offer, by: Actor) -> Offer:
    """A coordinator takes it back, before or after the volunteer's yes; a suggestion is dropped."""
    request, _volunteer, current = _hold(offer)
    check_holds(by, Permission.HELP_COORDINATE, request.organisation_id)
    if current.state == OfferState.CANCELLED:
        return current
    _move(current, OfferState.CANCELLED, by, Party.STAFF)
    if request.state in (HelpState.OFFERED, HelpState.MATCHED, HelpState.IN_PROGRESS):
        move_help(request, HelpState.TRIAGED, by=by, party=Party.STAFF)
    return current


@transaction.atomic
def report_no_show(*, offer: Offer, by: Actor) -> Offer:
    """The volunteer did not come: it is looked for anew."""
    request, _volunteer, current = _hold(offer)
    check_holds(by, Permission.HELP_COORDINATE, request.organisation_id)
    if current.state == OfferState.NO_SHOW:
        return current
    _move(current, OfferState.NO_SHOW, by, Party.STAFF)
    move_help(request, HelpState.TRIAGED, by=by, party=Party.STAFF)
    return current


def lapse_offers(*, by: Actor, now: datetime | None = None) -> int:
    """Let the offers go to which nobody answered in time, and ask the next; for the beat.

    Each in its own transaction; what somebody else holds at this moment is left for the next beat.

    :returns: how many lapsed.
    """
    moment = now or timezone.now()
    lapsed = 0
    for key in list(Offer.objects.lapsing(moment).values_list("pk", flat=True)):
        with transaction.atomic():
            request, _volunteer, current = _hold(Offer.objects.get(pk=key))
            if current.state != OfferState.OFFERED or (current.lapses_at or moment) > moment:
                continue
            _move(current, OfferState.LAPSED, by, Party.SYSTEM)
            _next(request, by, Party.SYSTEM)
            lapsed += 1
    return lapsed


def finish_offer(help_request: HelpRequest, *, by: Actor, party: Party) -> None:
    """The accepted offer of a request that is done. The request is held by the caller."""
    for offer in help_request.offers.select_for_update().filter(state=OfferState.ACCEPTED):
        _move(offer, OfferState.DONE, by, party)


def withdraw_all(help_request: HelpRequest, *, by: Actor) -> None:
    """All that is live of a request that ends. The request is held by the caller."""
    for offer in help_request.offers.select_for_update().live():
        _move(offer, OfferState.CANCELLED, by, Party.SYSTEM)


def release_all(*, volunteer: Volunteer, by: Actor) -> None:
    """What a volunteer who leaves or has a break was asked to do goes to the next, or is looked for anew.

    In the transaction of their leaving, which held the requests before it held the volunteer.
    """
    live = Offer.objects.filter(volunteer=volunteer).live().select_related("help_request")
    for offer in live.order_by("help_request_id"):
        request = locked_request(offer.help_request)
        current = Offer.objects.select_for_update().get(pk=offer.pk)
        was = current.state
        _move(current, OfferState.CANCELLED, by, Party.SYSTEM)
        if was != OfferState.SUGGESTED:
            _next(request, by, Party.SYSTEM)


def _next(request: HelpRequest, by: Actor, party: Party) -> None:
    """Ask the next in the queue; the request is looked for anew when there is none who may."""
    if request.state in (HelpState.OFFERED, HelpState.MATCHED, HelpState.IN_PROGRESS):
        move_help(request, HelpState.TRIAGED, by=by, party=party)
    if request.state not in _CAN_BE_OFFERED:
        return
    for offer in list(Offer.objects.filter(help_request=request).queued()):
        span = Span(offer.starts_at, offer.ends_at) if offer.starts_at and offer.ends_at else None
        try:
            with transaction.atomic():
                # Confirmed by a coordinator before; on whose word it moves on is in the history.
                _ask(request, offer.volunteer, SYSTEM_QUEUE, span, None, "")
        except Refused:
            request.refresh_from_db()
            continue
        return


def _drop_others(request: HelpRequest, accepted: Offer, by: Actor) -> None:
    for other in request.offers.select_for_update().live().exclude(pk=accepted.pk):
        _move(other, OfferState.CANCELLED, by, Party.SYSTEM)


def _hold(offer: Offer) -> tuple[HelpRequest, Volunteer, Offer]:
    """Request, volunteer and offer, locked in this order and as they now are; with the volunteer, those who
    are asked next."""
    request = locked_request(offer.help_request)
    queued = request.offers.queued().values_list("volunteer_id", flat=True)  # type: ignore[attr-defined]
    volunteer = lock_volunteers({offer.volunteer_id, *queued})[offer.volunteer_id]
    current = Offer.objects.select_for_update().get(pk=offer.pk)
    current.help_request, current.volunteer = request, volunteer
    return request, volunteer, current


def _check_side(by: Actor, request: HelpRequest, volunteer: Volunteer, side: Party) -> None:
    if side not in (Party.VOLUNTEER, Party.PERSON):
        raise ValueError("An offer has two sides: the volunteer and the person.")
    if isinstance(by, User):
        own = volunteer.person if side is Party.VOLUNTEER else request.person
        if is_persons_own(by, own):
            return
    if party_to_request(by, request, taking=side is Party.PERSON) not in (
        Party.STAFF,
        Party.SYSTEM,
    ):
        raise PermissionDenied


def _check_sight(by: Actor, volunteers: Sequence[Volunteer]) -> None:
    """A coordinator asks only volunteers whom they see."""
    if isinstance(by, User):
        keys = {one.pk for one in volunteers}
        seen = Volunteer.objects.visible_to(by).filter(pk__in=keys).count()
        if seen != len(keys):
            raise PermissionDenied


def _check_rules(
    volunteer: Volunteer, request: HelpRequest, offer: Offer, *, overriding: bool
) -> None:
    if volunteer.state != VolunteerState.ACTIVE:
        raise NotAvailable(_("This volunteer is not helping at the moment."))
    span = Span(offer.starts_at, offer.ends_at) if offer.starts_at and offer.ends_at else None
    check_may_help(volunteer, Task.of_request(request, span), overriding=overriding, besides=offer)


def _move(offer: Offer, to: str, by: Actor, party: Party) -> None:
    if not may(OFFER, offer.state, to, party):
        raise NotPossible(
            _("What is “%(state)s” cannot become “%(to)s”.")
            % {"state": OfferState(offer.state).label, "to": OfferState(to).label}
        )
    offer.state = to
    if to not in (OfferState.SUGGESTED, OfferState.OFFERED, OfferState.ACCEPTED):
        offer.ended_at, offer.ended_by = timezone.now(), party
        offer.queue_position = None
    offer.save()
    if offer.ended_at is not None:
        _end_visits(offer)
    _record(
        OFFER_MOVED,
        offer,
        by,
        to=str(to),
        party=str(party),
        overridden=bool(offer.override_reason),
    )
    offer_moved.send(sender=Offer, offer=offer, by=by)


def _end_visits(offer: Offer) -> None:
    """What was still to come does not take place; what is past took place, when all of it is done."""
    now = timezone.now()
    planned = Visit.objects.planned().filter(offer=offer)
    if offer.state == OfferState.DONE:
        planned.filter(starts_at__lte=now).update(outcome=Visit.Outcome.TOOK_PLACE, outcome_at=now)
    planned.filter(starts_at__gt=now).update(cancelled_at=now)
    if offer.state == OfferState.NO_SHOW:
        planned.update(outcome=Visit.Outcome.VOLUNTEER_MISSED, outcome_at=now)


def _record(event: Any, offer: Offer, by: Actor, **details: Any) -> None:
    record(
        event,
        by=by,
        subject=offer.volunteer.person_id,
        organisation=offer.help_request.organisation_id,
        details={
            "offer": offer.pk,
            "help_request": offer.help_request_id,
            "volunteer": offer.volunteer_id,
            **details,
        },
    )
