"""Where a service is given."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from dcsn.access import Permission, get_permitted_or_404, requires
from directory.access import may_change_place
from directory.actions.places import remove_place as remove_place_action
from directory.actions.places import save_place
from directory.desk.forms.places import PlaceForm
from directory.models import Address, Location, Service


@requires(Permission.SERVICE_CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
def place(request: HttpRequest, service_id: UUID, location_id: UUID | None = None) -> HttpResponse:
    """Add a place to a service, or change one."""
    service = get_permitted_or_404(
        request.user, Permission.SERVICE_CHANGE, Service.objects.all(), pk=service_id
    )
    location = _place_of(service, location_id) if location_id else None
    if location is not None and not may_change_place(request.user, location):
        raise PermissionDenied
    form = PlaceForm(request.POST or None, initial=_initial(location))
    if request.method == "POST" and form.is_valid():
        save_place(service=service, location_id=location_id, draft=form.draft, by=request.user)
        messages.success(request, _("Saved. The public page shows it now."))
        return redirect("directory_desk:service", service_id=service.pk)
    return render(
        request,
        "directory/desk/place.html",
        {"form": form, "service": service, "location": location},
        status=422 if form.errors else 200,
    )


@requires(Permission.SERVICE_CHANGE)
@require_POST
def remove_place(request: HttpRequest, service_id: UUID, location_id: UUID) -> HttpResponse:
    service = get_permitted_or_404(
        request.user, Permission.SERVICE_CHANGE, Service.objects.all(), pk=service_id
    )
    remove_place_action(service=service, location_id=location_id, by=request.user)
    messages.success(request, _("The place has been taken away from this service."))
    return redirect("directory_desk:service", service_id=service.pk)


def _place_of(service: Service, location_id: UUID) -> Location:
    found = Location.objects.filter(pk=location_id, service_at_locations__service=service).first()
    if found is None:
        raise Http404
    return found


def _initial(location: Location | None) -> dict[str, object]:
    if location is None:
        return {}
    initial: dict[str, object] = {
        "is_confidential": location.is_confidential,
        "name": location.name,
        "transportation": location.transportation,
    }
    address = location.addresses.filter(address_type=Address.Kind.PHYSICAL).first()
    if address is not None:
        for name in ("address_1", "address_2", "city", "postal_code"):
            initial[name] = getattr(address, name)
    return initial
