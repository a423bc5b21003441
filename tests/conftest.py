"""The cast: known people with known roles, instead of random users.

``cast.coordinator``, ``cast.administrator`` … are users with that role and their second factor set up.
Roles that are held at an organisation are held at ``cast.organisation_id``; ``cast.stranger("hub_lead")``
has the role at another organisation, ``cast.other_organisation_id``. ``client_as(user)`` is a test client in
which that user has signed in with the second factor::

    def test_editor_corrects(cast, client_as):
        response = client_as(cast.directory_editor).get(…)
"""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from dcsn.access import second_factor
from dcsn.access.roles import ROLES
from dcsn.accounts.models import User
from tests.factories.user import UserFactory

# A busy machine is slow, not wrong: no property test fails by the clock. CI tries the same examples each
# time, so that a red run can be run again; on a developer's machine they are new ones.
hypothesis_settings.register_profile(
    "portal",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=bool(os.environ.get("CI")),
)
hypothesis_settings.load_profile("portal")


@dataclass
class Cast:
    """Made when first asked for, so that a test pays only for whom it uses."""

    organisation_id: uuid.UUID = field(default_factory=uuid.uuid4)
    other_organisation_id: uuid.UUID = field(default_factory=uuid.uuid4)
    _users: dict[str, User] = field(default_factory=dict)

    def with_role(self, code: str) -> User:
        return self._user(code, code, self.organisation_id)

    def stranger(self, code: str) -> User:
        """Somebody with the same role at another organisation."""
        return self._user(f"stranger {code}", code, self.other_organisation_id)

    @property
    def nobody(self) -> User:
        """Signed in, with no role at all."""
        if "nobody" not in self._users:
            self._users["nobody"] = UserFactory(email="nobody@example.org")
        return self._users["nobody"]

    def __getattr__(self, name: str) -> User:
        if name in ROLES:
            return self.with_role(name)
        raise AttributeError(name)

    def _user(self, key: str, code: str, organisation_id: uuid.UUID) -> User:
        if key not in self._users:
            role = ROLES[code]
            self._users[key] = UserFactory(
                email=f"{key.replace(' ', '.')}@example.org",
                name=key.replace("_", " ").capitalize(),
                role=code,
                role__organisation_id=organisation_id if role.at_organisation else None,
                second_factor=role.staff,
            )
        return self._users[key]


@pytest.fixture
def cast(db: None) -> Cast:
    return Cast()


def sign_in(client: Client, user: User, *, with_second_factor: bool = True) -> Client:
    """Sign a user in without the forms. The session is what allauth's own sign-in leaves behind."""
    client.force_login(user)
    if with_second_factor:
        session = client.session
        session[second_factor.METHODS_USED] = [
            {"method": "password", "at": time.time(), "email": user.email},
            {"method": "mfa", "at": time.time(), "type": "totp"},
        ]
        session["account_authentication_methods_user"] = str(user.pk)
        session.save()
    return client


@pytest.fixture
def client_as(db: None) -> Callable[..., Client]:
    """``client_as(user)``: a new client in which the user has signed in, second factor done."""

    def make(user: User, *, with_second_factor: bool = True) -> Client:
        return sign_in(Client(), user, with_second_factor=with_second_factor)

    return make


@pytest.fixture(autouse=True)
def _quick_and_separate(settings: Any, tmp_path: Path) -> None:
    """Fast password hashes, and a folder for files and a part of the real cache of its own for each test.

    So that a rate limit counted in one test does not refuse the next, without emptying a cache that
    others use. Static files are not listed anew for every client.
    """
    settings.STATIC_ROOT = None
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.ERASURE_LOG = tmp_path / "erasures.jsonl"
    settings.WHITENOISE_USE_FINDERS = False
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.CACHES = {
        **settings.CACHES,
        "default": {**settings.CACHES["default"], "KEY_PREFIX": f"test-{uuid.uuid4()}"},
    }
