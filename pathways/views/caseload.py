"""The coordinator's board: everybody they go with, what is next first; and their calendar."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from dcsn.access import Permission, public, requires, scope_of_permission
from dcsn.access.requests import SignedInRequest
from dcsn.audit import record
from pathways.actions.contacts import end_calendar, new_calendar
from pathways.calendar import address_of, calendar_of, user_of_token
from pathways.caseload import CaseloadFilter, rows_of
from pathways.events import PATHWAYS_LISTED
from pathways.models import CaseloadCalendar

PER_PAGE = 40


@requires(Permission.PATHWAY_VIEW)
@never_cache
@require_safe
def caseload(request: SignedInRequest) -> HttpResponse:
    today = timezone.localdate()
    chosen = CaseloadFilter(request.GET, user=request.user, today=today)
    scope = scope_of_permission(request.user, Permission.PATHWAY_VIEW)
    if not scope.organisations:
        # Nobody's but their own.
        del chosen.form.fields["who"]
    rows = chosen.rows.select_related("person", "kind", "stage", "coordinator")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    listed = rows_of(page.object_list, today)
    if listed:
        record(
            PATHWAYS_LISTED,
            by=request.user,
            details={
                "people": sorted(
                    str(one.pathway.person_id) for one in listed if one.pathway.person_id
                ),
                "pathways": sorted(str(one.pathway.pk) for one in listed),
            },
        )
    query = urlencode([(k, v) for k, v in request.GET.items() if k != "page" and v])
    return render(
        request,
        "pathways/caseload.html",
        {
            "page": page,
            "rows": listed,
            "filter": chosen.form,
            "is_narrowed": bool(query),
            "with_coordinators": bool(scope.organisations),
            "query": f"{query}&" if query else "",
        },
    )


@requires(Permission.PATHWAY_VIEW)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def my_calendar(request: SignedInRequest) -> HttpResponse:
    """The address of the calendar: shown to its owner alone, made anew, ended."""
    if request.method == "POST":
        if request.POST.get("do") == "end":
            end_calendar(user=request.user)
            messages.success(request, _("The address opens nothing any more."))
        else:
            seen = request.POST.get("instead_of", "")
            new_calendar(user=request.user, instead_of=seen[:10])
            messages.success(request, _("Your calendar has an address."))
        return redirect("pathways:my_calendar")
    found = CaseloadCalendar.objects.filter(user=request.user, live=True).first()
    return render(
        request,
        "pathways/calendar.html",
        {"calendar": found, "address": address_of(found) if found is not None else ""},
    )


@public
@never_cache
@require_safe
def calendar(request: HttpRequest, token: str) -> HttpResponse:
    """For a calendar program. 404 for an address that was altered, renewed or ended, alike; an altered one
    never reaches the database, and none can be guessed, so tries are not counted."""
    user = user_of_token(token)
    if user is None:
        raise Http404
    response = HttpResponse(calendar_of(user), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="pathways.ics"'
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "same-origin"
    return response
