"""Somebody's tokens at the desk: how many are left, selling more, what became of each. Absent when off."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from dcsn.access import Permission, get_permitted_or_404, requires
from dcsn.access.requests import SignedInRequest
from dcsn.audit import record
from members import tokens
from members.models import Membership, Payment
from members.payments.desk import take_at_desk
from members.payments.events import TOKENS_VIEWED
from members.payments.forms import SellTokensForm
from members.refusals import Refused

PER_PAGE = 25


@requires(Permission.PAYMENT_TAKE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def of_member(request: SignedInRequest, membership_id: UUID) -> HttpResponse:
    if not tokens.are_on():
        raise Http404
    rows = Membership.objects.select_related("person", "organisation")
    membership = get_permitted_or_404(request.user, Permission.PAYMENT_TAKE, rows, id=membership_id)
    if membership.person is None:
        raise Http404
    form = SellTokensForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            payment = take_at_desk(
                key=typed["key"],
                membership=membership,
                plan_terms=None,
                amount_pence=tokens.price_of(typed["count"]),
                method=typed["method"],
                purpose=Payment.For.TOKENS,
                tokens=typed["count"],
                by=request.user,
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Sold. Print the receipt here."))
            return redirect(payment)
    with transaction.atomic():
        record(
            TOKENS_VIEWED,
            by=request.user,
            subject=membership.person_id,
            organisation=membership.organisation_id,
            details={"membership": membership.id},
        )
    theirs = membership.person.tokens.select_related("payment").order_by(
        "expires_on", "bought_at", "id"
    )
    return render(
        request,
        "members/payments/tokens.html",
        {
            "membership": membership,
            "form": form,
            "left": tokens.left(membership.person),
            "price": tokens.price_of(1),
            "page": Paginator(theirs, PER_PAGE).get_page(request.GET.get("page")),
        },
    )
