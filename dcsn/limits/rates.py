"""The decorator that public forms wear, and the two counts behind it.

A library's forty readers, a care home's staff and a whole mobile network each share one address, so an
address alone may not shut anybody out. Two counts, for each form apart:

* the **browser** (by its CSRF cookie, which every form already needs): a person does not report ten
  mistakes in ten minutes, so this one is low;
* the **address**: what stops a program that throws its cookie away; it is high enough for a full reading
  room, and ten times higher for the addresses that the network lists as shared
  (``DCSN_SHARED_ADDRESSES``: its libraries and access points).

The counts are rows in the database, added to in one statement, so that they hold across processes with
and without Redis (docs/decisions/0006). Only a keyed hash is stored, and for a day at most.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import wraps
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from dcsn.limits.models import count_one, count_several

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]

SHARED_ADDRESS_FACTOR = 10


@dataclass(frozen=True)
class Rate:
    """So many times in each stretch of so long; stretches begin on the clock, not with the first use."""

    times: int
    every: timedelta

    def began_at(self, now: datetime) -> datetime:
        seconds = int(self.every.total_seconds())
        return datetime.fromtimestamp(int(now.timestamp()) // seconds * seconds, UTC)

    def seconds_left(self, now: datetime) -> int:
        return max(1, int((self.began_at(now) + self.every - now).total_seconds()) + 1)


PER_BROWSER = Rate(6, timedelta(minutes=10))
PER_ADDRESS = Rate(60, timedelta(minutes=10))


def visitor_address(request: HttpRequest) -> str:
    """The visitor's address: the one that the outermost proxy we trust has seen; "" when not known.

    ``DCSN_TRUSTED_PROXIES`` says how many proxies stand in front. What a visitor writes into
    ``X-Forwarded-For`` lies further left and is not believed.
    """
    proxies = settings.TRUSTED_PROXIES
    seen = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    if proxies and len(seen) >= proxies and seen[-proxies]:
        return seen[-proxies]
    return str(request.META.get("REMOTE_ADDR", ""))


def _network_of(address: str) -> str:
    """An IPv6 subscriber has a whole /64, so that is what is counted."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if parsed.version == 6:
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)


def _is_shared(address: str) -> bool:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(parsed in ipaddress.ip_network(listed) for listed in settings.SHARED_ADDRESSES)


def _key(*parts: str) -> str:
    return salted_hmac("dcsn.limits", "|".join(parts), algorithm="sha256").hexdigest()


def seconds_to_wait(
    request: HttpRequest,
    form: str,
    *,
    per_browser: Rate = PER_BROWSER,
    per_address: Rate = PER_ADDRESS,
) -> int:
    """Count this sending of ``form``; 0 when it may go on, else the seconds until it may."""
    now = timezone.now()
    address = visitor_address(request)
    network = _network_of(address)
    # Who keeps no cookie cannot pass the CSRF check either; such requests share one low count.
    browser = request.META.get("CSRF_COOKIE") or f"none at {network}"
    counted = count_one(_key(form, "browser", browser), per_browser.began_at(now))
    if counted > per_browser.times:
        return per_browser.seconds_left(now)
    if network:
        allowed = per_address.times * (SHARED_ADDRESS_FACTOR if _is_shared(address) else 1)
        counted = count_one(_key(form, "address", network), per_address.began_at(now))
        if counted > allowed:
            return per_address.seconds_left(now)
    return 0


def seconds_to_wait_after(
    request: HttpRequest, form: str, outcomes: Sequence[tuple[str, Rate, bool]]
) -> int:
    """Count how something ended, for the visitor's address alone, and say as ``seconds_to_wait`` does.

    For pages that need no cookie and where one outcome is harmless: a shop's till is asked all day, and
    only wrong numbers are a sign of guessing. ``outcomes`` are (name, rate, whether it happened now);
    one that did not happen is read at the same cost, so that nothing can be told from the time it takes.
    Called after the work, because only then is the outcome known; where it returns more than 0 the
    result must not be shown.
    """
    now = timezone.now()
    address = visitor_address(request)
    factor = SHARED_ADDRESS_FACTOR if _is_shared(address) else 1
    network = _network_of(address) or "unknown"
    counts = count_several(
        [
            (_key(form, name, network, str(rate.every)), rate.began_at(now), int(happened))
            for name, rate, happened in outcomes
        ]
    )
    return max(
        (
            rate.seconds_left(now)
            for (_name, rate, _happened), counted in zip(outcomes, counts, strict=True)
            if counted > rate.times * factor
        ),
        default=0,
    )


def seconds_to_wait_for_user(user_id: object, form: str, rate: Rate) -> int:
    """Count this sending of ``form`` by somebody signed in, wherever they sit; as ``seconds_to_wait``."""
    now = timezone.now()
    counted = count_one(_key(form, "user", str(user_id)), rate.began_at(now))
    return rate.seconds_left(now) if counted > rate.times else 0


def limited(
    form: str, *, per_browser: Rate = PER_BROWSER, per_address: Rate = PER_ADDRESS
) -> Callable[[View[P]], View[P]]:
    """For the view of a public form: refuse what is sent too often, with a page that says when again.

    Only POST counts. Looking is free, and so is a wrong entry up to the limit: it costs us the same.
    """

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def wrapper(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if request.method == "POST":
                wait = seconds_to_wait(
                    request, form, per_browser=per_browser, per_address=per_address
                )
                if wait:
                    # The kernel's page; imported here because it stands above this package.
                    from dcsn.error_pages import too_many_requests

                    return too_many_requests(request, retry_after=wait)
            return view(request, *args, **kwargs)

        return wrapper

    return decorate
