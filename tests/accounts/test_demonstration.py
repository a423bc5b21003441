"""Sign-ins of a demonstration, and that they stay there."""

from __future__ import annotations

import uuid
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from dcsn.access.models import RoleAssignment
from dcsn.access.roles import GIVEN_ROLES
from dcsn.accounts.demonstration import (
    PASSWORD,
    SIGN_INS,
    NotADemonstrationError,
    load_demonstration_sign_ins,
)
from dcsn.accounts.models import User
from tests.conftest import Cast

pytestmark = pytest.mark.django_db
PLACES = {"provider_id": uuid.uuid4(), "access_point_id": uuid.uuid4()}


@pytest.fixture
def demonstration(settings: Any) -> None:
    settings.DEMONSTRATION = True
    list(load_demonstration_sign_ins(**PLACES))


def code(email: str) -> str:
    out = StringIO()
    call_command("demonstration_code", email, stdout=out)
    return out.getvalue().strip()


def test_there_is_one_for_every_staff_role(demonstration: None) -> None:
    staff = {code for code, role in GIVEN_ROLES.items() if role.staff}
    assert {assignment.role for assignment in RoleAssignment.objects.all()} == staff
    assert len(SIGN_INS) == len(staff)


@pytest.mark.parametrize("sign_in", SIGN_INS, ids=lambda sign_in: sign_in.role)
def test_each_signs_in_with_the_printed_code(demonstration: None, sign_in: Any) -> None:
    client = Client()
    client.post(reverse("account_login"), {"login": sign_in.email, "password": PASSWORD})
    response = client.post(reverse("mfa_authenticate"), {"code": code(sign_in.email)})
    assert response.headers["Location"] == reverse("accounts:home")


def test_twice_within_half_a_minute(demonstration: None) -> None:
    for _ in range(2):
        client = Client()
        client.post(reverse("account_login"), {"login": SIGN_INS[0].email, "password": PASSWORD})
        response = client.post(reverse("mfa_authenticate"), {"code": code(SIGN_INS[0].email)})
        assert response.headers["Location"] == reverse("accounts:home")


def test_loading_twice_doubles_nothing(demonstration: None) -> None:
    users, roles = User.objects.count(), RoleAssignment.objects.count()
    assert list(load_demonstration_sign_ins(**PLACES)) == []
    assert (User.objects.count(), RoleAssignment.objects.count()) == (users, roles)


def test_refused_outside_a_demonstration(settings: Any, demonstration: None) -> None:
    settings.DEMONSTRATION = False
    with pytest.raises(CommandError, match="not a demonstration"):
        code(SIGN_INS[0].email)
    with pytest.raises(NotADemonstrationError):
        list(load_demonstration_sign_ins(**PLACES))


def test_refused_for_anybody_else(demonstration: None, cast: Cast) -> None:
    with pytest.raises(CommandError, match="not one of the demonstration"):
        code(cast.administrator.email)
