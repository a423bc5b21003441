"""A visit, and how the person knows who is at the door: agreed, moved, cancelled, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dcsn.access import Permission
from dcsn.accounts.models import User
from dcsn.audit import Actor, record
from volunteers.access import check_holds, party_to_request
from volunteers.actions.help import helping_party, move_help
from volunteers.actions.help import locked as locked_request
from volunteers.actions.offers import report_no_show
from volunteers.actions.volunteers import locked as locked_volunteer
from volunteers.booking import Span, clash
from volunteers.events import VISIT_AGREED, VISIT_CANCELLED, VISIT_MOVED, VISIT_RECORDED
from volunteers.models import HelpRequest, Offer, Repeats, Visit, Volunteer
from volunteers.refusals import ChangedMeanwhile, NotPossible, ReasonMissing
from volunteers.rules import Task, check_may_help
from volunteers.states import HelpState, OfferState, Party


@transaction.atomic
def agree_visit(
    *,
    offer: Offer,
    span: Span,
    by: Actor,
    watchword: str = "",
    card: str = "",
    override_reason: str = "",
) -> Visit:
    """When they come, and by what the person knows them: a password, or what the photo card shows.

    Said by the person or by staff, never by the volunteer. Agreed again for the same time, it changes the
    one visit.

    :param override_reason: lets it overlap with something else of the volunteer's.
    :raises NotPossible: before both have accepted.
    :raises Refused: for each hard rule, on the day of the visit (``volunteers.rules``).
    """
    request = locked_request(offer.help_request)
    party_to_request(by, request, taking=True)
    volunteer, current = _hold(offer)
    if not watchword.strip() and not card.strip():
        raise ReasonMissing(_("Agree a password, or say what the photo card shows."))
    same = current.visits.standing().filter(starts_at=span.starts_at).first()
    _check_time(request, volunteer, current, span, same, by, override_reason)
    visit, _created = Visit.objects.update_or_create(
        offer=current,
        starts_at=span.starts_at,
        cancelled_at=None,
        defaults={
            "ends_at": span.ends_at,
            "watchword": watchword.strip()[:40],
            "card": card.strip()[:100],
            "agreed_by": by if isinstance(by, User) else None,
            **_override(by, override_reason),
        },
    )
    _follow(current, request, span)
    _record(VISIT_AGREED, visit, request, current, by)
    return visit


@transaction.atomic
def agree_visits(
    *, offer: Offer, spans: Sequence[Span], by: Actor, watchword: str = "", card: str = "",
    override_reason: str = "",
) -> list[Visit]:  # fmt: skip
    """Several at once, with one password; all of them or none."""
    return [
        agree_visit(
            offer=offer, span=span, by=by, watchword=watchword, card=card,
            override_reason=override_reason,
        )
        for span in spans
    ]  # fmt: skip


@transaction.atomic
def move_visit(
    *, visit: Visit, span: Span, by: Actor, seen: datetime | None = None, override_reason: str = ""
) -> Visit:
    """To another time; the password stays. Its sheet must be printed again.

    :param seen: when it was to begin, on the page where this was decided.
    :raises Refused: for each hard rule at the new time.
    """
    request = locked_request(visit.offer.help_request)
    party_to_request(by, request, taking=True)
    volunteer, offer = _hold(visit.offer)
    current = _planned(visit)
    if (current.starts_at, current.ends_at) == (span.starts_at, span.ends_at):
        return current
    if seen is not None and seen != current.starts_at:
        raise ChangedMeanwhile(_("Somebody else has moved this visit. See below when it is now."))
    _check_time(request, volunteer, offer, span, current, by, override_reason)
    current.starts_at, current.ends_at = span.starts_at, span.ends_at
    current.moved_at, current.printed_at = timezone.now(), None
    for name, value in _override(by, override_reason).items():
        setattr(current, name, value)
    current.save()
    _follow(offer, request, span)
    _record(VISIT_MOVED, current, request, offer, by, overridden=bool(override_reason.strip()))
    return current


@transaction.atomic
def cancel_visit(*, visit: Visit, by: Actor) -> Visit:
    """It does not take place; the offer stands. Said by the person, the volunteer or staff."""
    request = locked_request(visit.offer.help_request)
    party = helping_party(by, request, taking=True)
    current = Visit.objects.select_for_update().get(pk=visit.pk)
    if current.cancelled_at is not None:
        return current
    if current.outcome:
        raise NotPossible(_("This visit is over."))
    current.cancelled_at = timezone.now()
    current.save(update_fields=["cancelled_at"])
    _record(VISIT_CANCELLED, current, request, visit.offer, by, party=str(party))
    return current


@transaction.atomic
def record_visit(*, visit: Visit, outcome: str, by: Actor, look_anew: bool = False) -> Visit:
    """What became of it: it took place, or one of the two was not there. Written down again, it is put right.

    The first visit that took place begins the help. Who missed one is not blamed here: whether to agree
    another time or to look for somebody else is a coordinator's to say.

    :param look_anew: the volunteer did not come, and somebody else is looked for (``report_no_show``).
    :raises NotPossible: before the time of the visit.
    """
    request = locked_request(visit.offer.help_request)
    party = helping_party(by, request)
    current = Visit.objects.select_for_update().select_related("offer__volunteer").get(pk=visit.pk)
    if outcome not in Visit.Outcome.values:
        raise ReasonMissing(_("Say what became of it."))
    if current.cancelled_at is not None:
        raise NotPossible(_("This visit was cancelled."))
    if current.starts_at > timezone.now():
        raise NotPossible(_("This visit has not begun yet."))
    if current.outcome != outcome:
        if current.outcome and party not in (Party.STAFF, Party.SYSTEM):
            raise NotPossible(_("It was written down already. Ring us if it is not right."))
        current.outcome, current.outcome_at = outcome, timezone.now()
        current.save(update_fields=["outcome", "outcome_at"])
        _record(
            VISIT_RECORDED, current, request, current.offer, by,
            outcome=str(outcome), party=str(party),
        )  # fmt: skip
    if outcome == Visit.Outcome.TOOK_PLACE and request.state == HelpState.MATCHED:
        move_help(request, HelpState.IN_PROGRESS, by=by, party=party)
    if outcome == Visit.Outcome.VOLUNTEER_MISSED and look_anew:
        check_holds(by, Permission.HELP_COORDINATE, request.organisation_id)
        report_no_show(offer=current.offer, by=by)
        current.refresh_from_db()
    return current


def _hold(offer: Offer) -> tuple[Volunteer, Offer]:
    """After the request: the volunteer, then the offer. Both must have accepted."""
    volunteer = locked_volunteer(offer.volunteer)
    current = Offer.objects.select_for_update().get(pk=offer.pk)
    current.volunteer = volunteer
    if not current.is_released or current.state != OfferState.ACCEPTED:
        raise NotPossible(_("Both must have accepted first."))
    return volunteer, current


def _planned(visit: Visit) -> Visit:
    current = Visit.objects.select_for_update().get(pk=visit.pk)
    if current.cancelled_at is not None:
        raise NotPossible(_("This visit was cancelled."))
    if current.outcome:
        raise NotPossible(_("This visit is over."))
    return current


def _check_time(
    request: HelpRequest,
    volunteer: Volunteer,
    offer: Offer,
    span: Span,
    besides: Visit | None,
    by: Actor,
    override_reason: str,
) -> None:
    others = offer.visits.standing()
    if besides is not None:
        others = others.exclude(pk=besides.pk)
    if any(clash(span, Span(one.starts_at, one.ends_at)) for one in others):
        raise NotPossible(_("There is another visit for this request at that time."))
    if besides is not None and (besides.starts_at, besides.ends_at) == (
        span.starts_at, span.ends_at,
    ):  # fmt: skip
        return
    overriding = bool(override_reason.strip())
    if overriding:
        check_holds(by, Permission.HELP_COORDINATE, request.organisation_id)
    check_may_help(
        volunteer,
        replace(Task.of_request(request, span), repeats=Repeats.ONCE),
        overriding=overriding or _as_offered(offer, span),
        besides=offer,
    )


def _as_offered(offer: Offer, span: Span) -> bool:
    """A coordinator let the offer overlap at this very time."""
    return bool(offer.override_reason) and offer.starts_at == span.starts_at


def _follow(offer: Offer, request: HelpRequest, span: Span) -> None:
    """For a single task the time of the visit is the time that was promised."""
    if request.repeats == Repeats.ONCE and offer.visits.standing().count() == 1:
        Offer.objects.filter(pk=offer.pk).update(starts_at=span.starts_at, ends_at=span.ends_at)


def _override(by: Actor, reason: str) -> dict[str, Any]:
    if not reason.strip():
        return {}
    return {
        "override_reason": reason.strip()[:300],
        "override_by": by if isinstance(by, User) else None,
    }


def _record(
    event: Any, visit: Visit, request: HelpRequest, offer: Offer, by: Actor, **details: Any
) -> None:
    record(
        event,
        by=by,
        subject=request.person_id,
        organisation=request.organisation_id,
        details={
            "visit": visit.pk,
            "offer": offer.pk,
            "help_request": request.pk,
            "volunteer": offer.volunteer_id,
            **details,
        },
    )
