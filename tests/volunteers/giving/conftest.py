"""A volunteer with a sign-in, at the organisation of the cast's manager."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import Cast
from tests.factories.person import PersonFactory, access_point
from tests.factories.volunteering import volunteer
from volunteers.models import Volunteer


@pytest.fixture
def ours(cast: Cast) -> Any:
    return access_point(cast.organisation_id)


@pytest.fixture
def who(cast: Cast, ours: Any) -> Volunteer:
    person = PersonFactory(organisation=ours, email="robin@example.org", contact_by="email")
    return volunteer(organisation=ours, person=person, user=cast.nobody)
