"""Who belongs to whom, other names, households: what cannot be, how both ends read, and merging."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from dcsn.privacy import erase_person, export_person, merge_people, undo_merge
from members.models import (
    EmergencyContact,
    EqualityAnswers,
    Household,
    OtherName,
    Person,
    Relationship,
    SafetyFlag,
)
from tests.factories.equality import EqualityAnswersFactory
from tests.factories.person import PersonFactory, access_point
from tests.factories.relations import (
    EmergencyContactFactory,
    OtherNameFactory,
    RelationshipFactory,
    household_of,
)
from tests.factories.safety_flag import SafetyFlagFactory

pytestmark = pytest.mark.django_db
Kind = Relationship.Kind


@pytest.fixture
def two(desk) -> tuple[Person, Person]:
    """Winifred, and Harold who cares for her."""
    return (
        PersonFactory(organisation=desk, given_name="Winifred", family_name="Example"),
        PersonFactory(organisation=desk, given_name="Harold", family_name="Example"),
    )


def words(person: Person) -> list[tuple[str, str]]:
    return [(str(tie.words), tie.other.given_name) for tie in Relationship.objects.ties_of(person)]


def test_one_row_reads_from_both_ends(two):
    winifred, harold = two
    RelationshipFactory(person=harold, other=winifred, kind=Kind.CARES_FOR)
    RelationshipFactory(person=winifred, other=harold, kind=Kind.PARTNER)
    assert words(harold) == [
        ("Cares for", "Winifred"),
        ("Is the husband, wife or partner of", "Winifred"),
    ]
    assert words(winifred) == [
        ("Is cared for by", "Harold"),
        ("Is the husband, wife or partner of", "Harold"),
    ]


def test_ties_are_read_in_few_queries_however_many_there_are(two, django_assert_num_queries):
    winifred, _harold = two
    for _number in range(6):
        RelationshipFactory(person=winifred, kind=Kind.FRIEND)
    with django_assert_num_queries(3):  # the ids they are known by, and the rows
        assert len(words(winifred)) == 6


def test_people_may_care_for_each_other_but_are_partners_once(two):
    winifred, harold = two
    RelationshipFactory(person=harold, other=winifred, kind=Kind.CARES_FOR)
    RelationshipFactory(person=winifred, other=harold, kind=Kind.CARES_FOR)
    RelationshipFactory(person=harold, other=winifred, kind=Kind.PARTNER)
    with pytest.raises(IntegrityError, match="mutual_once"), transaction.atomic():
        RelationshipFactory(person=winifred, other=harold, kind=Kind.PARTNER)


def test_what_is_over_may_begin_again(two):
    winifred, harold = two
    RelationshipFactory(
        person=harold, other=winifred, since=date(2020, 1, 1), ended_on=date(2021, 1, 1)
    )
    RelationshipFactory(person=harold, other=winifred)
    ties = Relationship.objects.ties_of(winifred)
    assert [tie.is_over for tie in ties] == [False, True]


@pytest.mark.parametrize(
    ("facts", "constraint"),
    [
        ({"same": True}, "members_relationship_of_two"),
        (
            {"since": date(2021, 1, 2), "ended_on": date(2021, 1, 1)},
            "members_relationship_ends_after_it_began",
        ),
    ],
)
def test_relationships_that_cannot_be(two, facts, constraint):
    winifred, harold = two
    other = harold if facts.pop("same", False) else winifred
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        RelationshipFactory(person=harold, other=other, **facts)


def test_an_erased_end_is_not_shown_nor_kept(two, cast):
    winifred, harold = two
    RelationshipFactory(person=harold, other=winifred)
    erase_person(harold.id, by=cast.coordinator, reason="asked")
    assert words(winifred) == []
    assert not Relationship.objects.exists()


def test_other_names_must_say_something_and_once():
    name = OtherNameFactory(family_name="Sample")
    assert name.name == "Sample"
    assert "Sample" not in f"{name} {name!r}"
    with pytest.raises(IntegrityError), transaction.atomic():
        OtherNameFactory(given_name="", family_name="")
    with pytest.raises(IntegrityError, match="once"), transaction.atomic():
        OtherNameFactory(person=name.person, family_name="Sample")


def test_nobody_lives_alone_with_others(two):
    winifred, harold = two
    household_of(winifred, harold)
    winifred.lives_alone = "yes"
    with pytest.raises(ValidationError, match="cannot live alone as well"):
        winifred.full_clean()
    with pytest.raises(IntegrityError, match="alone_or_with_others"), transaction.atomic():
        winifred.save()


def test_a_household_of_one_is_none(two, cast, desk):
    winifred, harold = two
    household_of(winifred, harold)
    elsewhere = household_of(PersonFactory(organisation=desk), PersonFactory(organisation=desk))
    erase_person(harold.id, by=cast.coordinator, reason="asked")
    winifred.refresh_from_db()
    assert winifred.household is None
    assert list(Household.objects.all()) == [elsewhere]


def test_everything_about_somebody_goes_with_them_and_an_erased_row_is_empty(two, cast):
    winifred, harold = two
    fill(winifred, harold)
    Person.objects.filter(pk=winifred.pk).update(
        coordinator=cast.coordinator, is_carer="yes", other_phone="01632 960 322"
    )
    erase_person(winifred.id, by=cast.coordinator, reason="asked")
    for model in (OtherName, Relationship, EmergencyContact, SafetyFlag, EqualityAnswers):
        assert not model.objects.exists(), model
    winifred.refresh_from_db()
    assert (winifred.coordinator, winifred.household) == (None, None)
    assert (winifred.is_carer, winifred.other_phone) == ("", "")


def fill(winifred: Person, harold: Person) -> None:
    RelationshipFactory(person=harold, other=winifred)
    household_of(winifred, harold)
    OtherNameFactory(person=winifred, family_name="Sample")
    EmergencyContactFactory(person=winifred)
    SafetyFlagFactory(person=winifred)
    EqualityAnswersFactory(person=winifred)


def test_a_copy_holds_their_own_facts_but_neither_the_other_nor_what_keeps_them_safe(two, cast):
    winifred, harold = two
    fill(winifred, harold)
    text = export_person(winifred.id, by=cast.data_protection_lead).as_json()
    for words_in in ("Sample", "Is cared for by", "people who live with you", "07700 900 123"):
        assert words_in in text
    assert "Black Caribbean" not in text  # the label is its own
    assert "Black or Black British: Caribbean" in text
    for words_out in ("Harold", str(harold.id), "Tuesday mornings", "Domestic abuse"):
        assert words_out not in text


def test_merging_hands_everything_over_and_back(two, cast, desk):
    winifred, harold = two
    fill(winifred, harold)
    twin = PersonFactory(organisation=desk, given_name="Winifrid")
    OtherNameFactory(person=twin, family_name="Sample")  # known there too: stays
    RelationshipFactory(person=winifred, other=twin, kind=Kind.SIBLING)  # would tie her to herself
    before = everything()
    alias = merge_people(old=winifred.id, current=twin.id, by=cast.coordinator)
    twin.refresh_from_db()
    assert twin.household == harold.household
    assert words(twin) == [("Is cared for by", "Harold")]
    assert words(harold) == [("Cares for", "Winifrid")]
    assert EmergencyContact.objects.get().person == twin
    assert EqualityAnswers.objects.get().person == twin
    undo_merge(alias=alias, by=cast.coordinator)
    assert everything() == before


def everything() -> list:
    return [
        sorted(map(str, model.objects.values_list()))
        for model in (
            OtherName,
            Relationship,
            EmergencyContact,
            SafetyFlag,
            EqualityAnswers,
            Household,
        )
    ] + [sorted(map(str, Person.objects.values_list("id", "household_id", "merged_at")))]


def test_flags_are_seen_by_those_who_need_them(cast, two):
    winifred, _harold = two
    contact = SafetyFlagFactory(person=winifred)
    risk = SafetyFlagFactory(person=winifred, kind=SafetyFlag.Kind.ADULT_AT_RISK)

    def seen(user):
        return set(SafetyFlag.objects.shown_to(user, winifred))

    assert seen(cast.access_point_staff) == {contact}
    assert seen(cast.hub_lead) == seen(cast.coordinator) == {contact, risk}
    for nobody in (cast.membership_officer, cast.administrator, cast.stranger("hub_lead")):
        assert seen(nobody) == set()


def test_a_flag_has_a_last_day_and_is_looked_at_before(two):
    winifred, _harold = two
    flag = SafetyFlagFactory(person=winifred)
    assert set(SafetyFlag.objects.in_force()) == {flag}
    assert set(SafetyFlag.objects.in_force(date(2100, 1, 1))) == set()
    with pytest.raises(IntegrityError, match="review_before_end"), transaction.atomic():
        SafetyFlagFactory(review_on=date(2027, 2, 1), expires_on=date(2027, 1, 1))
    with pytest.raises(IntegrityError, match="expires_on"), transaction.atomic():
        SafetyFlagFactory(expires_on=None)


def test_names_at_another_access_point_are_their_own(cast, desk):
    here = PersonFactory(organisation=desk)
    there = PersonFactory(organisation=access_point(cast.other_organisation_id))
    RelationshipFactory(person=here, other=there)
    (tie,) = Relationship.objects.ties_of(here)
    assert tie.other not in Person.objects.visible_to(cast.access_point_staff)
