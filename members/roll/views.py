"""The roll of members at the desk. Every look is written down with whom it showed."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from dcsn.access import Permission, can, requires, scope_of_permission
from dcsn.access.requests import SignedInRequest
from dcsn.audit import record
from dcsn.csv_export import csv_response
from dcsn.error_pages import too_many_requests
from dcsn.limits.rates import seconds_to_wait_for_user
from members.access import access_points
from members.actions.looking import AT_MOST
from members.models import Status
from members.roll.events import MEMBERS_EXPORTED, MEMBERS_LISTED
from members.roll.finding import memberships
from members.roll.forms import FilterForm, WordsForm

PER_PAGE = 50
KEPT_IN_SESSION = "members_search"
KEPT_FOR = timedelta(minutes=30)
# So many ids in one event: a file of twenty thousand is twenty of them.
IDS_IN_AN_EVENT = 1000
COLOURS = {
    Status.NEW: "green",
    Status.CURRENT: "green",
    Status.GRACE: "yellow",
    Status.PENDING: "yellow",
}


@requires(Permission.MEMBERSHIP_VIEW)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def listing(request: SignedInRequest) -> HttpResponse:
    """Members by name, fifty to a page. Nothing on it says who pays.

    What was typed is kept in the session for half an hour, so that no name stands in an address, in a
    log or in the browser's history.
    """
    if request.method == "POST":
        return _keep_words(request)
    form = _filters(request)
    words = _words(request)
    if words:
        wait = seconds_to_wait_for_user(request.user.pk, "look for people", AT_MOST)
        if wait:
            return too_many_requests(request, retry_after=wait)
    today = timezone.localdate()
    rows = memberships(request.user, form.wanted(words), today)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    listed: list[Any] = list(page.object_list)
    if listed:
        _note(request, MEMBERS_LISTED, listed)
    query = request.GET.copy()
    query.pop("page", None)
    return render(
        request,
        "members/roll/list.html",
        {
            "page": page,
            "rows": [
                (one, Status(one.status_then).label, COLOURS.get(one.status_then, "grey"))
                for one in listed
            ],
            "form": form,
            "words_form": WordsForm(initial={"q": words}),
            "words": words,
            "query": f"{query.urlencode()}&" if query else "",
            "may_export": can(request.user, Permission.MEMBERSHIP_EXPORT),
        },
    )


def _keep_words(request: SignedInRequest) -> HttpResponse:
    form = WordsForm(request.POST)
    words = form.cleaned_data["q"] if form.is_valid() else ""
    if words and "all" not in request.POST:
        request.session[KEPT_IN_SESSION] = {"words": words, "at": int(time.time())}
    else:
        request.session.pop(KEPT_IN_SESSION, None)
    # A new search is for anybody: what narrowed the list before would hide them.
    return redirect(reverse("members:members"))


def _words(request: SignedInRequest) -> str:
    kept = request.session.get(KEPT_IN_SESSION)
    if not kept or time.time() - kept["at"] > KEPT_FOR.total_seconds():
        return ""
    return str(kept["words"])


def _filters(request: SignedInRequest) -> FilterForm:
    officer = scope_of_permission(request.user, Permission.SAFETY_NET_DECIDE).network
    return FilterForm(request.GET, desks=access_points(), officer=officer)


@requires(Permission.MEMBERSHIP_EXPORT)
@never_cache
@require_safe
def export(request: SignedInRequest) -> HttpResponse:
    """The same list as a file: who, which membership, until when. No addresses, and not who pays."""
    form = _filters(request)
    rows: list[Any] = list(
        memberships(request.user, form.wanted(_words(request)), timezone.localdate())
    )
    with transaction.atomic():
        for first in range(0, len(rows), IDS_IN_AN_EVENT):
            _note(request, MEMBERS_EXPORTED, rows[first : first + IDS_IN_AN_EVENT])
    return csv_response(
        f"members-{timezone.localdate():%Y-%m-%d}.csv",
        [_("Reference"), _("Last name"), _("First name"), _("Membership"), _("State"), _("Joined"),
         _("Until"), _("Access point")],
        (
            [one.reference, one.person.family_name, one.person.given_name or one.person.known_as,
             one.plan.name, Status(one.status_then).label, one.joined_on, one.last_day,
             one.organisation.name]
            for one in rows
        ),
    )  # fmt: skip


def _note(request: SignedInRequest, event: Any, rows: Any) -> None:
    record(
        event,
        by=request.user,
        details={"memberships": [row.pk for row in rows], "count": len(rows)},
    )
