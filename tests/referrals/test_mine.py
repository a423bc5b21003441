"""The person's own view: by a link and a number told apart, or signed in; and what never shows there."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pdfplumber
import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dcsn.audit import record
from dcsn.audit.models import Event
from dcsn.limits.models import Tally
from dcsn.messages.models import Message
from members.events import CONSENT_WITHDRAWN, PERSON_VIEWED
from members.models import Consent, Person
from referrals.actions.personal_links import MY_PAGE, hand_out_link
from referrals.events import REFERRAL_VIEWED, REPLY_DETAILS_OPENED
from referrals.models import PersonalLink, Referral
from referrals.replies.codes import BY_LINK
from tests.factories.concern import concern
from tests.factories.organisation import OrganisationFactory
from tests.factories.person import PersonFactory, access_point
from tests.factories.referral import question_link, referral
from tests.factories.user import UserFactory

pytestmark = pytest.mark.django_db

MINE = "/my/referrals/"


@pytest.fixture
def hub(cast):
    return access_point(cast.organisation_id, name="Eastbourne Park desk")


@pytest.fixture
def person(hub):
    return PersonFactory(organisation=hub, with_everything=True)


@pytest.fixture
def row(hub, person):
    return referral(
        state="completed",
        requester=hub,
        person=person,
        owner=OrganisationFactory(name="Bathing at Bradbury"),
    )


@pytest.fixture
def handed(cast, person):
    return hand_out_link(person=person, by=cast.access_point_staff)


def opened(handed):
    client = Client()
    response = client.post(link_of(handed), {"number": handed.number})
    assert response.url == MINE
    return client


def link_of(handed):
    return reverse("referrals:mine_link", args=[handed.link.code])


def main(response):
    return response.text.split("<main")[1].split("</main>")[0]


def test_a_link_and_the_number_show_everything_in_plain_sentences(cast, row, handed):
    record(
        PERSON_VIEWED,
        by=cast.access_point_staff,
        subject=row.person_id,
        organisation=row.requester_id,
    )
    text = main(opened(handed).get(MINE))
    for words in (
        row.service.name,
        row.reference,
        "Eastbourne Park desk asked Bathing at Bradbury for help",
        "Bathing at Bradbury accepted.",
        "Bathing at Bradbury says that the help is finished.",
        "your phone number and e-mail address",
        "Did you get the help? Tell us",
        "I no longer agree",
        "Access point staff at Eastbourne Park desk looked at the person",
    ):
        assert words in text
    assert row.reason_text not in text
    event = Event.objects.get(type="link:opened")
    assert (event.subject, event.actor_job) == (row.person_id, "my referrals page")


def test_staff_are_not_named(cast, row, handed):
    type(cast.access_point_staff).objects.filter(pk=cast.access_point_staff.pk).update(
        name="Zebedee Unmistakable"
    )
    record(PERSON_VIEWED, by=cast.access_point_staff, subject=row.person_id)
    assert "Zebedee" not in opened(handed).get(MINE).text


def test_lists_on_which_they_stood_are_looks_too(cast, client_as, row, handed):
    with time_machine.travel(timezone.now() + timedelta(days=15)):
        client_as(cast.hub_lead).get(reverse("referrals:hub"))
        handed = hand_out_link(person=row.person, by=cast.hub_lead)
        text = main(opened(handed).get(MINE))
    assert "Hub lead at Eastbourne Park desk looked at a list of referrals" in text


def test_what_was_done_by_a_link_is_said_to_be_theirs(cast, client_as, hub, person, row, handed):
    record(
        REPLY_DETAILS_OPENED,
        by=BY_LINK,
        subject=person.id,
        organisation=row.owner_id,
        details={"referral": row.id, "categories": []},
    )
    record(CONSENT_WITHDRAWN, by=MY_PAGE, subject=person.id, details={"purpose": "share"})
    text = main(opened(handed).get(MINE))
    assert "Bathing at Bradbury, by its link, looked at the person" in text
    assert "You, by your link, recorded that the person no longer agrees" in text
    assert "You, by your link, opened the person" in text
    assert "The portal itself" not in text
    # Staff read the same, and where somebody has help only in the timeline.
    looks = client_as(cast.hub_lead).get(person.get_absolute_url()).text.split("Who has looked")[1]
    assert "The person, by their link, recorded that" in looks
    assert "The receiving organisation, by its link, looked at" in looks
    assert "Bradbury" not in looks


def test_safeguarding_never_shows(cast, hub, person, row, handed):
    concern(organisation=hub, person=person)
    hidden = referral(
        state="requested",
        requester=hub,
        person=person,
        owner=OrganisationFactory(name="Protection team"),
    )
    Referral.objects.filter(pk=hidden.pk).update(basis="safeguarding", basis_note="At risk")
    client = opened(handed)
    page = main(client.get(MINE))
    paper = pdf_text(client.get(reverse("referrals:mine_pdf")))
    # The factory gives a consent to everybody, which would be shown: the referral is not.
    for words in ("asked Protection team", hidden.reference, "afeguarding", "concern"):
        assert words not in page
        assert words not in paper
    # Its steps are not among what was done, either.
    for looked_at in (hidden, row):
        record(
            REFERRAL_VIEWED, by=cast.hub_lead, subject=person.id, details={"referral": looked_at.id}
        )
    assert (
        main(client.get(MINE)).count("Hub lead at Eastbourne Park desk looked at a referral") == 1
    )


def pdf_text(response):
    with pdfplumber.open(BytesIO(response.content)) as pdf:
        return " ".join(" ".join((page.extract_text() or "").split()) for page in pdf.pages)


def test_on_paper_in_their_size(row, handed):
    response = opened(handed).get(reverse("referrals:mine_pdf"))
    with pdfplumber.open(BytesIO(response.content)) as pdf:
        sizes = {round(char["size"]) for page in pdf.pages for char in page.chars}
    assert min(sizes) == 24
    assert "Bathing at Bradbury accepted." in pdf_text(response)


# --- Getting in ---


def test_without_the_number_the_link_shows_nothing(row, handed):
    client = Client()
    response = client.get(link_of(handed))
    for words in (row.person.given_name, row.service.name, row.owner.name, row.reference):
        assert words not in response.text
    for address in (MINE, reverse("referrals:mine_pdf")):
        assert client.get(address).url == reverse("referrals:mine_code")
    assert not Event.objects.filter(type="link:opened").exists()


def test_five_wrong_numbers_end_it_for_good(handed):
    wrong = f"{(int(handed.number) + 1) % 10_000:04}"
    for _number in range(5):
        Tally.objects.all().delete()
        response = Client().post(link_of(handed), {"number": wrong})
    assert response.status_code == 404
    Tally.objects.all().delete()
    assert Client().post(link_of(handed), {"number": handed.number}).status_code == 404


def test_every_broken_link_is_the_same_plain_page(cast, handed, row):
    client = Client()
    question = question_link(row)  # good, for another page
    old = handed
    handed = hand_out_link(person=row.person, by=cast.access_point_staff)
    altered = handed.link.code[:-1] + ("A" if handed.link.code[-1] != "A" else "C")
    pages = set()
    for code in (altered, question.code, old.link.code, "nothing"):
        Tally.objects.all().delete()
        address = reverse("referrals:mine_link", args=[code])
        for response in (client.get(address), client.post(address, {"number": handed.number})):
            assert response.status_code == 404
            pages.add(main(response))
    assert len(pages) == 1
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        Tally.objects.all().delete()
        assert client.get(link_of(handed)).status_code == 404
    # And its code does not answer a question.
    assert client.get(reverse("referrals:answer", args=[handed.link.code])).status_code == 404


def test_a_new_link_closes_what_an_old_one_opened(cast, row, handed):
    client = opened(handed)
    assert client.get(MINE).status_code == 200
    hand_out_link(person=row.person, by=cast.access_point_staff)
    assert client.get(MINE).url == reverse("referrals:mine_code")


def test_it_closes_by_itself_and_by_a_button(handed):
    client = opened(handed)
    with time_machine.travel(timezone.now() + timedelta(minutes=21)):
        assert client.get(MINE).url == reverse("referrals:mine_code")
    client = opened(handed)
    client.post(reverse("referrals:mine_leave"))
    assert client.get(MINE).url == reverse("referrals:mine_code")


def test_the_number_is_shown_once_and_sent_nowhere(cast, client_as, person):
    client = client_as(cast.access_point_staff)
    page = reverse("referrals:mine_hand_out", args=[person.id])
    for way in ("letter", "email", ""):
        response = client.post(page, {"send_by": way})
        number = response.context["handed"].number
        assert number in response.text
    assert "Tell them this number now" not in client.get(page).text
    for message in Message.objects.all():
        key = PersonalLink.objects.get(pk=message.key.removeprefix("mine:"))
        # Without the year until when it works: one number in ten thousand is that year.
        words = f"{message.subject} {message.body}".replace(f"{key.expires_at.year}.", "")
        assert not any(
            key.number_is(part) for part in words.replace(".", " ").split() if part.isdigit()
        )
        for secret in (person.given_name, person.family_name, person.greeting):
            assert secret not in words
    assert Message.objects.count() == 2
    assert PersonalLink.objects.filter(ended_at=None).count() == 1


def test_strangers_hand_out_nothing(cast, client_as, person):
    for user, status in ((cast.stranger("hub_lead"), 404), (cast.referral_receiver, 403)):
        for name in ("mine_hand_out", "mine_print", "timeline"):
            address = reverse(f"referrals:{name}", args=[person.id])
            assert client_as(user).get(address).status_code == status
        hand_out = reverse("referrals:mine_hand_out", args=[person.id])
        assert client_as(user).post(hand_out, {"send_by": ""}).status_code == status
    assert not PersonalLink.objects.exists()


# --- Signed in ---


def test_with_a_sign_in_of_their_own(row, client_as):
    user = UserFactory(role="member")
    Person.objects.filter(pk=row.person_id).update(user=user)
    other = referral(state="requested")
    text = client_as(user).get(MINE).text
    assert row.reference in text
    assert other.reference not in text
    somebody = UserFactory(role="member")
    assert client_as(somebody).get(MINE).url == reverse("referrals:mine_code")


# --- What they can do ---


def test_withdrawing_is_one_press_and_the_receiver_is_stopped(hub, person, handed):
    row = referral(state="accepted", requester=hub, person=person)
    client = opened(handed)
    client.post(reverse("referrals:mine_stop"), {"organisation": str(row.owner_id)})
    assert Referral.objects.get(pk=row.pk).state == "cancelled"
    withdrawal = Consent.objects.get(withdraws__isnull=False)
    assert (withdrawal.how, withdrawal.recorded_by) == ("online", None)
    assert "Nobody but us." in client.get(MINE).text
    # Again, and for an organisation that has nothing: nothing happens.
    client.post(reverse("referrals:mine_stop"), {"organisation": str(row.owner_id)})
    client.post(reverse("referrals:mine_stop"), {"organisation": "everybody"})
    assert Consent.objects.filter(withdraws__isnull=False).count() == 1


def test_answering_there(row, handed):
    client = opened(handed)
    page = reverse("referrals:mine_answer", args=[row.follow_ups.get(after_days=14).id])
    assert row.service.name in client.get(page).text
    client.post(page, {"answer": "got-help", "answered_by": "person"})
    assert Referral.objects.get(pk=row.pk).loop == "got-help"
    assert "“Yes, I got the help”" in client.get(MINE).text
    other = referral(state="completed")
    theirs = reverse("referrals:mine_answer", args=[other.follow_ups.get(after_days=14).id])
    assert client.get(theirs).status_code == 404
    assert client.post(theirs, {"answer": "got-help", "answered_by": "person"}).status_code == 404


def test_staff_print_for_them_no_more_than_they_may_see(cast, client_as, row):
    elsewhere = referral(state="accepted", person=row.person)
    response = client_as(cast.access_point_staff).get(
        reverse("referrals:mine_print", args=[row.person_id])
    )
    words = pdf_text(response)
    assert row.reference in words
    assert elsewhere.reference not in words
    assert Event.objects.get(type="person:referrals_printed").subject == row.person_id
