"""A PDF as an answer."""

from __future__ import annotations

from django.http import HttpResponse


def pdf_response(data: bytes, name: str) -> HttpResponse:
    """Shown by the browser, which can print it; saved under ``name``, which says what and when."""
    response = HttpResponse(data, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response
