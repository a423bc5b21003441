"""Paying by card, as the payer meets it: on to the provider's page and back again.

Whoever knows a payment's address sees its reference, its amount and how it stands: nothing about anybody.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from dcsn.access import public
from dcsn.limits.rates import Rate, seconds_to_wait_for_user
from members.models import Payment
from members.payments.online import ONLINE, UNFINISHED, read_again
from members.payments.providers import CannotTake, development

# How often the provider is asked about one payment because somebody opens our page. The sweep asks, too.
LOOKS = Rate(30, timedelta(minutes=10))


def _payment_or_404(payment_id: UUID) -> Payment:
    return get_object_or_404(Payment, pk=payment_id, method__in=ONLINE)


@public
@never_cache
@require_safe
def pay(request: HttpRequest, payment_id: UUID) -> HttpResponse:
    """The step before the provider's page: how much, what for, and that cards are not for us to see.

    A link and not a form that redirects: our pages' forms may only be sent to ourselves.
    """
    payment = _payment_or_404(payment_id)
    if payment.state not in UNFINISHED or not payment.next_url:
        return redirect("members:pay_back", payment.pk)
    if payment.method == Payment.Method.DEVELOPMENT:
        return redirect(payment.next_url)
    return render(request, "members/payments/pay.html", {"payment": payment})


@public
@never_cache
@require_safe
def back(request: HttpRequest, payment_id: UUID) -> HttpResponse:
    """Where the provider sends the payer back to. That they came says nothing: the provider is asked."""
    payment = _payment_or_404(payment_id)
    if payment.state in UNFINISHED and not seconds_to_wait_for_user(
        payment.pk, "look at a payment", LOOKS
    ):
        payment = read_again(payment)
    if payment.state == Payment.State.SUCCESS and payment.return_to:
        return redirect(payment.return_to)
    return render(
        request,
        "members/payments/back.html",
        {
            "payment": payment,
            "waiting": payment.state in UNFINISHED,
            "paid": payment.state == Payment.State.SUCCESS,
        },
    )


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def pretend(request: HttpRequest, provider_id: str) -> HttpResponse:
    """The pretended provider's own page. Not there unless this is for development or demonstration."""
    try:
        known = development.known_payment(provider_id)
    except CannotTake as unknown:
        raise Http404 from unknown
    outcome = request.POST.get("outcome", "")
    if request.method == "POST" and outcome in development.OUTCOMES:
        return redirect(development.choose_outcome(provider_id, outcome))
    return render(request, "members/payments/pretend.html", {"known": known})
