"""Finding people: what is typed, how alike two records are, who is found and who is not."""

from __future__ import annotations

from datetime import date

import pytest
from jellyfish import jaro_winkler_similarity
from rapidfuzz.distance import JaroWinkler

from dcsn.privacy import merge_people, undo_merge
from members.actions.people import add_person, change_person, record_consent
from members.finding import NotADate, Typed, find_people, rebuild_keys, strong_matches, write_keys
from members.finding.names import sound_of, words_of_name
from members.finding.pet_names import REGISTERED_AS, registered_as, same_by_pet_name
from members.finding.scoring import Described, score
from members.finding.typed import Born, read_born, read_postcode
from members.models import Person, PersonKeys, SafetyFlag
from tests.factories.agreement import SharingAgreementFactory
from tests.factories.person import PersonFactory, access_point
from tests.factories.relations import OtherNameFactory
from tests.factories.safety_flag import SafetyFlagFactory

# --- Outside vectors ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "similarity"),
    [
        # jellyfish's own published test data (jaro_winkler.csv).
        ("martha", "marhta", 0.961),
        ("dixon", "dicksonx", 0.813),
        ("dwayne", "duane", 0.84),
        ("William", "Williams", 0.975),
        ("abc", "xyz", 0.0),
    ],
)
def test_the_library_agrees_with_published_similarities(one, other, similarity):
    assert JaroWinkler.similarity(one, other) == pytest.approx(similarity, abs=0.0006)
    assert jaro_winkler_similarity(one, other) == pytest.approx(similarity, abs=0.0006)


# --- What was typed ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words", "born", "postcode"),
    [
        ("peg thomson 3/4/1941 dl3 7xx", ("peg", "thomson"), Born(1941, 4, 3), "DL3 7XX"),
        ("DL37XX 3rd April 1941 Thomson, Peg", ("thomson", "peg"), Born(1941, 4, 3), "DL3 7XX"),
        ("1941-04-03 thomson", ("thomson",), Born(1941, 4, 3), ""),
        ("03041941", (), Born(1941, 4, 3), ""),
        ("3.4.41 peg", ("peg",), Born(1941, 4, 3), ""),
        ("4/23/1941 peg", ("peg",), Born(1941, 4, 23), ""),
        ("peg april 1941", ("peg", "april"), Born(1941), ""),
        ("peg september 1941", ("peg",), Born(1941, 9), ""),
        ("june thomson 1941", ("june", "thomson"), Born(1941), ""),
        ("Mrs. Zoë O'Neill-Żak dl3", ("zoe", "oneill", "zak"), Born(), "DL3"),
        ("thomson DL3 7", ("thomson",), Born(), "DL3 7"),
        ("flat 12 thomson \N{GRINNING FACE}", ("flat", "thomson"), Born(), ""),
        ("", (), Born(), ""),
    ],
)
def test_one_box_takes_everything_in_any_order(text, words, born, postcode):
    typed = Typed.from_text(text)
    assert (typed.words, typed.born, typed.postcode, typed.unread) == (words, born, postcode, ())


@pytest.mark.parametrize("text", ["31 2 1940", "45/3/1941", "1 1 2199", "12 December 2199"])
def test_a_day_that_never_was_is_said_and_finds_nothing_by_chance(text):
    typed = Typed.from_text(f"peg {text}")
    assert typed.unread == (text,)
    assert not typed.born
    with pytest.raises(NotADate):
        read_born(text)


def test_the_boxes_of_their_own_are_read_as_what_they_say():
    typed = Typed.from_text("", given="Peg", family="Le Fanu", born="1941", postcode="dl3 7xx")
    assert (typed.given, typed.family) == (("peg",), ("le", "fanu"))
    assert (typed.born, typed.postcode) == (Born(1941), "DL3 7XX")
    assert read_postcode("nonsense") == ""
    with pytest.raises(NotADate):
        read_born("last summer")


def test_ten_thousand_letters_cost_nothing():
    typed = Typed.from_text("x" * 10_000, given="y" * 10_000)
    assert [len(word) for word in typed.all_words] == [24, 24]


# --- Names -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("bill", "william"), ("peggy", "margaret"), ("betty", "elizabeth"), ("liz", "betty"),
        ("dot", "dorothy"), ("kath", "catherine"), ("ted", "edward"), ("nell", "eleanor"),
        ("jack", "john"), ("muhammad", "mohammed"), ("kasia", "catherine"), ("steven", "stephen"),
    ],
)  # fmt: skip
def test_pet_names(one, other):
    assert same_by_pet_name(one, other)
    assert same_by_pet_name(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ellen", "helen"),
        ("john", "james"),
        ("mary", "margaret"),
        ("ann", "hannah"),
        ("ian", "sean"),
    ],
)
def test_two_names_that_share_a_pet_name_are_still_two(one, other):
    assert not same_by_pet_name(one, other)


def test_the_table_of_pet_names_is_folded_as_names_are():
    assert len(REGISTERED_AS) > 800
    assert [name for name in REGISTERED_AS if words_of_name(name) != (name,)] == []
    assert registered_as("bert") == {"albert", "gilbert", "herbert", "hubert", "robert"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("thompson", "tomson"), ("hughes", "hewes"), ("smith", "smyth"), ("wright", "right"),
        ("macdonald", "mcdonald"), ("sheppard", "shepherd"), ("philips", "phillips"),
        ("pearce", "pierce"), ("leigh", "lee"), ("knight", "nite"),
    ],
)  # fmt: skip
def test_names_that_sound_alike(one, other):
    assert sound_of(one) == sound_of(other) != ""


# --- How alike ---------------------------------------------------------------------------------------

PEGGY = {
    "given_name": "Margaret",
    "family_name": "Thompson",
    "date_of_birth": date(1941, 4, 3),
    "postcode": "DL3 7XX",
}


def compared(typed: Typed | str, **facts):
    if isinstance(typed, str):
        typed = Typed.from_text(typed)
    return score(typed, Described.of(Typed.of_facts({**PEGGY, **facts})))


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("margaret thompson 3 4 1941", "same date of birth"),
        ("margaret thompson 4 3 1941", "day and month of birth swapped"),
        ("margaret thompson 3 4 1942", "date of birth differs by one figure"),
        ("peggy thompson 3 4 1941", "first name is a pet name or spelling of the same name"),
        ("margaret tomson 3 4 1941", "last name sounds alike"),
        ("margraet thompson 3 4 1941", "first name spelt nearly the same"),
        ("margaret thompson dl3 7xx", "same postcode"),
    ],
)
def test_reasons_are_said_in_plain_words(typed, reason):
    result = compared(typed)
    assert result.is_strong
    assert reason in [str(words) for words in result.reasons]


def test_swapped_names_are_known():
    typed = Typed.of_facts({**PEGGY, "given_name": "Thompson", "family_name": "Margaret"})
    result = score(typed, Described.of(Typed.of_facts(PEGGY)))
    assert result.is_strong
    assert "first and last name swapped" in [str(words) for words in result.reasons]


@pytest.mark.parametrize(
    "other",
    [
        {"given_name": "Mary"},  # a twin
        {"given_name": "Harold", "date_of_birth": date(1938, 7, 1)},  # a husband
        {"date_of_birth": date(1969, 11, 20)},  # a daughter of the same name
        {"given_name": "Ellen", "family_name": "Wood", "date_of_birth": date(1938, 7, 1)},
    ],
)
def test_families_and_neighbours_are_not_taken_for_one_person(other):
    result = compared(Typed.of_facts(PEGGY), **other)
    assert not result.is_strong
    assert result.doubts


def test_a_changed_last_name_is_doubted_and_still_strong():
    result = compared(Typed.of_facts(PEGGY), family_name="Wood")
    assert result.is_strong
    assert [str(words) for words in result.doubts] == ["another last name"]


# --- Who is found ------------------------------------------------------------------------------------


@pytest.fixture
def peggy(cast, desk):
    return add_person(organisation=desk, by=cast.access_point_staff, **PEGGY)


def names(found):
    return [match.person.name for match in found.own]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text",
    [
        "thompson", "peggy", "margaret thompson", "Thompson Margaret", "tompson", "thomson peg",
        "margraet", "3 4 1941", "4/3/1941", "dl3 7xx", "thompson 1941", "3 5 1941", "maggie tomson",
    ],
)  # fmt: skip
def test_somebody_is_found_by_any_of_it(cast, peggy, text):
    assert names(find_people(cast.access_point_staff, Typed.from_text(text))) == [peggy.name]


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["wood", "harold", "7 11 1950", "dl1 1aa", "12", "thompson's"])
def test_others_are_not(cast, peggy, text):
    found = find_people(cast.access_point_staff, Typed.from_text(text))
    assert names(found) == ([peggy.name] if text.startswith("thompson") else [])


@pytest.mark.django_db
def test_the_likeliest_comes_first(cast, desk, peggy):
    for facts in (
        {"given_name": "Margaret", "family_name": "Thompson", "postcode": "DL1 1AA"},
        {"given_name": "Mary", "family_name": "Thompson"},
        {"given_name": "Peg", "family_name": "Tomson", "date_of_birth": date(1941, 3, 4)},
    ):
        add_person(organisation=desk, by=cast.access_point_staff, **facts)
    found = find_people(cast.access_point_staff, Typed.from_text("margaret thompson 3 4 1941"))
    assert found.own[0].person == peggy
    assert names(found)[1] == "Peg Tomson"
    # Mary is somebody else, as far as a name and a day can say.
    assert names(found) == ["Margaret Thompson", "Peg Tomson", "Margaret Thompson"]


@pytest.mark.django_db
def test_an_earlier_name_finds_them_and_is_said(cast, peggy):
    OtherNameFactory(person=peggy, family_name="Featherstone")
    write_keys(peggy.id)
    found = find_people(cast.access_point_staff, Typed.from_text("margaret fetherstone"))
    assert names(found) == ["Margaret Thompson"]
    assert "an earlier or other name" in [str(words) for words in found.own[0].reasons]
    assert found.own[0].other_names == ("Featherstone",)


@pytest.mark.django_db
def test_keys_follow_every_change(cast, peggy):
    change_person(person=peggy, by=cast.access_point_staff, facts={"family_name": "Wood"})
    assert find_people(cast.access_point_staff, Typed.from_text("thompson")).is_nobody
    assert find_people(cast.access_point_staff, Typed.from_text("wood")).own


@pytest.mark.django_db
def test_a_merged_record_is_found_as_what_it_became_and_apart_again(cast, desk, peggy):
    maiden = add_person(
        organisation=desk,
        by=cast.access_point_staff,
        given_name="Peggy",
        family_name="Featherstone",
    )
    alias = merge_people(old=maiden.id, current=peggy.id, by=cast.coordinator)
    search = Typed.from_text("featherstone")
    assert names(find_people(cast.access_point_staff, search)) == ["Margaret Thompson"]
    # A change of the current record keeps the other one's names.
    change_person(person=peggy, by=cast.access_point_staff, facts={"postcode": "DL1 1AA"})
    assert names(find_people(cast.access_point_staff, search)) == ["Margaret Thompson"]
    undo_merge(alias=alias, by=cast.coordinator)
    assert names(find_people(cast.access_point_staff, search)) == ["Peggy Featherstone"]


@pytest.mark.django_db
def test_rebuilding_writes_what_a_bulk_import_left_out_and_takes_away_what_is_over(cast, desk):
    kept, erased = PersonFactory.create_batch(2, organisation=desk, family_name="Bulk")
    assert find_people(cast.access_point_staff, Typed.from_text("bulk")).is_nobody
    assert rebuild_keys() == 2
    assert len(find_people(cast.access_point_staff, Typed.from_text("bulk")).own) == 2
    Person.objects.filter(pk=erased.pk).update(merged_at="2026-01-01T00:00Z")
    rebuild_keys()
    assert [row.person for row in PersonKeys.objects.all()] == [kept]


# --- Other access points ------------------------------------------------------------------------------


@pytest.fixture
def elsewhere(cast):
    return access_point(cast.other_organisation_id, name="B desk")


@pytest.fixture
def agreed(desk, elsewhere):
    SharingAgreementFactory(organisation=desk)
    return SharingAgreementFactory(organisation=elsewhere)


@pytest.fixture
def theirs(cast, elsewhere):
    staff = cast.stranger("access_point_staff")
    return add_person(organisation=elsewhere, by=staff, **PEGGY)


FULL = Typed.from_text("peggy thompson 3 4 1941")


@pytest.mark.django_db
def test_without_an_agreement_nothing_of_another_access_point_shows(cast, desk, theirs):
    assert find_people(cast.access_point_staff, FULL).is_nobody


@pytest.mark.django_db
def test_under_agreement_a_match_is_masked(cast, agreed, theirs):
    found = find_people(cast.access_point_staff, FULL)
    (masked,) = found.elsewhere
    assert found.own == []
    assert (masked.initials, masked.birth_year, masked.postcode_sector) == ("M. T.", 1941, "DL3 7")
    assert masked.organisation == theirs.organisation
    assert not {"Margaret", "Thompson", "DL3 7XX"} & {str(value) for value in vars(masked).values()}
    assert strong_matches(cast.access_point_staff, FULL) == [masked]
    assert found.ids == [theirs.id]


@pytest.mark.django_db
@pytest.mark.parametrize("side", ["ours", "theirs", "past review"])
def test_both_sides_must_have_signed_and_the_day_not_be_past(cast, desk, elsewhere, theirs, side):
    if side != "ours":
        SharingAgreementFactory(organisation=desk)
    if side != "theirs":
        SharingAgreementFactory(organisation=elsewhere, past_review=side == "past review")
    assert find_people(cast.access_point_staff, FULL).is_nobody


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["thompson", "margaret", "1941", "3 4 1941", "dl3 7xx"])
def test_one_thing_alone_shows_nobody_of_elsewhere(cast, agreed, theirs, text):
    assert find_people(cast.access_point_staff, Typed.from_text(text)).is_nobody


@pytest.mark.django_db
def test_somebody_in_danger_at_home_is_found_only_by_their_own(cast, agreed, theirs):
    SafetyFlagFactory(person=theirs, kind=SafetyFlag.Kind.DOMESTIC_ABUSE)
    assert find_people(cast.access_point_staff, FULL).is_nobody
    assert find_people(cast.stranger("access_point_staff"), FULL).own


@pytest.mark.django_db
def test_who_was_told_that_only_one_access_point_sees_them_is_not_shown_to_others(
    cast, agreed, theirs
):
    def agree(wording):
        record_consent(
            person=theirs,
            organisation=theirs.organisation,
            purpose="remember",
            categories=["name"],
            how="spoken",
            wording=wording,
            by=cast.stranger("access_point_staff"),
        )

    agree("remember:1")
    assert find_people(cast.access_point_staff, FULL).is_nobody
    agree("remember:2")
    assert find_people(cast.access_point_staff, FULL).elsewhere


@pytest.mark.django_db
def test_a_coordinator_finds_everybody_by_name(cast, theirs, peggy):
    found = find_people(cast.coordinator, FULL)
    assert {match.person.id for match in found.own} == {peggy.id, theirs.id}
    assert found.elsewhere == []


@pytest.mark.django_db
def test_who_sees_no_people_finds_none(cast, peggy):
    for role in ("administrator", "directory_editor", "commissioner", "provider_editor"):
        assert find_people(cast.with_role(role), FULL).is_nobody


@pytest.mark.django_db
def test_finding_takes_the_same_few_queries_for_many(
    cast, desk, agreed, theirs, django_assert_max_num_queries
):
    PersonFactory.create_batch(60, organisation=desk, given_name="Margaret", family_name="Thompson")
    rebuild_keys()
    user = cast.access_point_staff
    find_people(user, FULL)
    with django_assert_max_num_queries(6):
        found = find_people(user, FULL)
    assert len(found.own) == 25
    assert found.more
