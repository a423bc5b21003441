"""What goes wrong at a busy desk: a page of yesterday, two desks at once, the wrong button."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from dcsn.audit.models import Event
from dcsn.privacy import erase_person
from directory.models import Organisation
from members.actions.journal import balance
from members.actions.memberships import (
    Ended,
    HasMembership,
    end_membership,
    resume_membership,
    share_membership,
)
from members.cards.answer import answer_typed
from members.joining.actions import JOIN_FORM
from members.joining.codes import make_share_code
from members.models import (
    Account,
    JoinCode,
    Membership,
    MembershipShare,
    Payment,
    Person,
    Plan,
    Status,
    Term,
)
from members.payments.refunds import refund_payment
from members.refusals import Refused
from tests.conftest import Cast
from tests.factories.card import card
from tests.factories.membership import TESTS, PlanFactory, PlanTermsFactory, membership
from tests.factories.person import PersonFactory, access_point
from tests.factories.user import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(desk: Organisation) -> Person:
    return PersonFactory(organisation=desk)


@pytest.fixture
def staff(cast: Cast, client_as: Any) -> Client:
    return client_as(cast.access_point_staff)


def hidden(page: Any, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page.text)
    assert found, f"no {name} on the page"
    return found[1]


def typed(page: Any, *names: str, **facts: Any) -> dict[str, Any]:
    return {**{name: hidden(page, name) for name in names}, **facts}


def dearer(plan: Plan) -> None:
    """Overnight the price of tomorrow has become today's."""
    PlanTermsFactory(plan=plan, valid_from=timezone.localdate(), price_pence=1200)


# --- A page of yesterday -----------------------------------------------------------------------------


def test_nobody_is_joined_at_a_price_that_the_page_did_not_show(
    staff: Client, person: Person, desk: Organisation, plan: Plan
) -> None:
    address = f"/desk/members/join/{person.pk}/"
    page = staff.get(address)
    sent = typed(page, "key", "prices", "organisation", plan="one", pay="cash", via="desk")
    dearer(plan)
    answer = staff.post(address, sent)
    assert answer.status_code == 422
    assert "The price has changed since this page was opened. It is now: One person: £12" in (
        answer.text
    )
    assert not Payment.objects.exists()
    # Sent again, with what it shows now, it is followed
    staff.post(address, {**sent, "prices": hidden(answer, "prices")})
    assert Payment.objects.get().amount_pence == 1200


def test_no_gift_is_sold_at_a_price_that_the_page_did_not_show(
    staff: Client, person: Person, plan: Plan
) -> None:
    address = f"/desk/members/join/{person.pk}/gift/"
    sent = typed(staff.get(address), "key", "prices", "organisation", plan="one", pay="cash")
    dearer(plan)
    assert staff.post(address, sent).status_code == 422
    assert not JoinCode.objects.exists()
    assert not Payment.objects.exists()


def test_no_renewal_is_taken_at_a_price_that_the_page_did_not_show(
    staff: Client, person: Person, plan: Plan
) -> None:
    row = membership(person=person, plan=plan)
    page = staff.get(f"/desk/members/{row.pk}/")
    sent = typed(page, "key", "seen", pay="cash")
    dearer(plan)
    answer = staff.post(f"/desk/members/{row.pk}/renew/", sent)
    assert answer.status_code == 422
    assert "Nothing was taken. Look at it again." in answer.text
    assert not Payment.objects.exists()
    staff.post(f"/desk/members/{row.pk}/renew/", {**sent, "seen": hidden(answer, "seen")})
    assert Payment.objects.get().amount_pence == 1200


def test_two_desks_that_have_the_page_open_take_one_years_money(
    staff: Client, person: Person, plan: Plan, cast: Cast, client_as: Any
) -> None:
    row = membership(person=person, plan=plan, source=None)
    pages = [(client, client.get(f"/desk/members/{row.pk}/")) for client in
             (staff, client_as(cast.hub_lead))]  # fmt: skip
    answers = [
        client.post(f"/desk/members/{row.pk}/renew/", typed(page, "key", "seen", pay="cash"))
        for client, page in pages
    ]
    assert [answer.status_code for answer in answers] == [302, 422]
    assert "Somebody else has renewed it since this page was opened" in answers[1].text
    assert balance(Account.CASH, row.organisation) == 1000
    assert Term.objects.count() == 1


def test_the_second_press_of_one_button_says_what_the_first_said(
    staff: Client, person: Person, plan: Plan, free_plan: Plan, desk: Organisation
) -> None:
    free = membership(person=PersonFactory(organisation=desk), plan=free_plan, source=None)
    for row, sum_taken in ((membership(person=person, plan=plan), 1000), (free, 1000)):
        page = staff.get(f"/desk/members/{row.pk}/")
        sent = typed(page, "key", "seen", pay="cash")
        for _press in range(2):
            assert staff.post(f"/desk/members/{row.pk}/renew/", sent).status_code == 302
        assert balance(Account.CASH, desk) == sum_taken


# --- The wrong button --------------------------------------------------------------------------------


@pytest.mark.parametrize("why", [Status.CANCELLED, Status.DECEASED])
def test_one_that_was_ended_by_mistake_goes_on(
    staff: Client, person: Person, plan: Plan, why: Status
) -> None:
    row = membership(person=person, plan=plan)
    mine, until = card(membership=row), row.ends_on
    address = f"/desk/members/{row.pk}/end/"
    staff.post(address, {"why": why})
    assert not answer_typed(mine.number).is_valid
    assert "It was ended by mistake" in staff.get(f"/desk/members/{row.pk}/").text
    for _press in range(2):
        page = staff.post(address, {"mistake": "1"}, follow=True)
    assert "The membership goes on as before." in page.text
    row = Membership.objects.get()
    assert (row.stored, row.ended_on, row.ends_on) == ("", None, until)
    assert answer_typed(mine.number).is_valid
    assert Event.objects.filter(type="membership:resumed").count() == 1


def test_one_that_waited_waits_again(person: Person, plan: Plan, cast: Cast) -> None:
    row = membership(person=person, plan=plan, source=None)
    end_membership(membership=row, stored=Status.CANCELLED, by=TESTS)
    assert resume_membership(membership=row, by=cast.hub_lead).stored == Status.PENDING


def test_it_does_not_go_on_beside_a_new_one_nor_for_somebody_forgotten(
    person: Person, plan: Plan, cast: Cast, desk: Organisation
) -> None:
    row = membership(person=person, plan=plan)
    end_membership(membership=row, stored=Status.CANCELLED, by=TESTS)
    membership(person=person, plan=plan)
    with pytest.raises(HasMembership):
        resume_membership(membership=row, by=cast.hub_lead)
    gone = membership(person=PersonFactory(organisation=desk), plan=plan)
    end_membership(membership=gone, stored=Status.CANCELLED, by=TESTS)
    assert gone.person_id is not None
    erase_person(gone.person_id, by=cast.coordinator, reason="asked")
    with pytest.raises(Refused):
        resume_membership(membership=Membership.objects.get(pk=gone.pk), by=cast.hub_lead)


def test_another_access_points_staff_take_up_nothing(
    person: Person, plan: Plan, cast: Cast, client_as: Any
) -> None:
    row = membership(person=person, plan=plan)
    end_membership(membership=row, stored=Status.CANCELLED, by=TESTS)
    access_point(cast.other_organisation_id)
    stranger = client_as(cast.stranger("access_point_staff"))
    assert stranger.post(f"/desk/members/{row.pk}/end/", {"mistake": "1"}).status_code == 404
    row.refresh_from_db()
    assert row.stored == Status.CANCELLED


def test_whoever_ends_a_household_is_told_whose_cards_stop(
    staff: Client, person: Person, desk: Organisation, cast: Cast
) -> None:
    household = PlanFactory(kind=Plan.Kind.HOUSEHOLD, people_at_most=2)
    row = membership(person=person, plan=household)
    words = "Nobody: their cards stop working as well"
    assert words not in staff.get(f"/desk/members/{row.pk}/").text
    share_membership(membership=row, person=PersonFactory(organisation=desk), by=TESTS)
    assert words in staff.get(f"/desk/members/{row.pk}/").text


def test_nobody_new_shares_one_that_has_ended(
    staff: Client, person: Person, desk: Organisation
) -> None:
    household = PlanFactory(kind=Plan.Kind.HOUSEHOLD, people_at_most=2)
    row = membership(person=person, plan=household)
    other = PersonFactory(organisation=desk)
    # Given a page from before it ended
    end_membership(membership=row, stored=Status.DECEASED, by=TESTS)
    page = staff.post(f"/desk/members/{row.pk}/share/", {"other": str(other.pk)}, follow=True)
    assert "This membership has ended." in page.text
    with pytest.raises(Ended):
        make_share_code(membership=row, by=JOIN_FORM, key=uuid.uuid4())
    assert not MembershipShare.objects.exists()


# --- What a member sees -------------------------------------------------------------------------------


@pytest.mark.parametrize("own", ["run out", "never paid"])
def test_whose_own_is_over_sees_the_one_that_is_shared_with_them(
    person: Person, plan: Plan, desk: Organisation, client_as: Any, own: str
) -> None:
    Person.objects.filter(pk=person.pk).update(user=UserFactory())
    person.refresh_from_db()
    today = timezone.localdate()
    if own == "run out":
        membership(person=person, plan=plan, joined=today - timedelta(days=800))
    else:
        membership(person=person, plan=plan, source=None)
    household = PlanFactory(kind=Plan.Kind.HOUSEHOLD, people_at_most=2, name="Our home")
    theirs = membership(person=PersonFactory(organisation=desk), plan=household)
    share_membership(membership=theirs, person=person, by=TESTS)
    card(membership=theirs, person=person)
    page = client_as(person.user).get("/my/membership/").text
    assert "Our home, shared with you" in page
    assert "Good until the end of" in page
    # What is to be paid for their own comes after the card that works.
    assert page.index("Good until the end of") < page.index("Your own membership")


def test_who_got_their_money_back_can_join_after_all(
    client: Client, plan: Plan, answer_all: Any, settings: Any, cast: Cast
) -> None:
    settings.PAYMENT_PROVIDER = "development"
    answer_all(pay="card")
    client.post("/join/check/", {"terms": plan.terms.get().pk})

    def pay() -> None:
        payment = Payment.objects.latest("created_at")
        client.post(client.get(f"/pay/{payment.pk}/")["Location"], {"outcome": "pay"}, follow=True)

    pay()
    first = Payment.objects.get()
    refund_payment(payment=first, reason="They do not want it", by=cast.membership_officer)
    assert Membership.objects.get().stored == Status.PENDING
    # When they press "Pay by card" once more in the same browser
    client.post("/join/card/")
    pay()
    assert Payment.objects.count() == 2
    assert Membership.objects.get().status(timezone.localdate()) == Status.NEW
