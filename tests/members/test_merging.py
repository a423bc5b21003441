"""Putting two records of one person together, in the actions and on the pages; and taking them apart."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import reverse

from dcsn.audit.models import Event
from dcsn.privacy.models import PersonAlias
from members.actions.merging import merge_records, say_different, unmerge_records
from members.actions.people import add_person, change_person
from members.finding import Typed, find_people, rebuild_keys
from members.finding.duplicates import compare_one, look_for_duplicates
from members.models import Format, MergedValues, Opening, Person, PersonKeys, PossibleDuplicate
from members.refusals import CannotBeMerged
from tests.factories.agreement import SharingAgreementFactory
from tests.factories.paper import PaperRequestFactory
from tests.factories.person import PersonFactory, access_point
from tests.factories.reason import ReasonFactory

pytestmark = pytest.mark.django_db
LIST = "/desk/people/duplicates/"


@pytest.fixture
def peggy(cast, desk):
    return add_person(
        organisation=desk,
        by=cast.access_point_staff,
        given_name="Margaret",
        family_name="Thompson",
        date_of_birth=date(1941, 4, 3),
        phone="01632 960 321",
        formats=[Format.PRINT_24],
    )


@pytest.fixture
def twice(cast, desk):
    """The same woman, as another volunteer wrote her down."""
    return add_person(
        organisation=desk,
        by=cast.access_point_staff,
        given_name="Peggy",
        family_name="Tomson",
        date_of_birth=date(1941, 3, 4),
        postcode="DL3 7XX",
        address_1="1 Example Terrace",
        safe_contact_note="Ring in the morning only.",
    )


def merge_page(one, other):
    return reverse("members:merge", args=[one.id, other.id])


# --- Actions -----------------------------------------------------------------------------------------


def test_the_record_that_stays_takes_what_was_chosen(cast, peggy, twice):
    request = PaperRequestFactory(person=twice, organisation=peggy.organisation)
    merge_records(
        old=twice,
        current=peggy,
        take=frozenset({"born", "address", "safe_contact_note"}),
        by=cast.hub_lead,
    )
    peggy.refresh_from_db()
    assert (peggy.given_name, peggy.date_of_birth) == ("Margaret", date(1941, 3, 4))
    assert (peggy.postcode, peggy.phone) == ("DL3 7XX", "01632 960 321")
    assert peggy.safe_contact_note == "Ring in the morning only."
    request.refresh_from_db()
    assert request.person == peggy
    merged = Event.objects.get(type="person:merged")
    assert (merged.subject, merged.details) == (peggy.id, {"other": str(twice.id)})


def test_taking_them_apart_puts_back_what_was_taken_and_keeps_what_is_newer(cast, peggy, twice):
    alias = merge_records(
        old=twice, current=peggy, take=frozenset({"born", "address"}), by=cast.hub_lead
    )
    change_person(
        person=peggy, by=cast.hub_lead, facts={"town": "Exampleton", "postcode": "DL1 1AA"}
    )
    unmerge_records(alias=alias, by=cast.hub_lead)
    peggy.refresh_from_db()
    twice.refresh_from_db()
    assert peggy.date_of_birth == date(1941, 4, 3)  # put back
    assert peggy.address_1 == ""  # put back
    assert (peggy.town, peggy.postcode) == ("Exampleton", "DL1 1AA")  # entered since
    assert twice.merged_at is None
    assert not MergedValues.objects.exists()
    # And they are not suggested again.
    pair = PossibleDuplicate.objects.get()
    assert (pair.state, pair.decided_by) == ("different", cast.hub_lead)
    rebuild_keys()
    look_for_duplicates()
    assert not PossibleDuplicate.objects.open().exists()


def test_a_sign_in_comes_along_and_goes_back(cast, peggy, twice):
    Person.objects.filter(pk=twice.pk).update(user=cast.nobody)
    alias = merge_records(old=twice, current=peggy, take=frozenset(), by=cast.hub_lead)
    assert Person.objects.get(user=cast.nobody) == peggy
    unmerge_records(alias=alias, by=cast.hub_lead)
    assert Person.objects.get(user=cast.nobody) == twice


def test_two_sign_ins_are_refused(cast, peggy, twice):
    Person.objects.filter(pk=twice.pk).update(user=cast.nobody)
    Person.objects.filter(pk=peggy.pk).update(user=cast.member)
    with pytest.raises(CannotBeMerged):
        merge_records(old=twice, current=peggy, take=frozenset(), by=cast.hub_lead)
    assert not PersonAlias.objects.exists()


def test_a_record_that_was_merged_meanwhile_is_refused(cast, desk, peggy, twice):
    third = PersonFactory(organisation=desk)
    merge_records(old=twice, current=third, take=frozenset(), by=cast.hub_lead)
    with pytest.raises(CannotBeMerged):
        merge_records(old=twice, current=peggy, take=frozenset(), by=cast.hub_lead)


def test_only_the_last_of_two_merges_can_be_undone_first(cast, desk, peggy, twice):
    third = PersonFactory(organisation=desk)
    first = merge_records(old=twice, current=peggy, take=frozenset(), by=cast.hub_lead)
    second = merge_records(old=peggy, current=third, take=frozenset(), by=cast.hub_lead)
    with pytest.raises(CannotBeMerged):
        unmerge_records(alias=first, by=cast.hub_lead)
    unmerge_records(alias=second, by=cast.hub_lead)
    unmerge_records(alias=first, by=cast.hub_lead)
    assert Person.objects.known().count() == 3


def test_a_failing_audit_takes_everything_back(cast, peggy, twice, monkeypatch):
    def broken(*arguments, **named):
        raise RuntimeError

    monkeypatch.setattr("dcsn.privacy.merging.record", broken)
    with pytest.raises(RuntimeError):
        merge_records(old=twice, current=peggy, take=frozenset({"born"}), by=cast.hub_lead)
    peggy.refresh_from_db()
    assert peggy.date_of_birth == date(1941, 4, 3)
    assert Person.objects.known().count() == 2


def test_who_may_not_merge_does_not(cast, peggy, twice):
    elsewhere = PersonFactory(organisation=access_point(cast.other_organisation_id))
    for old, user, refusal in (
        (twice, cast.access_point_staff, PermissionDenied),
        (elsewhere, cast.hub_lead, Http404),
    ):
        with pytest.raises(refusal):
            merge_records(old=old, current=peggy, take=frozenset(), by=user)
        with pytest.raises(refusal):
            say_different(one=old, other=peggy, by=user)
    assert not PersonAlias.objects.exists()
    assert not PossibleDuplicate.objects.exists()


# --- Possible duplicates -----------------------------------------------------------------------------


def test_whoever_is_new_or_changed_is_compared_once(cast, desk, peggy, twice):
    assert look_for_duplicates() == 2  # each finds the other: one row
    assert PossibleDuplicate.objects.open().count() == 1
    assert look_for_duplicates() == 0
    assert not PersonKeys.objects.filter(compared_at=None).exists()
    # When one of them turns out to be called otherwise, the pair goes.
    change_person(
        person=twice,
        by=cast.hub_lead,
        facts={"given_name": "Harold", "family_name": "Wood", "date_of_birth": date(1960, 1, 9)},
    )
    look_for_duplicates()
    assert not PossibleDuplicate.objects.exists()


def test_two_people_are_not_suggested_again(cast, peggy, twice):
    look_for_duplicates()
    say_different(one=twice, other=peggy, by=cast.hub_lead)
    change_person(person=twice, by=cast.hub_lead, facts={"known_as": "Peg"})
    look_for_duplicates()
    assert not PossibleDuplicate.objects.open().exists()
    assert Event.objects.filter(type="person:found_different").count() == 2


def test_comparing_somebody_who_is_gone_does_nothing(peggy, twice):
    Person.objects.filter(pk=twice.pk).update(merged_at="2026-01-01T00:00Z")
    assert compare_one(twice.pk) == 0


# --- Pages -------------------------------------------------------------------------------------------


def test_the_list_says_why_and_leads_to_the_comparison(cast, client_as, peggy, twice):
    look_for_duplicates()
    client = client_as(cast.hub_lead)
    text = client.get(LIST).text
    for words in (
        "Margaret Thompson",
        "Peggy Tomson",
        "day and month of birth swapped",
        "pet name",
    ):
        assert words in text
    first, second = sorted([peggy, twice], key=lambda person: person.id)
    assert merge_page(first, second) in text
    assert set(Event.objects.get(type="duplicates:listed").details["people"]) == {
        str(peggy.id), str(twice.id),
    }  # fmt: skip
    assert "There is nothing" in client_as(cast.stranger("hub_lead")).get(LIST).text


def test_side_by_side_choose_and_see_what_moves(cast, client_as, peggy, twice):
    PaperRequestFactory.create_batch(2, person=twice, organisation=peggy.organisation)
    client = client_as(cast.hub_lead)
    address = merge_page(peggy, twice)
    page = client.get(address).text
    for words in ("3 April 1941", "4 March 1941", "2 requests for paper", "DL3 7XX"):
        assert words in page
    # Nothing is merged by half: what is missing is asked for, and what was chosen stays chosen.
    refused = client.post(address, {"do": "merge", "stays": "first"})
    assert refused.status_code == 422
    assert "Choose which is right" in refused.text
    chosen = {
        "do": "merge", "stays": "first", "given_name": "first", "family_name": "first",
        "born": "first", "address": "second", "phone": "first", "safe_contact_note": "second",
        "needs": "first",
    }  # fmt: skip
    done = client.post(address, chosen, follow=True)
    assert done.redirect_chain[-1][0] == peggy.get_absolute_url()
    assert "1 Example Terrace" in done.text
    # Old links and printed references lead here.
    assert "Margaret Thompson" in client.get(twice.get_absolute_url(), follow=True).text
    assert client.get(merge_page(twice, peggy)).url == peggy.get_absolute_url()
    # And it can be undone.
    alias = PersonAlias.objects.get()
    client.post(reverse("members:person_unmerge", args=[peggy.id]), {"alias": str(alias.id)})
    assert Person.objects.known().count() == 2
    assert "1 Example Terrace" not in client.get(peggy.get_absolute_url()).text


def test_two_people_on_the_page(cast, client_as, peggy, twice):
    client = client_as(cast.hub_lead)
    client.post(merge_page(peggy, twice), {"do": "different"})
    assert PossibleDuplicate.objects.get().state == "different"


def test_a_warning_is_never_dropped_by_default(cast, client_as, peggy, twice):
    change_person(person=peggy, by=cast.hub_lead, facts={"safe_contact_note": "Never by post."})
    page = client_as(cast.hub_lead).get(merge_page(peggy, twice)).text
    assert "Ring in the morning only." in page
    part = page.split("Before you contact them")[1].split("</fieldset>")[0]
    assert part.count('type="radio"') == 2
    assert "checked" not in part


def test_a_coordinator_opens_both_with_one_reason(cast, client_as, peggy, twice):
    client = client_as(cast.coordinator)
    address = merge_page(peggy, twice)
    assert "Open both" in client.get(address).text
    # What cannot be seen cannot be merged either.
    client.post(address, {"do": "merge", "stays": "first"})
    assert not PersonAlias.objects.exists()
    client.post(address, {"do": "open"})
    assert set(Opening.objects.values_list("person_id", "reason")) == {
        (peggy.id, "duplicate"), (twice.id, "duplicate"),
    }  # fmt: skip
    assert "Which is right?" in client.get(address).text


def test_pairs_of_two_access_points_need_both_to_have_signed(cast, client_as, desk, peggy):
    elsewhere = access_point(cast.other_organisation_id, name="B desk")
    add_person(
        organisation=elsewhere,
        by=cast.stranger("hub_lead"),
        given_name="Margaret",
        family_name="Thompson",
        date_of_birth=date(1941, 4, 3),
    )
    look_for_duplicates()
    client = client_as(cast.coordinator)
    assert "There is nothing" in client.get(LIST).text
    for organisation in (desk, elsewhere):
        SharingAgreementFactory(organisation=organisation)
    assert "B desk" in client.get(LIST).text
    assert "There is nothing" in client_as(cast.hub_lead).get(LIST).text


def test_a_stranger_merges_nothing(cast, client_as, peggy, twice):
    client = client_as(cast.stranger("hub_lead"))
    for answer in (
        client.get(merge_page(peggy, twice)),
        client.post(merge_page(peggy, twice), {"do": "merge", "stays": "first"}),
        client.post(merge_page(peggy, twice), {"do": "different"}),
        client.post(reverse("members:person_unmerge", args=[peggy.id]), {"alias": str(peggy.id)}),
    ):
        assert answer.status_code == 404
    assert not PossibleDuplicate.objects.exists()


def test_another_persons_merge_is_not_undone_from_here(cast, client_as, desk, peggy, twice):
    third, fourth = PersonFactory.create_batch(2, organisation=desk)
    alias = merge_records(old=third, current=fourth, take=frozenset(), by=cast.hub_lead)
    client = client_as(cast.hub_lead)
    address = reverse("members:person_unmerge", args=[peggy.id])
    assert client.post(address, {"alias": str(alias.id)}).status_code == 404
    assert client.post(address, {"alias": "nonsense"}).status_code == 404
    assert PersonAlias.objects.get().undone_at is None


def test_the_list_grows_without_more_queries(cast, client_as, desk, django_assert_max_num_queries):
    def some(count):
        for number in range(count):
            PersonFactory.create_batch(
                2,
                organisation=desk,
                given_name="Margaret",
                family_name=f"Thompson{'abcdefghij'[number]}",
                postcode=f"DL{number} {count}XX",
            )
        rebuild_keys()
        look_for_duplicates()

    client = client_as(cast.hub_lead)
    some(2)
    with django_assert_max_num_queries(20) as first:
        client.get(LIST)
    some(9)
    with django_assert_max_num_queries(len(first)):
        assert client.get(LIST).text.count("two-records") >= 10


def test_an_erased_persons_keys_pairs_and_reasons_go(cast, peggy, twice):
    from dcsn.privacy import erase_person

    look_for_duplicates()
    ReasonFactory(person=peggy, user=cast.coordinator)
    alias = merge_records(old=twice, current=peggy, take=frozenset({"born"}), by=cast.coordinator)
    assert MergedValues.objects.filter(alias=alias).exists()
    erase_person(peggy.id, by=cast.coordinator, reason="asked")
    for model in (PersonKeys, PossibleDuplicate, Opening, MergedValues):
        assert not model.objects.exists()
    assert find_people(cast.hub_lead, Typed.from_text("thompson tomson 1941")).is_nobody
