"""Staff ask: with the words before them, by letter; and they deal with help that did not come."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from zoneinfo import ZoneInfo

import pdfplumber
import pytest
import time_machine
from django.urls import reverse

from dcsn.audit.models import Event
from dcsn.messages.models import Message
from referrals.actions.asking import ask_by, record_answer, record_attempt
from referrals.actions.sending import draft_referral
from referrals.models import Choice, Enquiry, PersonalLink, Referral, Signpost
from tests.factories.person import PersonFactory, access_point
from tests.factories.referral import TESTS, EnquiryFactory, referral
from tests.factories.safety_flag import SafetyFlagFactory
from tests.factories.service import ServiceFactory

pytestmark = pytest.mark.django_db

LONDON = ZoneInfo("Europe/London")


@pytest.fixture
def hub(cast):
    return access_point(cast.organisation_id)


@pytest.fixture
def ended(hub):
    with time_machine.travel(datetime(2026, 11, 2, 11, tzinfo=LONDON), tick=False):
        return referral(
            state="completed",
            requester=hub,
            person=PersonFactory(organisation=hub, with_everything=True),
        )


@pytest.fixture
def staff(cast, client_as):
    return client_as(cast.access_point_staff)


def asking(row, days=14):
    return row.follow_ups.get(after_days=days)


def address(name, row):
    return reverse(f"referrals:{name}", args=[asking(row).id])


def fresh(row):
    return Referral.objects.get(pk=row.pk)


def test_the_warning_stands_first_then_what_to_read_out(staff, ended):
    SafetyFlagFactory(person=ended.person, kind="abuse", what_to_do="Ring at noon only.")
    SafetyFlagFactory(person=ended.person, kind="child", what_to_do="Not for everybody.")
    text = staff.get(address("ask", ended)).text
    order = [
        text.index(words)
        for words in (
            "Ring in the morning only.",
            "Ring at noon only.",
            ended.person.phone,
            "Read this out",
            "Did you get the help?",
        )
    ]
    assert order == sorted(order)
    assert "Not for everybody." not in text
    event = Event.objects.get(type="referral:viewed")
    assert event.subject == ended.person_id


def test_the_answer_is_written_down(staff, ended):
    response = staff.post(
        address("ask", ended),
        {"answer": "did-not-get-help", "answered_by": "carer", "via": "phone", "helpfulness": ""},
    )
    assert response.url == reverse("referrals:hub")
    assert fresh(ended).loop == "did-not-get-help"
    assert asking(ended).answered_by == "carer"


def test_a_form_without_an_answer_comes_back_as_it_was(staff, ended):
    response = staff.post(
        address("ask", ended), {"words": "She was cross", "answered_by": "person", "via": "phone"}
    )
    assert "Choose the answer that fits best" in response.text
    assert "She was cross" in response.text
    assert asking(ended).state == "due"


def test_an_answer_that_was_written_down_wrongly_is_put_right(staff, ended):
    said = {"answered_by": "person", "via": "phone"}
    staff.post(address("ask", ended), {"answer": "got-help", **said})
    text = staff.get(address("ask", ended)).text
    assert "Put it right" in text
    staff.post(address("ask", ended), {"answer": "did-not-get-help", **said})
    assert fresh(ended).loop == "did-not-get-help"


def test_a_try_is_written_down_and_shown(staff, ended):
    staff.post(address("ask_try", ended), {"way": "phone", "result": "left-message"})
    text = staff.get(address("ask", ended)).text
    assert "left a message to ring us" in text
    assert "Not yet." in text
    response = staff.post(address("ask_try", ended), {"way": "phone"})
    assert "Choose what happened" in response.text


def test_could_not_reach_is_refused_until_it_is_enough(staff, ended):
    staff.post(address("ask_give_up", ended))
    assert asking(ended).state == "due"
    for day, way in ((16, "phone"), (18, "phone"), (20, "in-person")):
        with time_machine.travel(datetime(2026, 11, day, 10, tzinfo=LONDON), tick=False):
            record_attempt(follow_up=asking(ended), way=way, result="no-answer", by=TESTS)
    assert "Not yet." not in staff.get(address("ask", ended)).text
    staff.post(address("ask_give_up", ended))
    assert fresh(ended).loop == "could-not-reach"


def test_strangers_and_others_get_nothing(cast, client_as, ended):
    for name in ("ask", "ask_try", "ask_send", "ask_give_up"):
        assert (
            client_as(cast.stranger("hub_lead")).post(address(name, ended), {}).status_code == 404
        )
        assert client_as(cast.referral_receiver).post(address(name, ended), {}).status_code == 403
    unhelped = reverse("referrals:unhelped", args=[ended.id])
    assert client_as(cast.stranger("hub_lead")).post(unhelped, {"how": "note"}).status_code == 404
    assert asking(ended).state == "due"
    assert not Event.objects.filter(type="referral:viewed").exists()


def test_who_asked_not_to_be_contacted_is_not_shown_how(staff, ended):
    ended.person.contact_by = "none"
    ended.person.save()
    text = staff.get(address("ask", ended)).text
    assert "They asked not to be contacted" in text
    assert "Write down the answer" not in text
    staff.post(address("ask_send", ended), {"way": "letter"})
    assert not Message.objects.exists()


# --- Letters ---


def test_letters_are_printed_in_each_persons_size_with_a_form_in_the_order_of_the_screen(
    staff, hub, ended
):
    other = referral(
        state="completed",
        requester=hub,
        person=PersonFactory(
            organisation=hub, with_everything=True, formats=["print_14"], interpreter_language=""
        ),
    )
    for row in (ended, other):
        assert staff.post(address("ask_send", row), {"way": "letter"}).url == reverse(
            "referrals:letters"
        )
    text = staff.get(reverse("referrals:letters")).text
    assert "24 point: 1 letter" in text
    assert "14 point: 1 letter" in text
    assert "An interpreter" in text  # print alone is not enough for her
    response = staff.get(reverse("referrals:letters_pdf"), {"size": "24"})
    with pdfplumber.open(BytesIO(response.content)) as pdf:
        sizes = {
            round(char["size"]) for page in pdf.pages for char in page.chars if char["text"] == "e"
        }
        pages = [" ".join((page.extract_text() or "").split()) for page in pdf.pages]
    words = " ".join(pages)
    assert min(sizes) >= 14  # the address in the window; everything else is 24 and more
    assert 24 in sizes
    assert "1 Example Terrace" in words
    assert "Dear Winnie," in words
    link = PersonalLink.objects.get(person=ended.person)
    assert link.code in words.replace("\u2011", "-").replace("\u2060", "")
    assert other.reference not in words
    order = [
        words.index(part)
        for part in (
            "Did you get the help?",
            "Yes, I got the help",
            "I got some of the help",
            "No, I did not get the help",
            "I no longer need it",
            "How helpful was it?",
            "Who is answering?",
        )
    ]
    assert order == sorted(order)
    printed = Event.objects.get(type="message:printed")
    assert printed.subject == ended.person_id


def test_posted_letters_leave_the_list_once(cast, client_as, staff, ended):
    staff.post(address("ask_send", ended), {"way": "letter"})
    letter = Message.objects.get()
    posted = reverse("referrals:letters_posted")
    client_as(cast.stranger("hub_lead")).post(posted, {"letter": [str(letter.id)]})
    letter.refresh_from_db()
    assert letter.state == "queued"
    for _number in range(2):
        staff.post(posted, {"letter": [str(letter.id), "not-a-letter"]})
    letter.refresh_from_db()
    assert letter.state == "sent"
    assert Event.objects.filter(type="message:settled").count() == 1
    assert "Nothing waits" in staff.get(reverse("referrals:letters")).text


def test_a_letter_is_not_printed_after_they_answered(staff, ended):
    ask_by(follow_up=asking(ended), way="letter", by=TESTS)
    record_answer(
        follow_up=asking(ended), answer="got-help", answered_by="person", via="phone", by=TESTS
    )
    response = staff.get(reverse("referrals:letters_pdf"), {"size": "24"})
    assert response.url == reverse("referrals:letters")


# --- No help came ---


@pytest.fixture
def unhelped(ended):
    record_answer(
        follow_up=asking(ended),
        answer="did-not-get-help",
        answered_by="person",
        via="phone",
        by=TESTS,
        words="Nobody rang",
    )
    return ended


def deal(client, row, **typed):
    return client.post(reverse("referrals:unhelped", args=[row.id]), typed)


def test_it_stays_until_it_is_dealt_with(staff, unhelped):
    page = reverse("referrals:unhelped", args=[unhelped.id])
    assert "Nobody rang" in staff.get(page).text
    assert "Say in a few words what was done" in deal(staff, unhelped, how="note", note=" ").text
    assert fresh(unhelped).unhelped_settled_at is None
    deal(staff, unhelped, how="note", note="Her daughter does it now.")
    assert fresh(unhelped).unhelped_settled_at is not None
    assert "Her daughter does it now." in staff.get(page).text


def test_the_name_leads_to_the_persons_page(staff, unhelped):
    text = staff.get(reverse("referrals:unhelped", args=[unhelped.id])).text
    heading = text.split("<h1")[1].split("</h1>")[0]
    assert f'href="{unhelped.person.get_absolute_url()}"' in heading


def test_other_help_begins_with_a_new_enquiry(staff, unhelped):
    response = deal(staff, unhelped, how="other")
    enquiry = Enquiry.objects.get(origin="reopened")
    assert response.url == enquiry.get_absolute_url()
    assert (enquiry.person_id, enquiry.organisation_id) == (
        unhelped.person_id,
        unhelped.requester_id,
    )
    assert fresh(unhelped).unhelped_settled_at is not None


def test_the_same_service_again_is_a_linked_referral_that_the_screen_sends(cast, staff, unhelped):
    deal(staff, unhelped, how="again")
    draft = Referral.objects.get(replaces=unhelped)
    enquiry = Enquiry.objects.get(origin="reopened")
    assert (draft.state, draft.enquiry_id) == ("draft", enquiry.id)
    assert Choice.objects.get(enquiry=enquiry).way == "refer"
    # The enquiry screen prepares what was chosen: the same draft, still linked.
    again = draft_referral(enquiry=enquiry, service=unhelped.service, by=cast.access_point_staff)
    assert again.pk == draft.pk
    assert again.replaces_id == unhelped.pk
    # Pressed a second time: the same enquiry, no second draft.
    assert deal(staff, unhelped, how="again").url == enquiry.get_absolute_url()
    assert Enquiry.objects.filter(origin="reopened").count() == 1


def test_a_coordinator_notes_it_and_refers_nobody(cast, client_as, unhelped):
    unhelped.person.coordinator = cast.coordinator
    unhelped.person.save()
    client = client_as(cast.coordinator)
    assert (
        "Look for other help"
        not in client.get(reverse("referrals:unhelped", args=[unhelped.id])).text
    )
    deal(client, unhelped, how="other")
    assert not Enquiry.objects.filter(origin="reopened").exists()
    deal(client, unhelped, how="note", note="Rang her.")
    assert fresh(unhelped).unhelped_settled_at is not None


# --- Signposts ---


def test_a_signpost_is_asked_about(cast, client_as, staff, hub):
    enquiry = EnquiryFactory(organisation=hub, person=PersonFactory(organisation=hub))
    signpost = Signpost.objects.create(
        enquiry=enquiry, service=ServiceFactory(), follow_up="due", follow_up_on="2026-11-01"
    )
    page = reverse("referrals:ask_signpost", args=[signpost.id])
    assert signpost.service.name in staff.get(page).text
    assert "Choose what they said" in staff.post(page, {}).text
    staff.post(page, {"answer": "got-help"})
    signpost.refresh_from_db()
    assert signpost.answer == "got-help"
    assert "They said on" in staff.get(page).text
    assert client_as(cast.stranger("hub_lead")).get(page).status_code == 404
