"""Gifts and shares: a code that somebody else takes up, for themselves and once."""

from __future__ import annotations

import threading
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone

from directory.models import Organisation
from members.actions.journal import balance
from members.actions.memberships import TooMany
from members.joining.actions import JOIN_FORM
from members.joining.codes import NoSuchCode, find_code, make_gift, make_share_code, take_up
from members.membership.periods import next_span
from members.models import Account, Card, JoinCode, Membership, Payment, Person, Plan, Status, Term
from members.payments.desk import take_at_desk, void_payment
from tests.conftest import Cast
from tests.factories.membership import PlanFactory, membership
from tests.factories.person import PersonFactory
from tests.factories.user import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def household(desk: Organisation) -> Plan:
    return PlanFactory(code="home", kind=Plan.Kind.HOUSEHOLD, people_at_most=3)


def bought(plan: Plan, desk: Organisation, cast: Cast) -> JoinCode:
    gift = make_gift(plan=plan, organisation=desk, by=cast.access_point_staff, key=uuid.uuid4())
    take_at_desk(
        key=uuid.uuid4(),
        membership=None,
        purpose=Payment.For.GIFT,
        gift=gift,
        plan_terms=gift.plan_terms,
        amount_pence=1000,
        method=Payment.Method.CASH,
        by=cast.access_point_staff,
    )
    return gift


# --- Gifts --------------------------------------------------------------------------------------------


def test_somebody_gives_a_membership_online_and_another_takes_it_up(
    plan: Plan, desk: Organisation, who: dict[str, Any], settings: Any
) -> None:
    settings.PAYMENT_PROVIDER = "development"
    # Given a buyer, who is asked for no name
    buyer, taker = Client(), Client()
    key = str(uuid.uuid4())
    for _click in range(2):
        answer = buyer.post(
            "/join/gift/", {"plan": "one", "organisation": str(desk.pk), "key": key}
        )
    gift = JoinCode.objects.get()
    payment = Payment.objects.get()
    assert (gift.giver, payment.person, payment.gift) == (None, None, gift)
    # When it is not paid for, the code works for nobody and is not shown
    assert taker.post("/join/code/", {"code": gift.code}).status_code == 422
    assert buyer.get("/join/gift/done/")["Location"] == "/join/gift/"
    page = buyer.get(answer["Location"])
    done = buyer.post(page["Location"], {"outcome": "pay"}, follow=True)
    # Then the buyer holds the code, and nobody else does
    assert gift.code in done.text
    assert Client().get("/join/gift/done/")["Location"] == "/join/gift/"
    # When somebody types it, in their own way, and says who they are
    typed = gift.code.replace("-", " ").lower()
    assert taker.post("/join/code/", {"code": typed})["Location"] == "/join/code/you/"
    del who["organisation"]
    welcome = taker.post("/join/code/you/", who, follow=True)
    # Then they are a member by a gift, from today
    row = Membership.objects.get()
    assert (row.via, row.person) == (Membership.Via.GIFT, Person.objects.get())
    assert [term.source for term in row.terms.all()] == [Term.Source.GIFT]
    assert row.starts_on == timezone.localdate()
    assert row.reference in welcome.text
    assert balance(Account.MEMBERSHIPS) == -1000
    # and the code is used up
    assert Client().post("/join/code/", {"code": gift.code}).status_code == 422


def test_a_member_who_gets_a_gift_is_a_member_for_longer(
    plan: Plan, desk: Organisation, cast: Cast, client_as: Any
) -> None:
    user = UserFactory()
    row = membership(person=PersonFactory(user=user, organisation=desk), plan=plan)
    end = row.ends_on
    assert end is not None
    gift = bought(plan, desk, cast)
    client = client_as(user)
    client.post("/join/code/", {"code": gift.code})
    client.post("/join/code/you/")
    row = Membership.objects.get()
    assert row.ends_on == next_span(end, row.plan_terms).ends_on
    assert Person.objects.count() == 1


def test_a_lost_code_is_found_by_the_payment(
    plan: Plan, desk: Organisation, cast: Cast, client_as: Any
) -> None:
    gift = bought(plan, desk, cast)
    address = gift.payments.get().get_absolute_url()
    staff = client_as(cast.access_point_staff)
    assert gift.code in staff.get(address).text
    # Nobody came for it
    JoinCode.objects.update(expires_on=timezone.localdate() - timedelta(days=1))
    page = staff.get(address).text
    assert "nobody took it up by" in page
    assert gift.code not in page
    # Somebody did: when, and not who
    JoinCode.objects.update(expires_on=timezone.localdate())
    take_up(code=find_code(gift.code), by=JOIN_FORM, facts={"family_name": "Example"})
    page = staff.get(address).text
    assert "taken up on" in page
    assert gift.code not in page
    assert "Example" not in page


def test_money_that_goes_back_takes_the_gift_back(
    plan: Plan, desk: Organisation, cast: Cast
) -> None:
    gift = bought(plan, desk, cast)
    row = take_up(code=find_code(gift.code), by=JOIN_FORM, facts={"family_name": "Example"})
    for _click in range(2):
        void_payment(payment=Payment.objects.get(), reason="Wrong plan", by=cast.access_point_staff)
    assert Membership.objects.get(pk=row.pk).stored == Status.PENDING
    with pytest.raises(NoSuchCode):
        find_code(gift.code)


@pytest.mark.django_db(transaction=True)
def test_a_code_taken_up_by_many_at_once_makes_one_member(
    plan: Plan, desk: Organisation, cast: Cast
) -> None:
    gift = bought(plan, desk, cast)
    ready = threading.Barrier(6)
    refused: list[Exception] = []

    def take() -> None:
        ready.wait()
        try:
            take_up(code=gift, by=JOIN_FORM, facts={"family_name": "Example"})
        except NoSuchCode as refusal:
            refused.append(refusal)
        connections.close_all()

    threads = [threading.Thread(target=take) for _number in range(6)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(refused) == 5
    assert Person.objects.count() == Membership.objects.count() == 1


def test_what_is_said_of_a_wrong_code_tells_nothing(
    client: Client, plan: Plan, desk: Organisation, cast: Cast
) -> None:
    used = bought(plan, desk, cast)
    take_up(code=used, by=JOIN_FORM, facts={"family_name": "Example"})
    late = bought(plan, desk, cast)
    JoinCode.objects.filter(pk=late.pk).update(expires_on=timezone.localdate() - timedelta(days=1))
    unpaid = make_gift(plan=plan, organisation=desk, by=JOIN_FORM, key=uuid.uuid4())
    said = set()
    for code in (used.code, late.code, unpaid.code, "G-AAAA-AAAA"):
        page = client.post("/join/code/", {"code": code})
        said.add(page.context["form"].errors["code"][0])
    assert len(said) == 1


def test_codes_cannot_be_guessed_for_long(client: Client, desk: Organisation) -> None:
    answers = [client.post("/join/code/", {"code": f"G-{n:04}-AAAA"}) for n in range(8)]
    assert answers[-1].status_code == 429


def test_a_free_plan_is_no_gift(free_plan: Plan, client: Client, settings: Any) -> None:
    settings.PAYMENT_PROVIDER = "development"
    assert "only at an access point" in client.get("/join/gift/").text


def test_a_gift_is_bought_and_taken_up_at_the_desk(
    plan: Plan, desk: Organisation, cast: Cast, client_as: Any
) -> None:
    giver, taker = PersonFactory.create_batch(2, organisation=desk)
    staff, key = client_as(cast.access_point_staff), str(uuid.uuid4())
    sent = {"plan": "one", "pay": "cash", "organisation": str(desk.pk), "key": key}
    for _click in range(2):
        page = staff.post(f"/desk/members/join/{giver.pk}/gift/", sent, follow=True)
    gift = JoinCode.objects.get()
    assert gift.code in page.text
    assert gift.code in staff.get(giver.get_absolute_url()).text
    assert Payment.objects.get().receipt_number == 1
    assert balance(Account.CASH, desk) == 1000
    wrong = staff.post(f"/desk/members/join/{taker.pk}/code/", {"code": "G-AAAA-AAAA"})
    assert wrong.status_code == 422
    staff.post(f"/desk/members/join/{taker.pk}/code/", {"code": gift.code})
    row = Membership.objects.get()
    assert (row.person, row.via, row.organisation) == (taker, Membership.Via.GIFT, desk)
    assert row.status(timezone.localdate()) == Status.NEW


# --- Sharing ------------------------------------------------------------------------------------------


def test_a_member_shares_by_a_code_and_the_other_says_who_they_are(
    household: Plan, desk: Organisation, client_as: Any, who: dict[str, Any]
) -> None:
    user = UserFactory()
    owner = PersonFactory(user=user, organisation=desk)
    row = membership(person=owner, plan=household)
    client, key = client_as(user), str(uuid.uuid4())
    for _click in range(2):
        client.post("/my/membership/share/", {"key": key})
    code = JoinCode.objects.get()
    assert code.code in client.get("/my/membership/").text
    other = Client()
    other.post("/join/code/", {"code": code.code})
    del who["organisation"]
    other.post("/join/code/you/", who)
    share = row.shares.get()
    assert (share.person.name, share.recorded_by) == ("Winifred Example", None)
    assert {card.person for card in Card.objects.all()} == {owner, share.person}
    assert "Winifred Example" in client.get("/my/membership/").text


def test_no_more_codes_than_there_is_room(household: Plan, desk: Organisation) -> None:
    row = membership(person=PersonFactory(organisation=desk), plan=household)
    codes = [make_share_code(membership=row, by=JOIN_FORM, key=uuid.uuid4()) for _n in range(2)]
    with pytest.raises(TooMany):
        make_share_code(membership=row, by=JOIN_FORM, key=uuid.uuid4())
    assert len({code.code for code in codes}) == 2


def test_a_code_that_was_taken_back_shares_nothing(
    household: Plan, desk: Organisation, client_as: Any
) -> None:
    user = UserFactory()
    row = membership(person=PersonFactory(user=user, organisation=desk), plan=household)
    code = make_share_code(membership=row, by=JOIN_FORM, key=uuid.uuid4())
    client = client_as(user)
    for _click in range(2):
        client.post(f"/my/membership/share/{code.pk}/stop/")
    with pytest.raises(NoSuchCode):
        find_code(code.code)
    stranger = client_as(UserFactory(email="other@example.org"))
    stranger.post(f"/my/membership/share/{code.pk}/stop/")
    assert JoinCode.objects.filter(ended_at=None).count() == 0
