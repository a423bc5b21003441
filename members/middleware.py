"""Asks for a reason where a record may be opened by giving one."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from members.access import ReasonNeeded


class ReasonMiddleware:
    """Turns ``ReasonNeeded`` of any view into the page that asks, and brings the visitor back.

    A middleware, so that no view of this app or one above can forget it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, ReasonNeeded):
            return None
        address = reverse("members:person_open", args=[exception.person.pk])
        # What was sent with a form would not come back: then the record itself is next.
        back = {"next": request.get_full_path()} if request.method in ("GET", "HEAD") else {}
        return HttpResponseRedirect(f"{address}?{urlencode(back)}" if back else address)
