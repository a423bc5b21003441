"""A form that arrives after the sign-in has ended: what was typed comes back instead of being lost.

``requires`` would send its sender to the sign-in page, and after signing in the form's token is no longer
good; either way an hour's notes would be gone. A view that wears ``keep_unsent`` outside ``requires``
answers both with a plain page that holds every field that was sent, in a form that can be sent again. The
page is the only place where the words are: nothing is stored, here or in the browser.

    @keep_unsent(labels={"words": _("In their words")})
    @requires(Permission.ENQUIRY_TAKE)
    def enquiry(request, enquiry_id): …

A script that saves while somebody types says ``Accept: application/json`` and is told in JSON.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from http import HTTPStatus
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import resolve_url
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve
from django.utils.functional import Promise

from dcsn.network import network
from dcsn.pages.appearance import appearance_of

ViewT = TypeVar("ViewT", bound=Callable[..., Any])
# What is not an answer to anything.
_NOT_TYPED = frozenset({"csrfmiddlewaretoken"})


def keep_unsent(*, labels: Mapping[str, str | Promise]) -> Callable[[ViewT], ViewT]:
    """``labels``: the fields whose words are shown on the page, so that their writer sees them."""

    def decorate(view: ViewT) -> ViewT:
        @wraps(view)
        def wrapper(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponseBase:
            if _holds_words(request) and not request.user.is_authenticated:
                return _page(request, labels, signed_out=True)
            return view(request, *arguments, **named)

        wrapper.unsent_labels = labels  # type: ignore[attr-defined]
        return cast(ViewT, wrapper)

    return decorate


def _holds_words(request: HttpRequest) -> bool:
    """An empty form has nothing to give back: its sender goes to the sign-in page like everybody."""
    return request.method == "POST" and bool(set(request.POST) - _NOT_TYPED)


def after_csrf_failure(request: HttpRequest) -> HttpResponse | None:
    """The same page for a form whose token is out of date; None for any other form.

    Only for what a page of ours sent: another site must not get its own words into a form that somebody
    here then sends with a good token.
    """
    if not _from_here(request):
        return None
    try:
        labels = getattr(resolve(request.path).func, "unsent_labels", None)
    except Resolver404:
        return None
    if labels is None:
        return None
    user = getattr(request, "user", None)
    return _page(request, labels, signed_out=user is None or not user.is_authenticated)


def _from_here(request: HttpRequest) -> bool:
    origin = request.headers.get("Origin") or request.headers.get("Referer", "")
    return bool(origin) and urlsplit(origin).netloc == request.get_host()


def _page(
    request: HttpRequest, labels: Mapping[str, str | Promise], *, signed_out: bool
) -> HttpResponse:
    sign_in = resolve_url(settings.LOGIN_URL)
    response: HttpResponse
    if "application/json" in request.headers.get("Accept", ""):
        # A script keeps the words in its page: it needs a new token and, signed out, the way in.
        response = JsonResponse(
            {"signed_out": signed_out, "sign_in": sign_in, "token": get_token(request)},
            status=HTTPStatus.FORBIDDEN,
        )
    else:
        typed = [
            (name, value, labels.get(name, ""))
            for name, values in request.POST.lists()
            if name not in _NOT_TYPED
            for value in values
        ]
        text = render_to_string(
            "unsent.html",
            {
                "network": network(),
                "appearance": appearance_of(request),
                "shown": [one for one in typed if one[2] and one[1].strip()],
                "hidden": [one for one in typed if not (one[2] and one[1].strip())],
                "signed_out": signed_out,
                "sign_in": sign_in,
                "address": request.get_full_path(),
            },
            request,
        )
        response = HttpResponse(text, status=HTTPStatus.FORBIDDEN)
    response["Cache-Control"] = "no-store"
    return response
