"""How django-allauth behaves here."""

from __future__ import annotations

import base64
import hashlib
import time
from typing import Any

from allauth.account import app_settings as account_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.utils import is_mfa_enabled
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from dcsn.access import second_factor
from dcsn.access.doors import landing_for


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("This account is closed."),
        "duplicate_email": _("This is the address of your account already."),
        "email_password_mismatch": _("The e-mail address or the password is not right."),
        "enter_current_password": _("This is not the password you have now."),
        "incorrect_code": _("This is not the right code."),
        "incorrect_password": _("This is not the right password."),
        "rate_limited": _("That was tried many times. Wait a few minutes, then try again."),
        "too_many_login_attempts": _(
            "That was tried many times. Wait five minutes, then try again."
        ),
    }

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Staff begin where their work is; everybody else with the list of what they can do."""
        return landing_for(request.user) or str(super().get_login_redirect_url(request))

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Closed: residents need no account, staff are invited (docs/decisions/0012)."""
        return False

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Who has a second factor proves themselves with it: a password alone could have been seen."""
        methods = super().get_reauthentication_methods(user)
        stronger = [method for method in methods if method["id"] != "reauthenticate"]
        return stronger or methods

    def is_reauthentication_required(self, *, app: str, **named: Any) -> bool:
        """Not asked again of somebody who signed in a moment ago, with all they have."""
        if not super().is_reauthentication_required(app=app, **named):
            return False
        # Imported here: this module of allauth's needs the adapter itself.
        from allauth.account.authentication import get_authentication_records

        request = self.request
        if is_mfa_enabled(request.user):
            proved_at = second_factor.proved_at(request.session)
        else:
            records = get_authentication_records(request, request.user)
            proved_at = max((record["at"] for record in records), default=None)
        timeout = account_settings.REAUTHENTICATION_TIMEOUT
        return proved_at is None or time.time() - proved_at > timeout


class SecondFactorAdapter(DefaultMFAAdapter):
    """Keeps the secrets of authenticator apps and recovery codes encrypted in the database.

    The key comes from ``SECRET_KEY``, so that a copy of the database alone signs nobody in. After a change
    of key the old one goes to ``SECRET_KEY_FALLBACKS`` until everybody's secret is written anew.
    """

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("This is not the right code. Type the figures that the app shows now."),
        "unverified_email": _(
            "First confirm your e-mail address with the code that we sent to it."
        ),
    }

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()


def _cipher() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_derived(str(key))) for key in keys])


def _derived(key: str) -> bytes:
    digest = hashlib.blake2b(key.encode(), digest_size=32, person=b"second factor").digest()
    return base64.urlsafe_b64encode(digest)
