"""One service and one organisation."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from dcsn.access import public
from directory import markdown
from directory.cards import cards_of
from directory.hours import load_calendars
from directory.maps import points_of
from directory.models import Organisation, Service
from directory.my_list import MyList
from directory.organisation_page import parts_of
from directory.sensitive import is_sensitive
from directory.service_page import service_page
from directory.structured_data import absolute, data_block, organisation_data, service_data


@public
@require_safe
def service(request: HttpRequest, slug: str, short_id: str) -> HttpResponse:
    """One service. Its short id finds it; an old or mistyped slug leads to the right address."""
    found = get_object_or_404(Service.objects.for_service_page(), short_id=short_id)
    if found.slug != slug:
        return redirect(found, permanent=True)
    topics = [term for term in found.terms.all() if term.is_topic]
    page = service_page(found, load_calendars())
    return render(
        request,
        "directory/service.html",
        {
            "page": page,
            "is_sensitive": is_sensitive(term.slug for term in topics)
            or any(at.location.is_confidential for at in found.service_at_locations.all()),
            "canonical": absolute(found.get_absolute_url()),
            "data_block": data_block(service_data(page, timezone.localdate())),
            "crumbs": [(term.name, term.get_absolute_url()) for term in topics[:1]],
            "is_listed": found.id in MyList(request),
            "points": points_of(page.places),
        },
    )


@public
@require_safe
def organisation(request: HttpRequest, slug: str, short_id: str) -> HttpResponse:
    """One organisation and all it offers."""
    found = get_object_or_404(
        Organisation.objects.publishable().prefetch_related("phones", "contacts", "pictures"),
        short_id=short_id,
    )
    if found.slug != slug:
        return redirect(found, permanent=True)
    services = Service.objects.publishable().filter(organisation=found).for_lists()
    return render(
        request,
        "directory/organisation.html",
        {
            "organisation": found,
            "phones": [phone for phone in found.phones.all() if phone.is_public],
            "pictures": [picture for picture in found.pictures.all() if picture.published],  # type: ignore[attr-defined]
            "cards": cards_of(services),
            "parts": parts_of(found),
            "description": markdown.render(found.description),
            "canonical": absolute(found.get_absolute_url()),
            "data_block": data_block(
                {"@context": "https://schema.org", **organisation_data(found)}
            ),
        },
    )
