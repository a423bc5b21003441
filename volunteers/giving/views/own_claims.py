"""A volunteer's expenses: asking, how each stands, and the claim on paper. Signed in, or by their link."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from dcsn.access import public, signed_in
from dcsn.access.requests import SignedInRequest
from dcsn.audit import record
from dcsn.limits.rates import limited
from dcsn.printing import PrintSize, file_name, pdf_response
from volunteers.actions.expenses import claim_expenses
from volunteers.giving.claims import claim_pdf
from volunteers.giving.events import GIVING_PRINTED
from volunteers.giving.expense_forms import ClaimForm
from volunteers.giving.own import Own, places_of
from volunteers.giving.views.who import by_link, nothing_of_own, signed_in_own
from volunteers.models import Expense
from volunteers.refusals import Refused

PER_PAGE = 25


def _claims(request: HttpRequest, own: Own) -> HttpResponse:
    rows = (
        Expense.objects.filter(volunteer=own.volunteer)
        .select_related("organisation", "payment")
        .order_by("-day", "-claimed_at", "id")
    )
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "volunteers/giving/own_claims.html",
        {
            "page": page,
            "rows": [(row, own.address("claim_sheet", row.pk)) for row in page],
            "add": own.address("claim_add"),
            "hours": own.address("hours"),
            "sizes": (14, 18, 24),
            "query": "",
        },
    )


def _add(request: HttpRequest, own: Own) -> HttpResponse:
    form = ClaimForm(request.POST or None, places=places_of(own.volunteer))
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            claim_expenses(
                volunteer=own.volunteer,
                organisation=form.place,
                day=typed["day"],
                what=typed["what"],
                by=own.by,
                miles=form.travelled,
                receipts_pence=typed["receipts"] or 0,
                key=typed["key"],
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request, _("It is written down. Print the claim, sign it and hand it in.")
            )
            return redirect(own.address("claims"))
    return render(
        request,
        "volunteers/giving/own_claim_add.html",
        {"form": form, "back": own.address("claims")},
    )


def _sheet(request: HttpRequest, own: Own, expense_id: UUID) -> HttpResponse:
    expense = get_object_or_404(
        Expense.objects.filter(volunteer=own.volunteer).select_related(
            "organisation", "payment", "volunteer__person", "decided_by"
        ),
        pk=expense_id,
    )
    return sheet_of(request, own.by, expense)


def sheet_of(request: HttpRequest, by: object, expense: Expense) -> HttpResponse:
    """The claim in the chosen size of print; that it was printed is recorded."""
    size = PrintSize.read(request.GET.get("size"))
    pdf = claim_pdf(expense, size)
    record(
        GIVING_PRINTED,
        by=by,  # type: ignore[arg-type]
        subject=expense.volunteer.person_id,
        organisation=expense.organisation_id,
        details={"volunteer": expense.volunteer_id, "what": "claim"},
    )
    return pdf_response(
        pdf,
        file_name(
            _("Expenses %(reference)s") % {"reference": expense.reference},
            size=size,
            on=expense.day,
        ),
    )


# --- Signed in ----------------------------------------------------------------------------------------


@signed_in
@never_cache
@require_safe
def my_claims(request: SignedInRequest) -> HttpResponse:
    own = signed_in_own(request)
    return _claims(request, own) if own else nothing_of_own(request)


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def my_claim_add(request: SignedInRequest) -> HttpResponse:
    own = signed_in_own(request)
    return _add(request, own) if own else nothing_of_own(request)


@signed_in
@never_cache
@require_safe
def my_claim_sheet(request: SignedInRequest, expense_id: UUID) -> HttpResponse:
    own = signed_in_own(request)
    return _sheet(request, own, expense_id) if own else nothing_of_own(request, status=404)


# --- By the link --------------------------------------------------------------------------------------


@public
@never_cache
@require_safe
def link_claims(request: HttpRequest, token: str) -> HttpResponse:
    return by_link(request, token, _claims)


@public
@limited("expenses by link")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def link_claim_add(request: HttpRequest, token: str) -> HttpResponse:
    return by_link(request, token, _add)


@public
@never_cache
@require_safe
def link_claim_sheet(request: HttpRequest, token: str, expense_id: UUID) -> HttpResponse:
    return by_link(request, token, _sheet, expense_id)
