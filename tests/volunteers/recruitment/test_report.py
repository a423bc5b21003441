"""Recruitment figures: against the same things counted by hand, and safe to publish."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dcsn.figures.periods import Period, current
from dcsn.figures.shapes import Missing, Share
from tests.factories.organisation import OrganisationFactory
from tests.factories.volunteering import TESTS, OpportunityFactory, volunteer
from volunteers.actions.volunteers import move_volunteer
from volunteers.models import Hours, Side, Volunteer, VolunteerChange
from volunteers.models.volunteer import Barrier, Route
from volunteers.recruitment.report import Report, report_of
from volunteers.states import VolunteerReason, VolunteerState

pytestmark = pytest.mark.django_db
YEAR = Period(date(2025, 4, 1), "year")
NOW = datetime(2026, 11, 2, 12, tzinfo=ZoneInfo("Europe/London"))


def came_on(row: Volunteer, day: date) -> Volunteer:
    """As if all of this had begun on that day: the history is moved by SQL that the guards let pass."""
    at = datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo("Europe/London"))
    Volunteer.objects.filter(pk=row.pk).update(created_at=at)
    return row


def cells(report: Report, key: str, label: str) -> tuple[object, ...]:
    table = next(table for table in report.tables if table.key == key)
    lines = [*table.lines, *([table.total] if table.total else [])]
    return next(line.cells for line in lines if line.label == label)


def gave(row: Volunteer, day: date) -> None:
    Hours.objects.create(
        volunteer=row,
        organisation=row.organisation,
        day=day,
        minutes=60,
        minutes_logged=60,
        state=Hours.State.CONFIRMED,
        logged_side=Side.VOLUNTEER,
        confirmed_at=timezone.now(),
    )


def test_how_far_they_came_and_where_they_went_from() -> None:
    # Given two who help, one who applied and left, one who only asked, one redirected
    for _number in range(2):
        came_on(volunteer(), date(2025, 5, 1))
    gone = came_on(volunteer(state="applied"), date(2025, 6, 1))
    move_volunteer(
        volunteer=gone, to=VolunteerState.LEFT, by=TESTS, reason_code=VolunteerReason.NO_TIME
    )
    came_on(volunteer(state="interested"), date(2025, 7, 1))
    came_on(volunteer(state="redirected"), date(2026, 3, 31))
    # and one of another year
    came_on(volunteer(), date(2026, 4, 1))

    report = report_of(YEAR, now=NOW)

    assert report.came == 5
    assert cells(report, "funnel", "Interested") == (5,)
    assert cells(report, "funnel", "Applied") == (3,)
    assert cells(report, "funnel", "Helping") == (2,)
    assert cells(report, "bands", "All") == (5, 3, 2, 2, 2)
    assert cells(report, "gone", "Applied") == (1, 0, 0)
    assert cells(report, "gone", "Interested") == (0, 1, 0)


def test_by_age_and_by_route() -> None:
    young = came_on(volunteer(born=date(2000, 1, 1)), date(2025, 5, 1))
    old = came_on(volunteer(born=date(1950, 1, 1)), date(2025, 5, 1))
    Volunteer.objects.filter(pk=young.pk).update(route=Route.FRIEND)
    Volunteer.objects.filter(pk=old.pk).update(route=Route.PAPER)

    report = report_of(YEAR, now=NOW)

    assert cells(report, "bands", "18 to 34")[0] == 1
    assert cells(report, "bands", "65 to 79")[0] == 1
    assert cells(report, "bands", "35 to 49")[0] == 0
    assert cells(report, "routes", "On paper")[0] == 1
    assert cells(report, "routes", "Through somebody they know")[0] == 1


def test_days_from_the_first_word_to_the_first_task_that_counts() -> None:
    for days in (10, 20, 90):
        row = came_on(volunteer(), date(2025, 5, 1))
        gave(row, date(2025, 5, 1) + timedelta(days=days))
        gave(row, date(2025, 5, 1) + timedelta(days=days + 5))
    waiting = came_on(volunteer(), date(2025, 5, 1))
    gave(waiting, date(2025, 5, 2))
    Hours.objects.filter(volunteer=waiting).update(state=Hours.State.LOGGED, confirmed_at=None)

    report = report_of(YEAR, now=NOW)

    assert cells(report, "waits", "All") == (3, 20)


def test_who_stays_counts_only_those_who_began_long_enough_ago(db_time_moved) -> None:
    report = report_of(current("year", timezone.localdate()), now=timezone.now())
    assert cells(report, "staying", "3 months") == (Share(1, 2),)
    assert cells(report, "staying", "12 months") == (Missing.NOTHING,)


@pytest.fixture
def db_time_moved() -> None:
    """Two who began four months ago, of whom one left after a month; one who began today."""
    volunteer()
    for leaves in (True, False):
        row = volunteer()
        if leaves:
            move_volunteer(
                volunteer=row, to=VolunteerState.LEFT, by=TESTS, reason_code=VolunteerReason.MOVED
            )
        then = timezone.now() - timedelta(days=123)
        for step in VolunteerChange.objects.filter(volunteer=row):
            at = then + timedelta(days=30) if step.to_state == VolunteerState.LEFT else then
            _moved_back(step, at)


def _moved_back(step: VolunteerChange, at: datetime) -> None:
    """History is only added to; a test of what happens with time has to set the clock of what it added."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE volunteers_volunteerchange SET at = %s WHERE id = %s", [at, step.pk])
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


def test_barriers_in_the_words_of_the_study() -> None:
    for named in (["time", "work"], ["time"], []):
        row = came_on(volunteer(), date(2025, 5, 1))
        Volunteer.objects.filter(pk=row.pk).update(barriers=named)
    report = report_of(YEAR, now=NOW)
    assert cells(report, "barriers", str(Barrier.TIME.label))[0] == 2
    assert cells(report, "barriers", str(Barrier.WORK.label))[0] == 1


def test_for_publishing_nothing_small_is_shown() -> None:
    for number in range(12):
        row = came_on(volunteer(), date(2025, 5, 1))
        Volunteer.objects.filter(pk=row.pk).update(
            route=Route.ONLINE if number < 9 else Route.PAPER, barriers=["time"]
        )
        if number < 3:
            gave(row, date(2025, 6, 1))

    report = report_of(YEAR, now=NOW, protect=True)

    shown = [
        cell
        for table in report.tables
        for line in [*table.lines, *([table.total] if table.total else [])]
        for cell in line.cells
    ]
    counts = [cell for cell in shown if isinstance(cell, int)]
    assert counts
    assert all(count >= 5 and count % 5 == 0 for count in counts)
    assert cells(report, "routes", "On paper")[0] is Missing.HIDDEN
    # Nor is it found by taking the one line that is shown from the total.
    assert cells(report, "routes", "On this website")[0] is Missing.HIDDEN
    assert cells(report, "waits", "All") == (Missing.HIDDEN, Missing.HIDDEN)


def test_a_manager_counts_their_own_organisation_only(cast, client_as) -> None:
    volunteer(organisation=OrganisationFactory(id=cast.organisation_id))
    volunteer()
    page = client_as(cast.with_role("volunteer_manager")).get(reverse("volunteers:figures"))
    assert page.context["report"].came == 1
    everybody = client_as(cast.with_role("volunteer_coordinator")).get(
        reverse("volunteers:figures")
    )
    assert everybody.context["report"].came == 2
    assert "3.58" in everybody.content.decode()


def test_the_file_holds_the_tables_and_a_wrong_period_is_said(cast, client_as) -> None:
    volunteer()
    client: Client = client_as(cast.with_role("volunteer_coordinator"))
    text = client.get(reverse("volunteers:figures_csv")).content.decode("utf-8-sig")
    assert "How far they came" in text
    assert "What stood in the way in 2011" in text
    page = client.get(reverse("volunteers:figures"), {"period": "year-1999-04"})
    assert page.status_code == 200
    assert "There is a problem" in page.content.decode()
    assert client.get(reverse("volunteers:figures_csv"), {"period": "x"}).status_code == 404


def test_more_volunteers_ask_no_more_of_the_database() -> None:
    def queries() -> int:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as captured:
            report_of(current("year", timezone.localdate()), now=timezone.now())
        return len(captured)

    OpportunityFactory()
    for _number in range(3):
        gave(volunteer(), timezone.localdate())
    few = queries()
    for _number in range(6):
        gave(volunteer(), timezone.localdate())
    assert queries() == few
