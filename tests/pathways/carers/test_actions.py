"""The two stages: what the first gives at once, once; what calls for the second; whose record it is."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404
from django.utils import timezone

from dcsn.audit import SystemJob
from dcsn.audit.models import Event
from dcsn.messages.models import Message
from members.cards.actions import card_for
from members.models import Card, Membership, Person, Plan, Term
from pathways.actions.carers import (
    FirstStage,
    first_stage,
    pass_to_council,
    second_stage,
    telecare_told,
    write_emergency_plan,
)
from pathways.carers.clock import tell_of_telecare
from pathways.carers.retention import assessments_due, delete_plans, empty_assessments, plans_due
from pathways.models import CarerAssessment, EmergencyPlan
from pathways.refusals import ChangedMeanwhile
from tests.conftest import Cast
from tests.factories.membership import PlanFactory, membership
from tests.factories.pathways import carer_at
from tests.factories.person import PersonFactory, access_point

pytestmark = pytest.mark.django_db
TESTS = SystemJob("tests")


@pytest.fixture
def ours(cast: Cast) -> Any:
    return access_point(cast.organisation_id)


@pytest.fixture
def carers_plan() -> Plan:
    return PlanFactory(kind=Plan.Kind.CARER, code="carer", terms__price_pence=0)


def take(person: Person, said: FirstStage | None = None, **more: Any) -> CarerAssessment:
    return first_stage(
        person=person,
        organisation=person.organisation,
        said=said or FirstStage(),
        **{"key": uuid.uuid4(), "by": TESTS, **more},
    )


def test_the_first_stage_gives_card_plan_and_telecare_at_once(ours: Any, carers_plan: Plan) -> None:
    person = PersonFactory(organisation=ours)
    made = take(person, FirstStage(telecare=True, emergency={"ring_first": "Ann"}))
    assert made.card_term is not None
    assert made.card_term.source == Term.Source.CARER
    assert made.card_term.membership.plan == carers_plan
    card = card_for(made.card_term.membership, person)
    assert card is not None
    assert card.state == Card.State.REQUESTED
    assert EmergencyPlan.objects.get(carer=person).ring_first == "Ann"
    assert made.telecare_until == timezone.localdate() + timedelta(weeks=12)
    person.refresh_from_db()
    assert person.is_carer == "yes"


def test_the_same_form_twice_grants_once(ours: Any, carers_plan: Plan) -> None:
    person, key = PersonFactory(organisation=ours), uuid.uuid4()
    assert take(person, key=key) == take(person, key=key)
    assert (Term.objects.count(), Card.objects.count(), EmergencyPlan.objects.count()) == (1, 1, 1)


def test_a_member_keeps_their_card(ours: Any, carers_plan: Plan) -> None:
    row = membership(person=PersonFactory(organisation=ours))
    before = Term.objects.count()
    assert row.person is not None
    made = take(row.person)
    assert made.card_term is None
    assert Term.objects.count() == before
    assert card_for(row, row.person) is not None


def test_without_a_plan_for_carers_there_is_no_card_and_all_else(ours: Any) -> None:
    made = take(PersonFactory(organisation=ours))
    assert made.card_term is None
    assert EmergencyPlan.objects.filter(carer=made.carer).exists()
    assert not Membership.objects.exists()


@pytest.mark.parametrize(
    ("said", "trigger"),
    [
        ({}, ""),
        ({"hours_a_week": 19}, ""),
        ({"hours_a_week": 20}, "substantial"),
        ({"touched": frozenset({"health"})}, "health"),
        ({"touched": frozenset({"work", "breaking"}), "hours_a_week": 40}, "breaking"),
        ({"asks_council": True}, "asked"),
    ],
)
def test_what_calls_for_the_council(ours: Any, said: dict[str, Any], trigger: str) -> None:
    made = take(PersonFactory(organisation=ours), FirstStage(**said))
    assert made.trigger == trigger
    waits = CarerAssessment.objects.waiting_for_second().filter(pk=made.pk).exists()
    assert waits is bool(trigger)


def test_the_second_stage_follows_once_and_ends_the_waiting(cast: Cast, ours: Any) -> None:
    made = carer_at(ours)
    assert CarerAssessment.objects.waiting_for_second().count() == 1
    pass_to_council(assessment=made, by=cast.access_point_staff)
    again = pass_to_council(assessment=made, by=cast.access_point_staff)
    assert again.referred_on == timezone.localdate()
    assert CarerAssessment.objects.waiting_for_second().count() == 1, "passed on is not done"
    facts: dict[str, Any] = {
        "first": made,
        "outcome": "budget",
        "assessed_on": timezone.localdate(),
        "by": cast.coordinator,
    }
    second = second_stage(**facts)
    assert second_stage(**facts) == second
    assert (second.carer, second.stage, second.follows) == (made.carer, "second", made)
    assert not CarerAssessment.objects.waiting_for_second().exists()
    assert Event.objects.filter(type="carer:referred").count() == 1


def test_telecare_that_ends_is_said_once(cast: Cast, ours: Any) -> None:
    made = carer_at(ours, FirstStage(telecare=True))
    soon = timezone.localdate() + timedelta(weeks=12)
    assert not CarerAssessment.objects.telecare_ends_by(soon - timedelta(days=1)).exists()
    assert CarerAssessment.objects.telecare_ends_by(soon).get() == made
    for _time in range(2):
        telecare_told(assessment=made, by=cast.access_point_staff)
    assert not CarerAssessment.objects.telecare_ends_by(soon).exists()
    assert Event.objects.filter(type="carer:telecare_told").count() == 1


def test_two_change_the_plan_and_the_second_is_told(cast: Cast, ours: Any) -> None:
    plan = EmergencyPlan.objects.get(carer=carer_at(ours).carer)
    words = {"ring_first": "Bill", "must_know": "", "where_things_are": "", "who_is_cared_for": ""}
    write_emergency_plan(plan=plan, words=words, version=1, by=cast.access_point_staff)
    with pytest.raises(ChangedMeanwhile):
        write_emergency_plan(
            plan=plan, words={**words, "ring_first": "Carl"}, version=1, by=cast.coordinator
        )
    plan.refresh_from_db()
    assert (plan.ring_first, plan.version) == ("Bill", 2)


def test_words_left_empty_take_nothing_from_the_plan_they_have(ours: Any) -> None:
    made = carer_at(ours)
    assert made.carer is not None
    take(made.carer, FirstStage(emergency={"ring_first": "", "must_know": "Two tablets at 8"}))
    plan = EmergencyPlan.objects.get(carer=made.carer)
    assert (plan.ring_first, plan.must_know) == ("Ann, 01632 960 777", "Two tablets at 8")


@pytest.mark.parametrize("role", ["administrator", "membership_officer", "commissioner"])
def test_who_does_not_look_after_carers_is_refused(cast: Cast, ours: Any, role: str) -> None:
    with pytest.raises((PermissionDenied, Http404)):
        take(PersonFactory(organisation=ours), by=cast.with_role(role))
    assert not CarerAssessment.objects.exists()


def test_another_access_point_writes_nothing_here(cast: Cast, ours: Any) -> None:
    made = carer_at(ours)
    stranger = cast.stranger("access_point_staff")
    with pytest.raises(Http404):
        pass_to_council(assessment=made, by=stranger)
    assert not CarerAssessment.objects.visible_to(stranger).exists()
    assert CarerAssessment.objects.visible_to(cast.access_point_staff).get() == made


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_are_one(ours: Any, carers_plan: Plan) -> None:
    person, key = PersonFactory(organisation=ours), uuid.uuid4()

    def click(_number: int) -> uuid.UUID:
        try:
            return take(person, key=key).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        made = set(threads.map(click, range(4)))
    assert len(made) == 1
    assert (Term.objects.count(), EmergencyPlan.objects.count()) == (1, 1)


# --- By the clock -------------------------------------------------------------------------------------


def test_who_chose_email_is_told_before_telecare_ends_and_once(ours: Any) -> None:
    soon = timezone.localdate() - timedelta(weeks=9)
    writes = PersonFactory(organisation=ours, email="joan@example.org", contact_by="email")
    rings = PersonFactory(organisation=ours, phone="01632 960 761", contact_by="phone")
    for person in (writes, rings):
        take(person, FirstStage(telecare=True), on=soon)
    take(PersonFactory(organisation=ours), FirstStage(telecare=True))
    assert [tell_of_telecare(), tell_of_telecare()] == [1, 0]
    message = Message.objects.get()
    assert message.to_address == "joan@example.org"
    assert "telecare" not in (message.subject + message.body).lower()
    waiting = CarerAssessment.objects.telecare_ends_by(timezone.localdate() + timedelta(days=28))
    assert [one.carer for one in waiting] == [rings], "somebody rings"


def test_what_carers_said_is_emptied_after_its_time(ours: Any) -> None:
    old, new = carer_at(ours), carer_at(ours)
    long_ago = timezone.now() - timedelta(days=4_000)
    CarerAssessment.objects.filter(pk=old.pk).update(assessed_on=long_ago.date(), effects="Tired")
    EmergencyPlan.objects.filter(carer=old.carer).update(changed_at=long_ago)
    before = timezone.now() - timedelta(days=2_922)
    assert empty_assessments([row.pk for row in assessments_due(before)]) == 1
    assert delete_plans([row.pk for row in plans_due(before)]) == 1
    old.refresh_from_db()
    assert (old.carer, old.effects, old.trigger) == (None, "", "substantial")
    assert EmergencyPlan.objects.get().carer == new.carer
