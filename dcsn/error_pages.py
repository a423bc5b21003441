"""What people see when something goes wrong: plain words, the help line, never a trace.

None of these reads the database, the session or the user, so they work when the database is gone. If
even the template cannot be drawn, a few lines of plain HTML are sent. Each carries the reference that
the log lines of the same request carry, so that a caller can read it out on the phone.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from http import HTTPStatus

from django.core.exceptions import TooManyFieldsSent
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from kombu.exceptions import OperationalError as BrokerError
from redis.exceptions import RedisError

from dcsn.logs import request_reference
from dcsn.network import network
from dcsn.pages.appearance import appearance_of
from dcsn.unsent import after_csrf_failure

logger = logging.getLogger(__name__)

#: Longer than any address our own pages make, shorter than what a proxy would refuse without a page.
LONGEST_QUERY = 8_000
#: What a browser or a search engine is asked to wait when a server is away.
OUTAGE_SECONDS = 120


def _page(
    request: HttpRequest,
    status: HTTPStatus,
    template: str | None = None,
    *,
    retry_after: int | None = None,
) -> HttpResponse:
    """The page for this status; never raises."""
    try:
        text = render_to_string(
            template or f"{status.value}.html",
            {
                "network": network(),
                "appearance": appearance_of(request),
                "reference": request_reference.get(),
            },
        )
    except Exception:
        logger.exception("The error page %s could not be drawn", status.value)
        text = _plain()
    response = HttpResponse(text, status=status)
    response["Cache-Control"] = "no-store"
    if retry_after is not None:
        response["Retry-After"] = str(retry_after)
    return response


def _plain() -> SafeString:
    """What is left when the template, the style sheet or the words' own files are what is broken."""
    facts = network()
    return format_html(
        '<!DOCTYPE html><html lang="en-GB"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        "<title>{}</title><h1>Sorry, something went wrong</h1>"
        "<p>Try again in a few minutes{}.</p></html>",
        facts.name,
        f", or ring {facts.helpline}" if facts.helpline else "",
    )


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, HTTPStatus.BAD_REQUEST)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, HTTPStatus.FORBIDDEN)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, HTTPStatus.NOT_FOUND)


def address_too_long(request: HttpRequest) -> HttpResponse:
    return _page(request, HTTPStatus.REQUEST_URI_TOO_LONG)


def too_many_requests(
    request: HttpRequest, exception: Exception | None = None, *, retry_after: int = 300
) -> HttpResponse:
    return _page(request, HTTPStatus.TOO_MANY_REQUESTS, retry_after=retry_after)


def server_error(request: HttpRequest) -> HttpResponse:
    """500 for a mistake of ours; 503 when a server that we need is away, which passes by itself."""
    if _is_outage(sys.exc_info()[1]):
        return _page(request, HTTPStatus.SERVICE_UNAVAILABLE, retry_after=OUTAGE_SECONDS)
    return _page(request, HTTPStatus.INTERNAL_SERVER_ERROR)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that lay open too long, or cookies turned off: say what to do, not what CSRF is."""
    try:
        kept = after_csrf_failure(request)
    except Exception:
        logger.exception("What was typed could not be given back")
        kept = None
    return kept or _page(request, HTTPStatus.FORBIDDEN, "403_csrf.html")


def _is_outage(error: BaseException | None) -> bool:
    """Did it come from the database or the broker being away? Follows what the error was raised from."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        if isinstance(error, OperationalError | InterfaceError | RedisError | BrokerError):
            return True
        seen.add(id(error))
        error = error.__cause__ or error.__context__
    return False


class UnreadableRequestMiddleware:
    """Answers, before any view or query, what no page of ours can use.

    PostgreSQL cannot hold a null byte, and an address of megabytes is nobody's search. What is sent in a
    form's body is refused by the form's own fields (null byte) and by Django (size).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        query = request.META.get("QUERY_STRING", "")
        if len(query) > LONGEST_QUERY:
            return address_too_long(request)
        if "%00" in query or "\x00" in query or "\x00" in request.path:
            return bad_request(request)
        try:
            request.GET  # noqa: B018  (read here, so that too many fields are a page and not a trace)
        except TooManyFieldsSent:
            return address_too_long(request)
        return self.get_response(request)
