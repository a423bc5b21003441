"""The demonstration's rotas: something on each screen, and a second load writes nothing."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command
from django.test import override_settings

from dcsn.audit.models import Event
from directory.actions.demonstration import NotADemonstration
from tests.directory.importing import kept_for_all
from volunteers.models import CalendarFeed, Shift, ShiftExchange, ShiftPlace, Volunteer
from volunteers.rotas.demonstration import load_rotas
from volunteers.rotas.own import own_shifts

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def loaded_once(django_db_setup, django_db_blocker):
    quick = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with kept_for_all(django_db_blocker):
        with override_settings(DEMONSTRATION=True, PASSWORD_HASHERS=quick):
            call_command("load_demonstration", stdout=StringIO())
        yield


@pytest.fixture
def loaded(loaded_once, db, settings) -> None:
    settings.DEMONSTRATION = True


def test_refused_where_the_portal_is_not_a_demonstration(settings) -> None:
    settings.DEMONSTRATION = False
    with pytest.raises(NotADemonstration):
        load_rotas()
    assert not Shift.objects.exists()


def test_each_screen_has_something(loaded) -> None:
    states = set(ShiftPlace.objects.values_list("state", flat=True))
    assert states == set(ShiftPlace.State.values)
    assert set(ShiftExchange.objects.values_list("state", flat=True)) == {"asked", "done"}
    assert Shift.objects.exclude(cancelled_at=None).exists()
    june = Volunteer.objects.get(person__given_name="June", person__family_name="Applegarth")
    my = own_shifts(june)
    for part in (my.coming, my.waiting, my.called_off, my.offered, my.open, my.asked_of_me):
        assert part
    assert CalendarFeed.objects.filter(volunteer=june).exists()


def test_a_second_load_writes_nothing(loaded) -> None:
    before = (Event.objects.count(), Shift.objects.count())
    assert load_rotas() == 0
    assert (Event.objects.count(), Shift.objects.count()) == before
