"""What a person sees of their own referrals: sent to whom, what was passed on, what happened, who looked.

Nothing about safeguarding, not even that there is something: neither a concern nor a referral that was made
on that ground, nor a trace of either among those who looked. Organisations and roles are named, not staff.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from dcsn.access.acting import who_acted
from dcsn.accounts.models import User
from dcsn.audit import types
from dcsn.audit.models import Event
from dcsn.privacy import all_ids_of
from members.models import Consent, Person, Purpose
from members.wordings import told
from referrals.models import FollowUp, Referral
from referrals.states import State
from referrals.stories import say_answer, say_step

LOOKS_SHOWN = 50
LISTS_LOOKED_BACK = timedelta(days=90)


@dataclass(frozen=True)
class MyReferral:
    """One referral as the person reads it."""

    id: UUID
    reference: str
    organisation: str
    service: str
    passed_on: list[str]
    steps: list[tuple[datetime, str]]
    to_answer: UUID | None  # the question that is open, if there is one
    is_over: bool


@dataclass(frozen=True)
class Shared:
    """An organisation that may know something about them."""

    organisation_id: UUID
    name: str
    what: list[str]
    since: datetime


def own_referrals(person: Person) -> Any:
    """Those that the person may see."""
    return (
        Referral.objects.filter(person=person, requested_at__isnull=False)
        .exclude(state=State.ENTERED_IN_ERROR)
        .exclude(basis=Referral.Basis.SAFEGUARDING)
    )


def my_referrals(person: Person, *, seen_by: User | None = None) -> list[MyReferral]:
    """The newest first; three queries, whatever there is.

    :param seen_by: staff who print it for them: no more than they may see themselves.
    """
    rows = own_referrals(person)
    if seen_by is not None:
        rows = rows.filter(pk__in=Referral.objects.sent_by(seen_by).values("pk"))
    rows = (
        rows.select_related("service", "owner", "requester")
        .prefetch_related("changes", "follow_ups")
        .order_by("-requested_at", "id")
    )
    today = timezone.localdate()
    return [_shown(row, today) for row in rows]


def _shown(row: Referral, today: Any) -> MyReferral:
    steps = [
        (
            change.at,
            say_step(
                change.to_state,
                owner=row.owner.name,
                requester=row.requester.name,
                service=row.service.name,
                party=change.party,
                reason=change.reason_code,
                expected_on=change.expected_on,
            ),
        )
        for change in sorted(row.changes.all(), key=lambda one: one.number)
        if change.to_state != State.DRAFT
    ]
    asked = sorted(row.follow_ups.all(), key=lambda one: one.after_days)
    steps += [
        (one.answered_at, say_answer(one.answer, service=row.service.name, days=one.after_days))
        for one in asked
        if one.state == FollowUp.State.ANSWERED and one.answered_at is not None
    ]
    return MyReferral(
        id=row.id,
        reference=row.reference,
        organisation=row.owner.name,
        service=row.service.name,
        passed_on=told(row.categories),
        steps=sorted(steps, key=lambda step: step[0]),
        to_answer=next((one.id for one in asked if one.state in FollowUp.OPEN), None),
        is_over=row.is_final,
    )


def shared_with(person: Person) -> list[Shared]:
    """Who may know something about them now: one query."""
    last: dict[UUID, Consent] = {}
    rows = (
        Consent.objects.of(person)
        .filter(purpose=Purpose.SHARE)
        .select_related("organisation")
        .order_by("at", "recorded_at", "id")
    )
    for consent in rows:
        last[consent.organisation_id] = consent
    now = timezone.now()
    return [
        Shared(one.organisation_id, one.organisation.name, told(one.categories), one.at)
        for one in sorted(last.values(), key=lambda one: one.organisation.sort_key)
        if one.stands_at(now)
    ]


@dataclass(frozen=True)
class Look:
    when: datetime
    what: str


def who_looked(person: Person) -> list[Look]:
    """The newest first: looks at the record and at lists on which they stood."""
    ids = all_ids_of(person.id)
    hidden = {
        str(found)
        for found in Referral.objects.filter(
            person=person, basis=Referral.Basis.SAFEGUARDING
        ).values_list("id", flat=True)
    }
    # The steps of their referrals stand above in sentences; here are looks, and changes to the record.
    told = [
        found.name
        for found in types.all_types()
        if found.reading or found.name.startswith(("person:", "consent:"))
    ]
    of_theirs = Event.objects.for_the_person(*ids).filter(type__in=told)
    lists = Event.objects.filter(
        _on_a_list(ids),
        type__in=[
            found.name
            for found in types.all_types()
            if "people" in found.details and found.reading and not found.left_out_of_copy
        ],
        happened_at__gte=timezone.now() - LISTS_LOOKED_BACK,
    ).order_by("-happened_at", "-id")
    seen = {event.id: event for event in [*of_theirs[:LOOKS_SHOWN], *lists[:LOOKS_SHOWN]]}
    events = sorted(seen.values(), key=lambda one: one.happened_at, reverse=True)[:LOOKS_SHOWN]
    events = [one for one in events if not _tells_of(one, hidden)]
    names = who_acted(
        events, person=_("You"), by_link=_("You, by your link,"), account=person.user_id
    )
    return [Look(one.happened_at, one.sentence(names(one))) for one in events]


def _tells_of(event: Event, hidden: set[str]) -> bool:
    """One of these referrals, or that the organisation which got it looked at its list of them."""
    if str(event.details.get("referral", "")) in hidden:
        return True
    return event.details.get("list") == "received" and not hidden.isdisjoint(
        event.details.get("referrals", [])
    )


def _on_a_list(ids: Sequence[UUID]) -> Q:
    wanted = Q()
    for found in ids:
        wanted |= Q(details__people__contains=[str(found)])
    return wanted
