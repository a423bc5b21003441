"""Roles at the desk of who offers them: write, open, fill, close."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dcsn.access import Permission, requires, scope_of_permission
from dcsn.access.requests import SignedInRequest
from directory.models import Organisation
from volunteers.access import opportunity_or_404
from volunteers.actions.opportunities import move_opportunity, save_opportunity
from volunteers.models import Opportunity
from volunteers.opportunities.desk_forms import RoleForm
from volunteers.opportunities.finding import with_facts
from volunteers.opportunities.words import card_of
from volunteers.refusals import Refused
from volunteers.states import OPPORTUNITY, OpportunityState, allowed

ROWS_ON_A_PAGE = 50
# What the buttons say, in the order of the table of states.
BUTTONS = {
    OpportunityState.OPEN: gettext_lazy("Open it to everybody"),
    OpportunityState.DRAFT: gettext_lazy("Take it off the website"),
    OpportunityState.FILLED: gettext_lazy("All places are taken"),
    OpportunityState.DONE: gettext_lazy("It is over"),
    OpportunityState.CANCELLED: gettext_lazy("Call it off"),
}


def organisations_of(user: Any, permission: Permission) -> list[Organisation]:
    """For which organisations ``user`` may do this."""
    scope = scope_of_permission(user, permission)
    rows = Organisation.objects.order_by("sort_key", "id")
    return list(rows if scope.network else rows.filter(pk__in=scope.organisations))


@requires(Permission.OPPORTUNITY_CHANGE)
@never_cache
@require_safe
def roles(request: SignedInRequest) -> HttpResponse:
    """Their organisation's roles: those that are over on a list of their own."""
    rows = Opportunity.objects.visible_to(request.user).select_related("organisation")
    over = request.GET.get("over") == "1"
    ended = (OpportunityState.DONE, OpportunityState.CANCELLED)
    rows = rows.filter(state__in=ended) if over else rows.exclude(state__in=ended)
    rows = rows.with_places_taken().order_by("sort_key", "id")
    page = Paginator(rows, ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "volunteers/desk/roles.html",
        {"page": page, "over": over, "query": "over=1&" if over else ""},
    )


@requires(Permission.OPPORTUNITY_CHANGE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: SignedInRequest) -> HttpResponse:
    """A new role is a draft: nobody sees it before it is opened."""
    organisations = organisations_of(request.user, Permission.OPPORTUNITY_CHANGE)
    if not organisations:
        raise Http404
    return _edit(request, Opportunity(), organisations)


@requires(Permission.OPPORTUNITY_CHANGE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: SignedInRequest, opportunity_id: UUID) -> HttpResponse:
    role = opportunity_or_404(request.user, opportunity_id)
    return _edit(request, role, [role.organisation])


def _edit(
    request: SignedInRequest, role: Opportunity, organisations: list[Organisation]
) -> HttpResponse:
    is_new = role._state.adding
    form = RoleForm(request.POST or None, instance=role, organisations=organisations)
    if request.method == "POST" and form.is_valid():
        try:
            saved = save_opportunity(
                opportunity=form.instance,
                interests=form.cleaned_data["interests"],
                times=form.times,
                version=form.cleaned_data["version"],
                by=request.user,
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The role is saved."))
            return redirect("volunteers:desk_role", saved.pk)
    return render(
        request,
        "volunteers/desk/role_form.html",
        {"form": form, "role": None if is_new else role},
        status=422 if form.errors else 200,
    )


@requires(Permission.OPPORTUNITY_CHANGE)
@never_cache
@require_safe
def role(request: SignedInRequest, opportunity_id: UUID) -> HttpResponse:
    """One role as everybody sees it, and what can be done with it."""
    found = opportunity_or_404(request.user, opportunity_id)
    row = with_facts(Opportunity.objects.filter(pk=found.pk).with_places_taken()).get()
    ways = allowed(OPPORTUNITY, row.state)
    return render(
        request,
        "volunteers/desk/role.html",
        {
            "role": row,
            "card": card_of(row),
            "buttons": [(str(to), BUTTONS[OpportunityState(to)]) for to in BUTTONS if to in ways],
            "waiting": row.applications.waiting().count(),
        },
    )


@requires(Permission.OPPORTUNITY_CHANGE)
@require_POST
def move(request: SignedInRequest, opportunity_id: UUID) -> HttpResponse:
    """Open, fill, close: a double click does it once, and two people at once are told."""
    row = opportunity_or_404(request.user, opportunity_id)
    version, to = request.POST.get("version", ""), request.POST.get("to", "")
    if to not in OpportunityState.values:
        raise Http404
    try:
        moved = move_opportunity(
            opportunity=row,
            to=to,
            by=request.user,
            version=int(version) if version.isascii() and version.isdigit() else None,
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request, _("This role is now: %(state)s.") % {"state": moved.get_state_display()}
        )
    return redirect("volunteers:desk_role", row.pk)
