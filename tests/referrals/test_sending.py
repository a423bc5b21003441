"""Several referrals with one consent; nothing leaves without one, nor without an agreement."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connections
from django.http import Http404

from dcsn.privacy import export_person
from members.actions.people import withdraw_consent
from members.models import Category, Consent, ContactBy, Person, Purpose
from referrals.actions.moving import Saying, move_referral
from referrals.actions.sending import (
    Agreed,
    OtherBasis,
    change_draft,
    draft_referral,
    reopen,
    send_referrals,
    withdraw_sharing,
)
from referrals.models import Referral
from referrals.refusals import NoAgreement, NoBasis, NotPossible, Refused
from referrals.states import Loop, Party, Reason, State, Via
from tests.conftest import Cast
from tests.factories.agreement import SharingAgreementFactory
from tests.factories.person import PersonFactory, access_point
from tests.factories.referral import EnquiryFactory, referral
from tests.factories.service import ServiceFactory

pytestmark = pytest.mark.django_db
AGREED = Agreed(may_ask=True)


def drafts(cast: Cast, count: int = 3, *, agreement: bool = True) -> list[Referral]:
    hub = access_point(cast.organisation_id)
    person = PersonFactory(organisation=hub)
    enquiry = EnquiryFactory(organisation=hub, person=person)
    made = []
    for _number in range(count):
        service = ServiceFactory()
        if agreement:
            SharingAgreementFactory(organisation=service.organisation)
        made.append(
            draft_referral(
                enquiry=enquiry,
                service=service,
                by=cast.access_point_staff,
                reason_text="Help with baths",
            )
        )
    return made


def test_three_go_with_one_consent_each_for_its_own_receiver(cast: Cast) -> None:
    sent = send_referrals(referrals=drafts(cast), by=cast.access_point_staff, agreed=AGREED)
    assert [row.state for row in sent] == [State.REQUESTED] * 3
    for row in sent:
        assert row.consent is not None
        assert row.consent.organisation_id == row.owner_id
        assert Consent.objects.allows(row.person, Purpose.SHARE, row.owner, category=Category.NEEDS)
        assert not Consent.objects.allows(row.person, Purpose.SHARE, row.requester)
    assert Consent.objects.allows(sent[0].person, Purpose.CONTACT, sent[0].requester)


def test_sending_twice_sends_once(cast: Cast) -> None:
    rows = drafts(cast, 2)
    for _click in range(2):
        send_referrals(referrals=rows, by=cast.access_point_staff, agreed=AGREED)
    assert [row.changes.count() for row in rows] == [2, 2]
    assert Consent.objects.filter(purpose=Purpose.SHARE).count() == 2


def test_nothing_is_sent_without_a_consent_or_another_basis(cast: Cast) -> None:
    rows = drafts(cast, 1)
    for nothing in (None, OtherBasis("public-task", "  "), OtherBasis("consent", "They said so")):
        with pytest.raises(NoBasis):
            send_referrals(referrals=rows, by=cast.access_point_staff, other_basis=nothing)
    assert Referral.objects.get().state == State.DRAFT


def test_another_lawful_basis_is_written_down(cast: Cast) -> None:
    [row] = send_referrals(
        referrals=drafts(cast, 1),
        by=cast.access_point_staff,
        other_basis=OtherBasis("vital-interests", "Collapsed at the desk"),
    )
    assert (row.basis, row.consent, row.state) == ("vital-interests", None, State.REQUESTED)


@pytest.mark.parametrize("trait", ["none", "past_review", "ended"])
def test_no_agreement_no_personal_data_and_none_of_the_others_go(cast: Cast, trait: str) -> None:
    rows = drafts(cast, 1, agreement=True) + drafts(cast, 0)
    hub_person = rows[0].person
    service = ServiceFactory()
    if trait != "none":
        SharingAgreementFactory(organisation=service.organisation, **{trait: True})
    rows.append(
        draft_referral(
            enquiry=rows[0].enquiry,
            service=service,
            by=cast.access_point_staff,
            person=hub_person,
        )
    )
    with pytest.raises(NoAgreement, match=service.organisation.name):
        send_referrals(referrals=rows, by=cast.access_point_staff, agreed=AGREED)
    assert set(Referral.objects.values_list("state", flat=True)) == {State.DRAFT}
    assert not Consent.objects.exists()


def test_the_agreement_must_cover_what_is_passed_on(cast: Cast) -> None:
    [row] = drafts(cast, 1, agreement=False)
    SharingAgreementFactory(organisation=row.owner, categories=[Category.NAME])
    with pytest.raises(NoAgreement, match="does not cover"):
        send_referrals(referrals=[row], by=cast.access_point_staff, agreed=AGREED)


def test_one_organisation_needs_no_agreement_with_itself(cast: Cast) -> None:
    hub = access_point(cast.organisation_id)
    enquiry = EnquiryFactory(organisation=hub, person=PersonFactory(organisation=hub))
    row = draft_referral(
        enquiry=enquiry, service=ServiceFactory(organisation=hub), by=cast.access_point_staff
    )
    [sent] = send_referrals(referrals=[row], by=cast.access_point_staff, agreed=AGREED)
    assert sent.state == State.REQUESTED


def test_an_anonymous_enquiry_refers_nobody(cast: Cast) -> None:
    enquiry = EnquiryFactory(organisation=access_point(cast.organisation_id))
    with pytest.raises(Refused, match="whom"):
        draft_referral(enquiry=enquiry, service=ServiceFactory(), by=cast.access_point_staff)


def test_picking_a_service_twice_is_one_draft(cast: Cast) -> None:
    [row] = drafts(cast, 1)
    again = draft_referral(
        enquiry=row.enquiry,
        service=row.service,
        by=cast.access_point_staff,
        reason_text="A shower chair",
    )
    assert (again.pk, again.reason_text) == (row.pk, "A shower chair")
    assert Referral.objects.count() == 1


def test_what_was_sent_is_not_changed(cast: Cast) -> None:
    rows = send_referrals(referrals=drafts(cast, 1), by=cast.access_point_staff, agreed=AGREED)
    with pytest.raises(NotPossible):
        change_draft(referral=rows[0], by=cast.access_point_staff, reason_text="Something else")


def test_another_hubs_staff_send_nothing(cast: Cast) -> None:
    rows = drafts(cast, 1)
    with pytest.raises(Http404):
        send_referrals(referrals=rows, by=cast.stranger("access_point_staff"), agreed=AGREED)
    with pytest.raises(PermissionDenied):
        send_referrals(referrals=rows, by=cast.coordinator, agreed=AGREED)


def test_somebody_who_wants_no_contact_is_not_asked_to_be_asked(cast: Cast) -> None:
    [row] = drafts(cast, 1)
    Person.objects.filter(pk=row.person_id).update(contact_by=ContactBy.NOT_AT_ALL)
    send_referrals(referrals=[row], by=cast.access_point_staff, agreed=AGREED)
    assert not Consent.objects.filter(purpose=Purpose.CONTACT).exists()


def test_withdrawing_is_one_action_and_stops_what_rested_on_it(cast: Cast) -> None:
    sent = send_referrals(referrals=drafts(cast, 2), by=cast.access_point_staff, agreed=AGREED)
    withdraw_sharing(
        person=sent[0].person,
        organisation=sent[0].owner,
        how=Consent.How.SPOKEN,
        by=cast.access_point_staff,
    )
    first, second = (Referral.objects.get(pk=row.pk) for row in sent)
    assert (first.state, first.status_reason) == (State.CANCELLED, Reason.CONSENT_WITHDRAWN)
    assert first.loop == Loop.NOT_ASKED
    assert second.state == State.REQUESTED


def test_a_withdrawal_recorded_on_the_persons_page_stops_it_too(cast: Cast) -> None:
    [row] = send_referrals(referrals=drafts(cast, 1), by=cast.access_point_staff, agreed=AGREED)
    withdraw_consent(
        person=row.person,
        organisation=row.owner,
        purpose=Purpose.SHARE,
        how=Consent.How.SPOKEN,
        by=cast.access_point_staff,
    )
    assert Referral.objects.get().state == State.CANCELLED


def test_beginning_again_is_a_new_linked_draft_once(cast: Cast) -> None:
    hub = access_point(cast.organisation_id)
    old = referral(state=State.REJECTED, requester=hub)
    other = ServiceFactory()
    draft = reopen(referral=old, by=cast.access_point_staff, service=other)
    assert (draft.state, draft.replaces, draft.service) == (State.DRAFT, old, other)
    assert reopen(referral=old, by=cast.access_point_staff) == draft
    assert Referral.objects.get(pk=old.pk).state == State.REJECTED


def test_what_has_not_ended_is_not_begun_again(cast: Cast) -> None:
    old = referral(state=State.ACCEPTED, requester=access_point(cast.organisation_id))
    with pytest.raises(NotPossible):
        reopen(referral=old, by=cast.access_point_staff)


@pytest.mark.django_db(transaction=True)
def test_two_who_move_one_referral_at_once_leave_one_history(cast: Cast) -> None:
    row = referral(state=State.REQUESTED, requester=access_point(cast.organisation_id))
    staff = cast.access_point_staff
    came: list[Any] = []
    ready = threading.Barrier(2)

    def say(to: str, reason: str) -> None:
        ready.wait()
        try:
            move_referral(
                referral=row,
                to=to,
                by=staff,
                saying=Saying(Party.RECEIVER, via=Via.PHONE, reason_code=reason),
                version=row.version,
            )
        except Refused as refusal:
            came.append(refusal)
        else:
            came.append(to)
        finally:
            connections.close_all()

    both = [
        threading.Thread(target=say, args=said)
        for said in ((State.ACCEPTED, ""), (State.REJECTED, Reason.NO_CAPACITY))
    ]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sum(isinstance(one, Refused) for one in came) == 1
    current = Referral.objects.get(pk=row.pk)
    assert [current.state] == [one for one in came if not isinstance(one, Refused)]
    assert current.changes.count() == 3


def test_a_referral_that_was_made_for_safeguarding_is_in_no_copy(cast: Cast) -> None:
    [open_one, quiet] = drafts(cast, 2)
    send_referrals(referrals=[open_one], by=cast.access_point_staff, agreed=AGREED)
    send_referrals(
        referrals=[quiet],
        by=cast.access_point_staff,
        other_basis=OtherBasis("safeguarding", "Somebody at home must not know"),
    )
    assert quiet.person is not None
    text = export_person(quiet.person.id, by=cast.data_protection_lead).as_json()
    assert open_one.reference in text
    assert quiet.reference not in text
    assert "must not know" not in text
    assert "safeguarding" not in text.casefold()
