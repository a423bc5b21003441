"""Users as the tests need them.

    UserFactory()                                     somebody who signed up, with no role
    UserFactory(role="directory_editor")              with a role, given through the action
    UserFactory(role="provider_editor", role__organisation_id=…)
    UserFactory(second_factor=True)                   has an authenticator app set up

``SECRET`` is every authenticator's secret; ``code_now(user)`` is what the app would show.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

import factory
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from allauth.mfa.utils import decrypt

from dcsn.access.actions import grant_role
from dcsn.accounts.models import User
from dcsn.audit import SystemJob

PASSWORD = "correct horse battery staple"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
TESTS = SystemJob("tests")


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    class Params:
        plain_password = PASSWORD

    email = factory.Sequence(lambda n: f"person{n}@example.org")
    name = factory.Sequence(lambda n: f"Person {n}")

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **kwargs: Any) -> User:
        user: User = model_class.objects.create_user(password=PASSWORD, **kwargs)
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        return user

    @factory.post_generation
    def role(
        self: User, create: bool, extracted: str | None, organisation_id: UUID | None = None
    ) -> None:
        """``role="…"``, and ``role__organisation_id=…`` for a role that is held at one."""
        if extracted:
            grant_role(user=self, role=extracted, organisation_id=organisation_id, by=TESTS)

    @factory.post_generation
    def second_factor(self: User, create: bool, extracted: bool | None) -> None:
        if extracted:
            TOTP.activate(self, SECRET)
            RecoveryCodes.activate(self)


def code_now(user: User) -> str:
    """The six figures that the user's authenticator app shows."""
    found = Authenticator.objects.get(user=user, type=Authenticator.Type.TOTP)
    return code_of(decrypt(found.data["secret"]))


def code_of(secret: str) -> str:
    """The six figures that an app shows now for a key that was typed into it."""
    before_now_after = list(yield_hotp_counters_from_time())
    now = before_now_after[len(before_now_after) // 2]
    return format_hotp_value(hotp_value(secret, now))
