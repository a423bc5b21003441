"""Joining, renewing, sharing and ending at the desk."""

from __future__ import annotations

import threading
import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone

from dcsn.audit.models import Event
from directory.models import Organisation
from members.actions.journal import balance
from members.actions.memberships import HasMembership
from members.actions.relations import live_together
from members.finding import write_keys
from members.joining.actions import join_at_desk, renew_at_desk
from members.membership.periods import last_day, next_span
from members.models import (
    Account,
    Membership,
    MembershipShare,
    Payment,
    Person,
    Plan,
    Status,
    Term,
)
from tests.conftest import Cast
from tests.factories.membership import PlanFactory, PlanTermsFactory, membership
from tests.factories.person import PersonFactory, access_point

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(desk: Organisation) -> Person:
    return PersonFactory(organisation=desk)


@pytest.fixture
def staff(cast: Cast, client_as: Any) -> Client:
    return client_as(cast.access_point_staff)


def form(desk: Organisation, **typed: Any) -> dict[str, Any]:
    return {
        "plan": "one",
        "pay": "cash",
        "via": "desk",
        "organisation": str(desk.pk),
        "key": str(uuid.uuid4()),
        **typed,
    }


def test_cash_at_the_desk_makes_a_member_and_a_receipt(
    staff: Client, person: Person, desk: Organisation, plan: Plan
) -> None:
    # Given their page, with the way to join
    address = f"/desk/members/join/{person.pk}/"
    assert address in staff.get(person.get_absolute_url()).text
    # When staff take £10 in cash
    page = staff.post(address, form(desk), follow=True)
    # Then they are a member, the money is in the drawer, and the page says receipt 1
    row = Membership.objects.get()
    assert row.status(timezone.localdate()) == Status.NEW
    assert balance(Account.CASH, desk) == 1000
    assert "£10 taken, receipt 1" in page.text
    assert f"Membership of {person.name}" in page.text
    assert row.reference in page.text


def test_a_double_click_takes_the_money_once(
    staff: Client, person: Person, desk: Organisation, plan: Plan
) -> None:
    sent = form(desk)
    for _click in range(2):
        staff.post(f"/desk/members/join/{person.pk}/", sent)
    assert Membership.objects.count() == Payment.objects.count() == Term.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_members_of_staff_at_once_take_the_money_once(
    cast: Cast, person: Person, desk: Organisation, plan: Plan
) -> None:
    ready, refused = threading.Barrier(2), []
    users = [cast.access_point_staff, cast.hub_lead]

    def take(user: Any) -> None:
        ready.wait()
        try:
            join_at_desk(
                key=uuid.uuid4(),
                person=person,
                plan=plan,
                organisation=desk,
                via=Membership.Via.DESK,
                method=Payment.Method.CASH,
                by=user,
            )
        except HasMembership as refusal:
            refused.append(str(refusal))
        connections.close_all()

    threads = [threading.Thread(target=take, args=(user,)) for user in users]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(refused) == 1
    assert Payment.objects.count() == Membership.objects.count() == 1


def test_a_paper_form_is_keyed_in_on_the_same_page(
    staff: Client, person: Person, desk: Organisation, plan: Plan
) -> None:
    staff.post(f"/desk/members/join/{person.pk}/", form(desk, via="paper", pay="cheque"))
    assert Membership.objects.get().via == Membership.Via.PAPER


def test_who_pays_later_waits_and_begins_on_the_day_of_paying(
    staff: Client, person: Person, desk: Organisation, plan: Plan
) -> None:
    page = staff.post(f"/desk/members/join/{person.pk}/", form(desk, pay="later"), follow=True)
    row = Membership.objects.get()
    assert row.stored == Status.PENDING
    assert "Take the payment" in page.text
    staff.post(f"/desk/members/{row.pk}/renew/", {"pay": "cash", "key": str(uuid.uuid4())})
    row = Membership.objects.get()
    assert (row.starts_on, row.status(timezone.localdate())) == (timezone.localdate(), Status.NEW)


def test_a_free_plan_takes_nothing(staff: Client, person: Person, desk: Organisation) -> None:
    PlanFactory(code="free", kind=Plan.Kind.CARER, terms__price_pence=0)
    sent = form(desk, plan="free")
    del sent["pay"]
    staff.post(f"/desk/members/join/{person.pk}/", sent)
    assert [term.source for term in Term.objects.all()] == [Term.Source.CARER]
    assert not Payment.objects.exists()


def test_whoever_is_a_member_is_shown_their_membership_instead(
    staff: Client, person: Person, plan: Plan
) -> None:
    row = membership(person=person, plan=plan)
    answer = staff.get(f"/desk/members/join/{person.pk}/")
    assert answer["Location"] == f"/desk/members/{row.pk}/"


def test_looking_is_written_down(staff: Client, person: Person, plan: Plan, cast: Cast) -> None:
    row = membership(person=person, plan=plan)
    staff.get(f"/desk/members/{row.pk}/")
    seen = Event.objects.get(type="membership:viewed")
    assert (seen.subject, seen.actor_user) == (person.pk, cast.access_point_staff.pk)


# --- Renewing: vectors 11 and 12 ------------------------------------------------------------------------


@pytest.mark.parametrize("days_left", [200, 5, -10])
def test_a_member_who_renews_at_the_desk_keeps_the_start(
    staff: Client, person: Person, plan: Plan, days_left: int
) -> None:
    # CiviCRM user guide, "Renewals": new, current and in grace alike.
    joined = timezone.localdate() + timedelta(days=days_left) - timedelta(days=364)
    row = membership(person=person, plan=plan, joined=joined)
    end = row.ends_on
    assert end is not None
    staff.post(f"/desk/members/{row.pk}/renew/", {"pay": "cash", "key": str(uuid.uuid4())})
    row = Membership.objects.get()
    assert row.ends_on == next_span(end, row.plan_terms).ends_on
    assert (row.starts_on, row.joined_on) == (joined, joined)


def test_one_that_ran_out_begins_anew_today(staff: Client, person: Person, plan: Plan) -> None:
    row = membership(person=person, plan=plan, joined=date(2020, 3, 10))
    assert "It has run out: the new time begins today" in staff.get(f"/desk/members/{row.pk}/").text
    staff.post(f"/desk/members/{row.pk}/renew/", {"pay": "cash", "key": str(uuid.uuid4())})
    row = Membership.objects.get()
    assert (row.starts_on, row.joined_on) == (timezone.localdate(), date(2020, 3, 10))


def test_a_renewal_costs_what_it_costs_on_its_day(
    staff: Client, person: Person, plan: Plan
) -> None:
    row = membership(person=person, plan=plan, joined=timezone.localdate() - timedelta(days=300))
    PlanTermsFactory(plan=plan, valid_from=timezone.localdate(), price_pence=1200)
    assert "£12 a year" in staff.get(f"/desk/members/{row.pk}/").text
    staff.post(f"/desk/members/{row.pk}/renew/", {"pay": "cash", "key": str(uuid.uuid4())})
    assert [p.amount_pence for p in Payment.objects.all()] == [1200]
    assert row.plan_terms.price_pence == 1000


def test_what_was_agreed_while_it_waited_is_what_is_paid(
    staff: Client, person: Person, desk: Organisation
) -> None:
    # civicrm-core pull requests 13706 and 14902: three years that are paid late stay three years.
    plan = PlanFactory(code="three", terms__duration=3, terms__price_pence=2500)
    row = membership(person=person, plan=plan, source=None, joined=date(2026, 1, 5))
    PlanTermsFactory(plan=plan, valid_from=timezone.localdate(), duration=1, price_pence=1200)
    staff.post(f"/desk/members/{row.pk}/renew/", {"pay": "cash", "key": str(uuid.uuid4())})
    row = Membership.objects.get()
    assert Payment.objects.get().amount_pence == 2500
    assert row.plan_terms.duration == 3
    assert row.ends_on == last_day(timezone.localdate(), row.plan_terms)


def test_a_double_click_renews_for_one_year(staff: Client, person: Person, plan: Plan) -> None:
    row = membership(person=person, plan=plan, joined=timezone.localdate() - timedelta(days=300))
    assert row.ends_on is not None
    after = next_span(row.ends_on, row.plan_terms)
    key = str(uuid.uuid4())
    for _click in range(2):
        staff.post(f"/desk/members/{row.pk}/renew/", {"pay": "cash", "key": key})
    assert Membership.objects.get().ends_on == after.ends_on
    assert Payment.objects.count() == 1


def test_a_free_renewal_adds_one_year_once(staff: Client, person: Person, free_plan: Plan) -> None:
    # civicrm-core pull request 11730: a renewal for nothing extended the end twice.
    joined = timezone.localdate() - timedelta(days=300)
    row = membership(person=person, plan=free_plan, joined=joined, source=Term.Source.FREE)
    assert row.ends_on is not None
    after = next_span(row.ends_on, row.plan_terms)
    key = str(uuid.uuid4())
    for _click in range(3):
        staff.post(f"/desk/members/{row.pk}/renew/", {"key": key})
    assert Membership.objects.get().ends_on == after.ends_on


@pytest.mark.django_db(transaction=True)
def test_fifty_tries_to_renew_with_one_key_add_one_year(
    cast: Cast, person: Person, plan: Plan
) -> None:
    row = membership(person=person, plan=plan, joined=timezone.localdate() - timedelta(days=300))
    assert row.ends_on is not None
    after = next_span(row.ends_on, row.plan_terms)
    user, key, ready = cast.access_point_staff, uuid.uuid4(), threading.Barrier(10)

    def press() -> None:
        ready.wait()
        for _time in range(5):
            renew_at_desk(key=key, membership=row, method=Payment.Method.CASH, by=user)
        connections.close_all()

    threads = [threading.Thread(target=press) for _number in range(10)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert Membership.objects.get().ends_on == after.ends_on
    assert Payment.objects.get().receipt_number == 1


def test_after_a_death_nothing_is_renewed(staff: Client, person: Person, plan: Plan) -> None:
    row = membership(person=person, plan=plan)
    staff.post(f"/desk/members/{row.pk}/end/", {"why": "deceased"})
    assert "Renew" not in staff.get(f"/desk/members/{row.pk}/").text.split("main-content")[-1]
    page = staff.post(f"/desk/members/{row.pk}/renew/", {"pay": "cash", "key": str(uuid.uuid4())})
    assert page.status_code == 422
    assert not Payment.objects.exists()


# --- Sharing ------------------------------------------------------------------------------------------


@pytest.fixture
def household(desk: Organisation) -> Plan:
    return PlanFactory(code="home", name="Household", kind=Plan.Kind.HOUSEHOLD, people_at_most=3)


def test_a_household_is_joined_together_with_a_maximum(
    staff: Client, person: Person, desk: Organisation, household: Plan, cast: Cast
) -> None:
    others = PersonFactory.create_batch(3, organisation=desk)
    for other in others:
        live_together(person=other, other=person, by=cast.access_point_staff)
    address = f"/desk/members/join/{person.pk}/"
    ids = [str(other.pk) for other in others]
    page = staff.post(address, form(desk, plan="home", sharers=ids))
    assert page.status_code == 422
    assert "Household is for 3 people at most" in page.text
    assert not Membership.objects.exists()
    staff.post(address, form(desk, plan="home", sharers=ids[:2]))
    assert MembershipShare.objects.filter(until=None).count() == 2


def test_somebody_is_found_and_shares_it_and_stops(
    staff: Client, person: Person, desk: Organisation, household: Plan
) -> None:
    row = membership(person=person, plan=household)
    other = PersonFactory(organisation=desk, given_name="Peg", family_name="Tomson")
    write_keys(other.pk)
    page = staff.post(f"/desk/members/{row.pk}/share/", {"words": "peg tomson"})
    assert "Peg Tomson" in page.text
    for _click in range(2):
        staff.post(f"/desk/members/{row.pk}/share/", {"other": str(other.pk)})
    share = MembershipShare.objects.get()
    assert "shared with them" in staff.get(other.get_absolute_url()).text
    for _click in range(2):
        staff.post(f"/desk/members/{row.pk}/share/{share.pk}/stop/")
    share.refresh_from_db()
    assert share.until == timezone.localdate()


def test_a_third_of_two_is_refused_in_words(
    staff: Client, person: Person, desk: Organisation
) -> None:
    plan = PlanFactory(kind=Plan.Kind.CARER, people_at_most=2)
    row = membership(person=person, plan=plan)
    for other in PersonFactory.create_batch(2, organisation=desk):
        page = staff.post(f"/desk/members/{row.pk}/share/", {"other": str(other.pk)}, follow=True)
    assert "for 2 people at most" in page.text
    assert MembershipShare.objects.count() == 1


# --- Whose it is --------------------------------------------------------------------------------------


def test_another_access_points_staff_see_nothing(
    cast: Cast, client_as: Any, person: Person, plan: Plan
) -> None:
    access_point(cast.other_organisation_id)
    row = membership(person=person, plan=plan)
    stranger = client_as(cast.stranger("access_point_staff"))
    assert stranger.get(f"/desk/members/{row.pk}/").status_code == 404
    answer = stranger.post(
        f"/desk/members/{row.pk}/renew/", {"pay": "cash", "key": str(uuid.uuid4())}
    )
    assert answer.status_code == 404
    assert not Payment.objects.exists()


def test_ending_it_touches_nothing_else(staff: Client, person: Person, plan: Plan) -> None:
    before = Person.objects.filter(pk=person.pk).values().get()
    row = membership(person=person, plan=plan)
    for _click in range(2):
        staff.post(f"/desk/members/{row.pk}/end/", {"why": "cancelled"})
    assert Membership.objects.get().stored == Status.CANCELLED
    assert Person.objects.filter(pk=person.pk).values().get() == before
    assert Event.objects.filter(type="membership:ended").count() == 1
