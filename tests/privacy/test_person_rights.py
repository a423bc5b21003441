"""A copy of everything, being forgotten, and two records becoming one."""

from __future__ import annotations

import json

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection

from dcsn.audit.models import Event
from dcsn.privacy import (
    all_ids_of,
    current_id_of,
    erase_person,
    export_person,
    merge_people,
    reapply_erasures,
    undo_merge,
)
from dcsn.privacy.erasure_log import ErasureLogError
from dcsn.privacy.merging import MergeRefused
from dcsn.privacy.models import Erasure, PersonAlias
from members.actions.people import record_consent
from members.models import Consent, PaperRequest, Person
from tests.factories.paper import PaperRequestFactory
from tests.factories.person import PersonFactory, access_point

pytestmark = pytest.mark.django_db
WORDS = ("Winifred", "Terrace", "Exampleton", "960 321", "winifred@", "morning", "Polish", "Winnie")


@pytest.fixture
def person(cast):
    person = PersonFactory(
        organisation=access_point(cast.organisation_id), with_everything=True, family_name="Example"
    )
    record_consent(
        person=person,
        organisation=person.organisation,
        purpose="remember",
        categories=["name"],
        how="spoken",
        by=cast.access_point_staff,
    )
    PaperRequestFactory(person=person, organisation=person.organisation, name="Winifred Example")
    return person


def everything_in_the_database() -> str:
    """Every row of every table of ours as text."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.tables "
            "WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
        )
        text = []
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT t::text FROM "{table}" t')  # noqa: S608
            text += [row[0] for row in cursor.fetchall()]
    return "\n".join(text)


def test_the_copy_holds_every_fact_in_words_and_for_a_machine(person, cast):
    export = export_person(person.id, by=cast.data_protection_lead)
    data = json.loads(export.as_json())
    text = json.dumps(data)
    for word in WORDS:
        assert word in text
    parts = {part["table"]: part["rows"] for part in data["parts"]}
    assert parts["members.Consent"][0]["purpose"] == "Keep their details for the next time"
    assert parts["members.PaperRequest"][0]["address"]
    assert "recorded what the person agreed to" in parts["audit.Event"][0]["what"]
    assert cast.access_point_staff.email not in text, "staff are not named"
    assert Event.objects.filter(type="person:exported", subject=person.id).count() == 1


def test_a_copy_of_somebody_else_is_not_in_it(person, cast):
    PersonFactory(organisation=person.organisation, given_name="Somebodyelse")
    assert "Somebodyelse" not in export_person(person.id, by=cast.data_protection_lead).as_json()


@pytest.mark.parametrize("role", ["administrator", "access_point_staff", "directory_editor"])
def test_who_may_not_export_or_erase(role, person, cast):
    with pytest.raises(PermissionDenied):
        export_person(person.id, by=cast.with_role(role))
    with pytest.raises(PermissionDenied):
        erase_person(person.id, by=cast.with_role(role), reason="asked")
    assert Person.objects.get().given_name == "Winifred"


def test_an_erased_person_is_in_no_table_any_more(person, cast):
    before = everything_in_the_database()
    assert all(word in before for word in WORDS)
    report = erase_person(person.id, by=cast.coordinator, reason="asked")
    after = everything_in_the_database()
    assert [word for word in WORDS if word in after] == []
    # What stays is said, with the reason.
    assert {heading for heading, _why in report.kept} >= {"What you agreed to"}
    assert all(why for _heading, why in report.kept)
    assert Consent.objects.filter(person=person).exists()
    assert PaperRequest.objects.get().person is None
    assert Event.objects.filter(type="person:erased", subject=person.id).exists()


def test_erasing_twice_is_harmless(person, cast):
    first = erase_person(person.id, by=cast.coordinator, reason="asked")
    second = erase_person(person.id, by=cast.coordinator, reason="asked")
    assert first.rows["members.Person"] == 1
    assert "members.Person" not in second.rows
    assert Erasure.objects.count() == 1


def test_the_log_outside_the_database_holds_ids_only(person, cast, settings):
    erase_person(person.id, by=cast.coordinator, reason="asked")
    line = json.loads(settings.ERASURE_LOG.read_text())
    assert line["subjects"] == [str(person.id)]
    assert line["by"] == str(cast.coordinator.pk)
    assert set(line) == {"subjects", "at", "by", "reason"}
    assert settings.ERASURE_LOG.stat().st_mode & 0o077 == 0, "nobody else reads it"


def test_when_the_log_cannot_be_written_nobody_is_erased(person, cast, settings, tmp_path):
    blocked = tmp_path / "a file"
    blocked.write_text("")
    settings.ERASURE_LOG = blocked / "erasures.jsonl"
    with pytest.raises(ErasureLogError):
        erase_person(person.id, by=cast.coordinator, reason="asked")
    assert Person.objects.get(pk=person.pk).given_name == "Winifred"
    assert not Erasure.objects.exists()


def test_when_the_trail_cannot_be_written_nobody_is_erased(person, cast, settings, monkeypatch):
    def fail(*args, **kwargs):
        raise IntegrityError("the audit table is full")

    coordinator = cast.coordinator
    monkeypatch.setattr(Event, "save", fail)
    with pytest.raises(IntegrityError):
        erase_person(person.id, by=coordinator, reason="asked")
    assert Person.objects.get(pk=person.pk).given_name == "Winifred"
    assert not settings.ERASURE_LOG.exists()


def test_after_a_restore_they_are_forgotten_again(person, cast):
    """The row is put back as an older copy of the database would, and the table of erasures too."""
    names = [f.attname for f in Person._meta.local_fields if f.attname != "id"]
    before = {name: getattr(person, name) for name in names}
    erase_person(person.id, by=cast.coordinator, reason="asked")
    Person.objects.filter(pk=person.pk).update(**before)
    Erasure.objects.all().delete()
    assert Person.objects.get(pk=person.pk).given_name == "Winifred"
    assert reapply_erasures() == {"people": 1, "brought_back": 1}
    assert Person.objects.get(pk=person.pk).given_name == ""
    assert [word for word in WORDS if word in everything_in_the_database()] == []
    assert Erasure.objects.get().subject == person.id
    assert reapply_erasures() == {"people": 1, "brought_back": 0}


def test_a_line_broken_off_at_the_end_is_passed_over_and_one_in_the_middle_is_not(
    person, cast, settings
):
    erase_person(person.id, by=cast.coordinator, reason="asked")
    with settings.ERASURE_LOG.open("a") as log:
        log.write('{"subjects": ["7c')
    assert reapply_erasures()["people"] == 1
    other = PersonFactory(organisation=person.organisation)
    erase_person(other.id, by=cast.coordinator, reason="asked")
    with pytest.raises(ErasureLogError, match="line 2"):
        reapply_erasures()


def test_two_records_become_one_and_can_be_taken_apart(person, cast):
    other = PersonFactory(organisation=person.organisation, given_name="Winifrid")
    alias = merge_people(old=person.id, current=other.id, by=cast.coordinator)
    assert current_id_of(person.id) == other.id
    assert all_ids_of(person.id) == [other.id, person.id]
    assert PaperRequest.objects.get().person == other
    assert Consent.objects.allows(other, "remember", person.organisation), "found by the alias"
    assert list(Person.objects.known()) == [other]
    # What comes after the merge stays with the record it came to.
    later = PaperRequestFactory(person=other, organisation=person.organisation)
    undo_merge(alias=alias, by=cast.coordinator)
    assert current_id_of(person.id) == person.id
    assert set(PaperRequest.objects.filter(person=person)) == set(
        PaperRequest.objects.exclude(pk=later.pk)
    )
    assert set(Person.objects.known()) == {person, other}
    assert [e.type for e in Event.objects.about(other.id).order_by("happened_at")] == [
        "person:merged",
        "person:unmerged",
    ]


def test_erasing_takes_the_merged_record_too(person, cast, settings):
    other = PersonFactory(organisation=person.organisation)
    merge_people(old=person.id, current=other.id, by=cast.coordinator)
    erase_person(person.id, by=cast.coordinator, reason="asked")
    assert not Person.objects.filter(erased_at=None).exists()
    assert set(json.loads(settings.ERASURE_LOG.read_text())["subjects"]) == {
        str(person.id),
        str(other.id),
    }
    assert [word for word in WORDS if word in everything_in_the_database()] == []


def test_merges_that_cannot_be(person, cast):
    other, third = PersonFactory.create_batch(2, organisation=person.organisation)
    with pytest.raises(MergeRefused):
        merge_people(old=person.id, current=person.id, by=cast.coordinator)
    merge_people(old=person.id, current=other.id, by=cast.coordinator)
    with pytest.raises(MergeRefused):
        merge_people(old=person.id, current=third.id, by=cast.coordinator)
    with pytest.raises(MergeRefused):
        merge_people(old=other.id, current=person.id, by=cast.coordinator)
    with pytest.raises(PermissionDenied):
        merge_people(old=other.id, current=third.id, by=cast.access_point_staff)
    merge_people(old=other.id, current=third.id, by=cast.coordinator)
    assert current_id_of(person.id) == third.id
    assert set(all_ids_of(person.id)) == {person.id, other.id, third.id}
    assert PersonAlias.objects.count() == 2
