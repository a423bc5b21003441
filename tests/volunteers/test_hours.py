"""Hours, logged by either side and confirmed by the other; thanks; dated rates."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from tests.conftest import Cast
from tests.factories.person import access_point
from tests.factories.user import UserFactory
from tests.factories.volunteering import volunteer
from volunteers.actions.hours import confirm_hours, dispute_hours, log_hours, settle_hours
from volunteers.actions.thanks import thank
from volunteers.models import Hours, MileageRate
from volunteers.models.rate import mileage_pence
from volunteers.refusals import NotPossible, SameSide
from volunteers.signals import thanked

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


@pytest.fixture
def ours(cast: Cast):
    return access_point(cast.organisation_id)


@pytest.fixture
def who(cast: Cast, ours):
    return volunteer(organisation=ours, user=cast.nobody)


def logged(who, by, **said):
    return log_hours(
        volunteer=who, organisation=who.organisation, day=TODAY(), minutes=90, by=by, **said
    )


def test_logged_by_the_volunteer_and_confirmed_by_the_organisation(cast: Cast, who) -> None:
    hours = logged(who, cast.nobody)
    with pytest.raises(SameSide):
        confirm_hours(hours=hours, by=cast.nobody)
    after = confirm_hours(hours=hours, by=cast.volunteer_manager)
    assert (after.state, after.confirmed_by) == ("confirmed", cast.volunteer_manager)
    assert confirm_hours(hours=hours, by=cast.volunteer_manager).confirmed_at == after.confirmed_at
    assert list(Hours.objects.counted()) == [hours]


def test_logged_by_the_organisation_and_confirmed_by_the_volunteer(cast: Cast, who) -> None:
    hours = logged(who, cast.volunteer_manager)
    colleague = UserFactory(role="volunteer_manager", role__organisation_id=cast.organisation_id)
    with pytest.raises(SameSide):
        confirm_hours(hours=hours, by=colleague)
    assert confirm_hours(hours=hours, by=cast.nobody).state == "confirmed"


def test_disputed_hours_are_settled_by_somebody_else(cast: Cast, who) -> None:
    hours = logged(who, cast.volunteer_manager)
    dispute_hours(hours=hours, by=cast.nobody, words="It was two hours", minutes=120)
    assert not Hours.objects.counted().exists()
    with pytest.raises(SameSide):
        settle_hours(hours=hours, minutes=90, because="Heard both", by=cast.volunteer_manager)
    after = settle_hours(
        hours=hours, minutes=120, because="Heard both", by=cast.volunteer_coordinator
    )
    assert (after.minutes, after.minutes_logged, after.state) == (120, 90, "settled")


def test_sent_twice_is_written_once_and_a_part_is_enough(cast: Cast, who) -> None:
    key = uuid4()
    assert logged(who, cast.nobody, key=key) == logged(who, cast.nobody, key=key)
    with pytest.raises(NotPossible):
        log_hours(
            volunteer=who,
            organisation=who.organisation,
            day=TODAY() + timedelta(days=1),
            minutes=60,
            by=cast.nobody,
        )


def test_nobody_else_writes_or_sees_them(cast: Cast, who) -> None:
    with pytest.raises(PermissionDenied):
        logged(who, cast.stranger("volunteer_manager"))
    hours = logged(who, cast.nobody)
    assert list(Hours.objects.visible_to(cast.volunteer_manager)) == [hours]
    assert list(Hours.objects.own(cast.nobody)) == [hours]
    for user in (cast.stranger("volunteer_manager"), cast.administrator, UserFactory()):
        assert not Hours.objects.visible_to(user).exists()


def test_the_rate_is_that_of_the_day() -> None:
    old = MileageRate.objects.create(from_on=date(2026, 4, 6), pence=45)
    new = MileageRate.objects.create(from_on=date(2027, 4, 6), pence=47)
    assert MileageRate.objects.on(date(2026, 4, 5)) is None
    assert MileageRate.objects.on(date(2027, 4, 5)) == old
    assert MileageRate.objects.on(date(2027, 4, 6)) == new
    # 10.1 miles at 45 pence are 454.5 pence: a half goes up.
    assert mileage_pence(Decimal("10.1"), old.pence) == 455


def test_thanks_are_given_once_and_said_to_who_sends_them(cast: Cast, who) -> None:
    heard = []

    def receive(sender, **said):
        heard.append(said["thanks"])

    thanked.connect(receive, weak=False)
    key = uuid4()
    for _press in range(2):
        thanks = thank(
            volunteer=who,
            organisation=who.organisation,
            words="You made the garden a joy.",
            by=cast.volunteer_manager,
            key=key,
        )
    thanked.disconnect(receive)
    assert heard == [thanks]
    assert thanks.reached_at is None
