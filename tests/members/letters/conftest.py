from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from dateutil.relativedelta import relativedelta
from django.utils import timezone

from members.models import Membership, Person
from tests.factories.membership import membership
from tests.factories.person import PersonFactory, access_point

HOME = {"address_1": "1 Example Terrace", "town": "Exampleton", "postcode": "DL3 7XX"}


@pytest.fixture(autouse=True)
def _known_by_a_short_address(settings: Any) -> None:
    settings.NETWORK_SHORT_ADDRESS = "help.example"
    settings.NETWORK_NAME = "Darlington Community Support Network"
    settings.HELPLINE_NUMBER = "01632 960 100"
    settings.HELPLINE_HOURS = "Monday to Friday, 9am to 5pm"


@pytest.fixture
def member(cast: Any) -> Callable[..., Membership]:
    """A member whose year ends in so many days, at the cast's access point."""

    def make(*, ends_in: int = 30, joined_ago: int | None = None, **facts: Any) -> Membership:
        today = timezone.localdate()
        if joined_ago is None:
            # A year from that day ends in ``ends_in`` days, and in a leap year about then.
            until = today + timedelta(days=ends_in + 1)
            joined = until - relativedelta(years=1)
        else:
            joined = today - timedelta(days=joined_ago)
        membership_facts = {
            name: facts.pop(name) for name in ("plan", "source", "via") if name in facts
        }
        hub = access_point(cast.organisation_id, name="Darlington Association on Disability")
        person: Person = facts.pop("person", None) or PersonFactory(
            organisation=hub, **{**HOME, **facts}
        )
        row = membership(person=person, joined=joined, **membership_facts)
        if joined_ago is None:
            row.terms.update(ends_on=today + timedelta(days=ends_in))
        return row

    return make
