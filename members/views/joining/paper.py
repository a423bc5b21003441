"""The form to join by, to be filled in with a pen."""

from __future__ import annotations

from zlib import crc32

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dcsn.access import public
from dcsn.network import network
from dcsn.printing import PrintSize, file_name, pdf_response
from members.joining.paper import boxes, form_pdf

AN_HOUR = 60 * 60


@public
@require_safe
def form(request: HttpRequest) -> HttpResponse:
    """Laid out once an hour for each size, and anew when a price or a question changes."""
    size = PrintSize.read(request.GET.get("size"))
    here = network()
    said = "|".join(map(str, (here.name, here.helpline, here.helpline_hours, boxes())))
    key = f"join-form:{size:d}:{crc32(said.encode())}"
    data = cache.get_or_set(key, lambda: form_pdf(size), AN_HOUR)
    return pdf_response(data, file_name(_("Form to join"), size=size, on=timezone.localdate()))
