"""Joining online: short, nothing lost, nothing told to a stranger, and sent twice it is one."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone

from directory.models import Organisation
from members.actions.memberships import end_membership
from members.joining.actions import PriceChanged, give_free, join_online
from members.joining.answers import ANSWERS
from members.joining.forms import offered_plans
from members.joining.prices import say_period, say_price
from members.models import (
    Consent,
    Membership,
    Payment,
    Person,
    Plan,
    PlanTerms,
    Purpose,
    Status,
    Term,
)
from tests.factories.membership import TESTS, PlanFactory, PlanTermsFactory, membership
from tests.factories.person import PersonFactory
from tests.factories.user import UserFactory

pytestmark = pytest.mark.django_db
Answer = Callable[..., Client]


def send(client: Client, plan: Plan) -> Any:
    terms = plan.terms_on(timezone.localdate())
    return client.post("/join/check/", {"terms": terms.pk if terms else ""}, follow=True)


# --- The journey --------------------------------------------------------------------------------------


def test_somebody_joins_and_will_pay_at_the_desk(
    client: Client, plan: Plan, answer_all: Answer, desk: Organisation
) -> None:
    # Given the plans, with their price in plain words
    assert "One person: £10 a year" in client.get("/join/").text
    # When they answer page by page, each leading to the next
    assert client.post("/join/", {"plan": "one"})["Location"] == "/join/you/"
    answer_all()
    checked = client.get("/join/check/").text
    for said in (
        "Winifred",
        "3 April 1941",
        "DL3 7XX",
        "Giant print, 24 point",
        "At an access point",
    ):
        assert said in checked
    assert not Person.objects.exists(), "nothing is recorded before the last page"
    done = send(client, plan)
    # Then they are known, wait for the payment, and hold a reference; the page names nobody
    person = Person.objects.get()
    row = Membership.objects.get()
    assert (person.name, person.postcode, person.formats) == (
        "Winifred Example",
        "DL3 7XX",
        ["print_24"],
    )
    assert (row.person, row.organisation, row.via, row.stored) == (
        person,
        desk,
        Membership.Via.ONLINE,
        Status.PENDING,
    )
    assert row.reference in done.text
    assert "£10 a year" in done.text
    assert "Winifred" not in done.text


def test_a_free_membership_asks_for_no_payment_and_begins_at_once(
    client: Client, free_plan: Plan, answer_all: Answer
) -> None:
    answer_all(plan="free", pay=None)
    assert "Paying" not in client.get("/join/check/").text
    done = send(client, free_plan)
    row = Membership.objects.get()
    assert row.status(timezone.localdate()) == Status.NEW
    assert [term.source for term in row.terms.all()] == [Term.Source.FREE]
    assert not Payment.objects.exists()
    assert "You have joined" in done.text


def test_going_back_loses_nothing(client: Client, plan: Plan, answer_all: Answer) -> None:
    answer_all()
    assert 'value="Example"' in client.get("/join/you/").text
    assert 'value="one"' in client.get("/join/").text
    # What is changed on the way back leads on to the end, not through every page again
    answer = client.post("/join/", {"plan": "one"})
    assert answer["Location"] == "/join/check/"


def test_a_page_before_its_turn_leads_to_the_first_open_one(client: Client, plan: Plan) -> None:
    assert client.get("/join/check/")["Location"] == "/join/"
    assert client.get("/join/pay/")["Location"] == "/join/"
    client.post("/join/", {"plan": "one"})
    assert client.get("/join/pay/")["Location"] == "/join/you/"


def test_what_is_wrong_is_said_and_what_was_typed_stays(
    client: Client, plan: Plan, who: dict[str, Any]
) -> None:
    client.post("/join/", {"plan": "one"})
    page = client.post("/join/you/", {**who, "address_1": "", "family_name": ""})
    assert page.status_code == 422
    assert "Enter your last name" in page.text
    assert "Enter the house number and street for our letters" in page.text
    assert 'value="Winifred"' in page.text


def test_no_address_is_needed_by_who_is_rung(
    client: Client, plan: Plan, answer_all: Answer
) -> None:
    answer_all(address_1="", town="", postcode="", contact_by="phone", phone="01632 960 123")
    send(client, plan)
    assert Person.objects.get().phone == "01632 960123"


def test_a_shared_computer_forgets_when_asked_and_after_two_hours(
    client: Client, plan: Plan, answer_all: Answer
) -> None:
    answer_all()
    client.post("/join/clear/")
    assert "Example" not in client.get("/join/you/", follow=True).text
    answer_all()
    session = client.session
    kept = session[ANSWERS]
    session[ANSWERS] = {**kept, "at": kept["at"] - 2 * 60 * 60 - 1}
    session.save()
    assert client.get("/join/check/")["Location"] == "/join/"
    assert ANSWERS not in client.session


def test_the_done_page_is_of_this_browser_only_and_is_forgotten(
    client: Client, plan: Plan, answer_all: Answer
) -> None:
    answer_all()
    send(client, plan)
    assert ANSWERS not in client.session
    assert client.get("/join/done/").status_code == 200
    assert Client().get("/join/done/")["Location"] == "/join/"
    client.post("/join/clear/")
    assert client.get("/join/done/")["Location"] == "/join/"


def test_nobody_can_join_where_nothing_is_offered(client: Client, desk: Organisation) -> None:
    PlanFactory(offered=False)
    PlanFactory(terms__valid_from=timezone.localdate() + timedelta(days=1))
    assert "Nobody can join through this website at the moment" in client.get("/join/").text


def test_staff_at_the_desks_computer_do_not_become_who_they_join(
    cast: Any, client_as: Any, plan: Plan, who: dict[str, Any]
) -> None:
    client = client_as(cast.access_point_staff)
    client.post("/join/", {"plan": "one"})
    client.post("/join/you/", who)
    client.post("/join/pay/", {"pay": "desk"})
    send(client, plan)
    assert Person.objects.get().user is None


# --- What it costs ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        ({"price_pence": 1000}, "£10 a year"),
        ({"price_pence": 0}, "free"),
        ({"price_pence": 250, "unit": "month"}, "£2.50 a month"),
        ({"price_pence": 2500, "duration": 3}, "£25 for 3 years"),
        ({"price_pence": 600, "duration": 6, "unit": "month"}, "£6 for 6 months"),
    ],
)
def test_a_price_in_plain_words(terms: dict[str, Any], said: str) -> None:
    assert say_price(PlanTerms(**{"duration": 1, "unit": "year", **terms})) == said


def test_a_price_with_the_safety_net_is_the_concessions() -> None:
    terms = PlanTerms(price_pence=1000, concession_pence=100)
    assert say_price(terms, concession=True) == "£1 a year"


def test_what_a_fixed_year_means() -> None:
    from_april = PlanTerms(period="fixed", fixed_month=4, fixed_day=1)
    assert say_period(from_april) == "It lasts until 31 March, the same day for everybody."
    halves = PlanTerms(period="fixed", unit="month", duration=6)
    assert say_period(halves) == "It lasts 6 months, to the end of a month."
    assert "one year" in say_period(PlanTerms())


def test_the_plans_are_two_queries_and_the_price_is_todays(
    plan: Plan, django_assert_num_queries: Any
) -> None:
    PlanTermsFactory(plan=plan, valid_from=date(2020, 1, 1), price_pence=1200)
    PlanTermsFactory(
        plan=plan, valid_from=timezone.localdate() + timedelta(days=1), price_pence=9900
    )
    PlanFactory.create_batch(3)
    with django_assert_num_queries(2):
        found = {one.plan.code: one.words for one in offered_plans()}
    assert found["one"] == "One person: £12 a year"
    assert len(found) == 4


def test_a_price_that_changed_meanwhile_is_shown_before_anything_is_recorded(
    client: Client, plan: Plan, answer_all: Answer
) -> None:
    answer_all()
    old = plan.terms.get()
    PlanTermsFactory(plan=plan, valid_from=timezone.localdate(), price_pence=1500)
    page = client.post("/join/check/", {"terms": old.pk})
    assert page.status_code == 422
    assert "The price has changed" in page.text
    assert "£15 a year" in page.text
    assert not Person.objects.exists()
    with pytest.raises(PriceChanged):
        join_online(
            key=uuid.uuid4(), plan=plan, terms=old, organisation=PersonFactory().organisation
        )


# --- Nobody is told who is known ------------------------------------------------------------------------


def test_somebody_who_is_known_already_gets_the_same_answer_as_a_stranger(
    client: Client, plan: Plan, answer_all: Answer, desk: Organisation
) -> None:
    # Given a member with the very same details
    known = PersonFactory(
        organisation=desk,
        given_name="Winifred",
        family_name="Example",
        date_of_birth=date(1941, 4, 3),
        postcode="DL3 7XX",
    )
    membership(person=known, plan=plan)
    answer_all()
    first = send(client, plan)
    # When somebody whom nobody knows joins in the same way
    client.post("/join/clear/")
    answer_all(given_name="Strange", family_name="Other", date_of_birth_year="1950")
    second = send(client, plan)
    # Then both pages say the same, but for the reference; and the known one's record was not touched
    rows = Membership.objects.order_by("created_at")
    told = [
        page.text.replace(row.reference, "").split('id="main-content"')[-1]
        for page, row in zip((first, second), list(rows)[1:], strict=True)
    ]
    without_token = [
        "\n".join(line for line in page.splitlines() if "csrfmiddlewaretoken" not in line)
        for page in told
    ]
    assert without_token[0] == without_token[1]
    assert known.memberships.count() == 1
    assert Person.objects.count() == 3


def test_who_is_signed_in_as_themselves_is_not_recorded_again(
    plan: Plan, desk: Organisation, client_as: Any
) -> None:
    user = UserFactory()
    person = PersonFactory(user=user, organisation=desk)
    client = client_as(user)
    client.post("/join/", {"plan": "one"})
    assert client.get("/join/you/")["Location"] == "/join/pay/"
    client.post("/join/pay/", {"pay": "desk"})
    assert person.name in client.get("/join/check/").text
    send(client, plan)
    assert Membership.objects.get().person == person
    assert Person.objects.count() == 1


# --- What is kept, and what they agreed to --------------------------------------------------------------


@pytest.mark.parametrize("agreed", [True, False])
def test_joining_does_not_depend_on_agreeing_to_more(
    client: Client, plan: Plan, answer_all: Answer, desk: Organisation, agreed: bool
) -> None:
    answer_all(**({"remember": "on"} if agreed else {}))
    send(client, plan)
    person = Person.objects.get()
    assert Membership.objects.filter(person=person).exists()
    assert Consent.objects.allows(person, Purpose.REMEMBER, desk) is agreed
    for consent in Consent.objects.all():
        assert (consent.how, consent.recorded_by) == (Consent.How.ONLINE, None)


# --- Twice --------------------------------------------------------------------------------------------


def test_the_button_pressed_twice_makes_one_member(
    client: Client, plan: Plan, answer_all: Answer
) -> None:
    answer_all()
    pages = [send(client, plan) for _click in range(2)]
    assert Membership.objects.count() == Person.objects.count() == 1
    assert all(Membership.objects.get().reference in page.text for page in pages)


@pytest.mark.django_db(transaction=True)
def test_the_same_form_at_the_same_time_makes_one_member(plan: Plan, desk: Organisation) -> None:
    key, terms = uuid.uuid4(), plan.terms.get()
    ready = threading.Barrier(8)
    found: list[uuid.UUID] = []

    def press() -> None:
        ready.wait()
        row = join_online(
            key=key, plan=plan, terms=terms, organisation=desk, facts={"family_name": "Example"}
        )
        found.append(row.pk)
        connections.close_all()

    threads = [threading.Thread(target=press) for _number in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(found) == 8
    assert len(set(found)) == 1
    assert Person.objects.count() == 1


def test_a_free_term_comes_once_for_one_key(free_plan: Plan) -> None:
    row = membership(plan=free_plan, source=None)
    key = uuid.uuid4()
    terms = {give_free(membership=row, key=key, by=TESTS).pk for _click in range(3)}
    assert len(terms) == 1


def test_somebody_who_left_can_join_again(plan: Plan, desk: Organisation, client_as: Any) -> None:
    user = UserFactory()
    person = PersonFactory(user=user, organisation=desk)
    end_membership(
        membership=membership(person=person, plan=plan), stored=Status.CANCELLED, by=TESTS
    )
    assert client_as(user).get("/join/").status_code == 200
