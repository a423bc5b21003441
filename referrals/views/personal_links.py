"""Finding a personal link by its code. Whatever is wrong with one, the page is the same plain page."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from dcsn.error_pages import too_many_requests
from dcsn.limits.rates import seconds_to_wait
from referrals.models import PersonalLink


def usable_link(kind: str, code: str) -> PersonalLink | None:
    """The link, if it opens anything now."""
    return (
        PersonalLink.objects.with_code(code)
        .usable(timezone.now())
        .filter(kind=kind)
        .select_related("person", "person__organisation", "follow_up")
        .first()
    )


def link_over(request: HttpRequest) -> HttpResponse:
    """Altered, run out, used, taken back or never ours: nobody learns which. Wrong ones are counted."""
    wait = seconds_to_wait(request, "personal link")
    if wait:
        return too_many_requests(request, retry_after=wait)
    return private(render(request, "referrals/asking/link_over.html", status=404))


def private(response: HttpResponse) -> HttpResponse:
    """Not to be found by a search engine, kept by a cache, or passed on as the page one came from.

    Not "no-referrer": browsers then send no origin with the form either, and it would be refused.
    """
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "same-origin"
    response["Cache-Control"] = "no-store, private"
    return response


def private_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For a page whose address is a key."""

    @wraps(view)
    def wrapper(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponse:
        return private(view(request, *arguments, **named))

    return wrapper
