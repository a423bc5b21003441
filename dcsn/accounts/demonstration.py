"""Sign-ins for a demonstration: one for each staff role, with passwords that anybody may know.

Refused unless ``settings.DEMONSTRATION``: a real installation begins with ``invite_administrator``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
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
from dcsn.access.roles import GIVEN_ROLES
from dcsn.accounts.models import User
from dcsn.accounts.used_codes import used_key
from dcsn.audit import SystemJob

JOB = SystemJob("load demonstration")
PASSWORD = "demonstration only"  # noqa: S105  (public on purpose, refused outside a demonstration)
DOMAIN = "demonstration.example"


class NotADemonstrationError(Exception):
    """Asked for outside a demonstration, or for somebody who is not part of it."""


@dataclass(frozen=True)
class DemonstrationSignIn:
    role: str

    @property
    def email(self) -> str:
        return f"{self.role.replace('_', '.')}@{DOMAIN}"

    @property
    def name(self) -> str:
        return str(GIVEN_ROLES[self.role].name)


SIGN_INS = [DemonstrationSignIn(code) for code, role in GIVEN_ROLES.items() if role.staff]


def load_demonstration_sign_ins(
    *, provider_id: UUID, access_point_id: UUID
) -> Iterator[DemonstrationSignIn]:
    """Make or complete the sign-ins; run twice, nothing is doubled. Yields each that it made.

    :param provider_id: the organisation whose entries the provider editor keeps.
    :param access_point_id: the organisation whose desk the access point's staff work at.
    """
    _refuse_outside_demonstration()
    places = {
        "provider_editor": provider_id,
        "access_point_staff": access_point_id,
        "hub_lead": access_point_id,
    }
    for sign_in in SIGN_INS:
        with transaction.atomic():
            user = User.objects.filter(email=sign_in.email).first()
            made = user is None
            if user is None:
                user = User.objects.create_user(
                    email=sign_in.email, password=PASSWORD, name=sign_in.name
                )
            EmailAddress.objects.get_or_create(
                user=user, email=user.email, defaults={"verified": True, "primary": True}
            )
            grant_role(
                user=user, role=sign_in.role, organisation_id=places.get(sign_in.role), by=JOB
            )
            if not Authenticator.objects.filter(user=user).exists():
                TOTP.activate(user, generate_totp_secret())
                RecoveryCodes.activate(user)
        if made:
            yield sign_in


def current_code(email: str) -> str:
    """What the authenticator app of a demonstration sign-in shows now.

    :raises NotADemonstrationError: outside a demonstration, or for anybody else's e-mail address.
    """
    _refuse_outside_demonstration()
    if email.lower() not in {sign_in.email for sign_in in SIGN_INS}:
        raise NotADemonstrationError(f"{email} is not one of the demonstration's sign-ins.")
    found = Authenticator.objects.filter(
        user__email__iexact=email, type=Authenticator.Type.TOTP
    ).first()
    if found is None:
        raise NotADemonstrationError(f"{email} is not there: run manage.py load_demonstration.")
    codes = [
        format_hotp_value(hotp_value(decrypt(found.data["secret"]), counter))
        for counter in yield_hotp_counters_from_time()
    ]
    # The middle one is now's; somebody who signs in twice within half a minute gets the next.
    now = len(codes) // 2
    for code in (*codes[now:], *codes[:now]):
        if not cache.get(used_key(found.user_id, code)):
            return code
    raise NotADemonstrationError(
        "Every code that is good now was used: try again in half a minute."
    )


def _refuse_outside_demonstration() -> None:
    if not settings.DEMONSTRATION:
        raise NotADemonstrationError(
            "This is not a demonstration (DCSN_DEMONSTRATION is not set): "
            "use an authenticator app, or begin with manage.py invite_administrator."
        )
