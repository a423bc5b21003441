"""The safety net at the desk: the list, the question, the answer, looking again, the letter."""

from __future__ import annotations

import re
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from dcsn.audit.models import Event
from members.models import Concession, Membership, Term
from tests.conftest import Cast
from tests.factories.concession import appealed, asked, granted, refused
from tests.factories.membership import membership
from tests.factories.person import PersonFactory
from tests.factories.user import UserFactory
from tests.printing.reading import page_texts, ua1_failures

pytestmark = pytest.mark.django_db
AT_HOME = {"contact_by": "post", "address_1": "1 Example Terrace", "postcode": "DL3 7XX"}


@pytest.fixture
def person(desk: Any) -> Any:
    return PersonFactory(organisation=desk, **AT_HOME)


def page_of(concession: Concession) -> str:
    return reverse("members:safety_net_one", args=[concession.pk])


def typed(**other: Any) -> dict[str, Any]:
    return {
        "key": uuid.uuid4(),
        "ground": "benefit",
        "evidence": "benefit_letter",
        "words": "",
        "via": "desk",
        **other,
    }


def test_a_simple_check_is_granted_on_the_spot(cast: Cast, client_as: Any, person: Any) -> None:
    mine = membership(person=person, source=None)
    client = client_as(cast.access_point_staff)
    url = reverse("members:safety_net_ask", args=[mine.pk])
    data = typed()
    for _press in range(2):
        response = client.post(url, data)
        assert response["Location"] == reverse("members:membership", args=[mine.pk])
    assert Term.objects.get().source == "concession"
    assert Concession.objects.get().seen_by == cast.access_point_staff


def test_hardship_goes_to_the_lead_who_decides(cast: Cast, client_as: Any, person: Any) -> None:
    mine = membership(person=person, source=None)
    staff, lead = client_as(cast.access_point_staff), client_as(cast.hub_lead)
    url = reverse("members:safety_net_ask", args=[mine.pk])
    response = staff.post(url, typed(ground="hardship", evidence=""))
    question = Concession.objects.get()
    assert response["Location"] == page_of(question)
    page = staff.get(page_of(question)).content.decode()
    assert "The hub lead or the membership officer decides this." in page
    assert 'value="grant"' not in page
    assert staff.get(url)["Location"] == page_of(question), "no second question beside it"
    refused_page = staff.post(page_of(question), {"do": "grant", "version": 1, "evidence": "word"})
    assert refused_page.status_code == 422
    assert "Waiting since today." in lead.get(page_of(question)).content.decode()
    lead.post(page_of(question), {"do": "grant", "version": 1, "evidence": "word"})
    question.refresh_from_db()
    assert question.state == "granted"


def test_the_words_are_kept_on_the_page_and_out_of_the_record(
    cast: Cast, client_as: Any, person: Any
) -> None:
    mine = membership(person=person, source=None)
    page = client_as(cast.access_point_staff).post(
        reverse("members:safety_net_ask", args=[mine.pk]),
        typed(words="QQ 12 34 56 C, two children"),
    )
    text = page.content.decode()
    assert page.status_code == 422
    assert "Leave out the National Insurance number" in text
    assert "two children" in text, "nothing typed is lost"
    assert not Concession.objects.exists()
    assert "No National Insurance number" in text, "the box warns"


def test_a_refusal_an_appeal_and_two_others(cast: Cast, client_as: Any, person: Any) -> None:
    question = asked(person=person)
    second = UserFactory(
        role="hub_lead", role__organisation_id=cast.organisation_id, second_factor=True
    )
    lead, officer, other = (client_as(u) for u in (cast.hub_lead, cast.membership_officer, second))
    url = page_of(question)
    assert "Write why" in lead.post(url, {"do": "refuse", "version": 1}).content.decode()
    lead.post(url, {"do": "refuse", "version": 1, "reasons": "We know too little."})
    client_as(cast.access_point_staff).post(
        url, {"do": "appeal", "version": 2, "appeal_via": "phone", "appeal_words": "I do get it."}
    )
    assert "You did not grant it" in lead.get(url).content.decode()
    assert 'value="propose"' not in lead.get(url).content.decode()
    officer.post(url, {"do": "propose", "version": 3, "proposal": "grant"})
    page = officer.get(url).content.decode()
    assert "A second person has to agree." in page
    assert 'value="agree"' not in page
    for client in (officer, lead):
        assert client.post(url, {"do": "agree", "version": 4}).status_code == 422
    assert other.post(url, {"do": "agree", "version": 4}).status_code == 302
    question.refresh_from_db()
    assert question.state == "granted"
    assert Term.objects.count() == 1


def test_two_pages_open_at_once_do_not_both_answer(cast: Cast, client_as: Any, person: Any) -> None:
    question = asked(person=person)
    client_as(cast.membership_officer).post(
        page_of(question), {"do": "refuse", "version": 1, "reasons": "We know too little."}
    )
    late = client_as(cast.hub_lead).post(
        page_of(question), {"do": "grant", "version": 1, "evidence": "word"}
    )
    assert late.status_code == 422
    assert "Somebody else has dealt with this meanwhile" in late.content.decode()
    assert not Term.objects.exists()


def test_the_letter_is_in_their_size_with_reasons_and_the_way_on(
    cast: Cast, client_as: Any, person: Any, tmp_path: Path
) -> None:
    person.formats = ["print_24"]
    person.save()
    question = refused(person=person, by=cast.hub_lead)
    page = client_as(cast.access_point_staff).get(page_of(question)).content.decode()
    link = re.search(r'href="([^"]+letters/[^"]+\.pdf)"', page)[1]
    response = client_as(cast.access_point_staff).get(link)
    data = b"".join(response.streaming_content) if response.streaming else response.content
    text = " ".join(" ".join(page_texts(data)).split())
    for said in ("We know too little.", "look at it again", "cost nothing"):
        assert said in text
    assert ua1_failures(data, tmp_path) == []


def test_whom_no_letter_reaches_is_told(cast: Cast, client_as: Any, desk: Any) -> None:
    question = refused(person=PersonFactory(organisation=desk, formats=["bsl"]), by=cast.hub_lead)
    client = client_as(cast.access_point_staff)
    queue = reverse("members:safety_net") + "?show=tell"
    assert question.membership.reference in client.get(queue).content.decode()
    assert "We know too little." in client.get(page_of(question)).content.decode()
    client.post(page_of(question), {"do": "told"})
    assert question.membership.reference not in client.get(queue).content.decode()


def test_every_look_names_who_was_on_the_list_and_no_ground_is(
    cast: Cast, client_as: Any, person: Any
) -> None:
    question = asked(person=person)
    page = client_as(cast.hub_lead).get(reverse("members:safety_net")).content.decode()
    assert person.name in page
    assert question.get_ground_display() not in page
    assert Event.objects.get(type="safety_net:listed").details["concessions"] == [str(question.id)]
    client_as(cast.hub_lead).get(page_of(question))
    assert Event.objects.get(type="safety_net:viewed").subject == person.id


def test_another_access_point_sees_nothing(cast: Cast, client_as: Any, person: Any) -> None:
    question = asked(person=person)
    stranger = client_as(cast.stranger("hub_lead"))
    assert stranger.get(page_of(question)).status_code == 404
    assert person.name not in stranger.get(reverse("members:safety_net")).content.decode()
    assert stranger.post(page_of(question), {"do": "withdraw"}).status_code == 404


@pytest.mark.parametrize("show", ["", "appealed", "tell", "review", "decided"])
def test_twice_as_many_cost_no_more_queries(
    cast: Cast, client_as: Any, desk: Any, show: str
) -> None:
    def more() -> None:
        for make in (asked, lambda **f: appealed(by=cast.hub_lead, **f)):
            make(person=PersonFactory(organisation=desk))
        for make in (refused, granted):
            make(by=cast.hub_lead, person=PersonFactory(organisation=desk))
        Concession.objects.filter(state="granted").update(review_on=timezone.localdate())

    client = client_as(cast.membership_officer)

    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            text = client.get(reverse("members:safety_net"), {"show": show}).content.decode()
        assert "<table" in text
        return len(caught)

    more()
    queries()
    first = queries()
    more()
    more()
    assert queries() == first


def test_the_review_keeps_it_and_the_end_leaves_the_term(
    cast: Cast, client_as: Any, person: Any
) -> None:
    question = granted(person=person, by=cast.hub_lead)
    client = client_as(cast.hub_lead)
    client.post(
        page_of(question), {"do": "review", "version": 2, "review-evidence": "benefit_online"}
    )
    client.post(page_of(question), {"do": "end", "version": 3})
    question.refresh_from_db()
    assert (question.evidence, question.state) == ("benefit_online", "ended")
    assert Membership.objects.get().status(timezone.localdate()) == "new"
