"""Answering by link: what opens, what does not, and that looking changes nothing."""

from __future__ import annotations

import re
import threading
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dcsn.audit.models import Event
from dcsn.messages import Message
from members.models import SharingAgreement
from referrals.actions.moving import Saying, move_referral
from referrals.actions.receiving import send_new_link
from referrals.models import Capacity, OneTimeCode, Referral, ReplyLink, StateChange
from referrals.replies.tokens import link_token
from referrals.states import Party, Reason, State, Via
from tests.factories.organisation import OrganisationFactory
from tests.factories.referral import TESTS
from tests.referrals.receiving.conftest import SECRETS, Scene, names_nobody

pytestmark = pytest.mark.django_db


def in_days(days: int) -> dict[str, str]:
    day = timezone.localdate() + timedelta(days=days)
    return {"day_day": str(day.day), "day_month": str(day.month), "day_year": str(day.year)}


def accept(client: Client, address: str, **facts: str):
    version = re.search(r'name="version" value="(\d+)"', client.get(f"{address}accept/").text)
    sent = {
        "version": version[1] if version else "1",
        "by_name": "Ms Example",
        **in_days(3),
        **facts,
    }
    return client.post(f"{address}accept/", sent)


def everything() -> tuple:
    """What a link could change."""
    return (
        list(Referral.objects.order_by("id").values()),
        list(StateChange.objects.order_by("id").values()),
        list(ReplyLink.objects.order_by("id").values()),
        list(OneTimeCode.objects.order_by("id").values()),
        Message.objects.count(),
        Event.objects.count(),
    )


# --- What the receiver gets and does ------------------------------------------------------------------


def test_the_e_mail_names_nobody_and_the_first_page_neither(client, scene: Scene):
    row = scene.send()
    (mail,) = scene.mail_to_receiver()
    assert row.reference in mail.subject
    for text in (mail.subject, mail.body, mail.to_name):
        names_nobody(text)
    page = client.get(scene.address())
    assert page.status_code == 200
    assert row.reference in page.text
    assert "Riverside Access Point" in page.text
    names_nobody(page.text)
    for words in ("We have seen it", "We will take it", "Not us", "Show me who it is about"):
        assert words in page.text
    assert "no-store" in page["Cache-Control"]
    assert "noindex" in page["X-Robots-Tag"]


def test_what_the_outbox_keeps_opens_nothing(scene: Scene):
    scene.send()
    (mail,) = scene.mail_to_receiver()
    assert "/reply/" not in mail.body
    token = scene.address().strip("/").split("/")[-1]
    assert token not in str(list(Message.objects.values())) + str(list(ReplyLink.objects.values()))
    assert "the link to answer by" in mail.words


def test_accepting_by_link_is_recorded_with_the_day_and_the_name(client, scene: Scene):
    row = scene.send()
    answer = accept(client, scene.address())
    row.refresh_from_db()
    change = row.changes.latest("number")
    assert (row.state, change.via, change.by_name) == ("accepted", Via.LINK, "Ms Example")
    assert row.first_contact_on == timezone.localdate() + timedelta(days=3)
    assert change.by_user is None
    # The next link follows: where the browser goes, and in an e-mail to the registered address
    assert answer.status_code == 302
    assert answer["Location"] == scene.address()
    page = client.get(answer["Location"])
    assert "Thank you. We have written down: We will take it" in page.text
    assert "We have begun to help" in page.text
    assert "Not us" not in page.text


def test_the_whole_way_by_link_ends_with_no_link(client, scene: Scene):
    row = scene.send()
    accept(client, scene.address())
    for answer in ("begin", "finish"):
        row.refresh_from_db()
        sent = {"version": row.version, "by_name": "Ms Example"}
        gone_on = client.post(f"{scene.address()}{answer}/", sent)
    row.refresh_from_db()
    assert row.state == State.COMPLETED
    assert gone_on["Location"] == reverse("referrals:reply_done")
    assert client.get(gone_on["Location"]).status_code == 200
    last = scene.mail_to_receiver()[-1]
    assert "reply-link" not in last.body
    assert not ReplyLink.objects.filter(used_at=None, superseded_at=None).exists()
    assert [link.step for link in ReplyLink.objects.order_by("step")] == [1, 2, 3]


def test_turning_it_down_needs_a_reason(client, scene: Scene):
    row = scene.send()
    address = f"{scene.address()}reject/"
    sent = {"version": row.version, "by_name": "Ms Example"}
    refused = client.post(address, sent)
    assert "Choose a reason" in refused.text
    assert client.post(address, sent | {"reason_code": "other"}).status_code == 200
    row.refresh_from_db()
    assert row.state == State.REQUESTED
    # A reason that only the hub gives is none
    assert client.post(address, sent | {"reason_code": "consent-withdrawn"}).status_code == 200
    client.post(address, sent | {"reason_code": "no-capacity", "room": "no-capacity"})
    row.refresh_from_db()
    assert (row.state, row.status_reason) == (State.REJECTED, "no-capacity")
    assert Capacity.objects.get(service=row.service).state == "no-capacity"
    assert Capacity.objects.get().via == Via.LINK


@pytest.mark.parametrize(
    "facts",
    [
        {"day_day": "", "day_month": "", "day_year": ""},
        {"day_day": "31", "day_month": "2", "day_year": "2027"},
        {"day_day": "1", "day_month": "1", "day_year": "2020"},
        {"day_day": "1", "day_month": "1", "day_year": "9999"},
        {"by_name": ""},
        {"by_name": "x" * 101},
        {"version": ""},
        {"version": "x"},
        {"room": "anything"},
    ],
)
def test_bad_input_changes_nothing_and_the_link_still_works(client, scene: Scene, facts):
    row = scene.send()
    address = scene.address()
    assert accept(client, address, **facts).status_code == 200
    row.refresh_from_db()
    assert row.state == State.REQUESTED
    assert client.get(address).status_code == 200
    assert accept(client, address).status_code == 302


def test_a_waiting_list_is_said_with_a_reason_and_a_day(client, scene: Scene):
    row = scene.send()
    sent = {"version": row.version, "by_name": "Ms Example", "reason_code": "no-capacity"}
    client.post(f"{scene.address()}wait/", sent | in_days(40))
    row.refresh_from_db()
    assert (row.state, row.expected_on) == (
        State.ON_HOLD,
        timezone.localdate() + timedelta(days=40),
    )
    assert [c.to_state for c in row.changes.all()] == ["draft", "requested", "accepted", "on-hold"]


# --- Mail scanners --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers", [{}, {"Sec-Purpose": "prefetch;prerender", "Purpose": "prefetch"}]
)
@pytest.mark.parametrize("method", ["get", "head"])
def test_a_mail_scanner_changes_nothing_whatever_it_opens(scene: Scene, method, headers):
    scene.send()
    address = scene.address()
    before = everything()
    for page in (
        "",
        "seen/",
        "accept/",
        "reject/",
        "wait/",
        "begin/",
        "finish/",
        "who/",
        "code/",
        "details/",
    ):
        for _time in range(2):
            answer = getattr(Client(), method)(address + page, headers=headers)
            assert answer.status_code in (200, 302)
    assert everything() == before


def test_the_first_page_takes_no_post(client, scene: Scene):
    scene.send()
    before = everything()
    assert client.post(scene.address()).status_code == 405
    assert everything() == before


def test_a_form_from_another_site_is_refused(scene: Scene):
    row = scene.send()
    strict = Client(enforce_csrf_checks=True)
    sent = {"version": row.version, "by_name": "Mx", **in_days(3)}
    assert strict.post(f"{scene.address()}accept/", sent).status_code == 403
    row.refresh_from_db()
    assert row.state == State.REQUESTED


# --- Links that do not open ------------------------------------------------------------------------------


def altered(scene: Scene) -> str:
    token = scene.address().strip("/").split("/")[-1]
    return reverse("referrals:reply", args=[("A" if token[0] != "A" else "B") + token[1:]])


def altered_at_the_end(scene: Scene) -> str:
    token = scene.address().strip("/").split("/")[-1]
    return reverse("referrals:reply", args=[token[:-1] + ("A" if token[-1] != "A" else "B")])


def cut_short(scene: Scene) -> str:
    return scene.address()[:-4] + "/"


def not_a_token(scene: Scene) -> str:
    return reverse("referrals:reply", args=["é" * 64])


def of_no_row(scene: Scene) -> str:
    return reverse("referrals:reply", args=[link_token(scene.hub.id)])


def expired(scene: Scene) -> str:
    address = scene.address()
    now = timezone.now()
    ReplyLink.objects.update(
        made_at=now - timedelta(days=31), expires_at=now - timedelta(seconds=1)
    )
    return address


def replayed(scene: Scene) -> str:
    address = scene.address()
    assert accept(Client(), address).status_code == 302
    return address


def superseded(scene: Scene) -> str:
    address = scene.address()
    from tests.factories.user import UserFactory

    lead = UserFactory(role="hub_lead", role__organisation_id=scene.hub.id, second_factor=True)
    assert send_new_link(referral=Referral.objects.get(), by=lead)
    assert scene.address() != address
    return address


def of_another_organisation(scene: Scene) -> str:
    address = scene.address()
    ReplyLink.objects.update(owner=OrganisationFactory())
    return address


def taken_back(scene: Scene) -> str:
    """Moved on meanwhile: the hub cancelled it."""
    address = scene.address()
    move_referral(
        referral=Referral.objects.get(),
        to=State.CANCELLED,
        by=TESTS,
        saying=Saying(Party.REQUESTER, via=Via.SYSTEM, reason_code=Reason.NO_LONGER_NEEDED),
    )
    return address


BAD = [
    altered, altered_at_the_end, cut_short, not_a_token, of_no_row, expired, replayed, superseded,
    of_another_organisation, taken_back,
]  # fmt: skip


@pytest.mark.parametrize("spoil", BAD)
@pytest.mark.parametrize("step", ["", "accept/", "reject/", "who/", "code/", "details/"])
def test_a_link_that_does_not_open_gets_one_plain_page_and_changes_nothing(
    scene: Scene, spoil, step
):
    scene.send()
    address = spoil(scene)
    before = everything()
    client = Client()
    asked = client.get(address + step)
    plain = client.get(reverse("referrals:reply", args=["x" * 64]))
    assert asked.status_code == plain.status_code == 404
    assert shape(asked.text) == shape(plain.text)
    assert "This link does not open anything" in asked.text
    names_nobody(asked.text)
    if step:
        sent = {
            "version": 2,
            "by_name": "Mx",
            "reason_code": "no-capacity",
            "code": "1",
            **in_days(3),
        }
        answer = client.post(address + step, sent)
        assert answer.status_code == (405 if step == "details/" else 404)
    assert everything() == before


def shape(text: str) -> str:
    """A page without what differs from one drawing to the next (nonces, tokens)."""
    return re.sub(r'(nonce|value|content)="[^"]*"', "", text).split("<main")[1].split("</main>")[0]


def test_a_word_that_came_first_is_shown_and_nothing_is_overwritten(client, scene: Scene):
    """The receiver rang while the page lay open: still under way, but not as the page said."""
    row = scene.send()
    address = scene.address()
    old_version = row.version
    client.get(f"{address}accept/")
    move_referral(
        referral=row, to=State.RECEIVED, by=TESTS, saying=Saying(Party.RECEIVER, via=Via.SYSTEM)
    )
    answer = client.post(
        f"{address}accept/", {"version": old_version, "by_name": "Mx", **in_days(3)}, follow=True
    )
    row.refresh_from_db()
    assert row.state == State.RECEIVED
    assert "your answer was not" in answer.text
    assert ReplyLink.objects.get().used_at is None


def test_an_answer_that_no_longer_fits_leads_back_to_the_page(client, scene: Scene):
    scene.send()
    address = scene.address()
    answer = client.get(f"{address}fail/")
    assert (answer.status_code, answer["Location"]) == (302, address)


def test_an_old_key_still_opens_links_while_it_is_listed(client, scene: Scene, settings):
    scene.send()
    address = scene.address()
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-key-" + "z" * 50
    assert client.get(address).status_code == 200
    settings.SECRET_KEY_FALLBACKS = []
    assert client.get(address).status_code == 404


def test_a_link_is_over_after_thirty_days(client, scene: Scene):
    scene.send()
    address = scene.address()
    with time_machine.travel(timezone.now() + timedelta(days=29, hours=23)):
        assert client.get(address).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(days=30, minutes=1)):
        assert client.get(address).status_code == 404


# --- Asking for it again ------------------------------------------------------------------------------


def test_the_link_is_sent_again_to_the_registered_address_only(client, scene: Scene):
    row = scene.send()
    first = scene.address()
    page = reverse("referrals:reply_again")
    typed = row.reference.lower().replace("-", " ")
    said = client.post(page, {"reference": typed}).text
    assert len(scene.mail_to_receiver()) == 2
    assert scene.address() == first, "the link that is out stays"
    # Nothing tells whether there is such a reference
    unknown = client.post(page, {"reference": "R-AAAA-AAAA"}).text
    assert shape(said) == shape(unknown)
    # No more than three a day
    for _time in range(4):
        client.post(page, {"reference": row.reference})
    assert len(scene.mail_to_receiver()) == 4


def test_after_thirty_days_the_link_sent_again_is_a_new_one(client, scene: Scene):
    row = scene.send()
    first = scene.address()
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        client.post(reverse("referrals:reply_again"), {"reference": row.reference})
        assert scene.address() != first
        assert client.get(scene.address()).status_code == 200
        assert client.get(first).status_code == 404


@pytest.mark.parametrize("typed", ["", "x" * 21, "R-", "é", "'; drop table", "\x00"])
def test_a_reference_that_is_none(client, scene: Scene, typed):
    scene.send()
    answer = client.post(reverse("referrals:reply_again"), {"reference": typed})
    assert answer.status_code == 200
    assert len(scene.mail_to_receiver()) == 1


# --- The code and the details -----------------------------------------------------------------------------


def open_details(client: Client, scene: Scene):
    address = scene.address()
    client.post(f"{address}who/")
    return client.post(f"{address}code/", {"code": scene.code()}, follow=True)


def test_the_details_need_a_code_from_the_registered_contact(client, scene: Scene):
    row = scene.send()
    address = scene.address()
    assert client.get(f"{address}details/")["Location"] == f"{address}who/"
    # When the code is asked for, it goes to the registered address and names nobody
    asked = client.post(f"{address}who/", follow=True)
    mail = Message.objects.get(key__startswith="reply-code:")
    assert mail.to_address == scene.desk.email
    names_nobody(mail.subject + mail.body)
    assert scene.code() not in mail.body, "the outbox keeps no code"
    assert "d…@brook.example" in asked.text
    # Then what was agreed to is shown: name, contact and needs, and nothing else of them
    page = client.post(f"{address}code/", {"code": scene.code()}, follow=True)
    for shown in ("Zebedee Quillfeather", "01632 960 777", "catheter", "Brook House Bathing"):
        assert shown in page.text
    for kept in ("Marzipan", "DL3 7XX"):
        assert kept not in page.text
    event = Event.objects.get(type="reply:details_opened")
    assert event.subject == scene.person.id
    assert event.details["categories"] == ["contact", "name", "needs"]
    assert event.organisation == row.owner_id
    assert not any(secret in str(event.details) for secret in SECRETS)


def test_looking_uses_up_neither_the_link_nor_moves_anything(client, scene: Scene):
    row = scene.send()
    open_details(client, scene)
    row.refresh_from_db()
    assert row.state == State.REQUESTED
    assert accept(client, scene.address()).status_code == 302
    # After the answer the next link still shows them in this browser, and in no other
    assert "Zebedee" in client.get(f"{scene.address()}details/").text
    assert Client().get(f"{scene.address()}details/").status_code == 302


def test_after_half_an_hour_another_code_is_needed(client, scene: Scene):
    scene.send()
    open_details(client, scene)
    address = scene.address()
    with time_machine.travel(timezone.now() + timedelta(minutes=29)):
        assert client.get(f"{address}details/").status_code == 200
    with time_machine.travel(timezone.now() + timedelta(minutes=31)):
        assert client.get(f"{address}details/").status_code == 302


def test_a_code_works_once_and_for_a_quarter_of_an_hour(client, scene: Scene):
    scene.send()
    address = scene.address()
    client.post(f"{address}who/")
    code = scene.code()
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        assert "run out" in Client().post(f"{address}code/", {"code": code}).text
    assert client.post(f"{address}code/", {"code": f" {code[:3]} {code[3:]} "}).status_code == 302
    assert "run out" in Client().post(f"{address}code/", {"code": code}).text


def test_a_newer_code_ends_the_older_one(client, scene: Scene):
    scene.send()
    address = scene.address()
    client.post(f"{address}who/")
    first = scene.code()
    client.post(f"{address}who/")
    second = scene.code()
    if first != second:
        assert "not the code" in client.post(f"{address}code/", {"code": first}).text
    assert client.post(f"{address}code/", {"code": second}).status_code == 302


def test_a_code_of_another_referral_opens_nothing(scene: Scene, client):
    scene.send()
    first = scene.address()
    scene.send()
    second = scene.address()
    client.post(f"{first}who/")
    code = scene.code()
    client.post(f"{second}who/")
    if code != scene.code():
        assert "not the code" in client.post(f"{second}code/", {"code": code}).text
    # Nor does a session that opened one open the other
    client.post(f"{first}code/", {"code": code})
    assert client.get(f"{first}details/").status_code == 200
    assert client.get(f"{second}details/").status_code == 302


@pytest.fixture
def no_limits(monkeypatch):
    """The form's own limit is tested elsewhere; here it would hide the code's."""
    monkeypatch.setattr("dcsn.limits.rates.seconds_to_wait", lambda *args, **facts: 0)


@pytest.mark.usefixtures("no_limits")
def test_guessing_ends_after_five_tries_and_for_the_day_after_ten(scene: Scene):
    scene.send()
    address = scene.address()
    Client().post(f"{address}who/")
    code = scene.code()
    wrong = [f"{number:06}" for number in range(20) if f"{number:06}" != code]
    # Five wrong tries, each from another browser, use the code up
    for guess in wrong[:5]:
        assert "not the code" in Client().post(f"{address}code/", {"code": guess}).text
    assert "run out" in Client().post(f"{address}code/", {"code": code}).text
    # Five more with a new code, and no code is sent or tried that day
    Client().post(f"{address}who/")
    code = scene.code()
    wrong = [f"{number:06}" for number in range(20, 40) if f"{number:06}" != code]
    for guess in wrong[:5]:
        Client().post(f"{address}code/", {"code": guess})
    assert "Too many wrong codes" in Client().post(f"{address}code/", {"code": code}).text
    assert "Too many wrong codes" in Client().post(f"{address}who/").text
    assert Event.objects.filter(type="reply:code_wrong").count() == 10
    # The next day it works again
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        assert Client().post(f"{address}who/").status_code == 302


@pytest.mark.usefixtures("no_limits")
def test_no_more_than_three_codes_an_hour(scene: Scene):
    scene.send()
    address = scene.address()
    for _time in range(3):
        assert Client().post(f"{address}who/").status_code == 302
    assert "within the hour" in Client().post(f"{address}who/").text
    assert OneTimeCode.objects.count() == 3


def test_one_browser_is_slowed_down(client, scene: Scene):
    scene.send()
    address = f"{scene.address()}code/"
    client.post(f"{scene.address()}who/")
    answers = [client.post(address, {"code": "0"}).status_code for _time in range(8)]
    assert answers[-1] == 429


def test_without_a_registered_contact_no_code_is_sent(client, scene: Scene):
    scene.send()
    address = scene.address()
    type(scene.desk).objects.filter(pk=scene.desk.pk).update(
        how="phone", phone="01632 960 001", email=""
    )
    assert "no registered contact" in client.get(f"{address}who/").text
    assert "no registered contact" in client.post(f"{address}who/").text
    assert not OneTimeCode.objects.exists()


def test_a_registered_mobile_gets_the_code_as_a_text(client, scene: Scene, settings):
    settings.SMS_ADAPTER = "dcsn.messages.adapters.sms.LocalStub"
    type(scene.desk).objects.filter(pk=scene.desk.pk).update(mobile="07700 900 123")
    scene.send()
    page = client.post(f"{scene.address()}who/", follow=True)
    message = Message.objects.get(key__startswith="reply-code:")
    assert (message.channel, message.to_address) == ("sms", "07700 900 123")
    assert "ending in 123" in page.text
    names_nobody(message.body)


def test_when_the_agreement_lapses_the_link_shows_no_details_any_more(client, scene: Scene):
    scene.send()
    assert "Zebedee" in open_details(client, scene).text
    SharingAgreement.objects.update(review_on=timezone.localdate() - timedelta(days=1))
    page = client.get(f"{scene.address()}details/")
    assert "no data-sharing agreement" in page.text
    names_nobody(page.text)
    # They can still answer
    assert accept(client, scene.address()).status_code == 302


def test_an_agreement_that_covers_less_shows_less(client, scene: Scene):
    scene.send()
    SharingAgreement.objects.update(categories=["needs"])
    page = open_details(client, scene)
    assert "catheter" in page.text
    assert "Zebedee" not in page.text
    assert "960 777" not in page.text


# --- Twice at once ---------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_the_same_form_sent_twice_at_once_counts_once(scene: Scene):
    row = scene.send()
    address = scene.address()
    both = threading.Barrier(2)
    answers: list[int] = []

    def send() -> None:
        try:
            client = Client()
            client.get(f"{address}accept/")
            both.wait(10)
            sent = {"version": row.version, "by_name": "Mx", **in_days(3)}
            answers.append(client.post(f"{address}accept/", sent).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(answers) == [302, 404]
    row.refresh_from_db()
    assert [change.to_state for change in row.changes.all()] == ["draft", "requested", "accepted"]
    assert ReplyLink.objects.filter(used_at=None, superseded_at=None).count() == 1
    assert Message.objects.filter(key__endswith=":receipt").count() == 1
