"""Visits: agreed, several, moved by the same rule, cancelled, and what became of them."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from dcsn.messages.models import Message
from tests.conftest import Cast
from tests.factories.person import PersonFactory, access_point
from tests.factories.volunteering import TESTS, agreed_visit, help_request, passed_check, volunteer
from volunteers.actions.help import begin_help, begins_at, finish_help
from volunteers.actions.visits import (
    agree_visit,
    agree_visits,
    cancel_visit,
    move_visit,
    record_visit,
)
from volunteers.booking import LONDON, Span, clashes
from volunteers.matching.gather import gather
from volunteers.models import HelpRequest, Hours, Offer, Visit
from volunteers.refusals import AlreadyBooked, ChangedMeanwhile, CheckMissing, NotPossible
from volunteers.states import HelpState, OfferState

pytestmark = pytest.mark.django_db


@pytest.fixture
def ours(cast: Cast) -> Any:
    return access_point(cast.organisation_id)


def at(days: int, hour: int = 10, minutes: int = 60) -> Span:
    starts = datetime.combine(timezone.localdate() + timedelta(days=days), time(hour), LONDON)
    return Span(starts, starts + timedelta(minutes=minutes))


def matched(**facts: Any) -> Offer:
    return help_request(state="matched", **facts).offers.get()


def typed(span: Span, **more: Any) -> dict[str, Any]:
    start = timezone.localtime(span.starts_at)
    return {
        "day_day": start.day,
        "day_month": start.month,
        "day_year": start.year,
        "time": f"{start:%H:%M}",
        "minutes": span.minutes,
        **more,
    }


# --- The rule -----------------------------------------------------------------------------------------


def test_a_visit_of_a_single_task_is_where_the_volunteer_is() -> None:
    offer = matched(starts_at=at(3).starts_at)
    agree_visit(offer=offer, span=at(4), watchword="Fern", by=TESTS)
    who = offer.volunteer
    assert clashes(who, at(4))
    assert not clashes(who, at(3)), "the time that was first thought of is free again"


def test_what_is_promised_every_week_gives_way_to_the_visit_of_that_week_alone() -> None:
    offer = matched(starts_at=at(1).starts_at, repeats="weekly")
    first = offer.starts_at.astimezone(LONDON).date()
    monday = first - timedelta(days=first.weekday())
    days = (monday + timedelta(days=7) - timezone.localdate()).days
    other = at(days + (2 if first.weekday() != 2 else 3), 15)
    agree_visit(offer=offer, span=other, watchword="Fern", by=TESTS)
    who = offer.volunteer
    assert clashes(who, other)
    assert not clashes(who, at(8))
    assert clashes(who, at(15))


def test_the_week_of_a_visit_that_was_cancelled_is_free_for_the_rules_and_for_the_matching() -> (
    None
):
    offer = matched(starts_at=at(1).starts_at, repeats="weekly")
    visit = agree_visit(offer=offer, span=at(8), watchword="Fern", by=TESTS)
    who = offer.volunteer
    cancel_visit(visit=visit, by=TESTS)
    assert not clashes(who, at(8))
    assert clashes(who, at(15)), "the week after is promised still"
    other = help_request(state="triaged", organisation=who.organisation, starts_at=at(8).starts_at)
    gathered = gather(HelpRequest.objects.filter(pk=other.pk))
    (mine,) = (one for one in gathered.candidates if one.id == who.pk)
    assert at(8).starts_at not in {one.span.starts_at for one in mine.commitments}


def test_no_visit_while_they_are_somewhere_else_and_a_reason_lets_it() -> None:
    who = volunteer()
    busy = matched(who=who, starts_at=at(3).starts_at)
    offer = matched(who=who)
    with pytest.raises(AlreadyBooked):
        agree_visit(offer=offer, span=at(3), watchword="Fern", by=TESTS)
    visit = agree_visit(offer=offer, span=at(5), watchword="Fern", by=TESTS)
    with pytest.raises(AlreadyBooked):
        move_visit(visit=visit, span=at(3), by=TESTS)
    moved = move_visit(visit=visit, span=at(3), by=TESTS, override_reason="Next door, both agreed")
    assert (moved.starts_at, moved.override_reason) == (
        at(3).starts_at, "Next door, both agreed",
    )  # fmt: skip
    # The handover: half an hour of the next is allowed.
    busy.refresh_from_db()
    assert move_visit(visit=visit, span=at(4), by=TESTS).starts_at == at(4).starts_at


def test_no_visit_on_a_day_on_which_a_check_has_run_out() -> None:
    who = volunteer()
    passed_check(who, issued_on=timezone.localdate() - timedelta(days=3 * 365 - 5))
    offer = matched(who=who, checks_needed=["dbs"], dbs_level="enhanced")
    agree_visit(offer=offer, span=at(2), watchword="Fern", by=TESTS)
    with pytest.raises(CheckMissing):
        agree_visit(offer=offer, span=at(20), watchword="Fern", by=TESTS)


def test_several_are_agreed_or_none() -> None:
    who = volunteer()
    matched(who=who, starts_at=at(15).starts_at)
    offer = matched(who=who, repeats="weekly", starts_at=at(1, 14).starts_at)
    with pytest.raises(AlreadyBooked):
        agree_visits(offer=offer, spans=[at(8), at(15)], watchword="Fern", by=TESTS)
    assert not offer.visits.exists()


# --- Moved, cancelled, happened ------------------------------------------------------------------------


def test_moved_it_must_be_printed_anew_and_an_old_page_moves_nothing() -> None:
    visit = agreed_visit(matched())
    Visit.objects.filter(pk=visit.pk).update(printed_at=timezone.now())
    seen = visit.starts_at
    moved = move_visit(visit=visit, span=at(6), seen=seen, by=TESTS)
    assert (moved.printed_at, moved.watchword) == (None, visit.watchword)
    with pytest.raises(ChangedMeanwhile):
        move_visit(visit=visit, span=at(9), seen=seen, by=TESTS)
    # The same twice is once.
    assert move_visit(visit=visit, span=at(6), seen=seen, by=TESTS).starts_at == at(6).starts_at


def test_cancelled_twice_is_once_and_the_two_stay_together() -> None:
    visit = agreed_visit(matched())
    for _time in range(2):
        assert cancel_visit(visit=visit, by=TESTS).cancelled_at is not None
    visit.offer.refresh_from_db()
    assert visit.offer.state == OfferState.ACCEPTED
    with pytest.raises(NotPossible):
        move_visit(visit=visit, span=at(6), by=TESTS)


def past(offer: Offer) -> Visit:
    return agree_visit(offer=offer, span=at(-1), watchword="Fern", by=TESTS)


def test_what_became_of_it_is_said_afterwards_and_the_first_begins_the_help() -> None:
    offer = matched()
    with pytest.raises(NotPossible, match="not begun"):
        record_visit(visit=agreed_visit(offer), outcome="took-place", by=TESTS)
    visit = record_visit(visit=past(offer), outcome="took-place", by=TESTS)
    assert (visit.outcome, visit.outcome_at is not None) == ("took-place", True)
    offer.help_request.refresh_from_db()
    assert offer.help_request.state == HelpState.IN_PROGRESS


def test_nobody_opened_leaves_the_two_together_and_a_volunteer_who_missed_may_be_replaced() -> None:
    offer = matched()
    visit = past(offer)
    record_visit(visit=visit, outcome="person-missed", by=TESTS)
    offer.refresh_from_db()
    assert offer.state == OfferState.ACCEPTED
    record_visit(visit=visit, outcome="volunteer-missed", look_anew=True, by=TESTS)
    offer.refresh_from_db()
    offer.help_request.refresh_from_db()
    assert (offer.state, offer.help_request.state) == (OfferState.NO_SHOW, HelpState.TRIAGED)


def test_at_the_end_what_was_to_come_does_not_take_place() -> None:
    offer = matched()
    before, later = past(offer), agreed_visit(offer)
    finish_help(help_request=offer.help_request, by=TESTS)
    before.refresh_from_db()
    later.refresh_from_db()
    assert before.outcome == Visit.Outcome.TOOK_PLACE
    assert later.cancelled_at is not None


def test_nothing_is_done_before_its_visit_has_begun() -> None:
    offer = matched()
    visit = agreed_visit(offer)
    for change in (begin_help, finish_help):
        with pytest.raises(NotPossible, match=f"agreed for .*{visit.starts_at:%Y}, .*m"):
            change(help_request=offer.help_request, by=TESTS)
    offer.help_request.refresh_from_db()
    assert offer.help_request.state == HelpState.MATCHED
    assert not Hours.objects.exists()
    with time_machine.travel(visit.starts_at, tick=False):
        assert finish_help(help_request=offer.help_request, by=TESTS).state == HelpState.DONE


def test_without_a_visit_it_is_the_time_that_was_promised_and_any_time_where_none_was() -> None:
    offer = matched(starts_at=at(2).starts_at)
    with pytest.raises(NotPossible, match="10am"):
        finish_help(help_request=offer.help_request, by=TESTS)
    # Of several it is the first; and who came on another day cancels what was agreed.
    visits = agree_visits(offer=offer, spans=[at(5), at(4)], watchword="Fern", by=TESTS)
    assert begins_at(offer.help_request) == at(4).starts_at
    for visit in visits:
        cancel_visit(visit=visit, by=TESTS)
    assert finish_help(help_request=offer.help_request, by=TESTS).state == HelpState.DONE
    proposed = matched()
    Offer.objects.filter(pk=proposed.pk).update(starts_at=at(2).starts_at, ends_at=at(2).ends_at)
    assert finish_help(help_request=proposed.help_request, by=TESTS).state == HelpState.DONE


@pytest.mark.parametrize(
    ("begins", "said"),
    [
        # The hour that comes twice, in summer time and again in winter time.
        (datetime(2031, 10, 26, 1, 30, tzinfo=LONDON), "Sunday 26 October 2031, 1:30am"),
        (datetime(2031, 10, 26, 1, 30, tzinfo=LONDON, fold=1), "Sunday 26 October 2031, 1:30am"),
        # Half past midnight in summer is the day before in UTC.
        (datetime(2031, 7, 1, 0, 30, tzinfo=LONDON), "Tuesday 1 July 2031, 12:30am"),
        (datetime(2031, 3, 30, 2, 0, tzinfo=LONDON), "Sunday 30 March 2031, 2am"),
    ],
)
def test_it_has_begun_by_the_clock_on_the_wall(begins: datetime, said: str) -> None:
    offer = matched()
    begins = begins.astimezone(UTC)
    agree_visit(
        offer=offer, span=Span(begins, begins + timedelta(hours=1)), watchword="Fern", by=TESTS
    )
    before = time_machine.travel(begins - timedelta(minutes=1), tick=False)
    with before, pytest.raises(NotPossible, match=said):
        finish_help(help_request=offer.help_request, by=TESTS)
    with time_machine.travel(begins, tick=False):
        assert finish_help(help_request=offer.help_request, by=TESTS).state == HelpState.DONE


# --- The pages ----------------------------------------------------------------------------------------


def test_the_pages_agree_several_move_one_and_cancel_one(
    cast: Cast, ours: Any, client_as: Any
) -> None:
    client = client_as(cast.volunteer_manager)
    person = PersonFactory(organisation=ours, email="ivy@example.org", contact_by="email")
    row = help_request(
        organisation=ours, person=person, state="matched", repeats="weekly",
        starts_at=at(2, 14).starts_at,
    )  # fmt: skip
    said = client.post(
        reverse("volunteers:help_visit", args=[row.pk]),
        typed(at(2, 14), visits=3, watchword="Fern"),
        follow=True,
    ).content.decode()
    assert "3 visits are agreed" in said
    # She is written to once, in her way; he has none and is rung.
    assert (
        Message.objects.filter(to_address="ivy@example.org", subject__contains="visit").count() == 1
    )
    assert "No message goes to them" in said
    visits = list(Visit.objects.standing())
    assert [one.watchword for one in visits] == ["Fern"] * 3
    page = reverse("volunteers:visit", args=[visits[1].pk])
    assert "Move it to another time" in client.get(page).content.decode()
    wrong = client.post(page, typed(at(-3, 14)))
    assert "This day is over" in wrong.content.decode()
    client.post(page, typed(at(10, 15), seen=visits[1].starts_at.isoformat()))
    visits[1].refresh_from_db()
    assert visits[1].starts_at == at(10, 15).starts_at
    client.post(reverse("volunteers:visit_cancel", args=[visits[2].pk]))
    assert Visit.objects.standing().count() == 2
    assert "Moved: print it anew" in client.get(
        reverse("volunteers:help_one", args=[row.pk])
    ).content.decode()  # fmt: skip


def test_a_clash_is_said_by_its_field_and_a_reason_lets_it(
    cast: Cast, ours: Any, client_as: Any
) -> None:
    client = client_as(cast.volunteer_manager)
    who = volunteer(organisation=ours)
    matched(who=who, starts_at=at(3).starts_at)
    row = help_request(organisation=ours, state="matched", who=who)
    address = reverse("volunteers:help_visit", args=[row.pk])
    answer = client.post(address, typed(at(3), watchword="Fern"))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "somewhere else at that time" in page
    assert 'value="Fern"' in page
    client.post(address, typed(at(3), watchword="Fern", override_reason="Next door"))
    visit = Visit.objects.get(watchword="Fern")
    assert (visit.override_reason, visit.override_by) == ("Next door", cast.volunteer_manager)


SUMMER = datetime(2031, 7, 1, 14, 30, tzinfo=LONDON)
AUTUMN = datetime(2031, 10, 26, 0, 40, tzinfo=UTC)  # 1:40am, and in twenty minutes 1am again


@pytest.mark.parametrize(
    ("now", "day", "clock", "why"),
    [
        (SUMMER, 1, "14:29", "This time is over. Enter a later time"),
        # Over in summer time, still to come by UTC.
        (SUMMER, 1, "13:45", "This time is over. Enter a later time"),
        (SUMMER, 1, "14:30", ""),
        (SUMMER, 1, "14:31", ""),
        (SUMMER, 2, "09:00", ""),
        (datetime(2031, 7, 1, 23, 59, tzinfo=LONDON), 1, "23:58", "This time is over"),
        (datetime(2031, 7, 1, 23, 59, tzinfo=LONDON), 1, "23:59", ""),
        (datetime(2031, 7, 1, 0, 30, tzinfo=LONDON), 1, "00:15", "This time is over"),
    ],
)
def test_no_visit_is_agreed_or_moved_to_an_hour_of_today_that_is_over(
    now: datetime, day: int, clock: str, why: str, cast: Cast, ours: Any, client_as: Any
) -> None:
    with time_machine.travel(now, tick=False):
        client = client_as(cast.volunteer_manager)
        row = matched(organisation=ours).help_request
        typed = {
            "day_day": day, "day_month": 7, "day_year": 2031, "time": clock, "minutes": 45,
            "watchword": "Fern",
        }  # fmt: skip
        answer = client.post(reverse("volunteers:help_visit", args=[row.pk]), typed)
        if not why:
            visit = Visit.objects.get()
            assert f"{visit.starts_at.astimezone(LONDON):%H:%M}" == clock
            return
        page = answer.content.decode()
        assert answer.status_code == 422
        assert 'href="#id_time"' in page
        assert why in page
        for kept in (f'value="{clock}"', 'value="45"', 'value="Fern"', 'value="2031"'):
            assert kept in page
        assert not Visit.objects.exists()
        moving = agreed_visit(row.offers.get())
        page = reverse("volunteers:visit", args=[moving.pk])
        assert why in client.post(page, typed).content.decode()
        moving.refresh_from_db()
        assert moving.moved_at is None


def test_what_is_over_is_written_down_without_a_visit(
    cast: Cast, ours: Any, client_as: Any
) -> None:
    """They have been there an hour ago: the page that refuses the visit has the button for it."""
    with time_machine.travel(SUMMER, tick=False):
        client = client_as(cast.volunteer_manager)
        row = matched(organisation=ours, starts_at=SUMMER - timedelta(hours=2)).help_request
        page = client.post(
            reverse("volunteers:help_visit", args=[row.pk]),
            typed(Span(SUMMER - timedelta(hours=2), SUMMER - timedelta(hours=1)), watchword="Fern"),
        ).content.decode()
        assert "This time is over" in page
        finish = reverse("volunteers:help_finish", args=[row.pk])
        assert finish in page
        client.post(finish)
    row.refresh_from_db()
    assert row.state == HelpState.DONE


def test_the_night_on_which_the_clocks_change(cast: Cast, ours: Any, client_as: Any) -> None:
    def agree(day: str, clock: str, minutes: int = 30) -> Any:
        year, month, number = day.split("-")
        row = matched(organisation=ours).help_request
        return client.post(
            reverse("volunteers:help_visit", args=[row.pk]),
            {
                "day_day": number, "day_month": month, "day_year": year, "time": clock,
                "minutes": minutes, "watchword": "Fern",
            },
        )  # fmt: skip

    with time_machine.travel(AUTUMN, tick=False):
        client = client_as(cast.volunteer_manager)
        # 1:30am in summer time is over; the other 1:30am comes in fifty minutes.
        assert agree("2031-10-26", "01:30").status_code == 302
        assert Visit.objects.get().starts_at == datetime(2031, 10, 26, 1, 30, tzinfo=UTC)
        Visit.objects.all().delete()
        # 1:45am comes twice: the first is meant.
        assert agree("2031-10-26", "01:45").status_code == 302
        assert Visit.objects.get().starts_at == datetime(2031, 10, 26, 0, 45, tzinfo=UTC)
        Visit.objects.all().delete()
        page = agree("2032-03-28", "01:30").content.decode()
        assert "On that night the clocks change: there is no such time" in page
        assert not Visit.objects.exists()
    with time_machine.travel(datetime(2031, 10, 25, 12, tzinfo=UTC), tick=False):
        client = client_as(cast.volunteer_manager)
        # Sitting for a carer: ten hours are ten hours.
        assert agree("2031-10-25", "22:00", 600).status_code == 302
    visit = Visit.objects.get()
    assert visit.ends_at - visit.starts_at == timedelta(hours=10)


def test_what_became_of_it_through_the_page(cast: Cast, ours: Any, client_as: Any) -> None:
    client = client_as(cast.volunteer_manager)
    visit = past(matched(organisation=ours))
    page = client.get(reverse("volunteers:visit", args=[visit.pk])).content.decode()
    assert "What became of it?" in page
    said = client.post(
        reverse("volunteers:visit_happened", args=[visit.pk]),
        {"outcome": "person-missed"},
        follow=True,
    ).content.decode()
    assert "ring the person now" in said
    visit.refresh_from_db()
    assert visit.outcome == "person-missed"


def test_the_page_has_no_button_for_done_before_the_visit(
    cast: Cast, ours: Any, client_as: Any
) -> None:
    client = client_as(cast.volunteer_manager)
    visit = agreed_visit(matched(organisation=ours))
    row = visit.offer.help_request
    address = reverse("volunteers:help_one", args=[row.pk])
    page = client.get(address).content.decode()
    finish = reverse("volunteers:help_finish", args=[row.pk])
    assert finish not in page
    assert reverse("volunteers:help_begin", args=[row.pk]) not in page
    assert "From then on you can say here" in page
    # From a page of yesterday, or typed by hand.
    said = client.post(finish, follow=True).content.decode()
    assert "It has not begun: it is agreed for" in said
    with time_machine.travel(visit.starts_at + timedelta(minutes=1), tick=False):
        client = client_as(cast.volunteer_manager)
        assert finish in client.get(address).content.decode()
        for _time in range(2):
            client.post(finish)
    row.refresh_from_db()
    assert row.state == HelpState.DONE


def suggested(client: Any, row: HelpRequest) -> tuple[str, str]:
    """The day and the time that the form begins with."""
    initial = (
        client.get(reverse("volunteers:help_one", args=[row.pk])).context["visit_form"].initial
    )
    return str(initial.get("day", "")), str(initial.get("time", ""))


def test_a_second_visit_does_not_begin_with_the_time_of_the_first(
    cast: Cast, ours: Any, client_as: Any
) -> None:
    client = client_as(cast.volunteer_manager)
    offer = matched(organisation=ours, starts_at=at(3).starts_at)
    row = offer.help_request
    assert suggested(client, row) == (str(at(3).starts_at.date()), "10:00:00")
    visit = agree_visit(offer=offer, span=at(3), watchword="Fern", by=TESTS)
    assert suggested(client, row) == ("", "")
    page = client.get(reverse("volunteers:help_one", args=[row.pk])).content.decode()
    assert "Agree another visit" in page
    cancel_visit(visit=visit, by=TESTS)
    assert suggested(client, row) == ("", ""), "nobody agreed to the time that was cancelled"


def test_of_help_that_comes_again_the_form_begins_with_the_next_week_that_is_free(
    cast: Cast, ours: Any, client_as: Any
) -> None:
    client = client_as(cast.volunteer_manager)
    who = volunteer(organisation=ours)
    offer = matched(organisation=ours, who=who, starts_at=at(1).starts_at, repeats="weekly")
    row = offer.help_request
    first = at(1).starts_at.date()

    def in_weeks(number: int) -> tuple[str, str]:
        return str(first + timedelta(weeks=number)), "10:00:00"

    # The first week's visit is later that day; the week after they are on another errand.
    agree_visit(offer=offer, span=at(1, 16), watchword="Fern", by=TESTS)
    assert suggested(client, row) == in_weeks(1)
    agree_visit(
        offer=matched(organisation=ours, who=who), span=at(8), watchword="Oak",
        override_reason="Next door", by=TESTS,
    )  # fmt: skip
    assert suggested(client, row) == in_weeks(2)
    gone = agree_visit(offer=offer, span=at(15), watchword="Fern", by=TESTS)
    cancel_visit(visit=gone, by=TESTS)
    assert suggested(client, row) == in_weeks(3)


def test_a_stranger_finds_no_visit(cast: Cast, ours: Any, client_as: Any) -> None:
    visit = past(matched(organisation=ours))
    row = visit.offer.help_request
    client = client_as(cast.stranger("volunteer_manager"))
    for name in ("visit", "visit_cancel", "visit_happened"):
        assert client.post(reverse(f"volunteers:{name}", args=[visit.pk])).status_code == 404
    for name in ("help_how", "help_not_helped"):
        assert client.post(reverse(f"volunteers:{name}", args=[row.pk])).status_code == 404


def test_a_visit_to_which_the_volunteer_did_not_come_is_no_hour_given() -> None:
    offer = matched()
    record_visit(visit=past(offer), outcome="volunteer-missed", by=TESTS)
    came = agree_visit(offer=offer, span=at(-2), watchword="Fern", by=TESTS)
    finish_help(help_request=offer.help_request, by=TESTS)
    assert [one.day for one in Hours.objects.all()] == [timezone.localdate(came.starts_at)]


def test_no_sheet_is_offered_for_a_visit_that_is_over(
    cast: Cast, ours: Any, client_as: Any
) -> None:
    client = client_as(cast.volunteer_manager)
    offer = matched(organisation=ours)
    over, coming = past(offer), agreed_visit(offer)
    record_visit(visit=over, outcome="took-place", by=TESTS)
    page = client.get(reverse("volunteers:help_one", args=[offer.help_request_id])).content.decode()
    assert reverse("volunteers:visit_sheet", args=[coming.pk]) in page
    assert reverse("volunteers:visit_sheet", args=[over.pk]) not in page
