"""Finding a person by what one knows of them."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from dcsn.access import Permission, can, requires
from dcsn.access.requests import SignedInRequest
from dcsn.error_pages import too_many_requests
from members.access import person_or_404
from members.actions.looking import look_for_people
from members.finding import Found
from members.forms.finding import FindForm
from members.models import Person
from members.refusals import LookedTooOften

KEPT_IN_SESSION = "people_search"
KEPT_FOR = timedelta(minutes=30)


@requires(Permission.PERSON_VIEW)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def people(request: SignedInRequest) -> HttpResponse:
    """Type what you know; see who it may be.

    What was typed is kept in the session for half an hour, so that it never stands in an address, in
    a log or in the browser's history, and "back" from a record comes back to the list.
    ``?same_as=…`` looks for another record of somebody, to compare the two.
    """
    same_as = _same_as(request)
    here = reverse("members:people")
    address = f"{here}?same_as={same_as.pk}" if same_as else here
    if request.method == "POST":
        if "afresh" in request.POST:
            request.session.pop(KEPT_IN_SESSION, None)
            return redirect(address)
        form = FindForm(request.POST)
        if form.is_valid():
            request.session[KEPT_IN_SESSION] = {"typed": form.cleaned_data, "at": int(time.time())}
            return redirect(address)
        return _page(request, form, None, same_as, status=422)
    kept = typed_lately(request)
    form = FindForm(kept) if kept else FindForm()
    if not (kept and form.is_valid()):
        return _page(request, form, None, same_as)
    try:
        found = look_for_people(
            typed=form.typed, by=request.user, without=[same_as.pk] if same_as else []
        )
    except LookedTooOften as refusal:
        return too_many_requests(request, retry_after=refusal.seconds)
    return _page(request, form, found, same_as)


def _same_as(request: SignedInRequest) -> Person | None:
    """Whose other record is looked for; only by who may put two together."""
    try:
        identifier = UUID(request.GET.get("same_as", ""))
    except ValueError:
        return None
    return person_or_404(request.user, Permission.PERSON_MERGE, identifier)


def typed_lately(request: SignedInRequest) -> dict[str, Any]:
    """What this member of staff typed within the last half hour; empty when nothing."""
    kept = request.session.get(KEPT_IN_SESSION)
    if not kept or time.time() - kept["at"] > KEPT_FOR.total_seconds():
        return {}
    typed: dict[str, Any] = kept["typed"]
    return typed


def _page(
    request: SignedInRequest,
    form: FindForm,
    found: Found | None,
    same_as: Person | None,
    *,
    status: int = 200,
) -> HttpResponse:
    given, family = found.typed.given_and_family if found else ("", "")
    return render(
        request,
        "members/desk/people.html",
        {
            "form": form,
            "found": found,
            "same_as": same_as,
            "may_add": found is not None
            and same_as is None
            and can(request.user, Permission.PERSON_ADD),
            "begin": {
                "given_name": form["given_name"].value() or given,
                "family_name": form["family_name"].value() or family,
                "born": found.typed.born,
                "postcode": found.typed.postcode,
            }
            if found
            else None,
        },
        status=status,
    )
