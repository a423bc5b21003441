"""From joining to paying and back: by card online, or by asking for the safety net."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from members.models import Membership


def begin(request: HttpRequest, membership: Membership) -> HttpResponse:
    return redirect("members:join_done")


def ask_for_the_safety_net(request: HttpRequest, membership: Membership) -> HttpResponse:
    return redirect("members:join_done")
