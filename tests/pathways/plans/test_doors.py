"""Who sees what of a plan: the person all, an organisation what is shared with it, others nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dcsn.accounts.models import User
from dcsn.audit.models import Event
from directory.models import Organisation
from members.models import Category, SharingAgreement
from pathways.models import Goal, Part, Plan, PlanShare, Shared
from pathways.plans.states import PlanState
from tests.factories.consent import ConsentFactory
from tests.factories.pathways import PathwayFactory, PlanFactory
from tests.factories.plan import full_plan, share_with
from tests.factories.user import UserFactory

pytestmark = pytest.mark.django_db
ClientAs = Callable[..., Client]

# Something of each part, as it stands on the page; the budget has its own test.
TELLING = {
    Shared.ABOUT_ME: "Words about matters",
    Shared.CIRCLE: "neighbour",
    Shared.GOALS: "Walk to the shop",
    Shared.RISKS: "A fall",
    Shared.CONTINGENCY: "Words about contingency",
}


@pytest.mark.parametrize("part", TELLING)
def test_an_organisation_sees_the_parts_that_are_shared_and_no_others(
    part: str, plan: Plan, organisation: Organisation, helper: User, client_as: ClientAs
) -> None:
    share_with(plan, organisation, [part])
    page = client_as(helper).get(reverse("pathways:shared_plan", args=[plan.pk]))
    body = page.content.decode()
    assert {one for one, words in TELLING.items() if words in body} == {part}


@pytest.mark.parametrize("part", TELLING)
def test_the_history_tells_an_organisation_of_no_other_part(
    part: str, plan: Plan, organisation: Organisation, helper: User, client_as: ClientAs
) -> None:
    share_with(plan, organisation, [part])
    client = client_as(helper)
    pages = client.get(reverse("pathways:shared_plan_history", args=[plan.pk])).content.decode()
    for number in range(1, plan.version + 1):
        address = reverse("pathways:shared_plan_version", args=[plan.pk, number])
        pages += client.get(address).content.decode()
    assert {one for one, words in TELLING.items() if words in pages} == {part}


def test_without_a_share_there_is_no_plan(plan: Plan, helper: User, client_as: ClientAs) -> None:
    client = client_as(helper)
    assert client.get(reverse("pathways:shared_plan", args=[plan.pk])).status_code == 404
    assert (
        plan.pathway.person.name
        not in client.get(reverse("pathways:shared_plans")).content.decode()
    )


def _lapsed(share: PlanShare) -> None:
    SharingAgreement.objects.update(review_on=timezone.localdate() - timedelta(days=1))


def _taken_back(share: PlanShare) -> None:
    PlanShare.objects.update(until=timezone.now())


def _finished(share: PlanShare) -> None:
    Plan.objects.update(state=PlanState.REVOKED, ended_at=timezone.now())


@pytest.mark.parametrize("happens", [_lapsed, _taken_back, _finished])
def test_what_ends_ends_at_once(
    happens: Callable[[PlanShare], None],
    plan: Plan,
    organisation: Organisation,
    helper: User,
    client_as: ClientAs,
) -> None:
    (share,) = share_with(plan, organisation, [Shared.GOALS], may_write=[Shared.GOALS])
    client = client_as(helper)
    goal = plan.goals.get()
    page = reverse("pathways:shared_plan", args=[plan.pk])
    form = reverse("pathways:shared_plan_change", args=[plan.pk, "goals", goal.pk])
    assert client.get(page).status_code == client.get(form).status_code == 200
    happens(share)
    assert client.get(page).status_code == client.get(form).status_code == 404
    assert client.post(form, {"words": "x"}).status_code == 404


def test_what_may_only_be_read_is_refused_and_what_is_not_shared_is_absent(
    plan: Plan, organisation: Organisation, helper: User, client_as: ClientAs
) -> None:
    share_with(plan, organisation, [Shared.GOALS])
    client = client_as(helper)
    goal = plan.goals.get()
    change = reverse("pathways:shared_plan_change", args=[plan.pk, "goals", goal.pk])
    assert client.post(change, {"words": "Other words"}).status_code == 403
    for name, arguments in (
        ("part", [plan.pk, Part.MATTERS]),
        ("picture_file", [plan.pk, Part.ABOUT_ME]),
        ("decide", [plan.pk, plan.risks.get().pk]),
        ("leave", [plan.pk, plan.circle.get().pk]),
    ):
        address = reverse(f"pathways:shared_plan_{name}", args=arguments)
        assert client.get(address).status_code == 404, name
    assert Goal.objects.get().words == "Walk to the shop"


def test_another_coordinator_and_another_person_find_nothing(
    plan: Plan, client_as: ClientAs
) -> None:
    stranger = UserFactory(role="coordinator", second_factor=True)
    desk, own = (reverse(f"pathways:{way}", args=[plan.pk]) for way in ("plan", "my_plan"))
    assert client_as(stranger).get(desk).status_code == 404
    assert client_as(UserFactory()).get(own).status_code == 404
    begin = reverse("pathways:plan_begin", args=[plan.pathway_id])
    assert client_as(stranger).post(begin).status_code == 404


def test_whoever_looks_leaves_a_trace_and_the_person_does_not(
    plan: Plan, owner: User, coordinator: User, client_as: ClientAs
) -> None:
    looked = Event.objects.filter(type="plan:viewed", subject=plan.pathway.person_id)
    client_as(owner).get(reverse("pathways:my_plan", args=[plan.pk]))
    assert not looked.exists()
    client_as(coordinator).get(reverse("pathways:plan", args=[plan.pk]))
    assert looked.get().actor_user == coordinator.pk


def test_the_person_comes_straight_to_their_one_plan(
    plan: Plan, owner: User, client_as: ClientAs
) -> None:
    answer = client_as(owner).get(reverse("pathways:my_plans"))
    assert answer.headers["Location"] == reverse("pathways:my_plan", args=[plan.pk])


def test_whoever_has_none_is_told_whom_to_ask(client_as: ClientAs) -> None:
    page = client_as(UserFactory()).get(reverse("pathways:my_plans"))
    assert "made together with a coordinator" in page.content.decode()


def test_a_plan_is_begun_once_with_two_clicks(coordinator: User, client_as: ClientAs) -> None:
    pathway = PathwayFactory(coordinator=coordinator)
    client = client_as(coordinator)
    answers = {
        client.post(reverse("pathways:plan_begin", args=[pathway.pk])).headers["Location"]
        for _click in range(2)
    }
    assert answers == {reverse("pathways:plan", args=[pathway.plans.get().pk])}


def test_the_picture_keeps_nothing_of_where_it_was_taken(
    plan: Plan, coordinator: User, client_as: ClientAs
) -> None:
    address = reverse("pathways:plan_picture_file", args=[plan.pk, Part.ABOUT_ME])
    answer = client_as(coordinator).get(address)
    content = answer.content
    assert content.startswith(b"\xff\xd8")
    assert b"Example Street" not in content
    assert "private" in answer["Cache-Control"]


@pytest.mark.parametrize("name", ["plan", "plan_history"])
def test_twice_the_rows_take_as_many_queries(
    name: str,
    plan: Plan,
    coordinator: User,
    client_as: ClientAs,
    django_assert_max_num_queries: Callable[..., object],
) -> None:
    client = client_as(coordinator)
    address = reverse(f"pathways:{name}", args=[plan.pk])
    client.get(address)
    with django_assert_max_num_queries(100) as once:  # type: ignore[attr-defined]
        assert client.get(address).status_code == 200
    full_plan(plan, by=coordinator)
    with django_assert_max_num_queries(len(once)):  # type: ignore[attr-defined]
        client.get(address)


@pytest.mark.parametrize("name", ["shared_plans", "plans_to_authorise"])
def test_lists_grow_without_more_queries(
    name: str,
    organisation: Organisation,
    helper: User,
    client_as: ClientAs,
    django_assert_max_num_queries: Callable[..., object],
) -> None:
    from pathways.actions.plans import agree

    lead = UserFactory(role="coordinator")

    def more() -> None:
        plan = PlanFactory(pathway__coordinator=lead)
        share_with(plan, organisation, [Shared.GOALS])
        for role in ("person", "planner"):
            agree(plan=plan, version=0, role=role, name="A", how="spoken", by=lead)

    user = (
        helper
        if name == "shared_plans"
        else UserFactory(role="pathway_authoriser", second_factor=True)
    )
    client = client_as(user)
    more()
    client.get(reverse(f"pathways:{name}"))
    with django_assert_max_num_queries(100) as once:  # type: ignore[attr-defined]
        assert client.get(reverse(f"pathways:{name}")).content.count(b"plan-history__row") == 1
    more()
    with django_assert_max_num_queries(len(once)):  # type: ignore[attr-defined]
        assert client.get(reverse(f"pathways:{name}")).content.count(b"plan-history__row") == 2


def test_the_last_word_about_an_organisation_counts_for_what_it_sees(
    plan: Plan, organisation: Organisation, helper: User, client_as: ClientAs
) -> None:
    """Said again for less, for an enquiry say: what that does not cover is not seen any more."""
    share_with(plan, organisation, [Shared.GOALS, Shared.RISKS], may_write=[Shared.GOALS])
    client = client_as(helper)
    page = reverse("pathways:shared_plan", args=[plan.pk])
    person = plan.pathway.person
    ConsentFactory(
        person=person, organisation=organisation, categories=[Category.NAME, Category.NEEDS]
    )
    body = client.get(page).content.decode()
    assert "Walk to the shop" in body
    assert "A fall" not in body
    ConsentFactory(person=person, organisation=organisation, categories=[Category.NAME])
    assert client.get(page).status_code == 404
    form = reverse("pathways:shared_plan_add", args=[plan.pk, "goals"])
    assert client.post(form, {"words": "x"}).status_code == 404
