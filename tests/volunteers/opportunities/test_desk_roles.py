"""Roles at the desk: written, opened, filled, closed; nobody else's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.conftest import Cast
from tests.factories.person import access_point
from tests.factories.volunteering import OpportunityFactory
from volunteers.models import Opportunity

pytestmark = pytest.mark.django_db
ClientAs = Callable[..., Client]


def typed(cast: Cast, **changes: Any) -> dict[str, Any]:
    return {
        "organisation": str(cast.organisation_id),
        "name": "Tea and a chat",
        "summary": "Make tea and talk.",
        "kind": "regular",
        "where": "home",
        "minimum_age": "18",
        "day_1": "2",
        "from_1": "10am",
        "until_1": "noon",
        **changes,
    }


def test_a_role_is_written_opened_and_closed(cast: Cast, client_as: ClientAs) -> None:
    access_point(cast.organisation_id)
    client = client_as(cast.volunteer_manager)
    response = client.post(reverse("volunteers:desk_role_new"), typed(cast))
    role = Opportunity.objects.get()
    assert response["Location"] == reverse("volunteers:desk_role", args=[role.pk])
    assert [str(row) for row in role.times.all()] == ["2 10:00–12:00"]
    public = reverse("volunteers:role", args=[role.slug, role.short_id])
    assert Client().get(public).status_code == 404
    move = reverse("volunteers:desk_role_move", args=[role.pk])
    client.post(move, {"to": "open", "version": role.version})
    assert Client().get(public).status_code == 200
    # The page of a moment ago: the second of two is told.
    text = client.post(move, {"to": "cancelled", "version": role.version}, follow=True).content
    assert b"Somebody else has changed this role" in text
    assert client.post(move, {"to": "nonsense"}).status_code == 404
    client.post(move, {"to": "done"})
    assert Opportunity.objects.get().state == "done"


def test_a_changed_role_keeps_its_state_and_the_second_editor_is_told(
    cast: Cast, client_as: ClientAs
) -> None:
    role = OpportunityFactory(organisation=access_point(cast.organisation_id))
    client = client_as(cast.volunteer_manager)
    change = reverse("volunteers:desk_role_change", args=[role.pk])
    client.post(change, typed(cast, version=role.version, name="Tea"))
    saved = Opportunity.objects.get()
    assert (saved.name, saved.state, saved.slug) == ("Tea", "open", "tea")
    late = client.post(change, typed(cast, version=role.version, name="Coffee"))
    assert late.status_code == 422
    assert Opportunity.objects.get().name == "Tea"


def test_what_is_wrong_is_said(cast: Cast, client_as: ClientAs) -> None:
    access_point(cast.organisation_id)
    sent = typed(cast, until_1="9am", day_2="3", checks_needed=["dbs"])
    response = client_as(cast.volunteer_manager).post(reverse("volunteers:desk_role_new"), sent)
    assert response.status_code == 422
    assert {"until_1", "day_2", "dbs_level"} <= set(response.context["form"].errors)


def test_a_role_cannot_be_written_for_another_organisation(cast: Cast, client_as: ClientAs) -> None:
    access_point(cast.organisation_id)
    other = access_point(cast.other_organisation_id, "Another")
    sent = typed(cast, organisation=str(other.pk))
    response = client_as(cast.volunteer_manager).post(reverse("volunteers:desk_role_new"), sent)
    assert response.status_code == 422
    assert not Opportunity.objects.exists()


def test_twice_as_many_roles_take_as_many_queries(cast: Cast, client_as: ClientAs) -> None:
    here = access_point(cast.organisation_id)
    client = client_as(cast.volunteer_manager)

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(reverse("volunteers:desk_roles")).status_code == 200
        return len(seen)

    OpportunityFactory.create_batch(3, organisation=here)
    queries()
    few = queries()
    OpportunityFactory.create_batch(3, organisation=here)
    assert queries() == few


def test_a_manager_elsewhere_moves_nothing(cast: Cast, client_as: ClientAs) -> None:
    role = OpportunityFactory(organisation=access_point(cast.organisation_id))
    client = client_as(cast.stranger("volunteer_manager"))
    move = reverse("volunteers:desk_role_move", args=[role.pk])
    assert client.post(move, {"to": "done"}).status_code == 404
    assert Opportunity.objects.get().state == "open"
