"""Accounts of a demonstration: their passwords and second factors are there for anybody who tries it.

Refused unless ``settings.DEMONSTRATION``: a real installation begins with ``invite_administrator``. Which
accounts there are is the demonstration network's own data (``directory/demonstration/sign_ins.toml``).
"""

from __future__ import annotations

from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from allauth.mfa.utils import decrypt
from django.conf import settings
from django.core.cache import cache
from django.db import transaction

from dcsn.access.actions import grant_role
from dcsn.accounts.models import User
from dcsn.accounts.used_codes import used_key
from dcsn.audit import Actor

# On the authenticator itself: one that somebody set up with their own telephone gives no codes away.
MARK = "demonstration"


class NotADemonstrationError(Exception):
    """Asked for outside a demonstration, or for an account that is not part of it."""


def set_up_sign_in(
    *, email: str, password: str, name: str, role: str, organisation_id: UUID | None, by: Actor
) -> User:
    """Make or complete one account, second factor and all; run twice, nothing is doubled."""
    _refuse_outside_demonstration()
    with transaction.atomic():
        user = User.objects.filter(email__iexact=email).first()
        if user is None:
            user = User.objects.create_user(email=email, password=password, name=name)
        EmailAddress.objects.get_or_create(
            user=user, email=user.email, defaults={"verified": True, "primary": True}
        )
        grant_role(user=user, role=role, organisation_id=organisation_id, by=by)
        if not Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists():
            totp = TOTP.activate(user, generate_totp_secret()).instance
            totp.data[MARK] = True
            totp.save(update_fields=["data"])
            RecoveryCodes.activate(user)
    return user


def current_code(email: str) -> str:
    """What the authenticator app of a demonstration account shows now.

    :raises NotADemonstrationError: outside a demonstration, or for anybody else's e-mail address.
    """
    _refuse_outside_demonstration()
    found = Authenticator.objects.filter(
        user__email__iexact=email, type=Authenticator.Type.TOTP
    ).first()
    if found is None or not found.data.get(MARK):
        raise NotADemonstrationError(
            f"{email} is not one of the demonstration's sign-ins, or has its own authenticator app."
        )
    codes = [
        format_hotp_value(hotp_value(decrypt(found.data["secret"]), counter))
        for counter in yield_hotp_counters_from_time()
    ]
    # The middle one is now's; somebody who signs in twice within half a minute gets the next.
    now = len(codes) // 2
    for code in (*codes[now:], *codes[:now]):
        if not cache.get(used_key(found.user_id, code)):
            return code
    raise NotADemonstrationError("Every code that is good now was used: wait half a minute.")


def _refuse_outside_demonstration() -> None:
    if not settings.DEMONSTRATION:
        raise NotADemonstrationError(
            "This is not a demonstration (DCSN_DEMONSTRATION is not set): "
            "use an authenticator app, or begin with manage.py invite_administrator."
        )
