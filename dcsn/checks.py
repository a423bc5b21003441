"""System checks for settings that are each well formed but wrong together, or wrong for production.

``manage.py check`` and every start run those that can never be right; those that only matter when real
people use the portal are marked ``deploy`` and run with ``manage.py check --deploy``.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import DEFAULT_DB_ALIAS, connections

OLDEST_POSTGRESQL = 15
#: WCAG's ratio for text; our header writes white on this colour for people with poor sight, hence AAA.
LEAST_CONTRAST = 7.0

Check = Callable[..., Sequence[CheckMessage]]


def _listed(found: Callable[[], Iterator[CheckMessage]]) -> Check:
    def check(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
        return list(found())

    check.__name__ = found.__name__
    check.__doc__ = found.__doc__
    return check


def contrast_with_white(colour: str) -> float:
    """WCAG's contrast ratio of ``#rrggbb`` with white; 1 for white itself, 21 for black."""

    def linear(part: str) -> float:
        value = int(part, 16) / 255
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(colour[start : start + 2]) for start in (1, 3, 5))
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def network_facts() -> Iterator[CheckMessage]:
    for code in settings.NETWORK_AREA_CODES:
        if not re.fullmatch(r"[EWSN]\d{8}", code):
            yield Error(
                f"DCSN_AREA_CODES holds {code!r}, which is not the code of a local authority.",
                hint="A GSS code is one letter (E, W, S or N) and eight digits.",
                id="dcsn.E001",
            )
    colour = settings.BRAND_COLOUR
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", colour):
        yield Error(
            f"DCSN_BRAND_COLOUR is {colour!r}, which is not a colour.",
            hint="Write it as six digits: #00465e.",
            id="dcsn.E002",
        )
    elif contrast_with_white(colour) < LEAST_CONTRAST:
        yield Error(
            f"White writing on DCSN_BRAND_COLOUR {colour} has a contrast of only "
            f"{contrast_with_white(colour):.1f}; it must be {LEAST_CONTRAST:g} or more.",
            hint="Choose a darker colour: many readers of this portal have poor sight.",
            id="dcsn.E003",
        )
    if settings.HELPLINE_HOURS and not settings.HELPLINE_NUMBER:
        yield Error(
            "DCSN_HELPLINE_HOURS is set, but DCSN_HELPLINE_NUMBER is not: hours of what?",
            id="dcsn.E004",
        )


def addresses() -> Iterator[CheckMessage]:
    site = urlsplit(settings.SITE_ADDRESS)
    if site.scheme not in ("http", "https") or not site.hostname or site.path.strip("/"):
        yield Error(
            f"DCSN_SITE_ADDRESS is {settings.SITE_ADDRESS!r}.",
            hint="Write scheme and host only: https://support.example",
            id="dcsn.E010",
        )
    for listed in settings.SHARED_ADDRESSES:
        try:
            ipaddress.ip_network(listed)
        except ValueError:
            yield Error(
                f"DCSN_SHARED_ADDRESSES holds {listed!r}, which is neither an address nor a network.",
                hint="Write 192.0.2.7 or 192.0.2.0/24; the last must end where the network begins.",
                id="dcsn.E011",
            )
    if settings.TRUSTED_PROXIES < 0:
        yield Error("DCSN_TRUSTED_PROXIES cannot be less than 0.", id="dcsn.E012")
    tiles = settings.TILE_ADDRESS
    if tiles:
        if not tiles.startswith("https://") or not all(
            part in tiles for part in ("{z}", "{x}", "{y}")
        ):
            yield Error(
                f"DCSN_TILE_ADDRESS is {tiles!r}.",
                hint="It begins with https:// and holds {z}, {x} and {y}.",
                id="dcsn.E013",
            )
        if not settings.TILE_ATTRIBUTION:
            yield Error(
                "DCSN_TILE_ADDRESS is set without DCSN_TILE_ATTRIBUTION: a map must name its source.",
                id="dcsn.E014",
            )


#: Shorter, and nobody could still find out who misused what they saw.
AUDIT_DAYS_AT_LEAST = 730


def keeping() -> Iterator[CheckMessage]:
    names = {name for name in dir(settings) if name.startswith("KEEP_") and name.endswith("_DAYS")}
    for name in sorted(names):
        if getattr(settings, name) < 1:
            yield Error(
                f"DCSN_{name} is {getattr(settings, name)}: things would be forgotten at once.",
                hint="Write a number of days, 1 or more.",
                id="dcsn.E025",
            )
    if settings.KEEP_AUDIT_DAYS < AUDIT_DAYS_AT_LEAST:
        yield Error(
            f"DCSN_KEEP_AUDIT_DAYS is {settings.KEEP_AUDIT_DAYS}; the trail is kept for two years "
            f"({AUDIT_DAYS_AT_LEAST} days) at least.",
            id="dcsn.E026",
        )
    if settings.KEEP_CASE_DAYS < settings.KEEP_INFORMATION_DAYS:
        yield Error(
            "DCSN_KEEP_CASE_DAYS is shorter than DCSN_KEEP_INFORMATION_DAYS: somebody who was helped "
            "would be forgotten before somebody who only asked.",
            id="dcsn.E027",
        )


def sending() -> Iterator[CheckMessage]:
    host = getattr(settings, "EMAIL_HOST", "localhost")
    if settings.EMAIL_HOST_USER and not settings.EMAIL_HOST_PASSWORD:
        yield Error(
            "DCSN_EMAIL_USER is set, but DCSN_EMAIL_PASSWORD (or DCSN_EMAIL_PASSWORD_FILE) is not.",
            id="dcsn.E020",
        )
    if settings.EMAIL_HOST_PASSWORD and not settings.EMAIL_USE_TLS and host != "localhost":
        yield Error(
            "DCSN_EMAIL_TLS is off: the mail server's password would be sent in the open.",
            id="dcsn.E021",
        )


def production() -> Iterator[CheckMessage]:
    """What must be set before real people use it; nothing of this applies to a laptop."""
    if settings.DEVELOPMENT:
        yield Warning(
            "DCSN_DEVELOPMENT is on: cookies travel without https and errors are easier to see.",
            hint="Unset it in production.",
            id="dcsn.W030",
        )
        return
    site = urlsplit(settings.SITE_ADDRESS)
    if site.scheme != "https":
        yield Error("DCSN_SITE_ADDRESS must begin with https:// in production.", id="dcsn.E031")
    if "*" in settings.ALLOWED_HOSTS:
        yield Error("DCSN_ALLOWED_HOSTS must name the hosts: '*' lets any in.", id="dcsn.E032")
    elif site.hostname not in settings.ALLOWED_HOSTS:
        yield Error(
            f"DCSN_ALLOWED_HOSTS does not hold {site.hostname}, the host of DCSN_SITE_ADDRESS.",
            id="dcsn.E033",
        )
    if settings.TRUSTED_PROXIES == 0:
        yield Warning(
            "DCSN_TRUSTED_PROXIES is 0, so everybody seems to come from the address of the proxy that "
            "ends TLS, and the limits on forms and sign-in would shut all out together.",
            hint="Set it to the number of proxies in front: 1 with the Caddyfile in this project.",
            id="dcsn.W034",
        )
    if not settings.HELPLINE_NUMBER:
        yield Warning(
            "DCSN_HELPLINE_NUMBER is not set: pages and prints offer nobody to ring.",
            id="dcsn.W035",
        )
    if not settings.NETWORK_AREA_CODES:
        yield Warning(
            "DCSN_AREA_CODES is empty: nobody's residency can be told from a postcode.",
            id="dcsn.W036",
        )
    if settings.EMAIL_BACKEND.endswith("filebased.EmailBackend"):
        yield Warning(
            "DCSN_EMAIL_HOST is not set: e-mail is written into files and reaches nobody, so staff "
            "cannot confirm their address.",
            id="dcsn.W037",
        )
    elif settings.DEFAULT_FROM_EMAIL.endswith("@example.org"):
        yield Warning("DCSN_EMAIL_FROM is not set: replies would go nowhere.", id="dcsn.W038")
    if not settings.CARD_KEYS:
        yield Warning(
            "DCSN_CARD_KEYS is not set: no discount card can be printed, and no code scanned.",
            id="dcsn.W042",
        )
    if not settings.REDIS_URL:
        yield Warning(
            "REDIS_URL is not set: tasks pass through files, which only processes on this machine see.",
            id="dcsn.W039",
        )


def database(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **_: Any
) -> list[CheckMessage]:
    """Asked only when a command names its databases (``migrate``, ``check --database default``)."""
    connection = connections[DEFAULT_DB_ALIAS]
    if connection.vendor != "postgresql":
        return [
            Error(
                f"DATABASE_URL names {connection.vendor}; the portal needs PostgreSQL.",
                hint="Searches, constraints and locks are PostgreSQL's own.",
                id="dcsn.E040",
            )
        ]
    if not databases or DEFAULT_DB_ALIAS not in databases:
        return []
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        version = int(cursor.fetchone()[0]) // 10000
    if version < OLDEST_POSTGRESQL:
        return [
            Error(
                f"PostgreSQL {version} is too old; the portal needs {OLDEST_POSTGRESQL} or newer.",
                id="dcsn.E041",
            )
        ]
    return []


register(_listed(network_facts))
register(_listed(addresses))
register(_listed(sending))
register(_listed(keeping))
register(_listed(production), deploy=True)
register(database, Tags.database)
