""" "My membership": the same for paid, free and given ones; and the member's own notes."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dcsn.audit.models import Event
from dcsn.privacy import erase_person
from directory.models import Organisation
from members.actions.memberships import end_membership
from members.membership.periods import next_span
from members.models import (
    Card,
    Concession,
    Membership,
    Payment,
    Person,
    Plan,
    Saving,
    Status,
    Term,
)
from referrals.actions.personal_links import hand_out_link
from referrals.models import Enquiry, Referral
from tests.conftest import Cast
from tests.factories.card import card
from tests.factories.concession import refused
from tests.factories.membership import TESTS, PlanFactory, membership
from tests.factories.person import PersonFactory
from tests.factories.referral import EnquiryFactory, referral
from tests.factories.user import UserFactory

pytestmark = pytest.mark.django_db
HERE = "/my/membership/"


@pytest.fixture
def person(desk: Organisation) -> Person:
    return PersonFactory(organisation=desk, user=UserFactory())


@pytest.fixture
def member(person: Person, client_as: Any) -> Client:
    return client_as(person.user)


def key() -> dict[str, str]:
    return {"key": str(uuid.uuid4())}


def test_a_stranger_is_shown_the_ways_to_it_and_changes_nothing(
    client: Client, plan: Plan, person: Person
) -> None:
    membership(person=person, plan=plan)
    page = client.get(HERE)
    assert "To open it we must know that it is you" in page.text
    assert client.post(f"{HERE}renew/", key())["Location"] == HERE
    assert not Payment.objects.exists()


def test_the_link_and_number_that_open_their_referrals_open_it_too(
    client: Client, plan: Plan, desk: Organisation, cast: Cast
) -> None:
    known = PersonFactory(organisation=desk)
    row = membership(person=known, plan=plan)
    handed = hand_out_link(person=known, by=cast.access_point_staff)
    assert row.reference not in client.get(HERE).text
    client.post(reverse("referrals:mine_link", args=[handed.link.code]), {"number": handed.number})
    assert row.reference in client.get(HERE).text


def test_the_card_and_the_expiry_in_words(member: Client, person: Person, plan: Plan) -> None:
    row = membership(person=person, plan=plan)
    made = card(membership=row)
    page = member.get(HERE).text
    assert row.ends_on is not None
    assert f"You are a member until {row.ends_on:%A} {row.ends_on.day} {row.ends_on:%B %Y}" in page
    number = made.number
    assert f"{number[:2]} {number[2:6]} {number[6:8]} {number[8:]}" in page
    assert "Only you see it" in page


def test_paid_and_free_look_alike(
    person: Person, plan: Plan, client_as: Any, desk: Organisation
) -> None:
    other = PersonFactory(organisation=desk, user=UserFactory(email="other@example.org"))
    pages = []
    for one, source in ((person, Term.Source.PAYMENT), (other, Term.Source.CONCESSION)):
        row = membership(person=one, plan=plan, source=source)
        text = client_as(one.user).get(HERE).text.split('id="main-content"')[-1]
        text = text.replace(row.reference, "").split('id="saved"')[0]
        pages.append(re.sub(r'value="[^"]+"|<strong class="card-number">[^<]+', "", text))
    assert pages[0] == pages[1]


@pytest.mark.parametrize("days_left", [40, -10])
def test_renewing_by_card_adds_a_year_once(
    member: Client, person: Person, plan: Plan, settings: Any, days_left: int
) -> None:
    settings.PAYMENT_PROVIDER = "development"
    joined = timezone.localdate() + timedelta(days=days_left) - timedelta(days=364)
    row = membership(person=person, plan=plan, joined=joined)
    end = row.ends_on
    assert end is not None
    for _click in range(2):
        answer = member.post(f"{HERE}renew/", key())
    payment = Payment.objects.get()
    assert answer["Location"] == payment.go_on_url
    page = member.get(payment.go_on_url)
    back = member.post(page["Location"], {"outcome": "pay"}, follow=True)
    row = Membership.objects.get()
    assert row.ends_on == next_span(end, row.plan_terms).ends_on
    assert "You are a member until" in back.text
    # A second tab does not pay for a second year
    member.post(f"{HERE}renew/", key())
    assert Payment.objects.count() == 1


def test_it_is_not_renewed_long_before_its_end(
    member: Client, person: Person, plan: Plan, settings: Any
) -> None:
    settings.PAYMENT_PROVIDER = "development"
    membership(person=person, plan=plan)
    assert "Renew and pay" not in member.get(HERE).text
    page = member.post(f"{HERE}renew/", key(), follow=True)
    assert "It still lasts for more than two months" in page.text
    assert not Payment.objects.exists()


def test_a_free_one_is_renewed_with_one_press_and_once(
    member: Client, person: Person, free_plan: Plan
) -> None:
    joined = timezone.localdate() - timedelta(days=350)
    row = membership(person=person, plan=free_plan, joined=joined, source=Term.Source.FREE)
    end, sent = row.ends_on, key()
    assert end is not None
    for _click in range(2):
        member.post(f"{HERE}renew/", sent)
    assert Membership.objects.get().ends_on == next_span(end, row.plan_terms).ends_on


def test_a_lost_card_is_stopped_and_another_comes(
    member: Client, person: Person, plan: Plan
) -> None:
    row = membership(person=person, plan=plan)
    old = card(membership=row)
    page = member.post(f"{HERE}card/", {"what": "lost"}, follow=True)
    assert "That card no longer works" in page.text
    new = Card.objects.live().get()
    assert new.number != old.number
    assert Card.objects.get(pk=old.pk).reported_as == "lost"
    assert member.post(f"{HERE}card/", {"what": ""}).status_code == 422


def test_who_cannot_pay_asks_and_gives_no_proof(member: Client, person: Person, plan: Plan) -> None:
    joined = timezone.localdate() - timedelta(days=350)
    membership(person=person, plan=plan, joined=joined)
    sent = {"ground": Concession.Ground.HARDSHIP, **key()}
    for _click in range(2):
        member.post(f"{HERE}cannot-pay/", sent)
    asked = Concession.objects.get()
    assert (asked.via, asked.evidence, asked.state) == ("online", "", "asked")


def test_who_was_refused_has_it_looked_at_again_and_once(
    member: Client, person: Person, plan: Plan, cast: Cast, desk: Organisation
) -> None:
    row = membership(person=person, plan=plan, source=None)
    assert "Look at it again" not in member.get(HERE).text
    question = refused(membership=row, by=cast.hub_lead)
    page = member.get(HERE).text
    assert "we could not say yes" in page
    for _press in range(2):
        answer = member.post(f"{HERE}cannot-pay/", {"again": "1"}, follow=True)
    question.refresh_from_db()
    assert (question.state, question.appeal_via) == ("appealed", "online")
    assert "We look at it and tell you" in answer.text
    assert "Look at it again" not in answer.text
    assert Concession.objects.count() == 1


def test_nobody_appeals_for_another(
    person: Person, plan: Plan, cast: Cast, desk: Organisation, client_as: Any, client: Client
) -> None:
    question = refused(
        membership=membership(person=person, plan=plan, source=None), by=cast.hub_lead
    )
    stranger = PersonFactory(organisation=desk, user=UserFactory(email="other@example.org"))
    for one in (client, client_as(stranger.user)):
        one.post(f"{HERE}cannot-pay/", {"again": "1"})
    question.refresh_from_db()
    assert question.state == "not-granted"


def test_whoever_shares_it_sees_their_card_and_no_payment(
    member: Client, person: Person, plan: Plan, desk: Organisation, cast: Cast
) -> None:
    from members.actions.memberships import share_membership

    plan.people_at_most = 2
    plan.save()
    row = membership(
        person=PersonFactory(organisation=desk, given_name="Hidden", family_name="Owner"),
        plan=plan,
        joined=timezone.localdate() - timedelta(days=350),
    )
    share_membership(membership=row, person=person, by=cast.access_point_staff)
    page = member.get(HERE).text
    assert "shared with you" in page
    assert Card.objects.get(person=person).state == Card.State.REQUESTED
    assert "on the list of those to be printed" in page
    for hidden in ("Hidden", "Owner", "Renew and pay", "I cannot pay", "Make a code"):
        assert hidden not in page
    member.post(f"{HERE}renew/", key())
    assert not Payment.objects.exists()


def test_whoever_shares_one_may_still_pay_for_their_own(
    member: Client, person: Person, plan: Plan, desk: Organisation, cast: Cast
) -> None:
    """They joined for themselves and did not pay, or theirs has run out: both are on the page."""
    from members.actions.memberships import share_membership

    household = PlanFactory(kind=Plan.Kind.HOUSEHOLD, people_at_most=2, name="Our home")
    shared = membership(person=PersonFactory(organisation=desk), plan=household)
    share_membership(membership=shared, person=person, by=TESTS)
    own = membership(person=person, plan=plan, source=None)
    page = member.get(HERE).text
    assert "Our home, shared with you" in page
    assert own.reference in page
    assert "It begins when it is paid (£10" in page
    assert "Pay by card" in page
    # A mistake in a form of that part is said where the form is
    answer = member.post(f"{HERE}cannot-pay/", key())
    assert answer.status_code == 422
    assert "I cannot pay" in answer.text
    refused(membership=own, by=cast.hub_lead)
    assert "Look at it again" in member.get(HERE).text


# --- What the card saved ------------------------------------------------------------------------------


def test_notes_are_added_summed_and_deleted_and_nobody_else_hears_of_them(
    member: Client, person: Person, cast: Cast, client_as: Any
) -> None:
    sent = {"pence": "2.50", "words": "Baker", "on_day": "1", "on_month": "11", "on_year": "2026"}
    again = {**sent, **key()}
    for _click in range(2):
        member.post(f"{HERE}saved/", again)
    events = Event.objects.count()
    member.post(f"{HERE}saved/", {**sent, "pence": "1", **key()})
    assert "By your own notes: £3.50" in member.get(HERE).text
    assert Event.objects.count() == events, "it is nobody's business but theirs"
    staff = client_as(cast.hub_lead).get(person.get_absolute_url()).text
    assert "Baker" not in staff
    one = Saving.objects.get(pence=100)
    member.post(f"{HERE}saved/forget/", {"note": str(one.pk)})
    assert [note.pence for note in Saving.objects.all()] == [250]
    member.post(f"{HERE}saved/forget/", {"all": "1"})
    assert not Saving.objects.exists()


def test_nobody_deletes_another_members_notes(
    member: Client, person: Person, client_as: Any, desk: Organisation
) -> None:
    note = Saving.objects.create(person=person, pence=100)
    other = PersonFactory(organisation=desk, user=UserFactory(email="other@example.org"))
    stranger = client_as(other.user)
    stranger.post(f"{HERE}saved/forget/", {"note": str(note.pk)})
    stranger.post(f"{HERE}saved/forget/", {"all": "1"})
    assert Saving.objects.get() == note


def test_what_was_typed_wrongly_stays_and_is_said(member: Client, person: Person) -> None:
    page = member.post(f"{HERE}saved/", {"pence": "lots", "words": "Baker", **key()})
    assert page.status_code == 422
    assert "Enter an amount in pounds" in page.text
    assert 'value="Baker"' in page.text


def test_forgetting_somebody_forgets_their_notes(person: Person, cast: Cast) -> None:
    Saving.objects.create(person=person, pence=100)
    erase_person(person.pk, by=cast.coordinator, reason="asked")
    assert not Saving.objects.exists()


# --- Lapsing ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["runs out", Status.CANCELLED])
def test_lapsing_touches_no_enquiry_and_no_referral(
    person: Person, plan: Plan, cast: Cast, client_as: Any, how: str
) -> None:
    # Given a member with an open enquiry and a referral under way
    hub = person.organisation
    EnquiryFactory(organisation=hub, person=person)
    referral(state="accepted", requester=hub, person=person)
    before = [list(model.objects.order_by("pk").values()) for model in (Enquiry, Referral)]
    # When the membership runs out, or is ended
    joined = timezone.localdate() - timedelta(days=800)
    row = membership(person=person, plan=plan, joined=joined)
    if how == Status.CANCELLED:
        end_membership(membership=row, stored=Status.CANCELLED, by=TESTS)
    # Then both are as they were, and the desk still opens them
    assert [list(model.objects.order_by("pk").values()) for model in (Enquiry, Referral)] == before
    staff = client_as(cast.access_point_staff)
    assert staff.get(person.get_absolute_url()).status_code == 200
    assert staff.get(Referral.objects.get().get_absolute_url()).status_code == 200
    new = staff.get(f"/desk/members/join/{person.pk}/")
    assert new.status_code == (200 if how == Status.CANCELLED else 302)
