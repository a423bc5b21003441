"""The one way in which the portal writes a CSV file: safe to open in a spreadsheet.

A cell that begins with ``=``, ``+``, ``-``, ``@`` or a tab is run as a formula by spreadsheet programs (CSV
injection: CWE-1236, OWASP). A name can begin so, by chance or on purpose. Such text gets an apostrophe in
front, which spreadsheets take for "this is text". Numbers stay numbers, negative ones too.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.utils import timezone

# The wide forms are read like the plain ones by some programs.
_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_SPACES = " \u00a0\u200b\ufeff"


def safe_cell(value: Any) -> str | int | float | Decimal:
    """What may be written into one cell for ``value``."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float | Decimal):
        return value
    if isinstance(value, datetime):
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    text = str(value).replace("\0", "")
    # Programs that trim a cell before they look at it would find the formula behind the spaces.
    if text.lstrip(_SPACES).startswith(_STARTS_A_FORMULA) or text.startswith(_STARTS_A_FORMULA):
        return f"'{text}"
    return text


def csv_text(header: Sequence[Any], rows: Iterable[Sequence[Any]]) -> str:
    """The whole file as text, with the mark at its front by which Excel knows UTF-8."""
    handle = io.StringIO()
    writer = csv.writer(handle)
    writer.writerow([safe_cell(cell) for cell in header])
    for row in rows:
        writer.writerow([safe_cell(cell) for cell in row])
    return f"\ufeff{handle.getvalue()}"


def csv_response(
    filename: str, header: Sequence[Any], rows: Iterable[Sequence[Any]]
) -> HttpResponse:
    """A CSV file to save. ``filename`` is plain ASCII, without quotes."""
    response = HttpResponse(csv_text(header, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
