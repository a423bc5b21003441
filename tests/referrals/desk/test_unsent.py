"""A form that comes after the sign-in has ended: every field comes back, nothing is stored."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from referrals.models import Enquiry
from tests.conftest import Cast, sign_in
from tests.factories.referral import EnquiryFactory
from tests.referrals.desk.browser import FormReader, Screen

pytestmark = pytest.mark.django_db
NEW = "/desk/enquiries/new/"
HERE = "http://testserver"


def fields_of(text: str) -> dict[str, list[str]]:
    form = FormReader("unsent")
    form.feed(text)
    found: dict[str, list[str]] = {}
    for name, value in form.fields:
        found.setdefault(name, []).append(value)
    return found


def test_signed_out_every_field_comes_back(staff: Client, desk: Any) -> None:
    screen = Screen(staff, NEW).type(
        words="Mum fell.\nShe wants help & a “rail” 😀 <b>", formats=["print_18", "bsl"]
    )
    sent = {name: values for name, values in screen.values.items() if name[:4] != "csrf"}
    staff.logout()
    sessions = Session.objects.count()
    answer = screen.client.post(NEW, {**screen.values, "do": "finish"})
    assert answer.status_code == 403
    text = answer.content.decode()
    assert "You have been signed out. Nothing you typed is lost." in text
    assert answer.headers["Cache-Control"] == "no-store"
    given_back = fields_of(text)
    assert given_back.pop("do") == ["finish"]
    given_back.pop("csrfmiddlewaretoken")
    assert given_back == sent
    # Nothing is stored, here or in a session.
    assert not Enquiry.objects.exists()
    assert Session.objects.count() == sessions


def test_signed_in_again_it_is_sent_again(cast: Cast, staff: Client, desk: Any) -> None:
    screen = Screen(staff, NEW).type(words="Mum fell", answer="Told them")
    staff.logout()
    answer = screen.client.post(NEW, {**screen.values, "do": "finish"})
    again = fields_of(answer.content.decode())
    client = sign_in(Client(), cast.access_point_staff)
    client.post(NEW, again)
    assert Enquiry.objects.get().words == "Mum fell"


def test_an_out_of_date_token_gives_the_words_back(cast: Cast, desk: Any) -> None:
    client = sign_in(Client(enforce_csrf_checks=True), cast.access_point_staff)
    screen = Screen(client, NEW).type(words="Mum fell", answer="Told them")
    screen.type(csrfmiddlewaretoken="x" * 64)
    answer = client.post(
        NEW, {**screen.values, "do": "finish"}, headers={"origin": HERE, "referer": HERE + NEW}
    )
    assert answer.status_code == 403
    text = answer.content.decode()
    assert "Please press “Send again”" in text
    again = fields_of(text)
    # Its token is good: the button does what the first one should have done.
    done = client.post(NEW, again, headers={"origin": HERE, "referer": HERE + NEW})
    assert done.status_code == 302
    assert Enquiry.objects.get().state == Enquiry.State.ANSWERED


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null", ""])
def test_words_of_another_site_are_not_given_a_token(cast: Cast, desk: Any, origin: str) -> None:
    client = sign_in(Client(enforce_csrf_checks=True), cast.access_point_staff)
    answer = client.post(
        NEW,
        {"words": "From elsewhere", "do": "finish"},
        headers={"origin": origin} if origin else {},
    )
    assert answer.status_code == 403
    text = answer.content.decode()
    assert "From elsewhere" not in text
    assert "Please send the form again" in text


def test_other_forms_have_their_own_page(cast: Cast) -> None:
    client = sign_in(Client(enforce_csrf_checks=True), cast.access_point_staff)
    answer = client.post("/desk/paper/new/", {"name": "x"}, headers={"origin": HERE})
    assert "Send again" not in answer.content.decode()


def test_a_script_is_told_where_to_sign_in(staff: Client, desk: Any) -> None:
    found = EnquiryFactory(organisation=desk, words="Mum")
    screen = Screen(staff, found.get_absolute_url()).type(words="Mum fell")
    staff.logout()
    answer = screen.press("autosave", script=True)
    said = json.loads(answer.content)
    assert answer.status_code == 403
    assert said["signed_out"] is True
    assert said["sign_in"].startswith("/")
    found.refresh_from_db()
    assert found.words == "Mum"


def test_a_script_gets_a_new_token(cast: Cast, desk: Any) -> None:
    client = sign_in(Client(enforce_csrf_checks=True), cast.access_point_staff)
    found = EnquiryFactory(organisation=desk, words="Mum")
    screen = Screen(client, found.get_absolute_url()).type(words="Mum fell")
    screen.type(csrfmiddlewaretoken="x" * 64)
    said = json.loads(screen.press("autosave", script=True, origin=HERE).content)
    assert said["signed_out"] is False
    screen.type(csrfmiddlewaretoken=said["token"])
    assert screen.press("autosave", script=True, origin=HERE).status_code == 200
    found.refresh_from_db()
    assert found.words == "Mum fell"


def test_looking_while_signed_out_goes_to_the_sign_in_page(client: Client) -> None:
    answer = client.get(NEW)
    assert answer.status_code == 302
    assert "next=" in answer.headers["Location"]


def test_staff_without_a_second_factor_are_not_let_in(
    cast: Cast, desk: Any, client_as: Callable[..., Client]
) -> None:
    client = client_as(cast.access_point_staff, with_second_factor=False)
    client.post(NEW, {"words": "x", "do": "finish", "seen": ""})
    assert not Enquiry.objects.exists()


def test_an_empty_form_goes_to_the_sign_in_page(client: Client) -> None:
    assert client.post(NEW).headers["Location"].startswith("/sign-in/")
