"""What an import leaves alone, takes away, refuses, and writes down."""

from __future__ import annotations

import json

import pytest
from django.core.management import CommandError

from dcsn.audit.models import Event as AuditEvent
from directory.actions import imports
from directory.models import (
    Location,
    Organisation,
    Phone,
    SearchEntry,
    Service,
    Taxonomy,
    TaxonomyTerm,
)
from tests.directory.importing import command, run, tables

pytestmark = pytest.mark.django_db

ORGANISATIONS = "id,name,description,url\n1,Tea Club,We make tea,"
SERVICES = "id,organization_id,name,description,status,fees\n7,1,Tea and cake,Every week.,active,"


@pytest.fixture
def source(tmp_path):
    return tables(tmp_path, organizations=ORGANISATIONS, services=SERVICES)


def test_an_id_that_is_no_uuid_is_the_same_in_every_import_and_differs_between_sources(source):
    run(source, source="one")
    first = Service.objects.get().id
    run(source, source="one")
    assert Service.objects.get().id == first

    run(source, source="two")
    assert Service.objects.count() == 2


def test_a_changed_cell_updates_one_service_and_its_search_entry(source):
    run(source)
    before = Service.objects.get().last_modified
    indexed = SearchEntry.objects.get().vector
    tables(source, services=SERVICES.replace("Every week.", "Every day."))

    report = run(source)

    assert report.last_line == "0 created, 1 updated, 0 unchanged, 0 problems"
    service = Service.objects.get()
    assert service.description == "Every day."
    assert service.last_modified > before
    assert SearchEntry.objects.get().vector != indexed


def test_a_changed_phone_counts_as_a_change_of_its_service(source):
    tables(source, phones="id,service_id,number\n1,7,01632 960001\n2,7,01632 960002")
    run(source)
    before = Service.objects.get().last_modified
    tables(source, phones="id,service_id,number\n1,7,01632 960003")

    assert run(source).last_line.startswith("0 created, 1 updated, 0 unchanged")
    assert list(Phone.objects.values_list("number", flat=True)) == ["01632 960003"]
    assert Service.objects.get().last_modified > before


def test_a_changed_organisation_counts_for_its_services(source):
    run(source)
    tables(source, organizations=ORGANISATIONS.replace("Tea Club", "Tea House"))
    report = run(source)
    assert report.last_line.startswith("0 created, 1 updated, 0 unchanged")
    assert report.outcome.touched == {Service.objects.get().id}


def test_what_the_source_does_not_speak_of_is_left_as_it_is(source):
    run(source)
    service = Service.objects.get()
    Phone.objects.create(service=service, number="01632 960009")
    service.alert = "Closed on Friday"
    service.summary = "Written by a person"
    service.save()

    assert run(source).last_line.startswith("0 created, 0 updated, 1 unchanged")
    service.refresh_from_db()
    assert (service.alert, service.summary) == ("Closed on Friday", "Written by a person")
    assert service.phones.count() == 1


def test_topics_that_staff_gave_stay_when_the_source_s_own_change(source):
    tables(
        source,
        taxonomies="id,name\nt,Theirs",
        taxonomy_terms="id,name,taxonomy_id\na,Cake,t\nb,Tea,t",
        services_taxonomy="id,service_id,taxonomy_id\n1,7,a",
    )
    run(source)
    ours = TaxonomyTerm.objects.create(
        taxonomy=Taxonomy.objects.create(name="Ours"), name="Company", slug="company"
    )
    Service.objects.get().terms.add(ours)
    tables(source, services_taxonomy="id,service_id,taxonomy_id\n1,7,b")

    run(source)

    names = set(Service.objects.get().terms.values_list("name", flat=True))
    assert names == {"Company", "Tea"}


def test_a_new_phone_does_not_take_the_topics_of_staff_away(source):
    tables(
        source,
        taxonomies="id,name\nt,Theirs",
        taxonomy_terms="id,name,taxonomy_id\na,Cake,t",
        services_taxonomy="id,service_id,taxonomy_id\n1,7,a",
        phones="id,service_id,number\n1,7,01632 960001",
    )
    run(source)
    ours = TaxonomyTerm.objects.create(
        taxonomy=Taxonomy.objects.create(name="Ours"), name="Company", slug="company"
    )
    Service.objects.get().terms.add(ours)
    tables(source, phones="id,service_id,number\n1,7,01632 960001\n2,7,01632 960002")

    assert run(source).last_line.startswith("0 created, 1 updated")
    assert set(Service.objects.get().terms.values_list("name", flat=True)) == {"Cake", "Company"}
    assert Phone.objects.count() == 2


def test_good_rows_land_beside_bad_ones_which_are_said_with_file_line_and_column(source):
    tables(
        source,
        services=(
            "id,organization_id,name,description,status,minimum_age,email\n"
            '7,1,Tea,"two\nlines",active,,\n'
            "8,1,,No name,active,,\n"
            "9,99,Lost,No such organisation,active,,\n"
            "10,1,Soup,,somehow,minus,not an address\n"
        ),
    )

    said = command(str(source))

    assert set(Service.objects.values_list("name", flat=True)) == {"Tea", "Soup"}
    assert "services.csv, line 4, name: It has no name and was left out." in said
    assert (
        "services.csv, line 5, organisation_id: Its organisation is not in the source: the service "
        "was left out."
    ) in said
    assert "services.csv, line 6, minimum_age: It is not an age and was left out." in said
    assert "services.csv, line 6, email: It is not an e-mail address and was left out." in said
    assert said[-1] == "2 created, 0 updated, 0 unchanged, 5 problems"


def test_a_row_the_database_refuses_is_a_problem_and_the_rest_land(source, monkeypatch):
    tables(source, services=SERVICES + "\n8,1,Soup,,active,\n")
    # A rule that only the database knows, so that cleaning cannot have caught it.
    real = Service.save

    def refuse_soup(self, *args, **kwargs):
        if self.name == "Soup":
            self.status = "no such state"
        return real(self, *args, **kwargs)

    monkeypatch.setattr(Service, "save", refuse_soup)

    report = run(source)

    assert list(Service.objects.values_list("name", flat=True)) == ["Tea and cake"]
    (problem,) = report.problems
    assert (problem.whence.file, problem.whence.line) == ("services.csv", 3)
    assert "directory_service_status_known" in problem.sentence
    assert "Soup" not in problem.sentence


def test_an_import_is_one_event_of_the_audit_trail(source):
    run(source)
    (event,) = AuditEvent.objects.filter(type="services:imported")
    assert event.details == {"created": 1, "updated": 0, "unchanged": 0, "problems": 0}
    assert event.actor_job == "a test"


def test_when_the_audit_trail_cannot_be_written_nothing_is(source, monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError("the audit trail is broken")

    monkeypatch.setattr(imports, "record", broken)
    with pytest.raises(RuntimeError):
        run(source)
    assert not Service.objects.exists()
    assert not Organisation.objects.exists()


def test_a_ring_of_organisations_and_of_terms_is_broken_and_lands(tmp_path):
    tables(
        tmp_path,
        organizations="id,name,parent_organization_id\n1,One,2\n2,Two,1",
        services="id,organization_id,name\n7,1,Tea",
        taxonomy_terms="id,name,parent_id\na,A,b\nb,B,a\nc,C,nowhere",
    )
    run(tmp_path)
    assert Organisation.objects.count() == 2
    assert TaxonomyTerm.objects.count() == 3


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("list.json", "{", "is not JSON"),
        ("list.json", '{"contents": []}', "no services and no organizations"),
        ("list.json", "[" * 100_000, "is not JSON"),
        ("list.csv", "a,b\n1,2\n", "--mapping"),
        ("list.pdf", "%PDF", "neither .json, .csv nor .xlsx"),
    ],
)
def test_a_source_that_cannot_be_read_is_refused_with_a_sentence(tmp_path, name, text, sentence):
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(CommandError, match=sentence):
        command(str(path))
    assert not Organisation.objects.exists()


def test_a_folder_of_other_tables_is_refused(tmp_path):
    tables(tmp_path, stock="a,b\n1,2")
    with pytest.raises(CommandError, match=r"services\.csv and organizations\.csv"):
        command(str(tmp_path))
    with pytest.raises(CommandError, match="no file or folder"):
        command(str(tmp_path / "none"))


def test_pages_of_an_api_are_read_together(tmp_path):
    organisation = {"id": "1d4f2a10-0000-4000-8000-000000000001", "name": "Tea Club"}
    for number in (1, 2):
        service = {
            "id": f"2d4f2a10-0000-4000-8000-00000000000{number}",
            "name": f"Tea {number}",
            "status": "active",
            "organization": organisation,
            "phones": [{"id": f"3d4f2a10-0000-4000-8000-00000000000{number}", "number": "01632"}],
        }
        page = {"page_number": number, "contents": [service]}
        (tmp_path / f"services_{number}.json").write_text(json.dumps(page, indent=1))

    report = run(tmp_path)

    assert [str(problem) for problem in report.problems] == []
    assert report.last_line == "2 created, 0 updated, 0 unchanged, 0 problems"
    assert Organisation.objects.get().name == "Tea Club"
    assert Phone.objects.count() == 2
    assert not Location.objects.exists()
