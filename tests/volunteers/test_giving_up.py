"""A role is given up, or somebody leaves: through the pages, by whom it may be, and what goes to others."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.conftest import Cast
from tests.factories.person import access_point
from tests.factories.user import UserFactory
from tests.factories.volunteering import (
    TESTS,
    OpportunityFactory,
    ShiftFactory,
    in_role,
)
from volunteers.actions.rotas import cancel_shift
from volunteers.actions.shifts import take_shift_place
from volunteers.actions.standing import end_standing, share_volunteer
from volunteers.actions.volunteers import move_volunteer
from volunteers.models import Application, Opportunity, Shift, ShiftPlace, Volunteer
from volunteers.refusals import NotPossible
from volunteers.states import OpportunityState

pytestmark = pytest.mark.django_db
ClientAs = Callable[..., Client]


@pytest.fixture
def role(cast: Cast) -> Opportunity:
    made: Opportunity = OpportunityFactory(
        organisation=access_point(cast.organisation_id), name="Café helper"
    )
    return made


@pytest.fixture
def who(role: Opportunity) -> Volunteer:
    return in_role(role, user=UserFactory())


def place(role: Any, who: Any, days: float = 3, **facts: Any) -> ShiftPlace:
    shift: Any = ShiftFactory(
        opportunity=role, starts_at=timezone.now() + timedelta(days=days), **facts
    )
    return take_shift_place(shift=shift, volunteer=who, by=TESTS)


def outcome(who: Volunteer) -> str:
    return str(Application.objects.get(volunteer=who).outcome)


# --- By the volunteer ---------------------------------------------------------------------------------


def test_a_finger_that_slips_gives_no_role_up(
    role: Opportunity, who: Volunteer, client_as: ClientAs
) -> None:
    held, waits = place(role, who), in_role(role)
    take_shift_place(shift=held.shift, volunteer=waits, by=TESTS, or_wait=True)
    client = client_as(who.person.user)
    address = reverse("volunteers:my_take_back")
    press = {"application": str(Application.objects.get(volunteer=who).pk)}
    answer = client.post(address, press)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Give up “Café helper”?" in page
    assert "These shifts of yours go to others" in page
    assert f"{timezone.localtime(held.shift.starts_at):%A}" in page
    assert waits.reference not in page
    assert (outcome(who), held.state) == ("placed", "confirmed")
    for _press in range(2):
        page = client.post(address, {**press, "sure": "yes"}, follow=True).content.decode()
        assert "Thank you for all that you gave" in page or "It is written down" in page
    assert outcome(who) == "ended"
    assert ShiftPlace.objects.get(state="confirmed").volunteer == waits
    assert ShiftPlace.objects.filter(state="given-back").count() == 1


def test_nobody_gives_up_the_role_of_another(
    role: Opportunity, who: Volunteer, cast: Cast, client_as: ClientAs
) -> None:
    other = in_role(role, user=UserFactory())
    press = {"application": str(Application.objects.get(volunteer=who).pk), "sure": "yes"}
    client_as(other.person.user).post(reverse("volunteers:my_take_back"), press)
    desk = reverse("volunteers:desk_application", args=[press["application"]])
    stranger = cast.stranger("volunteer_manager")
    assert client_as(stranger).post(desk, {"end": "yes"}).status_code == 404
    # Who may see the volunteer for another reason does not see the role.
    share_volunteer(
        volunteer=who, organisation=access_point(cast.other_organisation_id), how="asked", by=TESTS
    )
    assert client_as(stranger).post(desk, {"end": "yes"}).status_code == 404
    assert outcome(who) == "placed"


# --- By the desk --------------------------------------------------------------------------------------


def test_the_desk_reads_how_many_shifts_go_with_the_role(
    role: Opportunity, who: Volunteer, cast: Cast, client_as: ClientAs
) -> None:
    client = client_as(cast.volunteer_manager)
    desk = reverse("volunteers:desk_application", args=[Application.objects.get().pk])
    assert "down for" not in client.get(desk).content.decode()
    places = [place(role, who, days) for days in (3, 4)]
    assert "They are down for 2 shifts to come" in client.get(desk).content.decode()
    # Not one that was called off: nobody takes it over
    cancel_shift(shift=place(role, who, 5).shift, by=TESTS)
    assert "They are down for 2 shifts to come" in client.get(desk).content.decode()
    for _press in range(2):
        client.post(desk, {"end": "yes"})
    assert outcome(who) == "ended"
    for one in places:
        one.refresh_from_db()
        assert one.state == "given-back"


def test_who_is_no_longer_seen_can_be_taken_off_the_rota(
    role: Opportunity, who: Volunteer, cast: Cast, client_as: ClientAs
) -> None:
    """The page has the button; whose rota it is may press it, and nobody else."""
    client = client_as(cast.volunteer_manager)
    held, begun = place(role, who), place(role, who, 5)
    Shift.objects.filter(pk=begun.shift_id).update(starts_at=timezone.now())
    who.standings.update(ended_at=timezone.now())
    page = client.get(reverse("volunteers:shift", args=[held.shift_id])).content.decode()
    address = reverse("volunteers:shift_place", args=[held.pk])
    assert address in page
    assert who.person.name not in page
    stranger = client_as(cast.stranger("volunteer_manager"))
    assert stranger.post(address, {"what": "off"}).status_code == 404
    assert client.post(address, {"what": "off"}).status_code == 302
    held.refresh_from_db()
    assert held.state == "given-back"
    came = reverse("volunteers:shift_place", args=[begun.pk])
    assert client.post(came, {"what": "came"}).status_code == 302
    begun.refresh_from_db()
    assert begun.state == "done"
    # The hours are between them and whoever looks after them.
    page = client.get(reverse("volunteers:shift", args=[begun.shift_id])).content.decode()
    assert "Write the hours down" not in page


def test_nobody_is_on_a_rota_of_people_who_cannot_see_them(
    role: Opportunity, who: Volunteer, cast: Cast, client_as: ClientAs
) -> None:
    client = client_as(cast.volunteer_manager)
    standing = who.standings.get()
    address = reverse("volunteers:desk_share", args=[who.pk])
    page = client.post(address, {"end": str(standing.pk)}, follow=True).content.decode()
    assert "They have or ask for a place in “Café helper”. End that first." in page
    assert who.standings.current().count() == 1
    client.post(
        reverse("volunteers:desk_application", args=[Application.objects.get().pk]), {"end": "yes"}
    )
    client.post(address, {"end": str(standing.pk)})
    assert not who.standings.current().exists()
    # What they do elsewhere is nobody's reason here.
    other = in_role(OpportunityFactory())
    share_volunteer(volunteer=other, organisation=role.organisation, how="asked", by=TESTS)
    end_standing(volunteer=other, organisation=role.organisation, by=TESTS)
    assert outcome(other) == "placed"


@pytest.mark.parametrize("to", ["left", "paused"])
def test_who_only_sees_somebody_ends_nothing_for_those_they_came_to(
    to: str, cast: Cast, client_as: ClientAs
) -> None:
    ours = access_point(cast.organisation_id)
    there = OpportunityFactory()
    who = in_role(there)
    held = place(there, who)
    share_volunteer(volunteer=who, organisation=ours, how="on the phone", by=TESTS)
    client = client_as(cast.volunteer_manager)
    typed = {"to": to, "version": who.version, "reason_code": "moved"}
    answer = client.post(reverse("volunteers:desk_move", args=[who.pk]), typed)
    assert answer.status_code == 422
    assert "They came to another organisation" in answer.content.decode()
    held.refresh_from_db()
    assert (held.state, outcome(who)) == ("confirmed", "placed")
    # The volunteer centre and those they came to do.
    manager = UserFactory(role="volunteer_manager", role__organisation_id=there.organisation_id)
    move_volunteer(volunteer=who, to=to, by=manager, reason_code="moved")
    held.refresh_from_db()
    assert held.state == "given-back"


# --- The role itself ----------------------------------------------------------------------------------


@pytest.mark.parametrize("to", [OpportunityState.DONE, OpportunityState.CANCELLED])
def test_a_role_does_not_end_while_somebody_is_expected(
    to: str, role: Opportunity, who: Volunteer, cast: Cast, client_as: ClientAs
) -> None:
    client = client_as(cast.volunteer_manager)
    held = place(role, who)
    place(role, who, 6)
    empty: Any = ShiftFactory(opportunity=role, starts_at=timezone.now() + timedelta(days=9))
    address = reverse("volunteers:desk_role_move", args=[role.pk])
    page = client.post(address, {"to": to}, follow=True).content.decode()
    assert "Volunteers are down for 2 shifts to come. Call them off on the rota first" in page
    role.refresh_from_db()
    assert role.state == OpportunityState.OPEN
    cancel_shift(shift=held.shift, by=TESTS)
    page = client.post(address, {"to": to}, follow=True).content.decode()
    assert "Volunteers are down for 1 shift to come. Call it off" in page
    for one in Shift.objects.filter(cancelled_at=None, shift_places__isnull=False):
        cancel_shift(shift=one, by=TESTS)
    client.post(address, {"to": to})
    role.refresh_from_db()
    assert role.state == to
    # Nobody goes to what is left of it.
    assert str(empty.pk) not in client_as(who.person.user).get(
        reverse("volunteers:my_shifts")
    ).content.decode()  # fmt: skip
    with pytest.raises(NotPossible, match="This role is over"):
        take_shift_place(shift=empty, volunteer=who, by=TESTS)


def test_what_is_past_keeps_no_role_open(role: Opportunity, who: Volunteer) -> None:
    from volunteers.actions.opportunities import move_opportunity

    held = place(role, who)
    Shift.objects.filter(pk=held.shift_id).update(
        starts_at=timezone.now() - timedelta(hours=3), ends_at=timezone.now() - timedelta(hours=1)
    )
    assert move_opportunity(opportunity=role, to="done", by=TESTS).state == "done"
