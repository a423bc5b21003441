"""Objects to open the addresses of referrals with."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from directory.models import Organisation
from members.models import Person
from referrals.actions.personal_links import hand_out_link
from referrals.models import Choice, Concern, Enquiry, Referral, Signpost, Telling
from referrals.replies.links import live_link
from referrals.replies.tokens import link_token
from tests.access.samples.registry import own_organisation, sample
from tests.conftest import Cast
from tests.factories.agreement import SharingAgreementFactory
from tests.factories.checklist import checklist, draft_version
from tests.factories.concern import concern
from tests.factories.person import PersonFactory, access_point
from tests.factories.referral import EnquiryFactory, question_link, referral
from tests.factories.service import ServiceFactory


def _sent(cast: Cast) -> Referral:
    """From the cast's access point, about a person whose named contact is the coordinator."""
    hub = access_point(cast.organisation_id)
    person = PersonFactory(organisation=hub, coordinator=cast.coordinator)
    return referral(state="requested", requester=hub, person=person)


def _received(cast: Cast) -> Referral:
    return referral(state="requested", owner=own_organisation(cast))


def _for_the_coordinator(cast: Cast, hub: Organisation) -> Person:
    """A person of the cast's access point whose named contact the cast's coordinator is."""
    return PersonFactory(organisation=hub, coordinator=cast.coordinator)


def _ended(cast: Cast) -> Referral:
    hub = access_point(cast.organisation_id)
    return referral(state="completed", requester=hub, person=_for_the_coordinator(cast, hub))


def _enquiry(cast: Cast, **facts: Any) -> Enquiry:
    hub = access_point(cast.organisation_id)
    return EnquiryFactory(organisation=hub, person=_for_the_coordinator(cast, hub), **facts)


@sample("question")
def _(cast: Cast) -> dict[str, Any]:
    row = referral(state="completed", requester=access_point(cast.organisation_id))
    return {"code": question_link(row).code}


@sample("concern")
def _(cast: Cast) -> dict[str, Any]:
    _somebody_handles_them = cast.safeguarding_lead  # else those of other access points may see it
    return {"concern_id": concern(organisation=access_point(cast.organisation_id)).pk}


@sample("concern raised")
def _(cast: Cast) -> dict[str, Any]:
    return {"concern_id": concern(raised_by=cast.access_point_staff).pk}


@sample("concern for the council")
def _(cast: Cast) -> dict[str, Any]:
    _somebody_handles_them = cast.safeguarding_lead
    row = concern(
        organisation=access_point(cast.organisation_id), state=Concern.State.PASSED_TO_COUNCIL
    )
    return {"concern_id": row.pk}


@sample("referral to worry about")
def _(cast: Cast) -> dict[str, Any]:
    desk = access_point(cast.organisation_id)
    person = PersonFactory(organisation=desk, coordinator=cast.coordinator)
    row = referral(state="requested", requester=desk, owner=desk, person=person)
    return {"kind": "referral", "identifier": row.pk}


@sample("enquiry")
def _(cast: Cast) -> dict[str, Any]:
    return {"enquiry_id": EnquiryFactory(organisation=access_point(cast.organisation_id)).pk}


@sample("enquiry with a service")
def _(cast: Cast) -> dict[str, Any]:
    enquiry = EnquiryFactory(organisation=access_point(cast.organisation_id))
    Choice.objects.create(enquiry=enquiry, service=ServiceFactory())
    return {"enquiry_id": enquiry.pk}


@sample("checklist")
def _(cast: Cast) -> dict[str, Any]:
    return {"checklist_id": checklist(organisation=access_point(cast.organisation_id)).pk}


@sample("question of a draft")
def _(cast: Cast) -> dict[str, Any]:
    return {"question_id": draft_version().questions.first().pk}


@sample("enquiry to refer")
def _(cast: Cast) -> dict[str, Any]:
    desk = access_point(cast.organisation_id)
    service = ServiceFactory(organisation=SharingAgreementFactory().organisation)
    enquiry = EnquiryFactory(organisation=desk, person=PersonFactory(organisation=desk))
    Choice.objects.create(enquiry=enquiry, service=service, way=Choice.Way.REFER)
    return {"enquiry_id": enquiry.pk}


@sample("referral")
def _(cast: Cast) -> dict[str, Any]:
    desk = access_point(cast.organisation_id)
    person = PersonFactory(organisation=desk, coordinator=cast.coordinator)
    return {"referral_id": referral(state="requested", requester=desk, person=person).pk}


@sample("reply link")
def _(cast: Cast) -> dict[str, Any]:
    return {"token": link_token(live_link(referral(state="requested")).id)}


@sample("reply link to answer")
def _(cast: Cast) -> dict[str, Any]:
    return {"token": link_token(live_link(referral(state="requested")).id), "answer": "accept"}


@sample("received referral")
def _(cast: Cast) -> dict[str, Any]:
    return {"referral_id": _received(cast).pk}


@sample("received referral to answer")
def _(cast: Cast) -> dict[str, Any]:
    return {"referral_id": _received(cast).pk, "answer": "accept"}


@sample("sent referral")
def _(cast: Cast) -> dict[str, Any]:
    return {"referral_id": _sent(cast).pk}


@sample("telling")
def _(cast: Cast) -> dict[str, Any]:
    # Nobody is registered at the receiver: they are to be rung.
    return {"telling_id": Telling.objects.get(referral=_sent(cast)).pk}


@sample("asking")
def _(cast: Cast) -> dict[str, Any]:
    return {"follow_up_id": _ended(cast).follow_ups.get(after_days=14).pk}


@sample("no help came")
def _(cast: Cast) -> dict[str, Any]:
    return {"referral_id": _ended(cast).pk}


@sample("promise")
def _(cast: Cast) -> dict[str, Any]:
    return {"enquiry_id": _enquiry(cast, promised_on=timezone.localdate()).pk}


@sample("signpost to ask about")
def _(cast: Cast) -> dict[str, Any]:
    signpost = Signpost.objects.create(
        enquiry=_enquiry(cast),
        service=ServiceFactory(),
        follow_up="due",
        follow_up_on=timezone.localdate(),
    )
    return {"signpost_id": signpost.pk}


@sample("way to their own referrals")
def _(cast: Cast) -> dict[str, Any]:
    person = PersonFactory(organisation=access_point(cast.organisation_id))
    return {"code": hand_out_link(person=person, by=cast.access_point_staff).link.code}


@sample("person of the coordinator")
def _(cast: Cast) -> dict[str, Any]:
    return {"person_id": _for_the_coordinator(cast, access_point(cast.organisation_id)).pk}
