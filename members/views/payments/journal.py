"""The journal: what each account holds, every entry, and that all of it sums to nought."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Q, Sum
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from dcsn.access import Permission, requires, scope_of_permission
from dcsn.access.requests import SignedInRequest
from dcsn.csv_export import csv_response
from members.models import Account, JournalEntry, JournalLine
from members.payments.forms import JournalFilter

PER_PAGE = 50


def _lines(request: SignedInRequest) -> Any:
    """Those of the access points whose money they look after."""
    scope = scope_of_permission(request.user, Permission.PAYMENT_RECONCILE)
    lines = JournalLine.objects.all()
    return lines if scope.network else lines.filter(organisation_id__in=scope.organisations)


def _chosen(request: SignedInRequest, form: JournalFilter) -> Any:
    """Lines of the entries that the filter leaves."""
    lines = _lines(request)
    wanted = form.cleaned_data if form.is_valid() else {}
    if wanted.get("account"):
        lines = lines.filter(entry__lines__account=wanted["account"])
    if wanted.get("what"):
        lines = lines.filter(entry__what=wanted["what"])
    if wanted.get("month"):
        year, month = map(int, wanted["month"].split("-"))
        first = date(year, month, 1)
        following = date(year + month // 12, month % 12 + 1, 1)
        lines = lines.filter(entry__at__date__gte=first, entry__at__date__lt=following)
    return lines


@requires(Permission.PAYMENT_RECONCILE)
@never_cache
@require_safe
def journal(request: SignedInRequest) -> HttpResponse:
    form = JournalFilter(request.GET or None)
    lines = _lines(request)
    held = {
        row["account"]: row["sum"]
        for row in lines.order_by().values("account").annotate(sum=Sum("pence"))
    }
    uneven = lines.order_by().values("entry").annotate(sum=Sum("pence")).filter(~Q(sum=0)).count()
    entries = (
        JournalEntry.objects.filter(pk__in=_chosen(request, form).values("entry"))
        .prefetch_related("lines__organisation")
        .select_related("reverses", "reversed_by")
        .order_by("-at", "id")
    )
    return render(
        request,
        "members/payments/journal.html",
        {
            "form": form,
            "held": [(label, held[value]) for value, label in Account.choices if value in held],
            "total": sum(held.values()),
            "uneven": uneven,
            "count": lines.order_by().values("entry").distinct().count(),
            "page": Paginator(entries, PER_PAGE).get_page(request.GET.get("page")),
            "query": _query(form),
        },
    )


def _query(form: JournalFilter) -> str:
    wanted = form.cleaned_data if form.is_valid() else {}
    pairs = {name: value for name, value in wanted.items() if value}
    return f"{urlencode(pairs)}&" if pairs else ""


@requires(Permission.PAYMENT_RECONCILE)
@never_cache
@require_safe
def download(request: SignedInRequest) -> HttpResponse:
    """Line by line, for an accountant: debits above nought, credits below."""
    lines = (
        _chosen(request, JournalFilter(request.GET or None))
        .select_related("entry", "organisation")
        .order_by("entry__at", "entry_id", "id")
        .distinct()
    )
    return csv_response(
        "journal.csv",
        [_("Entry"), _("When"), _("What"), _("Account"), _("Access point"), _("Pence")],
        (
            [
                line.entry_id, line.entry.at, line.entry.get_what_display(),
                line.get_account_display(), line.organisation.name if line.organisation else "",
                line.pence,
            ]
            for line in lines.iterator(chunk_size=2000)
        ),
    )  # fmt: skip
