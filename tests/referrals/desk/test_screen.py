"""The enquiry screen as somebody without scripts uses it: saved, searched, finished, nothing lost."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dcsn.audit.models import Event
from dcsn.messages.models import Message
from directory.models import Service, SharedList
from members.models import Consent, Person, Purpose
from referrals.models import Choice, Enquiry, Signpost
from tests.conftest import Cast
from tests.factories.referral import EnquiryFactory
from tests.factories.topic import TopicFactory
from tests.referrals.desk.browser import Screen

pytestmark = pytest.mark.django_db
NEW = "/desk/enquiries/new/"
State = Enquiry.State


def test_looking_at_a_blank_screen_writes_nothing(staff: Client) -> None:
    before = Event.objects.count()
    screen = Screen(staff, NEW)
    assert screen.response.status_code == 200
    assert "autofocus" in screen.text.split('name="words"')[1].split(">")[0]
    assert not Enquiry.objects.exists()
    assert Event.objects.count() == before


def test_answered_in_one_sending(staff: Client, cast: Cast) -> None:
    screen = Screen(staff, NEW).type(words="Where is the bus stop? 🚌", answer="In Mill Lane.")
    answer = screen.press("finish")
    found = Enquiry.objects.get()
    assert answer.headers["Location"] == found.get_absolute_url()
    assert (found.state, found.words) == (State.ANSWERED, "Where is the bus stop? 🚌")
    assert found.person is None
    assert found.taken_by == cast.access_point_staff
    assert found.finished_at is not None


def test_it_began_when_the_page_was_opened(staff: Client) -> None:
    screen = Screen(staff, NEW).type(words="A question", answer="An answer")
    opened = timezone.now()
    screen.press("finish")
    found = Enquiry.objects.get()
    assert found.started_at <= opened
    assert found.finished_at is not None
    assert found.finished_at > opened


def test_a_key_that_nobody_signed_is_no_key_and_begins_now(staff: Client) -> None:
    before = timezone.now()
    Screen(staff, NEW).type(key="00000000-0000-4000-8000-000000000000", words="x").press()
    found = Enquiry.objects.get()
    assert str(found.key) != "00000000-0000-4000-8000-000000000000"
    assert found.started_at >= before


def test_the_same_page_twice_is_one_enquiry(staff: Client) -> None:
    screen = Screen(staff, NEW).type(words="Help with baths", answer="Told them")
    twin = Screen.__new__(Screen)
    twin.__dict__ = {**screen.__dict__, "values": dict(screen.values)}
    first, second = screen.press("finish"), twin.press("finish")
    assert Enquiry.objects.count() == 1
    assert first.headers["Location"] == second.headers["Location"]


def test_searching_keeps_the_words_and_shows_what_a_referrer_asks(
    staff: Client, bathing: Service, without_agreement: Service
) -> None:
    screen = Screen(staff, NEW).type(words="Mum needs help with bathing", q="bathing")
    screen.press("search")
    assert "Mum needs help with bathing" in screen.text
    assert "Help with bathing at home" in screen.text
    assert "01632" in screen.text
    assert "Room: not known, ask" in screen.text
    assert f"refer:{bathing.id}" in screen.buttons
    assert f"refer:{without_agreement.id}" not in screen.buttons
    assert "No agreement about sharing people’s details with Unsigned Ltd." in screen.text
    # The answer's own keyboard place, without a script.
    assert 'id="found" tabindex="-1" autofocus' in screen.text


def test_what_they_say_is_searched_without_typing_it_again(staff: Client, bathing: Service) -> None:
    screen = Screen(staff, NEW).type(words="bathing")
    screen.press("search")
    assert f"signpost:{bathing.id}" in screen.buttons


def test_a_service_without_an_agreement_is_not_referred_to(
    staff: Client, without_agreement: Service
) -> None:
    screen = Screen(staff, NEW).type(words="bathing")
    answer = screen.press(f"refer:{without_agreement.id}")
    assert answer.status_code == 422
    assert "No agreement about sharing" in screen.text
    assert "bathing" in screen.text
    assert not Choice.objects.exists()


def test_told_about_a_service(staff: Client, bathing: Service) -> None:
    topic = TopicFactory(name="Bathing")
    bathing.terms.add(topic)
    screen = Screen(staff, NEW).type(words="bathing")
    screen.press(f"signpost:{bathing.id}")
    assert "Finish: told about 1 service" in screen.text
    screen.press("finish")
    found = Enquiry.objects.get()
    assert found.state == State.SIGNPOSTED
    assert found.signposts.get().way == Signpost.Way.TOLD
    # Nobody had to tick it.
    assert list(found.topics.all()) == [topic]


def test_taken_off_the_list_again(staff: Client, bathing: Service) -> None:
    screen = Screen(staff, NEW).type(words="bathing")
    screen.press(f"signpost:{bathing.id}")
    screen.press(f"drop:{bathing.id}")
    assert not Choice.objects.exists()
    assert "Finish: answered" in screen.text


def test_print_for_them_notes_it_and_says_nothing_of_the_person(
    staff: Client, bathing: Service, person: Person
) -> None:
    screen = Screen(staff, f"{NEW}?person={person.id}").type(words="bathing")
    screen.press(f"signpost:{bathing.id}")
    # In their size, without asking again.
    assert screen.values["size"] == ["24"]
    answer = screen.press("print")
    pdf = staff.get(answer.headers["Location"])
    assert pdf.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Location"].endswith("?size=24")
    screen = Screen(staff, Enquiry.objects.get().get_absolute_url())
    screen.press("finish")
    assert Signpost.objects.get().way == Signpost.Way.PRINTED


def test_an_email_names_nobody_and_no_service(
    staff: Client, bathing: Service, person: Person
) -> None:
    screen = Screen(staff, f"{NEW}?person={person.id}").type(words="bathing")
    screen.press(f"signpost:{bathing.id}")
    screen.type(email="winnie@example.org").press("email")
    screen.press("email")  # the same again
    message = Message.objects.get()
    said = f"{message.subject}\n{message.body}"
    assert bathing.name not in said
    assert "Winifred" not in said
    assert "bathing" not in said.lower()
    assert f"/list/{SharedList.objects.first().said_code}/" in message.body  # type: ignore[union-attr]
    assert message.to_address == "winnie@example.org"
    assert Signpost.objects.get().way == Signpost.Way.EMAILED


@pytest.mark.parametrize("typed", ["", "not an address", "a@b"])
def test_an_address_that_is_none_is_said(staff: Client, bathing: Service, typed: str) -> None:
    screen = Screen(staff, NEW).type(words="bathing")
    screen.press(f"signpost:{bathing.id}")
    assert screen.type(email=typed).press("email").status_code == 422
    assert not Message.objects.exists()


def test_asked_how_it_went_only_with_their_agreement(
    staff: Client, bathing: Service, person: Person
) -> None:
    day = timezone.localdate() + timedelta(days=10)
    screen = Screen(staff, f"{NEW}?person={person.id}").type(words="bathing")
    screen.press(f"signpost:{bathing.id}")
    screen.type(may_ask="on", ask_on_day=day.day, ask_on_month=day.month, ask_on_year=day.year)
    screen.press("finish")
    told = Signpost.objects.get()
    assert (told.follow_up, told.follow_up_on) == (Signpost.FollowUpState.DUE, day)
    assert Consent.objects.get().purpose == Purpose.CONTACT


def test_not_asked_when_nobody_said_so(staff: Client, bathing: Service, person: Person) -> None:
    screen = Screen(staff, f"{NEW}?person={person.id}").type(words="bathing")
    screen.press(f"signpost:{bathing.id}")
    screen.press("finish")
    assert Signpost.objects.get().follow_up == ""
    assert not Consent.objects.exists()


# --- What cannot be --------------------------------------------------------------------------------------


def test_ten_thousand_characters_stay_and_are_said_at_the_end(staff: Client) -> None:
    long = ("Mum fell. 😀 " * 800)[:10_000].strip()
    screen = Screen(staff, NEW).type(words=long, answer="Told them")
    assert screen.press("save").status_code == 200
    assert Enquiry.objects.get().words == long
    answer = screen.press("finish")
    assert answer.status_code == 422
    assert "characters too long" in screen.text
    assert "Nothing has been cut off" in screen.text
    assert 'href="#id_words"' in screen.text
    assert Enquiry.objects.get().state == State.OPEN
    # Anything may be left unfinished.
    screen.press("finish:abandoned")
    assert Enquiry.objects.get().state == State.ABANDONED


def test_an_impossible_postcode_keeps_the_rest(staff: Client) -> None:
    screen = Screen(staff, NEW).type(words="A question", outward="ZZ99 9QQQ")
    assert screen.press("save").status_code == 422
    found = Enquiry.objects.get()
    assert (found.words, found.outward) == ("A question", "")
    assert screen.values["outward"] == ["ZZ99 9QQQ"]
    assert (
        screen.text.count("Enter a postcode, like DL3 7XX") == 2
    )  # in the summary and by the field


def test_of_a_whole_postcode_only_the_first_half_is_kept(staff: Client) -> None:
    Screen(staff, NEW).type(words="x", outward="dl37xx").press()
    assert Enquiry.objects.get().outward == "DL3"


def test_a_promise_for_yesterday_or_without_a_day(staff: Client) -> None:
    day = timezone.localdate() - timedelta(days=1)
    screen = Screen(staff, NEW).type(
        words="A question", promise="Ring back", promised_on_day=day.day,
        promised_on_month=day.month, promised_on_year=day.year,
    )  # fmt: skip
    assert screen.press("save").status_code == 422
    assert "The day you promised is in the past" in screen.text
    screen.type(promised_on_day="", promised_on_month="", promised_on_year="")
    assert screen.press("save").status_code == 422
    assert "Say for which day you promised it" in screen.text
    assert screen.values["promise"] == ["Ring back"]
    found = Enquiry.objects.get()
    assert (found.words, found.promise) == ("A question", "")
    later = timezone.localdate() + timedelta(days=2)
    screen.type(
        promised_on_day=later.day, promised_on_month=later.month, promised_on_year=later.year
    )
    assert screen.press("save").status_code == 200
    found.refresh_from_db()
    assert (found.promise, found.promised_on) == ("Ring back", later)


@pytest.mark.parametrize("typed", [("31", "2", "2027"), ("1", "1", "9999"), ("x", "y", "z")])
def test_a_day_that_is_none(staff: Client, typed: tuple[str, str, str]) -> None:
    names = ("promised_on_day", "promised_on_month", "promised_on_year")
    screen = Screen(staff, NEW).type(words="A question", **dict(zip(names, typed, strict=True)))
    assert screen.press("save").status_code == 422
    assert screen.values["promised_on_day"] == [typed[0]]
    assert Enquiry.objects.get().words == "A question"


def test_a_null_byte_is_said_and_loses_nothing_else(staff: Client) -> None:
    screen = Screen(staff, NEW).type(words="A\x00B", answer="Kept")
    assert screen.press("save").status_code == 422
    assert Enquiry.objects.get().answer == "Kept"


@pytest.mark.parametrize("do", ["finish:nonsense", "refer:not-an-id", "person:x", "nonsense", ""])
def test_a_button_that_is_none(staff: Client, do: str) -> None:
    answer = Screen(staff, NEW).type(words="Kept").press(do)
    assert answer.status_code in (200, 404, 422)
    assert Enquiry.objects.get().words == "Kept"


def test_nothing_said_is_nothing_finished(staff: Client) -> None:
    screen = Screen(staff, NEW)
    assert screen.press("finish").status_code == 422
    assert "Write a few words about what they asked" in screen.text
    assert "Write what you told them" in screen.text


def test_nothing_was_found_is_an_answer_and_is_counted(staff: Client) -> None:
    Screen(staff, NEW).type(words="A lift to the moon", unmet="on").press("finish")
    found = Enquiry.objects.get()
    assert (found.state, found.unmet) == (State.ANSWERED, True)


def test_a_language_means_an_interpreter(staff: Client) -> None:
    Screen(staff, NEW).type(words="x", interpreter_language="Polish").press()
    found = Enquiry.objects.get()
    assert (found.formats, found.interpreter_language) == (["interpreter"], "Polish")


@pytest.mark.parametrize(
    ("which", "state"),
    [
        ("passed-to-adult-social-care", State.PASSED_ON),
        ("abandoned", State.ABANDONED),
        ("entered-in-error", State.ENTERED_IN_ERROR),
    ],
)
def test_other_ends(staff: Client, which: str, state: str) -> None:
    Screen(staff, NEW).type(words="x").press(f"finish:{which}")
    assert Enquiry.objects.get().state == state


def test_a_finished_one_can_still_be_a_mistake(staff: Client) -> None:
    Screen(staff, NEW).type(words="x", answer="y").press("finish")
    found = Enquiry.objects.get()
    staff.post(found.get_absolute_url(), {"do": "finish:entered-in-error"})
    found.refresh_from_db()
    assert found.state == State.ENTERED_IN_ERROR


# --- Somebody, or nobody ---------------------------------------------------------------------------------


def test_anonymous_is_counted_without_making_a_person(staff: Client) -> None:
    Screen(staff, NEW).type(words="x", answer="y", outward="DL1").press("finish")
    assert Enquiry.objects.get().outward == "DL1"
    assert not Person.objects.exists()


def test_finding_a_person_puts_no_name_into_an_address(staff: Client, person: Person) -> None:
    screen = Screen(staff, NEW).type(words="bathing", person_words="winifred exampel")
    answer = screen.press("find_person")
    assert answer.status_code == 200
    assert "Location" not in answer.headers
    assert "Winifred Example" in screen.text
    assert screen.values["words"] == ["bathing"]
    looked = Event.objects.get(type="people:searched")
    assert looked.details["people"] == [str(person.id)]
    screen.press(screen.button("person:"))
    found = Enquiry.objects.get()
    assert found.person == person
    assert (found.formats, found.outward) == (["print_24"], "DL3")
    # What is known of them is on the page, without typing it.
    assert screen.values["formats"] == ["print_24"]
    screen.press("anonymous")
    found.refresh_from_db()
    assert found.person is None


def test_what_was_typed_goes_along_to_record_somebody_new(staff: Client) -> None:
    screen = Screen(staff, NEW).type(
        words="bathing", person_words="Doris Newcomer 3 4 1941 DL3 7XX"
    )
    screen.press("find_person")
    # When the button of the other form is pressed
    carried = dict(
        re.findall(
            r'<input type="hidden" form="record-person" name="(\w+)" value="([^"]*)">', screen.text
        )
    )
    form = staff.post(reverse("members:person_new"), {**carried, "begin": "yes"}).context["form"]
    # Then the form is filled in, and the enquiry waits to be said to be about them
    assert form["given_name"].value() == "Doris"
    assert form["family_name"].value() == "Newcomer"
    assert form["date_of_birth"].value() == ["3", "4", "1941"]
    assert form["postcode"].value() == "DL3 7XX"


def test_the_open_enquiry_is_the_main_button_of_the_person(staff: Client, person: Person) -> None:
    assert (
        'class="govuk-button" href="/desk/enquiries/new/'
        in staff.get(person.get_absolute_url()).text
    )
    Screen(staff, NEW).type(words="bathing").press("save")
    waiting = Enquiry.objects.get()
    text = staff.get(person.get_absolute_url()).text
    assert f'class="govuk-button" href="{waiting.get_absolute_url()}?person=' in text
    assert 'class="govuk-button govuk-button--secondary" href="/desk/enquiries/new/' in text


def test_a_name_that_could_be_no_name_is_said(staff: Client) -> None:
    screen = Screen(staff, NEW).type(words="kept", person_words="31 2 1940")
    assert screen.press("find_person").status_code == 422
    assert screen.values["words"] == ["kept"]


def test_a_strangers_person_cannot_be_taken(
    cast: Cast, staff: Client, client_as: Callable[..., Client], person: Person
) -> None:
    from tests.factories.person import access_point

    access_point(cast.other_organisation_id)
    stranger = client_as(cast.stranger("access_point_staff"))
    assert stranger.get(f"{NEW}?person={person.id}").status_code == 404
    screen = Screen(stranger, NEW).type(words="x")
    screen.press()
    assert screen.press(f"person:{person.id}").status_code == 404
    assert Enquiry.objects.get().person is None


def test_a_person_who_was_just_recorded_is_offered(staff: Client, person: Person) -> None:
    Screen(staff, NEW).type(words="x").press()
    found = Enquiry.objects.get()
    page = staff.get(reverse("members:person", args=[person.id])).content.decode()
    assert f"{found.get_absolute_url()}?person={person.id}" in page
    screen = Screen(staff, f"{found.get_absolute_url()}?person={person.id}")
    assert "Is it about" in screen.text
    found.refresh_from_db()
    assert found.person is None  # looking writes nothing
    screen.press("search")
    assert "Is it about" in screen.text  # still asked after another button
    screen.press(screen.button("person:"))
    found.refresh_from_db()
    assert found.person == person


# --- Who may, and what is noted -----------------------------------------------------------------------------


@pytest.mark.parametrize("do", ["save", "autosave", "finish", "print", "find_person"])
def test_a_stranger_changes_nothing(
    cast: Cast, client_as: Callable[..., Client], desk: Any, do: str
) -> None:
    mine = EnquiryFactory(organisation=desk, words="Ours")
    stranger = client_as(cast.stranger("hub_lead"))
    answer = stranger.post(mine.get_absolute_url(), {"do": do, "words": "Theirs", "seen": ""})
    assert answer.status_code == 404
    mine.refresh_from_db()
    assert (mine.words, mine.state) == ("Ours", State.OPEN)


def test_a_strangers_key_is_not_found(
    cast: Cast, staff: Client, client_as: Callable[..., Client]
) -> None:
    from tests.factories.person import access_point

    access_point(cast.other_organisation_id)
    screen = Screen(staff, NEW).type(words="Ours")
    screen.press()
    stolen = Screen(client_as(cast.stranger("access_point_staff")), NEW)
    stolen.type(key=Screen(staff, NEW).values["key"][0], words="Theirs").press()
    assert sorted(Enquiry.objects.values_list("words", flat=True)) == ["Ours", "Theirs"]


def test_looks_are_noted(staff: Client, desk: Any, person: Person) -> None:
    found = EnquiryFactory(organisation=desk, person=person)
    staff.get(found.get_absolute_url())
    event = Event.objects.get(type="enquiry:viewed")
    assert event.subject == person.id
    assert event.details["enquiry"] == str(found.id)
    staff.get(reverse("referrals:enquiries"))
    listed = Event.objects.get(type="enquiry:listed")
    assert str(person.id) in listed.details["people"]


def test_mine_that_are_open_come_first(cast: Cast, staff: Client, desk: Any) -> None:
    finished = EnquiryFactory(organisation=desk, finished=True)
    others = EnquiryFactory(organisation=desk, taken_by=cast.hub_lead)
    mine = EnquiryFactory(
        organisation=desk,
        taken_by=cast.access_point_staff,
        started_at=timezone.now() - timedelta(days=3),
    )
    text = staff.get(reverse("referrals:enquiries")).content.decode()
    places = [text.index(one.reference) for one in (mine, others, finished)]
    assert places == sorted(places)


def test_found_by_its_reference_as_somebody_reads_it_out(staff: Client, desk: Any) -> None:
    found = EnquiryFactory(organisation=desk)
    spoken = found.reference.lower().replace("-", " ")
    address = reverse("referrals:enquiries")
    assert staff.get(address, {"reference": spoken}).headers["Location"] == (
        found.get_absolute_url()
    )
    elsewhere = EnquiryFactory()
    page = staff.get(address, {"reference": elsewhere.reference})
    assert page.status_code == 200
    assert "No enquiry of yours" in page.content.decode()


def test_the_list_takes_the_same_queries_for_twice_the_rows(
    staff: Client, desk: Any, django_assert_max_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from tests.factories.person import PersonFactory

    counts = []
    staff.get(reverse("referrals:enquiries"))  # the first look of a session writes more
    for _round in range(2):
        for _number in range(5):
            EnquiryFactory(organisation=desk, person=PersonFactory(organisation=desk))
        with CaptureQueriesContext(connection) as queries:
            staff.get(reverse("referrals:enquiries"))
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 12


def test_the_screen_takes_the_same_queries_for_twice_the_services(staff: Client, desk: Any) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from directory.search import reindex
    from tests.factories.service import ServiceFactory

    found = EnquiryFactory(organisation=desk, words="bathing")
    counts = []
    staff.get(found.get_absolute_url())  # the first look of a session writes more
    for _round in range(2):
        made = [ServiceFactory(name=f"Bathing {number}") for number in range(4)]
        reindex([one.id for one in made])
        for one in made[:2]:
            Choice.objects.create(enquiry=found, service=one)
        with CaptureQueriesContext(connection) as queries:
            staff.get(found.get_absolute_url())
        counts.append(len(queries))
    assert counts[0] == counts[1]
