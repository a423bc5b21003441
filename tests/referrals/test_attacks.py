"""What a curious receiver, a colleague elsewhere or whoever opens the post tried to learn, and may not."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.urls import reverse

from dcsn.access.actions import grant_role
from dcsn.audit import record
from dcsn.messages.models import Message
from dcsn.privacy import erase_person, export_person, merge_people
from members.events import PERSON_VIEWED
from members.models import Category, Consent, ContactBy, Person, Purpose, SharingAgreement
from referrals.actions.moving import Saying, move_referral
from referrals.actions.sending import OtherBasis, draft_referral, send_referrals
from referrals.mine import who_looked
from referrals.models import PersonalLink, Referral, Telling
from referrals.refusals import NotPossible
from referrals.replies.details import shown
from referrals.states import Party, State
from tests.conftest import Cast
from tests.factories.agreement import SharingAgreementFactory
from tests.factories.organisation import OrganisationFactory
from tests.factories.person import PersonFactory, access_point
from tests.factories.reason import ReasonFactory
from tests.factories.referral import TESTS, EnquiryFactory, referral
from tests.factories.relations import RelationshipFactory, household_of
from tests.factories.safety_flag import SafetyFlagFactory
from tests.factories.service import ServiceFactory

pytestmark = pytest.mark.django_db
REACHED = {
    "address_1": "1 High Street",
    "town": "Darlington",
    "postcode": "DL3 7XX",
    "email": "ada@example.org",
}


def hub_of(cast: Cast) -> Any:
    return access_point(cast.organisation_id, name="Riverside desk")


def to_protect(
    hub: Any, person: Person, state: str = State.REQUESTED, owner: Any = None
) -> Referral:
    """One that was made on the ground of safeguarding, and sent."""
    row = referral(
        requester=hub, person=person, owner=owner or OrganisationFactory(name="Protection team")
    )
    Referral.objects.filter(pk=row.pk).update(
        basis="safeguarding", basis_note="Son takes her money"
    )
    row = move_referral(referral=row, to=State.REQUESTED, by=TESTS, saying=Saying(Party.REQUESTER))
    if state != State.REQUESTED:
        row = move_referral(referral=row, to=state, by=TESTS, saying=Saying(Party.RECEIVER))
    return row


def agree_to(person: Person, row: Referral, category: str, cast: Cast) -> None:
    """They agree to this one kind of detail, and the referral passes it on."""
    Consent.objects.create(
        person=person,
        organisation=row.owner,
        purpose=Purpose.SHARE,
        categories=[category],
        how=Consent.How.SPOKEN,
        wording="share:1",
        recorded_by=cast.hub_lead,
    )
    Referral.objects.filter(pk=row.pk).update(categories=[category])


# --- A receiver raises a concern in order to read a name ---


def test_raising_a_concern_tells_a_receiver_no_name_that_is_not_theirs(
    cast: Cast, client_as: Any
) -> None:
    receiver = access_point(cast.organisation_id)
    agreement = SharingAgreementFactory(organisation=receiver)
    person = PersonFactory(given_name="Zebedee", family_name="Quillfeather")
    row = referral(state="requested", requester=person.organisation, person=person, owner=receiver)
    client = client_as(cast.referral_receiver)
    form = reverse("referrals:concern_new", args=["referral", row.id])
    # While they may know it, the page names the person
    assert "Quillfeather" in client.get(form).text
    # and no longer, once the agreement between the organisations has ended
    SharingAgreement.objects.filter(pk=agreement.pk).delete()
    page = client.get(form)
    assert page.status_code == 200
    assert "Quillfeather" not in page.text
    # or the matter has
    SharingAgreementFactory(organisation=receiver)
    move_referral(
        referral=row,
        to="rejected",
        by=TESTS,
        saying=Saying(Party.RECEIVER, reason_code="no-capacity"),
    )
    assert "Quillfeather" not in client.get(form).text
    assert "Quillfeather" not in client.post(form, {}).text


# --- What was done to protect somebody ---


@pytest.mark.parametrize("way", [ContactBy.POST, ContactBy.EMAIL, ContactBy.PHONE])
def test_nobody_is_written_to_about_what_was_done_to_protect_them(cast: Cast, way: str) -> None:
    hub = hub_of(cast)
    person = PersonFactory(organisation=hub, with_everything=True, contact_by=way)
    row = to_protect(hub, person, State.ACCEPTED)
    assert row.state == State.ACCEPTED
    assert not Message.objects.filter(about=person.id).exists()
    assert not Telling.objects.filter(whom=Telling.Whom.PERSON).exists()


def test_the_letter_about_other_requests_does_not_name_it(cast: Cast) -> None:
    hub = hub_of(cast)
    person = PersonFactory(organisation=hub, contact_by=ContactBy.POST, **REACHED)
    hidden = to_protect(hub, person)
    plain = referral(state="requested", requester=hub, person=person, enquiry=hidden.enquiry)
    letter = Message.objects.get(about=person.id)
    assert plain.reference in letter.body
    assert hidden.reference not in letter.body
    assert "Protection team" not in letter.body


def test_another_receiver_does_not_learn_of_it_as_help_before_this(cast: Cast) -> None:
    hub = hub_of(cast)
    person = PersonFactory(organisation=hub)
    hidden = to_protect(hub, person)
    before = referral(state="requested", requester=hub, person=person)
    row = referral(state="requested", requester=hub, person=person)
    SharingAgreementFactory(organisation=row.owner)
    agree_to(person, row, Category.EARLIER, cast)
    row.refresh_from_db()
    said = str(shown(row).details)
    assert before.service.name in said
    assert hidden.service.name not in said


def test_the_persons_copy_says_nothing_of_it(cast: Cast) -> None:
    hub = hub_of(cast)
    person = PersonFactory(organisation=hub)
    hidden = to_protect(hub, person)
    plain = referral(state="requested", requester=hub, person=person)
    copy = export_person(person.id, by=cast.data_protection_lead)
    parts = {part.model: part.rows for part in copy.parts}
    assert [row["reference"] for row in parts["referrals.Referral"]] == [plain.reference]
    assert hidden.reference not in copy.as_json()
    assert "Son takes her money" not in copy.as_json()
    moved = [row for row in parts["audit.Event"] if "became of a referral" in row["what"]]
    assert len(moved) == 1


def test_who_deals_with_safeguarding_is_not_said_to_have_looked(cast: Cast) -> None:
    hub = hub_of(cast)
    person = PersonFactory(organisation=hub)
    both = cast.safeguarding_lead
    grant_role(user=both, role="hub_lead", organisation_id=hub.id, by=cast.administrator)
    record(PERSON_VIEWED, by=both, subject=person.id, organisation=hub.id)
    [look] = who_looked(person)
    assert look.what == "Hub lead at Riverside desk looked at the person's record"


def test_who_got_what_was_made_to_protect_is_not_said_to_have_looked(
    cast: Cast, client_as: Any
) -> None:
    person = PersonFactory()
    team = OrganisationFactory(id=cast.organisation_id, name="Protection team")
    hidden = to_protect(person.organisation, person, owner=team)
    inbox = client_as(cast.referral_receiver).get(reverse("referrals:received"))
    assert hidden.reference in inbox.text
    assert who_looked(person) == []
    # A look at what they agreed to is said
    referral(state="requested", requester=person.organisation, person=person, owner=team)
    Referral.objects.filter(pk=hidden.pk).update(owner=OrganisationFactory())
    client_as(cast.referral_receiver).get(reverse("referrals:received"))
    [look] = who_looked(person)
    assert "Protection team looked at a list of referrals" in look.what


# --- A colleague elsewhere ---


def test_a_reason_opens_a_record_to_look_and_not_to_send(cast: Cast) -> None:
    theirs = PersonFactory(organisation=access_point(cast.other_organisation_id, name="Hillside"))
    mine = hub_of(cast)
    service = ServiceFactory(organisation=OrganisationFactory())
    SharingAgreementFactory(organisation=service.organisation)
    enquiry = EnquiryFactory(organisation=mine, person=theirs)
    row = draft_referral(enquiry=enquiry, service=service, by=cast.access_point_staff)
    with pytest.raises(NotPossible, match="Hillside"):
        send_referrals(
            referrals=[row],
            by=cast.access_point_staff,
            other_basis=OtherBasis("public-task", "Because I say so"),
        )
    row.refresh_from_db()
    assert row.state == State.DRAFT
    assert not Message.objects.exists()


def test_a_coordinator_who_is_not_their_contact_gets_no_way_into_a_persons_own_page(
    cast: Cast, client_as: Any
) -> None:
    person = PersonFactory(organisation=hub_of(cast))
    ReasonFactory(person=person, user=cast.coordinator)
    client = client_as(cast.coordinator)
    way_in = reverse("referrals:mine_hand_out", args=[person.id])
    # A reason opens the record to them, without the way into the person's own page
    record_page = client.get(person.get_absolute_url())
    assert record_page.status_code == 200
    assert way_in not in record_page.text
    assert client.post(way_in, {"send_by": ""}).status_code == 403
    assert not PersonalLink.objects.exists()
    # It is there for the person's named contact
    Person.objects.filter(pk=person.pk).update(coordinator=cast.coordinator)
    assert way_in in client.get(person.get_absolute_url()).text
    assert client.post(way_in, {"send_by": ""}).status_code == 200
    assert PersonalLink.objects.count() == 1


def test_who_hides_is_not_named_to_a_receiver_as_somebody_they_live_with(cast: Cast) -> None:
    hub = hub_of(cast)
    person, brother, hidden, daughter = (
        PersonFactory(organisation=hub, given_name=name, family_name="Marsh")
        for name in ("Ada", "Bertram", "Clementine", "Dorothea")
    )
    household_of(person, brother, hidden)
    RelationshipFactory(person=person, other=hidden)
    RelationshipFactory(person=person, other=daughter)
    SafetyFlagFactory(person=hidden)
    row = referral(state="requested", requester=hub, person=person)
    SharingAgreementFactory(organisation=row.owner)
    agree_to(person, row, Category.CIRCLE, cast)
    row.refresh_from_db()
    said = str(shown(row).details)
    assert "Bertram" in said
    assert "Dorothea" in said
    assert "Clementine" not in said


@pytest.mark.parametrize("way", [ContactBy.POST, ContactBy.EMAIL])
def test_nobody_is_told_that_they_agreed_who_was_not_asked(cast: Cast, way: str) -> None:
    person = PersonFactory(organisation=hub_of(cast), contact_by=way, **REACHED)
    row = referral(requester=person.organisation, person=person)
    Referral.objects.filter(pk=row.pk).update(basis="vital-interests", basis_note="Collapsed")
    move_referral(referral=row, to=State.REQUESTED, by=TESTS, saying=Saying(Party.REQUESTER))
    body = Message.objects.get(about=person.id).body
    assert "e have asked for help for you" in body
    assert "you agreed" not in body


# --- Forgotten by halves ---


@pytest.mark.django_db(transaction=True)
def test_an_erasure_waits_for_a_merge_and_forgets_both_records(cast: Cast) -> None:
    hub = hub_of(cast)
    old = PersonFactory(organisation=hub, given_name="Zebedee", family_name="Quillfeather")
    current = PersonFactory(organisation=hub)
    by, merger = cast.coordinator, cast.hub_lead
    begun = threading.Event()

    def forget() -> None:
        try:
            begun.set()
            erase_person(current.id, by=by, reason="asked")
        finally:
            connections.close_all()

    thread = threading.Thread(target=forget)
    try:
        with transaction.atomic():
            both = Person.objects.select_for_update().filter(pk__in=[old.pk, current.pk])
            list(both.order_by("pk"))
            merge_people(old=old.pk, current=current.pk, by=merger)
            thread.start()
            begun.wait(5)
            wait_until_blocked()
    finally:
        thread.join(20)
    left = Person.objects.filter(pk__in=[old.pk, current.pk])
    assert {row.erased_at is not None for row in left} == {True}
    assert not left.filter(family_name="Quillfeather").exists()


def wait_until_blocked() -> None:
    """Until another session waits for a lock."""
    for _attempt in range(200):
        with connection.cursor() as cursor:
            # Whoever waits for a row waits for its transaction, which is of no database.
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
        time.sleep(0.02)
    raise AssertionError("nobody waited")
