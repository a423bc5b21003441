"""A person's record, their copy of everything, and being forgotten, as staff meet them."""

from __future__ import annotations

import json

import pytest
from django.urls import reverse

from dcsn.audit.models import Event
from members.actions.people import record_consent
from members.models import Consent, Person
from tests.factories.person import PersonFactory, access_point
from tests.factories.reason import ReasonFactory

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
    assert cast.access_point_staff.name not in text.split("Who has looked")[1]
    event = Event.objects.get(type="person:viewed")
    assert (event.subject, event.organisation) == (person.id, person.organisation_id)


def test_who_may_not_look_leaves_no_trace_and_sees_nothing(cast, client_as, person):
    assert client_as(cast.administrator).get(page("person", person)).status_code == 403
    stranger = client_as(cast.stranger("hub_lead"))
    assert stranger.get(page("person", person)).status_code == 404
    assert stranger.get(page("person_copy_json", person)).status_code == 404
    assert not Event.objects.filter(type="person:viewed").exists()


def test_a_copy_to_read_and_one_for_a_machine(cast, client_as, person):
    client = client_as(cast.hub_lead)
    readable = client.get(page("person_copy", person)).text
    machine = client.get(page("person_copy_json", person))
    for words in ("Winifred", "1 Example Terrace", "Ring in the morning only."):
        assert words in readable
        assert words in machine.text
    for label in ("First name", "Likes to be called", "Giant print, 24 point", "29 February 1944"):
        assert label in readable
    assert "given_name" not in readable
    assert json.loads(machine.text)["person"] == str(person.id)
    assert "attachment" in machine["Content-Disposition"]
    assert Event.objects.filter(type="person:exported", subject=person.id).count() == 2


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
