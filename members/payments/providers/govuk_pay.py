"""GOV.UK Pay, by its published interface (docs.payments.service.gov.uk; alphagov/pay-publicapi).

Five calls and one signature. The pool of connections and the retries are urllib3's; why there is no larger
library here says docs/decisions/0058. The key and the signing secret are in no message and in no log.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
from functools import cache
from typing import Any
from urllib.parse import quote
from uuid import UUID

import urllib3
from django.conf import settings

from members.models import Payment, Refund
from members.payments.providers.interface import CannotTake, OutOfReach, Reading, RefundReading

logger = logging.getLogger(__name__)
# Somebody waits for the page: one further try, at once, where asking twice does no harm.
TIMEOUT = urllib3.Timeout(connect=3, read=8)
ONE_MORE = urllib3.Retry(
    total=1,
    backoff_factor=0.2,
    status_forcelist=(500, 502, 503, 504),
    allowed_methods=None,
    redirect=0,
    respect_retry_after_header=False,
    raise_on_status=False,
)
NO_MORE = urllib3.Retry(total=0, redirect=0, raise_on_status=False)
STATES = frozenset(
    {"created", "started", "submitted", "capturable", "success", "failed", "cancelled", "error"}
)
RATE_LIMITED = 429


class GovukPay:
    def __init__(self, *, address: str = "", key: str = "") -> None:
        self._address = (address or settings.GOVUK_PAY_ADDRESS).rstrip("/")
        self._key = key or settings.GOVUK_PAY_KEY

    def create(
        self,
        *,
        key: UUID,
        reference: str,
        amount_pence: int,
        description: str,
        return_url: str,
    ) -> Reading:
        """201, or 200 with the payment that the same key began; 409 (P0191) when the facts differ."""
        said = self._ask(
            "POST",
            "/v1/payments",
            {
                "amount": amount_pence,
                "reference": reference,
                "description": description[:255],
                "return_url": return_url,
            },
            headers={"Idempotency-Key": str(key)},
            retries=ONE_MORE,
        )
        return self._reading(said)

    def read(self, provider_id: str) -> Reading:
        return self._reading(self._ask("GET", _payment(provider_id), retries=ONE_MORE))

    def cancel(self, provider_id: str) -> None:
        self._ask("POST", f"{_payment(provider_id)}/cancel")

    def refund(self, provider_id: str, *, amount_pence: int) -> RefundReading:
        """All of it, once. There is no idempotency key for refunds: the amount that we believe to be left is
        sent along, and when it is not, somebody (a try of ours whose answer was lost) was there before.

        :raises OutOfReach: also while the payment is too fresh to be given back.
        """
        summary = self._ask("GET", _payment(provider_id), retries=ONE_MORE).get("refund_summary")
        standing = _dict(summary).get("status")
        if standing == "pending":
            raise OutOfReach("The payment cannot be given back yet.", code="PENDING")
        if standing == "full":
            return self._refund_made_before(
                provider_id, amount_pence, CannotTake("It was given back.", code="P0603")
            )
        try:
            said = self._ask(
                "POST",
                f"{_payment(provider_id)}/refunds",
                {"amount": amount_pence, "refund_amount_available": amount_pence},
            )
        except CannotTake as refusal:
            if refusal.code in ("P0603", "P0604"):
                return self._refund_made_before(provider_id, amount_pence, refusal)
            raise
        return _refund_reading(said)

    def read_refund(self, provider_id: str, refund_id: str) -> RefundReading:
        address = f"{_payment(provider_id)}/refunds/{quote(refund_id, safe='')}"
        return _refund_reading(self._ask("GET", address, retries=ONE_MORE))

    def _refund_made_before(
        self, provider_id: str, amount_pence: int, refusal: CannotTake
    ) -> RefundReading:
        """The one that is there already; without one, their refusal stands."""
        said = self._ask("GET", f"{_payment(provider_id)}/refunds", retries=ONE_MORE)
        rows = [_refund_reading(row) for row in _list(_dict(said.get("_embedded")).get("refunds"))]
        for row in rows:
            if row.amount_pence == amount_pence and row.state != Refund.State.ERROR:
                return row
        raise refusal

    def _ask(
        self,
        method: str,
        path: str,
        body: dict[str, Any] | None = None,
        *,
        headers: dict[str, str] | None = None,
        retries: urllib3.Retry = NO_MORE,
    ) -> dict[str, Any]:
        """
        :raises OutOfReach: no answer in time, a broken one, too busy, or a fault of theirs.
        :raises CannotTake: a plain no, with their code.
        """
        try:
            answer = _pool().request(
                method,
                self._address + path,
                headers={"Authorization": f"Bearer {self._key}", "Accept": "application/json"}
                | (headers or {}),
                json=body,
                timeout=TIMEOUT,
                retries=retries,
                redirect=False,
            )
        except urllib3.exceptions.HTTPError as error:
            # The error's own words hold the address and no key, but they may hold anything else.
            raise OutOfReach(f"no answer ({type(error).__name__})") from None
        said = _parsed(answer.data)
        if 200 <= answer.status < 300:
            if answer.data and said is None:
                raise OutOfReach("an answer that is not JSON")
            return said or {}
        code = str(_dict(said).get("code", ""))[:10]
        if answer.status == RATE_LIMITED or answer.status >= 500 or said is None:
            raise OutOfReach(f"answered {answer.status}", code=code)
        raise CannotTake(f"answered {answer.status}", code=code)

    def _reading(self, said: dict[str, Any]) -> Reading:
        state, links = _dict(said.get("state")), _dict(said.get("_links"))
        next_url = str(_dict(links.get("next_url")).get("href", ""))
        amount = said.get("amount")
        if (
            state.get("status") not in STATES
            or not said.get("payment_id")
            or type(amount) is not int
        ):
            raise OutOfReach("an answer that says no state")
        if next_url and not next_url.startswith(self._address.split("//")[0] + "//"):
            raise OutOfReach("an answer that leads elsewhere")
        status, code = str(state["status"]), str(state.get("code", ""))[:10]
        return Reading(
            provider_id=str(said["payment_id"])[:64],
            state=status,
            amount_pence=amount,
            reference=str(said.get("reference", "")),
            # Whoever looks for the reason finds one, also where the provider gives none.
            code=code or {Payment.State.CANCELLED: "P0040", Payment.State.ERROR: "P0050"}.get(
                Payment.State(status), ""
            ),
            next_url=next_url,
            refundable_pence=int(_dict(said.get("refund_summary")).get("amount_available") or 0),
        )  # fmt: skip


def signature_of(body: bytes, secret: str) -> str:
    """HMAC-SHA256 of the raw body, as lower-case hexadecimal: what ``Pay-Signature`` holds."""
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def is_signed(body: bytes, signature: str) -> bool:
    """Whether it was signed with the secret of the setting, or with the one before it.

    Compared in constant time; with no secret set nothing is signed.
    """
    given = signature.encode("ascii", "replace")
    good = False
    for secret in settings.GOVUK_PAY_WEBHOOK_SECRETS:
        good |= hmac.compare_digest(given, signature_of(body, secret).encode())
    return good


@cache
def _pool() -> urllib3.PoolManager:
    return urllib3.PoolManager(num_pools=2, maxsize=4, block=False)


def _payment(provider_id: str) -> str:
    return f"/v1/payments/{quote(provider_id, safe='')}"


def _parsed(data: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(data)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _refund_reading(said: dict[str, Any]) -> RefundReading:
    state, amount = said.get("status"), said.get("amount")
    if state not in Refund.State.values or not said.get("refund_id") or type(amount) is not int:
        raise OutOfReach("an answer that says no state")
    return RefundReading(str(said["refund_id"])[:64], str(state), amount)


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[dict[str, Any]]:
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []
