"""From joining to paying and back: by card online, or by asking for the safety net."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from members.joining.actions import JOIN_FORM
from members.joining.paying import begin_for_membership, usable_key
from members.models import Membership
from members.refusals import Refused

# The key of the payment that this browser is about to make, so that two presses are one.
PAYING = "paying"


def begin(request: HttpRequest, membership: Membership) -> HttpResponse:
    """On to the provider's page; back at our own when it cannot be begun."""
    kept = request.session.get(PAYING) or {}
    same = kept.get("membership") == str(membership.pk)
    key = usable_key(UUID(kept["key"]) if same else uuid4())
    request.session[PAYING] = {"membership": str(membership.pk), "key": str(key)}
    try:
        payment = begin_for_membership(
            membership=membership,
            terms=membership.plan_terms,
            key=key,
            return_url=reverse("members:join_done"),
            by=JOIN_FORM,
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("members:join_done")
    return redirect(payment.go_on_url)


def ask_for_the_safety_net(request: HttpRequest, membership: Membership) -> HttpResponse:
    return redirect("members:join_done")
