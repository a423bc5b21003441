"""Where organisations are told of referrals, and what services have room for."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from dcsn.access import Permission, requires
from dcsn.access.requests import SignedInRequest
from directory.models import Organisation
from referrals.access import services_for_capacity
from referrals.actions.receiving import DESK_FACTS, register_desk, set_capacity
from referrals.forms.receiving import CapacityForm, DeskForm, OrganisationForm
from referrals.models import Capacity, ReceivingDesk
from referrals.refusals import Refused

PER_PAGE = 50


@requires(Permission.RECEIVING_DESK_CHANGE)
@never_cache
@require_safe
def desks(request: SignedInRequest) -> HttpResponse:
    rows = ReceivingDesk.objects.select_related("organisation").order_by(
        "organisation__sort_key", "id"
    )
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "referrals/receiving/desks.html", {"page": page})


@requires(Permission.RECEIVING_DESK_CHANGE)
@never_cache
@require_safe
def desk_new(request: SignedInRequest) -> HttpResponse:
    """Choose an organisation that is not registered yet."""
    form = OrganisationForm(request.GET if "organisation" in request.GET else None)
    if form.is_bound and form.is_valid():
        return redirect("referrals:desk", form.cleaned_data["organisation"].id)
    return render(request, "referrals/receiving/desk_new.html", {"form": form})


@requires(Permission.RECEIVING_DESK_CHANGE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def desk(request: SignedInRequest, organisation_id: UUID) -> HttpResponse:
    """The registered contacts of one organisation."""
    organisation = get_object_or_404(Organisation, id=organisation_id)
    known = ReceivingDesk.objects.filter(organisation=organisation).first()
    initial = {name: getattr(known, name) for name in DESK_FACTS} if known else {"how": "email"}
    form = DeskForm(
        request.POST or None, initial={**initial, "version": known.version if known else 0}
    )
    if request.method == "POST" and form.is_valid():
        try:
            register_desk(
                organisation=organisation,
                by=request.user,
                facts={name: form.cleaned_data[name] for name in DESK_FACTS},
                why=form.cleaned_data["why"],
                version=form.cleaned_data["version"],
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("%(name)s is registered.") % {"name": organisation.name})
            return redirect("referrals:desks")
    return render(
        request,
        "referrals/receiving/desk.html",
        {
            "organisation": organisation,
            "desk": known,
            "form": form,
            "changes": known.changes.select_related("by")[:20] if known else [],
        },
    )


@requires(Permission.CAPACITY_CHANGE)
@never_cache
@require_safe
def capacities(request: SignedInRequest) -> HttpResponse:
    """The services of which one may say whether they have room; those said longest ago first."""
    words = request.GET.get("q", "").strip()[:100]
    rows = services_for_capacity(request.user).select_related("organisation", "capacity_now")
    if words:
        rows = rows.filter(name__icontains=words)
    page = Paginator(rows.order_by("sort_key", "id"), PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request, "referrals/receiving/capacities.html", {"page": page, "q": words, "query": ""}
    )


@requires(Permission.CAPACITY_CHANGE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def capacity(request: SignedInRequest, service_id: UUID) -> HttpResponse:
    """Say whether one service has room."""
    service = get_object_or_404(
        services_for_capacity(request.user).select_related("organisation"), id=service_id
    )
    known = Capacity.objects.filter(service=service).select_related("by").first()
    initial = (
        {"state": known.state, "wait_weeks": known.wait_weeks, "note": known.note} if known else {}
    )
    form = CapacityForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        set_capacity(
            service=service,
            state=form.cleaned_data["state"],
            wait_weeks=form.cleaned_data["wait_weeks"],
            note=form.cleaned_data["note"],
            by=request.user,
        )
        messages.success(request, _("It is written down."))
        return redirect("referrals:capacities")
    return render(
        request,
        "referrals/receiving/capacity.html",
        {"service": service, "known": known, "form": form},
    )
