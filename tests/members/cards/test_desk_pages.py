"""Cards at the desk, through the pages: print, hand over, replace, take back; a shop that rings."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dcsn.audit.models import Event
from members.actions.memberships import share_membership
from members.cards.limits import BY_TELEPHONE
from members.cards.number import as_printed, new_number
from members.models import Card, CardSheet, Membership, Plan
from tests.conftest import Cast
from tests.factories.card import card
from tests.factories.membership import PlanFactory, membership
from tests.factories.person import PersonFactory, access_point

pytestmark = pytest.mark.django_db
Clients = Callable[..., Client]
State = Card.State


def member(cast: Cast, **facts: Any) -> Membership:
    hub = access_point(cast.organisation_id)
    return membership(person=PersonFactory(organisation=hub), **facts)


def waiting(cast: Cast) -> Card:
    return member(cast).cards.get()


def text(response: Any) -> str:
    return response.content.decode()


def move(client: Client, row: Card, becomes: str) -> Any:
    return client.post(
        reverse("members:card_move", args=[row.pk]), {"becomes": becomes}, follow=True
    )


def fresh(row: Card) -> Card:
    return Card.objects.get(pk=row.pk)


def test_from_the_list_to_the_members_hand(cast: Cast, client_as: Clients) -> None:
    # Given two who have just joined
    one, two = waiting(cast), waiting(cast)
    assert one.person is not None
    assert two.person is not None
    client = client_as(cast.access_point_staff)
    queue = client.get(reverse("members:card_queue"))
    for row in (one, two):
        assert row.person.name in text(queue)
        # The list says who waits; the number stands on the card's own page.
        assert as_printed(row.number) not in text(queue)
    # When both are put on a sheet, the button being pressed twice
    form = {
        "key": str(uuid.uuid4()),
        "organisation": str(cast.organisation_id),
        "first_place": "3",
    }
    for _click in range(2):
        page = client.post(reverse("members:card_sheet_make"), form, follow=True)
    [sheet] = CardSheet.objects.all()
    assert "place 3" in text(page)
    assert as_printed(one.number) in text(page)
    pdf = client.get(reverse("members:card_sheet_pdf", args=[sheet.pk]))
    assert pdf.content.startswith(b"%PDF")
    assert fresh(one).state == State.REQUESTED
    # And one is spoilt
    done = client.post(
        reverse("members:card_sheet", args=[sheet.pk]), {"spoilt": [str(two.pk)]}, follow=True
    )
    assert "wait to be printed again" in text(done)
    assert [fresh(one).state, fresh(two).state] == [State.PRINTED, State.REQUESTED]
    # Then the other is handed over
    client.post(reverse("members:card_move", args=[one.pk]), {"becomes": "issued", "back": "queue"})
    assert fresh(one).state == State.ISSUED
    assert one.person.name not in text(client.get(reverse("members:card_queue")))


@pytest.mark.parametrize(
    "form",
    [
        {"first_place": "11"},
        {"first_place": "x"},
        {"organisation": str(uuid.uuid4())},
        {"key": "none"},
    ],
)
def test_a_sheet_that_cannot_be_is_said(
    cast: Cast, client_as: Clients, form: dict[str, str]
) -> None:
    waiting(cast)
    full = {
        "key": str(uuid.uuid4()),
        "organisation": str(cast.organisation_id),
        "first_place": "1",
    }
    page = client_as(cast.access_point_staff).post(
        reverse("members:card_sheet_make"), full | form, follow=True
    )
    assert "a place from 1 to 10" in text(page)
    assert not CardSheet.objects.exists()


def test_a_lost_card_is_replaced_in_one_press(cast: Cast, client_as: Clients) -> None:
    row = card(membership=member(cast))
    client = client_as(cast.access_point_staff)
    assert "Lost" in text(client.get(reverse("members:card", args=[row.pk])))
    for _click in range(2):
        page = move(client, row, "lost")
    new = Card.objects.get(replaces=row)
    assert page.redirect_chain[-1][0] == reverse("members:card", args=[new.pk])
    assert as_printed(new.number) in text(page)
    assert "print it" in text(page)
    old = text(client.get(reverse("members:card", args=[row.pk])))
    assert "<strong>Replaced by another</strong>, lost" in old
    assert "Print on A4" not in old
    move(client, new, "issued")
    assert fresh(new).state == State.ISSUED


def test_a_card_is_taken_back_and_its_paper_with_it(cast: Cast, client_as: Clients) -> None:
    row = card(membership=member(cast))
    client = client_as(cast.hub_lead)
    paper = reverse("members:card_pdf", args=[row.pk])
    assert client.get(paper).status_code == 200
    assert client.get(f"{paper}?sheet").content.startswith(b"%PDF")
    assert "taken back" in text(move(client, row, "revoked"))
    assert client.get(paper).status_code == 404
    page = move(client, row, "issued")
    assert "not in use any more" in text(page)


def test_what_nobody_can_say_of_a_card_changes_nothing(cast: Cast, client_as: Clients) -> None:
    row = card(membership=member(cast))
    client = client_as(cast.access_point_staff)
    for becomes in ("", "requested", "replaced", "expired"):
        move(client, row, becomes)
    assert fresh(row).state == State.ISSUED


def test_everybody_of_a_household_gets_one(cast: Cast, client_as: Clients) -> None:
    row = member(cast, plan=PlanFactory(kind=Plan.Kind.HOUSEHOLD, people_at_most=3))
    other = PersonFactory(organisation=row.organisation)
    share_membership(membership=row, person=other, by=cast.access_point_staff)
    client = client_as(cast.access_point_staff)
    page = client.get(reverse("members:membership_cards", args=[row.pk]))
    assert row.person is not None
    for person in (row.person, other):
        assert person.name in text(page)
    # One was taken back: another can be made here.
    theirs = row.cards.get(person=other)
    move(client, theirs, "revoked")
    client.post(reverse("members:card_ask", args=[row.pk, other.pk]))
    assert row.cards.live().get(person=other).number != theirs.number
    stranger = PersonFactory(organisation=row.organisation)
    asked = client.post(reverse("members:card_ask", args=[row.pk, stranger.pk]))
    assert asked.status_code == 404


def test_nothing_at_the_desks_card_pages_tells_paid_from_free(
    cast: Cast, client_as: Clients
) -> None:
    client = client_as(cast.access_point_staff)
    pages = []
    for source in ("payment", "concession"):
        row = member(cast, source=source)
        one = row.cards.get()
        page = text(client.get(reverse("members:card", args=[one.pk])))
        assert "safety net" not in page
        pages.append(
            page.replace(as_printed(one.number), "").replace(row.reference, "").replace(
                row.person.name if row.person else "", ""
            )
        )  # fmt: skip
    assert len(pages[0].splitlines()) == len(pages[1].splitlines())


def test_another_access_point_sees_none_of_it(cast: Cast, client_as: Clients) -> None:
    row = waiting(cast)
    client = client_as(cast.stranger("access_point_staff"))
    assert row.person is not None
    assert row.person.name not in text(client.get(reverse("members:card_queue")))
    for name, key in (
        ("card", row.pk),
        ("card_pdf", row.pk),
        ("membership_cards", row.membership_id),
    ):
        assert client.get(reverse(f"members:{name}", args=[key])).status_code == 404
    assert move(client, row, "issued").status_code == 404


def test_each_look_is_written_down(cast: Cast, client_as: Clients) -> None:
    row = waiting(cast)
    client = client_as(cast.access_point_staff)
    client.get(reverse("members:card_queue"))
    client.get(reverse("members:card", args=[row.pk]))
    client.get(reverse("members:card_pdf", args=[row.pk]))
    kinds = set(
        Event.objects.filter(actor_user=cast.access_point_staff.pk).values_list("type", flat=True)
    )
    assert {"card:listed", "card:viewed", "card:fetched"} <= kinds
    [listed] = Event.objects.filter(type="card:listed")
    assert listed.details["people"] == [str(row.person_id)]


def test_the_list_costs_the_same_for_more(cast: Cast, client_as: Clients) -> None:
    client = client_as(cast.access_point_staff)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse("members:card_queue")).status_code == 200
        return len(captured)

    for _n in range(3):
        waiting(cast)
        card(membership=member(cast), state=State.PRINTED)
    client.get(reverse("members:card_queue"))
    few = queries()
    for _n in range(3):
        waiting(cast)
        card(membership=member(cast), state=State.PRINTED)
    assert queries() == few


# --- A shop rings --------------------------------------------------------------------------------------


def ring(client: Client, number: str) -> Any:
    return client.post(reverse("members:card_check"), {"number": number})


def test_a_shop_that_rings_hears_what_the_till_would_say(cast: Cast, client_as: Clients) -> None:
    client = client_as(cast.access_point_staff)
    good, gone = card(), card(state="revoked")
    assert good.person is not None
    page = text(ring(client, as_printed(good.number)))
    assert "Valid until" in page
    assert good.person.name not in page
    pages = {text(ring(client, number)).replace(as_printed(number), "")
             for number in (gone.number, new_number())}  # fmt: skip
    assert all("Not valid" in one for one in pages)
    assert "10 digits" in text(ring(client, "12 345"))


def test_staff_cannot_try_numbers_all_day(
    cast: Cast, client_as: Clients, time_machine: Any
) -> None:
    time_machine.move_to("2026-11-23T10:00:01Z", tick=False)
    client = client_as(cast.access_point_staff)
    codes = [ring(client, new_number()).status_code for _n in range(BY_TELEPHONE.times + 1)]
    assert codes == [200] * BY_TELEPHONE.times + [429]
