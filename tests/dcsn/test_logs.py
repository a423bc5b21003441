"""Log lines hold what a technician needs and nothing that a person typed."""

from __future__ import annotations

import json
import logging
import sys

import pytest
from django.db import IntegrityError
from django.http import HttpRequest
from django.test import Client
from django.urls import reverse

from dcsn.logs import SafeJsonFormatter, redact
from tests.slow_texts import SLOW_TEXTS, in_time


def record(message: str, *args: object, **extra: object) -> logging.LogRecord:
    made = logging.makeLogRecord(
        {"name": "dcsn.test", "levelno": logging.INFO, "levelname": "INFO"}
    )
    made.msg, made.args = message, args
    made.__dict__.update(extra)
    return made


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("letter to mary@example.org bounced", "letter to [e-mail] bounced"),
        ("rang 01632 960 123 twice", "rang [phone] twice"),
        ("rang +44 7700 900123", "rang [phone]"),
        ("near DL3 7AB found", "near [postcode] found"),
        ("Not Found: /services/?q=incontinence", "Not Found: /services/?[query]"),
        ("Forbidden (x): /list/BCDF-2346/take/", "Forbidden (x): /list/[code]/take/"),
        ("/report/answer/BCDF-2346/", "/report/answer/[code]/"),
    ],
)
def test_what_identifies_a_person_is_taken_out(said: str, left: str) -> None:
    assert redact(said) == left


@pytest.mark.parametrize("said", ["took 12 ms", "job 3f2a91bc done", "2026-11-22 09:00:00 started"])
def test_ordinary_words_stay(said: str) -> None:
    assert redact(said) == said


def test_a_line_is_one_json_object() -> None:
    line = json.loads(SafeJsonFormatter().format(record("sent %d of %d", 3, 4, status=200)))
    assert line["message"] == "sent 3 of 4"
    assert line["status"] == 200
    assert line["level"] == "info"
    assert line["time"].endswith("+00:00")


def test_a_line_has_an_end() -> None:
    line = json.loads(SafeJsonFormatter().format(record("Invalid host: %s", "a" * 8000)))
    assert line["message"].startswith("Invalid host: aaa")
    assert len(line["message"]) == 2000


def test_what_libraries_attach_is_left_out() -> None:
    request = HttpRequest()
    request.path = "/people/mary-smith/"
    text = SafeJsonFormatter().format(record("failed", request=request, email="mary@example.org"))
    assert "mary" not in text


def test_the_text_of_an_exception_is_left_out_and_its_frames_kept() -> None:
    try:
        raise IntegrityError("DETAIL: Key (name)=(Mary Smith) already exists.")
    except IntegrityError:
        text = SafeJsonFormatter().format(record("could not save", exc_info=sys.exc_info()))
    assert "Mary" not in text
    assert "IntegrityError" in text
    assert "test_logs.py" in text


def test_each_request_is_one_line_with_its_route_and_no_query(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, logger="dcsn.request"):
        response = client.get("/no-such-page/mary-smith/?q=mary@example.org")
    lines = [made for made in caplog.records if made.name == "dcsn.request"]
    assert len(lines) == 1
    text = SafeJsonFormatter().format(lines[0])
    assert "mary" not in text
    assert json.loads(text)["status"] == 404
    assert len(response["X-Request-Reference"]) == 8


@pytest.mark.parametrize(
    "address",
    [
        reverse("account_reset_password_from_key", args=["3", "abc-def"]),
        reverse("accounts:accept_invitation", args=["abc-def"]),
    ],
)
def test_nobody_can_sign_in_with_a_link_from_the_log(address: str) -> None:
    assert "abc-def" in address
    assert "abc-def" not in redact(f"Internal Server Error: {address}")


@pytest.mark.parametrize("text", SLOW_TEXTS, ids=lambda text: repr(text[:4]))
def test_a_long_header_that_is_logged_costs_nothing(text: str) -> None:
    with in_time():
        redact(text)
