"""What an attacker tried on joining: another's price, an ended membership, a full database, all at once."""

from __future__ import annotations

import threading
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone

from dcsn.privacy.retention import run_retention
from directory.models import Organisation
from members.actions.memberships import end_membership
from members.joining.actions import JOIN_FORM, renew_free_online
from members.joining.codes import (
    NoSuchCode,
    OtherPlan,
    find_code,
    make_gift,
    make_share_code,
    take_up,
)
from members.models import JoinCode, Membership, Payment, Person, Plan, Status
from members.payments.desk import take_at_desk
from members.refusals import Refused
from tests.conftest import Cast
from tests.factories.membership import TESTS, PlanFactory, PlanTermsFactory, membership
from tests.factories.person import PersonFactory
from tests.factories.user import UserFactory


@pytest.fixture
def household(desk: Organisation) -> Plan:
    return PlanFactory(code="home", kind=Plan.Kind.HOUSEHOLD, people_at_most=3)


@pytest.mark.django_db
def test_a_gift_for_a_cheap_plan_makes_no_dear_one_longer(
    plan: Plan, household: Plan, desk: Organisation, cast: Cast
) -> None:
    dear = membership(person=PersonFactory(organisation=desk), plan=household)
    before, terms = dear.ends_on, dear.plan_terms
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
    with pytest.raises(OtherPlan):
        take_up(code=gift, person=dear.person, by=JOIN_FORM)
    dear = Membership.objects.get(pk=dear.pk)
    assert (dear.ends_on, dear.plan_terms) == (before, terms)
    # The gift is as good as before, for whoever has none
    take_up(code=find_code(gift.code), person=PersonFactory(organisation=desk), by=JOIN_FORM)
    assert Membership.objects.get(plan=plan).ends_on is not None


@pytest.mark.django_db
def test_nobody_shares_a_membership_that_has_ended(household: Plan, desk: Organisation) -> None:
    row = membership(person=PersonFactory(organisation=desk), plan=household)
    code = make_share_code(membership=row, by=JOIN_FORM, key=uuid.uuid4())
    end_membership(membership=row, stored=Status.DECEASED, by=TESTS)
    with pytest.raises(NoSuchCode):
        find_code(code.code)
    with pytest.raises(NoSuchCode):
        take_up(code=code, by=JOIN_FORM, facts={"family_name": "Example"})
    assert not Person.objects.filter(family_name="Example").exists()


@pytest.mark.django_db
def test_who_gave_it_is_forgotten_a_year_after_it_was_taken_up(
    household: Plan, desk: Organisation
) -> None:
    row = membership(person=PersonFactory(organisation=desk), plan=household)
    code = make_share_code(membership=row, by=JOIN_FORM, key=uuid.uuid4())
    take_up(code=code, by=JOIN_FORM, facts={"family_name": "Example"})
    now = timezone.now()
    run_retention(now=now + timedelta(days=364))
    assert JoinCode.objects.get().giver == row.person
    run_retention(now=now + timedelta(days=366))
    assert JoinCode.objects.get().giver is None


@pytest.mark.django_db
def test_who_shares_it_does_not_learn_what_its_member_pays(
    desk: Organisation, who: dict[str, Any], settings: Any, client_as: Any
) -> None:
    settings.PAYMENT_PROVIDER = "development"
    # Given a household that waits for its first payment
    plan = PlanFactory(code="home", kind=Plan.Kind.HOUSEHOLD, people_at_most=3, terms=None)
    PlanTermsFactory(plan=plan, price_pence=1800, concession_pence=200)
    row = membership(person=PersonFactory(organisation=desk), plan=plan, source=None)
    code = make_share_code(membership=row, by=JOIN_FORM, key=uuid.uuid4())
    # When another takes up the code and asks to pay
    other = Client()
    other.post("/join/code/", {"code": code.code})
    del who["organisation"]
    done = other.post("/join/code/you/", who, follow=True)
    asked = other.post("/join/card/")
    # Then there is no payment to look at, and no price on the page
    assert asked["Location"] == "/join/done/"
    assert not Payment.objects.exists()
    assert "£" not in done.text
    # nor on their own page
    share = row.shares.get()
    Person.objects.filter(pk=share.person_id).update(user=UserFactory())
    mine = client_as(Person.objects.get(pk=share.person_id).user).get("/my/membership/")
    assert "It has not begun yet" in mine.text
    assert "when it is paid" not in mine.text


@pytest.mark.django_db
def test_only_what_was_asked_is_kept(plan: Plan, client: Client, who: dict[str, Any]) -> None:
    client.post("/join/", {"plan": "one", "junk": "x" * 500_000, "plan_and_more_junk": "x"})
    client.post("/join/you/", {**who, "junk": "x" * 500_000})
    kept = client.session["joining"]["sent"]
    assert kept["plan"] == {"plan": ["one"]}
    assert kept["you"]["date_of_birth_month"] == ["april"]
    assert set(kept["you"]) <= set(who)


@pytest.mark.django_db(transaction=True)
def test_a_free_year_is_renewed_once_by_ten_at_once(free_plan: Plan, desk: Organisation) -> None:
    row = membership(person=PersonFactory(organisation=desk), plan=free_plan, source=None)
    gate, refused = threading.Barrier(10), []

    def press() -> None:
        gate.wait()
        try:
            renew_free_online(membership=row, key=uuid.uuid4())
        except Refused as refusal:
            refused.append(refusal)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=press) for _one in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert (row.terms.count(), len(refused)) == (1, 9)
