"""The real lists kept beside the project import whole, and a second time change nothing."""

from __future__ import annotations

from datetime import date, time

import pytest

from dcsn.audit.models import Event as AuditEvent
from directory.actions.postcodes import load_postcodes
from directory.markdown import render
from directory.models import (
    AccessFact,
    Address,
    Contact,
    Location,
    OpeningRule,
    Organisation,
    Phone,
    SearchEntry,
    Service,
    ServiceAtLocation,
    TaxonomyTerm,
)
from tests.directory.importing import command, kept_for_all, run
from tests.directory.shared_data import shared_data

pytestmark = [pytest.mark.django_db, pytest.mark.shared_data]


@pytest.fixture(scope="class")
def hounslow(django_db_setup, django_db_blocker):
    with kept_for_all(django_db_blocker):
        yield run(shared_data("hounslow_connect_uk"), source="Hounslow")


@pytest.fixture(scope="class")
def ohana(django_db_setup, django_db_blocker):
    with kept_for_all(django_db_blocker):
        yield run(shared_data("ohana_sample"), source="Ohana")


@pytest.fixture(scope="class")
def askdarcel(django_db_setup, django_db_blocker):
    with kept_for_all(django_db_blocker):
        yield run(shared_data("askdarcel_sf"), source="AskDarcel")


@pytest.mark.parametrize(
    ("source", "services", "organisations", "places"),
    [
        ("hounslow_connect_uk", 313, 313, 269),
        ("ohana_sample", 23, 8, 22),
        ("askdarcel_sf", 248, 187, 187),
        ("hsds_3_examples", 1, 1, 1),
        ("hsds_3_examples/csv", 1, 1, 1),
        ("hsds_3_examples/tabular.json", 1, 1, 1),
        ("oruk_v3_spec/examples", 1, 1, 1),
    ],
)
def test_every_service_lands_and_a_second_run_writes_nothing(
    source, services, organisations, places
):
    path = shared_data(*source.split("/"))

    first = run(path)

    assert first.last_line.startswith(f"{services} created, 0 updated, 0 unchanged, ")
    assert Service.objects.count() == services
    assert Organisation.objects.count() == organisations
    assert Location.objects.count() == places
    assert SearchEntry.objects.count() == Service.objects.publishable().count() > services * 0.9

    stamps = dict(Service.objects.values_list("id", "last_modified"))
    indexed = dict(SearchEntry.objects.values_list("service_id", "indexed_at"))
    events = AuditEvent.objects.count()
    second = run(path)

    assert second.last_line.startswith(f"0 created, 0 updated, {services} unchanged, ")
    assert not second.outcome.wrote
    assert dict(Service.objects.values_list("id", "last_modified")) == stamps
    assert dict(SearchEntry.objects.values_list("service_id", "indexed_at")) == indexed
    assert AuditEvent.objects.count() == events


def test_a_dry_run_writes_nothing_and_says_what_it_would_do():
    path = shared_data("hounslow_connect_uk")

    said = command(str(path), "--dry-run")

    assert said[-1] == "313 created, 0 updated, 0 unchanged, 1 problems"
    assert said[-2] == "This was a dry run: nothing was written."
    assert not Service.objects.exists()
    assert not Organisation.objects.exists()
    assert not AuditEvent.objects.exists()


class TestHounslow:
    @pytest.fixture(autouse=True)
    def imported(self, hounslow, db):
        self.report = hounslow

    def test_43_services_have_no_place_and_one_has_a_place_that_is_not_in_the_list(self):
        without = Service.objects.filter(service_at_locations=None)
        assert without.count() == 43 + 1
        assert all(service.has_no_place for service in without)

    def test_the_source_s_own_uuids_are_kept(self):
        service = Service.objects.get(id="ddc566b6-6a24-11eb-9439-0242ac130002")
        assert service.name == "3rd Chiswick Scout Group"
        assert (service.minimum_age, service.maximum_age) == (6, 14)
        assert service.source == "Hounslow"

    def test_every_age_in_words_was_understood(self):
        ages = Service.objects.exclude(minimum_age=None, maximum_age=None)
        assert ages.count() == 13
        assert Service.objects.filter(eligibility_rules__openness="all").count() == 1
        assert not [p for p in self.report.problems if p.column == "critera_age_group"]

    def test_free_and_paid_are_what_the_list_says(self):
        assert Service.objects.filter(cost="free").count() == 296
        assert Service.objects.filter(cost="paid").count() == 17
        priced = Service.objects.exclude(cost_options=None)
        assert all(service.cost == "paid" for service in priced)

    def test_the_one_place_that_is_not_in_the_list_is_said_with_its_line(self):
        (problem,) = self.report.problems
        assert (problem.whence.file, problem.whence.line) == ("services.csv", 1505)
        assert problem.column == "location_id"

    def test_markdown_is_kept_and_is_safe_when_shown(self):
        texts = list(Service.objects.values_list("description", flat=True))
        assert any("**" in text for text in texts)
        for text in texts:
            shown = render(text).lower()
            assert "<script" not in shown
            assert "javascript:" not in shown

    def test_summaries_are_plain_and_fit(self):
        for summary in Service.objects.values_list("summary", flat=True):
            assert summary
            assert len(summary) <= 400
            assert "**" not in summary


def test_places_without_a_position_get_one_from_their_postcode(tmp_path):
    postcodes = tmp_path / "postcodes.csv"
    postcodes.write_text("postcode,lat,lon,lad_code\nW4 1TF,51.4935,-0.2451,E09000018\n")
    load_postcodes(path=postcodes)

    run(shared_data("hounslow_connect_uk"))

    place = Location.objects.get(addresses__postal_code="W4 1TF")
    assert (place.latitude, place.longitude, place.precision) == (51.4935, -0.2451, "unit")
    near = Location.objects.filter(precision="sector").first()
    assert near is not None
    assert near.addresses.get().postal_code.startswith("W4 1")


def test_postcodes_loaded_after_the_services_find_their_places(tmp_path):
    run(shared_data("hounslow_connect_uk"))
    assert not Location.objects.filter(latitude__isnull=False).exists()
    postcodes = tmp_path / "postcodes.csv"
    postcodes.write_text("postcode,lat,lon,lad_code\nW4 1TF,51.4935,-0.2451,E09000018\n")

    load_postcodes(path=postcodes)

    assert Location.objects.get(addresses__postal_code="W4 1TF").precision == "unit"
    assert not Location.objects.filter(precision="").filter(latitude__isnull=False).exists()


class TestOhana:
    @pytest.fixture(autouse=True)
    def imported(self, ohana, db):
        self.report = ohana

    def test_290_terms_below_one_taxonomy_that_is_not_browsed(self):
        assert TaxonomyTerm.objects.count() == 290
        assert not TaxonomyTerm.objects.topics().exists()
        child = TaxonomyTerm.objects.get(code="101-01")
        assert child.parent.code == "101"
        tagged = Service.objects.exclude(terms=None).get()
        assert {term.code for term in tagged.terms.all()} == {
            "105",
            "108",
            "108-05",
            "108-05-01",
            "111",
            "111-05",
        }

    def test_places_say_how_to_get_in(self):
        assert AccessFact.objects.filter(kind="step_free", value="yes").count() > 10
        assert not AccessFact.objects.filter(value="no").exists()

    def test_fees_of_none_are_free_and_no_word_is_not_known(self):
        assert Service.objects.get(name="Senior Peer Counseling").cost == "free"
        assert Service.objects.get(name="Fair Oaks Adult Activity Center").cost == "paid"
        assert Service.objects.filter(cost="not_known").count() == 2

    def test_hours_of_the_place_and_the_one_holiday_that_has_a_year(self):
        place = Location.objects.exclude(scheduleexceptions=None).get()
        rules = {(rule.weekday, rule.opens_at) for rule in place.openingrules.all()}
        assert (0, time(8)) in rules
        exception = place.scheduleexceptions.get()
        assert exception.starts_on == date(2015, 12, 24)
        assert (exception.closed, exception.opens_at) == (False, time(10))

    def test_named_people_are_not_public(self):
        assert Contact.objects.count() > 20
        assert not Contact.objects.filter(is_public=True).exists()

    def test_letters_go_to_the_mail_address(self):
        assert Address.objects.filter(address_type="postal").count() > 15


class TestAskDarcel:
    @pytest.fixture(autouse=True)
    def imported(self, askdarcel, db):
        self.report = askdarcel

    def test_every_day_is_a_rule(self):
        assert OpeningRule.objects.count() == 3_075

    def test_hours_past_midnight_are_kept_as_they_are(self):
        place = Location.objects.get(organisation__name="Sanford-Williamson")
        monday = place.openingrules.get(weekday=0)
        assert (monday.opens_at, monday.closes_at) == (time(14, 45), time(1, 30))

    def test_a_service_is_where_its_organisation_is(self):
        assert ServiceAtLocation.objects.count() == 248
        assert Location.objects.filter(precision="given").count() == 187


def test_the_hsds_example_in_all_its_tables():
    run(shared_data("hsds_3_examples"), source="HSDS")
    service = Service.objects.get()
    assert str(service.id) == "ac148810-d857-441c-9679-408f346de14b"
    assert (service.minimum_age, service.maximum_age) == (12, 100)
    assert service.checked_on == date(2005, 1, 1)
    assert service.cost == "paid"
    assert service.cost_options.get().amount == 3_500
    assert service.languages.get().code == "ur"
    assert service.required_documents.startswith("Any official identification")
    (link,) = service.service_at_locations.all()
    assert {rule.weekday for rule in link.openingrules.all()} == {3, 4}
    assert service.organisation.identifiers.get().identifier_scheme == "GB-COH"
    assert Phone.objects.filter(service=service).get().number == "+44 1234 234567"
