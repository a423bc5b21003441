"""The board of volunteers, and one volunteer's page: nobody waits for nothing, nobody is just told no."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.conftest import Cast
from tests.factories.person import access_point
from tests.factories.volunteering import OpportunityFactory, volunteer
from volunteers.models import NextStep, Volunteer

pytestmark = pytest.mark.django_db
ClientAs = Callable[..., Client]


def test_who_waits_is_on_the_board_and_strangers_volunteers_are_not(
    cast: Cast, client_as: ClientAs
) -> None:
    here = access_point(cast.organisation_id)
    mine, other = volunteer(state="applied", organisation=here), volunteer(state="applied")
    helping = volunteer(organisation=here)
    client = client_as(cast.volunteer_manager)
    text = client.get(reverse("volunteers:board")).content.decode()
    assert mine.reference in text
    assert other.reference not in text
    assert helping.reference not in text
    assert (
        helping.reference
        in client.get(reverse("volunteers:board") + "?state=active").content.decode()
    )


def test_nobody_is_redirected_to_nothing(cast: Cast, client_as: ClientAs) -> None:
    who = volunteer(state="applied", organisation=access_point(cast.organisation_id))
    elsewhere = OpportunityFactory(name="Try baking")
    client = client_as(cast.volunteer_manager)
    address = reverse("volunteers:desk_suggest", args=[who.pk])
    assert client.post(address, {"version": who.version}).status_code == 422
    assert Volunteer.objects.get().state == "applied"
    sent = {"version": who.version, "opportunities": [str(elsewhere.pk)], "note": "You like cake"}
    text = client.post(address, sent, follow=True).content.decode()
    assert "Try baking: You like cake" in text
    assert Volunteer.objects.get().state == "redirected"
    assert not Volunteer.objects.without_next_step().exists()


def test_moving_on_and_the_next_step(cast: Cast, client_as: ClientAs) -> None:
    who = volunteer(state="applied", organisation=access_point(cast.organisation_id))
    client = client_as(cast.volunteer_manager)
    client.post(
        reverse("volunteers:desk_move", args=[who.pk]), {"to": "checking", "version": who.version}
    )
    assert Volunteer.objects.get().state == "checking"
    day = timezone.localdate() + timedelta(days=3)
    parts = {f"step-due_on_{part}": getattr(day, part) for part in ("day", "month", "year")}
    address = reverse("volunteers:desk_step", args=[who.pk])
    client.post(address, {"step-what": "other", "step-note": "Ring at noon", **parts})
    planned = NextStep.objects.open().get()
    assert (planned.due_on, planned.note) == (day, "Ring at noon")
    client.post(address, {"done": str(planned.pk)})
    assert NextStep.objects.open().get().pk != planned.pk


def test_strangers_change_nothing(cast: Cast, client_as: ClientAs) -> None:
    who = volunteer(state="applied", organisation=access_point(cast.organisation_id))
    client = client_as(cast.stranger("volunteer_manager"))
    for name in ("desk_move", "desk_step", "desk_suggest"):
        assert client.post(reverse(f"volunteers:{name}", args=[who.pk])).status_code == 404


def test_twice_as_many_volunteers_take_as_many_queries(cast: Cast, client_as: ClientAs) -> None:
    here = access_point(cast.organisation_id)
    client = client_as(cast.volunteer_manager)

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(reverse("volunteers:board")).status_code == 200
        return len(seen)

    for _number in range(2):
        volunteer(state="applied", organisation=here)
    queries()
    few = queries()
    for _number in range(2):
        volunteer(state="applied", organisation=here)
    assert queries() == few
