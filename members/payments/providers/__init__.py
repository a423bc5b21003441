"""Whoever takes cards online, behind one interface; which one it is, is a setting.

``interface``    what the portal asks of a provider, and what it is told
``development``  a pretended one, for trying the portal out
``govuk_pay``    GOV.UK Pay
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.utils.translation import gettext as _

from members.models import Payment
from members.payments.providers.development import Development
from members.payments.providers.govuk_pay import GovukPay
from members.payments.providers.interface import (
    CannotTake,
    OutOfReach,
    Provider,
    ProviderTrouble,
    Reading,
    RefundReading,
)
from members.refusals import Refused

__all__ = [
    "CannotTake",
    "NotOffered",
    "OutOfReach",
    "Provider",
    "ProviderTrouble",
    "Reading",
    "RefundReading",
    "online_method",
    "provider_of",
]


class NotOffered(Refused):
    """Nobody takes cards online for this network."""


PROVIDERS: dict[str, Callable[[], Provider]] = {
    Payment.Method.GOVUK_PAY: GovukPay,
    Payment.Method.DEVELOPMENT: Development,
}


def online_method() -> str:
    """How a payment that is begun now is taken.

    :raises NotOffered: when the setting is empty.
    """
    method = settings.PAYMENT_PROVIDER
    if not method:
        raise NotOffered(_("You cannot pay by card online at the moment. Pay at an access point."))
    return str(method)


def provider_of(method: str) -> Provider:
    """The provider by which a payment was begun; older ones keep theirs when the setting changes."""
    return PROVIDERS[method]()
