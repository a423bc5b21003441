"""Plans: a new price begins on a day, the past stays, and two officers do not overwrite each other."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from dcsn.audit.models import Event
from members.actions.memberships import apply_source
from members.models import Membership, Plan, PlanTerms, Term
from members.plans.actions import (
    BegunAlready,
    PlanChanged,
    add_plan,
    add_terms,
    change_plan,
    offer_plan,
    remove_terms,
)
from members.plans.examples import next_rollover, worked_examples
from members.refusals import Refused
from tests.conftest import Cast
from tests.factories.membership import TESTS, PlanFactory, PlanTermsFactory, membership

pytestmark = pytest.mark.django_db

FIXED_YEAR = {
    "period": "fixed",
    "unit": "year",
    "duration": 1,
    "fixed_month": 1,
    "fixed_day": 1,
    "rollover_month": 9,
    "rollover_day": 1,
}


def typed(plan: Plan, **other: Any) -> dict[str, Any]:
    day = timezone.localdate() + timedelta(days=30)
    return {
        "version": plan.version,
        "valid_from_day": day.day,
        "valid_from_month": day.month,
        "valid_from_year": day.year,
        "price_pence": "£12",
        "concession_pence": "0",
        "vat_note": "",
        "lasts": "rolling",
        "duration": "1",
        "unit": "year",
        "new_months": "3",
        "grace_months": "1",
        **other,
    }


def coming(**facts: Any) -> PlanTerms:
    return PlanTerms(
        **{"valid_from": timezone.localdate() + timedelta(days=10), "price_pence": 1500, **facts}
    )


# --- The past stays -----------------------------------------------------------------------------------


def test_a_new_price_changes_nothing_that_was_agreed(cast: Cast) -> None:
    plan = PlanFactory()
    today = timezone.localdate()
    paid, waiting = membership(plan=plan), membership(plan=plan, source=None)
    before = list(Membership.objects.order_by("id").values()), list(Term.objects.values())
    add_terms(plan=plan, terms=coming(), version=1, by=cast.membership_officer)
    assert before == (list(Membership.objects.order_by("id").values()), list(Term.objects.values()))
    for one in (paid, waiting):
        assert one.plan_terms.price_pence == 1000
    for back in range(0, 4000, 97):
        assert plan.terms_on(today - timedelta(days=back)).price_pence == 1000
    assert plan.terms_on(today + timedelta(days=10)).price_pence == 1500


def test_who_waited_pays_what_was_agreed_and_a_renewal_the_price_of_its_day(cast: Cast) -> None:
    plan = PlanFactory()
    waiting = membership(plan=plan, source=None)
    add_terms(plan=plan, terms=coming(duration=2), version=1, by=cast.membership_officer)
    later = timezone.localdate() + timedelta(days=40)
    first = apply_source(
        membership=waiting, source="payment", source_id=plan.id, by=TESTS, on=later
    )
    assert first.plan_terms.price_pence == 1000
    again = apply_source(
        membership=waiting, source="payment", source_id=first.id, by=TESTS, on=later
    )
    assert again.plan_terms.price_pence == 1500


@pytest.mark.parametrize("days", [0, -1, -400])
def test_a_price_does_not_begin_where_one_was_asked_already(cast: Cast, days: int) -> None:
    plan = PlanFactory()
    terms = coming(valid_from=timezone.localdate() + timedelta(days=days))
    with pytest.raises(BegunAlready):
        add_terms(plan=plan, terms=terms, version=1, by=cast.membership_officer)
    assert plan.terms.count() == 1


def test_a_first_price_may_begin_today_and_not_yesterday(cast: Cast) -> None:
    plan = PlanFactory(terms=None)
    today = timezone.localdate()
    with pytest.raises(BegunAlready):
        add_terms(
            plan=plan,
            terms=coming(valid_from=today - timedelta(days=1)),
            version=1,
            by=cast.membership_officer,
        )
    add_terms(plan=plan, terms=coming(valid_from=today), version=1, by=cast.membership_officer)
    assert plan.terms_on(today).price_pence == 1500


def test_the_database_lets_nobody_change_terms(cast: Cast) -> None:
    terms = PlanFactory().terms.get()
    with pytest.raises(IntegrityError, match="not changed"), transaction.atomic():
        PlanTerms.objects.update(price_pence=1)
    PlanTerms.objects.update(recorded_by=cast.membership_officer)
    terms.refresh_from_db()
    assert (terms.price_pence, terms.recorded_by) == (1000, cast.membership_officer)


def test_what_has_not_begun_can_be_taken_back_unless_somebody_agreed_to_it(cast: Cast) -> None:
    plan, officer = PlanFactory(), cast.membership_officer
    terms = add_terms(plan=plan, terms=coming(), version=1, by=officer)
    holds = plan.terms.get(price_pence=1000)
    with pytest.raises(BegunAlready):
        remove_terms(terms=holds, version=2, by=officer)
    agreed = membership(plan=plan, source=None)
    Membership.objects.filter(pk=agreed.pk).update(plan_terms=terms)
    with pytest.raises(BegunAlready):
        remove_terms(terms=terms, version=2, by=officer)
    Membership.objects.filter(pk=agreed.pk).update(plan_terms=holds)
    remove_terms(terms=terms, version=2, by=officer)
    assert plan.terms.get() == holds


# --- Two officers -------------------------------------------------------------------------------------


def test_two_officers_do_not_overwrite_each_other(cast: Cast) -> None:
    plan, officer = PlanFactory(), cast.membership_officer
    change_plan(plan=plan, facts={"name": "Friends"}, version=1, by=officer)
    with pytest.raises(PlanChanged):
        change_plan(plan=plan, facts={"name": "Others"}, version=1, by=officer)
    with pytest.raises(PlanChanged):
        add_terms(plan=plan, terms=coming(), version=1, by=officer)
    with pytest.raises(PlanChanged):
        offer_plan(plan=plan, offered=False, version=1, by=officer)
    assert Plan.objects.get().name == "Friends"


def test_a_double_click_sets_one_price(cast: Cast, client_as: Any) -> None:
    plan = PlanFactory()
    client = client_as(cast.membership_officer)
    url = reverse("members:plan_terms", args=[plan.code])
    data = typed(plan, save="yes")
    assert client.post(url, data).status_code == 302
    second = client.post(url, data)
    assert "Somebody else has changed this plan" in second.content.decode()
    assert plan.terms.count() == 2


def test_what_was_typed_stays_when_somebody_was_quicker(cast: Cast, client_as: Any) -> None:
    plan = PlanFactory()
    url = reverse("members:plan_change", args=[plan.code])
    change_plan(plan=plan, facts={"name": "Friends"}, version=1, by=cast.membership_officer)
    page = client_as(cast.membership_officer).post(
        url,
        {"version": 1, "name": "My name", "kind": "individual", "people_at_most": 1, "position": 5},
    )
    assert "My name" in page.content.decode()
    assert "Somebody else has changed this plan" in page.content.decode()
    assert Plan.objects.get().name == "Friends"


# --- Adding, offering ---------------------------------------------------------------------------------


def test_a_plan_is_joined_only_when_it_has_a_price_today(cast: Cast, client_as: Any) -> None:
    client = client_as(cast.membership_officer)
    facts = {"name": "Friends & co", "kind": "associate", "people_at_most": 1, "position": 5}
    response = client.post(reverse("members:plan_new"), facts)
    plan = Plan.objects.get()
    assert response["Location"] == reverse("members:plan_terms", args=[plan.code])
    assert not plan.offered
    offer = reverse("members:plan_offer", args=[plan.code])
    refused = client.post(offer, {"version": 1, "offered": "yes"})
    assert (refused.status_code, "Set a price first" in refused.content.decode()) == (409, True)
    add_terms(
        plan=plan,
        terms=coming(valid_from=timezone.localdate()),
        version=1,
        by=cast.membership_officer,
    )
    client.post(offer, {"version": 2, "offered": "yes"})
    plan.refresh_from_db()
    assert plan.offered
    again = client.post(reverse("members:plan_new"), facts)
    assert "There is a plan of this name already" in again.content.decode()
    assert Event.objects.filter(type__startswith="plan:").count() == 3


def test_whoever_is_a_member_can_renew_what_is_no_longer_offered(cast: Cast) -> None:
    mine = membership()
    ends_on = mine.ends_on
    offer_plan(plan=mine.plan, offered=False, version=1, by=cast.membership_officer)
    term = apply_source(membership=mine, source="payment", source_id=mine.id, by=TESTS)
    assert term.starts_on == ends_on + timedelta(days=1)


@pytest.mark.parametrize("role", ["hub_lead", "access_point_staff", "administrator", "coordinator"])
def test_only_the_officer_changes_prices(cast: Cast, role: str) -> None:
    plan = PlanFactory()
    with pytest.raises(PermissionDenied):
        add_terms(plan=plan, terms=coming(), version=1, by=cast.with_role(role))
    with pytest.raises(PermissionDenied):
        add_plan(facts={"name": "X", "kind": "individual"}, by=cast.with_role(role))


def test_a_household_has_two_people_at_least(cast: Cast, client_as: Any) -> None:
    page = client_as(cast.membership_officer).post(
        reverse("members:plan_new"),
        {"name": "Home", "kind": "household", "people_at_most": 1, "position": 5},
    )
    assert "A household has at least two people" in page.content.decode()
    assert not Plan.objects.exists()


# --- What it means ------------------------------------------------------------------------------------


def test_the_worked_example_is_the_one_of_the_published_rules() -> None:
    """CiviCRM user guide: fixed year from 1 January, rollover 1 September."""
    terms = PlanTerms(**FIXED_YEAR)
    said = {
        one.joined: (one.until, one.renewed) for one in worked_examples(terms, date(2018, 5, 5))
    }
    assert said == {
        date(2018, 5, 5): (date(2018, 12, 31), date(2019, 12, 31)),
        date(2018, 8, 31): (date(2018, 12, 31), date(2019, 12, 31)),
        date(2018, 9, 1): (date(2019, 12, 31), date(2020, 12, 31)),
    }


def test_fixed_months_show_their_rollover_too() -> None:
    terms = PlanTerms(period="fixed", unit="month", duration=6, rollover_day=15)
    said = {one.joined: one.until for one in worked_examples(terms, date(2019, 1, 2))}
    assert said[date(2019, 1, 14)] == date(2019, 6, 30)
    assert said[date(2019, 1, 15)] == date(2019, 7, 31)


def test_rolling_terms_have_one_example_and_odd_days_are_found() -> None:
    assert len(worked_examples(PlanTerms(period="rolling", duration=1), date(2026, 2, 28))) == 1
    odd = PlanTerms(**{**FIXED_YEAR, "rollover_month": 4, "rollover_day": 31})
    assert next_rollover(odd, date(2026, 1, 10)) == date(2026, 4, 30)
    never = PlanTerms(**{**FIXED_YEAR, "rollover_month": None, "rollover_day": None})
    assert next_rollover(never, date(2026, 1, 10)) is None


def test_the_officer_reads_what_it_means_before_it_is_saved(cast: Cast, client_as: Any) -> None:
    plan = PlanFactory()
    client: Client = client_as(cast.membership_officer)
    url = reverse("members:plan_terms", args=[plan.code])
    data = typed(
        plan,
        lasts="fixed_year",
        fixed_day="1",
        fixed_month="1",
        rollover_day="1",
        rollover_month="9",
    )
    text = client.post(url, data).content.decode()
    assert "What that means" in text
    assert "Check the price" in text
    assert plan.terms.count() == 1
    hidden = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', text))
    changed = client.post(url, {**hidden, "change": "yes"}).content.decode()
    assert 'value="£12"' in changed, "nothing typed is lost"
    assert client.post(url, {**hidden, "save": "yes"}).status_code == 302
    saved = plan.terms.order_by("-valid_from").first()
    assert (saved.price_pence, saved.rollover_month, saved.period) == (1200, 9, "fixed")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"price_pence": ""}, "Enter the price"),
        ({"concession_pence": "£20"}, "The safety net cannot cost more than the price"),
        ({"lasts": "fixed_year"}, "Enter the day on which the year begins"),
        ({"lasts": "fixed_year", "fixed_day": "31", "fixed_month": "4"}, "no such day"),
        ({"lasts": "fixed_year", "fixed_day": "1"}, "Choose the month"),
        ({"lasts": "fixed_months"}, "Fixed months are counted in months"),
        ({"duration": "0"}, "greater than or equal to 1"),
        ({"valid_from_year": "2019"}, "The price cannot begin in the past|asked of people already"),
    ],
)
def test_what_cannot_be_is_said_beside_its_box(
    cast: Cast, client_as: Any, wrong: dict[str, str], said: str
) -> None:
    plan = PlanFactory()
    page = client_as(cast.membership_officer).post(
        reverse("members:plan_terms", args=[plan.code]), typed(plan, save="yes", **wrong)
    )
    assert re.search(said, page.content.decode())
    assert plan.terms.count() == 1


def test_terms_on_one_day_are_one(cast: Cast) -> None:
    plan = PlanFactory()
    add_terms(plan=plan, terms=coming(), version=1, by=cast.membership_officer)
    with pytest.raises(ValidationError, match="There are terms from this day already"):
        add_terms(plan=plan, terms=coming(), version=2, by=cast.membership_officer)


def test_the_page_shows_today_what_comes_and_what_was(cast: Cast, client_as: Any) -> None:
    plan = PlanFactory()
    today = timezone.localdate()
    PlanTermsFactory(plan=plan, valid_from=today - timedelta(days=90), price_pence=1100)
    PlanTermsFactory(plan=plan, valid_from=today + timedelta(days=90), price_pence=1200)
    text = client_as(cast.membership_officer).get(reverse("members:plan", args=[plan.code]))
    page = text.content.decode()
    assert re.search(
        "What holds today.*£11 a year.*What comes.*£12 a year.*What was.*£10", page, re.S
    )
    assert page.count("Take back what comes") == 1, "the past is read only"


def test_twice_as_many_plans_cost_no_more_queries(cast: Cast, client_as: Any) -> None:
    client = client_as(cast.membership_officer)

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as caught:
            assert client.get(reverse("members:plans")).status_code == 200
        return len(caught)

    PlanFactory.create_batch(3)
    client.get(reverse("members:plans"))
    first = queries()
    PlanFactory.create_batch(6)
    assert queries() == first


def test_nobody_may_refuse_a_plan_that_is_not_there(cast: Cast, client_as: Any) -> None:
    assert client_as(cast.membership_officer).get("/desk/plans/none/").status_code == 404
    with pytest.raises(Refused):
        offer_plan(
            plan=PlanFactory(terms=None, offered=False),
            offered=True,
            version=1,
            by=cast.membership_officer,
        )
