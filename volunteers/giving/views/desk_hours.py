"""At the desk: hours to confirm, several at once; those on which two do not agree; hours of one volunteer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q, Sum
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dcsn.access import Permission, requires
from dcsn.access.doors import Door, register_door
from dcsn.access.requests import SignedInRequest
from dcsn.audit import record
from volunteers.access import volunteer_or_404
from volunteers.actions.hours import confirm_hours, dispute_hours, settle_hours
from volunteers.giving.events import HOURS_LISTED
from volunteers.giving.forms import DisputeForm, LogForm, SettleForm
from volunteers.giving.own import JOINED, places_of, tasks_of, what_for
from volunteers.models import Hours, Reference, Side
from volunteers.refusals import Refused

PER_PAGE = 50
register_door(
    Door(
        Permission.HOURS_CONFIRM,
        gettext_lazy("Hours, expenses and thanks"),
        gettext_lazy("What volunteers gave and what it cost them; certificates and references."),
        "volunteers:hours_desk",
        order=21,
    )
)
LISTS: dict[str, str | Promise] = {
    "confirm": gettext_lazy("To confirm"),
    "disputed": gettext_lazy("The two do not agree"),
    "theirs": gettext_lazy("Waiting for the volunteer"),
    "counted": gettext_lazy("Confirmed"),
}
_CONDITIONS = {
    "confirm": Q(state=Hours.State.LOGGED, logged_side=Side.VOLUNTEER),
    "disputed": Q(state=Hours.State.DISPUTED),
    "theirs": Q(state=Hours.State.LOGGED, logged_side=Side.ORGANISATION),
    "counted": Q(state__in=[Hours.State.CONFIRMED, Hours.State.SETTLED]),
}


def record_listed(request: SignedInRequest, rows: Iterable[Any]) -> None:
    """A look at a list is a look at each volunteer on it."""
    seen = [row.volunteer for row in rows]
    if seen:
        record(
            HOURS_LISTED,
            by=request.user,
            details={
                "people": sorted({one.person_id for one in seen if one.person_id}, key=str),
                "volunteers": sorted({one.pk for one in seen}, key=str),
            },
        )


@requires(Permission.HOURS_CONFIRM)
@never_cache
@require_safe
def desk(request: SignedInRequest) -> HttpResponse:
    """One list at a time, the oldest first; how many stand on each."""
    show = request.GET.get("show", "confirm")
    if show not in LISTS:
        raise Http404
    # Of somebody forgotten the minutes are counted; there is nobody to ask.
    mine = Hours.objects.visible_to(request.user).filter(volunteer__anonymised_at=None)
    counts = mine.order_by().aggregate(
        **{f"n_{key}": Count("pk", filter=condition) for key, condition in _CONDITIONS.items()}
    )
    rows = (
        mine.filter(_CONDITIONS[show])
        .select_related(*JOINED, "volunteer__person", "logged_by")
        .order_by("-day" if show == "counted" else "day", "id")
    )
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    record_listed(request, page)
    return render(
        request,
        "volunteers/giving/desk_hours.html",
        {
            "here": "hours",
            "show": show,
            "title": LISTS[show],
            "lists": [(key, words, counts[f"n_{key}"]) for key, words in LISTS.items()],
            "page": page,
            "rows": [(row, what_for(row)) for row in page],
            "query": f"show={show}&",
        },
    )


@requires(Permission.HOURS_CONFIRM)
@require_POST
def confirm(request: SignedInRequest) -> HttpResponse:
    """Those that were ticked. What somebody else dealt with meanwhile stays as they left it."""
    chosen = request.POST.getlist("hours")[:PER_PAGE]
    try:
        keys = {UUID(one) for one in chosen}
    except ValueError:
        raise Http404 from None
    if not keys:
        messages.warning(request, _("Tick the hours that you confirm."))
        return redirect("volunteers:hours_desk")
    rows = list(Hours.objects.visible_to(request.user).filter(pk__in=keys).order_by("pk"))
    if len(rows) != len(keys):
        raise Http404
    done = 0
    for hours in rows:
        try:
            confirm_hours(hours=hours, by=request.user)
        except Refused as refusal:
            messages.warning(request, str(refusal))
        else:
            done += 1
    if done:
        messages.success(
            request,
            ngettext("%(number)d entry is confirmed.", "%(number)d entries are confirmed.", done)
            % {"number": done},
        )
    return redirect("volunteers:hours_desk")


@requires(Permission.HOURS_CONFIRM)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: SignedInRequest, hours_id: UUID) -> HttpResponse:
    """One entry: confirm, say what is not right, settle, or write down what the volunteer said."""
    hours = get_object_or_404(
        Hours.objects.visible_to(request.user).select_related(
            *JOINED, "volunteer__person", "logged_by", "confirmed_by", "settled_by"
        ),
        pk=hours_id,
    )
    record_listed(request, [hours])
    what = request.POST.get("do", "") if request.method == "POST" else ""
    settling = hours.state == Hours.State.DISPUTED
    form: SettleForm | DisputeForm = SettleForm() if settling else DisputeForm()
    if what in ("settle", "dispute"):
        form = (SettleForm if what == "settle" else DisputeForm)(request.POST)
    if what and (what in ("confirm", "told") or form.is_valid()):
        try:
            _do(request, hours, what, form)
        except Refused as refusal:
            if form.is_bound:
                form.add_error(None, str(refusal))
            else:
                messages.warning(request, str(refusal))
        else:
            hours.refresh_from_db()
            messages.success(
                request, _("It is now: %(state)s.") % {"state": hours.get_state_display()}
            )
            return redirect("volunteers:hours_one", hours.pk)
    return render(
        request,
        "volunteers/giving/desk_one.html",
        {
            "hours": hours,
            "what": what_for(hours),
            "form": form,
            "settling": settling,
            "to_confirm": hours.state == Hours.State.LOGGED and hours.logged_side == Side.VOLUNTEER,
            "theirs": hours.state == Hours.State.LOGGED and hours.logged_side == Side.ORGANISATION,
            "may_be_told": hours.logged_by_id != request.user.pk,
        },
        status=422 if form.errors else 200,
    )


def _do(request: SignedInRequest, hours: Hours, what: str, form: SettleForm | DisputeForm) -> None:
    if what in ("confirm", "told"):
        confirm_hours(hours=hours, by=request.user, on_the_phone=what == "told")
    elif isinstance(form, SettleForm):
        settle_hours(
            hours=hours,
            minutes=form.typed_minutes or 0,
            because=form.cleaned_data["because"],
            by=request.user,
        )
    else:
        dispute_hours(
            hours=hours,
            by=request.user,
            words=form.cleaned_data["words"],
            minutes=form.typed_minutes,
        )


@requires(Permission.HOURS_CONFIRM)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: SignedInRequest, volunteer_id: UUID) -> HttpResponse:
    """The organisation writes hours of a volunteer down; the volunteer confirms them."""
    row = volunteer_or_404(request.user, volunteer_id)
    places = {place.pk for place in places_of(row, request.user)}
    form = LogForm(request.POST or None, tasks=tasks_of(row, places))
    record_listed(request, [_Of(row)])
    if request.method == "POST" and form.is_valid():
        try:
            form.task_chosen.log(
                row,
                day=form.day_given,
                minutes=form.minutes_given,
                key=form.cleaned_data["key"],
                by=request.user,
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("It is written down. The volunteer confirms it."))
            return redirect("volunteers:given", row.pk)
    return render(
        request,
        "volunteers/giving/desk_add.html",
        {"row": row, "form": form},
        status=422 if form.errors else 200,
    )


class _Of:
    """A row that is about one volunteer."""

    def __init__(self, volunteer: Any) -> None:
        self.volunteer = volunteer


@requires(Permission.HOURS_CONFIRM)
@never_cache
@require_safe
def given(request: SignedInRequest, volunteer_id: UUID) -> HttpResponse:
    """What one volunteer gave to one's own organisation, and what they may have for it."""
    row = volunteer_or_404(request.user, volunteer_id)
    record_listed(request, [_Of(row)])
    mine = Hours.objects.visible_to(request.user).filter(volunteer=row)
    page = Paginator(mine.select_related(*JOINED).order_by("-day", "id"), PER_PAGE).get_page(
        request.GET.get("page")
    )
    return render(
        request,
        "volunteers/giving/given.html",
        {
            "row": row,
            "page": page,
            "rows": [(one_row, what_for(one_row)) for one_row in page],
            "references": Reference.objects.visible_to(request.user)
            .filter(volunteer=row)
            .order_by("-given_at"),
            "sizes": (14, 18, 24),
            "counted": mine.counted().aggregate(sum=Sum("minutes"))["sum"] or 0,
            "query": "",
        },
    )
