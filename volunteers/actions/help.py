"""A neighbour asks for a hand: taken down, triaged, helped, ended. Never silence."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dcsn.access import Permission
from dcsn.accounts.models import User
from dcsn.audit import Actor, record
from directory.hours.words import days_and_times, say_date, say_time
from directory.models import Organisation
from members.models import Person
from volunteers.access import check_holds, is_persons_own, party_to_request
from volunteers.events import HELP_ASKED, HELP_CHANGED, HELP_MOVED
from volunteers.models import HelpChange, HelpRequest, Offer, Visit
from volunteers.refusals import ChangedMeanwhile, NotPossible, ReasonMissing
from volunteers.signals import help_request_moved, help_request_unfilled, not_a_volunteers_task
from volunteers.states import HELP, HELP_FINAL, HelpReason, HelpState, OfferState, Party, may

# In calendar days: by then the person hears how it stands, found or not.
FOLLOW_UP_AFTER = 5
# And so many days after the help was given they are asked whether they got it.
ASK_AFTER = 2
_NEEDS_REASON = frozenset({HelpState.CANCELLED, HelpState.UNFILLED, HelpState.NOT_SUITABLE})
# What the asking form may say, and what triage adds.
ASKED_FACTS = frozenset(
    {
        "starts_at", "ends_at", "repeats", "when_words", "minutes", "needed_by", "languages",
        "gender_preference", "preference_reason", "with_token",
    }
)  # fmt: skip
TRIAGE_FACTS = ASKED_FACTS | {
    "kind",
    "what",
    "checks_needed",
    "dbs_level",
    "minimum_age",
    "needs_driver",
    "from_home",
    "follow_up_on",
}


def locked(help_request: HelpRequest) -> HelpRequest:
    """The row as it is now, held until the transaction ends."""
    return (
        HelpRequest.objects.select_for_update(of=("self",), no_key=True)
        .select_related("person", "organisation", "taken_at")
        .get(pk=help_request.pk)
    )


@transaction.atomic
def ask_for_help(
    *,
    person: Person,
    organisation: Organisation,
    kind: str,
    what: str,
    channel: str,
    by: Actor,
    taken_at: Organisation | None = None,
    key: uuid.UUID | None = None,
    **facts: Any,
) -> HelpRequest:
    """Take down what somebody asks for.

    :param organisation: that looks for the volunteer: usually the volunteer centre.
    :param taken_at: the desk that takes it down; none when the person asks on the website themself.
    :param key: of the asking page; sent twice, it is one request.
    :param facts: of :data:`ASKED_FACTS`.
    """
    unknown = set(facts) - ASKED_FACTS
    if unknown:
        raise TypeError(f"ask_for_help() takes no {', '.join(sorted(unknown))}.")
    party = Party.SYSTEM
    if isinstance(by, User):
        party = Party.PERSON if is_persons_own(by, person) else Party.STAFF
        if party is Party.STAFF:
            if taken_at is not None:
                check_holds(by, Permission.HELP_TAKE, taken_at.pk)
            else:
                check_holds(by, Permission.HELP_COORDINATE, organisation.pk)
    if not what.strip():
        raise ReasonMissing(_("Say what is to be done."))
    help_request, created = HelpRequest.objects.get_or_create(
        key=key or uuid.uuid4(),
        defaults={
            "person": person,
            "organisation": organisation,
            "taken_at": taken_at,
            "asked_by": by if isinstance(by, User) else None,
            "channel": channel,
            "kind": kind,
            "what": what.strip(),
            "follow_up_on": timezone.localdate() + timedelta(days=FOLLOW_UP_AFTER),
            **facts,
        },
    )
    if not created:
        return help_request
    HelpChange.objects.create(
        help_request=help_request,
        number=0,
        to_state=HelpState.ASKED,
        at=help_request.asked_at,
        party=party,
        by_user=by if isinstance(by, User) else None,
    )
    record(
        HELP_ASKED,
        by=by,
        subject=person.pk,
        organisation=organisation.pk,
        details={"help_request": help_request.pk, "channel": str(channel)},
    )
    return help_request


@transaction.atomic
def triage(
    *,
    help_request: HelpRequest,
    by: Actor,
    interests: Any = None,
    version: int | None = None,
    **facts: Any,
) -> HelpRequest:
    """It is a volunteer's task: say what it takes, and look for somebody. Later again: change what it takes.

    :param facts: of :data:`TRIAGE_FACTS`; a preference for a woman or a man needs ``preference_reason``.
    :param interests: rows of ``Interest``; None leaves them as they are.
    """
    current = _to_coordinate(help_request, by, version)
    unknown = set(facts) - TRIAGE_FACTS
    if unknown:
        raise TypeError(f"triage() takes no {', '.join(sorted(unknown))}.")
    for name, value in facts.items():
        setattr(current, name, value)
    if current.gender_preference and not current.preference_reason.strip():
        raise ReasonMissing(
            _("Write down why the preference is needed: it is lawful only for a reason.")
        )
    if interests is not None:
        current.interests.set(interests)
    if current.state in (HelpState.ASKED, HelpState.UNFILLED):
        current.triaged_at = timezone.now()
        current.triaged_by = by if isinstance(by, User) else None
        if current.follow_up_on is None or current.follow_up_on < timezone.localdate():
            current.follow_up_on = timezone.localdate() + timedelta(days=FOLLOW_UP_AFTER)
        return move_help(current, HelpState.TRIAGED, by=by, party=Party.STAFF)
    current.version += 1
    current.save()
    record(
        HELP_CHANGED,
        by=by,
        subject=current.person_id,
        organisation=current.organisation_id,
        details={"help_request": current.pk},
        fields=sorted(facts),
    )
    return current


@transaction.atomic
def pass_on(
    *,
    help_request: HelpRequest,
    passed_to: str,
    reason_code: str,
    by: Actor,
    note: str = "",
    version: int | None = None,
) -> HelpRequest:
    """It is not a volunteer's task (personal care, a trade): pass it to an enquiry, a paid service or adult
    social care, and write down to whom. ``volunteers.signals.not_a_volunteers_task`` is sent."""
    current = _to_coordinate(help_request, by, version)
    if current.state == HelpState.NOT_SUITABLE:
        return current
    if passed_to not in HelpRequest.PassedTo.values:
        raise ReasonMissing(_("Say to whom it was passed."))
    current.passed_to, current.passed_note = passed_to, note.strip()[:300]
    moved = _end(current, HelpState.NOT_SUITABLE, by, Party.STAFF, reason_code, note)
    not_a_volunteers_task.send(sender=HelpRequest, help_request=moved, by=by)
    return moved


@transaction.atomic
def cancel_help_request(
    *,
    help_request: HelpRequest,
    by: Actor,
    reason_code: str = HelpReason.NO_LONGER_NEEDED,
    reason_text: str = "",
    side: Party | None = None,
) -> HelpRequest:
    """It is no longer needed: said by the person, or by staff who took it down or coordinate it.
    Volunteers who were asked are let go.

    :param side: ``Party.PERSON`` when ``by`` is the ``SystemJob`` of the person's own link.
    """
    current = locked(help_request)
    party = party_to_request(by, current, taking=True)
    if party is Party.SYSTEM and side is not None:
        party = side
    if current.state == HelpState.CANCELLED:
        return current
    return _end(current, HelpState.CANCELLED, by, party, reason_code, reason_text)


@transaction.atomic
def begin_help(*, help_request: HelpRequest, by: Actor) -> HelpRequest:
    """The volunteer has begun: said by them, or by staff.

    :raises NotPossible: before its time (:func:`begins_at`).
    """
    current = locked(help_request)
    if current.state == HelpState.IN_PROGRESS:
        return current
    party = helping_party(by, current)
    _check_begun(current)
    return move_help(current, HelpState.IN_PROGRESS, by=by, party=party)


@transaction.atomic
def finish_help(*, help_request: HelpRequest, by: Actor) -> HelpRequest:
    """The help was given: said by the volunteer, the person or staff. The accepted offer is *done*, and
    a token is given for it where the person wished so (``afterwards.settle_membership``). Some days later
    they are asked whether they got the help.

    :raises NotPossible: before its time (:func:`begins_at`).
    """
    from volunteers.actions.afterwards import settle_membership
    from volunteers.actions.offers import finish_offer

    current = locked(help_request)
    party = helping_party(by, current)
    if current.state == HelpState.DONE:
        return current
    _check_begun(current)
    if current.state == HelpState.MATCHED:
        current = move_help(current, HelpState.IN_PROGRESS, by=by, party=party)
    finish_offer(current, by=by, party=party)
    current.ended_at = timezone.now()
    current.ask_on = timezone.localdate() + timedelta(days=ASK_AFTER)
    current.follow_up_on = None
    moved = move_help(current, HelpState.DONE, by=by, party=party)
    settle_membership(moved, by=by)
    return moved


def begins_at(help_request: HelpRequest) -> datetime | None:
    """Before this moment nobody can have helped: when the first visit begins, or, as long as none was
    ever agreed, the time that was asked for. None where any time will do, or all visits were cancelled."""
    visits = Visit.objects.filter(
        offer__help_request=help_request, offer__state=OfferState.ACCEPTED
    )
    first = visits.standing().order_by("starts_at").first()
    if first is not None:
        return first.starts_at
    # A request that names no time was asked with a proposal: it binds nobody until it is agreed.
    if visits.exists() or help_request.starts_at is None:
        return None
    accepted = help_request.offers.filter(state=OfferState.ACCEPTED).first()
    return accepted.starts_at if accepted is not None else None


def _check_begun(help_request: HelpRequest) -> None:
    begins = begins_at(help_request)
    if begins is not None and begins > timezone.now():
        local = timezone.localtime(begins)
        raise NotPossible(
            _(
                "It has not begun: it is agreed for %(when)s. Say then that it is done. If they came "
                "on another day, cancel the visit first."
            )
            % {"when": days_and_times(say_date(local.date()), say_time(local.time()))}
        )


@transaction.atomic
def leave_unfilled(
    *,
    help_request: HelpRequest,
    by: Actor,
    follow_up_on: date | None = None,
    reason_code: str = HelpReason.NOBODY_FREE,
    reason_text: str = "",
) -> HelpRequest:
    """Nobody was found in time. The person is told, and ``follow_up_on`` says when they hear again;
    ``volunteers.signals.help_request_unfilled`` is sent. It can be taken up again at any time."""
    current = locked(help_request)
    party = party_to_request(by, current)
    if current.state == HelpState.UNFILLED:
        return current
    _withdraw_offers(current, by)
    current = locked(current)
    current.follow_up_on = follow_up_on or timezone.localdate() + timedelta(days=FOLLOW_UP_AFTER)
    moved = move_help(
        current, HelpState.UNFILLED, by=by, party=party,
        reason_code=reason_code, reason_text=reason_text,
    )  # fmt: skip
    help_request_unfilled.send(sender=HelpRequest, help_request=moved, by=by)
    return moved


@transaction.atomic
def promise_word(*, help_request: HelpRequest, follow_up_on: date, by: Actor) -> HelpRequest:
    """The person was told how it stands, and will hear again by this day."""
    current = _to_coordinate(help_request, by, None)
    current.follow_up_on = follow_up_on
    current.version += 1
    current.save()
    record(
        HELP_CHANGED,
        by=by,
        subject=current.person_id,
        organisation=current.organisation_id,
        details={"help_request": current.pk},
        fields=["follow_up_on"],
    )
    return current


def move_help(
    help_request: HelpRequest,
    to: str,
    *,
    by: Actor,
    party: Party,
    reason_code: str = "",
    reason_text: str = "",
) -> HelpRequest:
    """The one way in which a request's state changes; the row is held by the caller, its other columns
    are saved with it.

    :raises NotPossible: for a way that the table does not have, or not for this party.
    :raises ReasonMissing: where a reason is needed.
    """
    before = help_request.state
    if before == to:
        return help_request
    if not may(HELP, before, to, party):
        raise NotPossible(
            _("A request that is “%(state)s” cannot become “%(to)s”.")
            % {"state": HelpState(before).label, "to": HelpState(to).label}
        )
    if to in _NEEDS_REASON and reason_code not in HelpReason.values:
        raise ReasonMissing(_("Choose a reason."))
    if reason_code == HelpReason.OTHER and party is Party.STAFF and not reason_text.strip():
        raise ReasonMissing(_("Say in a few words what the reason is."))
    help_request.state, help_request.state_reason = to, reason_code
    help_request.version += 1
    help_request.save()
    change = HelpChange.objects.create(
        help_request=help_request,
        number=help_request.changes.count(),
        from_state=before,
        to_state=to,
        party=party,
        by_user=by if isinstance(by, User) else None,
        reason_code=reason_code,
        reason_text=reason_text.strip(),
    )
    record(
        HELP_MOVED,
        by=by,
        subject=help_request.person_id,
        organisation=help_request.organisation_id,
        details={
            "help_request": help_request.pk,
            "to": str(to),
            "reason": str(reason_code),
            "party": str(party),
            "passed_to": str(help_request.passed_to),
        },
    )
    help_request_moved.send(sender=HelpRequest, help_request=help_request, change=change, by=by)
    return help_request


def _end(
    current: HelpRequest, to: str, by: Actor, party: Party, reason_code: str, text: str
) -> HelpRequest:
    if current.state in HELP_FINAL:
        raise NotPossible(
            _("This request has ended: it is “%(state)s”.") % {"state": current.get_state_display()}
        )
    passed = {"passed_to": current.passed_to, "passed_note": current.passed_note}
    _withdraw_offers(current, by)
    if to == HelpState.NOT_SUITABLE and current.state in (HelpState.OFFERED, HelpState.MATCHED):
        current = locked(current)
        move_help(current, HelpState.TRIAGED, by=by, party=party)
    current = locked(current)
    for name, value in passed.items():
        setattr(current, name, value)
    current.ended_at = timezone.now()
    return move_help(current, to, by=by, party=party, reason_code=reason_code, reason_text=text)


def _withdraw_offers(current: HelpRequest, by: Actor) -> None:
    from volunteers.actions.offers import withdraw_all

    withdraw_all(current, by=by)


def _to_coordinate(help_request: HelpRequest, by: Actor, version: int | None) -> HelpRequest:
    current = locked(help_request)
    check_holds(by, Permission.HELP_COORDINATE, current.organisation_id)
    if version is not None and version != current.version:
        raise ChangedMeanwhile(
            _("Somebody else has changed this request: it is now “%(state)s”.")
            % {"state": current.get_state_display()}
        )
    if current.state in HELP_FINAL and current.state != HelpState.NOT_SUITABLE:
        raise NotPossible(
            _("This request has ended: it is “%(state)s”.") % {"state": current.get_state_display()}
        )
    return current


def helping_party(by: Actor, help_request: HelpRequest, *, taking: bool = False) -> Party:
    """Staff, the person, or the volunteer whose offer was accepted; ``taking`` as in ``party_to_request``."""
    if (
        isinstance(by, User)
        and Offer.objects.filter(
            help_request=help_request, state__in=["accepted", "done"], volunteer__person__user=by
        ).exists()
    ):
        return Party.VOLUNTEER
    return party_to_request(by, help_request, taking=taking)
