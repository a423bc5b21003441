"""From joining to paying and back: by card online, or by asking for the safety net."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from members.joining.actions import JOIN_FORM, due_of
from members.joining.paying import begin_for_membership, usable_key
from members.models import Membership
from members.refusals import Refused

# The key of the payment that this browser is about to make, so that two presses are one.
PAYING = "paying"


def begin(
    request: HttpRequest, membership: Membership, back: str = "members:join_done"
) -> HttpResponse:
    """On to the provider's page; back at our own (``back``) when it cannot be begun."""
    due = due_of(membership)
    if due is None or due.is_free:
        return redirect(back)
    key = payment_key(request, f"{membership.pk} {membership.ends_on}")
    try:
        payment = begin_for_membership(
            membership=membership, due=due, key=key, return_url=reverse(back), by=JOIN_FORM
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(back)
    return redirect(payment.go_on_url)


def payment_key(request: HttpRequest, what_for: str) -> UUID:
    """One key in this browser for one thing to pay, until it was paid or came to nothing."""
    kept = request.session.get(PAYING) or {}
    key = usable_key(UUID(kept["key"]) if kept.get("for") == what_for else uuid4())
    request.session[PAYING] = {"for": what_for, "key": str(key)}
    return key


def form_key() -> UUID:
    """For a form that is one button: made with the page, so that two presses are one."""
    return uuid4()


def read_key(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.POST.get("key", ""))
    except ValueError:
        return None
