"""Yes and no, by link and signed in: what each side reads, and when."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dcsn.messages.models import Message
from dcsn.messages.sealed import covered, opened
from directory.models import PostcodePlace
from members.models import Person
from tests.conftest import Cast
from tests.factories.person import PersonFactory
from tests.factories.safety_flag import SafetyFlagFactory
from tests.factories.user import UserFactory
from tests.factories.volunteering import (
    TESTS,
    agreed_visit,
    given_hours,
    help_request,
    offer,
    volunteer,
)
from volunteers.actions.offers import accept, decline
from volunteers.helping.links import token_of
from volunteers.models import HelpRequest, Offer
from volunteers.states import HelpState, OfferState, Party

pytestmark = pytest.mark.django_db


def link(asked: Offer, side: Party) -> str:
    return reverse("volunteers:offer_link", args=[token_of(asked.pk, side)])


def test_each_reads_of_the_other_after_both_said_yes() -> None:
    row = help_request()
    asked = offer(row, volunteer())
    client = Client()
    theirs, persons = link(asked, Party.VOLUNTEER), link(asked, Party.PERSON)
    secrets = (row.person.name, "01632 960 321", "1 Example Terrace", "light bulb in the hall")
    before = client.get(theirs).content.decode()
    assert not [one for one in secrets if one in before]
    # The person is asked only when somebody has said yes.
    assert client.get(persons).status_code == 404
    client.post(theirs, {"answer": "yes"})
    between = client.get(theirs).content.decode()
    assert "The person is asked too" in between
    assert not [one for one in secrets if one in between]
    client.post(persons, {"answer": "yes"})
    after = client.get(theirs).content.decode()
    assert not [one for one in secrets if one not in after]
    asked.refresh_from_db()
    assert asked.volunteer.person.name in client.get(persons).content.decode()


def test_looking_answers_nothing_and_the_address_is_kept_quiet() -> None:
    asked = offer(help_request(), volunteer())
    answer = Client().get(link(asked, Party.VOLUNTEER))
    asked.refresh_from_db()
    assert asked.state == OfferState.OFFERED
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert answer["Referrer-Policy"] == "same-origin"
    assert "no-store" in answer["Cache-Control"]


def test_a_no_by_link_goes_to_the_next_and_closes_the_link() -> None:
    row = help_request()
    first, second = volunteer(), volunteer()
    asked = offer(row, first, second)
    here = link(asked, Party.VOLUNTEER)
    answer = Client().post(here, {"answer": "no"})
    # An address of its own: a reload says the same, where the link itself opens nothing any more.
    for _time in range(2):
        assert "no consequence" in Client().get(answer.url).content.decode()
    assert row.offers.get(state=OfferState.OFFERED).volunteer == second
    assert Client().get(here).status_code == 404


def test_altered_or_of_the_other_side_opens_nothing() -> None:
    asked = offer(help_request(), volunteer())
    token = token_of(asked.pk, Party.VOLUNTEER)
    for wrong in (f"p{token[1:]}", f"{token[:-1]}{'A' if token[-1] != 'A' else 'B'}", "v.x", "x"):
        address = reverse("volunteers:offer_link", args=[wrong])
        assert Client().post(address, {"answer": "yes"}).status_code == 404
    asked.refresh_from_db()
    assert asked.state == OfferState.OFFERED


def test_signed_in_they_see_their_own_and_nobody_elses(cast: Cast, client_as: Any) -> None:
    asked = offer(help_request(), volunteer(user=cast.nobody))
    other = offer(help_request(), volunteer())
    client = client_as(cast.nobody)
    page = client.get(reverse("volunteers:my_offers")).content.decode()
    assert reverse("volunteers:my_offer", args=[asked.pk]) in page
    assert str(other.pk) not in page
    assert client.get(reverse("volunteers:my_offer", args=[other.pk])).status_code == 404
    client.post(reverse("volunteers:my_offer", args=[asked.pk]), {"answer": "yes"})
    asked.refresh_from_db()
    assert asked.state == OfferState.ACCEPTED
    # And can give it back, without a reason.
    client.post(reverse("volunteers:my_offer", args=[asked.pk]), {"answer": "no"})
    asked.refresh_from_db()
    assert (asked.state, asked.words) == (OfferState.CANCELLED, "")
    asked.help_request.refresh_from_db()
    assert asked.help_request.state == HelpState.TRIAGED


def test_my_offers_ask_no_more_for_more_rows(cast: Cast, client_as: Any) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    who = volunteer(user=cast.nobody)
    client = client_as(cast.nobody)
    counts = []
    for _n in range(2):
        offer(help_request(), who)
        client.get(reverse("volunteers:my_offers"))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("volunteers:my_offers"))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_messages_hold_no_link_until_they_are_sent_and_nothing_personal() -> None:
    person = PersonFactory(email="fern@example.org", contact_by="email")
    row = help_request(
        person=PersonFactory(
            email="ivy@example.org", contact_by="email", given_name="Ivy", family_name="Example"
        )
    )
    asked = offer(row, volunteer(person=person, organisation=row.organisation))
    message = Message.objects.get(to_address="fern@example.org")
    token = token_of(asked.pk, Party.VOLUNTEER)
    assert token not in message.body
    assert token in opened(message.body)
    assert token not in covered(message.body)
    for secret in ("Ivy", "light bulb", "Example"):
        assert secret not in message.body + message.subject
    Client().post(link(asked, Party.VOLUNTEER), {"answer": "yes"})
    theirs = Message.objects.get(to_address="ivy@example.org")
    assert token_of(asked.pk, Party.PERSON) in opened(theirs.body)


def test_whoever_wants_no_contact_gets_no_message() -> None:
    person = PersonFactory(email="fern@example.org", contact_by="none")
    row = help_request()
    offer(row, volunteer(person=person, organisation=row.organisation))
    assert not Message.objects.exists()


def test_what_waits_for_an_answer_stands_on_top_and_on_the_first_page(client_as: Any) -> None:
    who = volunteer(user=UserFactory())
    over, done, promised, waits, lapsed = (offer(help_request(), who) for _number in range(5))
    decline(offer=over, by=TESTS, side=Party.VOLUNTEER)
    for one in (done, promised):
        accept(offer=one, by=TESTS, side=Party.VOLUNTEER)
    now = timezone.now()
    Offer.objects.filter(pk=over.pk).update(ended_at=now - timedelta(days=9))
    Offer.objects.filter(pk=done.pk).update(state="done", ended_at=now - timedelta(days=2))
    Offer.objects.filter(pk=lapsed.pk).update(
        lapses_at=now - timedelta(minutes=1), offered_at=now - timedelta(days=3)
    )
    client = client_as(who.person.user)
    response = client.get(reverse("volunteers:my_offers"))
    assert list(response.context["page"]) == [waits, lapsed, promised, done, over]
    page = response.content.decode()
    # Of one whose time is over nobody asks for an answer.
    assert page.count("Please answer by") == 1
    # When they go next, of several.
    assert "Next visit:" not in page
    accept(offer=promised, by=TESTS, side=Party.PERSON)
    visits = [agreed_visit(promised, starts_at=now + timedelta(days=days)) for days in (12, 4)]
    page = client.get(reverse("volunteers:my_offers")).content.decode()
    assert page.count("Next visit:") == 1
    assert f"{timezone.localtime(visits[1].starts_at):%A}" in page.split("Next visit:")[1][:40]
    first = client.get(reverse("volunteers:my_volunteering")).content.decode()
    assert first.count("1 waits for your answer") == 1
    given_hours(who, side="organisation")
    first = client.get(reverse("volunteers:my_volunteering")).content.decode()
    assert first.count("1 waits for your answer") == 2


def test_who_is_asked_reads_roughly_how_far_it_is_and_no_address() -> None:
    for code, north in (("DL3 7XX", 54.5), ("DL1 1AA", 54.52)):
        PostcodePlace.objects.create(code=code, latitude=north, longitude=-1.55)
    row, who = help_request(), volunteer()
    Person.objects.filter(pk=who.person_id).update(postcode="DL1 1AA")
    asked = offer(row, who)
    client, theirs = Client(), link(asked, Party.VOLUNTEER)

    def page() -> str:
        return " ".join(client.get(theirs).content.decode().split())

    # 1.38 miles in a straight line.
    assert "At the person&#x27;s home, within 2 miles of yours" in page()
    assert "DL3 7XX" not in page()
    Person.objects.filter(pk=who.person_id).update(postcode="DL3 7XX")
    assert "within a mile of yours" in page()
    flag = SafetyFlagFactory(person=row.person)
    assert "mile" not in page(), "somebody may be looking for them"
    flag.delete()
    Person.objects.filter(pk=who.person_id).update(postcode="")
    assert "At the person&#x27;s home</dd>" in page()
    # Where somebody must be careful, not even that.
    Person.objects.filter(pk=who.person_id).update(postcode="DL1 1AA")
    Person.objects.filter(pk=row.person_id).update(safe_contact_note="Do not ring")
    assert "mile" not in page()
    HelpRequest.objects.filter(pk=row.pk).update(from_home=True)
    assert "From your own home" in page()
    accept(offer=asked, by=TESTS, side=Party.VOLUNTEER)
    # The person reads nothing of it.
    assert "your own home" not in client.get(link(asked, Party.PERSON)).content.decode()
