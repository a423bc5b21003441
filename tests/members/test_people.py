"""Who a person is, and who may see them."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.http import Http404

from dcsn.access import Permission
from dcsn.audit import SystemJob
from dcsn.audit.models import Event
from members.access import person_or_404
from members.actions.people import add_person, change_person
from members.models import AgeBand, Format, Person
from members.models.person import age_on
from tests.factories.person import PersonFactory, access_point

pytestmark = pytest.mark.django_db
JOB = SystemJob("tests")


@pytest.mark.parametrize(
    ("born", "day", "band"),
    [
        (date(2008, 11, 22), date(2026, 11, 21), AgeBand.UNDER_18),
        (date(2008, 11, 22), date(2026, 11, 22), AgeBand.FROM_18),
        (date(1991, 6, 1), date(2026, 5, 31), AgeBand.FROM_18),
        (date(1991, 6, 1), date(2026, 6, 1), AgeBand.FROM_35),
        (date(1976, 1, 1), date(2026, 1, 1), AgeBand.FROM_50),
        (date(1961, 1, 1), date(2025, 12, 31), AgeBand.FROM_50),
        (date(1961, 1, 1), date(2026, 1, 1), AgeBand.FROM_65),
        (date(1946, 1, 1), date(2025, 12, 31), AgeBand.FROM_65),
        (date(1946, 1, 1), date(2026, 1, 1), AgeBand.FROM_80),
    ],
)
def test_bands_neither_overlap_nor_leave_a_gap(born, day, band):
    assert Person(date_of_birth=born).age_band_on(day) == band


def test_born_on_29_february():
    assert age_on(date(1944, 2, 29), date(2026, 2, 28)) == 81
    assert age_on(date(1944, 2, 29), date(2026, 3, 1)) == 82
    assert age_on(date(1944, 2, 29), date(2028, 2, 29)) == 84


def test_age_not_known():
    assert Person().age_band_on(date(2026, 1, 1)) is None


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"given_name": "", "family_name": ""}, "Enter a name."),
        ({"date_of_birth": date(1944, 2, 29), "age_band": "80_plus"}, "not both"),
        ({"interpreter_language": "Polish"}, "An interpreter"),
        ({"contact_by": "email"}, "Enter the e-mail address"),
        ({"contact_by": "sms"}, "Enter the phone number"),
        ({"contact_by": "post", "address_1": "1 Example Terrace"}, "Enter the address"),
    ],
)
def test_what_cannot_be_is_refused_in_words_and_by_the_database(facts, words):
    person = PersonFactory.build(organisation=access_point(), **facts)
    with pytest.raises(ValidationError, match=words):
        person.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        person.save()


def test_a_known_as_alone_is_a_name():
    person = PersonFactory(given_name="", family_name="", known_as="Winnie")
    assert (person.name, person.greeting) == ("Winnie", "Winnie")


def test_people_are_listed_by_last_name_without_accents():
    for family in ("Évans", "Zebedee", "Eden"):
        PersonFactory(family_name=family)
    assert [p.family_name for p in Person.objects.all()] == ["Eden", "Évans", "Zebedee"]


def test_the_largest_print_they_asked_for():
    assert Person(formats=[Format.PRINT_18, Format.PRINT_24, Format.BSL]).print_size == 24
    assert Person(formats=[Format.BSL]).print_size is None


def test_a_log_line_never_names_anybody():
    person = PersonFactory(given_name="Winifred")
    assert "Winifred" not in f"{person} {person!r}"


def test_staff_see_the_people_of_their_own_access_point(cast):
    ours = PersonFactory(organisation=access_point(cast.organisation_id))
    theirs = PersonFactory(organisation=access_point(cast.other_organisation_id))
    assert set(Person.objects.visible_to(cast.access_point_staff)) == {ours}
    assert set(Person.objects.visible_to(cast.coordinator)) == {ours, theirs}
    for role in (
        "administrator",
        "commissioner",
        "directory_editor",
        "volunteer",
        "provider_editor",
    ):
        assert not Person.objects.visible_to(cast.with_role(role)).exists(), role
    with pytest.raises(Http404):
        person_or_404(cast.access_point_staff, Permission.PERSON_VIEW, theirs.id)
    assert person_or_404(cast.access_point_staff, Permission.PERSON_VIEW, ours.id) == ours


def test_adding_and_changing_leave_field_names_in_the_trail_and_no_values(cast):
    desk = access_point(cast.organisation_id)
    person = add_person(
        organisation=desk, by=cast.access_point_staff, given_name="Winifred", town="Exampleton"
    )
    change_person(person=person, by=cast.access_point_staff, facts={"town": "Newton", "phone": ""})
    added, changed = Event.objects.about(person.id).order_by("happened_at")
    assert (added.type, added.fields) == ("person:added", ["given_name", "town"])
    assert (changed.type, changed.fields) == ("person:changed", ["town"])
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM audit_event e WHERE e::text ~* 'winifred|newton'")
        assert cursor.fetchone() == (0,)


def test_changing_nothing_writes_nothing(cast):
    person = PersonFactory(organisation=access_point(cast.organisation_id))
    change_person(person=person, by=cast.hub_lead, facts={"given_name": person.given_name})
    assert not Event.objects.about(person.id).exists()


def test_who_may_not_add_or_change_is_refused(cast):
    desk = access_point(cast.organisation_id)
    with pytest.raises(PermissionDenied):
        add_person(organisation=desk, by=cast.administrator, given_name="Winifred")
    with pytest.raises(Http404):
        add_person(organisation=desk, by=cast.stranger("access_point_staff"), given_name="Winifred")
    assert not Person.objects.exists()


def test_when_the_trail_cannot_be_written_nothing_changes(cast, monkeypatch):
    person = PersonFactory(organisation=access_point(cast.organisation_id), town="Exampleton")
    lead = cast.hub_lead
    events = Event.objects.count()

    def fail(*args, **kwargs):
        raise IntegrityError("the audit table is full")

    monkeypatch.setattr(Event, "save", fail)
    with pytest.raises(IntegrityError):
        change_person(person=person, by=lead, facts={"town": "Newton"})
    with pytest.raises(IntegrityError):
        add_person(organisation=person.organisation, by=lead, given_name="A")
    person.refresh_from_db()
    assert person.town == "Exampleton"
    assert Person.objects.count() == 1
    assert Event.objects.count() == events
