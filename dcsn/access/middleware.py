"""Staff without a second factor reach only the pages on which they set one up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url

from dcsn.access import second_factor
from dcsn.access.decorators import SET_UP_PAGE


class SecondFactorMiddleware:
    """Sends them to the set-up page from everywhere else, the public pages too.

    The decorators ask as well; this is for the view that somebody writes without one.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponse],
        arguments: tuple[Any, ...],
        named: dict[str, Any],
    ) -> HttpResponse | None:
        if getattr(view, "set_up_page", False) or not second_factor.missing(request):
            return None
        return HttpResponseRedirect(resolve_url(SET_UP_PAGE))
