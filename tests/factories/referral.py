"""Enquiries and referrals as the tests need them, made through the actions where a rule matters.

EnquiryFactory()                                      open, at an access point of its own
EnquiryFactory(organisation__id=cast.organisation_id) at the cast's
referral()                                            a draft from one access point to another organisation
referral(state="accepted", requester=…, owner=…)      brought there through ``move_referral``
"""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

import factory
from django.db import transaction
from django.utils import timezone

from dcsn.audit import SystemJob
from directory.models import Organisation, Service
from members.models import Consent, Person, Purpose
from referrals.actions.moving import Saying, begin_history, move_referral
from referrals.models import Enquiry, PersonalLink, Referral
from referrals.states import NEEDS_REASON, Party, Reason, State, Via
from tests.factories.organisation import OrganisationFactory
from tests.factories.person import PersonFactory, access_point
from tests.factories.service import ServiceFactory
from tests.factories.user import UserFactory

TESTS = SystemJob("tests")


class EnquiryFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Enquiry

    class Params:
        finished = factory.Trait(
            state=Enquiry.State.ANSWERED,
            started_at=factory.LazyFunction(lambda: timezone.now() - timedelta(minutes=5)),
            finished_at=factory.LazyFunction(timezone.now),
        )

    organisation = factory.LazyFunction(access_point)
    words = "Mum fell and wants help with baths"


def agree(
    person: Person, organisation: Organisation, purpose: str = Purpose.SHARE, **facts: Any
) -> Consent:
    """A consent as the person gave it, of any category."""
    return Consent.objects.create(
        person=person,
        organisation=organisation,
        purpose=purpose,
        categories=["name", "contact", "needs", "address", "formats"],
        how=Consent.How.SPOKEN,
        wording=f"{purpose}:1",
        recorded_by=facts.pop("recorded_by", None) or UserFactory(),
        **facts,
    )


@transaction.atomic
def referral(
    *,
    state: str = State.DRAFT,
    requester: Organisation | None = None,
    owner: Organisation | None = None,
    service: Service | None = None,
    person: Person | None = None,
    enquiry: Enquiry | None = None,
    may_ask: bool = True,
    reason: str = Reason.NO_CAPACITY,
    expected_on: date | None = None,
    **facts: Any,
) -> Referral:
    """A referral in ``state``, by the shortest way there."""
    requester = requester or (enquiry.organisation if enquiry else access_point())
    if service is None:
        service = ServiceFactory(organisation=owner or OrganisationFactory())
    owner = owner or service.organisation
    person = person or PersonFactory(organisation=requester)
    enquiry = enquiry or EnquiryFactory(organisation=requester, person=person)
    row = Referral.objects.create(
        id=facts.pop("id", uuid.uuid4()),
        enquiry=enquiry,
        person=person,
        service=service,
        requester=requester,
        owner=owner,
        reason_text=facts.pop("reason_text", "Help with getting in and out of the bath"),
        categories=["name", "contact", "needs"],
        basis=Referral.Basis.CONSENT,
        consent=agree(person, owner),
        **facts,
    )
    begin_history(row, by=TESTS)
    if may_ask:
        agree(person, requester, Purpose.CONTACT)
    for step in _way(state):
        party = (
            Party.REQUESTER
            if step in (State.REQUESTED, State.CANCELLED, State.ENTERED_IN_ERROR)
            else Party.RECEIVER
        )
        row = move_referral(
            referral=row,
            to=step,
            by=TESTS,
            saying=Saying(
                party,
                via=Via.SYSTEM,
                reason_code=reason if step in NEEDS_REASON else "",
                expected_on=expected_on,
            ),
        )
    return row


def _way(state: str) -> list[str]:
    ways: dict[str, list[str]] = {
        State.DRAFT: [],
        State.REQUESTED: ["requested"],
        State.RECEIVED: ["requested", "received"],
        State.ACCEPTED: ["requested", "accepted"],
        State.IN_PROGRESS: ["requested", "accepted", "in-progress"],
        State.ON_HOLD: ["requested", "accepted", "on-hold"],
        State.COMPLETED: ["requested", "accepted", "in-progress", "completed"],
        State.FAILED: ["requested", "accepted", "failed"],
        State.REJECTED: ["requested", "rejected"],
        State.CANCELLED: ["requested", "cancelled"],
        State.ENTERED_IN_ERROR: ["entered-in-error"],
    }
    return ways[state]


def question_link(row: Referral, *, days: int = 14) -> PersonalLink:
    """The link with which the person answers about ``row``."""
    return PersonalLink.objects.create(
        kind=PersonalLink.Kind.ANSWER,
        person=row.person,
        follow_up=row.follow_ups.get(after_days=days),
        expires_at=timezone.now() + timedelta(days=60),
    )
