from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from directory.models import Organisation
from members.models import Plan
from tests.conftest import Cast
from tests.factories.membership import PlanFactory
from tests.factories.person import access_point


@pytest.fixture
def desk(cast: Cast) -> Organisation:
    return access_point(cast.organisation_id, name="A desk")


@pytest.fixture
def plan(desk: Organisation) -> Plan:
    return PlanFactory(code="one", name="One person", terms__price_pence=1000)


@pytest.fixture
def free_plan(desk: Organisation) -> Plan:
    return PlanFactory(code="free", name="Friend", terms__price_pence=0)


@pytest.fixture
def who(desk: Organisation) -> dict[str, Any]:
    """The page about who they are, as somebody fills it in."""
    return {
        "given_name": "Winifred",
        "family_name": "Example",
        "date_of_birth_day": "3",
        "date_of_birth_month": "april",
        "date_of_birth_year": "1941",
        "address_1": "1 Example Terrace",
        "town": "Exampleton",
        "postcode": "dl37xx",
        "contact_by": "post",
        "formats": ["print_24"],
        "organisation": str(desk.pk),
    }


@pytest.fixture
def answer_all(client: Client, who: dict[str, Any]) -> Callable[..., Client]:
    """Somebody at the website who has answered everything and looks at the last page."""

    def answer(plan: str = "one", pay: str | None = "desk", **facts: Any) -> Client:
        client.post("/join/", {"plan": plan})
        client.post("/join/you/", {**who, **facts})
        if pay is not None:
            client.post("/join/pay/", {"pay": pay})
        return client

    return answer
