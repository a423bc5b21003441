"""What the portal asks of whoever takes cards online, and what it is told.

A provider holds no state of ours and writes nothing into our database: it answers questions. What follows
from an answer is decided in ``members.payments.online``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID


class ProviderTrouble(Exception):
    """The provider could not do what it was asked. ``code`` is its own, for the record; never a secret."""

    def __init__(self, message: str, *, code: str = "") -> None:
        super().__init__(message)
        self.code = code


class OutOfReach(ProviderTrouble):
    """No answer, a broken one, or too busy: the same question, with the same key, may be asked again."""


class CannotTake(ProviderTrouble):
    """A plain no, which asking again does not change."""


@dataclass(frozen=True)
class Reading:
    """How a payment stands with the provider. ``state`` is one of ``Payment.State``'s online ones.

    ``next_url`` is where the payer goes on; empty once there is nothing for them to do.
    ``refundable_pence`` is what the provider would still give back.
    """

    provider_id: str
    state: str
    amount_pence: int
    reference: str
    code: str = ""
    next_url: str = ""
    refundable_pence: int = 0


@dataclass(frozen=True)
class RefundReading:
    """How a refund stands: ``state`` is one of ``Refund.State``."""

    provider_id: str
    state: str
    amount_pence: int


class Provider(Protocol):
    def create(
        self,
        *,
        key: UUID,
        reference: str,
        amount_pence: int,
        description: str,
        return_url: str,
    ) -> Reading:
        """Begin a payment. The same ``key`` with the same facts is the same payment."""

    def read(self, provider_id: str) -> Reading: ...

    def cancel(self, provider_id: str) -> None:
        """Give up one that is not finished.

        :raises CannotTake: when it is too late.
        """

    def refund(self, provider_id: str, *, amount_pence: int) -> RefundReading:
        """Give back all of it, once: when it was given back before, that is what is answered."""

    def read_refund(self, provider_id: str, refund_id: str) -> RefundReading: ...
