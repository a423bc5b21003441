"""One's own account."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dcsn.access import organisations, signed_in
from dcsn.access.decision import current_assignments
from dcsn.access.doors import doors_for
from dcsn.accounts.actions import end_sessions
from dcsn.menu import own_pages


@signed_in
def home(request: HttpRequest) -> HttpResponse:
    """The first page after signing in: what this person can do here, and their roles."""
    assignments = current_assignments(request.user)
    names = organisations.names(a.organisation_id for a in assignments)
    return render(
        request,
        "accounts/home.html",
        {
            "doors": doors_for(request.user),
            "own_pages": own_pages(request),
            "roles": [(a.definition, names.get(a.organisation_id)) for a in assignments],
        },
    )


@signed_in
@require_POST
def end_session(request: HttpRequest) -> HttpResponse:
    """Sign out one other browser of one's own."""
    number = request.POST.get("session", "")
    if not number.isascii() or not number.isdigit() or len(number) > 18:
        raise Http404
    if end_sessions(user=request.user, by=request.user, only=int(number)):  # type: ignore[arg-type]
        messages.success(request, _("That device has been signed out."))
    return redirect("usersessions_list")
