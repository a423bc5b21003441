"""The board says what is due and by when, what is next first; the calendar says it without a name."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from pathways.actions.contacts import end_calendar, new_calendar
from pathways.actions.pathways import hand_over, pause_pathway
from pathways.calendar import token_of
from pathways.due import by_next, with_due
from pathways.models import Contact, Goal, Pathway, Review, ReviewState
from pathways.plans.states import Achievement, LifeCycle
from tests.conftest import Cast
from tests.factories.pathways import KindFactory, PathwayFactory, PlanFactory
from tests.factories.person import PersonFactory, access_point
from tests.factories.referral import referral
from tests.factories.volunteering import TESTS

pytestmark = pytest.mark.django_db
BOARD = "/desk/pathways/"


def day(days: int) -> Any:
    return timezone.localdate() + timedelta(days=days)


def pathway(cast: Cast, **facts: Any) -> Pathway:
    person = PersonFactory(
        organisation=access_point(cast.organisation_id), coordinator=cast.coordinator
    )
    return PathwayFactory(person=person, coordinator=cast.coordinator, **facts)


def review(of: Pathway, closes: int, **facts: Any) -> Review:
    plan = of.plans.first() or PlanFactory(pathway=of, in_place=True)
    return Review.objects.create(
        pathway=of, plan=plan, why=Review.Why.YEARLY, opens_on=day(closes - 14),
        closes_on=day(closes), **facts,
    )  # fmt: skip


def due(of: Pathway, cast: Cast) -> Any:
    return with_due(Pathway.objects.filter(pk=of.pk), cast.coordinator).get()


# --- What is due ---


def test_each_thing_has_its_day(cast: Cast) -> None:
    one = pathway(
        cast, started_on=day(-70),
        kind=KindFactory(lasts_at_least_weeks=6, lasts_at_most_weeks=12),
    )  # fmt: skip
    review(one, 30)
    plan = one.plans.get()
    Goal.objects.create(plan=plan, words="Dance", due_on=day(3), life_cycle=LifeCycle.ACTIVE)
    Goal.objects.create(
        plan=plan, words="Swim", due_on=day(1), life_cycle=LifeCycle.ACTIVE,
        achievement=Achievement.ACHIEVED,
    )  # fmt: skip
    Goal.objects.create(plan=plan, words="Fly", due_on=day(2), life_cycle=LifeCycle.REJECTED)
    Contact.objects.create(pathway=one, on=day(-10), way="phone")
    Contact.objects.create(pathway=one, on=day(-1), way="tried")
    found = due(one, cast)
    assert (found.due_review, found.due_goal, found.due_window) == (day(30), day(3), day(14))
    assert (found.spoke_on, found.due_quiet, found.due_referral) == (day(-10), day(18), None)
    assert found.next_on == day(3)


def test_a_booked_review_counts_on_its_day_and_one_that_is_over_not_at_all(cast: Cast) -> None:
    one = pathway(cast)
    review(one, 30, state=ReviewState.BOOKED, booked_for=timezone.now() + timedelta(days=5))
    review(one, -3, state=ReviewState.NOT_NEEDED)
    assert due(one, cast).due_review == day(5)


def test_a_review_held_is_a_talk(cast: Cast) -> None:
    one = pathway(cast, started_on=day(-200))
    review(one, -3, state=ReviewState.HELD, held_on=day(-4))
    assert due(one, cast).spoke_on == day(-4)


def test_a_referral_without_an_answer_is_due_for_who_may_see_it(cast: Cast) -> None:
    one = pathway(cast)
    row = referral(
        state="requested", requester=access_point(cast.organisation_id), person=one.person
    )
    sent = timezone.localtime(row.requested_at).date()
    assert due(one, cast).due_referral == sent + timedelta(days=8)
    other = with_due(Pathway.objects.filter(pk=one.pk), cast.stranger("hub_lead")).get()
    assert other.due_referral is None


def test_what_rests_is_not_quiet_and_stands_last(cast: Cast) -> None:
    rests, goes_on = pathway(cast, started_on=day(-300)), pathway(cast)
    pause_pathway(pathway=rests, because="In hospital", by=TESTS)
    assert due(rests, cast).due_quiet is None
    rows = with_due(Pathway.objects.all(), cast.coordinator)
    assert list(by_next(rows)) == [goes_on, rests]


# --- The board ---


def test_what_is_next_stands_first(cast: Cast, client_as: Any) -> None:
    later, sooner = pathway(cast), pathway(cast)
    review(later, 20)
    review(sooner, -5)
    page = client_as(cast.coordinator).get(BOARD).content.decode()
    assert page.index(sooner.reference) < page.index(later.reference)
    assert "Review missed" in page
    assert "overdue" in page


def test_a_review_that_was_held_stays_on_the_board_until_it_is_written_up(
    cast: Cast, client_as: Any
) -> None:
    client = client_as(cast.coordinator)
    one = pathway(cast)
    held = review(
        one,
        3,
        state=ReviewState.HELD,
        held_on=day(-8),
        minutes_before=600,
        minutes_after=300,
        better="She walks.",
    )
    assert due(one, cast).due_writing == day(-1)
    page = client.get(BOARD).content.decode()
    assert "A review to write up" in page
    assert "have not seen why" not in page, "no reason is written yet"
    Review.objects.filter(pk=held.pk).update(fewer_because="She walks again.")
    page = client.get(BOARD).content.decode()
    assert "They have not seen why there are to be fewer hours" in page
    for query in ("due=late", "due=writing"):
        assert one.reference in client.get(f"{BOARD}?{query}").content.decode()
    held.fewer_because, held.reason_seen_on = "She walks again.", day(0)
    held.reason_seen_how = Review.Seen.READ
    held.save()
    page = client.get(f"{BOARD}?due=late").content.decode()
    assert "A review to write up" in page
    assert "have not seen why" not in page
    Review.objects.filter(pk=held.pk).update(state=ReviewState.RECORDED, recorded_at=timezone.now())
    assert due(one, cast).due_writing is None
    assert one.reference not in client.get(f"{BOARD}?due=late").content.decode()


def test_it_is_narrowed(cast: Cast, client_as: Any) -> None:
    client = client_as(cast.coordinator)
    mine, quiet = pathway(cast), pathway(cast, started_on=day(-60))
    ended = pathway(cast, ended_at=timezone.now(), end=Pathway.End.DIED)

    def shown(query: str) -> set[str]:
        text = client.get(f"{BOARD}?{query}").content.decode()
        return {one.reference for one in (mine, quiet, ended) if one.reference in text}

    assert shown("") == {mine.reference, quiet.reference}
    assert shown("due=late") == {quiet.reference}
    assert shown("due=quiet") == {quiet.reference}
    assert shown("due=review") == set()
    assert shown(f"kind={mine.kind_id}") == {mine.reference}
    assert shown(f"q={mine.reference}") == {mine.reference}
    assert mine.person is not None
    assert shown(f"q={mine.person.family_name}") == {mine.reference}
    assert shown("show=ended") == {ended.reference}
    # What cannot be understood hides nobody, and does not break the page.
    assert shown("due=nonsense&kind=nonsense") == {mine.reference, quiet.reference}


def test_nobody_elses_are_there(cast: Cast, client_as: Any) -> None:
    theirs = PathwayFactory(coordinator=cast.stranger("hub_lead"))
    mine = pathway(cast)
    lead = client_as(cast.hub_lead).get(BOARD).content.decode()
    assert (mine.reference in lead, theirs.reference in lead) == (True, False)
    assert 'name="who"' in lead
    own = client_as(cast.coordinator).get(BOARD).content.decode()
    assert (theirs.reference in own, 'name="who"' in own) == (False, False)


def test_twice_as_many_cost_the_same(cast: Cast, client_as: Any) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = client_as(cast.coordinator)
    kind = KindFactory()

    def add() -> None:
        for _number in range(3):
            one = pathway(cast, kind=kind, started_on=day(-20))
            review(one, 5)
            Contact.objects.create(pathway=one, on=day(-3), way="phone")

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as made:
            assert client.get(BOARD).status_code == 200
        return len(made)

    add()
    queries()
    few = queries()
    add()
    assert queries() == few <= 15


# --- The calendar ---


def feed(cast: Cast) -> str:
    return reverse("pathways:calendar", args=[token_of(new_calendar(user=cast.coordinator))])


def test_the_calendar_names_nobody(cast: Cast) -> None:
    one = pathway(cast, kind=KindFactory(name="Reablement", lasts_at_least_weeks=6,
                                         lasts_at_most_weeks=12))  # fmt: skip
    at = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)
    review(one, 30, state=ReviewState.BOOKED, booked_for=at)
    review(one, 60)
    answer = Client().get(feed(cast))
    assert answer["Content-Type"].startswith("text/calendar")
    text = answer.content.decode()
    assert one.person is not None
    for word in (one.person.given_name, one.person.family_name, cast.coordinator.name):
        assert word not in text
    events = Calendar.from_ical(text).walk("VEVENT")
    assert len(events) == 3
    assert all(one.reference in str(event["SUMMARY"]) for event in events)
    booked = next(event for event in events if event["STATUS"] == "CONFIRMED")
    assert booked.decoded("DTSTART") == at
    ends = next(event for event in events if "weeks" in str(event["UID"]))
    assert ends.decoded("DTSTART") == one.ends_by()


def test_the_calendar_holds_only_ones_own(cast: Cast) -> None:
    one = pathway(cast)
    review(one, 10)
    address = feed(cast)
    assert one.reference in Client().get(address).content.decode()
    hand_over(pathway=one, to=cast.hub_lead, by=cast.coordinator)
    assert one.reference not in Client().get(address).content.decode()


def test_an_address_ends(cast: Cast, client_as: Any) -> None:
    client, address = client_as(cast.coordinator), feed(cast)
    renew = {"do": "renew", "instead_of": "1"}
    for _click in range(2):
        client.post(reverse("pathways:my_calendar"), renew)
    assert Client().get(address).status_code == 404
    calendar = cast.coordinator.caseload_calendar
    calendar.refresh_from_db()
    assert calendar.number == 2
    newer = reverse("pathways:calendar", args=[token_of(calendar)])
    assert newer in client.get(reverse("pathways:my_calendar")).content.decode()
    assert Client().get(newer).status_code == 200
    end_calendar(user=cast.coordinator)
    assert Client().get(newer).status_code == 404


def test_an_address_of_somebody_who_left_opens_nothing(cast: Cast) -> None:
    address = feed(cast)
    cast.coordinator.role_assignments.update(ended_at=timezone.now())
    assert Client().get(address).status_code == 404


@pytest.mark.parametrize("token", ["x", "0.0.0", "a-1.b", "%00"])
def test_an_altered_address_never_reaches_the_database(
    token: str, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(0):
        answer = Client().get(reverse("pathways:calendar", args=[token]))
    assert answer.status_code == 404
