"""What visitors see when a server dies, and when somebody sends what no browser would.

Everything here is real and runs in production settings: gunicorn, PostgreSQL, Redis, signals. A worker
that is killed during a long print is tested in tests/jobs/test_worker.py.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.faults.portal import Answer, Portal, wait_until

# One worker process of pytest-xdist runs them all: they share one portal.
pytestmark = pytest.mark.xdist_group("faults")

PAGES = ["/", "/services/?q=toenails", "/topics/", "/sign-in/", "/no-such-page/"]


def assert_is_a_plain_page(answer: Answer, status: int) -> None:
    assert answer.status == status, answer.text[:500]
    assert "<h1" in answer.text
    assert "01632 960 100" in answer.text
    for leak in ("Traceback", "psycopg", "OperationalError", "redis", "/run/", "dcsn-faults"):
        assert leak not in answer.text
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


@contextmanager
def without_database(portal: Portal) -> Iterator[None]:
    portal.postgres.run("pg_ctl", f"--pgdata={portal.postgres.data}", "--mode=immediate", "stop")
    try:
        yield
    finally:
        portal.postgres.start()
        wait_until(lambda: portal.get("/readyz").status == 200, saying="not ready again")


@contextmanager
def without_broker(portal: Portal) -> Iterator[None]:
    portal.redis.stop()
    try:
        yield
    finally:
        portal.redis.start()
        wait_until(lambda: portal.get("/readyz").status == 200, saying="not ready again")


def test_all_is_well_to_begin_with(portal: Portal) -> None:
    assert portal.get("/readyz").status == 200
    assert portal.get("/").status == 200


def test_without_the_database_pages_say_so_and_come_back_by_themselves(portal: Portal) -> None:
    assert portal.get("/services/?q=toenails").status == 200
    with without_database(portal):
        answer = portal.get("/services/?q=toenails")
        assert_is_a_plain_page(answer, 503)
        assert answer.headers["Retry-After"] == "120"
        # What needs no database goes on
        assert portal.get("/healthz").status == 200
        assert_is_a_plain_page(portal.get("/no-such-page/"), 404)
        ready = portal.get("/readyz")
        assert ready.status == 503
        assert json.loads(ready.body) == {
            "database": "failed",
            "migrations": "failed",
            "broker": "ok",
        }
    # Then, without a restart of the web process
    assert portal.get("/services/?q=toenails").status == 200


def test_the_error_page_still_has_its_style_sheet_without_the_database(portal: Portal) -> None:
    with without_database(portal):
        page = portal.get("/services/?q=x").text
        address = page.split('rel="stylesheet" href="')[1].split('"')[0]
        assert portal.get(address).status == 200


def test_without_the_broker_everything_but_readiness_goes_on(portal: Portal) -> None:
    with without_broker(portal):
        for address in PAGES:
            assert portal.get(address).status in (200, 302, 404), address
        ready = portal.get("/readyz")
        assert ready.status == 503
        assert json.loads(ready.body)["broker"] == "failed"


def sign_in(portal: Portal) -> Answer:
    page = portal.get("/sign-in/")
    cookie = page.headers["Set-Cookie"].split(";")[0]
    token = page.text.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    body = f"csrfmiddlewaretoken={token}&login=nobody%40example.org&password=wrong-password-1"
    return portal.ask(
        "POST",
        "/sign-in/",
        body=body.encode(),
        headers={
            "Cookie": cookie,
            "Referer": "https://portal.example/sign-in/",
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Forwarded-For": "192.0.2.55",
        },
    )


def test_without_the_broker_wrong_passwords_are_still_counted(portal: Portal) -> None:
    with without_broker(portal):
        answers = [sign_in(portal) for _ in range(7)]
    assert {answer.status for answer in answers} <= {200, 429}
    assert answers[0].status == 200
    assert "tried many times" in answers[-1].text, answers[-1].text[1500:4500]
    assert "tried many times" not in answers[0].text


def test_a_web_worker_that_is_killed_is_replaced(portal: Portal) -> None:
    before = portal.worker_ids()
    portal.kill_worker()
    wait_until(lambda: portal.get("/").status == 200, saying="no new worker")
    assert set(portal.worker_ids()).isdisjoint(before)


def test_ten_megabytes_of_query_are_refused_and_the_next_visitor_is_served(portal: Portal) -> None:
    answer = portal.send_raw(
        b"GET /services/?q=" + b"a" * 10_000_000 + b" HTTP/1.1\r\nHost: portal.example\r\n\r\n"
    )
    assert b"Traceback" not in answer
    assert b"200 OK" not in answer
    assert portal.get("/").status == 200


def test_a_query_too_long_for_us_but_not_for_the_server_has_a_page(portal: Portal) -> None:
    assert_is_a_plain_page(portal.get("/services/?q=" + "a" * 8_050), 414)


@pytest.mark.parametrize("address", ["/services/?q=%00", "/services/?q=a%00b", "/topics/a%00b/"])
def test_a_null_byte_is_a_plain_page(portal: Portal, address: str) -> None:
    assert_is_a_plain_page(portal.get(address), 400)


def test_a_null_byte_in_a_form_is_a_plain_page(portal: Portal) -> None:
    page = portal.get("/sign-in/")
    cookie = page.headers["Set-Cookie"].split(";")[0]
    token = page.text.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    answer = portal.ask(
        "POST",
        "/sign-in/",
        body=f"csrfmiddlewaretoken={token}&login=a%00%40example.org&password=%00".encode(),
        headers={
            "Cookie": cookie,
            "Referer": "https://portal.example/sign-in/",
            "Content-Type": "application/x-www-form-urlencoded",
        },
    )
    assert answer.status in (200, 400, 429)
    assert "Traceback" not in answer.text


def test_a_form_of_ten_megabytes_is_refused_and_the_next_visitor_is_served(portal: Portal) -> None:
    body = b"login=" + b"a" * 10_000_000
    answer = portal.send_raw(
        b"POST /sign-in/ HTTP/1.1\r\nHost: portal.example\r\nX-Forwarded-Proto: https\r\n"
        b"Content-Type: application/x-www-form-urlencoded\r\nConnection: close\r\n"
        b"Content-Length: " + str(len(body)).encode() + b"\r\n\r\n" + body
    )
    assert b"Traceback" not in answer
    assert not answer.startswith(b"HTTP/1.1 200")
    assert portal.get("/").status == 200


def test_an_unknown_host_is_a_plain_page_and_the_process_still_healthy(portal: Portal) -> None:
    assert_is_a_plain_page(portal.get("/", Host="evil.example"), 400)
    assert portal.get("/healthz", Host="10.0.0.7").status == 200


def test_headers_that_protect_the_visitor(portal: Portal) -> None:
    headers = portal.get("/").headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in policy
    assert "unsafe-eval" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["X-Frame-Options"] == "DENY"
    assert "max-age=31536000" in headers["Strict-Transport-Security"]
    assert "camera=()" in headers["Permissions-Policy"]
    assert "gunicorn" not in headers.get("Server", "") or "/" not in headers["Server"]


def test_without_tls_the_visitor_is_sent_to_tls(portal: Portal) -> None:
    answer = portal.get("/services/?q=x", X_Forwarded_Proto="http")
    assert answer.status == 301
    assert answer.headers["Location"] == "https://portal.example/services/?q=x"


def test_every_log_line_is_json_and_none_holds_what_was_asked(portal: Portal) -> None:
    portal.get("/services/?q=mary%40example.org+DL3+7AB")
    portal.get("/no-such-page/mary-smith/")
    lines = portal.log.read_text().splitlines()
    entries = [json.loads(line) for line in lines]
    assert any(entry.get("route") == "/services/" for entry in entries)
    text = "\n".join(lines)
    for hidden in ("mary", "DL3", "toenails", "portal.example/", "192.0.2.55"):
        assert hidden not in text
