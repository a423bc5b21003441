"""Log lines as JSON, with what could identify a person left out.

A log is copied to more places, and kept by more people, than the database. So a line holds what a
technician needs (what failed, where in the code, for which kind of page, how long it took) and nothing
that a person typed: no query string, no body, no address of the visitor, no text of an exception
(PostgreSQL's quote the offending row), and e-mail addresses, phone numbers, postcodes and keys are
replaced wherever they turn up. Page addresses are written as their pattern, ``services/<slug>-<id>/``.
"""

from __future__ import annotations

import json
import logging
import re
import time
import traceback
import uuid
from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse

#: The request a line belongs to: shown on the error page, so that a caller can read it out.
request_reference: ContextVar[str] = ContextVar("request_reference", default="")

access_log = logging.getLogger("dcsn.request")

#: What may be added with ``extra=``; anything else that a library attaches is left out.
EXTRAS = ("method", "route", "status", "milliseconds", "job", "task", "count", "kind")

#: A stranger can send a header of 8,000 letters with each request; nobody reads them.
LONGEST_MESSAGE = 2_000

_REDACTIONS: tuple[tuple[re.Pattern[str], str], ...] = (
    # Bounded by what an address may be (RFC 5321), so that a header of 8,000 letters costs nothing.
    (re.compile(r"[\w.+'-]{1,64}@[\w-]{1,63}(\.[\w-]{1,63}){1,20}"), "[e-mail]"),
    (re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}\b", re.IGNORECASE), "[postcode]"),
    (re.compile(r"(?<![\w.:-])(?:\+44|0)(?:[\s()-]?\d){8,10}(?![\w-])"), "[phone]"),
    (re.compile(r"\?\S*"), "?[query]"),
    # Links that sign somebody in or confirm an address: whoever reads the log could follow them.
    (re.compile(r"((?:password/new|confirm-email|invitations?)/)[^\s/]+"), r"\1[key]"),
    # What somebody passed on, or wrote to us, by a code.
    (re.compile(r"(\b(?:list|answer|my/code)/)[^\s/]+"), r"\1[code]"),
    # What a shop scans: whoever has it can ask about the card.
    (re.compile(r"(?<![\w])(c/)\d[^\s/]{9,}"), r"\1[card]"),
    # By which an organisation answers a referral.
    (re.compile(r"(\breply/)[\w-]{40,}"), r"\1[key]"),
    # By which an offer is answered, a parent says yes, or a calendar fetches somebody's shifts.
    (
        re.compile(
            r"(\b(?:help-offer|volunteering/parent|volunteering/calendar|pathways/calendar)/)[^\s/]+"
        ),
        r"\1[key]",
    ),
)


def redact(text: str) -> str:
    """``text`` without e-mail addresses, phone numbers, postcodes, query strings and one-time keys."""
    for pattern, replacement in _REDACTIONS:
        text = pattern.sub(replacement, text)
    return text


class SafeJsonFormatter(logging.Formatter):
    """One JSON object a line: time, level, logger, message, the request's reference, allowed extras."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": redact(record.getMessage())[:LONGEST_MESSAGE],
        }
        if reference := request_reference.get():
            line["request"] = reference
        for name in EXTRAS:
            if (value := getattr(record, name, None)) is not None:
                line[name] = redact(value) if isinstance(value, str) else value
        if record.exc_info and record.exc_info[0] is not None:
            line["exception"] = record.exc_info[0].__qualname__
            line["trace"] = [
                f"{frame.filename}:{frame.lineno} {frame.name}"
                for frame in traceback.extract_tb(record.exc_info[2])
            ]
        return json.dumps(line, ensure_ascii=False, default=str)


def route_of(request: HttpRequest) -> str:
    """The pattern of the page's address: it says which page without saying which person or search."""
    match = getattr(request, "resolver_match", None)
    return f"/{match.route}" if match else "(none)"


class RequestLogMiddleware:
    """One line for each request, and a reference for it that the error page and every line carry."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = request_reference.set(uuid.uuid4().hex[:8])
        started = time.monotonic()
        try:
            response = self.get_response(request)
            access_log.info(
                "request",
                extra={
                    "method": request.method,
                    "route": route_of(request),
                    "status": response.status_code,
                    "milliseconds": round((time.monotonic() - started) * 1000),
                },
            )
            response["X-Request-Reference"] = request_reference.get()
            return response
        finally:
            request_reference.reset(token)
