"""Checks: what is kept, who sees it, until when it counts."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import models
from django.utils import timezone

from dcsn.privacy.retention import run_retention
from tests.conftest import Cast
from tests.factories.person import access_point
from tests.factories.volunteering import TESTS, passed_check, volunteer
from volunteers import models as tables
from volunteers.actions.checks import (
    decide_check,
    look_at_update_service,
    need_check,
    record_check,
    warn_of_checks,
    years_after,
)
from volunteers.models import Check, CheckWarning
from volunteers.refusals import NotPossible, ReasonMissing

pytestmark = pytest.mark.django_db


@pytest.fixture
def ours(cast: Cast):
    return access_point(cast.organisation_id)


def test_no_table_of_volunteering_has_a_field_for_a_file() -> None:
    every = [getattr(tables, name) for name in tables.__all__]
    of_tables = [one for one in every if isinstance(one, type) and issubclass(one, models.Model)]
    assert Check in of_tables
    files = [
        field
        for table in of_tables
        for field in table._meta.get_fields()
        if isinstance(field, models.FileField | models.BinaryField)
    ]
    assert files == []
    names = {field.name for field in Check._meta.get_fields()}
    assert not names & {"scan", "copy", "contents", "convictions", "certificate", "file", "note"}


def test_seen_then_decided_then_final(cast: Cast, ours) -> None:
    who = volunteer(state="checking", organisation=ours)
    manager = cast.volunteer_manager
    check = need_check(volunteer=who, organisation=ours, kind="dbs", level="enhanced", by=manager)
    assert (
        need_check(volunteer=who, organisation=ours, kind="dbs", level="enhanced", by=manager)
        == check
    )
    with pytest.raises(NotPossible):
        decide_check(check=check, decision="suitable", by=manager)
    check = record_check(
        check=check,
        to="seen",
        by=manager,
        certificate_number="001234567890",
        issued_on=date(2026, 11, 1),
        workforce="adults",
    )
    assert check.seen_by == manager
    with pytest.raises(ReasonMissing):
        decide_check(check=check, decision="risk-assessed", by=manager)
    check = decide_check(check=check, decision="suitable", by=manager)
    assert check.next_due_on == date(2029, 11, 1)
    assert decide_check(check=check, decision="suitable", by=manager) == check
    with pytest.raises(NotPossible):
        decide_check(check=check, decision="not-suitable", by=manager)
    with pytest.raises(NotPossible):
        record_check(check=check, to="seen", by=manager)


def test_nothing_else_can_be_written_down(cast: Cast, ours) -> None:
    check = need_check(
        volunteer=volunteer(organisation=ours), organisation=ours, kind="training",
        title="First aid", by=TESTS,
    )  # fmt: skip
    with pytest.raises(TypeError, match="convictions"):
        record_check(check=check, to="seen", by=TESTS, convictions="none")


def test_nobody_records_their_own(cast: Cast, ours) -> None:
    who = volunteer(organisation=ours, user=cast.volunteer_manager)
    with pytest.raises(PermissionDenied):
        need_check(volunteer=who, organisation=ours, kind="references", by=cast.volunteer_manager)


def test_who_sees_checks(cast: Cast, ours) -> None:
    who = volunteer(organisation=ours, user=cast.nobody)
    check = passed_check(who, organisation=ours)
    other = volunteer()
    passed_check(other)
    assert list(Check.objects.visible_to(cast.volunteer_manager)) == [check]
    assert list(Check.objects.own(cast.nobody)) == [check]
    for user in (cast.stranger("volunteer_manager"), cast.administrator, cast.nobody):
        assert not Check.objects.visible_to(user).exists()


def test_a_date_on_a_leap_day_ends_on_the_28th() -> None:
    assert years_after(date(2024, 2, 29), 3) == date(2027, 2, 28)


def test_the_update_service_lengthens_it_and_a_change_ends_it() -> None:
    check = passed_check(volunteer(), issued_on=timezone.localdate() - timedelta(days=1000))
    today = timezone.localdate()
    check = look_at_update_service(check=check, unchanged=True, by=TESTS, on=today)
    assert check.next_due_on == years_after(today, 1)
    check = look_at_update_service(check=check, unchanged=False, by=TESTS, on=today)
    assert not check.stands(today)


def test_warned_60_30_and_7_days_before_each_once() -> None:
    check = passed_check(volunteer())
    assert check.next_due_on is not None
    given = []
    for days in (61, 60, 59, 31, 30, 29, 8, 7, 6, 0):
        given += [
            (days, one.days)
            for one in warn_of_checks(by=TESTS, today=check.next_due_on - timedelta(days=days))
        ]
    assert given == [(60, 60), (30, 30), (7, 7)]
    assert CheckWarning.objects.count() == 3


def test_a_newer_check_silences_the_warning() -> None:
    who = volunteer()
    old = passed_check(who, issued_on=timezone.localdate() - timedelta(days=3 * 365 - 20))
    passed_check(who)
    assert old.stands(timezone.localdate())
    assert warn_of_checks(by=TESTS) == []


def test_the_number_is_forgotten_six_months_after_the_decision() -> None:
    check = passed_check(volunteer(), certificate_number="001234567890")
    run_retention(now=timezone.now() + timedelta(days=181))
    check.refresh_from_db()
    assert check.certificate_number
    run_retention(now=timezone.now() + timedelta(days=183))
    check.refresh_from_db()
    assert (check.certificate_number, check.decision) == ("", "suitable")
    assert check.number_forgotten_at is not None
