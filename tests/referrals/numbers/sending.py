"""Referrals and enquiries on chosen days, for figures that can be worked out by hand."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from dcsn.figures.periods import LONDON
from directory.models import Organisation, Service
from referrals.models import Enquiry, FollowUp, Referral
from referrals.states import Reason, State
from tests.factories.person import PersonFactory
from tests.factories.referral import EnquiryFactory, referral

TODAY = date(2026, 11, 20)


def at(day: date, hour: int = 11) -> datetime:
    return datetime.combine(day, time(hour), LONDON)


def asked(hub: Organisation, day: date, *, minutes: float | None = 10, **facts: Any) -> Enquiry:
    """An enquiry begun on ``day``; ``minutes`` None is one that is still open."""
    enquiry = EnquiryFactory(organisation=hub)
    started = facts.pop("started_at", at(day))
    facts.setdefault("state", Enquiry.State.ANSWERED if minutes is not None else "open")
    topics = facts.pop("topics", [])
    Enquiry.objects.filter(pk=enquiry.pk).update(
        started_at=started,
        finished_at=started + timedelta(minutes=minutes) if minutes is not None else None,
        **facts,
    )
    enquiry.topics.set(topics)
    enquiry.refresh_from_db()
    return enquiry


def sent(
    hub: Organisation,
    day: date,
    *,
    service: Service,
    state: str = State.REQUESTED,
    seen: date | None = None,
    begun: date | None = None,
    answer: str = "",
    answered_by: str = "person",
    loop: str = "",
    reason: str = Reason.NO_CAPACITY,
    enquiry: Enquiry | None = None,
    **facts: Any,
) -> Referral:
    """A referral sent on ``day`` that is now in ``state``."""
    person = PersonFactory(organisation=hub)
    enquiry = enquiry or asked(hub, day, state=Enquiry.State.REFERRED, person=person)
    row = referral(
        state=state,
        requester=hub,
        service=service,
        owner=service.organisation,
        person=person,
        enquiry=enquiry,
        reason=reason,
    )
    columns: dict[str, Any] = {"requested_at": at(day), "created_at": at(day), **facts}
    columns["acknowledged_at"] = at(seen) if seen else None
    columns["begun_at"] = at(begun) if begun else None
    if answer:
        columns |= {"loop": answer, "closed_at": at(TODAY)}
        FollowUp.objects.filter(referral=row, after_days=14).update(
            state="answered", answer=answer, answered_by=answered_by, answered_at=at(TODAY)
        )
    elif loop:
        columns |= {"loop": loop, "closed_at": at(TODAY)}
    Referral.objects.filter(pk=row.pk).update(**columns)
    row.refresh_from_db()
    return row
