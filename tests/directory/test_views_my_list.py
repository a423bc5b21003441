"""My list: no account, nothing about the reader, and a code to pass it on."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from directory.codes import ALPHABET, new_code, read_code, say_code
from directory.models import Service, SharedList
from directory.tasks import forget
from tests.factories.service import ServiceFactory
from tests.factories.shared_list import SharedListFactory

pytestmark = pytest.mark.django_db
MINE = reverse("directory:my_list")


def add(client: Client, service: Service, **more: str) -> None:
    response = client.post(reverse("directory:add_to_list"), {"service": service.id, **more})
    assert response.status_code == 302


def test_add_look_and_take_off(client: Client) -> None:
    first, second = ServiceFactory(name="First"), ServiceFactory(name="Second")
    add(client, second)
    add(client, first)
    add(client, second)
    html = client.get(MINE).content.decode()
    assert html.index(">Second</a>") < html.index(">First</a>")
    assert "My list (2)" in html
    client.post(reverse("directory:remove_from_list"), {"service": second.id})
    html = client.get(MINE).content.decode()
    assert ">Second</a>" not in html
    assert ">First</a>" in html
    client.post(reverse("directory:clear_list"))
    assert "Your list is empty" in client.get(MINE).content.decode()


def test_back_to_where_the_reader_was_but_nowhere_else(client: Client) -> None:
    service = ServiceFactory()
    address = reverse("directory:add_to_list")
    back = {"service": service.id, "next": "/topics/"}
    assert client.post(address, back)["Location"] == "/topics/"
    away = {"service": service.id, "next": "https://elsewhere.example/"}
    assert client.post(address, away)["Location"] == MINE


@pytest.mark.parametrize("key", ["", "x", "0eb174a4-b86e-4d37-bc16-9acd5246cec0", "\x00"])
def test_what_is_no_service_is_refused(client: Client, key: str) -> None:
    response = client.post(reverse("directory:add_to_list"), {"service": key})
    assert response.status_code in (400, 404)
    assert "my_list" not in client.session


def test_a_service_that_is_no_longer_published_is_left_out(client: Client) -> None:
    service = ServiceFactory(name="Gone soon")
    add(client, service)
    Service.objects.update(published=False)
    assert "Gone soon" not in client.get(MINE).content.decode().split("<main")[1].split("<h1")[1]


def test_a_list_has_an_end(client: Client) -> None:
    for service in ServiceFactory.create_batch(51):
        add(client, service)
    assert len(client.session["my_list"]) == 50


def test_the_list_is_not_kept_by_others_on_the_way(client: Client) -> None:
    assert "no-store" in client.get(MINE)["Cache-Control"]


def test_pass_it_on(client: Client) -> None:
    services = [ServiceFactory(name="First"), ServiceFactory(name="Second")]
    for service in services:
        add(client, service)
    response = client.post(reverse("directory:share_list"))
    shared = SharedList.objects.get()
    assert response["Location"] == reverse("directory:shared_list", args=[shared.said_code])
    assert shared.service_ids == [service.id for service in services]

    somebody_else = Client()
    typed = shared.said_code.lower().replace("-", " ")
    response = somebody_else.get(MINE, {"code": typed}, follow=True)
    html = response.content.decode()
    assert html.index(">First</a>") < html.index(">Second</a>")
    assert shared.said_code in html
    somebody_else.post(reverse("directory:take_list", args=[shared.said_code]))
    assert somebody_else.session["my_list"] == [str(service.id) for service in services]


def test_a_shared_list_holds_service_ids_and_nothing_else() -> None:
    assert {field.name for field in SharedList._meta.get_fields()} == {
        "code",
        "service_ids",
        "made_on",
    }


def test_an_empty_list_has_no_code(client: Client) -> None:
    client.post(reverse("directory:share_list"))
    assert SharedList.objects.count() == 0
    with pytest.raises(IntegrityError), transaction.atomic():
        SharedList.objects.create(service_ids=[])


@pytest.mark.parametrize("typed", ["", "BCDF", "BCDF-234O", "\x00", "<script>", "BCDF-2346"])
def test_a_wrong_code_is_said_to_be_wrong(client: Client, typed: str) -> None:
    response = client.get(MINE, {"code": typed})
    if response.status_code == 400:
        assert typed == "\x00"
        return
    html = response.content.decode()
    assert "There is a problem" in html
    assert 'href="#id_code"' in html
    assert client.get(f"/list/{'X' * 8}/").status_code == 404


def test_a_code_works_for_a_year_and_is_then_forgotten(client: Client) -> None:
    old = SharedListFactory(made_on=timezone.localdate() - timedelta(days=366))
    assert client.get(reverse("directory:shared_list", args=[old.code])).status_code == 404
    young = SharedListFactory()
    forget()
    assert SharedList.objects.get() == young
    assert not SharedList.objects.filter(code=old.code).exists()


def test_sharing_has_a_limit(client: Client) -> None:
    add(client, ServiceFactory())
    answers = [client.post(reverse("directory:share_list")).status_code for _ in range(8)]
    assert answers[0] == 302
    assert answers[-1] == 429


def test_codes_can_be_read_out() -> None:
    assert not set("AEIOU01LSZ5N") & set(ALPHABET)
    for _ in range(100):
        code = new_code()
        assert read_code(say_code(code)) == code
        assert read_code(f" {say_code(code).lower()} ") == code
    assert read_code("BCDF-234") == ""
    assert read_code("BCDF-2340") == ""


def test_no_write_by_looking(client: Client) -> None:
    for name in ("add_to_list", "remove_from_list", "clear_list", "share_list"):
        assert client.get(reverse(f"directory:{name}")).status_code == 405
