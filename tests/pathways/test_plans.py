"""A plan is the person's: several write in it at once, every version is kept, three names make it hold."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404

from dcsn.accounts.models import User
from dcsn.audit.models import Event
from pathways.actions.plans import agree, begin_plan, move_plan, write_row, write_words
from pathways.models import Goal, Part, Plan, PlanShare, PlanVersion, Shared
from pathways.plans.contents import differences, word_by_word
from pathways.plans.states import PlanState
from pathways.refusals import ChangedMeanwhile, NotAgreed, NotPossible, WordsClash
from tests.factories.agreement import SharingAgreementFactory
from tests.factories.consent import ConsentFactory
from tests.factories.organisation import OrganisationFactory
from tests.factories.pathways import PathwayFactory, PlanFactory
from tests.factories.user import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator() -> User:
    return UserFactory(role="coordinator")


@pytest.fixture
def plan(coordinator: User) -> Plan:
    return PlanFactory(pathway__coordinator=coordinator)


@pytest.fixture
def owner(plan: Plan) -> User:
    """The person whose plan it is, signed in."""
    person = plan.pathway.person
    assert person is not None
    person.user = UserFactory()
    person.save()
    return person.user


def provider(plan: Plan, part: str, *, may_write: bool = True) -> User:
    organisation = OrganisationFactory()
    SharingAgreementFactory(organisation=organisation)
    consent = ConsentFactory(person=plan.pathway.person, organisation=organisation)
    PlanShare.objects.create(
        plan=plan, organisation=organisation, part=part, may_write=may_write, consent=consent
    )
    return UserFactory(role="referral_receiver", role__organisation_id=organisation.id)


def words(plan: Plan, part: str = Part.ABOUT_ME) -> str:
    return plan.parts.get(part=part).words


def test_the_person_the_coordinator_and_a_provider_at_once_all_keep_their_words(
    plan: Plan, coordinator: User, owner: User
) -> None:
    base = "I was a baker.\nI live on my own.\nI like chess."
    write_words(plan=plan, part=Part.ABOUT_ME, words=base, base="", by=coordinator)
    helper = provider(plan, Shared.ABOUT_ME)
    for by, text in (
        (owner, base.replace("a baker", "a baker for forty years")),
        (coordinator, base.replace("on my own", "on my own since March")),
        (helper, base.replace("chess", "chess and draughts")),
    ):
        write_words(plan=plan, part=Part.ABOUT_ME, words=text, base=base, by=by)
    assert words(plan) == (
        "I was a baker for forty years.\nI live on my own since March.\nI like chess and draughts."
    )
    assert list(
        PlanVersion.objects.filter(plan=plan).order_by("number").values_list("number", "by")
    ) == [(1, coordinator.pk), (2, owner.pk), (3, coordinator.pk), (4, helper.pk)]


def test_the_same_line_in_two_ways_loses_nothing(
    plan: Plan, coordinator: User, owner: User
) -> None:
    write_words(plan=plan, part=Part.MATTERS, words="My garden", base="", by=owner)
    write_words(plan=plan, part=Part.MATTERS, words="My roses", base="My garden", by=owner)
    with pytest.raises(WordsClash) as refused:
        write_words(plan=plan, part=Part.MATTERS, words="My dog", base="My garden", by=coordinator)
    assert refused.value.clash.theirs == "My roses"
    assert refused.value.clash.yours == "My dog"
    assert words(plan, Part.MATTERS) == "My roses"


def test_a_provider_writes_only_where_it_was_shared(plan: Plan) -> None:
    helper = provider(plan, Shared.GOALS)
    write_row(plan=plan, row=Goal(), facts={"words": "Walk to the shop"}, by=helper)
    with pytest.raises((PermissionDenied, Http404)):
        write_words(plan=plan, part=Part.ABOUT_ME, words="x", base="", by=helper)


def test_a_provider_who_may_only_read_writes_nothing(plan: Plan) -> None:
    helper = provider(plan, Shared.GOALS, may_write=False)
    with pytest.raises((PermissionDenied, Http404)):
        write_row(plan=plan, row=Goal(), facts={"words": "x"}, by=helper)


def test_another_coordinator_does_not_write_in_it(plan: Plan) -> None:
    with pytest.raises((PermissionDenied, Http404)):
        write_words(
            plan=plan, part=Part.MATTERS, words="x", base="", by=UserFactory(role="coordinator")
        )


def test_two_who_change_different_facts_of_a_goal_both_keep_theirs(
    plan: Plan, coordinator: User, owner: User
) -> None:
    goal = write_row(
        plan=plan, row=Goal(), facts={"words": "Walk", "measure": "To the gate"}, by=owner
    )
    seen = goal.version
    write_row(plan=plan, row=goal, facts={"words": "Walk daily"}, by=owner, version=seen)
    write_row(plan=plan, row=goal, facts={"measure": "To the shop"}, by=coordinator, version=seen)
    stored = Goal.objects.get(pk=goal.pk)
    assert (stored.words, stored.measure) == ("Walk daily", "To the shop")
    with pytest.raises(ChangedMeanwhile):
        write_row(plan=plan, row=goal, facts={"words": "Swim"}, by=coordinator, version=seen)


def test_a_double_click_makes_no_version(plan: Plan, owner: User) -> None:
    for _click in range(2):
        write_words(plan=plan, part=Part.MATTERS, words="My garden", base="", by=owner)
    assert PlanVersion.objects.filter(plan=plan).count() == 1


def three_names(plan: Plan, planner: User, authoriser: User) -> None:
    plan.refresh_from_db()
    facts: dict[str, Any] = {"plan": plan, "version": plan.version, "how": "spoken"}
    agree(role="person", name="Ada", by=planner, **facts)
    agree(role="planner", name="Bea", by=planner, **facts)
    agree(role="authoriser", name="Cy", by=authoriser, **facts)


@pytest.fixture
def authoriser() -> User:
    return UserFactory(role="pathway_authoriser")


def test_a_plan_is_in_place_with_three_names_of_which_two_accounts(
    plan: Plan, coordinator: User, authoriser: User
) -> None:
    write_words(plan=plan, part=Part.MATTERS, words="My garden", base="", by=coordinator)
    with pytest.raises(NotAgreed):
        move_plan(plan=plan, to=PlanState.ACTIVE, by=coordinator)
    three_names(plan, coordinator, authoriser)
    placed = move_plan(plan=plan, to=PlanState.ACTIVE, by=coordinator)
    assert placed.agreed_version == placed.version == 1
    assert placed.starts_on is not None


def test_a_planner_does_not_authorise(plan: Plan, coordinator: User) -> None:
    facts: dict[str, Any] = {"plan": plan, "version": 0, "how": "written", "by": coordinator}
    agree(role="person", name="Ada", **facts)
    agree(role="planner", name="Bea", **facts)
    with pytest.raises(PermissionDenied):
        agree(role="authoriser", name="Bea", **facts)


def test_nobody_is_planner_and_authoriser(plan: Plan) -> None:
    both = UserFactory(role="pathway_authoriser")
    both.role_assignments.create(role="hub_lead", organisation_id=plan.pathway.organisation_id)
    facts: dict[str, Any] = {"plan": plan, "version": 0, "how": "written", "by": both}
    agree(role="person", name="Ada", **facts)
    agree(role="planner", name="Bea", **facts)
    with pytest.raises(NotPossible, match="two people"):
        agree(role="authoriser", name="Bea", **facts)


def test_the_third_name_comes_last(plan: Plan, coordinator: User, authoriser: User) -> None:
    facts: dict[str, Any] = {"plan": plan, "version": 0, "how": "written"}
    agree(role="planner", name="Bea", by=coordinator, **facts)
    with pytest.raises(NotPossible, match="agree first"):
        agree(role="authoriser", name="Cy", by=authoriser, **facts)


def test_nobody_agrees_to_what_they_have_not_seen(plan: Plan, coordinator: User) -> None:
    write_words(plan=plan, part=Part.MATTERS, words="My garden", base="", by=coordinator)
    with pytest.raises(ChangedMeanwhile):
        agree(plan=plan, version=0, role="person", name="Ada", how="spoken", by=coordinator)


def test_a_change_after_the_names_wants_them_anew(
    plan: Plan, coordinator: User, authoriser: User
) -> None:
    write_words(plan=plan, part=Part.MATTERS, words="My garden", base="", by=coordinator)
    three_names(plan, coordinator, authoriser)
    move_plan(plan=plan, to=PlanState.ACTIVE, by=coordinator)
    write_words(plan=plan, part=Part.MATTERS, words="My roses", base="My garden", by=coordinator)
    plan.refresh_from_db()
    assert plan.state == PlanState.ACTIVE
    assert plan.changed_since_agreed
    with pytest.raises(NotAgreed):
        move_plan(plan=plan, to=PlanState.ACTIVE, by=coordinator)
    three_names(plan, coordinator, authoriser)
    assert move_plan(plan=plan, to=PlanState.ACTIVE, by=coordinator).agreed_version == 2


def test_a_finished_plan_is_not_written_in(plan: Plan, coordinator: User) -> None:
    move_plan(plan=plan, to=PlanState.REVOKED, by=coordinator)
    with pytest.raises(NotPossible):
        write_words(plan=plan, part=Part.MATTERS, words="x", base="", by=coordinator)


def test_a_change_is_shown_as_a_difference(plan: Plan, owner: User) -> None:
    write_words(plan=plan, part=Part.MATTERS, words="My red roses", base="", by=owner)
    write_words(plan=plan, part=Part.MATTERS, words="My white roses", base="My red roses", by=owner)
    newer, older = PlanVersion.objects.filter(plan=plan).order_by("-number")
    (difference,) = differences(older.contents, newer.contents)
    assert (difference.group, difference.key) == ("parts", Part.MATTERS)
    assert [(piece.kind, piece.words) for piece in difference.pieces] == [
        ("same", "My "), ("removed", "red "), ("added", "white "), ("same", "roses"),
    ]  # fmt: skip


def test_a_difference_put_together_is_what_was_and_what_is() -> None:
    before, after = "One two  three\nfour", "One 2 three\nfour five"
    pieces = list(word_by_word(before, after))
    assert "".join(piece.words for piece in pieces if piece.kind != "added") == before
    assert "".join(piece.words for piece in pieces if piece.kind != "removed") == after


def test_one_plan_at_a_time(coordinator: User) -> None:
    pathway = PathwayFactory(coordinator=coordinator)
    plan = begin_plan(pathway=pathway, by=coordinator)
    assert begin_plan(pathway=pathway, by=coordinator) == plan
    begun = Event.objects.get(type="plan:begun")
    assert (begun.subject, begun.details) == (pathway.person_id, {"plan": str(plan.id)})


@pytest.mark.django_db(transaction=True)
def test_ten_who_write_different_parts_at_once_are_all_kept(coordinator: User) -> None:
    plan = PlanFactory(pathway__coordinator=coordinator)

    def write(part: str) -> None:
        try:
            write_words(plan=plan, part=part, words=f"about {part}", base="", by=coordinator)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(write, Part.values))
    plan.refresh_from_db()
    assert plan.version == len(Part.values)
    latest = PlanVersion.objects.filter(plan=plan).order_by("-number").first()
    assert latest is not None
    assert latest.contents["parts"] == {part: f"about {part}" for part in Part.values}
