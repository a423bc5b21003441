"""Pathways begin by three doors, none of which is a dead end, and move on without losing their way."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from dcsn.accounts.models import User
from dcsn.audit import SystemJob
from directory.models import PostcodePlace
from pathways.actions.contacts import note_contact
from pathways.actions.pathways import (
    begin_pathway,
    end_pathway,
    hand_over,
    move_stage,
    pause_pathway,
    resume_pathway,
)
from pathways.models import Eligibility, Pathway, Review, ReviewState, Route
from pathways.refusals import ChangedMeanwhile, NotPossible
from referrals.models import Enquiry
from tests.factories.pathways import KindFactory, PathwayFactory, PlanFactory
from tests.factories.person import PersonFactory
from tests.factories.user import UserFactory

TESTS = SystemJob("tests")
pytestmark = pytest.mark.django_db


def begin(**facts: object) -> Pathway:
    person = facts.pop("person", None) or PersonFactory()
    given = {"kind": facts.pop("kind", None) or KindFactory(), "route": Route.ACCESS_POINT, **facts}
    return begin_pathway(person=person, organisation=person.organisation, by=TESTS, **given)  # type: ignore[attr-defined, arg-type]


def test_it_begins_in_the_first_stage() -> None:
    pathway = begin()
    assert pathway.stage.name == "New"
    assert [step.number for step in pathway.stage_changes.all()] == [1]


def test_not_eligible_opens_an_enquiry_at_the_access_point() -> None:
    pathway = begin(
        route=Route.ASSESSMENT,
        eligibility=Eligibility.NOT_ELIGIBLE,
        assessed_on=date(2026, 11, 2),
    )
    enquiry = Enquiry.objects.get()
    assert (enquiry.person, enquiry.organisation) == (pathway.person, pathway.organisation)
    assert enquiry.origin == Enquiry.Origin.ASSESSMENT
    assert enquiry.is_open


def test_eligible_opens_none() -> None:
    begin(route=Route.ASSESSMENT, eligibility=Eligibility.ELIGIBLE, assessed_on=date(2026, 11, 2))
    assert not Enquiry.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"route": Route.ASSESSMENT},
        {"route": Route.ASSESSMENT, "eligibility": Eligibility.ELIGIBLE},
        {"route": Route.HOME_INTERNET, "eligibility": Eligibility.ELIGIBLE},
    ],
)
def test_an_assessment_has_a_result_and_nothing_else_has(wrong: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        begin(**wrong)


def test_a_double_click_begins_one() -> None:
    key, person, kind = uuid.uuid4(), PersonFactory(), KindFactory()
    assert begin(key=key, person=person, kind=kind) == begin(key=key, person=person, kind=kind)


def test_one_of_a_kind_at_a_time() -> None:
    person, kind = PersonFactory(), KindFactory()
    first = begin(person=person, kind=kind)
    with pytest.raises(ValidationError):
        begin(person=person, kind=kind)
    end_pathway(pathway=first, end=Pathway.End.GOALS_REACHED, by=TESTS)
    assert begin(person=person, kind=kind).is_open


def test_two_who_move_it_at_once_do_not_undo_each_other() -> None:
    pathway = PathwayFactory()
    _new, planning, in_place = pathway.kind.stages.order_by("position")
    move_stage(pathway=pathway, stage=planning, by=TESTS, version=1)
    with pytest.raises(ChangedMeanwhile):
        move_stage(pathway=pathway, stage=in_place, by=TESTS, version=1)


def test_a_stage_of_another_kind_is_refused() -> None:
    with pytest.raises(NotPossible):
        move_stage(pathway=PathwayFactory(), stage=KindFactory().stages.first(), by=TESTS)


def test_an_end_says_how_and_takes_reviews_off_the_list() -> None:
    plan = PlanFactory(in_place=True)
    Review.objects.create(
        pathway=plan.pathway,
        plan=plan,
        why=Review.Why.YEARLY,
        opens_on=date(2026, 12, 1),
        closes_on=date(2026, 12, 31),
    )
    for _click in range(2):
        ended = end_pathway(pathway=plan.pathway, end=Pathway.End.MANAGES_ALONE, by=TESTS)
    assert not ended.is_open
    assert Review.objects.get().state == ReviewState.NOT_NEEDED


def test_it_is_seen_by_its_coordinator_and_not_by_another() -> None:
    mine: User = UserFactory(role="coordinator")
    other: User = UserFactory(role="coordinator")
    pathway = PathwayFactory(coordinator=mine)
    assert pathway in Pathway.objects.visible_to(mine)
    assert pathway not in Pathway.objects.visible_to(other)
    assert pathway not in Pathway.objects.visible_to(UserFactory(role="administrator"))
    assert pathway not in Pathway.objects.visible_to(UserFactory())
    hand_over(pathway=pathway, to=other, by=mine)
    assert pathway in Pathway.objects.visible_to(other)


@pytest.mark.django_db(transaction=True)
def test_ten_clicks_at_once_begin_one() -> None:
    key, person, kind = uuid.uuid4(), PersonFactory(), KindFactory()

    def click(_number: int) -> uuid.UUID:
        try:
            return begin(key=key, person=person, kind=kind).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(5) as threads:
        assert len(set(threads.map(click, range(10)))) == 1


def test_a_pause_says_why_and_ends_with_the_pathway() -> None:
    pathway = PathwayFactory()
    with pytest.raises(NotPossible):
        pause_pathway(pathway=pathway, because=" ", by=TESTS)
    for _click in range(2):
        paused = pause_pathway(pathway=pathway, because="In hospital", by=TESTS)
    assert (paused.paused_on, paused.version) == (timezone.localdate(), 2)
    assert resume_pathway(pathway=pathway, by=TESTS).paused_on is None
    pause_pathway(pathway=pathway, because="In hospital again", by=TESTS)
    ended = end_pathway(pathway=pathway, end=Pathway.End.DIED, by=TESTS)
    assert (ended.paused_on, ended.paused_because) == (None, "")


def test_the_named_contact_goes_with_the_coordinator_unless_it_is_somebody_else() -> None:
    first, second = UserFactory(role="coordinator"), UserFactory(role="coordinator")
    pathway = begin(coordinator=first)
    pathway.person.refresh_from_db()
    assert pathway.person.coordinator == first
    hand_over(pathway=pathway, to=second, by=first)
    pathway.person.refresh_from_db()
    assert pathway.person.coordinator == second

    other = UserFactory(role="coordinator")
    theirs = begin(person=PersonFactory(coordinator=other), coordinator=first)
    theirs.person.refresh_from_db()
    assert theirs.person.coordinator == other


def test_it_is_not_handed_to_somebody_who_may_not_coordinate() -> None:
    mine = UserFactory(role="coordinator")
    with pytest.raises(NotPossible):
        hand_over(pathway=begin(coordinator=mine), to=UserFactory(role="administrator"), by=mine)


def test_not_eligible_is_on_the_access_points_list_of_the_day() -> None:
    begin(
        route=Route.ASSESSMENT,
        eligibility=Eligibility.NOT_ELIGIBLE,
        assessed_on=date(2026, 11, 2),
    )
    assert Enquiry.objects.get().promised_on == timezone.localdate()


def test_a_contact_is_written_down_once() -> None:
    pathway, key = PathwayFactory(), uuid.uuid4()
    for _click in range(2):
        note_contact(
            pathway=pathway, on=timezone.localdate(), way="phone", note="Well", key=key, by=TESTS
        )
    assert [one.note for one in pathway.contacts.all()] == ["Well"]


def test_the_ward_is_where_they_lived_when_it_began() -> None:
    PostcodePlace.objects.get_or_create(
        code="ZZ1 1",
        defaults={"level": "sector", "latitude": 54.5, "longitude": -1.5, "ward_code": "E05000009"},
    )
    person = PersonFactory(postcode="ZZ1 1AB")
    pathway = begin(person=person)
    assert pathway.ward == "E05000009"
    person.postcode = ""
    person.save()
    pathway.refresh_from_db()
    assert pathway.ward == "E05000009", "it does not move with them"
