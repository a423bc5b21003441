"""What people agreed to: append-only, per purpose and organisation, in the words of the day."""

from __future__ import annotations

import hashlib
import threading
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, connection, connections, transaction
from django.http import Http404
from django.utils import timezone

from dcsn.audit.models import AppendOnlyError, Event
from dcsn.privacy import erase_person
from members.actions.people import record_consent, withdraw_consent
from members.models import Category, Consent, ConsentNote, Purpose
from members.refusals import NothingToWithdraw
from members.signals import consent_withdrawn
from members.wordings import SPOKEN, WORDINGS, current_wording
from tests.factories.person import PersonFactory, access_point

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(cast):
    return PersonFactory(organisation=access_point(cast.organisation_id))


def agree(person, by, purpose=Purpose.REMEMBER, organisation=None, **facts):
    return record_consent(
        person=person,
        organisation=organisation or person.organisation,
        purpose=purpose,
        categories=[Category.NAME, Category.ADDRESS],
        how=Consent.How.SPOKEN,
        by=by,
        **facts,
    )


def allows(person, purpose=Purpose.REMEMBER, organisation=None, **facts):
    return Consent.objects.allows(person, purpose, organisation or person.organisation, **facts)


def test_nothing_is_allowed_until_they_say_so(person, cast):
    assert not allows(person)
    agree(person, cast.access_point_staff)
    assert allows(person)


def test_one_purpose_is_not_another_nor_one_organisation_another(person, cast):
    agree(person, cast.access_point_staff)
    other = access_point(cast.other_organisation_id)
    assert not allows(person, Purpose.SHARE)
    assert not allows(person, organisation=other)
    assert not allows(PersonFactory(organisation=person.organisation))


def test_only_the_categories_that_were_named(person, cast):
    agree(person, cast.access_point_staff)
    assert allows(person, category=Category.ADDRESS)
    assert not allows(person, category=Category.NEEDS)


def test_it_ends_when_it_was_said_to_end(person, cast):
    now = timezone.now()
    agree(person, cast.access_point_staff, until=now + timedelta(days=30))
    assert allows(person, at=now + timedelta(days=29))
    assert not allows(person, at=now + timedelta(days=31))


def test_a_withdrawal_is_a_new_record_and_a_later_yes_renews(person, cast):
    first = agree(person, cast.access_point_staff)
    withdrawal = withdraw_consent(
        person=person,
        organisation=person.organisation,
        purpose=Purpose.REMEMBER,
        how=Consent.How.SPOKEN,
        by=cast.access_point_staff,
    )
    assert withdrawal.withdraws == first
    assert not allows(person)
    assert Consent.objects.count() == 2
    agree(person, cast.access_point_staff)
    assert allows(person)
    assert [e.type for e in Event.objects.about(person.id).order_by("happened_at")] == [
        "consent:recorded",
        "consent:withdrawn",
        "consent:recorded",
    ]


def test_a_form_signed_last_week_does_not_undo_yesterdays_withdrawal(person, cast):
    now = timezone.now()
    agree(person, cast.access_point_staff, at=now - timedelta(days=10))
    withdraw_consent(
        person=person,
        organisation=person.organisation,
        purpose=Purpose.REMEMBER,
        how=Consent.How.SPOKEN,
        by=cast.access_point_staff,
    )
    agree(person, cast.access_point_staff, at=now - timedelta(days=7))
    assert not allows(person)


def test_nothing_can_be_withdrawn_twice(person, cast):
    facts = {
        "person": person,
        "organisation": person.organisation,
        "purpose": Purpose.REMEMBER,
        "how": Consent.How.SPOKEN,
        "by": cast.access_point_staff,
    }
    with pytest.raises(NothingToWithdraw):
        withdraw_consent(**facts)
    agree(person, cast.access_point_staff)
    withdraw_consent(**facts)
    with pytest.raises(NothingToWithdraw):
        withdraw_consent(**facts)


def test_the_database_refuses_changes_by_whatever_program(person, cast):
    consent = agree(person, cast.access_point_staff)
    for statement in (
        "UPDATE members_consent SET purpose = 'share'",
        "DELETE FROM members_consent",
    ):
        with (
            pytest.raises(DatabaseError, match="neither changed nor deleted"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
    with pytest.raises(AppendOnlyError):
        consent.save()
    with pytest.raises(AppendOnlyError):
        consent.delete()
    with pytest.raises(AppendOnlyError):
        Consent.objects.all().delete()
    with pytest.raises(AppendOnlyError):
        Consent.objects.update(purpose="share")


def test_the_database_refuses_a_withdrawal_of_something_else(person, cast):
    consent = agree(person, cast.access_point_staff)
    with pytest.raises(DatabaseError, match="same purpose"), transaction.atomic():
        Consent.objects.create(
            person=person,
            organisation=person.organisation,
            purpose=Purpose.SHARE,
            how="spoken",
            wording="share:1",
            withdraws=consent,
            recorded_by=cast.access_point_staff,
        )


@pytest.mark.parametrize(
    "facts",
    [{"at": timezone.now() + timedelta(days=400)}, {"until": timezone.now() - timedelta(days=1)}],
    ids=["from the future", "ends before it begins"],
)
def test_a_consent_that_cannot_be(person, cast, facts):
    with pytest.raises(ValidationError):
        agree(person, cast.access_point_staff, **facts)
    assert not Consent.objects.exists()


def test_a_stranger_records_nothing(person, cast):
    with pytest.raises(Http404):
        agree(person, cast.stranger("access_point_staff"))
    assert not Consent.objects.exists()


def test_when_the_trail_cannot_be_written_nobody_agreed_to_anything(person, cast, monkeypatch):
    staff = cast.access_point_staff
    monkeypatch.setattr(Event, "save", _fail)
    with pytest.raises(IntegrityError):
        agree(person, staff)
    assert not Consent.objects.exists()


def _fail(*args, **kwargs):
    raise IntegrityError("the audit table is full")


def test_the_words_of_a_version_never_change():
    """Add a version instead; then add its fingerprint here."""
    fingerprints = {
        code: hashlib.sha256(wording.text.encode()).hexdigest()[:16]
        for code, wording in WORDINGS.items()
    }
    assert fingerprints == {
        "post:1": "72860a1107550c88",
        "remember:1": "6af82ef13a0e54cc",
        "contact:1": "21fb751ae1b87592",
        "share:1": "86ce6af5e6866319",
        "contact:2": "bcd2373972193cbf",
        "share:2": "66f309841c1b5312",
        "remember:2": "581fd144d74b20c2",
    }


def test_the_words_name_the_receiver_and_what_it_is_told(person, cast):
    receiver = access_point(cast.other_organisation_id, name="Bathing at Home")
    consent = agree(person, cast.access_point_staff, Purpose.SHARE, receiver)
    assert (
        "You may tell Bathing at Home the following about me: my name; my address."
        in consent.read_out
    )
    assert "{" not in consent.read_out
    assert WORDINGS["share:1"].read_out(organisation="A") == WORDINGS["share:1"].text


def test_all_categories_in_one_question(person, cast, django_assert_num_queries):
    assert Consent.objects.categories_allowed(person, Purpose.SHARE, person.organisation) == set()
    agree(person, cast.access_point_staff, Purpose.SHARE)
    with django_assert_num_queries(3):  # the ids they are known by, and the last word
        allowed = Consent.objects.categories_allowed(person, Purpose.SHARE, person.organisation)
    assert allowed == {Category.NAME, Category.ADDRESS}


def test_somebody_else_says_it_for_them(person, cast):
    facts = {"given_by": Consent.GivenBy.ATTORNEY, "capacity": "Cannot follow what sharing means."}
    with pytest.raises(ValidationError, match="Say who agreed for them"):
        agree(person, cast.access_point_staff, **facts)
    with pytest.raises(ValidationError, match="best interests"):
        agree(person, cast.access_point_staff, given_by="carer", who="Marjorie Sample, daughter")
    consent = agree(person, cast.access_point_staff, who="Marjorie Sample, daughter", **facts)
    assert (consent.given_by, consent.note.who) == ("attorney", "Marjorie Sample, daughter")
    assert allows(person)


def test_a_parent_does_not_agree_for_an_adult(cast):
    desk = access_point(cast.organisation_id)
    child = PersonFactory(organisation=desk, age_band="under_18")
    adult = PersonFactory(organisation=desk, age_band="18_34")
    facts = {"given_by": "parent", "who": "Marjorie Sample, mother"}
    assert agree(child, cast.access_point_staff, **facts).given_by == "parent"
    with pytest.raises(ValidationError, match="They are an adult"):
        agree(adult, cast.access_point_staff, **facts)


def test_what_was_written_about_capacity_is_erased_and_the_consent_stays(person, cast):
    agree(person, cast.access_point_staff, who="Marjorie Sample", given_by="deputy")
    erase_person(person.id, by=cast.coordinator, reason="asked")
    assert Consent.objects.get().given_by == "deputy"
    assert not ConsentNote.objects.exists()


def test_a_withdrawal_is_told_to_the_apps_above_in_the_same_transaction(person, cast):
    agree(person, cast.access_point_staff)
    heard = []

    def hear(sender, withdrawal, by, **kwargs):
        heard.append((withdrawal.withdraws.purpose, by))
        raise RuntimeError("the receiver cannot be told")

    consent_withdrawn.connect(hear)
    try:
        with pytest.raises(RuntimeError):
            withdraw_consent(
                person=person,
                organisation=person.organisation,
                purpose=Purpose.REMEMBER,
                how=Consent.How.SPOKEN,
                by=cast.access_point_staff,
            )
    finally:
        consent_withdrawn.disconnect(hear)
    assert heard == [("remember", cast.access_point_staff)]
    assert allows(person)


def test_every_purpose_has_words_to_ask_with(person, cast):
    for purpose in Purpose.values:
        assert current_wording(purpose).purpose == purpose
    assert agree(person, cast.access_point_staff).words == WORDINGS["remember:2"]


@pytest.mark.django_db(transaction=True)
def test_two_members_of_staff_withdraw_at_once(cast):
    person = PersonFactory(organisation=access_point(cast.organisation_id))
    agree(person, cast.access_point_staff)
    by = cast.hub_lead
    barrier, outcomes = threading.Barrier(2), []

    def withdraw() -> None:
        try:
            barrier.wait()
            withdraw_consent(
                person=person,
                organisation=person.organisation,
                purpose=Purpose.REMEMBER,
                how=Consent.How.SPOKEN,
                by=by,
            )
            outcomes.append("withdrawn")
        except NothingToWithdraw:
            outcomes.append("told so")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=withdraw) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["told so", "withdrawn"]
    assert Consent.objects.count() == 2


def test_every_kind_of_detail_has_words_in_the_persons_voice():
    assert list(SPOKEN) == list(Category.values)
