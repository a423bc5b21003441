"""Public forms: a program is stopped, a full library is not."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory, override_settings

from dcsn.limits.models import Tally, count_one
from dcsn.limits.rates import Rate, limited, seconds_to_wait, visitor_address
from dcsn.limits.tasks import sweep

NOON = datetime(2026, 3, 3, 12, 0, 5, tzinfo=UTC)
LIBRARY = "192.0.2.7"
BROWSER = Rate(3, timedelta(minutes=10))
ADDRESS = Rate(8, timedelta(minutes=10))


def post(browser: str | None, address: str = LIBRARY, **extra: str) -> HttpRequest:
    request = RequestFactory().post("/report/", REMOTE_ADDR=address, **extra)
    if browser:
        request.META["CSRF_COOKIE"] = browser
    return request


@limited("report", per_browser=BROWSER, per_address=ADDRESS)
def report(request: HttpRequest) -> HttpResponse:
    return HttpResponse("thank you")


def send(browser: str | None, address: str = LIBRARY) -> int:
    return report(post(browser, address)).status_code


@pytest.mark.django_db
@time_machine.travel(NOON, tick=False)
def test_one_browser_is_stopped_and_its_neighbours_are_not() -> None:
    # Given a reader who sends a form again and again
    assert [send("a") for _ in range(4)] == [200, 200, 200, 429]
    # When other readers of the same library send it
    # Then they can
    assert [send(browser) for browser in ("b", "c", "d")] == [200, 200, 200]


@pytest.mark.django_db
@time_machine.travel(NOON, tick=False)
def test_a_program_that_changes_its_cookie_is_stopped_by_its_address() -> None:
    codes = [send(f"browser {n}") for n in range(10)]
    assert codes == [200] * 8 + [429] * 2
    # And somebody elsewhere is not touched by it
    assert send("browser 0", "198.51.100.1") == 200


@pytest.mark.django_db
@time_machine.travel(NOON, tick=False)
def test_one_stopped_browser_does_not_use_up_its_address() -> None:
    for _ in range(50):
        send("a")
    assert send("b") == 200


@pytest.mark.django_db
@override_settings(SHARED_ADDRESSES=["192.0.2.0/24", "2001:db8::/32"])
@time_machine.travel(NOON, tick=False)
def test_a_listed_library_has_ten_times_as_much() -> None:
    codes = [send(f"reader {n}") for n in range(81)]
    assert codes == [200] * 80 + [429]


@pytest.mark.django_db
@time_machine.travel(NOON, tick=False)
def test_requests_without_a_cookie_share_one_low_count() -> None:
    assert [send(None) for _ in range(4)] == [200, 200, 200, 429]


@pytest.mark.django_db
def test_the_page_says_when_again_and_then_it_works() -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        for _ in range(3):
            send("a")
        refused = report(post("a"))
        assert refused.status_code == 429
        wait = int(refused["Retry-After"])
        assert 0 < wait <= 600
        clock.shift(wait)
        assert send("a") == 200


@pytest.mark.django_db
@time_machine.travel(NOON, tick=False)
def test_looking_does_not_count_and_forms_count_apart() -> None:
    for _ in range(20):
        assert report(RequestFactory().get("/report/")).status_code == 200
    assert Tally.objects.count() == 0
    for _ in range(4):
        send("a")
    assert seconds_to_wait(post("a"), "print request") == 0


@pytest.mark.django_db
@time_machine.travel(NOON, tick=False)
def test_an_ipv6_subscriber_is_one_address() -> None:
    codes = [send(f"browser {n}", f"2001:db8:1:2::{n + 1:x}") for n in range(9)]
    assert codes == [200] * 8 + [429]
    assert send("x", "2001:db8:1:3::1") == 200


@pytest.mark.django_db
@time_machine.travel(NOON, tick=False)
def test_neither_address_nor_cookie_is_stored() -> None:
    send("cookie-of-mary")
    with connection.cursor() as cursor:
        cursor.execute("SELECT tally::text FROM limits_tally AS tally")
        stored = " ".join(row[0] for row in cursor.fetchall())
    assert stored
    assert "mary" not in stored
    assert LIBRARY not in stored


@pytest.mark.django_db(transaction=True)
def test_no_count_is_lost_between_processes() -> None:
    """Eight connections at once: a read followed by a write would lose some."""
    began = datetime(2026, 3, 3, 12, 0, tzinfo=UTC)

    def hammer(_: int) -> list[int]:
        try:
            return [count_one("key", began) for _ in range(50)]
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        counts = [count for counted in pool.map(hammer, range(8)) for count in counted]
    assert sorted(counts) == list(range(1, 401))
    assert Tally.objects.get().count == 400


@pytest.mark.django_db
def test_the_sweep_forgets_yesterday_and_keeps_today() -> None:
    now = datetime.now(UTC)
    count_one("old", now - timedelta(days=2))
    count_one("new", now)
    sweep()
    assert list(Tally.objects.values_list("key", flat=True)) == ["new"]


@pytest.mark.parametrize(
    ("proxies", "forwarded", "seen"),
    [
        (
            0,
            "203.0.113.9",
            "10.0.0.1",
        ),  # nobody in front: the header is the visitor's own invention
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "6.6.6.6, 203.0.113.9", "203.0.113.9"),
        (2, "6.6.6.6, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
        (2, "203.0.113.9", "10.0.0.1"),  # fewer than expected: it did not come through the proxies
        (1, "", "10.0.0.1"),
    ],
)
def test_only_trusted_proxies_are_believed(proxies: int, forwarded: str, seen: str) -> None:
    headers = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}
    with override_settings(TRUSTED_PROXIES=proxies):
        assert visitor_address(post("a", "10.0.0.1", **headers)) == seen
