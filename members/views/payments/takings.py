"""What was paid at a desk and online: a day's takings, one payment, its receipt, voiding and giving back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Q, Sum
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from dcsn.access import Permission, can, requires
from dcsn.access.requests import SignedInRequest
from dcsn.audit import record
from dcsn.csv_export import csv_response
from dcsn.printing import PrintSize, file_name, pdf_response
from dcsn.references import normal_reference
from members import tokens
from members.joining.codes import is_good
from members.models import Payment, Refund
from members.payments.access import payment_or_404
from members.payments.desk import void_payment
from members.payments.events import PAYMENT_VIEWED, PAYMENTS_LISTED, RECEIPT_PRINTED
from members.payments.forms import ReasonForm
from members.payments.online import ONLINE, UNFINISHED, read_again
from members.payments.receipts import receipt_pdf, title_of, what_for
from members.payments.refunds import (
    follow,
    is_without_use,
    last_day,
    note_taken_back,
    obstacle,
    refund_by_transfer,
    refund_payment,
    try_again,
)
from members.payments.settling import paid_for_since
from members.refusals import Refused

PER_PAGE = 50
# So many ids in one event: a file of six years is many of them.
IDS_IN_AN_EVENT = 1000


class Chosen:
    """Which payments are listed, as the address says: ``day=2026-11-22`` (or ``all``), ``method``, ``q``."""

    def __init__(self, request: SignedInRequest) -> None:
        self.today = timezone.localdate()
        self.q = request.GET.get("q", "").strip()[:40]
        self.method = request.GET.get("method", "")
        if self.method not in Payment.Method.values:
            self.method = ""
        self.all_days = request.GET.get("day") == "all" or bool(self.q)
        try:
            self.day = date.fromisoformat(request.GET.get("day", ""))
        except ValueError:
            self.day = self.today
        if not date(2000, 1, 1) <= self.day <= self.today:
            self.day = self.today
        self.rows = self._rows(request)

    def _rows(self, request: SignedInRequest) -> Any:
        rows = Payment.objects.visible_to(request.user)
        if self.method:
            rows = rows.filter(method=self.method)
        if self.q:
            return rows.filter(_named(self.q))
        return rows if self.all_days else rows.on_day(self.day)

    @property
    def query(self) -> str:
        """The same choice as the rest of an address, ending in "&"."""
        pairs = {"day": "all" if self.all_days and not self.q else self.day.isoformat()}
        if self.method:
            pairs["method"] = self.method
        if self.q:
            pairs = {"q": self.q}
        return urlencode(pairs) + "&"


def _named(words: str) -> Q:
    """A receipt's number or a reference, however it was typed."""
    found = Q(reference=normal_reference(words))
    if words.isascii() and words.isdigit() and len(words) < 10:
        found |= Q(receipt_number=int(words))
    return found


@requires(Permission.PAYMENT_TAKE)
@never_cache
@require_safe
def listing(request: SignedInRequest) -> HttpResponse:
    """A day's takings, with a sum for each way of paying; or all days, or what was looked for."""
    chosen = Chosen(request)
    rows = chosen.rows.select_related("organisation", "person", "membership__plan", "refund")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    _note_listed(request, [row.pk for row in page])
    sums = {
        row["method"]: row["sum"]
        for row in chosen.rows.taken()
        .exclude(refund__state=Refund.State.SUCCESS)
        .order_by()
        .values("method")
        .annotate(sum=Sum("amount_pence"))
    }
    return render(
        request,
        "members/payments/takings.html",
        {
            "page": page,
            "chosen": chosen,
            "query": chosen.query,
            "sums": [(label, sums[value]) for value, label in Payment.Method.choices if value in sums],
            "total": sum(sums.values()),
            "methods": Payment.Method.choices,
            "before": chosen.day - timedelta(days=1),
            "after": chosen.day + timedelta(days=1) if chosen.day < chosen.today else None,
            "without_use": _without_use(request),
            "gone_wrong": Payment.objects.visible_to(request.user)
            .filter(refund__state=Refund.State.ERROR)
            .order_by("created_at")[:20],
            "may_reconcile": can(request.user, Permission.PAYMENT_RECONCILE),
        },
    )  # fmt: skip


def _without_use(request: SignedInRequest) -> list[Payment]:
    """Paid online for a membership that had ended by then; few, and each is to be given back."""
    rows = Payment.objects.visible_to(request.user).without_use().order_by("created_at")
    return list(rows[:20])


def _note_listed(request: SignedInRequest, ids: list[UUID]) -> None:
    if ids:
        with transaction.atomic():
            record(PAYMENTS_LISTED, by=request.user, details={"payments": ids})


@requires(Permission.PAYMENT_TAKE)
@never_cache
@require_safe
def download(request: SignedInRequest) -> HttpResponse:
    """The same payments as a spreadsheet: no names, for the accounts need none."""
    chosen = Chosen(request)
    rows = chosen.rows.select_related("organisation", "membership", "refund").order_by(
        "created_at", "id"
    )
    ids = list(rows.values_list("pk", flat=True))
    with transaction.atomic():
        for first in range(0, len(ids), IDS_IN_AN_EVENT):
            _note_listed(request, ids[first : first + IDS_IN_AN_EVENT])
    return csv_response(
        f"payments-{chosen.today.isoformat()}.csv",
        [
            _("Reference"), _("Receipt"), _("Access point"), _("Begun"), _("Paid"), _("Method"),
            _("State"), _("For"), _("Membership"), _("Pence"), _("Given back"),
        ],
        (
            [
                row.reference, row.receipt_number, row.organisation.name, row.created_at, row.taken_at,
                row.get_method_display(), row.get_state_display(), row.get_purpose_display(),
                row.membership.reference if row.membership else "", row.amount_pence,
                row.refund.done_at if hasattr(row, "refund") else None,
            ]
            for row in rows.iterator(chunk_size=1000)
        ),
    )  # fmt: skip


@requires(Permission.PAYMENT_TAKE)
@never_cache
@require_safe
def one(request: SignedInRequest, payment_id: UUID) -> HttpResponse:
    payment = payment_or_404(request.user, payment_id)
    with transaction.atomic():
        record(
            PAYMENT_VIEWED,
            by=request.user,
            subject=payment.person_id,
            organisation=payment.organisation_id,
            details={"payment": payment.id},
        )
    return _page(request, payment, ReasonForm())


def _page(
    request: SignedInRequest, payment: Payment, form: ReasonForm, *, asked: str = ""
) -> HttpResponse:
    refund: Refund | None = getattr(payment, "refund", None)
    may_reconcile = can(request.user, Permission.PAYMENT_RECONCILE, payment)
    at_desk = payment.state == Payment.State.RECEIPTED and payment.banking_id is None
    refusal = obstacle(payment) if refund is None else None
    return render(
        request,
        "members/payments/payment.html",
        {
            "payment": payment,
            "what": what_for(payment),
            "refund": refund,
            # For whoever paid and has lost the code: it is looked up here (docs/decisions/0057).
            "gift": payment.gift if payment.is_taken or refund is not None else None,
            "gift_works": payment.gift is not None and is_good(payment.gift),
            "form": form,
            "asked": asked,
            "sizes": [int(size) for size in PrintSize],
            "may_void": at_desk and refund is None and paid_for_since(payment) is None,
            "may_refund": may_reconcile and refund is None and refusal is None,
            "refusal": refusal if payment.is_taken else None,
            "last_day": last_day(payment),
            "without_use": is_without_use(payment) and refund is None,
            "may_note_taken_back": may_reconcile
            and refund is None
            and payment.is_taken
            and payment.method != Payment.Method.CASH,
            "may_follow": may_reconcile and refund is not None and refund.way == Refund.Way.ONLINE,
            "may_read": payment.method in ONLINE and payment.state in UNFINISHED,
            "may_see_person": payment.person is not None
            and can(request.user, Permission.PERSON_VIEW, payment.person),
            "bought": payment.tokens_bought.all() if tokens.are_on() else [],
        },
    )


@requires(Permission.PAYMENT_TAKE)
@never_cache
@require_safe
def receipt(request: SignedInRequest, payment_id: UUID) -> HttpResponse:
    """There is one for what was paid, voided ones too (they say so); for nothing else."""
    payment = payment_or_404(request.user, payment_id)
    if payment.taken_at is None:
        raise Http404
    size = PrintSize.read(request.GET.get("size"))
    with transaction.atomic():
        record(
            RECEIPT_PRINTED,
            by=request.user,
            subject=payment.person_id,
            organisation=payment.organisation_id,
            details={"payment": payment.id},
        )
    name = file_name(title_of(payment), size=size, on=timezone.localdate())
    return pdf_response(receipt_pdf(payment, size), name)


def _with_reason(
    request: SignedInRequest, payment: Payment, asked: str, act: Callable[[str], object], done: str
) -> HttpResponse:
    """Do it for the reason that was typed; whatever is wrong is said beside it."""
    form = ReasonForm(request.POST)
    if form.is_valid():
        try:
            act(form.cleaned_data["reason"])
        except Refused as refusal:
            form.add_error(None, str(refusal))
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, done)
            return redirect(payment)
    return _page(request, payment_or_404(request.user, payment.pk), form, asked=asked)


@requires(Permission.PAYMENT_TAKE)
@never_cache
@require_POST
def void(request: SignedInRequest, payment_id: UUID) -> HttpResponse:
    payment = payment_or_404(request.user, payment_id)
    return _with_reason(
        request,
        payment,
        "void",
        lambda reason: void_payment(payment=payment, reason=reason, by=request.user),
        _("The payment is void. Give the money back now."),
    )


@requires(Permission.PAYMENT_RECONCILE)
@never_cache
@require_POST
def refund(request: SignedInRequest, payment_id: UUID) -> HttpResponse:
    payment = payment_or_404(request.user, payment_id, Permission.PAYMENT_RECONCILE)
    return _with_reason(
        request,
        payment,
        "refund",
        lambda reason: refund_payment(payment=payment, reason=reason, by=request.user),
        _("It is given back, or on its way: this page says which."),
    )


@requires(Permission.PAYMENT_RECONCILE)
@never_cache
@require_POST
def taken_back(request: SignedInRequest, payment_id: UUID) -> HttpResponse:
    payment = payment_or_404(request.user, payment_id, Permission.PAYMENT_RECONCILE)
    return _with_reason(
        request,
        payment,
        "taken-back",
        lambda reason: note_taken_back(payment=payment, reason=reason, by=request.user),
        _("It is written down that the bank took it back."),
    )


@requires(Permission.PAYMENT_RECONCILE)
@never_cache
@require_POST
def follow_up(request: SignedInRequest, payment_id: UUID) -> HttpResponse:
    """A refund that is on its way or went wrong: ask again, or say that it was sent by hand."""
    payment = payment_or_404(request.user, payment_id, Permission.PAYMENT_RECONCILE)
    given: Refund | None = getattr(payment, "refund", None)
    if given is None:
        raise Http404
    if request.POST.get("by") == "transfer":
        return _with_reason(
            request,
            payment,
            "transfer",
            lambda reason: refund_by_transfer(refund=given, reason=reason, by=request.user),
            _("It is written down that you sent the money."),
        )
    if given.state == Refund.State.ERROR:
        try_again(refund=given, by=request.user)
    else:
        follow(given.pk)
    return redirect(payment)


@requires(Permission.PAYMENT_TAKE)
@never_cache
@require_POST
def look_again(request: SignedInRequest, payment_id: UUID) -> HttpResponse:
    """Ask the provider how a payment stands that is not finished."""
    payment = payment_or_404(request.user, payment_id)
    if payment.method in ONLINE and payment.state in UNFINISHED:
        read_again(payment)
    return redirect(payment)
