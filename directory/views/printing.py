"""Paper: a service's sheet at once; lists with a choice of size and colour."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from dcsn.access import public
from dcsn.printing import PaperColour, PrintSize, file_name
from directory.models import Service
from directory.printing import service_pdf
from directory.sheets import printable


@public
@require_safe
def sheet(request: HttpRequest, slug: str, short_id: str) -> HttpResponse:
    """One service on paper. Its page is the thing itself, and is said to be in the headers."""
    found = get_object_or_404(printable(Service.objects.all()), short_id=short_id)
    if found.slug != slug:
        return redirect("directory:sheet", found.slug, found.short_id, permanent=True)
    size, paper = choices(request)
    data = service_pdf(found, size=size, paper=paper, now=timezone.now())
    return pdf_response(
        data,
        file_name(found.name, size=size, on=timezone.localdate()),
        canonical=request.build_absolute_uri(found.get_absolute_url()),
    )


def choices(request: HttpRequest) -> tuple[PrintSize, PaperColour]:
    """What was asked for; an odd value gives large print on white, never an error."""
    return PrintSize.read(request.GET.get("size")), PaperColour.read(request.GET.get("paper"))


def pdf_response(data: bytes, name: str, *, canonical: str = "") -> HttpResponse:
    """Shown by the browser, which can print it; saved under a name that says what and when."""
    response = HttpResponse(data, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    response["Content-Length"] = str(len(data))
    response["X-Robots-Tag"] = "noindex"
    if canonical:
        response["Link"] = f'<{canonical}>; rel="canonical"'
    return response
