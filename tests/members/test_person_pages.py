"""A person's record, their copy of everything, and being forgotten, as staff meet them."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dcsn.accounts.models import User
from dcsn.audit.models import Event
from members import person_page
from members.access import possible_contacts
from members.actions.opening import open_record
from members.actions.people import name_contact, record_consent
from members.models import Consent, Person
from members.person_page import PageLink, Section, register_links, register_section
from members.refusals import NotTheirs
from tests.factories.consent import ConsentFactory
from tests.factories.organisation import OrganisationFactory
from tests.factories.paper import PaperRequestFactory
from tests.factories.person import PersonFactory, access_point
from tests.factories.reason import ReasonFactory
from tests.factories.relations import (
    EmergencyContactFactory,
    OtherNameFactory,
    RelationshipFactory,
    household_of,
)
from tests.factories.safety_flag import SafetyFlagFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(cast, desk):
    person = PersonFactory(organisation=desk, with_everything=True)
    record_consent(
        person=person,
        organisation=desk,
        purpose="remember",
        categories=["name"],
        how="spoken",
        by=cast.access_point_staff,
    )
    return person


def page(name, person):
    return reverse(f"members:{name}", args=[person.id])


def test_the_record_says_how_to_reach_them_and_who_has_looked(cast, client_as, person):
    User.objects.filter(pk=cast.access_point_staff.pk).update(name="Zebedee Unmistakable")
    text = client_as(cast.access_point_staff).get(page("person", person)).text
    for words in (
        "Ring in the morning only.",
        "Giant print, 24 point",
        "Polish",
        "years old, born 29 February 1944",
        "Keep their details for the next time",
        "looked at the person",
    ):
        assert words in text
    looks = text.split("Who has looked")[1]
    assert "Zebedee" not in looks
    assert f"Access point staff at {person.organisation.name} looked at the person" in looks
    assert "Somebody who works" not in looks
    event = Event.objects.get(type="person:viewed")
    assert (event.subject, event.organisation) == (person.id, person.organisation_id)


def test_who_may_not_look_leaves_no_trace_and_sees_nothing(cast, client_as, person):
    assert client_as(cast.administrator).get(page("person", person)).status_code == 403
    stranger = client_as(cast.stranger("hub_lead"))
    assert stranger.get(page("person", person)).status_code == 404
    assert stranger.get(page("person_copy", person)).status_code == 404
    assert not Event.objects.filter(type="person:viewed").exists()


def test_they_no_longer_agree(cast, client_as, person, desk):
    client = client_as(cast.access_point_staff)
    address = page("person_withdraw", person)
    answer = client.post(address, {"purpose": "remember"}, follow=True)
    assert "no longer agree" in answer.text
    assert not Consent.objects.allows(person, "remember", desk)
    again = client.post(address, {"purpose": "remember"}, follow=True)
    assert "taken it back already" in again.text
    client.post(address, {"purpose": "nonsense"})
    assert Consent.objects.count() == 2


def test_a_stranger_withdraws_nothing(cast, client_as, person, desk):
    client = client_as(cast.stranger("access_point_staff"))
    assert client.post(page("person_withdraw", person), {"purpose": "remember"}).status_code == 404
    assert Consent.objects.allows(person, "remember", desk)


def test_being_forgotten_takes_two_answers_and_says_what_stays(cast, client_as, person):
    ReasonFactory(person=person, user=cast.coordinator)
    client = client_as(cast.coordinator)
    address = page("person_erase", person)
    assert "What you agreed to" in client.get(address).text
    refused = client.post(address, {"reason": "asked"})
    assert "Tick the box when you have made sure" in refused.text
    assert Person.objects.get().given_name == "Winifred"
    done = client.post(address, {"reason": "asked", "sure": "on"})
    assert "They are forgotten" in done.text
    assert "UK GDPR Article 7" in done.text
    assert "Winifred" not in done.text
    assert Person.objects.get().given_name == ""
    assert client.get(page("person", person)).status_code == 404


def test_a_list_of_erasures_that_cannot_be_written_is_said(
    cast, client_as, person, settings, tmp_path
):
    (tmp_path / "file").write_text("")
    settings.ERASURE_LOG = tmp_path / "file" / "erasures.jsonl"
    ReasonFactory(person=person, user=cast.coordinator)
    answer = client_as(cast.coordinator).post(
        page("person_erase", person), {"reason": "asked", "sure": "on"}
    )
    assert "Nothing was erased" in answer.text
    assert Person.objects.get().given_name == "Winifred"


def test_a_merged_record_leads_to_what_it_became(cast, client_as, person, desk):
    from dcsn.privacy import merge_people

    other = PersonFactory(organisation=desk, given_name="Winifrid")
    merge_people(old=person.id, current=other.id, by=cast.coordinator)
    assert "Winifrid" in client_as(cast.hub_lead).get(page("person", person)).text


def test_a_record_elsewhere_is_not_reached_through_a_merge(cast, client_as, person):
    from dcsn.privacy import merge_people

    elsewhere = PersonFactory(organisation=access_point(cast.other_organisation_id))
    merge_people(old=person.id, current=elsewhere.id, by=cast.coordinator)
    assert client_as(cast.hub_lead).get(page("person", person)).status_code == 404


# --- What stands on the page, and what it costs -----------------------------------------------------


def grow(person: Person, by, rows: int) -> None:
    """Some more of everything that a page about somebody lists."""
    for _number in range(rows):
        RelationshipFactory(person=person, kind="friend")
        OtherNameFactory(person=person)
        EmergencyContactFactory(person=person)
        SafetyFlagFactory(person=person)
        PaperRequestFactory(person=person, organisation=person.organisation)
        ConsentFactory(person=person, recorded_by=by, noted=True)
        neighbour = PersonFactory(organisation=person.organisation, household=person.household)
        assert neighbour.household == person.household


def test_the_page_costs_the_same_however_much_is_known(cast, client_as, desk):
    person = PersonFactory(organisation=desk, with_everything=True, coordinator=cast.coordinator)
    household_of(person, PersonFactory(organisation=desk))
    person.refresh_from_db()
    client = client_as(cast.hub_lead)
    address = page("person", person)

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(address).status_code == 200
        return len(seen)

    grow(person, cast.hub_lead, 2)
    client.get(address)
    few = queries()
    grow(person, cast.hub_lead, 6)
    assert queries() == few
    print(f"A person's page takes {few} queries.")


def test_the_pages_to_change_cost_the_same_however_much_is_known(cast, client_as, desk):
    person = PersonFactory(organisation=desk)
    household_of(person, PersonFactory(organisation=desk))
    person.refresh_from_db()
    client = client_as(cast.hub_lead)
    names = ("person_names", "person_circle", "person_emergency", "person_flags", "person_consent",
             "person_named_contact", "person_change", "person_equality")  # fmt: skip

    def queries(name: str) -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(page(name, person)).status_code == 200
        return len(seen)

    grow(person, cast.hub_lead, 2)
    client.get(page("person_names", person))  # what is read once for each program
    before = {name: queries(name) for name in names}
    grow(person, cast.hub_lead, 4)
    assert {name: queries(name) for name in names} == before


def test_an_app_above_adds_sections_and_buttons(cast, client_as, person, monkeypatch, settings):
    monkeypatch.setattr(person_page, "_sections", {})
    monkeypatch.setattr(person_page, "_links", {})
    seen = []

    def context(user, found):
        seen.append((user.pk, found.pk))
        return {"consent": None} if user.pk == cast.hub_lead.pk else None

    register_section(Section("tests:open", "members/desk/person_consent_row.html", context, 10))
    with pytest.raises(ValueError, match="registered twice"):
        register_section(Section("tests:open", "base.html", context))
    register_links("tests", lambda user, found: [PageLink("New enquiry", "/desk/new/", main=True)])
    with pytest.raises(ValueError, match="registered twice"):
        register_links("tests", lambda user, found: [])
    wide, narrow = person_page.sections_for(cast.hub_lead, person)
    assert [one.template for one in wide] == ["members/desk/person_consent_row.html"]
    assert narrow == []
    assert person_page.sections_for(cast.access_point_staff, person) == ([], [])
    assert "New enquiry" in client_as(cast.hub_lead).get(page("person", person)).text
    assert (cast.hub_lead.pk, person.pk) in seen


def test_whose_names_the_page_shows_is_noted(cast, client_as, person, desk):
    tied = RelationshipFactory(other=person, person__organisation=desk).person
    client_as(cast.hub_lead).get(page("person", person))
    event = Event.objects.filter(type="person:viewed").latest("happened_at")
    assert event.details["others"] == [str(tied.id)]


def test_who_sees_no_referrals_does_not_see_to_whom_details_go(cast, client_as, person, desk):
    receiver = OrganisationFactory(name="Help with Drinking")
    ConsentFactory(person=person, organisation=receiver, recorded_by=cast.hub_lead, noted=True)
    said = (
        "Help with Drinking",
        "Marjorie Sample",
        "Fluctuates.",
        "recorded what the person agreed",
    )
    staff = client_as(cast.access_point_staff).get(page("person", person)).text
    officer = cast.membership_officer
    open_record(person=person, by=officer, reason="asked")
    seen = client_as(officer).get(page("person", person)).text
    assert "Keep their details for the next time" in seen
    for words in said:
        assert words in staff, words
        assert words not in seen, words


# --- Named contact ----------------------------------------------------------------------------------


def test_a_named_contact_is_chosen_among_those_who_may_see_them(cast, client_as, person):
    lead = client_as(cast.hub_lead)
    address = page("person_named_contact", person)
    cast.stranger("hub_lead")
    cast.membership_officer  # noqa: B018
    offered = {user.email for user in possible_contacts(person)}
    assert (
        offered
        == {
            cast.access_point_staff.email,
            cast.hub_lead.email,
            cast.coordinator.email,
        }
        & offered
    )
    assert cast.stranger("hub_lead").email not in offered
    assert cast.membership_officer.email not in offered
    lead.post(address, {"coordinator": cast.coordinator.pk})
    person.refresh_from_db()
    assert person.coordinator == cast.coordinator
    assert (
        "Coordinator" in lead.get(page("person", person)).text.split("Named contact</h2>")[1][:600]
    )
    refused = lead.post(address, {"coordinator": cast.stranger("hub_lead").pk})
    assert refused.status_code == 422
    lead.post(address, {"coordinator": ""})
    person.refresh_from_db()
    assert person.coordinator is None
    assert Event.objects.filter(type="person:contact_named").count() == 2


def test_the_action_gives_nobody_a_record_they_may_not_see(cast, person):
    with pytest.raises(NotTheirs):
        name_contact(person=person, contact=cast.stranger("hub_lead"), by=cast.hub_lead)
    with pytest.raises(PermissionDenied):
        name_contact(person=person, contact=None, by=cast.access_point_staff)


# --- Somebody who is on record already --------------------------------------------------------------


NEW = reverse("members:person_new")


def test_what_was_searched_for_is_filled_in(cast, client_as, desk):
    client = client_as(cast.access_point_staff)
    client.post(reverse("members:people"), {"q": "Peggy Example 3 4 1941 DL3 7XX"})
    form = client.get(NEW).context["form"]
    assert form["given_name"].value() == "Peggy"
    assert form["family_name"].value() == "Example"
    assert form["date_of_birth"].value() == [3, 4, 1941]
    assert form["postcode"].value() == "DL3 7XX"
