""" "Post it to me" as a resident and as staff meet it."""

from __future__ import annotations

import io
import re
import uuid

import pdfplumber
import pytest
from django.urls import reverse

from dcsn.audit.models import Event
from directory.models import PostcodePlace
from directory.my_list import KEY
from members.models import Consent, PaperRequest, Person
from tests.factories.paper import PaperRequestFactory
from tests.factories.person import PersonFactory, access_point
from tests.factories.service import ServiceFactory
from tests.factories.topic import TopicFactory

pytestmark = pytest.mark.django_db
PAPER, QUEUE, NEW = (reverse(f"members:{n}") for n in ("paper", "paper_queue", "paper_new"))


HELP = [("Help number 1", "01632 960 121"), ("Help number 2", "01632 960 122")]


def text_of(pdf: bytes) -> str:
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        return "\n".join(page.extract_text() for page in document.pages)


# --- A resident -------------------------------------------------------------------------------------


def test_a_resident_has_a_service_posted(client, desk, service, typed):
    # Given the page of a service, from which they came
    address = f"{PAPER}?service={service.short_id}"
    page = client.get(address)
    assert "Nail cutting" in page.text
    assert "no-store" in page["Cache-Control"]
    # When they fill the form in
    typed[f"note_{service.short_id}"] = "Ask for Tuesday"
    answer = client.post(address, typed, follow=True)
    # Then it is on the list of the access point, and they hold a reference
    request = PaperRequest.objects.get()
    assert answer.redirect_chain == [(reverse("members:paper_done"), 302)]
    assert request.reference in answer.text
    assert "Winifred" not in answer.text, "the next reader at this computer sees no name"
    assert (request.organisation, request.postcode, request.size) == (desk, "DL3 7XX", 24)
    assert (request.via, request.asked_by, request.person) == ("online", None, None)
    assert request.items.get().note == "Ask for Tuesday"
    assert not Person.objects.exists()


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("Ann\r\n2 Other Road", "Ann 2 Other Road"),
        ("\u202eAnn\u2066", "Ann"),
        ("Ann\t O\u2019Hare", "Ann O\u2019Hare"),
    ],
)
def test_a_line_of_the_envelope_is_one_line(client, desk, service, typed, sent, kept):
    client.post(f"{PAPER}?service={service.short_id}", {**typed, "name": sent})
    assert PaperRequest.objects.get().name == kept


def test_a_name_that_nobody_can_see_is_no_name(client, desk, service, typed):
    client.post(f"{PAPER}?service={service.short_id}", {**typed, "name": "\u200b\u202e"})
    assert not PaperRequest.objects.exists()


def test_my_list_is_what_is_posted_when_nothing_is_named(client, desk, typed):
    services = ServiceFactory.create_batch(2)
    session = client.session
    session[KEY] = [str(one.id) for one in services]
    session.save()
    client.post(PAPER, typed)
    assert [item.service for item in PaperRequest.objects.get().items.all()] == services


def test_a_whole_topic(client, desk, typed):
    topic = TopicFactory(name="Foot care")
    address = f"{PAPER}?topic={topic.slug}"
    assert "Everything about Foot care" in client.get(address).text
    client.post(address, typed)
    assert PaperRequest.objects.get().topic == topic


def test_with_nothing_chosen_the_page_says_how_to_choose(client, desk, typed):
    assert "Find what you are looking for." in client.get(PAPER).text
    client.post(PAPER, typed)
    assert not PaperRequest.objects.exists()


def test_without_an_access_point_it_says_so(client, service):
    assert "Nobody can post anything" in client.get(f"{PAPER}?service={service.short_id}").text


@pytest.mark.parametrize(
    "query", ["service=aaaaaaaaaa", "topic=nothing", "service=../../x", "service=é"]
)
def test_odd_addresses_are_answered_kindly(client, desk, query):
    assert "Find what you are looking for." in client.get(f"{PAPER}?{query}").text


def test_an_unpublished_service_is_not_posted(client, desk, typed):
    hidden = ServiceFactory(published=False)
    client.post(f"{PAPER}?service={hidden.short_id}", typed)
    assert not PaperRequest.objects.exists()


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name", "", "Enter the name for the envelope"),
        ("address_1", "", "Enter the house number and street"),
        ("postcode", "", "Enter a postcode"),
        ("postcode", "nonsense", "Enter a full postcode, like DL3 7XX"),
        ("size", "", "Choose the size of print"),
        ("size", "99", "Select a valid choice"),
        ("agree", "", "Tick the box"),
        ("phone", "twelve", "Enter a phone number"),
        ("key", "x", "valid UUID"),
    ],
)
def test_a_mistake_is_said_and_nothing_typed_is_lost(
    client, desk, service, typed, field, value, words
):
    note = f"note_{service.short_id}"
    typed |= {note: "Ask for Tuesday", "other_format": "on audio", "email": "w@example.org"}
    answer = client.post(f"{PAPER}?service={service.short_id}", {**typed, field: value})
    assert answer.status_code == 200
    assert words in answer.text
    assert answer.text.count("<title>Error:") == 1
    form = answer.context["form"]
    for name in ("name", "address_1", "town", "postcode", "phone", "email", "other_format", note):
        if name != field:
            assert form[name].value() == typed[name]
            assert not typed[name] or f'value="{typed[name]}"' in answer.text
    assert not PaperRequest.objects.exists()


def test_the_button_pressed_twice_is_one_envelope(client, desk, service, typed):
    address = f"{PAPER}?service={service.short_id}"
    first = client.post(address, typed, follow=True)
    second = client.post(address, typed, follow=True)
    reference = PaperRequest.objects.get().reference
    assert reference in first.text
    assert reference in second.text


def test_outside_the_area_it_is_posted_all_the_same(client, desk, service, typed, settings):
    settings.NETWORK_AREA_CODES = ["E06000005"]
    PostcodePlace.objects.create(
        code="DL3 7XX", level="unit", latitude=54.5, longitude=-1.5, area_code="E06000047"
    )
    answer = client.post(f"{PAPER}?service={service.short_id}", typed, follow=True)
    assert "Your postcode is outside" in answer.text
    assert PaperRequest.objects.get().area == "out"


def test_the_desk_can_be_named_in_the_settings(client, desk, service, typed, settings):
    other = access_point(name="Zebra desk")
    settings.PAPER_DESK = other.short_id
    client.post(f"{PAPER}?service={service.short_id}", typed)
    assert PaperRequest.objects.get().organisation == other


def test_one_browser_cannot_send_a_hundred(client, desk, service, typed):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    address = f"{PAPER}?service={service.short_id}"
    answers = []
    for _number in range(8):
        page = client.get(address).text
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
        form = {**typed, "key": str(uuid.uuid4()), "csrfmiddlewaretoken": token[1]}
        answers.append(client.post(address, form).status_code)
    assert answers == [302] * 6 + [429] * 2


# --- Staff ------------------------------------------------------------------------------------------


@pytest.fixture
def staff(cast, client_as, desk):
    return client_as(cast.access_point_staff)


def test_staff_take_a_request_down_for_somebody_on_the_phone(staff, cast, desk, service, typed):
    from directory.search import reindex

    reindex([service.id])
    # Given somebody on the phone, whose words are looked for
    page = staff.get(NEW, {"q": "nails cut"})
    address = f"{NEW}?service={service.short_id}"
    assert f"?service={service.short_id}" in page.text
    # When the form is filled in for them
    answer = staff.post(
        address, {**typed, "via": "phone", "organisation": str(desk.id)}, follow=True
    )
    # Then it is on the list, and nobody is remembered who did not say so
    request = PaperRequest.objects.get()
    assert request.reference in answer.text
    assert (request.via, request.asked_by) == ("phone", cast.access_point_staff)
    assert not Person.objects.exists()


def test_somebody_who_says_so_is_remembered_with_their_consent(staff, cast, desk, service, typed):
    typed |= {"via": "desk", "organisation": str(desk.id), "remember": "on", "easy_read": "on"}
    address = f"{NEW}?service={service.short_id}"
    staff.post(address, typed)
    staff.post(address, typed)  # the button pressed twice
    person = Person.objects.get()
    assert (person.given_name, person.family_name) == ("Winifred", "Example")
    assert person.formats == ["print_24", "easy_read"]
    assert PaperRequest.objects.get().person == person
    assert Consent.objects.allows(person, "remember", desk)
    assert Consent.objects.allows(person, "post", desk)
    assert not Consent.objects.allows(person, "share", desk)
    assert Consent.objects.first().recorded_by == cast.access_point_staff


def test_for_somebody_known_the_form_is_filled_in(staff, desk, service, cast, typed):
    person = PersonFactory(organisation=desk, with_everything=True)
    address = f"{NEW}?service={service.short_id}&person={person.id}"
    page = staff.get(address)
    assert 'value="1 Example Terrace"' in page.text
    assert page.context["form"]["size"].value() == 24
    assert Event.objects.filter(type="person:viewed", subject=person.id).count() == 1
    staff.post(address, {**typed, "via": "phone", "organisation": str(desk.id)})
    assert PaperRequest.objects.get().person == person


def test_somebody_known_elsewhere_is_not(staff, cast, service):
    person = PersonFactory(organisation=access_point(cast.other_organisation_id))
    address = f"{NEW}?service={service.short_id}&person={person.id}"
    assert staff.get(address).status_code == 404
    assert staff.get(f"{NEW}?person=nonsense").status_code == 404


def test_staff_must_choose_first(staff, desk, typed):
    answer = staff.post(NEW, {**typed, "via": "phone", "organisation": str(desk.id)})
    assert "Choose what to post first" in answer.text
    assert not PaperRequest.objects.exists()


def test_staff_do_not_take_down_for_another_desk(staff, cast, service, typed):
    other = access_point(cast.other_organisation_id)
    answer = staff.post(
        f"{NEW}?service={service.short_id}",
        {**typed, "via": "phone", "organisation": str(other.id)},
    )
    assert answer.status_code == 200
    assert not PaperRequest.objects.exists()


def test_the_queue_lists_the_oldest_first_and_says_whose_were_seen(staff, cast, desk):
    newer = PaperRequestFactory(organisation=desk, name="Newer Example")
    older = PaperRequestFactory(
        organisation=desk, name="Older Example", created_at="2026-01-05T10:00Z"
    )
    PaperRequestFactory(
        organisation=access_point(cast.other_organisation_id), name="Stranger Example"
    )
    page = staff.get(QUEUE)
    assert page.text.index("Older Example") < page.text.index("Newer Example")
    assert "Stranger Example" not in page.text
    listed = Event.objects.get(type="paper:listed")
    assert listed.details == {"requests": [str(older.id), str(newer.id)]}
    assert listed.actor_user == cast.access_point_staff.id


def test_the_sheets_carry_the_notes_at_the_size_that_was_asked_for(staff, desk):
    services = [ServiceFactory(name=name, phone=number) for name, number in HELP]
    request = PaperRequestFactory(organisation=desk, services=services, size=24)
    answer = staff.get(reverse("members:paper_sheets", args=[request.id]))
    assert answer["Content-Type"] == "application/pdf"
    text = text_of(answer.content)
    for words in ("Help number 1", "Help number 2", "01632 960 121", "Note 0", "Note 1"):
        assert words in text.replace("\xa0", " ")
    assert "Winifred" not in text, "the sheets are left on a table, the cover is not"
    with pdfplumber.open(io.BytesIO(answer.content)) as document:
        assert min(char["size"] for char in document.pages[0].chars) >= 23.9


def test_one_service_has_its_full_sheet(staff, desk, service):
    request = PaperRequestFactory(organisation=desk, services=[service])
    text = text_of(staff.get(reverse("members:paper_sheets", args=[request.id])).content)
    assert "Nail cutting" in text
    assert "Note 0" in text


def test_nothing_left_to_print_is_said(staff, desk):
    request = PaperRequestFactory(organisation=desk, services=[ServiceFactory(published=False)])
    answer = staff.get(reverse("members:paper_sheets", args=[request.id]), follow=True)
    assert "None of these services is in the directory any more." in answer.text


def test_a_long_topic_is_made_by_a_job(staff, desk, cast, monkeypatch):
    from dcsn.jobs.models import Job
    from dcsn.jobs.runner import run_job

    monkeypatch.setattr("members.views.desk_paper.AT_ONCE", 3)
    topic = TopicFactory(name="Foot care")
    ServiceFactory.create_batch(4, terms=[topic])
    request = PaperRequestFactory(organisation=desk, services=[], topic=topic)
    answer = staff.get(reverse("members:paper_sheets", args=[request.id]))
    job = Job.objects.get()
    assert answer.url == job.get_absolute_url()
    assert job.parameters == {"request": str(request.id)}
    assert run_job(job.pk).state == "done"
    file = staff.get(reverse("jobs:file", args=[job.pk]))
    assert "Service" in text_of(b"".join(file))
    # Somebody whose role ended cannot fetch it any more.
    cast.access_point_staff.role_assignments.update(role="volunteer", organisation_id=None)
    assert staff.get(reverse("jobs:file", args=[job.pk])).status_code == 404


def test_the_cover_has_the_address_at_the_top(staff, desk):
    request = PaperRequestFactory(organisation=desk)
    text = text_of(staff.get(reverse("members:paper_cover", args=[request.id])).content)
    assert text.replace("\xa0", " ").splitlines()[:4] == [
        "Winifred Example",
        "1 Example Terrace",
        "Exampleton",
        "DL3 7XX",
    ]
    assert request.reference in text


def test_covers_for_everything_that_waits_a_page_each(staff, desk, cast):
    requests = PaperRequestFactory.create_batch(3, organisation=desk)
    PaperRequestFactory(organisation=desk, size=24)
    PaperRequestFactory(organisation=access_point(cast.other_organisation_id))
    answer = staff.get(reverse("members:paper_covers"), {"size": "18"})
    text = text_of(answer.content)
    assert [request.reference in text for request in requests] == [True] * 3
    assert text.count("Winifred") == 3
    assert Event.objects.filter(type="paper:printed").count() == 3


def test_ticking_off_from_the_list(staff, desk):
    request = PaperRequestFactory(organisation=desk)
    address = reverse("members:paper_settle", args=[request.id])
    answer = staff.post(address, {"seen": "asked", "becomes": "posted"}, follow=True)
    assert f"{request.reference} is posted." in answer.text
    again = staff.post(address, {"seen": "asked", "becomes": "posted"}, follow=True)
    assert "marked this request as “posted”" in again.text
    assert "Winifred Example" in staff.get(QUEUE, {"show": "done"}).text


def test_what_came_back_says_why(staff, desk):
    request = PaperRequestFactory(organisation=desk)
    address = reverse("members:paper_settle", args=[request.id])
    staff.post(address, {"seen": "asked", "becomes": "posted"})
    staff.post(address, {"seen": "posted", "becomes": "returned", "why": "No such house"})
    page = staff.get(request.get_absolute_url())
    assert "came back" in page.text
    assert "No such house" in page.text
    assert Event.objects.filter(type="paper:viewed").count() == 1


@pytest.mark.parametrize("becomes", ["", "nonsense"])
def test_odd_ticks_change_nothing(staff, desk, becomes):
    request = PaperRequestFactory(organisation=desk)
    staff.post(
        reverse("members:paper_settle", args=[request.id]), {"seen": "asked", "becomes": becomes}
    )
    request.refresh_from_db()
    assert request.state == "asked"


@pytest.mark.parametrize("name", ["paper_request", "paper_sheets", "paper_cover"])
def test_another_access_points_post_does_not_exist(cast, client_as, desk, name):
    request = PaperRequestFactory(organisation=desk)
    address = reverse(f"members:{name}", args=[request.id])
    assert client_as(cast.stranger("access_point_staff")).get(address).status_code == 404
    assert client_as(cast.administrator).get(address).status_code == 403
    assert not Event.objects.filter(type__startswith="paper:").exists()


def test_a_stranger_ticks_nothing_off(cast, client_as, desk):
    request = PaperRequestFactory(organisation=desk)
    client = client_as(cast.stranger("access_point_staff"))
    answer = client.post(
        reverse("members:paper_settle", args=[request.id]), {"seen": "asked", "becomes": "posted"}
    )
    assert answer.status_code == 404
    request.refresh_from_db()
    assert request.state == "asked"


def test_the_queue_takes_the_same_number_of_queries_for_many(
    staff, desk, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    PaperRequestFactory.create_batch(2, organisation=desk)
    staff.get(QUEUE)
    with CaptureQueriesContext(connection) as few:
        staff.get(QUEUE)
    PaperRequestFactory.create_batch(15, organisation=desk)
    with django_assert_num_queries(len(few)):
        staff.get(QUEUE)
