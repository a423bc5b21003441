"""A code of an authenticator app is good once.

django-allauth forgets a used code after one period but, with ``MFA_TOTP_TOLERANCE``, accepts it a period
longer: somebody who read it over a shoulder could use it in between. We remember it while it is good.
"""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.core.cache import cache

PERIOD = 30  # seconds; allauth's MFA_TOTP_PERIOD, which authenticator apps assume


def used_key(user_id: UUID, code: str) -> str:
    return f"accounts:second-factor-used:{user_id}:{''.join(code.split())}"


def use(user_id: UUID, code: str) -> bool:
    """Mark a code as used. False when it was used already."""
    return cache.add(
        used_key(user_id, code), True, timeout=PERIOD * (1 + 2 * settings.MFA_TOTP_TOLERANCE)
    )
