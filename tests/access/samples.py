"""Objects to open an address with, by name; ``matrix.py`` says how they are used."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from dcsn.accounts.invitations import invite
from directory.models import Organisation
from members.models import Person
from referrals.actions.personal_links import hand_out_link
from referrals.models import Choice, Concern, Enquiry, Referral, Signpost, Telling
from referrals.replies.links import live_link
from referrals.replies.tokens import link_token
from tests.conftest import Cast
from tests.factories.agreement import SharingAgreementFactory
from tests.factories.checklist import checklist, draft_version
from tests.factories.complaint import ComplaintFactory
from tests.factories.concern import concern
from tests.factories.copy_request import gathered_copy, released_copy
from tests.factories.correction import CorrectionFactory
from tests.factories.hold import LegalHoldFactory
from tests.factories.job import finished_job
from tests.factories.message import MessageFactory
from tests.factories.organisation import OrganisationFactory
from tests.factories.paper import PaperRequestFactory
from tests.factories.person import PersonFactory, access_point
from tests.factories.picture import PictureFactory
from tests.factories.place import LocationFactory
from tests.factories.referral import EnquiryFactory, question_link, referral
from tests.factories.relations import (
    EmergencyContactFactory,
    OtherNameFactory,
    RelationshipFactory,
)
from tests.factories.safety_flag import SafetyFlagFactory
from tests.factories.service import ServiceFactory
from tests.factories.shared_list import SharedListFactory
from tests.factories.topic import TopicFactory
from tests.factories.volunteering import (
    TESTS,
    OpportunityFactory,
    agreed_visit,
    help_request,
    volunteer,
)
from volunteers.actions.parents import ask_parent
from volunteers.helping.links import token_of
from volunteers.states import Party

SampleMaker = Callable[[Cast], dict[str, Any]]
SAMPLES: dict[str, SampleMaker] = {}


def sample(name: str) -> Callable[[SampleMaker], SampleMaker]:
    """Register the maker of the address's arguments for the rows that name it."""

    def remember(make: SampleMaker) -> SampleMaker:
        if name in SAMPLES:
            raise ValueError(f"Two samples are called {name!r}.")
        SAMPLES[name] = make
        return make

    return remember


def own_organisation(cast: Cast) -> Organisation:
    """The cast's organisation, made once: one visitor opens every address with the same samples."""
    known = Organisation.objects.filter(pk=cast.organisation_id).first()
    return known or OrganisationFactory(id=cast.organisation_id, is_access_point=True)


# --- Accounts (dcsn.accounts) ---
@sample("password reset")
def _(cast: Cast) -> dict[str, Any]:
    return {"uidb36": "0", "key": "not-a-key"}


@sample("invitation")
def _(cast: Cast) -> dict[str, Any]:
    _invitation, address = invite(
        email="new@example.org", roles=["coordinator"], by=cast.administrator
    )
    return {"token": address.rstrip("/").rsplit("/", 1)[1]}


@sample("waiting invitation")
def _(cast: Cast) -> dict[str, Any]:
    invitation, _address = invite(
        email="waiting@example.org", roles=["coordinator"], by=cast.administrator
    )
    return {"invitation_id": invitation.pk}


@sample("account")
def _(cast: Cast) -> dict[str, Any]:
    return {"user_id": cast.coordinator.pk}


@sample("role")
def _(cast: Cast) -> dict[str, Any]:
    return {
        "user_id": cast.coordinator.pk,
        "assignment_id": cast.coordinator.role_assignments.get().pk,
    }


# --- Directory (directory) ---
@sample("service")
def _(cast: Cast) -> dict[str, Any]:
    service = ServiceFactory()
    return {"slug": service.slug, "short_id": service.short_id}


@sample("organisation")
def _(cast: Cast) -> dict[str, Any]:
    organisation = OrganisationFactory()
    return {"slug": organisation.slug, "short_id": organisation.short_id}


@sample("service to report")
def _(cast: Cast) -> dict[str, Any]:
    return {"short_id": ServiceFactory().short_id}


@sample("shared list")
def _(cast: Cast) -> dict[str, Any]:
    return {"code": SharedListFactory().code}


@sample("report")
def _(cast: Cast) -> dict[str, Any]:
    return {"code": CorrectionFactory().code}


@sample("report at the desk")
def _(cast: Cast) -> dict[str, Any]:
    return {"correction_id": CorrectionFactory().id}


@sample("topic")
def _(cast: Cast) -> dict[str, Any]:
    return {"slug": TopicFactory().slug}


@sample("own service")
def _(cast: Cast) -> dict[str, Any]:
    return {"service_id": ServiceFactory(organisation=own_organisation(cast)).pk}


@sample("own place")
def _(cast: Cast) -> dict[str, Any]:
    place = LocationFactory()
    service = ServiceFactory(organisation=own_organisation(cast), places=[place])
    return {"service_id": service.pk, "location_id": place.pk}


@sample("own organisation")
def _(cast: Cast) -> dict[str, Any]:
    return {"organisation_id": own_organisation(cast).pk}


@sample("topic term")
def _(cast: Cast) -> dict[str, Any]:
    return {"term_id": TopicFactory().pk}


@sample("picture")
def _(cast: Cast) -> dict[str, Any]:
    return {"picture_id": PictureFactory(organisation=own_organisation(cast)).pk}


# --- People (members) ---
# --- Messages, long work, printing (dcsn) ---


@sample("information page")
def _(cast: Cast) -> dict[str, Any]:
    return {"slug": "accessibility"}


@sample("public job")
def _(cast: Cast) -> dict[str, Any]:
    return {"job_id": finished_job().pk}


@sample("sitemap")
def _(cast: Cast) -> dict[str, Any]:
    return {"section": "services"}


@sample("message")
def _(cast: Cast) -> dict[str, Any]:
    return {"message_id": MessageFactory(failed=True, organisation_id=cast.organisation_id).pk}


@sample("letter")
def _(cast: Cast) -> dict[str, Any]:
    return {"message_id": MessageFactory(letter=True, organisation_id=cast.organisation_id).pk}


# --- Data protection (members) ---
@sample("released copy")
def _(cast: Cast) -> dict[str, Any]:
    person = PersonFactory(organisation=access_point(cast.organisation_id))
    return {"copy_id": released_copy(person, by=cast.data_protection_lead).pk}


@sample("copy to review")
def _(cast: Cast) -> dict[str, Any]:
    person = PersonFactory(organisation=access_point(cast.organisation_id))
    return {"copy_id": gathered_copy(person, by=cast.data_protection_lead).pk, "position": 1}


@sample("complaint")
def _(cast: Cast) -> dict[str, Any]:
    desk = access_point(cast.organisation_id)
    return {"complaint_id": ComplaintFactory(organisation=desk).pk}


@sample("complaint letter")
def _(cast: Cast) -> dict[str, Any]:
    complaint = ComplaintFactory(organisation=access_point(cast.organisation_id))
    key = f"complaint-acknowledged:{complaint.pk}"
    message = MessageFactory(letter=True, key=key, organisation_id=cast.organisation_id)
    return {"complaint_id": complaint.pk, "message_id": message.pk}


@sample("paper request")
def _(cast: Cast) -> dict[str, Any]:
    request = PaperRequestFactory(organisation=access_point(cast.organisation_id))
    return {"request_id": request.pk}


@sample("person")
def _(cast: Cast) -> dict[str, Any]:
    return {"person_id": PersonFactory(organisation=access_point(cast.organisation_id)).pk}


@sample("agreement")
def _(cast: Cast) -> dict[str, Any]:
    return {"agreement_id": SharingAgreementFactory().pk}


@sample("hold")
def _(cast: Cast) -> dict[str, Any]:
    person = PersonFactory(organisation=access_point(cast.organisation_id))
    return {"hold_id": LegalHoldFactory(subject=person.pk).pk}


@sample("other name")
def _(cast: Cast) -> dict[str, Any]:
    name = OtherNameFactory(person__organisation=access_point(cast.organisation_id))
    return {"person_id": name.person_id, "name_id": name.pk}


@sample("tie")
def _(cast: Cast) -> dict[str, Any]:
    tie = RelationshipFactory(person__organisation=access_point(cast.organisation_id))
    return {"person_id": tie.person_id, "tie_id": tie.pk}


@sample("emergency contact")
def _(cast: Cast) -> dict[str, Any]:
    contact = EmergencyContactFactory(person__organisation=access_point(cast.organisation_id))
    return {"person_id": contact.person_id, "contact_id": contact.pk}


@sample("safety flag")
def _(cast: Cast) -> dict[str, Any]:
    flag = SafetyFlagFactory(person__organisation=access_point(cast.organisation_id))
    return {"person_id": flag.person_id, "flag_id": flag.pk}


# --- Asking the person (referrals) ---
@sample("question")
def _(cast: Cast) -> dict[str, Any]:
    row = referral(state="completed", requester=access_point(cast.organisation_id))
    return {"code": question_link(row).code}


# --- Safeguarding (referrals) ---
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


# --- The access point (referrals) ---
@sample("desk")
def _(cast: Cast) -> dict[str, Any]:
    # Whoever takes enquiries does so at an access point, a stranger at their own.
    access_point(cast.organisation_id)
    access_point(cast.other_organisation_id)
    return {}


@sample("enquiry")
def _(cast: Cast) -> dict[str, Any]:
    return {"enquiry_id": EnquiryFactory(organisation=access_point(cast.organisation_id)).pk}


@sample("enquiry with a service")
def _(cast: Cast) -> dict[str, Any]:
    enquiry = EnquiryFactory(organisation=access_point(cast.organisation_id))
    Choice.objects.create(enquiry=enquiry, service=ServiceFactory())
    return {"enquiry_id": enquiry.pk}


@sample("two people")
def _(cast: Cast) -> dict[str, Any]:
    one, other = PersonFactory.create_batch(2, organisation=access_point(cast.organisation_id))
    return {"one_id": one.pk, "other_id": other.pk}


# --- First Contact checklist (referrals) ---
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


# --- Organisations answer referrals (referrals.replies) ---
def _sent(cast: Cast) -> Referral:
    """From the cast's access point, about a person whose named contact is the coordinator."""
    hub = access_point(cast.organisation_id)
    person = PersonFactory(organisation=hub, coordinator=cast.coordinator)
    return referral(state="requested", requester=hub, person=person)


def _received(cast: Cast) -> Referral:
    return referral(state="requested", owner=own_organisation(cast))


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


@sample("volunteering role")
def _(cast: Cast) -> dict[str, Any]:
    role = OpportunityFactory(organisation=own_organisation(cast))
    return {"slug": role.slug, "short_id": role.short_id}


@sample("role at the desk")
def _(cast: Cast) -> dict[str, Any]:
    return {"opportunity_id": OpportunityFactory(organisation=own_organisation(cast)).pk}


@sample("volunteer at the desk")
def _(cast: Cast) -> dict[str, Any]:
    return {"volunteer_id": volunteer(state="applied", organisation=own_organisation(cast)).pk}


@sample("first of five")
def _(cast: Cast) -> dict[str, Any]:
    return {"number": 1}


@sample("parent's link")
def _(cast: Cast) -> dict[str, Any]:
    who = volunteer(state="applied", born=timezone.localdate() - timedelta(days=15 * 365))
    _asked, secret = ask_parent(volunteer=who, name="A parent", phone="01632 960 445", by=TESTS)
    return {"secret": secret}


def _for_the_coordinator(cast: Cast, hub: Organisation) -> Person:
    """A person of the cast's access point whose named contact the cast's coordinator is."""
    return PersonFactory(organisation=hub, coordinator=cast.coordinator)


def _ended(cast: Cast) -> Referral:
    hub = access_point(cast.organisation_id)
    return referral(state="completed", requester=hub, person=_for_the_coordinator(cast, hub))


def _enquiry(cast: Cast, **facts: Any) -> Enquiry:
    hub = access_point(cast.organisation_id)
    return EnquiryFactory(organisation=hub, person=_for_the_coordinator(cast, hub), **facts)


def _own_request(cast: Cast, **facts: Any) -> Any:
    return help_request(organisation=access_point(cast.organisation_id), **facts)


@sample("help request")
def _(cast: Cast) -> dict[str, Any]:
    return {"request_id": _own_request(cast).id}


@sample("place that looks")
def _(cast: Cast) -> dict[str, Any]:
    return {"organisation_id": _own_request(cast).organisation_id}


@sample("offer")
def _(cast: Cast) -> dict[str, Any]:
    return {"offer_id": _own_request(cast, state="offered").offers.get().id}


@sample("offer link")
def _(cast: Cast) -> dict[str, Any]:
    asked = _own_request(cast, state="offered").offers.get()
    return {"token": token_of(asked.id, Party.VOLUNTEER)}


@sample("visit")
def _(cast: Cast) -> dict[str, Any]:
    accepted = _own_request(cast, state="matched").offers.get()
    return {"visit_id": agreed_visit(accepted).id}
