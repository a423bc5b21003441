"""Cash and cheques go to the bank: one counts, another counts too, and the bank's statement shows it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import F
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dcsn.access import Permission, can, requires
from dcsn.access.requests import SignedInRequest
from directory.models import Organisation
from members.access import access_points_of
from members.models import Banking, Payment
from members.payments.access import banking_or_404
from members.payments.desk import check_banking, count_banking, reconcile_banking, undo_count
from members.payments.forms import CheckForm, CountForm
from members.refusals import Refused

PER_PAGE = 25


@requires(Permission.PAYMENT_TAKE)
@never_cache
@require_safe
def listing(request: SignedInRequest) -> HttpResponse:
    """What lies at each desk, and every banking, those that wait for somebody first."""
    waiting: dict[Organisation, list[int]] = {}
    lying = Payment.objects.visible_to(request.user).to_bank().select_related("organisation")
    for payment in lying.order_by("organisation__name", "receipt_number"):
        waiting.setdefault(payment.organisation, []).append(payment.amount_pence)
    rows = (
        Banking.objects.visible_to(request.user)
        .select_related("organisation", "counted_by", "checked_by")
        .order_by(
            F("checked_at").desc(nulls_first=True),
            F("reconciled_at").desc(nulls_first=True),
            "-counted_at",
            "id",
        )
    )
    return render(
        request,
        "members/payments/bankings.html",
        {
            "waiting": [(desk, len(pence), sum(pence)) for desk, pence in waiting.items()],
            "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        },
    )


def _desk(request: SignedInRequest) -> Organisation:
    """The access point in the address, or the only one."""
    desks = access_points_of(request.user, Permission.PAYMENT_TAKE)
    wanted = request.GET.get("desk", "")
    found = [desk for desk in desks if str(desk.pk) == wanted] if wanted else desks[:1]
    if not found:
        raise Http404
    return found[0]


@requires(Permission.PAYMENT_TAKE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def count(request: SignedInRequest) -> HttpResponse:
    """The first name."""
    desk = _desk(request)
    rows = (
        Payment.objects.to_bank().filter(organisation=desk).select_related("person").order_by(
            "receipt_number"
        )
    )  # fmt: skip
    form = CountForm(request.POST, rows=rows) if request.method == "POST" else CountForm(rows=rows)
    if request.method == "POST":
        # Pressed twice: what the first press banked is no longer on the list, so the form would be wrong.
        key = _key(request)
        known = Banking.objects.filter(key=key).first() if key else None
        if known is not None:
            return redirect(known)
        if form.is_valid():
            typed = form.cleaned_data
            try:
                banking = count_banking(
                    key=typed["key"],
                    organisation=desk,
                    payments=typed["payments"],
                    counted_pence=typed["counted"],
                    difference_note=typed["difference"],
                    paying_in_reference=typed["paying_in"],
                    by=request.user,
                )
            except Refused as refusal:
                form.add_error(None, str(refusal))
            except ValidationError as error:
                form.add_error(None, error)
            else:
                messages.success(request, _("Counted. Now somebody else has to count it too."))
                return redirect(banking)
    listed = list(rows)
    chosen = set(request.POST.getlist("payments"))
    return render(
        request,
        "members/payments/count.html",
        {
            "desk": desk,
            "form": form,
            "rows": [(row, request.method != "POST" or str(row.pk) in chosen) for row in listed],
            "total": sum(row.amount_pence for row in listed),
        },
    )


def _key(request: SignedInRequest) -> UUID | None:
    """The form's key."""
    try:
        return UUID(request.POST.get("key", ""))
    except ValueError:
        return None


@requires(Permission.PAYMENT_TAKE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: SignedInRequest, banking_id: UUID) -> HttpResponse:
    """A banking; the second name counts here, and does not see what the first came to."""
    banking = banking_or_404(request.user, banking_id)
    may_check = (
        banking.checked_at is None
        and banking.counted_by_id != request.user.pk
        and can(request.user, Permission.PAYMENT_RECONCILE, banking)
    )
    form = CheckForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            check_banking(
                banking=banking, counted_pence=form.cleaned_data["counted"], by=request.user
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Both came to the same. It is banked."))
            return redirect(banking)
    return render(
        request,
        "members/payments/banking.html",
        {
            "banking": banking,
            "payments": list(banking.payments.select_related("person").order_by("receipt_number")),
            "form": form,
            "may_check": may_check,
            "may_undo": banking.checked_at is None,
            "may_reconcile": banking.checked_at is not None
            and banking.reconciled_at is None
            and can(request.user, Permission.PAYMENT_RECONCILE, banking),
            "shows_sum": banking.checked_at is not None or not may_check,
        },
    )


@requires(Permission.PAYMENT_TAKE)
@never_cache
@require_POST
def undo(request: SignedInRequest, banking_id: UUID) -> HttpResponse:
    """Give a count up that nobody has checked."""
    banking = banking_or_404(request.user, banking_id)
    try:
        undo_count(banking=banking, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(banking)
    messages.success(request, _("The count is given up. The money waits to be counted again."))
    return redirect("members:bankings")


@requires(Permission.PAYMENT_RECONCILE)
@never_cache
@require_POST
def reconcile(request: SignedInRequest, banking_id: UUID) -> HttpResponse:
    """It stands on the bank's statement."""
    banking = banking_or_404(request.user, banking_id, Permission.PAYMENT_RECONCILE)
    try:
        reconcile_banking(banking=banking, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("It was found on the bank's statement."))
    return redirect(banking)
