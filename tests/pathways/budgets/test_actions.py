"""Versions never change; a budget is agreed by three people with its plan; revised; closed."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.http import Http404
from django.utils import timezone

from dcsn.audit import SystemJob
from dcsn.audit.models import AppendOnlyError
from pathways.actions import ledger
from pathways.actions.allocation import Draft, assess_needs, in_force, load_version
from pathways.actions.budgets import agree, close, missing_names, propose, revise
from pathways.budgets.allocation import Unanswered
from pathways.budgets.statement import statement_of
from pathways.models import Account, AllocationVersion, Budget, BudgetState, NeedsAssessment
from pathways.refusals import ChangedMeanwhile, NotPossible, Refused
from tests.conftest import Cast
from tests.factories.pathways import (
    TABLE,
    BudgetFactory,
    PathwayFactory,
    PlanFactory,
    allocation_version,
)
from tests.factories.person import PersonFactory, access_point
from tests.factories.user import UserFactory

pytestmark = pytest.mark.django_db
TESTS = SystemJob("tests")
BOTH = {"meals": "help", "safe": "risk"}


@pytest.fixture
def pathway(cast: Cast) -> Any:
    person = PersonFactory(organisation=access_point(cast.organisation_id))
    return PathwayFactory(person=person, coordinator=cast.coordinator)


def draft(**facts: Any) -> Draft:
    return Draft(
        **{
            "valid_from": date(2026, 4, 1),
            "table": TABLE,
            "budget_pence": 100,
            "sample_cases": 1,
            "sample_points": 1,
            "people": 1,
            "top_slice_per_mille": 150,
            "sources": "S",
            "equality_check": "E",
            "equality_table": [],
            "signed_off_by": "Cy",
            **facts,
        }
    )


def in_place(pathway: Any) -> Any:
    return PlanFactory(pathway=pathway, in_place=True)


def proposed(pathway: Any, by: Any, **facts: Any) -> Budget:
    budget = Budget.objects.create(pathway=pathway, indicative_pence=338_790)
    return propose(
        budget=budget,
        by=by,
        **{
            "council_pence": 300_000,
            "person_pence": 38_790,
            "because": "As reckoned",
            "starts_on": timezone.localdate(),
            **facts,
        },
    )


def signed(budget: Budget, cast: Cast) -> Budget:
    for role, by in (
        ("person", cast.coordinator),
        ("planner", cast.coordinator),
        ("authoriser", cast.pathway_authoriser),
    ):
        budget = agree(budget=budget, role=role, name=role, version=budget.version, by=by)
    return budget


# --- Versions of the table ----------------------------------------------------------------------------


def test_versions_are_numbered_and_the_newest_is_in_force(cast: Cast) -> None:
    first = load_version(draft=draft(valid_from=date(2026, 1, 1)), by=cast.finance_lead)
    second = load_version(draft=draft(), by=cast.finance_lead)
    assert [first.number, second.number] == [1, 2]
    assert load_version(draft=draft(), by=cast.finance_lead) == second, "a double click is one"
    assert in_force(date(2026, 3, 31)) == first
    assert in_force(date(2026, 4, 1)) == second
    assert in_force(date(2025, 12, 31)) is None
    with pytest.raises(NotPossible):
        load_version(draft=replace(draft(), people=2), by=cast.finance_lead)


@pytest.mark.parametrize("role", ["administrator", "coordinator", "commissioner", "hub_lead"])
def test_only_the_finance_lead_loads_figures(cast: Cast, role: str) -> None:
    with pytest.raises(PermissionDenied):
        load_version(draft=draft(), by=cast.with_role(role))


def test_a_version_is_changed_neither_in_python_nor_in_sql(cast: Cast) -> None:
    version = load_version(draft=draft(), by=cast.finance_lead)
    version.people = 2
    for attempt in (version.save, version.delete, AllocationVersion.objects.all().delete):
        with pytest.raises(AppendOnlyError):
            attempt()
    for statement in (
        "UPDATE pathways_allocationversion SET people = 2",
        "UPDATE pathways_allocationversion SET equality_table = '[1]'",
        "DELETE FROM pathways_allocationversion",
    ):
        with (
            pytest.raises(DatabaseError, match="neither changed nor deleted"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


# --- Needs --------------------------------------------------------------------------------------------


def test_forty_two_points_are_the_amount_of_the_example(cast: Cast, pathway: Any) -> None:
    version = allocation_version()
    facts = {"pathway": pathway, "allocation": version, "answers": BOTH, "by": cast.coordinator}
    budget = assess_needs(**facts)
    assert budget.indicative_pence == 338_790
    assert budget.needs is not None
    assert budget.needs.points == 42
    assert assess_needs(**facts) == budget
    assert (NeedsAssessment.objects.count(), Budget.objects.count()) == (1, 1)
    again = assess_needs(**{**facts, "answers": {**BOTH, "safe": "safe"}})
    assert again == budget, "a first idea is changed, not doubled"
    assert set(NeedsAssessment.objects.values_list("state", flat=True)) == {
        "discussed",
        "superseded",
    }


def test_unpaid_care_lowers_nothing_without_the_carers_yes(cast: Cast, pathway: Any) -> None:
    facts = {
        "pathway": pathway,
        "allocation": allocation_version(),
        "answers": BOTH,
        "by": cast.coordinator,
        "counts_on_carer": True,
    }
    with pytest.raises(Refused, match="carer"):
        assess_needs(**facts)
    budget = assess_needs(**facts, carer_agreed_on=date(2026, 2, 2))
    assert budget.needs is not None
    assert budget.needs.carer_agreed_on == date(2026, 2, 2)


def test_what_is_not_answered_is_named(cast: Cast, pathway: Any) -> None:
    with pytest.raises(Unanswered, match="safe"):
        assess_needs(
            pathway=pathway,
            allocation=allocation_version(),
            answers={"meals": "help"},
            by=cast.coordinator,
        )


# --- Three names --------------------------------------------------------------------------------------


def test_three_people_agree_and_the_budget_holds(cast: Cast, pathway: Any) -> None:
    plan = in_place(pathway)
    budget = signed(proposed(pathway, cast.coordinator), cast)
    assert (budget.state, budget.plan) == (BudgetState.AGREED, plan)
    assert budget.total_pence == budget.council_pence + budget.person_pence == 338_790


def test_without_a_plan_the_third_name_is_refused_and_not_kept(cast: Cast, pathway: Any) -> None:
    budget = proposed(pathway, cast.coordinator)
    with pytest.raises(NotPossible, match="plan"):
        signed(budget, cast)
    budget.refresh_from_db()
    assert budget.state == BudgetState.PROPOSED
    assert missing_names(budget) == ["authoriser"]


def test_the_planner_does_not_authorise_and_nobody_goes_before_the_person(
    cast: Cast, pathway: Any
) -> None:
    in_place(pathway)
    budget = proposed(pathway, cast.coordinator)
    facts: dict[str, Any] = {"budget": budget, "version": budget.version, "name": "N"}
    with pytest.raises(NotPossible, match="first"):
        agree(role="authoriser", by=cast.pathway_authoriser, **facts)
    agree(role="person", by=cast.coordinator, **facts)
    both = cast.coordinator
    agree(role="planner", by=both, **facts)
    with pytest.raises(PermissionDenied):
        agree(role="authoriser", by=both, **facts)
    two_hats = UserFactory(role="pathway_authoriser", second_factor=True)
    agree(role="authoriser", by=two_hats, **facts)
    budget.refresh_from_db()
    assert budget.state == BudgetState.AGREED


def test_nobody_signs_for_their_own_money(cast: Cast, pathway: Any) -> None:
    in_place(pathway)
    budget = proposed(pathway, cast.coordinator)
    facts: dict[str, Any] = {"budget": budget, "version": budget.version, "name": "N"}
    agree(role="person", by=cast.coordinator, **facts)
    own = UserFactory(role="pathway_authoriser", second_factor=True)
    pathway.person.user = cast.coordinator
    pathway.person.save()
    with pytest.raises(NotPossible, match="your own budget"):
        agree(role="planner", by=cast.coordinator, **facts)
    pathway.person.user = own
    pathway.person.save()
    agree(role="planner", by=cast.coordinator, **facts)
    with pytest.raises(NotPossible, match="your own budget"):
        agree(role="authoriser", by=own, **facts)


def test_other_amounts_are_nobodys_yet(cast: Cast, pathway: Any) -> None:
    in_place(pathway)
    budget = proposed(pathway, cast.coordinator)
    old = budget.version
    agree(budget=budget, role="person", name="P", version=old, by=cast.coordinator)
    facts = {"because": "More", "starts_on": timezone.localdate(), "by": cast.coordinator}
    budget = propose(budget=budget, council_pence=400_000, person_pence=0, version=old, **facts)
    assert missing_names(budget) == ["person", "planner", "authoriser"]
    with pytest.raises(ChangedMeanwhile):
        agree(budget=budget, role="planner", name="P", version=old, by=cast.coordinator)
    with pytest.raises(ChangedMeanwhile):
        propose(budget=budget, council_pence=1, person_pence=0, version=old, **facts)


def test_another_access_points_lead_is_refused(cast: Cast, pathway: Any) -> None:
    with pytest.raises((PermissionDenied, Http404)):
        proposed(pathway, cast.stranger("hub_lead"))


@pytest.mark.django_db(transaction=True)
def test_two_sign_at_once_and_it_is_agreed_once(cast: Cast, pathway: Any) -> None:
    in_place(pathway)
    budget = proposed(pathway, cast.coordinator)
    for role in ("person", "planner"):
        agree(budget=budget, role=role, name=role, version=budget.version, by=cast.coordinator)
    authoriser = cast.pathway_authoriser

    def sign(_number: int) -> str:
        try:
            return agree(
                budget=budget, role="authoriser", name="A", version=budget.version, by=authoriser
            ).state
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as threads:
        assert set(threads.map(sign, range(3))) == {BudgetState.AGREED}
    assert budget.agreements.count() == 3


# --- Revised, closed ----------------------------------------------------------------------------------


def test_a_revision_takes_the_others_place_when_it_is_agreed(cast: Cast, pathway: Any) -> None:
    in_place(pathway)
    old = signed(proposed(pathway, cast.coordinator), cast)
    ledger.pay_in(budget=old, source=Account.COUNCIL, pence=5_000, key=uuid.uuid4(), by=TESTS)
    ledger.promise(budget=old, pence=1_000, key=uuid.uuid4(), by=TESTS)
    new = revise(budget=old, by=cast.coordinator)
    assert revise(budget=old, by=cast.coordinator) == new
    old.refresh_from_db()
    assert old.state == BudgetState.AGREED, "it holds until then"
    new = signed(new, cast)
    old.refresh_from_db()
    assert (old.state, new.state, new.replaces) == ("revised", "agreed", old)
    held = ledger.balances(old)
    assert held[Account.RETURNED] == 5_000
    assert held[Account.AVAILABLE] == held[Account.COMMITTED] == 0


def test_a_revision_that_came_to_nothing_can_be_begun_again(cast: Cast, pathway: Any) -> None:
    in_place(pathway)
    old = signed(proposed(pathway, cast.coordinator), cast)
    close(budget=revise(budget=old, by=cast.coordinator), by=cast.coordinator)
    again = revise(budget=old, by=cast.coordinator)
    assert again.state == BudgetState.PROPOSED


def test_closing_gives_back_what_is_left_once(cast: Cast, pathway: Any) -> None:
    budget = BudgetFactory(plan=in_place(pathway))
    ledger.pay_in(budget=budget, source=Account.PERSON, pence=700, key=uuid.uuid4(), by=TESTS)
    ledger.set_aside(budget=budget, pence=200, key=uuid.uuid4(), by=TESTS)
    for _time in range(2):
        close(budget=budget, by=cast.coordinator)
    budget.refresh_from_db()
    assert budget.state == BudgetState.CLOSED
    assert statement_of(budget).returned == 700
    assert budget.entries.count() == 3
    with pytest.raises(NotPossible):
        ledger.reverse(entry=budget.entries.all()[0], key=uuid.uuid4(), by=TESTS)


def test_twelve_months_are_the_year_exactly(cast: Cast, pathway: Any) -> None:
    budget = BudgetFactory(
        plan=in_place(pathway),
        total_pence=338_791,
        council_pence=338_791,
        person_pence=0,
        starts_on=date(2025, 1, 31),
    )
    months = statement_of(budget).months
    assert months[0].first == date(2025, 1, 1)
    assert sum(month.agreed for month in months[:12]) == 338_791
    assert [month.first.month for month in months[:12]] == list(range(1, 13))
