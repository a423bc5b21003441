"""A volunteer's own shifts: take, wait, give back, offer and step in; nobody else's."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.factories.user import UserFactory
from tests.factories.volunteering import TESTS, OpportunityFactory, ShiftFactory, in_role
from volunteers.actions.rotas import cancel_shift
from volunteers.actions.shifts import offer_swap, take_shift_place
from volunteers.models import ShiftPlace

pytestmark = pytest.mark.django_db
MINE = "volunteers:my_shifts"


@pytest.fixture
def role() -> Any:
    return OpportunityFactory(name="Café helper")


@pytest.fixture
def who(role: Any) -> Any:
    return in_role(role, user=UserFactory())


@pytest.fixture
def client(who: Any, client_as: Any) -> Any:
    return client_as(who.person.user)


def text_of(client: Any) -> str:
    return client.get(reverse(MINE)).content.decode()


def test_who_is_no_volunteer_is_shown_the_way(client_as: Any) -> None:
    page = text_of(client_as(UserFactory()))
    assert reverse("volunteers:roles") in page


def test_take_and_give_back_without_a_reason(role: Any, who: Any, client: Any) -> None:
    shift = ShiftFactory(opportunity=role)
    assert "1 place free" in text_of(client)
    take = reverse("volunteers:my_shift_take", args=[shift.pk])
    for _time in range(2):
        page = client.post(take, follow=True).content.decode()
        assert "The place is yours" in page
    place = ShiftPlace.objects.get()
    give = reverse("volunteers:my_shift_place", args=[place.pk])
    for _time in range(2):
        page = client.post(give, {"what": "give-back"}, follow=True).content.decode()
        assert "Thank you for telling us" in page
    # It is open to them again.
    assert "1 place free" in page
    assert client.post(give, {"what": "nonsense"}).status_code == 404


def test_full_and_on_the_list_and_up(role: Any, who: Any, client: Any) -> None:
    shift = ShiftFactory(opportunity=role)
    other = take_shift_place(shift=shift, volunteer=in_role(role), by=TESTS)
    take = reverse("volunteers:my_shift_take", args=[shift.pk])
    assert "Join the waiting list" in text_of(client)
    # The page of a moment ago still said that there is a place.
    assert "last place was taken" in client.post(take, follow=True).content.decode()
    page = client.post(take, {"wait": "1"}, follow=True).content.decode()
    assert "You wait for these" in page
    from volunteers.actions.shifts import give_back_place

    give_back_place(place=other, by=TESTS)
    assert "You wait for these" not in text_of(client)
    assert ShiftPlace.objects.get(volunteer=who).state == "confirmed"


def test_offer_keep_and_step_in(role: Any, who: Any, client: Any, client_as: Any) -> None:
    shift = ShiftFactory(opportunity=role)
    place = take_shift_place(shift=shift, volunteer=who, by=TESTS)
    other = in_role(role, user=UserFactory())
    theirs = client_as(other.person.user)
    mine = reverse("volunteers:my_shift_place", args=[place.pk])
    over = reverse("volunteers:my_shift_take_over", args=[place.pk])
    assert "Could you step in?" not in text_of(theirs)
    client.post(mine, {"what": "offer"})
    page = text_of(theirs)
    assert "Could you step in?" in page
    assert who.person.name not in page
    client.post(mine, {"what": "keep"})
    assert "keep this place after all" in theirs.post(over, follow=True).content.decode()
    client.post(mine, {"what": "offer"})
    for _time in range(2):
        assert "yours now" in theirs.post(over, follow=True).content.decode()
    place.refresh_from_db()
    assert (place.state, other.shift_places.get().state) == ("given-back", "confirmed")


def test_called_off_is_said(role: Any, who: Any, client: Any) -> None:
    shift = ShiftFactory(opportunity=role)
    take_shift_place(shift=shift, volunteer=who, by=TESTS)
    cancel_shift(shift=shift, by=TESTS)
    page = text_of(client)
    assert "you need not come" in page
    assert "1 place free" not in page


def test_what_overlaps_is_said_and_has_no_button(role: Any, who: Any, client: Any) -> None:
    shift = ShiftFactory(opportunity=role)
    take_shift_place(shift=shift, volunteer=who, by=TESTS)
    ShiftFactory(opportunity=role, starts_at=shift.starts_at)
    page = text_of(client)
    assert "promised something else at that time" in page
    assert "Take it" not in page


def test_another_ones_place_and_another_roles_shift_are_404(
    role: Any, who: Any, client: Any
) -> None:
    theirs = take_shift_place(
        shift=ShiftFactory(opportunity=role), volunteer=in_role(role), by=TESTS
    )
    elsewhere = ShiftFactory(opportunity=OpportunityFactory(organisation=role.organisation))
    assert client.post(
        reverse("volunteers:my_shift_place", args=[theirs.pk]), {"what": "give-back"}
    ).status_code == 404  # fmt: skip
    take = reverse("volunteers:my_shift_take", args=[elsewhere.pk])
    assert client.post(take).status_code == 404
    foreign = take_shift_place(shift=elsewhere, volunteer=in_role(elsewhere.opportunity), by=TESTS)
    offer_swap(place=foreign, by=TESTS)
    over = reverse("volunteers:my_shift_take_over", args=[foreign.pk])
    assert client.post(over).status_code == 404
    # Of the same role, but not offered: refused, and it stays where it is.
    over = reverse("volunteers:my_shift_take_over", args=[theirs.pk])
    client.post(over)
    theirs.refresh_from_db()
    assert theirs.state == "confirmed"


def test_twice_as_many_take_as_many_queries(role: Any, who: Any, client: Any) -> None:
    first = timezone.now() + timedelta(days=1)

    def grow(begin: int, end: int) -> None:
        other = in_role(role)
        for n in range(begin, end):
            when = first + timedelta(days=n)
            ShiftFactory(opportunity=role, starts_at=when + timedelta(hours=9))
            full = ShiftFactory(opportunity=role, starts_at=when + timedelta(hours=4))
            offered = take_shift_place(shift=full, volunteer=other, by=TESTS)
            offer_swap(place=offered, by=TESTS)
            for hours in (0, 13):
                one = ShiftFactory(
                    opportunity=role, starts_at=when + timedelta(hours=hours), places=2
                )
                take_shift_place(shift=one, volunteer=who, by=TESTS)
                if hours:
                    cancel_shift(shift=one, by=TESTS)

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(reverse(MINE)).status_code == 200
        return len(seen)

    grow(0, 2)
    queries()  # the first visit of a session writes itself down
    few = queries()
    grow(2, 4)
    assert queries() == few
