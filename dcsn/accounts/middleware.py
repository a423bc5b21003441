"""When and where each of somebody's browsers was last used, for the page that lists them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

NOTED_EVERY = timedelta(minutes=5)


class SessionActivityMiddleware:
    """In place of allauth's, which writes at every page: here reading a page writes nothing, mostly."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.session.session_key and request.user.is_authenticated:
            last_seen = (
                UserSession.objects.filter(session_key=request.session.session_key)
                .values_list("last_seen_at", flat=True)
                .first()
            )
            if last_seen is None or last_seen < timezone.now() - NOTED_EVERY:
                UserSession.objects.create_from_request(request)
        return self.get_response(request)
