"""At the desk: claims for expenses, and the rates they are counted by."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q, Sum
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from dcsn.access import Permission, requires
from dcsn.access.doors import Door, register_door
from dcsn.access.requests import SignedInRequest
from volunteers.access import volunteer_or_404
from volunteers.actions.expenses import (
    approve_expense,
    claim_expenses,
    pay_expense,
    refuse_expense,
    take_back_expense,
)
from volunteers.duties import who_can_decide, why_not_decide, wrote
from volunteers.giving.expense_forms import (
    ClaimForm,
    HourRateForm,
    MileageRateForm,
    PayForm,
    RefuseForm,
    TakeBackForm,
)
from volunteers.giving.own import places_of
from volunteers.giving.rates import add_rate
from volunteers.giving.views.desk_hours import record_listed
from volunteers.giving.views.own_claims import sheet_of
from volunteers.models import Expense, HourValueRate, MileageRate
from volunteers.refusals import Refused

PER_PAGE = 50
register_door(
    Door(
        Permission.VOLUNTEER_RATES,
        gettext_lazy("Rates for volunteers"),
        gettext_lazy("Pence for a mile, and what an hour given is counted as; each from a day on."),
        "volunteers:rates",
        order=60,
    )
)
LISTS: dict[str, str | Promise] = {
    "claimed": gettext_lazy("To decide"),
    "approved": gettext_lazy("To pay"),
    "paid": gettext_lazy("Paid"),
    "refused": gettext_lazy("Not paid"),
}


@requires(Permission.HOURS_CONFIRM)
@never_cache
@require_safe
def desk(request: SignedInRequest) -> HttpResponse:
    """One list at a time, the oldest first; how many stand on each, and what they come to."""
    show = request.GET.get("show", "claimed")
    if show not in LISTS:
        raise Http404
    mine = Expense.objects.visible_to(request.user).filter(volunteer__anonymised_at=None)
    counts = mine.order_by().aggregate(
        **{f"n_{key}": Count("pk", filter=Q(state=key)) for key in LISTS}
    )
    found = mine.filter(state=show)
    rows = found.select_related("organisation", "volunteer__person", "payment").order_by(
        "day" if show in ("claimed", "approved") else "-day", "id"
    )
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    record_listed(request, page)
    return render(
        request,
        "volunteers/giving/desk_claims.html",
        {
            "here": "claims",
            "show": show,
            "title": LISTS[show],
            "lists": [(key, words, counts[f"n_{key}"]) for key, words in LISTS.items()],
            "page": page,
            "sum": found.order_by().aggregate(sum=Sum("pence"))["sum"] or 0,
            "query": f"show={show}&",
        },
    )


def _claim(request: SignedInRequest, expense_id: UUID) -> Expense:
    found: Expense = get_object_or_404(
        Expense.objects.visible_to(request.user).select_related(
            "organisation", "volunteer__person", "payment__by", "decided_by", "claimed_by"
        ),
        pk=expense_id,
    )
    return found


@requires(Permission.HOURS_CONFIRM)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: SignedInRequest, expense_id: UUID) -> HttpResponse:
    """One claim: approve, refuse with a reason, write down that it was paid. Whoever wrote it down does none
    of these: they may take back what they typed wrong."""
    expense = _claim(request, expense_id)
    record_listed(request, [expense])
    what = request.POST.get("do", "") if request.method == "POST" else ""
    refuse = RefuseForm(request.POST) if what == "refuse" else RefuseForm()
    pay = (
        PayForm(request.POST)
        if what == "pay"
        else PayForm(initial={"paid_on": timezone.localdate()})
    )
    take_back = TakeBackForm(request.POST) if what == "take-back" else TakeBackForm()
    form: Any = {"refuse": refuse, "pay": pay, "take-back": take_back}.get(what)
    if what == "approve" or (form is not None and form.is_valid()):
        try:
            if what == "approve":
                approve_expense(expense=expense, by=request.user)
            elif what == "refuse":
                refuse_expense(expense=expense, by=request.user, **form.cleaned_data)
            elif what == "take-back":
                take_back_expense(expense=expense, by=request.user, **form.cleaned_data)
            else:
                pay_expense(expense=expense, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            messages.warning(request, str(refusal))
        else:
            said = {
                "approve": _("The claim is approved."),
                "refuse": _("It is written down, with the reason."),
                "pay": _("It is written down as paid."),
                "take-back": _("The claim is taken back."),
            }
            messages.success(request, said[what])
        return redirect("volunteers:claim_one", expense.pk)
    why_not = why_not_decide(expense, request.user)
    return render(
        request,
        "volunteers/giving/desk_claim.html",
        {
            "expense": expense,
            "why_not": why_not,
            "who_can": who_can_decide(expense) if why_not else [],
            "take_back": take_back
            if expense.state == "claimed" and wrote(expense, request.user)
            else None,
            "lines": list(expense.lines.all()),
            "payment": getattr(expense, "payment", None),
            "refuse": refuse,
            "pay": pay,
            "form": form,
            "sizes": (14, 18, 24),
        },
        status=422 if form is not None and form.errors else 200,
    )


@requires(Permission.HOURS_CONFIRM)
@never_cache
@require_safe
def sheet(request: SignedInRequest, expense_id: UUID) -> HttpResponse:
    return sheet_of(request, request.user, _claim(request, expense_id))


@requires(Permission.HOURS_CONFIRM)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: SignedInRequest, volunteer_id: UUID) -> HttpResponse:
    """Write down a claim that came on paper or by telephone."""
    row = volunteer_or_404(request.user, volunteer_id)
    form = ClaimForm(request.POST or None, places=places_of(row, request.user))
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            expense = claim_expenses(
                volunteer=row,
                organisation=form.place,
                day=typed["day"],
                what=typed["what"],
                by=request.user,
                miles=form.travelled,
                receipts_pence=typed["receipts"] or 0,
                key=typed["key"],
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The claim is written down. Somebody else approves it."))
            return redirect("volunteers:claim_one", expense.pk)
    return render(
        request,
        "volunteers/giving/desk_claim_add.html",
        {"row": row, "form": form},
        status=422 if form.errors else 200,
    )


@requires(Permission.VOLUNTEER_RATES)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def rates(request: SignedInRequest) -> HttpResponse:
    """All rates, the newest first, and adding one. None is changed: what was counted by it stays so."""
    what = request.POST.get("do", "") if request.method == "POST" else ""
    miles = MileageRateForm(request.POST if what == "miles" else None, prefix="miles")
    hour = HourRateForm(request.POST if what == "hour" else None, prefix="hour")
    form: Any = {"miles": miles, "hour": hour}.get(what)
    if form is not None and form.is_valid():
        model = MileageRate if what == "miles" else HourValueRate
        try:
            add_rate(model=model, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error("from_on", str(refusal))
        else:
            messages.success(request, _("The rate is added. It counts from its day on."))
            return redirect("volunteers:rates")
    return render(
        request,
        "volunteers/giving/rates.html",
        {
            "mileage": MileageRate.objects.order_by("vehicle", "-from_on"),
            "hours": HourValueRate.objects.order_by("-from_on"),
            "miles_form": miles,
            "hour_form": hour,
            "form": form,
        },
        status=422 if form is not None and form.errors else 200,
    )
