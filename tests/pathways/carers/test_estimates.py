"""How many carers there may be: written down with a source, and never changed afterwards."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from dcsn.audit.models import AppendOnlyError, Event
from pathways.actions.carer_estimates import add_estimate
from pathways.models import CarerEstimate
from pathways.refusals import NotPossible
from tests.conftest import Cast

pytestmark = pytest.mark.django_db
AsClient = Callable[..., Client]


def estimate(cast: Cast, **facts: Any) -> CarerEstimate:
    typed = {
        "area": "Oxfordshire",
        "carers": 60_000,
        "known_elsewhere": 9_000,
        "as_of": date(2009, 1, 1),
        "source": "Strategy of 2009",
    }
    return add_estimate(**{**typed, **facts}, by=cast.commissioner)


def typed(**more: Any) -> dict[str, Any]:
    return {
        "area": "Oxfordshire",
        "carers": "60000",
        "known_elsewhere": "9000",
        "as_of_day": "1",
        "as_of_month": "1",
        "as_of_year": "2009",
        "source": "Strategy of 2009",
        **more,
    }


def test_a_newer_figure_takes_the_place_and_the_older_stays(
    cast: Cast, client_as: AsClient
) -> None:
    client, address = client_as(cast.commissioner), reverse("pathways:carer_estimates")
    for _time in range(2):
        assert client.post(address, typed()).status_code == 302
    assert CarerEstimate.objects.count() == 1, "a double click is one figure"
    assert "about 15% are known" in client.get(reverse("pathways:carers")).content.decode()
    # When a newer figure comes, written in other letters, and an older one later still
    client.post(
        address, typed(area="oxfordshire", carers="90000", as_of_year="2011", source="Census")
    )
    client.post(address, typed(carers="45000", as_of_year="2001", source="Census of 2001"))
    # Then the newest by its own day is shown to everybody, and all are on the list
    shown = Client().get(reverse("pathways:carers")).content.decode()
    assert "Oxfordshire: about 10% are known, 9,000 of 90,000" in shown
    assert "15%" not in shown
    page = client.get(address).content.decode()
    for words in ("60,000", "90,000", "45,000", "1 January 2009", "Strategy of 2009"):
        assert words in page
    assert page.count("govuk-tag--green") == 1
    assert cast.commissioner.name in page
    assert f"{timezone.localdate():%Y}" in page
    found = Event.objects.filter(type="carer:estimated")
    assert found.count() == 3
    assert {event.actor_user for event in found} == {cast.commissioner.pk}


def test_another_figure_of_the_same_day_is_refused_and_nothing_typed_is_lost(
    cast: Cast, client_as: AsClient
) -> None:
    estimate(cast)
    answer = client_as(cast.commissioner).post(
        reverse("pathways:carer_estimates"), typed(carers="61000", source="My own count")
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.count("There is another figure of that day") == 2
    assert 'value="61000"' in page
    assert 'value="My own count"' in page
    assert CarerEstimate.objects.get().carers == 60_000


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"known_elsewhere": "60001"}, "More are known than there are carers"),
        ({"as_of_year": "2999"}, "This day has not come yet"),
        ({"source": ""}, "Say where the figure comes from"),
        ({"carers": "many"}, "Enter a whole number"),
    ],
)
def test_what_is_wrong_is_said_by_its_field(
    cast: Cast, client_as: AsClient, wrong: dict[str, str], told: str
) -> None:
    answer = client_as(cast.commissioner).post(reverse("pathways:carer_estimates"), typed(**wrong))
    assert answer.status_code == 422
    assert answer.content.decode().count(told) == 2
    assert not CarerEstimate.objects.exists()


def test_an_estimate_is_changed_neither_in_python_nor_in_sql(cast: Cast) -> None:
    known = estimate(cast)
    known.carers = 2
    for attempt in (
        known.save,
        known.delete,
        CarerEstimate.objects.all().delete,
        lambda: CarerEstimate.objects.update(carers=2),
    ):
        with pytest.raises(AppendOnlyError):
            attempt()
    for statement in (
        "UPDATE pathways_carerestimate SET carers = 90000",
        "UPDATE pathways_carerestimate SET source = 'x'",
        "DELETE FROM pathways_carerestimate",
    ):
        with (
            pytest.raises(DatabaseError, match="neither changed nor deleted"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE pathways_carerestimate SET made_by_id = NULL")
    known.refresh_from_db()
    assert known.made_by is None, "an account may be forgotten"


@pytest.mark.parametrize("role", ["coordinator", "hub_lead", "finance_lead", "administrator"])
def test_nobody_else_writes_one_down_or_is_shown_the_way(
    cast: Cast, client_as: AsClient, role: str
) -> None:
    other = cast.with_role(role)
    with pytest.raises(PermissionDenied):
        add_estimate(
            area="x", carers=10, known_elsewhere=0, as_of=date(2026, 1, 1), source="x", by=other
        )
    address = reverse("pathways:carer_estimates")
    estimate(cast)
    assert address not in client_as(other).get(reverse("pathways:carers")).content.decode()
    shown = client_as(cast.commissioner).get(reverse("pathways:carers")).content.decode()
    assert address in shown


@pytest.mark.django_db(transaction=True)
def test_two_people_at_once_leave_one_figure_of_a_day(cast: Cast) -> None:
    assert cast.commissioner.pk

    def write(carers: int) -> str:
        try:
            estimate(cast, carers=carers)
        except NotPossible:
            return "refused"
        finally:
            connection.close()
        return "written"

    with ThreadPoolExecutor(4) as threads:
        done = sorted(threads.map(write, [60_000, 61_000, 62_000, 63_000]))
    assert done == ["refused"] * 3 + ["written"]
    assert CarerEstimate.objects.count() == 1
    assert Event.objects.filter(type="carer:estimated").count() == 1


def test_the_list_costs_the_same_for_twice_as_many(cast: Cast, client_as: AsClient) -> None:
    client = client_as(cast.commissioner)

    def queries() -> int:
        client.get(reverse("pathways:carer_estimates"))
        with CaptureQueriesContext(connection) as found:
            client.get(reverse("pathways:carer_estimates"))
        return len(found)

    for number in range(4):
        estimate(cast, as_of=date(2009, 1, 1) + timedelta(days=number))
    few = queries()
    for number in range(4, 12):
        estimate(cast, as_of=date(2009, 1, 1) + timedelta(days=number))
    assert queries() == few
