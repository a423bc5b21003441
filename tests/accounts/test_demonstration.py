"""Sign-ins of a demonstration, and that they stay there."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from dcsn.access.models import RoleAssignment
from dcsn.access.roles import GIVEN_ROLES
from dcsn.accounts.demonstration import NotADemonstrationError, set_up_sign_in
from dcsn.accounts.models import User
from dcsn.audit import SystemJob
from dcsn.management.commands.prepare import demonstration_notice
from directory.actions.demonstration import sign_ins
from directory.demonstration.network import identity
from tests.conftest import Cast

pytestmark = pytest.mark.django_db
SIGN_INS = sign_ins()
FIRST = SIGN_INS[0]


def load() -> None:
    for entry in SIGN_INS:
        at = entry.get("organisation")
        set_up_sign_in(
            email=entry["email"],
            password=entry["password"],
            name=entry["name"],
            role=entry["role"],
            organisation_id=identity("organisation", at) if at else None,
            by=SystemJob("tests"),
        )


@pytest.fixture
def demonstration(settings: Any) -> None:
    settings.DEMONSTRATION = True
    load()


def code(email: str) -> str:
    out = StringIO()
    call_command("demonstration_code", email, stdout=out)
    return out.getvalue().strip()


def sign_in(entry: dict[str, Any]) -> str:
    """Where somebody gets to who signs in so."""
    client = Client()
    client.post(reverse("account_login"), {"login": entry["email"], "password": entry["password"]})
    response = client.post(reverse("mfa_authenticate"), {"code": code(entry["email"])})
    return response.headers.get("Location", "")


def test_there_is_one_for_every_staff_role_a_volunteer_and_a_member(
    demonstration: None,
) -> None:
    staff = {code for code, role in GIVEN_ROLES.items() if role.staff}
    assert {assignment.role for assignment in RoleAssignment.objects.all()} == {
        *staff,
        "volunteer",
        "member",
    }


@pytest.mark.parametrize("entry", SIGN_INS, ids=lambda entry: entry["email"])
def test_each_signs_in_with_the_printed_code(demonstration: None, entry: Any) -> None:
    works_at_a_desk = entry["role"] in ("access_point_staff", "hub_lead")
    assert sign_in(entry) == reverse("referrals:hub" if works_at_a_desk else "accounts:home")


def test_twice_within_half_a_minute(demonstration: None) -> None:
    assert sign_in(FIRST) == reverse("accounts:home")
    assert sign_in(FIRST) == reverse("accounts:home")


def test_loading_twice_doubles_nothing(demonstration: None) -> None:
    users, roles = User.objects.count(), RoleAssignment.objects.count()
    load()
    assert (User.objects.count(), RoleAssignment.objects.count()) == (users, roles)


def test_refused_outside_a_demonstration(settings: Any, demonstration: None) -> None:
    settings.DEMONSTRATION = False
    with pytest.raises(CommandError, match="not a demonstration"):
        code(FIRST["email"])
    with pytest.raises(NotADemonstrationError):
        load()


def test_refused_for_anybody_else(demonstration: None, cast: Cast) -> None:
    """Also for an account whose owner set up their own authenticator app."""
    with pytest.raises(CommandError, match="not one of the demonstration"):
        code(cast.administrator.email)
    with pytest.raises(CommandError, match="not one of the demonstration"):
        code("nobody@example.org")


def test_the_server_says_how_to_sign_in() -> None:
    notice = demonstration_notice()
    for entry in SIGN_INS:
        assert entry["email"] in notice
    assert FIRST["password"] in notice
    assert "demonstration_code" in notice
