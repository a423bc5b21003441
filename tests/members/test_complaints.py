"""Complaints about personal data: sent by anybody, acknowledged in time, answered as they chose."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from dcsn.audit.models import Event
from dcsn.messages.models import Message
from dcsn.printing import PrintSize
from dcsn.privacy import erase_person, export_person
from dcsn.privacy.retention import run_retention
from members.actions.complaints import (
    COMPLAINT_FORM,
    make_complaint,
    move_complaint,
    remind_of_complaints,
)
from members.complaint_form import boxes, form_pdf
from members.forms.complaints import ComplaintForm
from members.models import Complaint
from members.refusals import ComplaintChanged
from tests.conftest import Cast
from tests.factories.complaint import ComplaintFactory
from tests.factories.person import PersonFactory, access_point
from tests.printing.reading import page_texts, ua1_failures

pytestmark = pytest.mark.django_db


def typed(**other: Any) -> dict[str, Any]:
    return {
        "words": "You told my neighbour that I was ill.",
        "wants": "Say sorry",
        "organisation": "",
        "name": "Winifred Example",
        "answer_by": "email",
        "email": "winifred@example.org",
        "phone": "",
        "address_1": "",
        "address_2": "",
        "town": "",
        "postcode": "",
        "size": "18",
        "other_format": "",
        "key": str(uuid.uuid4()),
        **other,
    }


def sent_messages() -> list[Message]:
    return list(Message.objects.filter(key__startswith="complaint-ack"))


# --- By a resident -----------------------------------------------------------------------------------


def test_anybody_can_complain_and_gets_a_reference_and_a_day() -> None:
    response = Client().post(reverse("members:complain"), typed(), follow=True)
    complaint = Complaint.objects.get()
    text = response.content.decode()
    assert complaint.reference in text
    assert "by" in text
    assert complaint.acknowledge_by == timezone.localdate() + timedelta(days=29)
    assert (complaint.state, complaint.via) == ("received", "online")
    assert Event.objects.get(type="complaint:made").actor_job == "complaint form"


def test_the_page_leads_to_the_paper_in_every_size() -> None:
    text = Client().get(reverse("members:complain")).content.decode()
    paper = reverse("members:complain_paper")
    for size in PrintSize:
        assert f'href="{paper}?size={int(size)}"' in text


def test_what_one_way_of_answering_demands_is_not_marked_optional() -> None:
    form = ComplaintForm()
    for name in ("address_1", "postcode"):
        assert "(only for a letter)" in form[name].as_field_group()
        assert "(optional)" not in form[name].as_field_group()
    assert "(only for an answer by phone)" in form["phone"].as_field_group()
    assert "(optional)" in form["address_2"].as_field_group()
    assert [box.optional for box in boxes() if box.name == "postcode"] == ["(only for a letter)"]


def test_the_first_day_counts_towards_the_thirty() -> None:
    complaint = ComplaintFactory(received_on=date(2026, 6, 1))
    assert complaint.acknowledge_by == date(2026, 6, 30)
    assert not complaint.is_overdue(date(2026, 6, 30))
    assert complaint.is_overdue(date(2026, 7, 1))


def test_a_double_click_is_one_complaint_and_a_correction_is_kept() -> None:
    key, client = str(uuid.uuid4()), Client()
    client.post(reverse("members:complain"), typed(key=key))
    client.post(reverse("members:complain"), typed(key=key, words="Corrected"))
    assert Complaint.objects.get().words == "Corrected"
    assert Event.objects.filter(type="complaint:made").count() == 1


def test_what_was_acknowledged_is_not_changed_by_sending_it_again(cast: Cast) -> None:
    key, client = str(uuid.uuid4()), Client()
    client.post(reverse("members:complain"), typed(key=key))
    complaint = Complaint.objects.get()
    move_complaint(complaint=complaint, to="acknowledged", version=1, by=cast.data_protection_lead)
    response = client.post(reverse("members:complain"), typed(key=key, words="Something else"))
    text = response.content.decode()
    assert "We have your complaint already" in text
    assert "Something else" in text, "nothing typed is lost"
    assert Complaint.objects.get().words == "You told my neighbour that I was ill."


def test_a_key_of_a_complaint_taken_by_staff_changes_nothing(cast: Cast) -> None:
    taken = ComplaintFactory(taken_by=cast.hub_lead)
    with pytest.raises(ComplaintChanged):
        make_complaint(
            key=taken.key,
            facts={"name": "A", "words": "B", "answer_by": "email", "email": "a@example.org"},
            organisation=None,
            via="online",
            received_on=timezone.localdate(),
            by=COMPLAINT_FORM,
        )
    taken.refresh_from_db()
    assert taken.words == "You told my neighbour."


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"words": ""}, "Write what went wrong"),
        ({"words": "ü" * 10_000}, "at most 5000 characters"),
        ({"wants": "x" * 1001}, "at most 1000 characters"),
        ({"name": " "}, "Enter your name"),
        ({"answer_by": ""}, "Choose how you would like our answer"),
        ({"email": ""}, "Enter the e-mail address for the answer"),
        ({"email": "nobody"}, "Enter a valid email address"),
        ({"answer_by": "phone"}, "Enter the phone number for the answer"),
        ({"answer_by": "letter"}, "Enter the house number and street"),
        ({"answer_by": "letter", "address_1": "1 Road", "postcode": "DL99"}, "like DL3 7XX"),
        ({"organisation": str(uuid.uuid4())}, "Select a valid choice"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(wrong: dict[str, Any], said: str) -> None:
    response = Client().post(reverse("members:complain"), typed(**wrong))
    text = response.content.decode()
    assert said in text
    kept = {"words": "You told my neighbour", "wants": "Say sorry", **wrong}
    for name in ("words", "wants"):
        assert str(kept[name])[:40] in text
    assert not Complaint.objects.exists()


@pytest.mark.parametrize("words", ["😀 cross", "=SUM(A1)", "a\r\nb", "<script>"])
def test_any_words_are_kept_as_they_are(words: str) -> None:
    Client().post(reverse("members:complain"), typed(words=words))
    assert Complaint.objects.get().words.replace("\r\n", "\n") == words.replace("\r\n", "\n")


def test_a_program_that_sends_many_is_slowed_down() -> None:
    client = Client()
    answers = [
        client.post(
            reverse("members:complain"), typed(), headers={"X-Forwarded-For": "192.0.2.1"}
        ).status_code
        for _time in range(70)
    ]
    assert answers[0] == 302
    assert 429 in answers


def test_whoever_deals_with_it_is_told_its_reference_and_nothing_else(cast: Cast) -> None:
    desk = access_point(cast.organisation_id)
    users = [cast.data_protection_lead, cast.hub_lead]
    assert cast.stranger("hub_lead")
    Client().post(reverse("members:complain"), typed(organisation=str(desk.id)))
    sent = list(Message.objects.order_by("to_address"))
    assert {message.to_address for message in sent} == {user.email for user in users}
    for message in sent:
        assert "C-" in message.body
        assert "Winifred" not in message.body + message.subject
        assert "neighbour" not in message.body + message.subject


# --- On paper ----------------------------------------------------------------------------------------


def test_the_paper_has_the_boxes_of_the_screen_in_their_order() -> None:
    text = Client().get(reverse("members:complain")).content.decode()
    names = [name for name in re.findall(r'name="(\w+)"', text) if name in ComplaintForm().fields]
    on_screen = [name for name in dict.fromkeys(names) if name != "key"]
    assert [box.name for box in boxes()] == on_screen


@pytest.mark.parametrize("size", list(PrintSize))
def test_the_paper_is_printed_in_every_size(size: PrintSize) -> None:
    response = Client().get(reverse("members:complain_paper"), {"size": size.value})
    assert response.content.startswith(b"%PDF")
    assert f"{size.name.lower()}-print" in response["Content-Disposition"]


def test_the_paper_asks_what_the_screen_asks(tmp_path: Path) -> None:
    pdf = form_pdf(PrintSize.LARGE)
    assert ua1_failures(pdf, tmp_path) == []
    said = " ".join("".join(page_texts(pdf)).split())
    places = [said.index(box.label) for box in boxes()]
    assert places == sorted(places)
    for box in boxes():
        for tick in box.ticks:
            assert tick in said


# --- At the desk -------------------------------------------------------------------------------------


def test_staff_take_down_what_was_said_on_the_phone(
    cast: Cast, client_as: Callable[..., Client]
) -> None:
    desk = access_point(cast.organisation_id)
    person = PersonFactory(organisation=desk, with_everything=True)
    client = client_as(cast.hub_lead)
    address = f"{reverse('members:complaint_new')}?person={person.id}"
    assert person.name in client.get(address).content.decode()
    day = timezone.localdate() - timedelta(days=3)
    response = client.post(
        address,
        typed(
            via="phone",
            organisation=str(desk.id),
            received_on_day=day.day,
            received_on_month=day.month,
            received_on_year=day.year,
        ),
        follow=True,
    )
    complaint = Complaint.objects.get()
    assert complaint.reference in response.content.decode()
    assert (complaint.person, complaint.taken_by) == (person, cast.hub_lead)
    assert complaint.acknowledge_by == day + timedelta(days=29)
    assert (
        "You told my neighbour" in export_person(person.id, by=cast.data_protection_lead).as_json()
    )


@pytest.mark.parametrize(("days", "said"), [(1, "today or in the past"), (-800, "Check the year")])
def test_a_day_that_cannot_be_is_said(
    days: int, said: str, cast: Cast, client_as: Callable[..., Client]
) -> None:
    day = timezone.localdate() + timedelta(days=days)
    response = client_as(cast.data_protection_lead).post(
        reverse("members:complaint_new"),
        typed(
            via="letter",
            received_on_day=day.day,
            received_on_month=day.month,
            received_on_year=day.year,
        ),
    )
    assert said in response.content.decode()
    assert not Complaint.objects.exists()


def test_it_is_acknowledged_and_answered_by_e_mail(
    cast: Cast, client_as: Callable[..., Client]
) -> None:
    complaint = ComplaintFactory()
    page = reverse("members:complaint", args=[complaint.pk])
    client = client_as(cast.data_protection_lead)
    client.post(
        page, {"to": "acknowledged", "version": "1", "acknowledged-text": "We ring you Monday."}
    )
    client.post(
        page,
        {
            "to": "answered",
            "version": "2",
            "answered-outcome": "put_right",
            "answered-text": "It was our mistake.",
        },
    )
    complaint.refresh_from_db()
    assert (complaint.state, complaint.outcome) == ("answered", "put_right")
    assert complaint.closed_at is not None
    first, second = Message.objects.filter(to_address=complaint.email).order_by("queued_at")
    assert first.subject == f"Your complaint {complaint.reference}"
    assert "We ring you Monday." in first.body
    assert "It was our mistake." in second.body
    assert "Information Commissioner" in second.body


def test_a_letter_is_printed_in_the_size_that_they_asked_for(
    cast: Cast, client_as: Callable[..., Client]
) -> None:
    complaint = ComplaintFactory(by_letter=True)
    move_complaint(complaint=complaint, to="acknowledged", version=1, by=cast.data_protection_lead)
    message = Message.objects.get(key=f"complaint-acknowledged:{complaint.pk}")
    assert (message.channel, message.size) == ("letter", 24)
    client = client_as(cast.data_protection_lead)
    page = client.get(reverse("members:complaint", args=[complaint.pk])).content.decode()
    address = reverse("members:complaint_letter", args=[complaint.pk, message.pk])
    assert address in page
    response = client.get(address)
    assert response.content.startswith(b"%PDF")
    assert "giant-print" in response["Content-Disposition"]
    assert (
        "giant-print"
        in client.get(reverse("outbox:letter", args=[message.pk]))["Content-Disposition"]
    )


def test_who_wants_a_call_is_not_written_to(cast: Cast) -> None:
    complaint = ComplaintFactory(answer_by="phone", phone="01632 960 111")
    move_complaint(complaint=complaint, to="acknowledged", version=1, by=cast.data_protection_lead)
    assert not sent_messages()


def test_two_at_once_the_second_is_told_and_loses_nothing(
    cast: Cast, client_as: Callable[..., Client]
) -> None:
    complaint = ComplaintFactory()
    page = reverse("members:complaint", args=[complaint.pk])
    answer = {
        "to": "answered",
        "version": "1",
        "answered-outcome": "explained",
        "answered-text": "A long answer that took an hour.",
    }
    move_complaint(complaint=complaint, to="acknowledged", version=1, by=cast.data_protection_lead)
    response = client_as(cast.data_protection_lead).post(page, answer)
    text = response.content.decode()
    assert "Somebody else has dealt with this complaint meanwhile" in text
    assert "A long answer that took an hour." in text
    complaint.refresh_from_db()
    assert complaint.state == "acknowledged"
    # The page now carries the new version: sending it again does it.
    version = re.search(r'name="version" value="(\d+)"', text)
    assert version is not None
    client_as(cast.data_protection_lead).post(page, answer | {"version": version[1]})
    complaint.refresh_from_db()
    assert complaint.state == "answered"


@pytest.mark.parametrize("state", ["answered", "withdrawn"])
def test_nothing_leaves_a_final_state(state: str, cast: Cast) -> None:
    complaint = ComplaintFactory()
    move_complaint(
        complaint=complaint,
        to=state,
        version=1,
        by=cast.data_protection_lead,
        outcome="explained",
        text="x",
    )
    for other in Complaint.State.values:
        with pytest.raises(ComplaintChanged):
            move_complaint(
                complaint=complaint, to=other, version=2, by=cast.data_protection_lead, text="y"
            )


def test_an_answer_in_time_is_an_acknowledgement(cast: Cast) -> None:
    complaint = ComplaintFactory()
    done = move_complaint(
        complaint=complaint,
        to="answered",
        version=1,
        by=cast.data_protection_lead,
        outcome="partly",
        text="x",
    )
    assert done.acknowledged_at is not None


def test_the_queue_counts_the_days_and_shows_a_hub_lead_only_theirs(
    cast: Cast, client_as: Callable[..., Client]
) -> None:
    today, desk = timezone.localdate(), access_point(cast.organisation_id)
    late = ComplaintFactory(organisation=desk, received_on=today - timedelta(days=30))
    due = ComplaintFactory(organisation=desk, received_on=today - timedelta(days=29))
    ComplaintFactory(organisation=desk, answered=True)
    ComplaintFactory()
    network = ComplaintFactory(organisation=None)

    response = client_as(cast.hub_lead).get(reverse("members:complaints"))
    assert [(row[0], row[1]) for row in response.context["rows"]] == [(late, True), (due, False)]
    listed = Event.objects.get(type="complaint:listed")
    assert listed.details == {"complaints": [str(late.id), str(due.id)]}
    assert (
        len(client_as(cast.data_protection_lead).get(reverse("members:complaints")).context["rows"])
        == 4
    )
    # The network's own is nobody's at an organisation.
    page = reverse("members:complaint", args=[network.pk])
    assert client_as(cast.hub_lead).get(page).status_code == 404
    assert client_as(cast.data_protection_lead).get(page).status_code == 200


def test_a_hub_lead_cannot_deal_with_anothers(cast: Cast) -> None:
    complaint = ComplaintFactory()
    with pytest.raises(Complaint.DoesNotExist):
        move_complaint(complaint=complaint, to="acknowledged", version=1, by=cast.hub_lead)
    with pytest.raises(Complaint.DoesNotExist):
        move_complaint(
            complaint=complaint, to="acknowledged", version=1, by=cast.access_point_staff
        )


@pytest.mark.parametrize("show", ["", "answer", "closed"])
def test_the_lists_take_the_same_queries_for_twice_the_rows(
    show: str, cast: Cast, client_as: Callable[..., Client]
) -> None:
    client = client_as(cast.data_protection_lead)
    client.get(reverse("members:complaints"))
    counts = []
    for _time in range(2):
        for trait in ({}, {"acknowledged": True}, {"answered": True}):
            ComplaintFactory.create_batch(4, **trait)
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("members:complaints"), {"show": show})
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_week_before_the_last_day_they_are_written_to_once_more(cast: Cast) -> None:
    today = timezone.localdate()
    assert cast.data_protection_lead
    ComplaintFactory(received_on=today - timedelta(days=22))
    ComplaintFactory(received_on=today - timedelta(days=21))
    ComplaintFactory(received_on=today - timedelta(days=25), acknowledged=True)
    assert remind_of_complaints() == 1
    remind_of_complaints()
    assert Message.objects.filter(key__startswith="complaint-due").count() == 1


# --- Forgetting --------------------------------------------------------------------------------------


def test_two_years_after_the_end_the_words_are_forgotten() -> None:
    closed, open_one = ComplaintFactory(answered=True), ComplaintFactory()
    run_retention(now=timezone.now() + timedelta(days=729))
    closed.refresh_from_db()
    assert closed.words
    run_retention(now=timezone.now() + timedelta(days=731))
    closed.refresh_from_db()
    open_one.refresh_from_db()
    assert {getattr(closed, name) for name in Complaint.PERSONAL} == {""}
    assert (closed.outcome, closed.state) == ("explained", "answered")
    assert open_one.words, "what waits for an answer is not forgotten unanswered"


def test_an_erasure_takes_it_along(cast: Cast) -> None:
    person = PersonFactory()
    complaint = ComplaintFactory(person=person)
    erase_person(person.id, by=cast.coordinator, reason="asked")
    complaint.refresh_from_db()
    assert (complaint.words, complaint.person, complaint.state) == ("", None, "withdrawn")


def test_the_database_refuses_what_cannot_be() -> None:
    for wrong in (
        {"state": "answered"},
        {"email": ""},
        {"words": ""},
        {"closed_at": timezone.now()},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            ComplaintFactory(**wrong)
    with pytest.raises(ValidationError):
        make_complaint(
            key=uuid.uuid4(),
            facts={"name": "A", "words": "B", "answer_by": "letter"},
            organisation=None,
            via="online",
            received_on=timezone.localdate(),
            by=COMPLAINT_FORM,
        )
