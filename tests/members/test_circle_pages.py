"""Who belongs to somebody, whom to ring and what else they are called, as staff meet it."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import Http404
from django.urls import reverse

from dcsn.audit.models import Event
from members.actions.relations import (
    add_other_name,
    end_tie,
    leave_household,
    live_together,
    tie,
)
from members.finding import Typed, find_people, write_keys
from members.models import EmergencyContact, Household, OtherName, Person, Relationship
from members.refusals import CannotBeTied, Refused
from tests.factories.person import PersonFactory, access_point
from tests.factories.relations import (
    EmergencyContactFactory,
    OtherNameFactory,
    RelationshipFactory,
    household_of,
)

pytestmark = pytest.mark.django_db


def known(person: Person) -> Person:
    """As somebody recorded by the action is: to be found."""
    write_keys(person.id)
    return person


@pytest.fixture
def winifred(desk):
    return known(PersonFactory(organisation=desk, given_name="Winifred", family_name="Example"))


@pytest.fixture
def harold(desk):
    return known(PersonFactory(organisation=desk, given_name="Harold", family_name="Example"))


@pytest.fixture
def staff(cast, client_as):
    return client_as(cast.access_point_staff)


def page(name, *ids):
    return reverse(f"members:{name}", args=[getattr(one, "id", one) for one in ids])


# --- Ties -------------------------------------------------------------------------------------------


def test_somebody_is_found_chosen_and_tied_and_both_pages_say_so(staff, winifred, harold):
    # Given Winifred's page, on which nobody belongs to her
    address = page("person_circle", winifred)
    assert "Nobody who is on record" in staff.get(address).text
    # When staff look for Harold, though his name is misspelt
    found = staff.post(address, {"step": "find", "words": "Harald Example"})
    assert [one.id for one in found.context["people"]] == [harold.id]
    # and choose him, and say that he cares for her and they live together
    chosen = staff.post(address, {"step": "choose", "other": harold.id})
    assert "Winifred: is cared for by Harold" in chosen.text
    saved = staff.post(
        address,
        {"step": "save", "other": harold.id, "kind": "turned:cares_for", "since_day": "1",
         "since_month": "3", "since_year": "2024", "together": "on"},
        follow=True,
    )  # fmt: skip
    # Then both records say so
    assert "It is recorded for both." in saved.text
    row = Relationship.objects.get()
    assert (row.person, row.other, row.kind) == (harold, winifred, "cares_for")
    hers = staff.get(page("person", winifred)).text
    his = staff.get(page("person", harold)).text
    assert "Is cared for by" in hers
    assert "since 1 March 2024" in hers
    assert "Cares for" in his
    assert "Lives with" in hers
    assert "Lives with" in his
    for person in (winifred, harold):
        assert Event.objects.filter(type="person:ties_changed", subject=person.id).exists()


def test_names_never_stand_in_an_address_and_a_list_is_noted(staff, winifred, harold):
    address = page("person_circle", winifred)
    page_found = staff.get(f"{address}?words=Harold&step=find")
    assert page_found.context["people"] is None
    staff.post(address, {"step": "find", "words": "Harold"})
    event = Event.objects.get(type="people:searched")
    assert event.details["people"] == [str(harold.id)]


def test_people_of_another_access_point_are_neither_found_nor_tied(staff, cast, winifred):
    there = known(
        PersonFactory(organisation=access_point(cast.other_organisation_id), given_name="Harold")
    )
    address = page("person_circle", winifred)
    assert not staff.post(address, {"step": "find", "words": "Harold"}).context["people"]
    for step in ("choose", "save"):
        sent = {"step": step, "other": there.id, "kind": "partner"}
        assert staff.post(address, sent).status_code == 404
    assert not Relationship.objects.exists()


def test_a_tie_to_somebody_elsewhere_is_shown_without_their_name(staff, cast, winifred):
    there = PersonFactory(
        organisation=access_point(cast.other_organisation_id), given_name="Harold"
    )
    RelationshipFactory(person=there, other=winifred)
    household_of(winifred, there)
    for text in (
        staff.get(page("person", winifred)).text,
        staff.get(page("person_circle", winifred)).text,
    ):
        assert "omebody on record at another access point" in text
        assert "Harold" not in text
        assert str(there.id) not in text


def test_what_cannot_be_is_said_and_what_was_chosen_stays(staff, winifred, harold):
    address = page("person_circle", winifred)
    RelationshipFactory(person=winifred, other=harold, kind="partner")
    nothing = staff.post(address, {"step": "find", "words": ""})
    assert "Enter a name, a date of birth or a postcode" in nothing.text
    no_kind = staff.post(address, {"step": "save", "other": harold.id})
    assert "Choose what they are to each other" in no_kind.text
    again = staff.post(address, {"step": "save", "other": harold.id, "kind": "partner"})
    assert again.status_code == 422
    assert "This is recorded already." in again.text
    future = staff.post(
        address,
        {"step": "save", "other": harold.id, "kind": "friend", "since_day": "1",
         "since_month": "1", "since_year": "2999"},
    )  # fmt: skip
    assert "The date is in the future" in future.text
    assert 'value="2999"' in future.text
    itself = staff.post(address, {"step": "save", "other": winifred.id, "kind": "friend"})
    assert "this is the same person" in itself.text
    assert staff.post(address, {"step": "choose", "other": "nonsense"}).status_code == 302
    assert Relationship.objects.count() == 1


def test_a_household_is_not_made_when_the_tie_is_refused(staff, winifred, harold):
    RelationshipFactory(person=winifred, other=harold, kind="partner")
    staff.post(
        page("person_circle", winifred),
        {"step": "save", "other": harold.id, "kind": "partner", "together": "on"},
    )
    assert not Household.objects.exists()


def test_it_is_over_from_either_end_and_twice_is_once(staff, winifred, harold):
    row = RelationshipFactory(person=harold, other=winifred)
    staff.post(page("person_tie_end", winifred, row))
    staff.post(page("person_tie_end", harold, row))
    row.refresh_from_db()
    assert row.ended_on is not None
    assert Event.objects.filter(type="person:ties_changed").count() == 2
    assert "Cares for" not in staff.get(page("person", harold)).text
    assert "until" in staff.get(page("person_circle", harold)).text


def test_a_tie_is_ended_on_the_page_of_one_of_the_two_only(staff, winifred, harold, desk):
    row = RelationshipFactory(person=harold, other=winifred)
    third = PersonFactory(organisation=desk)
    assert staff.post(page("person_tie_end", third, row)).status_code == 404


def test_strangers_and_those_who_may_not_change_are_refused_by_the_actions(cast, winifred, harold):
    with pytest.raises(Http404):
        tie(person=winifred, other=harold, kind="friend", by=cast.stranger("access_point_staff"))
    with pytest.raises(PermissionDenied):
        tie(person=winifred, other=harold, kind="friend", by=cast.administrator)
    row = RelationshipFactory(person=harold, other=winifred)
    with pytest.raises(Http404):
        end_tie(relationship=row, by=cast.stranger("access_point_staff"))
    with pytest.raises(CannotBeTied):
        tie(person=winifred, other=winifred, kind="friend", by=cast.hub_lead)


def test_nobody_erased_is_tied(cast, winifred, harold):
    Person.objects.filter(pk=harold.pk).update(merged_at="2026-01-01T00:00Z")
    with pytest.raises(CannotBeTied, match="erased or merged"):
        tie(person=winifred, other=harold, kind="friend", by=cast.hub_lead)


# --- Households -------------------------------------------------------------------------------------


def test_moving_in_and_out(cast, staff, winifred, harold, desk):
    by = cast.access_point_staff
    winifred.lives_alone = "yes"
    winifred.save(update_fields=["lives_alone"])
    household = live_together(person=winifred, other=harold, by=by)
    assert live_together(person=harold, other=winifred, by=by) == household
    third = PersonFactory(organisation=desk)
    live_together(person=third, other=winifred, by=by)
    assert set(household.people.all()) == {winifred, harold, third}
    staff.post(page("person_household_leave", third))
    winifred.refresh_from_db()
    assert (winifred.household, winifred.lives_alone) == (household, "no")
    leave_household(person=harold, by=by)
    winifred.refresh_from_db()
    assert (winifred.household, winifred.lives_alone) == (None, ""), "alone? not known: ask"
    assert not Household.objects.exists()


def test_moving_from_one_household_to_another_leaves_no_empty_one(cast, winifred, harold, desk):
    by = cast.hub_lead
    old = PersonFactory(organisation=desk)
    live_together(person=winifred, other=old, by=by)
    new = live_together(person=winifred, other=harold, by=by)
    assert list(Household.objects.all()) == [new]
    old.refresh_from_db()
    assert old.household is None


# --- Other names ------------------------------------------------------------------------------------


def test_they_are_found_by_another_name_until_it_is_taken_out(staff, cast, winifred):
    def found() -> list:
        search = find_people(cast.access_point_staff, Typed.from_text("Winifred Zimmermann"))
        return [match.person.id for match in search.own if match.score.weight > 8]

    assert found() == []
    address = page("person_names", winifred)
    staff.post(address, {"use": "maiden", "family_name": "Zimmermann"})
    assert found() == [winifred.id]
    name = OtherName.objects.get()
    assert "Zimmermann" in staff.get(page("person", winifred)).text
    staff.post(page("person_name_remove", winifred, name))
    assert found() == []
    assert not OtherName.objects.exists()


def test_names_that_cannot_be_are_said(staff, winifred):
    address = page("person_names", winifred)
    OtherNameFactory(person=winifred, use="maiden", family_name="Sample")
    for sent, words in (
        ({"use": "maiden"}, "Enter a first name, a last name, or both"),
        ({"family_name": "Other"}, "Choose what kind of name it is"),
        ({"use": "old", "family_name": "=HYPERLINK(1)"}, "leave out"),
        ({"use": "maiden", "family_name": "Sample"}, "recorded already"),
    ):
        answer = staff.post(address, sent)
        assert answer.status_code == 422
        assert words in answer.text
    assert OtherName.objects.count() == 1


def test_a_name_of_somebody_else_is_not_taken_out_here(staff, winifred, harold):
    name = OtherNameFactory(person=harold)
    assert staff.post(page("person_name_remove", winifred, name)).status_code == 404
    assert OtherName.objects.exists()


# --- Emergency contacts -----------------------------------------------------------------------------

MARJORIE = {
    "name": "Marjorie Sample",
    "relationship": "daughter",
    "phone": "07700900123",
    "note": "Works nights 🌙",
    "knows": "on",
}


def test_contacts_are_tried_in_the_order_in_which_they_were_named(staff, winifred):
    address = page("person_emergency", winifred)
    staff.post(address, MARJORIE)
    staff.post(address, MARJORIE | {"name": "Nigel Sample", "knows": ""})
    assert [one.name for one in winifred.emergency_contacts.all()] == [
        "Marjorie Sample",
        "Nigel Sample",
    ]
    text = staff.get(address).text
    assert 'href="tel:07700900123"' in text
    assert "May not know that we have their number" in text
    assert "Works nights 🌙" in staff.get(page("person", winifred)).text


def test_a_contact_is_changed_and_taken_out(staff, winifred):
    contact = EmergencyContactFactory(person=winifred)
    address = page("person_emergency_contact", winifred, contact)
    assert "daughter" in staff.get(address).text
    staff.post(address, MARJORIE | {"phone": "07700 900 456"})
    contact.refresh_from_db()
    assert (contact.name, contact.phone) == ("Marjorie Sample", "07700 900456")
    staff.post(address, {"remove": "yes"})
    assert not EmergencyContact.objects.exists()
    assert staff.post(address, MARJORIE).status_code == 404
    assert Event.objects.filter(type="person:emergency_changed").count() == 2


def test_a_contact_that_cannot_be_rung_is_said_and_nothing_lost(staff, winifred):
    answer = staff.post(
        page("person_emergency", winifred), MARJORIE | {"phone": "12", "note": "x" * 10_000}
    )
    assert answer.status_code == 422
    assert "Enter a phone number" in answer.text
    assert "Use 300 characters or fewer: this has 10000" in answer.text
    assert "x" * 10_000 in answer.text
    assert not EmergencyContact.objects.exists()


def test_anothers_contact_is_not_reached_from_here(staff, winifred, harold):
    contact = EmergencyContactFactory(person=harold)
    assert staff.get(page("person_emergency_contact", winifred, contact)).status_code == 404


def test_strangers_post_nothing(cast, client_as, winifred, harold):
    stranger = client_as(cast.stranger("access_point_staff"))
    row = RelationshipFactory(person=harold, other=winifred)
    name = OtherNameFactory(person=winifred)
    household_of(winifred, harold)
    for address in (
        page("person_circle", winifred),
        page("person_names", winifred),
        page("person_emergency", winifred),
        page("person_tie_end", winifred, row),
        page("person_name_remove", winifred, name),
        page("person_household_leave", winifred),
    ):
        assert stranger.post(address, {}).status_code == 404
    winifred.refresh_from_db()
    row.refresh_from_db()
    assert winifred.household is not None
    assert row.ended_on is None


def test_when_the_trail_cannot_be_written_nothing_changes(cast, winifred, harold, monkeypatch):
    by = cast.hub_lead

    def fail(*args, **kwargs):
        raise IntegrityError("the audit table is full")

    monkeypatch.setattr(Event, "save", fail)
    for action in (
        lambda: tie(person=winifred, other=harold, kind="friend", by=by),
        lambda: live_together(person=winifred, other=harold, by=by),
        lambda: add_other_name(person=winifred, use="old", family_name="Sample", by=by),
    ):
        with pytest.raises(IntegrityError):
            action()
    winifred.refresh_from_db()
    assert winifred.household is None
    assert not Relationship.objects.exists()
    assert not OtherName.objects.exists()


def test_an_erased_person_gets_no_more_names(cast, winifred):
    Person.objects.filter(pk=winifred.pk).update(
        **dict.fromkeys(Person.WORDS, ""), erased_at="2026-01-01T00:00Z"
    )
    with pytest.raises(Refused):
        add_other_name(person=winifred, use="old", family_name="Sample", by=cast.hub_lead)
