"""One service on paper: all that is known, what is not known said so, nothing that must stay secret."""

from __future__ import annotations

import io
import re
from datetime import date

import pikepdf
import pytest
from django.urls import reverse

from dcsn.printing.checks import check_tags
from directory.models import Service
from tests.factories.organisation import PhoneFactory
from tests.factories.service import ServiceFactory
from tests.printing.embedded import letters_drawn
from tests.printing.reading import fonts_not_embedded, page_texts, read, ua1_failures

pytestmark = pytest.mark.django_db


def address(service: Service, query: str = "") -> str:
    return reverse("directory:sheet", args=[service.slug, service.short_id]) + query


def text_of(client, service: Service, query: str = "") -> str:
    response = client.get(address(service, query))
    assert response.status_code == 200
    return " ".join(page_texts(response.content)).replace("\u00a0", " ")


def test_address_is_the_one_that_others_rely_on(known):
    assert address(known) == f"/services/nail-cutting-{known.short_id}/sheet.pdf"


def test_says_everything_that_is_known(client, known):
    text = text_of(client, known)
    for words in [
        "Nail cutting Łódź and Example Age Charity Phone 01632 960 234",
        "Trims toenails for people over 50 who cannot reach them.",
        "How to start: Ring us, or ask anybody to ring for you.",
        "Tuesday, 10am to noon Thursday, 1:30pm to 4pm",
        "Where: Tŷ Gŵyr House, 12 Mill Lane, Exampleton, DL3 7XX",
        "Getting in: No steps, accessible toilet (ask for the key). But not: Blue Badge parking. "
        "Not known, ask: hearing loop, bus stop close by.",
        "Bus 7 stops outside; see the website for times.",
        "Cost: £11 a visit Bring cash. We have no card machine.",
        "People over 50 who live in the borough Aged 50 and over",
        "What to bring: Your list of medicines",
        "Languages: Polish",
        "We trim and file.",
        "Afterwards Rest at home until 2.30 pm.",
        "Checked on 3 November 2026 by Directory editor.",
        "in Easy Read or in another language, ring 01632 960 100.",
    ]:
        assert words in text
    assert "example.org" not in text


@pytest.mark.parametrize("size", [14, 18, 24])
@pytest.mark.parametrize("paper", ["white", "yellow"])
def test_keeps_the_rules_of_large_print(client, known, size, paper, tmp_path):
    data = client.get(address(known, f"?size={size}&paper={paper}")).content
    found = read(data)
    assert min(found.sizes) == size
    assert set(found.colours) <= {"(0,)", "(0.0,)", "(0, 0, 0)", "(0.0, 0.0, 0.0)"}
    assert check_tags(io.BytesIO(data)).faults == {}
    assert ua1_failures(data, tmp_path) == []
    assert fonts_not_embedded(data, tmp_path) == []
    compared, wrong = letters_drawn(data)
    assert wrong == []
    assert set("Tŷ Gŵyr Łódź") <= compared
    lines = [line.replace("\u00a0", " ") for line in found.lines]
    for piece in ["01632 960 234", "DL3 7XX", "10am to noon", "1:30pm to 4pm", "£11 a visit"]:
        assert sum(piece in line for line in lines) == 1, piece
    assert found.fills["(1.0, 0.98, 0.8)"] == (len(list(page_texts(data))) * (paper == "yellow"))


def test_large_print_when_no_size_or_an_odd_one_is_asked_for(client, known):
    for query in ["", "?size=", "?size=7", "?size=big", "?size=18&paper=pink"]:
        assert min(read(client.get(address(known, query)).content).sizes) == 18


def test_file_is_named_for_what_and_when(client, known, time_machine):
    time_machine.move_to("2026-11-22 09:00")
    response = client.get(address(known, "?size=24"))
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == (
        'inline; filename="nail-cutting-giant-print-2026-11-22.pdf"'
    )
    assert response["Link"] == (
        f'<http://testserver/services/nail-cutting-{known.short_id}/>; rel="canonical"'
    )


def test_what_is_not_known_is_said_to_be_not_known(client):
    bare = ServiceFactory(name="Club", summary="")
    text = text_of(client, bare)
    assert "Phone number not known: ask us" in text
    assert "When: Not known: ask" in text
    assert "Where: Not known: ask" in text
    assert "Cost: Not known: ask" in text
    assert "Nobody has checked these facts yet: ring before you go." in text


def test_closed_for_now_is_said_first(client):
    service = ServiceFactory(
        name="Club",
        status="temporarily closed",
        closed_until=date(2027, 1, 4),
        alert="The roof leaks, see www.roof.example.org.",
        capacity="waiting_list",
        wait_time="about 6 weeks",
    )
    text = text_of(client, service)
    assert "The roof leaks, see the website. Closed for now. Opens again on" in text
    assert "Monday 4 January 2027" in text
    assert "There is a waiting list Waiting time: about 6 weeks" in text
    assert text.index("Opens again") < text.index("When:")


def test_a_confidential_address_is_not_on_paper(client, refuge):
    response = client.get(address(refuge))
    text = " ".join(page_texts(response.content))
    assert "Address kept confidential: ring for it" in text
    with pikepdf.open(io.BytesIO(response.content)) as pdf:
        inside = pdf.trailer.unparse(resolved=True) + b"".join(
            item.read_bytes() if isinstance(item, pikepdf.Stream) else item.unparse(resolved=True)
            for item in pdf.objects
        )
    assert b"A safe place" in inside  # the title: so the search below looks in the right bytes
    for secret in ["Hidden", "9ZZ", "Secret House"]:
        assert secret not in text
        assert secret.encode() not in inside


def test_help_that_comes_to_you_has_no_place(client):
    service = ServiceFactory(name="Visits", delivery=["comes_to_you", "phone"])
    assert "Where: Comes to you By phone" in text_of(client, service)


def test_the_organisations_number_stands_in_and_a_hidden_one_does_not(client):
    service = ServiceFactory(name="Visits")
    PhoneFactory(organisation=service.organisation, number="01632 960 555")
    PhoneFactory(service=service, number="01632 960 666", is_public=False)
    text = text_of(client, service)
    assert "Phone 01632 960 555" in text
    assert "960 666" not in text


def test_an_e_mail_address_where_there_is_no_number(client):
    service = ServiceFactory(name="Visits", email="visits@example.org")
    assert "visits@example.org" in text_of(client, service)


@pytest.mark.parametrize(
    "description",
    [
        "<script>alert(1)</script> & <b>bold</b>",
        "![x](https://example.org/x.png) [y](javascript:alert(1))",
        "[file](file:///etc/passwd)",
        "| a | b |\n|---|---|\n| 1 | 2 |",
        "# One\n\n#### Four",
        "x" * 3000,
        "> " * 50 + "deep",
        "zero\u200bwidth \u202eturned \ufdfd \U0001f600 عربي Ελληνικά soft\u00adhyphen",
        "null\ufffd",
    ],
)
def test_hostile_text_prints_and_fetches_nothing(client, description, tmp_path):
    service = ServiceFactory(name="Club & <i>Sons</i>", description=description)
    response = client.get(address(service))
    assert response.status_code == 200
    assert "Club & <i>Sons</i>" in " ".join(page_texts(response.content))
    assert check_tags(io.BytesIO(response.content)).faults == {}
    assert ua1_failures(response.content, tmp_path) == []


def test_what_is_not_published_is_not_printed(client):
    hidden = ServiceFactory(published=False)
    ended = ServiceFactory(status="defunct")
    assert client.get(address(hidden)).status_code == 404
    assert client.get(address(ended)).status_code == 404


def test_an_old_name_leads_to_the_right_address(client, known):
    old = reverse("directory:sheet", args=["toenails", known.short_id])
    response = client.get(old)
    assert response.status_code == 301
    assert response["Location"] == address(known)


def test_only_reading(client, known):
    assert client.post(address(known)).status_code == 405
    assert client.head(address(known)).status_code == 200


def test_as_many_queries_for_many_facts(client, known, django_assert_max_num_queries):
    with django_assert_max_num_queries(31):
        client.get(address(known))


def test_no_letter_leaves_the_page(client, known):
    long = ServiceFactory(
        name="Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch drop-in",
        email="a.very.long.address.of.somebody@department.of.social.care.exampleton.example",
    )
    found = read(client.get(address(long, "?size=24")).content)
    assert min(found.edges) >= 24
    assert re.search(r"Llanfair", " ".join(found.lines))
