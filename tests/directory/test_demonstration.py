"""The demonstration network: enough of everything, and nothing that could be mistaken for real."""

from __future__ import annotations

import re
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings as project
from django.core.management import CommandError, call_command
from django.db.models import Count
from django.test import override_settings

from dcsn.access.roles import ROLES
from dcsn.accounts.models import User
from dcsn.audit.models import Event as AuditEvent
from directory.demonstration.network import FOLDER, SOURCE, identity
from directory.models import (
    Address,
    CalendarDay,
    Event,
    Location,
    OpeningRule,
    Organisation,
    Phone,
    PostcodePlace,
    Service,
    TaxonomyTerm,
)
from directory.visibility import public_places
from tests.directory.importing import kept_for_all

pytestmark = pytest.mark.django_db

DRAMA = re.compile(r"^01632 960 ?\d{3}$")


@pytest.fixture(scope="module")
def loaded_once(django_db_setup, django_db_blocker):
    quick = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with kept_for_all(django_db_blocker):
        with override_settings(DEMONSTRATION=True, PASSWORD_HASHERS=quick):
            load()
        yield


@pytest.fixture
def loaded(loaded_once, db, settings) -> None:
    settings.DEMONSTRATION = True


def load(*args: str) -> str:
    out = StringIO()
    call_command("load_demonstration", *args, stdout=out)
    return out.getvalue().strip().splitlines()[-1]


def test_it_is_refused_where_the_portal_is_not_a_demonstration(settings):
    settings.DEMONSTRATION = False
    before = (Service.objects.count(), User.objects.count(), PostcodePlace.objects.count())
    with pytest.raises(CommandError, match="not a demonstration"):
        load()
    assert (Service.objects.count(), User.objects.count(), PostcodePlace.objects.count()) == before


def test_there_are_at_least_sixty_services_over_every_topic(loaded):
    assert Service.objects.publishable().count() >= 60
    assert {topic.name for topic in TaxonomyTerm.objects.topics()} == {
        "Help at home",
        "Getting about",
        "Company and things to do",
        "Information and advice",
        "Practical jobs",
        "Caring for someone",
        "Health and wellbeing",
        "Disability",
    }
    leaves = TaxonomyTerm.objects.exclude(parent=None).annotate(uses=Count("services"))
    assert not [term.name for term in leaves if term.uses == 0]
    assert not [term.name for term in leaves if not term.synonyms or not term.phrases]


def test_a_second_load_writes_nothing(loaded):
    before = dict(Service.objects.values_list("id", "last_modified"))
    events = AuditEvent.objects.count()
    first_shops = AuditEvent.objects.filter(type__regex=r"^(shop|shop_link|offer):").count()
    total = len(before)

    assert load() == f"0 created, 0 updated, {total} unchanged, 0 problems"
    assert AuditEvent.objects.count() == events
    assert load("--refresh") == f"0 created, 0 updated, {total} unchanged, 0 problems"
    assert dict(Service.objects.values_list("id", "last_modified")) == before
    # Refreshed, the invented shops begin anew from today; nothing else is written.
    shops = AuditEvent.objects.filter(type__regex=r"^(shop|shop_link|offer):")
    assert AuditEvent.objects.exclude(pk__in=shops).count() == events - first_shops


def test_what_somebody_changed_stays_until_it_is_refreshed(loaded):
    service = Service.objects.get(id=identity("service", "befriending"))
    service.summary = "Changed while trying out"
    service.save()

    load()
    service.refresh_from_db()
    assert service.summary == "Changed while trying out"

    assert load("--refresh").startswith("0 created, 1 updated")
    service.refresh_from_db()
    assert service.summary.startswith("A volunteer visits")


def test_the_prices_of_the_study(loaded):
    prices = dict(
        Service.objects.filter(
            id__in=[
                identity("service", "bathing-bradbury-house"),
                identity("service", "nail-cutting-bradbury-house"),
            ]
        ).values_list("name", "cost_options__amount")
    )
    assert prices == {
        "Bathing at Bradbury House": 1300,
        "Nail cutting at Bradbury House": 1100,
    }


def test_every_telephone_number_lies_in_the_range_kept_for_drama(loaded):
    numbers = list(Phone.objects.values_list("number", flat=True))
    assert len(numbers) > 100
    assert not [number for number in numbers if not DRAMA.match(number)]


def test_every_text_is_free_of_other_numbers_and_of_real_web_addresses(loaded):
    for path in FOLDER.rglob("*.toml"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"\b0(?!1632 960)\d{3,4} ?\d{3}", text), path.name
        for address in re.findall(r"https?://([^\s\"/]+)", text):
            assert address.endswith(".example"), path.name
        for address in re.findall(r"[\w.]+@([\w.]+)", text):
            assert address.endswith(".example"), path.name


def test_everything_says_where_it_came_from(loaded):
    for model in (Service, Organisation, Location):
        assert set(model.objects.values_list("source", flat=True)) == {SOURCE}


def test_at_least_twelve_services_have_no_place(loaded):
    assert sum(service.has_no_place for service in Service.objects.all()) >= 12


def test_the_refuge_has_no_address_anywhere(loaded):
    refuge = Location.objects.get(is_confidential=True)
    assert (refuge.latitude, refuge.longitude, refuge.name) == (None, None, "")
    assert not Address.objects.filter(location=refuge).exists()
    service = Service.objects.get(id=identity("service", "safe-start-refuge"))
    (place,) = public_places(service)
    assert place.is_confidential
    assert not place.lines
    assert not place.postcode


def test_hours_of_every_kind_are_there(loaded):
    rules = OpeningRule.objects.all()
    assert rules.filter(interval=2, anchor__isnull=False).exists()
    assert rules.filter(freq="MONTHLY", nth=1, weekday=1).exists()
    assert rules.filter(freq="MONTHLY", nth=-1).exists()
    assert rules.filter(term_time_only=True).exists()
    assert rules.filter(by_appointment=True).exists()
    assert [rule for rule in rules if rule.opens_at and rule.closes_at <= rule.opens_at]
    assert Service.objects.filter(openingrules=None).exists()


def test_states_of_every_kind_are_there(loaded):
    services = Service.objects.all()
    assert services.filter(status="temporarily closed", closed_until__isnull=False).count() == 1
    for cost in ("free", "paid", "not_known"):
        assert services.filter(cost=cost).count() >= 5, cost
    assert set(services.values_list("capacity", flat=True)) == {
        "open",
        "waiting_list",
        "full",
        "not_known",
    }
    assert {service.freshness() for service in services} == {"fresh", "due", "overdue", "never"}
    assert services.exclude(easy_read_summary="").exists()
    assert Event.objects.count() >= 2
    openness = set(services.values_list("eligibility_rules__openness", flat=True))
    assert openness == {"all", "these", None}


def test_names_that_are_hard_to_print_are_there(loaded):
    names = set(Organisation.objects.values_list("name", flat=True))
    assert {"Tŷ Gŵyr Welsh Society", "Klub Seniora Łódź"} <= names


def test_bank_holidays_are_those_of_england_with_substitute_days(loaded):
    days = CalendarDay.objects.filter(calendar__kind="bank_holidays")
    assert [days.filter(starts_on__year=year).count() for year in (2026, 2027, 2028)] == [8, 8, 8]
    given_back = {str(day.starts_on) for day in days.filter(name__contains="substitute")}
    assert given_back == {"2026-12-28", "2027-12-27", "2027-12-28", "2028-01-03"}
    assert not [day for day in days if day.starts_on.weekday() >= 5]


def test_the_sectors_ship_as_figures(loaded):
    assert PostcodePlace.objects.filter(level="sector").count() == 68
    assert PostcodePlace.objects.filter(level="outcode").count() == 19
    licence = (FOLDER / "postcode_sectors.csv").read_text(encoding="utf-8")
    for owner in ("Ordnance Survey", "Royal Mail", "National Statistics"):
        assert f"Contains {owner} data" in licence


def test_there_is_a_sign_in_for_every_role_of_staff(loaded):
    given = set(User.objects.values_list("role_assignments__role", flat=True))
    staff = {code for code, role in ROLES.items() if role.staff and role.given}
    assert given == {*staff, "volunteer", "member"}
    assert all(user.email.endswith(".example") for user in User.objects.all())
    assert all(user.emailaddress_set.get().verified for user in User.objects.all())


def test_nothing_outside_the_demonstration_names_its_town():
    root = Path(project.BASE_DIR)
    found = [
        path.relative_to(root).as_posix()
        for app in ("dcsn", "directory", "members", "templates", "static")
        for path in (root / app).rglob("*")
        if path.suffix in {".py", ".html", ".toml", ".txt", ".scss", ".js"}
        and "demonstration" not in path.parts
        and "built" not in path.parts
        and "darlington" in path.read_text(encoding="utf-8").lower()
    ]
    assert found == []
