"""At the till: VALID UNTIL a month, or NOT VALID, and nothing else by any way of listening."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from dcsn.logs import SafeJsonFormatter, redact
from members.actions.memberships import end_membership, share_membership, stop_sharing
from members.cards.limits import ASKED, WRONG, WRONG_IN_A_DAY
from members.cards.number import as_printed, check_digits, is_valid, new_number
from members.cards.tags import tag_of
from members.models import Card, Membership, Plan, Status, Term, TillCount
from tests.conftest import Cast
from tests.factories.card import card
from tests.factories.membership import TESTS, PlanFactory, membership
from tests.factories.person import PersonFactory, access_point
from tests.factories.shop import ShopFactory, offer

pytestmark = pytest.mark.django_db
WORDS = re.compile(
    r"VALID UNTIL|NOT VALID|Valid until [A-Z][a-z]+ \d{4}|Not valid|[A-Z][a-z]+ \d{4}(?=</h1>)"
)


def invented() -> str:
    """A number with the right check digits of which there is no card."""
    number = new_number()
    assert not Card.objects.filter(number=number).exists()
    return number


def with_state(state: str) -> Callable[[Cast], str]:
    return lambda _cast: card(state=state).number


def of_cancelled(_cast: Cast) -> str:
    row = card()
    end_membership(membership=row.membership, stored=Status.CANCELLED, by=TESTS)
    return row.number


def of_pending(_cast: Cast) -> str:
    # What is left when the only payment was given back.
    row = card()
    row.membership.terms.update(voided_at=timezone.now())
    Membership.objects.filter(pk=row.membership_id).update(stored=Status.PENDING)
    return row.number


def of_expired(_cast: Cast) -> str:
    row = card()
    Term.objects.filter(membership=row.membership).update(
        starts_on=timezone.localdate() - timedelta(days=800),
        ends_on=timezone.localdate() - timedelta(days=400),
    )
    return row.number


def of_one_who_left(cast: Cast) -> str:
    hub = access_point(cast.organisation_id)
    plan = PlanFactory(kind=Plan.Kind.HOUSEHOLD, people_at_most=3)
    row = membership(plan=plan, person=PersonFactory(organisation=hub))
    other = PersonFactory(organisation=hub)
    share = share_membership(membership=row, person=other, by=cast.access_point_staff)
    theirs = card(membership=row, person=other)
    stop_sharing(share=share, by=cast.access_point_staff)
    return theirs.number


def wrong_check_digits(_cast: Cast) -> str:
    number = card().number
    return number[:8] + f"{(int(number[8:]) + 1) % 100:02}"


BAD: dict[str, Callable[[Cast], str]] = {
    "asked for": with_state("requested"),
    "lost": with_state("lost"),
    "stolen": with_state("stolen"),
    "damaged": with_state("damaged"),
    "replaced": with_state("replaced"),
    "revoked": with_state("revoked"),
    "expired": of_expired,
    "cancelled": of_cancelled,
    "given back": of_pending,
    "no longer shared": of_one_who_left,
    "invented": lambda _cast: invented(),
    "wrong check digits": wrong_check_digits,
    "all zeros": lambda _cast: "0" * 10,
}
GOOD: dict[str, Callable[[Cast], str]] = {
    "paid": lambda _cast: card(source=Term.Source.PAYMENT).number,
    "free": lambda _cast: card(source=Term.Source.CONCESSION).number,
    "a gift": lambda _cast: card(source=Term.Source.GIFT).number,
    "a carer's": lambda _cast: card(source=Term.Source.CARER).number,
    "printed, in the post": with_state("printed"),
}


def typed(number: str, address: str = "/till/", client: Client | None = None) -> HttpResponse:
    return (client or Client(enforce_csrf_checks=True)).post(address, {"number": number})


def scan(number: str, tag: str | None = None, client: Client | None = None) -> HttpResponse:
    return (client or Client()).get(f"/c/{number}.{tag or tag_of(number)}")


def said(response: HttpResponse) -> str:
    found = re.search(r"VALID UNTIL|NOT VALID", response.content.decode())
    return found[0] if found else ""


def without_words(response: HttpResponse, number: str) -> str:
    text = response.content.decode().replace(as_printed(number), "NUMBER")
    return WORDS.sub("", text)


@pytest.mark.parametrize("kind", GOOD)
def test_a_good_card_is_valid_until_its_month(cast: Cast, kind: str) -> None:
    number = GOOD[kind](cast)
    [term] = Term.objects.all()
    month = f"{term.ends_on:%B %Y}"
    for response in (typed(number), scan(number)):
        page = response.content.decode()
        assert f"<span>VALID UNTIL</span> {month}</h1>" in page
        assert f"<title>Valid until {month}" in page


@pytest.mark.parametrize("kind", BAD)
def test_everything_else_is_not_valid_and_no_cause_is_given(cast: Cast, kind: str) -> None:
    number = BAD[kind](cast)
    for response in (typed(number), scan(number)):
        assert said(response) == "NOT VALID"
        for cause in ("lost", "stolen", "revoked", "expired", "run out", "cancelled", "no such"):
            assert cause not in response.content.decode().lower()


def test_answers_cannot_be_told_apart_but_by_the_words(cast: Cast) -> None:
    numbers = {kind: make(cast) for kind, make in (BAD | GOOD).items()}
    shop = ShopFactory()
    offer(shop=shop, wording="everything in the shop")
    for ask in (
        typed,
        scan,
        lambda number: typed(number, f"/till/{shop.till_code}/"),
    ):
        answers = {kind: ask(number) for kind, number in numbers.items()}
        assert {response.status_code for response in answers.values()} == {200}
        assert len({len(response.content) for response in answers.values()}) == 1
        headers = [
            {
                name: value if name != "X-Request-Reference" else len(value)
                for name, value in response.headers.items()
            }
            for response in answers.values()
        ]
        assert all(one == headers[0] for one in headers)
        assert not any(response.cookies for response in answers.values())
        # Within the good ones, and within the others, not a letter differs but the number.
        for kinds in (GOOD, BAD):
            texts = {without_words(answers[kind], numbers[kind]) for kind in kinds}
            assert len(texts) == 1


def test_a_bad_tag_says_no_more_than_a_bad_card(cast: Cast) -> None:
    good, other = card().number, card().number
    revoked = scan(card(state="revoked").number)
    for code in (
        f"{good}.{tag_of(other)}",
        f"{good}.{tag_of(good)[:-1]}",
        f"{good}.",
        good,
        f"{good}.{'é' * 16}",
        "12345.ABC",
        f"{'9' * 40}.{'A' * 4000}",
        "Robert');--",
    ):
        response = Client().get(f"/c/{code}")
        assert (response.status_code, said(response)) == (200, "NOT VALID")
        assert len(response.content) == len(revoked.content)


def test_a_tag_may_be_read_in_small_letters() -> None:
    number = card().number
    assert said(scan(number, tag_of(number).lower())) == "VALID UNTIL"


def _shape(sql: str) -> str:
    return re.sub(r"'[^']*'(::\w+)?|\b\d+\b|\bs\d+_x\d+\b", "?", sql)


def test_the_same_queries_are_made_for_every_card(cast: Cast) -> None:
    numbers = {kind: make(cast) for kind, make in (BAD | GOOD).items()}
    shop = ShopFactory()
    offer(shop=shop)
    shapes = set()
    for number in numbers.values():
        with CaptureQueriesContext(connection) as queries:
            typed(number, f"/till/{shop.till_code}/")
        shapes.add(tuple(_shape(query["sql"]) for query in queries))
    assert len(shapes) == 1
    assert len(shapes.pop()) == 7


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "Type the number on the card."),
        ("12 3456 78 9", "10 digits. You typed 9."),
        ("12 3456 78 901", "10 digits. You typed 11."),
        ("12 34S6 78 90", "only digits"),
        ("x" * 5000, "only digits"),
    ],
)
def test_what_is_no_number_is_said_before_anything_is_looked_up(text: str, fault: str) -> None:
    with CaptureQueriesContext(connection) as queries:
        response = typed(text)
    assert len(queries) == 0
    page = response.content.decode()
    assert fault in page
    assert said(response) == ""
    assert "<title>Error:" in page


@pytest.mark.parametrize("form", ["{}", " {} ", "{:.2} {}"])
def test_spaces_and_dashes_do_not_matter(form: str) -> None:
    number = card().number
    for text in (number, as_printed(number), as_printed(number).replace(" ", "-"), f" {number}. "):
        assert said(typed(text)) == "VALID UNTIL"


def test_it_is_good_on_the_last_day_of_the_month_and_not_after(time_machine: Any) -> None:
    time_machine.move_to("2026-11-23T12:00:00Z", tick=False)
    row = card()
    assert row.membership.ends_on == date(2027, 11, 22)
    for moment, expected in (
        ("2027-11-22T12:00:00Z", "VALID UNTIL"),
        ("2027-11-30T23:30:00Z", "VALID UNTIL"),
        # In its grace, and not good: the month on the paper is over.
        ("2027-12-01T00:30:00Z", "NOT VALID"),
        ("2027-12-20T12:00:00Z", "NOT VALID"),
    ):
        time_machine.move_to(moment, tick=False)
        assert said(typed(row.number)) == expected


def test_the_page_is_small_and_needs_nothing_else() -> None:
    from django.contrib.staticfiles import finders

    response = typed(card().number)
    page = response.content.decode()
    addresses = re.findall(r'(?:src|href)="([^"#]+)"', page)
    assert [one for one in addresses if not one.startswith("tel:")] == [
        "data:,",
        "/static/till/till.css",
    ]
    assert "<script" not in page
    assert "style=" not in page
    style = finders.find("till/till.css")
    assert isinstance(style, str)
    from pathlib import Path

    assert len(response.content) + Path(style).stat().st_size < 15_000
    assert response["Cache-Control"] == "no-store, no-transform"
    assert response["X-Robots-Tag"] == "noindex, nofollow"


# --- The shop's own ------------------------------------------------------------------------------------


def test_a_shop_that_opened_its_bookmark_sees_its_own_offer_when_it_scans() -> None:
    shop, number = ShopFactory(name="Brightwell Books"), card().number
    offer(shop=shop, wording="everything in the shop")
    phone = Client()
    assert "Brightwell Books" not in scan(number, client=phone).content.decode()
    start = phone.get(f"/till/{shop.till_code.lower()}/")
    assert phone.cookies["till_shop"]["httponly"]
    assert "Brightwell Books" in start.content.decode()
    for response in (scan(number, client=phone), typed(number, client=phone)):
        page = response.content.decode()
        assert "10% off everything in the shop" in page
        assert "Brightwell Books" in page
    assert TillCount.objects.get().n == 2
    # What it gives is not shown for a card that is not good.
    assert "10% off" not in scan(invented(), client=phone).content.decode()
    phone.post("/till/", {"leave": "1"})
    assert "Brightwell Books" not in phone.get("/till/").content.decode()


def test_without_cookies_the_shops_own_address_is_enough() -> None:
    shop, number = ShopFactory(), card().number
    offer(shop=shop, wording="everything")
    page = typed(number, f"/till/{shop.till_code}/").content.decode()
    assert "10% off everything" in page
    assert f'action="/till/{shop.till_code}/"' in page


def test_a_shop_nobody_knows_can_check_cards_all_the_same() -> None:
    page = Client().get("/till/ZZZZZ/")
    assert "do not know this shop" in page.content.decode()
    assert not page.cookies
    assert said(typed(card().number, "/till/ZZZZZ/")) == "VALID UNTIL"


def test_only_how_many_is_counted() -> None:
    shop = ShopFactory()
    for number in (card().number, invented()):
        typed(number, f"/till/{shop.till_code}/")
    [row] = TillCount.objects.all()
    # Right and wrong alike: a count that knew the difference would take another time.
    assert (row.shop, row.day, row.n) == (shop, timezone.localdate(), 2)


# --- Guessing ------------------------------------------------------------------------------------------


def test_guessing_ten_thousand_numbers_is_stopped(time_machine: Any) -> None:
    time_machine.move_to("2026-11-23T00:00:01Z", tick=False)
    client, answered = Client(), 0
    # An hour of asking as fast as one can, ten minutes at a time; it is the same for 10,000.
    for stretch in range(12):
        time_machine.move_to(
            timezone.now().replace(hour=stretch // 6, minute=10 * (stretch % 6)), tick=False
        )
        for _number in range(60):
            response = typed(invented(), client=client)
            if response.status_code == 429:
                assert said(response) == ""
                assert int(response["Retry-After"]) > 0
                break
            answered += 1
    # A refused one counts too, so it is a few less.
    assert WRONG.times < answered <= WRONG_IN_A_DAY.times
    # The rest of the 10,000 meet nothing but the limit, all day long.
    for hour in range(3, 24):
        time_machine.move_to(timezone.now().replace(hour=hour), tick=False)
        assert typed(invented(), client=Client()).status_code == 429
    # And a right one among them is not shown either.
    assert typed(card().number, client=Client()).status_code == 429


def test_throwing_cookies_away_or_guessing_tags_gains_nothing(time_machine: Any) -> None:
    time_machine.move_to("2026-11-23T10:00:01Z", tick=False)
    number = card().number
    codes = [scan(number, "A" * 16, client=Client()).status_code for _n in range(WRONG.times + 1)]
    assert codes == [200] * WRONG.times + [429]
    # Somebody elsewhere goes on.
    elsewhere = Client(REMOTE_ADDR="198.51.100.9")
    assert said(scan(number, client=elsewhere)) == "VALID UNTIL"


def test_a_busy_shop_is_not_shut_out(time_machine: Any) -> None:
    time_machine.move_to("2026-12-19T11:00:01Z", tick=False)
    numbers = [card().number for _member in range(5)]
    client = Client()
    for n in range(500):
        number = invented() if n % 20 == 0 else numbers[n % 5]
        assert typed(number, client=client).status_code == 200


def test_asking_without_end_is_stopped_too(
    time_machine: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    time_machine.move_to("2026-12-19T11:00:01Z", tick=False)
    monkeypatch.setattr("members.cards.limits.ASKED", type(ASKED)(5, ASKED.every))
    number = card().number
    assert [typed(number).status_code for _n in range(6)] == [200] * 5 + [429]


ELSEWHERE = {"Sec-Fetch-Site": "cross-site"}


@pytest.mark.parametrize(
    "sent",
    [
        {"Sec-Fetch-Dest": "image", "Sec-Fetch-Mode": "no-cors"},
        {"Sec-Fetch-Dest": "iframe", "Sec-Fetch-Mode": "navigate"},
        {"Sec-Fetch-Dest": "empty", "Sec-Fetch-Mode": "no-cors"},
        {"Sec-Fetch-Dest": "document", "Sec-Purpose": "prefetch;prerender"},
    ],
)
def test_pictures_on_another_page_shut_no_shop_out(sent: dict[str, str]) -> None:
    # When a page elsewhere has its visitors' browsers open wrong codes, and send wrong numbers
    for _n in range(WRONG.times + 5):
        picture = Client().get(f"/c/{invented()}.{'A' * 16}", headers=ELSEWHERE | sent)
        form = Client().post("/till/", {"number": invented()}, headers=ELSEWHERE | sent)
        assert (picture.status_code, form.status_code) == (403, 403)
    # Then the shop that sits behind the same address works as before, for every way to ask
    number = card().number
    assert said(typed(number)) == "VALID UNTIL"
    own = {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Dest": "document"}
    assert said(Client().post("/till/", {"number": number}, headers=own)) == "VALID UNTIL"
    camera = {"Sec-Fetch-Site": "none", "Sec-Fetch-Dest": "document"}
    opened = Client().get(f"/c/{number}.{tag_of(number)}", headers=camera)
    assert said(opened) == "VALID UNTIL"


def test_a_form_on_another_page_shuts_no_shop_out() -> None:
    sent = ELSEWHERE | {"Sec-Fetch-Dest": "document", "Sec-Fetch-Mode": "navigate"}
    for _n in range(WRONG.times + 5):
        assert Client().post("/till/", {"number": "1234567890"}, headers=sent).status_code == 403
    assert said(typed(card().number)) == "VALID UNTIL"


# --- What is written down -------------------------------------------------------------------------------


def test_no_number_gets_into_the_log(caplog: pytest.LogCaptureFixture) -> None:
    number = card().number
    # Louder than in production, where Django's own line for a refusal is not written at all.
    with (
        caplog.at_level(logging.DEBUG),
        caplog.at_level(logging.DEBUG, logger="dcsn.request"),
        caplog.at_level(logging.DEBUG, logger="django.request"),
    ):
        scan(number)
        typed(number)
        for _n in range(WRONG.times + 1):
            scan(number, "A" * 16)
    formatter = SafeJsonFormatter()
    lines = [formatter.format(record) for record in caplog.records if "sql" not in record.__dict__]
    assert any(json.loads(line)["message"].startswith("Too Many Requests") for line in lines)
    assert any('"/c/<str:code>"' in line for line in lines)
    for line in lines:
        assert number not in line
        assert as_printed(number) not in line
        assert tag_of(number) not in line


def test_an_address_of_a_card_is_taken_out_of_any_line() -> None:
    number = card().number
    line = f"Internal Server Error: /c/{number}.{tag_of(number)}"
    assert redact(line) == "Internal Server Error: /c/[card]"
    assert redact("members/basic/123 and abc/1234567890") == "members/basic/123 and abc/1234567890"


def test_check_digits_are_really_wrong_in_these_tests(cast: Cast) -> None:
    assert not is_valid(wrong_check_digits(cast))
    assert is_valid("12345678" + check_digits("12345678"))
