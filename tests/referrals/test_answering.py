"""The page behind the link: answered once, and one plain page for whatever is wrong with a link."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dcsn.audit.models import Event
from dcsn.limits.models import Tally
from dcsn.privacy import erase_person
from referrals.models import FollowUp, PersonalLink, Referral
from tests.factories.place import LocationFactory
from tests.factories.referral import TESTS, question_link, referral
from tests.factories.service import ServiceFactory

pytestmark = pytest.mark.django_db
YES = {"answer": "got-help", "answered_by": "person"}


@pytest.fixture
def ended():
    return referral(state="completed")


@pytest.fixture
def link(ended):
    return question_link(ended)


def address(code):
    return reverse("referrals:answer", args=[code])


def fresh(row):
    return Referral.objects.get(pk=row.pk)


def test_looking_changes_nothing_however_often(link, ended):
    before = Event.objects.count()
    for _number in range(3):
        response = Client().get(address(link.code))
        assert response.status_code == 200
    assert Event.objects.count() == before
    assert FollowUp.objects.get(pk=link.follow_up_id).state == "due"
    assert fresh(ended).loop == "awaiting-person"


def test_the_page_names_nobody(link, ended):
    response = Client().get(address(link.code))
    for secret in (ended.person.given_name, ended.person.family_name, ended.reason_text):
        assert secret not in response.text
    assert ended.reference in response.text
    assert ended.service.name in response.text
    assert response["Referrer-Policy"] == "same-origin"
    assert "no-store" in response["Cache-Control"]
    assert "noindex" in response["X-Robots-Tag"]


def test_a_refuge_is_not_named(link):
    service = ServiceFactory(name="A safe house", places=[LocationFactory(is_confidential=True)])
    row = referral(state="completed", service=service)
    response = Client().get(address(question_link(row).code))
    assert response.status_code == 200
    assert "A safe house" not in response.text
    assert row.owner.name not in response.text


def test_sending_answers_once(link, ended):
    client = Client()
    response = client.post(
        address(link.code),
        {"answer": "did-not-get-help", "answered_by": "carer", "words": "Nobody rang 🙁"},
    )
    assert response.url == reverse("referrals:answer_thanks")
    assert client.get(response.url).status_code == 200
    asked = FollowUp.objects.get(pk=link.follow_up_id)
    assert (asked.answer, asked.answered_by, asked.answered_via, asked.words) == (
        "did-not-get-help",
        "carer",
        "link",
        "Nobody rang 🙁",
    )
    assert fresh(ended).unhelped_since is not None
    event = Event.objects.get(type="referral:answered")
    assert event.actor_job == "answer page"
    # Replayed: nothing changes.
    again = client.post(address(link.code), YES)
    assert again.status_code == 404
    assert fresh(ended).loop == "did-not-get-help"
    assert client.get(address(link.code)).status_code == 404


def test_an_empty_form_is_given_back(link, ended):
    response = Client().post(address(link.code), {"words": "Thank you", "answered_by": "person"})
    assert response.status_code == 200
    assert "Choose the answer that fits best" in response.text
    assert "Thank you" in response.text
    assert fresh(ended).loop == "awaiting-person"


def test_too_many_words_are_given_back_whole(link, ended):
    words = "🙂" + "a" * 9_999
    response = Client().post(address(link.code), {**YES, "words": words})
    assert "Please use 1,000 characters or fewer" in response.text
    assert words in response.text
    assert fresh(ended).loop == "awaiting-person"


def test_do_not_ask_me_again(link, ended):
    Client().post(address(link.code), {"stop": "1"})
    assert fresh(ended).loop == "asked-not-to-be-contacted"
    assert set(ended.follow_ups.values_list("state", flat=True)) == {"not-asked"}


def plain(code, client=None):
    """What a broken link shows, for a look and for an answer."""
    client = client or Client()
    looked, sent = client.get(address(code)), client.post(address(code), YES)
    assert (looked.status_code, sent.status_code) == (404, 404)
    Tally.objects.all().delete()  # wrong ones are counted; that is another test
    page = main(looked)
    assert page == main(sent)
    return page


def main(response):
    return response.text.split("<main")[1].split("</main>")[0]


def test_every_broken_link_is_the_same_plain_page_and_changes_nothing(link, ended):
    other = question_link(referral(state="completed"))
    used = question_link(referral(state="completed"))
    Client().post(address(used.code), YES)
    expired = question_link(referral(state="completed"))
    PersonalLink.objects.filter(pk=expired.pk).update(
        made_at=timezone.now() - timedelta(days=70),
        expires_at=timezone.now() - timedelta(seconds=1),
    )
    taken_back = question_link(referral(state="completed"))
    PersonalLink.objects.filter(pk=taken_back.pk).update(ended_at=timezone.now())
    altered = ("A" if link.code[0] != "A" else "C") + link.code[1:]
    swapped = link.code[:7] + other.code[7:]
    states = list(FollowUp.objects.order_by("pk").values_list("pk", "state"))
    events = Event.objects.count()
    seen = {
        plain(code)
        for code in (altered, swapped, used.code, expired.code, taken_back.code, "x" * 500, "É")
    }
    assert len(seen) == 1
    assert list(FollowUp.objects.order_by("pk").values_list("pk", "state")) == states
    assert not Event.objects.filter(type="referral:answered", subject=ended.person_id).exists()
    assert Event.objects.count() == events
    # The whole one still works.
    assert Client().get(address(link.code)).status_code == 200


def test_the_link_of_somebody_who_was_forgotten_opens_nothing(cast, link, ended):
    erase_person(ended.person_id, by=TESTS, reason="asked")
    assert plain(link.code)


def test_wrong_codes_are_counted(link):
    client = Client()
    found = [client.get(address(f"WRONG{number}")).status_code for number in range(8)]
    assert found[0] == 404
    assert found[-1] == 429


def test_the_code_of_a_letter_can_be_typed(link):
    client = Client()
    form = reverse("referrals:answer_code")
    assert client.get(form).status_code == 200
    response = client.post(form, {"code": f" {link.code.lower().replace('-', ' ')}"})
    assert response.url == address(link.code)
    assert client.post(form, {"code": ""}).status_code == 200
    assert client.post(form, {"code": "KM3F"}).status_code == 404


def test_after_two_months_it_is_over(link):
    with time_machine.travel(timezone.now() + timedelta(days=61)):
        assert Client().get(address(link.code)).status_code == 404
