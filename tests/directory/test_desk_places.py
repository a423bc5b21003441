"""Changing where a service is given, and adding organisations and services."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from dcsn.jobs import Job, start_job
from directory.actions.printing import PRINT_JOB
from directory.models import (
    Address,
    DirectoryWord,
    Location,
    Organisation,
    PostcodePlace,
    Service,
)
from directory.search import reindex
from tests.factories.organisation import OrganisationFactory, PhoneFactory
from tests.factories.service import ServiceFactory

pytestmark = pytest.mark.django_db

SECRET = "14 Hidden Mews"


@pytest.fixture
def service(cast):
    return ServiceFactory(organisation=OrganisationFactory(id=cast.organisation_id))


@pytest.fixture
def place(service):
    location = Location.objects.create(
        name="Safe House", latitude=54.5, longitude=-1.5, precision="unit",
        transportation="Bus 3 to Hidden Mews",
    )  # fmt: skip
    Address.objects.create(
        location=location, address_1=SECRET, city="Darlington", postal_code="DL1 5QQ"
    )
    service.service_at_locations.create(location=location)
    return location


def address_of(service, place=None):
    if place is None:
        return reverse("directory_desk:add-place", args=[service.pk])
    return reverse("directory_desk:place", args=[service.pk, place.pk])


def test_a_place_is_added_and_found_on_the_map(cast, client_as, client, service):
    PostcodePlace.objects.create(code="DL1 5QQ", level="unit", latitude=54.52, longitude=-1.55)

    client_as(cast.provider_editor).post(
        address_of(service),
        {
            "name": "Village Hall",
            "address_1": "Mill Lane",
            "city": "Hurworth",
            "postal_code": "dl15qq",
        },
    )

    location = service.service_at_locations.get().location
    assert (location.latitude, location.precision) == (54.52, "unit")
    page = client.get(service.get_absolute_url()).content.decode().replace("\u00a0", " ")
    assert "Village Hall, Mill Lane, Hurworth, DL1 5QQ" in page


def test_a_place_made_confidential_is_nowhere_in_the_database(cast, client_as, service, place):
    client_as(cast.directory_editor).post(
        address_of(service, place),
        {
            "is_confidential": "on",
            "name": "Safe House",
            "address_1": SECRET,
            "postal_code": "DL1 5QQ",
        },
    )

    place.refresh_from_db()
    assert place.is_confidential
    assert (place.latitude, place.longitude, place.name, place.transportation) == (
        None,
        None,
        "",
        "",
    )
    tables = connection.introspection.table_names()
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(
                f"SELECT count(*) FROM {connection.ops.quote_name(table)} t "  # noqa: S608
                "WHERE t::text ILIKE %s",
                [f"%{SECRET.split(maxsplit=1)[1]}%"],
            )
            assert cursor.fetchone() == (0,), table


def test_a_mistake_keeps_what_was_typed(cast, client_as, service):
    response = client_as(cast.directory_editor).post(
        address_of(service), {"transportation": "Bus 3", "postal_code": "nowhere"}
    )

    page = response.content.decode()
    assert response.status_code == 422
    assert "Enter a full postcode" in page
    assert "Give the address, or the name of the building" in page
    assert "Bus 3" in page


def test_a_hall_shared_with_others_is_not_one_club_s_to_move(cast, client_as, service, place):
    ServiceFactory(organisation__id=cast.other_organisation_id).service_at_locations.create(
        location=place
    )
    data = {"name": "Moved", "address_1": "Elsewhere"}

    assert client_as(cast.provider_editor).post(address_of(service, place), data).status_code == 403
    assert (
        client_as(cast.directory_editor).post(address_of(service, place), data).status_code == 302
    )
    place.refresh_from_db()
    assert place.name == "Moved"


def test_a_place_of_another_service_is_absent(cast, client_as, service, place):
    other = ServiceFactory(organisation=service.organisation)

    assert client_as(cast.directory_editor).get(address_of(other, place)).status_code == 404


def test_taking_it_away_keeps_a_place_that_others_use(cast, client_as, service, place):
    other = ServiceFactory()
    other.service_at_locations.create(location=place)
    client = client_as(cast.directory_editor)

    client.post(reverse("directory_desk:place-remove", args=[service.pk, place.pk]))
    assert Location.objects.filter(pk=place.pk).exists()

    client.post(reverse("directory_desk:place-remove", args=[other.pk, place.pk]))
    assert not Location.objects.filter(pk=place.pk).exists()


def test_an_organisation_and_its_service_are_added_and_published(cast, client_as, client):
    editor = client_as(cast.directory_editor)
    editor.post(
        reverse("directory_desk:add-organisation"),
        {"name": "The New Lunch Club", "phone": "01632960777", "published": "on"},
    )
    organisation = Organisation.objects.get(name="The New Lunch Club")
    assert organisation.phones.get().number == "01632 960777"

    editor.post(
        reverse("directory_desk:add-service"),
        {"organisation": organisation.pk, "name": "Lunch on Fridays"},
    )
    service = Service.objects.get(name="Lunch on Fridays")
    assert client.get(service.get_absolute_url()).status_code == 404

    form = editor.get(reverse("directory_desk:service", args=[service.pk])).context["form"]
    response = editor.post(
        reverse("directory_desk:service", args=[service.pk]),
        {
            "name": service.name,
            "phone": "01632 960 778",
            "status": "active",
            "cost": "free",
            "capacity": "open",
            "bank_holidays": "closed",
            "published": "on",
            "seen": form["seen"].value(),
        },
    )
    assert response.status_code == 302
    page = client.get(service.get_absolute_url()).content.decode().replace("\u00a0", " ")
    assert "01632 960778" in page or "01632 960 778" in page
    assert "Lunch on Fridays" in client.get("/services/?q=lunch+on+fridays").content.decode()


def test_an_organisation_does_not_make_itself_an_access_point(cast, client_as):
    organisation = OrganisationFactory(id=cast.organisation_id, name="Riverside Trust")
    PhoneFactory(organisation=organisation, number="01632 960 111")

    response = client_as(cast.provider_editor).post(
        reverse("directory_desk:organisation", args=[organisation.pk]),
        {"name": "Riverside Trust", "phone": "", "is_access_point": "on"},
    )

    assert response.status_code == 302
    organisation.refresh_from_db()
    assert not organisation.is_access_point
    assert organisation.published
    assert not organisation.phones.exists()


def test_a_provider_adds_services_to_its_own_organisation_only(cast, client_as, service):
    other = OrganisationFactory(id=cast.other_organisation_id)

    response = client_as(cast.provider_editor).post(
        reverse("directory_desk:add-service"), {"organisation": other.pk, "name": "Not mine"}
    )

    assert response.status_code == 422
    assert not Service.objects.filter(name="Not mine").exists()


def test_every_action_leaves_the_index_as_a_rebuild_would(cast, client_as, service, place):
    client_as(cast.directory_editor).post(
        address_of(service, place), {"name": "New Hall", "address_1": "New Street"}
    )
    before = list(service.search_entry.__class__.objects.values("service", "vector", "facets"))

    call_command("reindex_directory", verbosity=0)

    after = list(service.search_entry.__class__.objects.values("service", "vector", "facets"))
    assert before == after


def test_its_street_is_suggested_no_more_once_it_is_confidential(
    cast, client_as, client, service, place
):
    """ "Hidden" led to nobody's place but this one; "Darlington" still leads to another's."""
    other = ServiceFactory(name="A walk round Darlington")
    reindex([service.pk, other.pk])
    suggest = reverse("directory:suggest")

    def suggested(letters):
        return [one["text"] for one in client.get(suggest, {"q": letters}).json()["suggestions"]]

    assert "hidden" in suggested("hidd")
    client_as(cast.directory_editor).post(address_of(service, place), {"is_confidential": "on"})
    place.refresh_from_db()
    assert place.is_confidential
    assert suggested("hidd") == []
    assert not DirectoryWord.objects.filter(word__in=["hidden", "mews"]).exists()
    assert DirectoryWord.objects.filter(word="darlington").exists()


def test_a_long_print_made_before_is_taken_back(
    cast, client_as, client, service, place, django_capture_on_commit_callbacks
):
    """Somebody asked for a print, then the place became confidential, then they come to fetch it."""
    job = start_job(
        PRINT_JOB, by=None, parameters={"letter": "s", "size": 18, "paper": "white"}, key="print"
    )
    file = job.folder / "result" / "print.pdf"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"%PDF-1.7 " + SECRET.encode())
    now = timezone.now()
    Job.objects.filter(pk=job.pk).update(
        state="done", result_name="print.pdf", ended_at=now, expires_at=now + timedelta(days=1)
    )
    address = reverse("jobs:file", args=[job.pk])
    before = client.get(address)
    assert SECRET.encode() in b"".join(before.streaming_content)

    with django_capture_on_commit_callbacks(execute=True):
        client_as(cast.directory_editor).post(address_of(service, place), {"is_confidential": "on"})

    assert client.get(address).status_code == 404
    assert not list(job.folder.rglob("*.pdf"))
