"""A pretended provider: its paying page is ours, no money moves, and it can be told to fail.

It keeps what it knows in the cache, away from our tables, as a real one keeps it away from us. Only while
``DCSN_DEVELOPMENT`` or ``DCSN_DEMONSTRATION`` is set.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.core.cache import cache
from django.urls import reverse

from members.models import Payment, Refund
from members.payments.providers.interface import CannotTake, Reading, RefundReading

State = Payment.State
A_MONTH = 31 * 24 * 60 * 60
# What the pretended page offers: the provider's code for each outcome ("" for paid).
OUTCOMES: dict[str, tuple[str, str]] = {
    "pay": (State.SUCCESS, ""),
    "hold": (State.SUBMITTED, ""),
    "decline": (State.FAILED, "P0010"),
    "expire": (State.FAILED, "P0020"),
    "cancel": (State.FAILED, "P0030"),
    "break": (State.ERROR, "P0050"),
}
FINAL = (State.SUCCESS, State.FAILED, State.CANCELLED, State.ERROR)


def is_on() -> bool:
    return bool(settings.DEVELOPMENT or settings.DEMONSTRATION)


class Development:
    def create(
        self,
        *,
        key: UUID,
        reference: str,
        amount_pence: int,
        description: str,
        return_url: str,
    ) -> Reading:
        if not is_on():
            raise CannotTake("The pretended provider is for development and demonstrations only.")
        provider_id = f"pretended-{key}"
        cache.add(
            _name(provider_id),
            {
                "state": str(State.CREATED),
                "code": "",
                "amount_pence": amount_pence,
                "reference": reference,
                "description": description,
                "return_url": return_url,
                "refunded": "",
            },
            A_MONTH,
        )
        return self.read(provider_id)

    def read(self, provider_id: str) -> Reading:
        known = known_payment(provider_id)
        finished = known["state"] in FINAL
        paid = known["state"] == State.SUCCESS
        return Reading(
            provider_id=provider_id,
            state=known["state"],
            amount_pence=known["amount_pence"],
            reference=known["reference"],
            code=known["code"],
            next_url="" if finished else reverse("members:pay_pretend", args=[provider_id]),
            refundable_pence=known["amount_pence"] if paid and not known["refunded"] else 0,
        )

    def cancel(self, provider_id: str) -> None:
        if known_payment(provider_id)["state"] in (*FINAL, State.SUBMITTED):
            raise CannotTake("It is too late to cancel it.", code="P0501")
        _change(provider_id, state=str(State.CANCELLED), code="P0040")

    def refund(self, provider_id: str, *, amount_pence: int) -> RefundReading:
        known = known_payment(provider_id)
        if known["state"] != State.SUCCESS or known["amount_pence"] != amount_pence:
            raise CannotTake("This cannot be given back.", code="P0603")
        _change(provider_id, refunded=str(Refund.State.SUCCESS))
        return self.read_refund(provider_id, f"{provider_id}-refund")

    def read_refund(self, provider_id: str, refund_id: str) -> RefundReading:
        known = known_payment(provider_id)
        if not known["refunded"]:
            raise CannotTake("There is no such refund.", code="P0700")
        return RefundReading(refund_id, known["refunded"], known["amount_pence"])


def choose_outcome(provider_id: str, outcome: str) -> str:
    """What a press on the pretended page does; returns where the payer is sent. Final stays final."""
    known = known_payment(provider_id)
    if known["state"] not in FINAL:
        state, code = OUTCOMES[outcome]
        _change(provider_id, state=str(state), code=code)
    # The path alone: the pretended page is ours, under whatever name the portal was opened.
    return urlsplit(known["return_url"]).path


def known_payment(provider_id: str) -> dict[str, Any]:
    """
    :raises CannotTake: for one that was never begun, or that the cache has dropped.
    """
    found = cache.get(_name(provider_id))
    if not is_on() or found is None:
        raise CannotTake("No such payment.", code="P0200")
    return dict(found)


def _change(provider_id: str, **facts: str) -> None:
    cache.set(_name(provider_id), known_payment(provider_id) | facts, A_MONTH)


def _name(provider_id: str) -> str:
    return f"payments:{provider_id}"
