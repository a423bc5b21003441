"""A volunteer's hours: what they wrote down, what waits for their word. Signed in, or by their link."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from dcsn.access import public, signed_in
from dcsn.access.requests import SignedInRequest
from dcsn.limits.rates import limited
from volunteers.actions.hours import confirm_hours, dispute_hours
from volunteers.giving.forms import DisputeForm, LogForm
from volunteers.giving.own import JOINED, Own, tasks_of, what_for
from volunteers.giving.views.who import by_link, nothing_of_own, signed_in_own
from volunteers.models import Hours, Side
from volunteers.refusals import Refused

PER_PAGE = 25


def _hours(request: HttpRequest, own: Own) -> HttpResponse:
    """What waits for the volunteer first; then all, the latest first."""
    mine = Hours.objects.filter(volunteer=own.volunteer)
    counts = mine.aggregate(
        counted=Sum("minutes", filter=Q(state__in=["confirmed", "settled"])),
        waiting=Sum("minutes", filter=Q(state="logged")),
    )
    to_confirm = mine.waiting().filter(logged_side=Side.ORGANISATION).select_related(*JOINED)
    rows = mine.select_related(*JOINED).order_by("-day", "-logged_at", "id")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    thanks = list(
        own.volunteer.thanks.exclude(words="").select_related("organisation").order_by("-at")[:5]
    )
    return render(
        request,
        "volunteers/giving/own_hours.html",
        {
            "counted": counts["counted"] or 0,
            "waiting": counts["waiting"] or 0,
            "to_confirm": [(row, what_for(row), _one(own, row)) for row in to_confirm[:PER_PAGE]],
            "page": page,
            "rows": [(row, what_for(row), _one(own, row)) for row in page],
            "thanks": thanks,
            "add": own.address("hours_add"),
            "claims": own.address("claims"),
            "certificate": own.address("certificate"),
            "references": [
                (one, own.address("reference", one.pk))
                for one in own.volunteer.references.select_related("organisation")
            ],
            "sizes": (14, 18, 24),
            "query": "",
        },
    )


def _one(own: Own, row: Hours) -> str:
    return own.address("hours_one", row.pk)


def _add(request: HttpRequest, own: Own) -> HttpResponse:
    """Write hours down: for a visit, a shift or a role; all of it or a part."""
    form = LogForm(request.POST or None, tasks=tasks_of(own.volunteer))
    if request.method == "POST" and form.is_valid():
        try:
            hours = form.task_chosen.log(
                own.volunteer,
                day=form.day_given,
                minutes=form.minutes_given,
                key=form.cleaned_data["key"],
                by=own.by,
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            if hours.logged_side == Side.VOLUNTEER:
                messages.success(
                    request, _("It is written down. The organisation confirms it. Thank you.")
                )
            else:
                messages.info(request, _("The organisation was quicker: look whether it is right."))
            return redirect(own.address("hours"))
    return render(
        request,
        "volunteers/giving/own_add.html",
        {"form": form, "back": own.address("hours")},
    )


def _hours_one(request: HttpRequest, own: Own, hours_id: UUID) -> HttpResponse:
    """One entry; what the organisation wrote down is confirmed or disputed here."""
    hours = get_object_or_404(
        Hours.objects.filter(volunteer=own.volunteer).select_related(*JOINED), pk=hours_id
    )
    asked = hours.state == Hours.State.LOGGED and hours.logged_side == Side.ORGANISATION
    form = DisputeForm(request.POST or None) if "words" in request.POST else DisputeForm()
    if request.method == "POST":
        if "words" not in request.POST:
            return _confirm(request, own, hours)
        if form.is_valid():
            try:
                dispute_hours(
                    hours=hours,
                    by=own.by,
                    words=form.cleaned_data["words"],
                    minutes=form.typed_minutes,
                )
            except Refused as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, _("Thank you. A manager looks at it and settles it."))
                return redirect(own.address("hours"))
    return render(
        request,
        "volunteers/giving/own_hours_one.html",
        {
            "hours": hours,
            "what": what_for(hours),
            "asked": asked,
            "form": form,
            "back": own.address("hours"),
        },
    )


def _confirm(request: HttpRequest, own: Own, hours: Hours) -> HttpResponse:
    try:
        confirm_hours(hours=hours, by=own.by)
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("You said that it is right. Thank you."))
    return redirect(own.address("hours"))


# --- Signed in ----------------------------------------------------------------------------------------


@signed_in
@never_cache
@require_safe
def my_hours(request: SignedInRequest) -> HttpResponse:
    own = signed_in_own(request)
    return _hours(request, own) if own else nothing_of_own(request)


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def my_hours_add(request: SignedInRequest) -> HttpResponse:
    own = signed_in_own(request)
    return _add(request, own) if own else nothing_of_own(request)


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def my_hours_one(request: SignedInRequest, hours_id: UUID) -> HttpResponse:
    own = signed_in_own(request)
    return _hours_one(request, own, hours_id) if own else nothing_of_own(request, status=404)


# --- By the link --------------------------------------------------------------------------------------


@public
@never_cache
@require_safe
def link_hours(request: HttpRequest, token: str) -> HttpResponse:
    return by_link(request, token, _hours)


@public
@limited("hours by link")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def link_hours_add(request: HttpRequest, token: str) -> HttpResponse:
    return by_link(request, token, _add)


@public
@limited("hours by link")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def link_hours_one(request: HttpRequest, token: str, hours_id: UUID) -> HttpResponse:
    return by_link(request, token, _hours_one, hours_id)
