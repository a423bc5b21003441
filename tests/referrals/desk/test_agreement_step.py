"""One consent step for several referrals: the words read out, what goes, who said so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from directory.models import Service
from members.models import Consent, Person, Purpose, SharingAgreement
from referrals.models import Choice, Enquiry, Referral, Signpost
from referrals.states import State
from tests.conftest import Cast
from tests.factories.referral import EnquiryFactory, referral
from tests.referrals.desk.browser import Screen

pytestmark = pytest.mark.django_db


@pytest.fixture
def enquiry(cast: Cast, desk: Any, person: Person, baths: list[Service]) -> Enquiry:
    found = EnquiryFactory(
        organisation=desk, person=person, taken_by=cast.access_point_staff, words="Baths are hard"
    )
    for service in baths:
        Choice.objects.create(enquiry=found, service=service, way=Choice.Way.REFER)
    return found


@pytest.fixture
def step(staff: Client, enquiry: Enquiry) -> Screen:
    return Screen(staff, reverse("referrals:enquiry_consent", args=[enquiry.id]), "agreement")


def tick(step: Screen, *services: Service) -> Screen:
    return step.type(**{f"to-{one.short_id}-agreed": "on" for one in services})


def test_the_words_name_each_organisation_and_what_goes(step: Screen, baths: list[Service]) -> None:
    for service in baths:
        assert f"You may tell {service.organisation.name} the following about me:" in step.text
        # Nothing is ticked before they said yes.
        assert f"to-{service.short_id}-agreed" not in step.values
        assert step.values[f"to-{service.short_id}-reason_text"] == ["Baths are hard"]


def test_three_go_in_one_submit(
    step: Screen, baths: list[Service], enquiry: Enquiry, person: Person
) -> None:
    answer = tick(step, *baths).type(may_ask="on").press("send")
    assert answer.headers["Location"] == enquiry.get_absolute_url()
    sent = Referral.objects.filter(enquiry=enquiry)
    assert [one.state for one in sent] == [State.REQUESTED] * 3
    shared = Consent.objects.filter(person=person, purpose=Purpose.SHARE)
    assert {one.organisation for one in shared} == {one.organisation for one in baths}
    assert Consent.objects.filter(person=person, purpose=Purpose.CONTACT).count() == 1
    enquiry.refresh_from_db()
    assert enquiry.state == Enquiry.State.REFERRED


def test_a_second_click_sends_nothing_twice(
    staff: Client, step: Screen, baths: list[Service], enquiry: Enquiry
) -> None:
    tick(step, *baths)
    sent = {**step.values, "do": "send"}
    for _click in range(2):
        answer = staff.post(step.action, sent)
        assert answer.headers["Location"] == enquiry.get_absolute_url()
    assert Referral.objects.count() == 3


def test_what_they_did_not_agree_to_is_only_told(
    step: Screen, baths: list[Service], enquiry: Enquiry
) -> None:
    tick(step, baths[0]).press("send")
    assert Referral.objects.get().service == baths[0]
    told = Signpost.objects.filter(enquiry=enquiry).values_list("service", flat=True)
    assert set(told) == {baths[1].id, baths[2].id}


def test_nothing_ticked_sends_nothing(step: Screen) -> None:
    assert step.press("send").status_code == 422
    assert "Tick what they agree to" in step.text
    assert not Referral.objects.exists()


def test_other_words_are_read_out_before_they_count(step: Screen, baths: list[Service]) -> None:
    name = f"to-{baths[0].short_id}-categories"
    tick(step, baths[0]).type(**{name: [*step.values[name], "address"]})
    assert step.press("send").status_code == 422
    assert "Read the new words out" in step.text
    assert "my name; my address;" in step.text
    assert not Referral.objects.exists()
    step.press("send")
    assert "address" in Referral.objects.get().categories


def test_without_anything_ticked_to_go_it_says_so(step: Screen, baths: list[Service]) -> None:
    tick(step, baths[0]).type(**{f"to-{baths[0].short_id}-categories": None})
    assert step.press("send").status_code == 422
    assert "Tick what is passed on" in step.text


def test_only_what_the_agreement_covers_is_offered(
    staff: Client, enquiry: Enquiry, baths: list[Service]
) -> None:
    SharingAgreement.objects.filter(organisation=baths[0].organisation).update(
        categories=["name", "needs"]
    )
    step = Screen(staff, reverse("referrals:enquiry_consent", args=[enquiry.id]), "agreement")
    assert step.values[f"to-{baths[0].short_id}-categories"] == ["name", "needs"]
    step.type(**{f"to-{baths[0].short_id}-categories": ["name", "address"]})
    assert tick(step, baths[0]).press("send").status_code == 422
    assert not Referral.objects.exists()


def test_no_agreement_any_more_means_telling_only(
    staff: Client, enquiry: Enquiry, baths: list[Service]
) -> None:
    SharingAgreement.objects.filter(organisation=baths[0].organisation).update(
        review_on=timezone.localdate() - timedelta(days=1)
    )
    step = Screen(staff, reverse("referrals:enquiry_consent", args=[enquiry.id]), "agreement")
    assert "These you can only tell them about" in step.text
    assert f"to-{baths[0].short_id}-agreed" not in step.text
    tick(step, baths[1]).press("send")
    assert Referral.objects.get().service == baths[1]
    assert Signpost.objects.filter(service=baths[0]).exists()


def test_a_carer_cannot_agree_without_a_reason(step: Screen, baths: list[Service]) -> None:
    tick(step, baths[0]).type(given_by="carer")
    assert step.press("send").status_code == 422
    assert "Say who agreed for them" in step.text
    assert "Say why it is in their best interests" in step.text
    step.type(who="Her daughter", best_interests="She has always wanted to stay at home")
    step.press("send")
    consent = Consent.objects.get(purpose=Purpose.SHARE)
    assert consent.given_by == Consent.GivenBy.CARER
    assert consent.note.who == "Her daughter"


def test_until_a_day(step: Screen, baths: list[Service]) -> None:
    tick(step, baths[0]).type(until_day="1", until_month="2", until_year="2001")
    assert step.press("send").status_code == 422
    day = timezone.localdate() + timedelta(days=30)
    step.type(until_day=day.day, until_month=day.month, until_year=day.year).press("send")
    until = Consent.objects.get(purpose=Purpose.SHARE).until
    assert until is not None
    assert timezone.localtime(until).date() == day + timedelta(days=1)


def test_another_basis_needs_its_reason(step: Screen, baths: list[Service]) -> None:
    tick(step, baths[0]).type(basis="vital-interests")
    assert step.press("send").status_code == 422
    step.type(basis_note="She was found on the floor").press("send")
    sent = Referral.objects.get()
    assert (sent.state, sent.basis) == (State.REQUESTED, "vital-interests")
    assert not Consent.objects.filter(purpose=Purpose.SHARE).exists()


def test_asked_later_by_phone(
    staff: Client, step: Screen, baths: list[Service], enquiry: Enquiry
) -> None:
    name = f"to-{baths[0].short_id}-reason_text"
    step.type(**{name: "A rail by the bath"}).press("later")
    enquiry.refresh_from_db()
    assert enquiry.is_open
    assert {one.state for one in Referral.objects.all()} == {State.DRAFT}
    again = Screen(staff, step.action, "agreement")
    assert again.values[name] == ["A rail by the bath"]
    tick(again, *baths).press("send")
    assert {one.state for one in Referral.objects.all()} == {State.REQUESTED}
    assert Referral.objects.count() == 3


def test_too_many_words_are_said_and_kept(step: Screen, baths: list[Service]) -> None:
    name = f"to-{baths[0].short_id}-reason_text"
    long = "Word 😀 " * 300
    assert tick(step, baths[0]).type(**{name: long}).press("send").status_code == 422
    assert step.values[name] == [long]


def test_begun_again_after_it_ended_asks_again(
    staff: Client, desk: Any, baths: list[Service], person: Person
) -> None:
    old = referral(state="rejected", requester=desk, service=baths[0], person=person)
    Enquiry.objects.filter(pk=old.enquiry_id).update(
        state=Enquiry.State.REFERRED, finished_at=timezone.now()
    )
    answer = staff.post(reverse("referrals:referral_change", args=[old.id]), {"do": "again"})
    step = Screen(staff, answer.headers["Location"], "agreement")
    tick(step, baths[0]).press("send")
    new = Referral.objects.get(replaces=old)
    assert new.state == State.REQUESTED


def test_without_a_person_there_is_nothing_to_agree(staff: Client, enquiry: Enquiry) -> None:
    Enquiry.objects.filter(pk=enquiry.pk).update(person=None)
    address = reverse("referrals:enquiry_consent", args=[enquiry.id])
    assert staff.get(address).headers["Location"] == enquiry.get_absolute_url()
    # The screen says what is missing.
    screen = Screen(staff, enquiry.get_absolute_url())
    assert screen.press("finish").status_code == 422
    assert "say first who they are" in screen.text


def test_a_stranger_finds_none_of_it(
    cast: Cast, enquiry: Enquiry, client_as: Callable[..., Client], baths: list[Service]
) -> None:
    stranger = client_as(cast.stranger("hub_lead"))
    address = reverse("referrals:enquiry_consent", args=[enquiry.id])
    assert stranger.get(address).status_code == 404
    sent = stranger.post(address, {f"to-{baths[0].short_id}-agreed": "on", "do": "send"})
    assert sent.status_code == 404
    assert not Referral.objects.exists()
