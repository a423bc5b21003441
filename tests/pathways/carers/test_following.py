"""What a first stage sets going: somebody's work until the council has answered; a pathway in one press."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from dcsn.audit import SystemJob
from members.models import Person
from pathways.actions.carers import FirstStage, first_stage, pass_to_council, second_stage
from pathways.actions.carers_enquiries import ASK_AFTER, council_key
from pathways.actions.carers_pathway import begin_for_carer
from pathways.models import CarerAssessment, Pathway, Plan, Route
from pathways.starter import load_kinds
from pathways.timeline import moments_of, say
from referrals.actions.promises import keep_promise
from referrals.models import Enquiry
from tests.conftest import Cast
from tests.factories.pathways import PathwayFactory, carer_at
from tests.factories.person import PersonFactory, access_point

pytestmark = pytest.mark.django_db
TESTS = SystemJob("tests")


@pytest.fixture
def ours(cast: Cast) -> Any:
    return access_point(cast.organisation_id)


def first_page(client: Any) -> str:
    return client.get(reverse("referrals:hub")).content.decode()


# --- Until the council has answered -------------------------------------------------------------------


def test_what_calls_for_the_council_is_somebodys_work_of_that_day(ours: Any) -> None:
    made = carer_at(ours)
    enquiry = Enquiry.objects.get()
    assert (enquiry.person, enquiry.organisation) == (made.carer, ours)
    assert enquiry.get_origin_display() == "the first stage of a carer's assessment"
    assert (enquiry.promised_on, enquiry.is_open) == (timezone.localdate(), True)
    assert enquiry.key == council_key(made)
    carer_at(ours, FirstStage(hours_a_week=3))
    assert Enquiry.objects.count() == 1, (
        "where nothing calls for the council, nothing is to be done"
    )


def test_what_was_opened_before_it_had_a_name_of_its_own_is_followed_too(
    ours: Any, cast: Cast, client_as: Any
) -> None:
    made = carer_at(ours)
    enquiry = Enquiry.objects.get()
    Enquiry.objects.update(origin=Enquiry.Origin.ASSESSMENT)
    client_as(cast.access_point_staff).post(reverse("referrals:promise_kept", args=[enquiry.pk]))
    made.refresh_from_db()
    assert made.referred_on is not None


def test_the_same_form_twice_is_one_piece_of_work(ours: Any) -> None:
    person, key = PersonFactory(organisation=ours), uuid.uuid4()
    for _click in range(2):
        first_stage(
            person=person,
            organisation=ours,
            said=FirstStage(asks_council=True),
            key=key,
            by=TESTS,
        )
    assert Enquiry.objects.count() == 1


def test_done_on_the_first_page_is_passed_on_and_asked_about_later(
    ours: Any, cast: Cast, client_as: Any
) -> None:
    made = carer_at(ours, given_name="Joan", family_name="Example")
    enquiry = Enquiry.objects.get()
    client = client_as(cast.access_point_staff)
    page = first_page(client)
    assert "Joan Example" in page
    assert "Pass them to the council" in page
    for _click in range(2):
        client.post(reverse("referrals:promise_kept", args=[enquiry.pk]))
        made.refresh_from_db()
        enquiry.refresh_from_db()
        assert made.referred_on == timezone.localdate()
        assert enquiry.state == Enquiry.State.PASSED_ON
        assert enquiry.promised_on == timezone.localdate() + ASK_AFTER
        if _click == 0:
            assert enquiry.promise_kept_at is None, "somebody asks what came of it"
    assert "Joan Example" not in first_page(client)


def test_a_double_click_does_not_tick_off_what_is_promised_next(
    ours: Any, cast: Cast, client_as: Any
) -> None:
    carer_at(ours)
    enquiry = Enquiry.objects.get()
    client = client_as(cast.access_point_staff)
    day = timezone.localdate().isoformat()
    assert f'name="day" value="{day}"' in first_page(client)
    for _click in range(2):
        client.post(reverse("referrals:promise_kept", args=[enquiry.pk]), {"day": day})
    enquiry.refresh_from_db()
    assert enquiry.promised_on == timezone.localdate() + ASK_AFTER
    assert enquiry.promise_kept_at is None, "in six weeks somebody asks what came of it"
    for odd in ("", "\x00", "9" * 5000, "2026-02-30"):
        answer = client.post(reverse("referrals:promise_kept", args=[enquiry.pk]), {"day": odd})
        assert answer.status_code == 302


def test_the_councils_answer_ends_it(ours: Any, cast: Cast) -> None:
    made = carer_at(ours)
    pass_to_council(assessment=made, by=cast.access_point_staff)
    for _click in range(2):
        second_stage(
            first=made,
            outcome="budget",
            assessed_on=timezone.localdate(),
            by=cast.access_point_staff,
        )
    enquiry = Enquiry.objects.get()
    assert enquiry.promise_kept_at is not None
    assert enquiry.state == Enquiry.State.PASSED_ON


def test_not_eligible_is_never_an_end(ours: Any, cast: Cast) -> None:
    made = carer_at(ours)
    for _click in range(2):
        second_stage(
            first=made,
            outcome="not-eligible",
            assessed_on=timezone.localdate(),
            by=cast.coordinator,
        )
    found = Enquiry.objects.get(promise_kept_at=None)
    assert found.key != council_key(made)
    assert (found.person, found.promised_on) == (made.carer, timezone.localdate())


def test_asking_for_the_council_later_is_work_as_well(ours: Any, cast: Cast) -> None:
    made = carer_at(ours, FirstStage())
    assert not Enquiry.objects.exists()
    pass_to_council(assessment=made, by=cast.access_point_staff)
    assert Enquiry.objects.get().promised_on == timezone.localdate() + ASK_AFTER


@pytest.mark.django_db(transaction=True)
def test_two_at_once_pass_them_on_once(ours: Any, cast: Cast) -> None:
    """One from the first page, one from the carer's page: in whatever order, neither waits for ever."""
    made = carer_at(ours)
    enquiry = Enquiry.objects.get()
    staff, coordinator = cast.access_point_staff, cast.coordinator

    def press(number: int) -> None:
        try:
            if number % 2:
                keep_promise(enquiry=enquiry, by=staff)
            else:
                pass_to_council(assessment=made, by=coordinator)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(press, range(4)))
    made.refresh_from_db()
    assert made.referred_on == timezone.localdate()
    assert Enquiry.objects.get().promised_on == timezone.localdate() + ASK_AFTER


def test_the_enquiry_leads_to_the_carers_page_and_tells_nothing_itself(
    ours: Any, cast: Cast, client_as: Any
) -> None:
    secrets = {"effects": "never sleeps", "wants": "a night"}
    made = carer_at(
        ours,
        FirstStage(
            touched=frozenset({"breaking"}),
            emergency={"who_is_cared_for": "Harold Caredfor"},
            **secrets,
        ),
    )
    enquiry = Enquiry.objects.get()
    client = client_as(cast.access_point_staff)
    page = client.get(enquiry.get_absolute_url(), follow=True).content.decode()
    assert reverse("pathways:carer", args=[made.carer_id]) in page
    for secret in (*secrets.values(), "Harold", "Caredfor", "go on much longer"):
        assert secret not in page
    carer = client.get(reverse("pathways:carer", args=[made.carer_id])).content.decode()
    assert enquiry.reference in carer
    # A coordinator, who takes no enquiries, reads that it is in hand and by whom.
    Person.objects.filter(pk=made.carer_id).update(coordinator=cast.coordinator)
    told = client_as(cast.coordinator).get(reverse("pathways:carer", args=[made.carer_id]))
    assert "Pass them to the council" in told.content.decode()
    assert enquiry.get_absolute_url() not in told.content.decode()


def test_what_happened_says_where_the_enquiry_came_from_to_those_who_may_know(
    ours: Any, cast: Cast
) -> None:
    made = carer_at(ours, coordinator=cast.coordinator)
    person = made.carer
    assert person is not None

    def told(user: Any) -> list[str]:
        return [say(row, user).what for row in moments_of(user, person, [person.pk])]

    named = f"An enquiry at {ours.name}: the first stage of a carer's assessment."
    assert named in told(cast.access_point_staff)
    going_with_them = told(cast.coordinator)
    assert named not in going_with_them
    assert f"An enquiry at {ours.name}." in going_with_them
    assert "wrote a letter" not in "".join(going_with_them)


# --- A pathway in one press ---------------------------------------------------------------------------


def test_a_pathway_begins_with_what_they_said(ours: Any, cast: Cast, client_as: Any) -> None:
    load_kinds()
    made = carer_at(ours, FirstStage(asks_council=True, effects="I never sleep", wants="One night"))
    client = client_as(cast.hub_lead)
    page = client.get(reverse("pathways:carer", args=[made.carer_id])).content.decode()
    address = reverse("pathways:carer_begin", args=[made.pk])
    assert f'action="{address}"' in page
    begun = None
    for _click in range(2):
        answer = client.post(address)
        begun = Pathway.objects.get()
        assert answer.url == begun.get_absolute_url()
    assert begun is not None
    assert (begun.kind.code, begun.stage.code) == ("carers", "second-stage")
    assert (begun.person, begun.coordinator) == (made.carer, cast.hub_lead)
    assert begun.route == Route.ACCESS_POINT or made.by_carer
    words = {row.part: row.words for row in Plan.objects.get().parts.all()}
    assert words == {"about-me": "I never sleep", "matters": "One night"}
    page = client.get(reverse("pathways:carer", args=[made.carer_id])).content.decode()
    assert address not in page
    assert begun.reference in page


def test_nobody_has_two_and_nobody_learns_of_anothers(
    ours: Any, cast: Cast, client_as: Any
) -> None:
    load_kinds()
    made = carer_at(ours, coordinator=cast.coordinator)
    first = begin_for_carer(assessment=made, by=cast.hub_lead)
    client = client_as(cast.coordinator)
    answer = client.post(reverse("pathways:carer_begin", args=[made.pk]), follow=True)
    assert Pathway.objects.get() == first
    assert first.reference not in answer.content.decode()
    assert "Somebody goes with them already" in answer.content.decode()


def test_who_does_not_coordinate_begins_none(ours: Any, cast: Cast, client_as: Any) -> None:
    load_kinds()
    made = carer_at(ours)
    address = reverse("pathways:carer_begin", args=[made.pk])
    staff = client_as(cast.access_point_staff)
    page = staff.get(reverse("pathways:carer", args=[made.carer_id])).content.decode()
    assert address not in page
    assert staff.post(address).status_code == 403
    assert client_as(cast.stranger("hub_lead")).post(address).status_code == 404
    assert not Pathway.objects.exists()


def test_without_the_kind_it_is_not_offered(ours: Any, cast: Cast, client_as: Any) -> None:
    made = carer_at(ours)
    client = client_as(cast.hub_lead)
    address = reverse("pathways:carer_begin", args=[made.pk])
    assert (
        address not in client.get(reverse("pathways:carer", args=[made.carer_id])).content.decode()
    )
    assert "cannot be begun" in client.post(address, follow=True).content.decode()


@pytest.mark.django_db(transaction=True)
def test_two_people_at_once_begin_one(ours: Any, cast: Cast) -> None:
    load_kinds()
    made = carer_at(ours, coordinator=cast.coordinator)
    people = (cast.coordinator, cast.hub_lead)

    def press(number: int) -> uuid.UUID:
        try:
            by = people[number % 2]
            return begin_for_carer(assessment=made, by=by).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        assert len(set(threads.map(press, range(4)))) == 1
    assert Plan.objects.count() == 1


def test_after_one_has_ended_another_can_begin(ours: Any, cast: Cast) -> None:
    load_kinds()
    made = carer_at(ours)
    first = begin_for_carer(assessment=made, by=cast.hub_lead)
    Pathway.objects.filter(pk=first.pk).update(
        ended_at=timezone.now() + timedelta(seconds=1), end=Pathway.End.MANAGES_ALONE
    )
    assert begin_for_carer(assessment=made, by=cast.hub_lead) != first
    assert CarerAssessment.objects.count() == 1


def test_another_kind_does_not_stand_in_the_way(ours: Any, cast: Cast) -> None:
    load_kinds()
    made = carer_at(ours)
    PathwayFactory(person=made.carer)
    assert begin_for_carer(assessment=made, by=cast.hub_lead).kind.code == "carers"
