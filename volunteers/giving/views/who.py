"""Whose page it is: the signed-in volunteer's, or that of whoever opened their own link."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from dcsn.access.requests import SignedInRequest
from dcsn.error_pages import too_many_requests
from dcsn.limits.rates import seconds_to_wait
from volunteers.access import own_volunteer
from volunteers.actions.hours import BY_LINK
from volunteers.giving.links import volunteer_of_token
from volunteers.giving.own import Own


def signed_in_own(request: SignedInRequest) -> Own | None:
    volunteer = own_volunteer(request.user)
    return Own(volunteer, request.user) if volunteer is not None else None


def nothing_of_own(request: HttpRequest, status: int = 200) -> HttpResponse:
    """Signed in, and no volunteer: where the roles are."""
    return render(request, "volunteers/giving/no_volunteer.html", status=status)


def by_link(
    request: HttpRequest, token: str, page: Callable[..., HttpResponse], *arguments: Any
) -> HttpResponse:
    """The page for whose link it is; an address that is a key is for no search engine and no cache."""
    volunteer = volunteer_of_token(token)
    if volunteer is None:
        wait = seconds_to_wait(request, "hours link")
        if wait:
            return too_many_requests(request, retry_after=wait)
        response = render(request, "volunteers/helping/link_over.html", status=404)
    else:
        response = page(request, Own(volunteer, BY_LINK, token), *arguments)
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "same-origin"
    response["Cache-Control"] = "no-store, private"
    return response
