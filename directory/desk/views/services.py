"""Services: the list, the facts, the check, and new ones."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dcsn.access import Permission, can, get_permitted_or_404, requires, scope_of_permission
from dcsn.network import network
from directory.access import organisations_of
from directory.actions.organisations import add_service as add_service_action
from directory.actions.services import ChangedMeanwhileError
from directory.actions.services import change_service as change_service_action
from directory.actions.services import confirm_service as confirm_service_action
from directory.desk.forms.services import ConfirmForm, NewServiceForm, ServiceForm
from directory.models import Location, Service

PER_PAGE = 50


@requires(Permission.SERVICE_CHANGE)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The services an editor looks after, those that were never or longest ago checked first."""
    services = Service.objects.editable_by(request.user).for_desk()
    words = " ".join(request.GET.get("q", "")[:100].replace("\x00", "").split())
    if words:
        services = services.filter(name__icontains=words)
    page = Paginator(services, PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "directory/desk/home.html",
        {
            "page": page,
            "words": words,
            "may_change_topics": can(request.user, Permission.TAXONOMY_CHANGE),
            "may_add_organisations": can(request.user, Permission.ORGANISATION_ADD),
            "organisations": organisations_of(request.user, Permission.ORGANISATION_CHANGE)[:20],
        },
    )


@requires(Permission.SERVICE_CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
def change_service(request: HttpRequest, service_id: UUID) -> HttpResponse:
    """Change the facts of a service; what was typed comes back with any refusal."""
    service = get_permitted_or_404(
        request.user,
        Permission.SERVICE_CHANGE,
        Service.objects.select_related("organisation").prefetch_related("terms"),
        pk=service_id,
    )
    form = ServiceForm(request.POST or None, instance=service)
    # The form's instance takes the typed values on validation: the heading keeps the stored name.
    context = _context(service)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                change_service_action(
                    service=service,
                    values=form.values,
                    topics=list(form.cleaned_data["topics"]),
                    phone=form.cleaned_data["phone"],
                    seen=form.cleaned_data["seen"],
                    by=request.user,
                )
            except ChangedMeanwhileError as meanwhile:
                form = _with_current_facts(form, meanwhile.current)
                context["changed_meanwhile"] = True
                status = 409
            else:
                messages.success(request, _("Saved. The public page shows it now."))
                return redirect("directory_desk:service", service_id=service.pk)
        else:
            status = 422
    context |= {"form": form, "service": service, "confirm_form": ConfirmForm()}
    return render(request, "directory/desk/service.html", context, status=status)


def _context(service: Service) -> dict[str, Any]:
    """What stands round the form; read before the form writes what was typed into the service."""
    places = Location.objects.filter(service_at_locations__service=service)
    return {
        "service_name": service.name,
        "organisation": service.organisation,
        "places": list(places.order_by("name", "pk")),
        "is_public": Service.objects.publishable().filter(pk=service.pk).exists(),
    }


def _with_current_facts(form: ServiceForm, current: Service) -> ServiceForm:
    """The same form with what was typed, a note beside each field that somebody else changed, and
    the new state as the one seen: saving again then keeps this editor's words."""
    data = form.data.copy()  # type: ignore[attr-defined]
    data["seen"] = current.last_modified.isoformat()
    again = ServiceForm(data, instance=current)
    again.full_clean()
    stored = Service.objects.get(pk=current.pk)
    for name in again.values:
        if getattr(stored, name) != again.cleaned_data.get(name):
            shown = getattr(
                stored, f"get_{name}_display", lambda name=name: getattr(stored, name)
            )()
            again.add_error(
                name,
                _("Somebody else has just saved: %(value)s") % {"value": shown or _("nothing")},
            )
    return again


@requires(Permission.SERVICE_CONFIRM)
@require_POST
def confirm_service(request: HttpRequest, service_id: UUID) -> HttpResponse:
    """Say that the facts of a service are right as of today."""
    service = get_permitted_or_404(
        request.user,
        Permission.SERVICE_CONFIRM,
        Service.objects.select_related("organisation"),
        pk=service_id,
    )
    form = ConfirmForm(request.POST)
    if not form.is_valid():
        return render(
            request,
            "directory/desk/service.html",
            {
                **_context(service),
                "form": ServiceForm(instance=service),
                "service": service,
                "confirm_form": form,
            },
            status=422,
        )
    # Who checked is said as a body, never as a person: the provider itself, or the network.
    whole_directory = scope_of_permission(request.user, Permission.SERVICE_CONFIRM).network
    confirm_service_action(
        service=service,
        checked_by=network().name if whole_directory else service.organisation.name,
        by=request.user,
    )
    messages.success(request, _("Thank you. The page says that it was checked today."))
    return redirect("directory_desk:service", service_id=service.pk)


@requires(Permission.SERVICE_ADD)
@require_http_methods(["GET", "HEAD", "POST"])
def add_service(request: HttpRequest) -> HttpResponse:
    """Begin a new service: its organisation and name. It is not public until somebody says so."""
    organisations = organisations_of(request.user, Permission.SERVICE_ADD)
    form = NewServiceForm(request.POST or None, organisations=organisations)
    if request.method == "POST" and form.is_valid():
        service = add_service_action(by=request.user, **form.cleaned_data)
        messages.success(
            request, _("Added. Fill in what you know, then tick “shown to the public”.")
        )
        return redirect("directory_desk:service", service_id=service.pk)
    return render(
        request,
        "directory/desk/add_service.html",
        {"form": form},
        status=422 if form.errors else 200,
    )
