"""A person's timeline: plain sentences, newest first, as many queries for ten things as for a thousand."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from dcsn.audit.models import Event
from referrals.actions.asking import ask_by, record_answer
from referrals.actions.clock import run_clock
from referrals.models import Enquiry, Signpost
from tests.factories.organisation import OrganisationFactory
from tests.factories.person import PersonFactory, access_point
from tests.factories.referral import TESTS, EnquiryFactory, referral
from tests.factories.service import ServiceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def hub(cast):
    return access_point(cast.organisation_id, name="Eastbourne Park desk")


@pytest.fixture
def person(hub):
    return PersonFactory(organisation=hub, with_everything=True)


def page(person):
    return reverse("referrals:timeline", args=[person.id])


def live(hub, person):
    """One of everything."""
    enquiry = EnquiryFactory(organisation=hub, person=person, channel="phone", finished=True)
    Signpost.objects.create(
        enquiry=enquiry,
        service=ServiceFactory(name="Falls clinic"),
        way="printed",
        follow_up="done",
        follow_up_on=timezone.localdate(),
        answer="no-longer-needed",
        answered_at=timezone.now(),
    )
    row = referral(
        state="on-hold",
        requester=hub,
        person=person,
        enquiry=enquiry,
        owner=OrganisationFactory(name="Bathing at Bradbury"),
        expected_on=timezone.localdate() + timedelta(days=30),
    )
    ended = referral(state="rejected", requester=hub, person=person, reason="out-of-area")
    ask_by(follow_up=ended.follow_ups.get(after_days=14), way="letter", by=TESTS)
    record_answer(
        follow_up=ended.follow_ups.get(after_days=14),
        answer="did-not-get-help",
        answered_by="person",
        via="letter",
        by=TESTS,
    )
    referral(state="requested", requester=hub, person=person)
    run_clock(today=timezone.localdate() + timedelta(days=30))
    return row


def test_everything_in_plain_sentences(cast, client_as, hub, person):
    row = live(hub, person)
    client = client_as(cast.access_point_staff)
    text = client.get(page(person)).text + client.get(f"{page(person)}?page=2").text
    for words in (
        "They asked at Eastbourne Park desk: rang.",
        "Eastbourne Park desk finished the enquiry: answered.",
        "They were told about Falls clinic (printed).",
        "Asked about Falls clinic: “I no longer need it”.",
        "We asked Bathing at Bradbury for help",
        "Bathing at Bradbury accepted, and will be in touch by",
        "There is a waiting list at Bathing at Bradbury, until about",
        "turned it down: they live outside the area.",
        "after 14 days: “No, I did not get the help”",
        "by letter: sent",
        "Letter to them: waiting.",
        "They agreed: Ask them how it went (Eastbourne Park desk).",
        "was reminded.",
    ):
        assert words in text, words
    assert row.get_absolute_url() in text
    assert Event.objects.filter(type="person:timeline_viewed", subject=person.id).count() == 2


def test_newest_first(cast, client_as, hub, person):
    for days in (3, 1, 2):
        EnquiryFactory(
            organisation=hub, person=person, started_at=timezone.now() - timedelta(days=days)
        )
    moments = client_as(cast.hub_lead).get(page(person)).context["moments"]
    assert [one.at for one in moments] == sorted((one.at for one in moments), reverse=True)


def test_that_a_concern_was_raised_is_not_told(cast, client_as, hub, person):
    enquiry = EnquiryFactory(organisation=hub, person=person)
    Enquiry.objects.filter(pk=enquiry.pk).update(
        state="safeguarding-raised", finished_at=timezone.now()
    )
    text = client_as(cast.hub_lead).get(page(person)).text
    main = text.split("<main")[1].split("</main>")[0]
    assert "Eastbourne Park desk finished the enquiry." in main
    assert "afeguarding" not in main


def test_receivers_and_others_see_nothing_of_it(cast, client_as, hub, person):
    live(hub, person)
    assert client_as(cast.referral_receiver).get(page(person)).status_code == 403
    assert client_as(cast.membership_officer).get(page(person)).status_code == 403
    assert client_as(cast.administrator).get(page(person)).status_code == 403
    assert client_as(cast.stranger("hub_lead")).get(page(person)).status_code == 404
    assert not Event.objects.filter(type="person:timeline_viewed").exists()


def test_what_another_access_point_did_is_not_shown(cast, client_as, person):
    elsewhere = referral(
        state="accepted", person=person, owner=OrganisationFactory(name="Somewhere else")
    )
    text = client_as(cast.access_point_staff).get(page(person)).text
    assert elsewhere.get_absolute_url() not in text


def test_as_many_queries_for_much_as_for_little_and_at_most_twelve(cast, client_as, hub, person):
    client = client_as(cast.hub_lead)
    live(hub, person)
    client.get(page(person))
    with CaptureQueriesContext(connection) as few:
        client.get(page(person))
    for _number in range(5):
        live(hub, person)
    with CaptureQueriesContext(connection) as many:
        response = client.get(page(person))
    assert "Page 1 of" in response.text
    assert len(many) == len(few)
    assert len(many) <= 12, [one["sql"][:120] for one in many.captured_queries]
    assert client.get(f"{page(person)}?page=3").status_code == 200
