"""A service about which everything is known, and a network with a help line."""

from __future__ import annotations

from datetime import date, time

import pytest

from directory.models import (
    AccessFact,
    Address,
    CostOption,
    Language,
    Location,
    OpeningRule,
    Service,
)
from tests.factories.organisation import OrganisationFactory
from tests.factories.place import LocationFactory
from tests.factories.service import ServiceFactory


@pytest.fixture(autouse=True)
def paper_settings(settings):
    settings.HELPLINE_NUMBER = "01632 960 100"
    settings.HELPLINE_HOURS = "Monday to Friday, 9am to 5pm"
    settings.NETWORK_SHORT_ADDRESS = "network.example"
    settings.DEMONSTRATION = False


@pytest.fixture
def known(db) -> Service:
    """Nail cutting at Tŷ Gŵyr House, with every fact filled in."""
    house = LocationFactory(
        name="Tŷ Gŵyr House",
        address=False,
        transportation="Bus 7 stops outside; see https://bus.example.org/7 for times.",
    )
    Address.objects.create(
        location=house, address_1="12 Mill Lane", city="Exampleton", postal_code="DL3 7XX"
    )
    AccessFact.objects.create(location=house, kind="step_free", value="yes")
    AccessFact.objects.create(location=house, kind="toilet", value="yes", note="ask for the key")
    AccessFact.objects.create(location=house, kind="parking", value="no")
    service = ServiceFactory(
        name="Nail cutting",
        organisation=OrganisationFactory(name="Łódź and Example Age Charity"),
        summary="Trims toenails for people over 50 who cannot reach them.",
        description="We **trim** and file.\n\n* Bring *slippers*\n* See [our page](https://feet.example.org) "
        "or www.feet.example.org\n\n## Afterwards\n\nRest at home until 2.30 pm.",
        application_process="Ring us, or ask anybody to ring for you.",
        required_documents="Your list of medicines",
        eligibility_description="People over 50 who live in the borough",
        minimum_age=50,
        cost="paid",
        fees_description="Bring cash. We have no card machine.",
        delivery=["at_place"],
        checked_on=date(2026, 11, 3),
        checked_by="Directory editor",
        phone="01632 960 234",
        places=[house],
    )
    CostOption.objects.create(service=service, amount=1100, amount_description="a visit")
    for weekday, opens, closes in [(1, time(10), time(12)), (3, time(13, 30), time(16))]:
        OpeningRule.objects.create(
            service=service, weekday=weekday, opens_at=opens, closes_at=closes
        )
    service.languages.add(Language.objects.create(code="pl", name="Polish"))
    return service


@pytest.fixture
def refuge(db) -> Service:
    """A service at a place that nobody may learn."""
    place = LocationFactory(name="Secret House", is_confidential=True, address=False)
    assert Location.objects.filter(pk=place.pk, latitude=None).exists()
    # The constraints do not forbid an address row, so that the test of what is shown means something.
    Address.objects.create(
        location=place, address_1="99 Hidden Road", city="Exampleton", postal_code="DL1 9ZZ"
    )
    AccessFact.objects.create(location=place, kind="bus", value="yes", note="Hidden Road stop")
    return ServiceFactory(name="A safe place", phone="01632 960 999", places=[place])
