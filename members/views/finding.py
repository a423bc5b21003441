"""Finding a person by what one knows of them."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from dcsn.access import Permission, can, requires
from dcsn.access.requests import SignedInRequest
from dcsn.audit import record
from dcsn.limits.rates import Rate, limited_for_user
from members.events import PEOPLE_SEARCHED
from members.finding import Found, find_people
from members.forms.finding import FindForm

# More than a busy desk asks, and too few to read a register by.
SEARCHES = Rate(60, timedelta(minutes=10))
KEPT_IN_SESSION = "people_search"
KEPT_FOR = timedelta(minutes=30)


@requires(Permission.PERSON_VIEW)
@limited_for_user("find a person", SEARCHES)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def people(request: SignedInRequest) -> HttpResponse:
    """Type what you know; see who it may be.

    What was typed is kept in the session for half an hour, so that it never stands in an address, in
    a log or in the browser's history, and "back" from a record comes back to the list.
    """
    if request.method == "POST":
        if "afresh" in request.POST:
            request.session.pop(KEPT_IN_SESSION, None)
            return redirect("members:people")
        form = FindForm(request.POST)
        if form.is_valid():
            request.session[KEPT_IN_SESSION] = {"typed": form.cleaned_data, "at": int(time.time())}
            return redirect("members:people")
        return _page(request, form, None)
    kept = typed_lately(request)
    form = FindForm(kept) if kept else FindForm()
    found = find_people(request.user, form.typed) if kept and form.is_valid() else None
    if found is not None:
        record(
            PEOPLE_SEARCHED,
            by=request.user,
            details={
                "people": [match.person.id for match in found.own],
                "masked": [match.person_id for match in found.elsewhere],
                "count": len(found.ids),
            },
        )
    return _page(request, form, found)


def typed_lately(request: SignedInRequest) -> dict[str, Any]:
    """What this member of staff typed within the last half hour; empty when nothing."""
    kept = request.session.get(KEPT_IN_SESSION)
    if not kept or time.time() - kept["at"] > KEPT_FOR.total_seconds():
        return {}
    typed: dict[str, Any] = kept["typed"]
    return typed


def _page(request: SignedInRequest, form: FindForm, found: Found | None) -> HttpResponse:
    return render(
        request,
        "members/desk/people.html",
        {
            "form": form,
            "found": found,
            "may_add": can(request.user, Permission.PERSON_ADD),
            "may_open": can(request.user, Permission.PERSON_OPEN_ELSEWHERE),
        },
    )
