"""Budgets on paper: the working line by line, and a person's own money."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from dcsn.printing import PrintSize, render_pdf
from pathways.budgets.statement import Statement
from pathways.models import AllocationVersion


def working_pdf(result: dict[str, Any], version: AllocationVersion, size: PrintSize) -> bytes:
    return render_pdf(
        "pathways/print/working.html",
        {"result": result, "version": version, "today": timezone.localdate()},
        size=size,
        title=_("Indicative budget"),
        header="",
    )


def statement_pdf(statement: Statement, size: PrintSize) -> bytes:
    return render_pdf(
        "pathways/print/statement.html",
        {"statement": statement, "budget": statement.budget, "today": timezone.localdate()},
        size=size,
        title=_("Your budget"),
        header="",
    )
