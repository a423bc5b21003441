from __future__ import annotations

import pytest

from directory.models import Organisation
from tests.factories.person import access_point
from tests.factories.service import ServiceFactory


@pytest.fixture
def desk(cast) -> Organisation:
    """The cast's access point; it posts, because it is the first in the list."""
    return access_point(cast.organisation_id, name="A desk")


@pytest.fixture
def service(db):
    return ServiceFactory(name="Nail cutting", phone="01632 960 123")


@pytest.fixture
def typed() -> dict[str, str]:
    """The form of "Post it to me" as somebody fills it in."""
    return {
        "key": "5f3b6f0e-5c58-4d5e-9b43-0c1f6f4d8f11",
        "name": "Winifred Example",
        "address_1": "1 Example Terrace",
        "address_2": "",
        "town": "Exampleton",
        "postcode": "dl37xx",
        "size": "24",
        "easy_read": "",
        "other_format": "",
        "phone": "",
        "email": "",
        "agree": "on",
    }
