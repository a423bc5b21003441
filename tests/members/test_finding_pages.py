"""Finding a person and opening a record with a reason, as staff meet them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from dcsn.audit.models import Event
from dcsn.limits.rates import Rate
from members.actions import looking
from members.actions.people import add_person
from members.finding import rebuild_keys
from members.finding.duplicates import look_for_duplicates
from members.models import Opening, Person, SafetyFlag
from tests.factories.agreement import SharingAgreementFactory
from tests.factories.person import PersonFactory, access_point
from tests.factories.reason import ReasonFactory
from tests.factories.safety_flag import SafetyFlagFactory

pytestmark = pytest.mark.django_db

FACTS = {
    "given_name": "Margaret",
    "family_name": "Thompson",
    "date_of_birth": date(1941, 4, 3),
    "postcode": "DL3 7XX",
}
PAGE = "/desk/people/"


@pytest.fixture
def peggy(cast, desk):
    return add_person(organisation=desk, by=cast.access_point_staff, **FACTS)


@pytest.fixture
def theirs(cast, desk):
    """Somebody of another access point; both are under agreement."""
    elsewhere = access_point(cast.other_organisation_id, name="B desk")
    for organisation in (desk, elsewhere):
        SharingAgreementFactory(organisation=organisation)
    staff = cast.stranger("access_point_staff")
    return add_person(organisation=elsewhere, by=staff, **FACTS)


def open_page(person):
    return reverse("members:person_open", args=[person.id])


def look_for(client, text, **boxes):
    return client.post(PAGE, {"q": text, **boxes}, follow=True)


def test_what_was_typed_stays_on_the_page_and_out_of_the_address(cast, client_as, peggy):
    answer = look_for(client_as(cast.access_point_staff), "peg tomson 3/4/41")
    assert answer.redirect_chain == [(PAGE, 302)]
    assert 'value="peg tomson 3/4/41"' in answer.text
    for words in (
        "Margaret Thompson",
        "Born 3 April 1941",
        "Very likely",
        "same date of birth",
        "last name sounds alike",
        "pet name",
    ):
        assert words in answer.text


def test_looking_is_written_down_with_everybody_who_was_shown(cast, client_as, peggy, theirs):
    look_for(client_as(cast.access_point_staff), "margaret thompson 3 4 1941")
    event = Event.objects.get(type="people:searched")
    assert event.details == {"people": [str(peggy.id)], "masked": [str(theirs.id)], "count": 2}
    assert "thompson" not in str(vars(event)).lower()


def test_back_from_a_record_comes_back_to_the_list_and_afresh_forgets_it(cast, client_as, peggy):
    client = client_as(cast.access_point_staff)
    look_for(client, "thompson")
    assert "Margaret Thompson" in client.get(PAGE).text
    client.post(PAGE, {"afresh": "yes"})
    assert "Margaret" not in client.get(PAGE).text
    look_for(client, "thompson")
    with time_machine.travel(timezone.now() + timedelta(minutes=31)):
        assert "Margaret" not in client.get(PAGE).text


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"q": ""}, "Enter a name, a date of birth or a postcode"),
        ({"q": "peg 31 2 1940"}, "Enter a date that exists and is past"),
        ({"q": "", "born": "soon"}, "Enter a date that exists and is past"),
        ({"q": "", "born": "1.1.2199"}, "Enter a date that exists and is past"),
        ({"q": "", "postcode": "XX99 9XX9"}, "Enter a postcode like DL3 7XX"),
        ({"q": "\N{GRINNING FACE}"}, "Enter a name, a date of birth or a postcode"),
        ({"q": "x" * 10_000}, "at most 200 characters"),
    ],
)
def test_what_cannot_be_is_said_and_stays_on_the_page(cast, client_as, peggy, typed, message):
    answer = client_as(cast.access_point_staff).post(PAGE, typed)
    assert answer.status_code == 422
    assert message in answer.text
    assert "There is a problem" in answer.text
    value = next((value for value in typed.values() if value), "")
    assert f'value="{value}"' in answer.text or not value
    assert not Event.objects.filter(type="people:searched").exists()


def test_names_are_escaped(cast, client_as, desk):
    add_person(
        organisation=desk, by=cast.access_point_staff, given_name="<b>Bo</b>", family_name="Escaped"
    )
    text = look_for(client_as(cast.access_point_staff), "escaped").text
    assert "&lt;b&gt;Bo&lt;/b&gt;" in text
    assert "<b>Bo" not in text


def test_nobody_found(cast, client_as, peggy):
    text = look_for(client_as(cast.access_point_staff), "zebedee").text
    assert "Nobody like that is on record here" in text


def test_trawling_is_stopped_for_the_user_on_whatever_browser(cast, client_as, peggy, monkeypatch):
    monkeypatch.setattr(looking, "AT_MOST", Rate(3, timedelta(minutes=10)))
    for _time in range(3):
        assert look_for(client_as(cast.access_point_staff), "thompson").status_code == 200
    refused = look_for(client_as(cast.access_point_staff), "thompson")
    assert refused.status_code == 429
    assert "Margaret" not in refused.text
    assert look_for(client_as(cast.hub_lead), "thompson").status_code == 200


def test_the_page_takes_at_most_twelve_queries(
    cast, client_as, desk, theirs, django_assert_max_num_queries
):
    PersonFactory.create_batch(40, organisation=desk, given_name="Margaret", family_name="Thompson")
    rebuild_keys()
    client = client_as(cast.access_point_staff)
    look_for(client, "margaret thompson 3 4 1941")
    with django_assert_max_num_queries(12):
        text = client.get(PAGE).text
    assert text.count("people-found__one") == 26


# --- Opening -----------------------------------------------------------------------------------------


def test_a_masked_match_is_opened_by_saying_why(cast, client_as, theirs):
    client = client_as(cast.access_point_staff)
    # When staff look for somebody whom another access point knows
    text = look_for(client, "peggy thompson 3 4 1941").text
    assert "M. T." in text
    assert "DL3 7" in text
    assert "B desk" in text
    for secret in ("Margaret", "DL3 7XX", "3 April"):
        assert secret not in text
    # Then the record asks for a reason
    asked = client.get(theirs.get_absolute_url())
    assert asked.url.startswith(open_page(theirs))
    page = client.get(asked.url)
    assert "Margaret" not in page.text
    refused = client.post(open_page(theirs), {"reason": ""})
    assert "Choose why you need to see this record" in refused.text
    # And opens when it has one
    opened = client.post(open_page(theirs), {"reason": "asked", "words": ""}, follow=True)
    assert opened.redirect_chain[-1][0] == theirs.get_absolute_url()
    assert "Margaret Thompson" in opened.text
    event = Event.objects.get(type="person:opened")
    assert (event.subject, event.organisation) == (theirs.id, theirs.organisation_id)
    assert event.details["reason"] == "asked"
    # And the record's own page says so to whoever asks who has looked
    own = client_as(cast.stranger("hub_lead")).get(theirs.get_absolute_url()).text
    assert "gave a reason for opening" in own


def test_an_opening_ends_with_the_day_and_is_one_users_alone(cast, client_as, theirs):
    with time_machine.travel("2026-11-24T15:00:00+00:00", tick=False):
        client = client_as(cast.access_point_staff)
        client.post(open_page(theirs), {"reason": "asked"})
        assert client.get(theirs.get_absolute_url()).status_code == 200
        assert client_as(cast.hub_lead).get(theirs.get_absolute_url()).status_code == 302
    with time_machine.travel("2026-11-24T23:59:00+00:00", tick=False):
        client = client_as(cast.access_point_staff)
        assert client.get(theirs.get_absolute_url()).status_code == 200
    with time_machine.travel("2026-11-25T00:00:01+00:00", tick=False):
        client = client_as(cast.access_point_staff)
        assert client.get(theirs.get_absolute_url()).status_code == 302


def test_an_opening_lets_one_look_and_nothing_else(cast, client_as, theirs):
    client = client_as(cast.hub_lead)
    client.post(open_page(theirs), {"reason": "asked"})
    assert client.get(theirs.get_absolute_url()).status_code == 200
    for name in ("person_copy", "person_withdraw"):
        answer = client.post(reverse(f"members:{name}", args=[theirs.id]), {"purpose": "remember"})
        assert answer.status_code in (404, 405)
    assert client.get(reverse("members:person_copy", args=[theirs.id])).status_code == 404


def test_whoever_opens_a_record_sees_how_to_stay_safe_and_no_more(cast, client_as, theirs):
    SafetyFlagFactory(person=theirs, kind=SafetyFlag.Kind.STAFF_SAFETY, what_to_do="Go in twos.")
    SafetyFlagFactory(person=theirs, kind=SafetyFlag.Kind.ADULT_AT_RISK, what_to_do="Ask the lead.")
    client = client_as(cast.access_point_staff)
    client.post(open_page(theirs), {"reason": "asked"})
    text = client.get(theirs.get_absolute_url()).text
    assert "Go in twos." in text
    assert "Ask the lead." not in text


def test_an_opening_ends_with_the_agreement(cast, client_as, theirs):
    client = client_as(cast.access_point_staff)
    client.post(open_page(theirs), {"reason": "asked"})
    theirs.organisation.sharing_agreements.update(
        review_on=timezone.localdate() - timedelta(days=1)
    )
    assert client.get(theirs.get_absolute_url()).status_code == 404


def test_without_an_agreement_there_is_nothing_to_open(cast, client_as, desk):
    elsewhere = access_point(cast.other_organisation_id, name="B desk")
    person = PersonFactory(organisation=elsewhere)
    client = client_as(cast.access_point_staff)
    assert client.get(open_page(person)).status_code == 404
    assert client.post(open_page(person), {"reason": "asked"}).status_code == 404
    assert not Opening.objects.exists()


def test_somebody_in_danger_is_not_opened_from_elsewhere(cast, client_as, theirs):
    SafetyFlagFactory(person=theirs, kind=SafetyFlag.Kind.DOMESTIC_ABUSE)
    client = client_as(cast.access_point_staff)
    assert client.get(open_page(theirs)).status_code == 404
    assert client.get(theirs.get_absolute_url()).status_code == 404


def test_something_else_is_said_in_words(cast, client_as, theirs):
    client = client_as(cast.access_point_staff)
    refused = client.post(open_page(theirs), {"reason": "other", "words": " "})
    assert "Say why in a few words" in refused.text
    client.post(open_page(theirs), {"reason": "other", "words": "A parcel came for them"})
    assert Opening.objects.get().words == "A parcel came for them"


def test_a_coordinator_gives_a_reason_unless_they_are_the_named_contact(cast, client_as, peggy):
    client = client_as(cast.coordinator)
    asked = client.get(peggy.get_absolute_url())
    assert asked.url.startswith(open_page(peggy))
    assert "not this person’s named contact" in client.get(asked.url).text
    peggy.coordinator = cast.coordinator
    peggy.save()
    assert client.get(peggy.get_absolute_url()).status_code == 200


def test_after_the_reason_they_come_to_where_they_were_going(cast, client_as, peggy):
    client = client_as(cast.coordinator)
    going = reverse("members:person_copy", args=[peggy.id])
    asked = client.get(going)
    opened = client.post(asked.url, {"reason": "rights"})
    assert opened.url == going


def test_nobody_is_sent_to_another_site(cast, client_as, peggy):
    client = client_as(cast.coordinator)
    address = f"{open_page(peggy)}?next=https://example.org/"
    assert client.post(address, {"reason": "rights"}).url == peggy.get_absolute_url()


def test_the_hub_lead_sees_who_opened_what_and_why(cast, client_as, theirs, peggy):
    client_as(cast.access_point_staff).post(open_page(theirs), {"reason": "safety"})
    client_as(cast.coordinator).post(open_page(peggy), {"reason": "rights"})
    # The lead of the access point that keeps the record sees the name,
    page = client_as(cast.stranger("hub_lead")).get(reverse("members:openings")).text
    assert "Margaret Thompson" in page
    assert "worried about somebody" in page
    assert "for the whole network" not in page.lower()
    # the lead of whoever opened it sees that they did, and no more than they.
    own = client_as(cast.hub_lead).get(reverse("members:openings")).text
    assert "M. T." in own
    assert "For the whole network" in own
    assert own.count("Margaret Thompson") == 1
    everything = client_as(cast.data_protection_lead).get(reverse("members:openings")).text
    assert everything.count("Margaret Thompson") == 2
    listed = Event.objects.filter(type="openings:listed")
    assert {str(theirs.id), str(peggy.id)} in [set(e.details["people"]) for e in listed]


def test_the_list_of_openings_grows_without_more_queries(
    cast, client_as, desk, django_assert_max_num_queries
):
    def some(count):
        for person in PersonFactory.create_batch(count, organisation=desk):
            ReasonFactory(person=person, user=cast.coordinator)

    client = client_as(cast.hub_lead)
    some(3)
    with django_assert_max_num_queries(20) as first:
        client.get(reverse("members:openings"))
    some(6)
    with django_assert_max_num_queries(len(first)):
        client.get(reverse("members:openings"))


# --- Recording somebody past a strong match ------------------------------------------------------------


def typed_anew(desk, **changes):
    return {
        "organisation": str(desk.id),
        "given_name": "Peggy",
        "family_name": "Thompson",
        "date_of_birth_day": "3",
        "date_of_birth_month": "4",
        "date_of_birth_year": "1941",
        "agreed": "not_asked",
        **changes,
    }


NEW = "/desk/people/new/"


def test_from_the_search_the_form_is_filled_in(cast, client_as, desk):
    client = client_as(cast.access_point_staff)
    page = look_for(client, "peggy thompson 3 4 1941 dl3 7xx").text
    for field in ('value="Peggy"', 'value="Thompson"', 'value="1941"', 'value="DL3 7XX"'):
        assert field in page
    assert "Peggy" not in client.get(NEW).text
    text = client.post(NEW, {"begin": "yes", "given_name": "Peggy", "postcode": "DL3 7XX"}).text
    assert 'value="Peggy"' in text
    assert 'value="DL3 7XX"' in text


def test_recording_past_a_strong_match_needs_a_reason(cast, client_as, desk, peggy, theirs):
    client = client_as(cast.access_point_staff)
    refused = client.post(NEW, typed_anew(desk))
    # Whoever is alike is shown, masked where they are another's,
    assert refused.status_code == 422
    assert "Perhaps they are on record already" in refused.text
    assert peggy.get_absolute_url() in refused.text
    assert "M. T." in refused.text
    assert 'value="Peggy"' in refused.text  # and nothing typed is lost.
    assert Person.objects.count() == 2
    assert Event.objects.get(type="people:searched").details["masked"] == [str(theirs.id)]
    shown = ",".join(sorted([str(peggy.id), str(theirs.id)]))
    # Without a reason, or with one for others than are shown, it is asked again.
    for wrong in ({"shown": shown}, {"although": "two_people"}, {"although": "x", "shown": shown}):
        assert client.post(NEW, typed_anew(desk, **wrong)).status_code == 422
    assert Person.objects.count() == 2
    client.post(NEW, typed_anew(desk, although="two_people", shown=shown))
    person = Person.objects.get(given_name="Peggy")
    event = Event.objects.get(type="person:added_although_alike")
    assert event.subject == person.id
    assert event.details == {"reason": "two_people", "people": shown.split(",")}


def test_recording_somebody_unlike_anybody_asks_nothing(cast, client_as, desk, peggy):
    client_as(cast.access_point_staff).post(
        NEW, typed_anew(desk, given_name="Harold", family_name="Wood", date_of_birth_year="1960")
    )
    assert Person.objects.filter(given_name="Harold").exists()
    assert not Event.objects.filter(type="person:added_although_alike").exists()


def test_recording_is_no_way_round_the_limit_on_searching(
    cast, client_as, desk, peggy, monkeypatch
):
    monkeypatch.setattr(looking, "AT_MOST", Rate(1, timedelta(minutes=10)))
    client = client_as(cast.access_point_staff)
    assert client.post(NEW, typed_anew(desk)).status_code == 422
    assert client.post(NEW, typed_anew(desk)).status_code == 429
    assert Person.objects.count() == 1


# --- On the person's page -----------------------------------------------------------------------------


def test_the_page_says_that_it_was_opened_and_what_looks_alike(cast, client_as, desk, peggy):
    twin = add_person(organisation=desk, by=cast.access_point_staff, **FACTS)
    look_for_duplicates()
    lead = client_as(cast.hub_lead).get(peggy.get_absolute_url()).text
    assert reverse("members:merge", args=[peggy.id, twin.id]) in lead
    assert "You opened this record" not in lead
    assert "looks like the same person" not in (
        client_as(cast.access_point_staff).get(peggy.get_absolute_url()).text
    )
    client = client_as(cast.coordinator)
    client.post(open_page(peggy), {"reason": "rights"})
    assert "You opened this record" in client.get(peggy.get_absolute_url()).text


def test_another_record_is_looked_for_and_compared(cast, client_as, desk, peggy):
    other = add_person(
        organisation=desk, by=cast.access_point_staff, given_name="Peg", family_name="Wood"
    )
    client = client_as(cast.hub_lead)
    address = f"{PAGE}?same_as={peggy.id}"
    answer = client.post(address, {"q": "peggy"}, follow=True)
    assert answer.redirect_chain[0][0] == address
    assert reverse("members:merge", args=[peggy.id, other.id]) in answer.text
    assert reverse("members:merge", args=[peggy.id, peggy.id]) not in answer.text
    stranger = client_as(cast.stranger("hub_lead"))
    assert stranger.get(address).status_code == 404


def test_a_coordinator_is_not_asked_why_they_see_whom_they_just_recorded(cast, client_as, desk):
    client = client_as(cast.coordinator)
    answer = client.post(
        NEW, typed_anew(desk, given_name="Harold", family_name="Wood", date_of_birth_year="1960")
    )
    person = Person.objects.get(given_name="Harold")
    assert answer.url == person.get_absolute_url()
    assert client.get(answer.url).status_code == 200
    # It is written down as any opening is, and everybody else is asked.
    event = Event.objects.get(type="person:opened")
    assert (event.subject, event.details["reason"]) == (person.id, "other")
    client_as(cast.access_point_staff).post(NEW, typed_anew(desk, given_name="Hilda"))
    assert Event.objects.filter(type="person:opened").count() == 1
