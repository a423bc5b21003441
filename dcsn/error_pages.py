"""What people see when something goes wrong: plain words, the help line, never a trace.

None of these reads the database, the session or the user, so they work when the database is gone. If
even the template cannot be drawn, a few lines of plain HTML are sent.
"""

from __future__ import annotations

import logging
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.html import escape

from dcsn.network import network
from dcsn.pages.appearance import appearance_of

logger = logging.getLogger(__name__)


def _page(request: HttpRequest, status: HTTPStatus, template: str | None = None) -> HttpResponse:
    facts = network()
    try:
        text = render_to_string(
            template or f"{status.value}.html",
            {"network": facts, "appearance": appearance_of(request)},
        )
    except Exception:
        logger.exception("The error page %s could not be drawn", status.value)
        text = (
            '<!DOCTYPE html><html lang="en-GB"><meta charset="utf-8">'
            f"<title>{escape(facts.name)}</title><h1>Sorry, something went wrong</h1>"
            f"<p>Try again in a few minutes, or ring {escape(facts.helpline)}.</p></html>"
        )
    return HttpResponse(text, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, HTTPStatus.BAD_REQUEST)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, HTTPStatus.FORBIDDEN)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, HTTPStatus.NOT_FOUND)


def too_many_requests(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, HTTPStatus.TOO_MANY_REQUESTS)


def server_error(request: HttpRequest) -> HttpResponse:
    return _page(request, HTTPStatus.INTERNAL_SERVER_ERROR)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that lay open too long, or cookies turned off: say what to do, not what CSRF is."""
    return _page(request, HTTPStatus.FORBIDDEN, "403_csrf.html")
