"""Opens every address of the portal as everybody in the cast, and compares with ``matrix.py``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse

from dcsn.access.roles import ORGANISATION_ROLES, ROLES
from tests.access.addresses import all_addresses
from tests.access.matrix import MATRIX, Row
from tests.access.samples import SAMPLES
from tests.conftest import Cast

OPEN, SIGN_IN, SET_UP, REFUSED, ABSENT = "open", "sign in", "set up", "refused", "absent"


def outcome(response: HttpResponseBase) -> str:
    """What somebody saw, in one word."""
    path = urlsplit(response.headers.get("Location", "")).path
    if path == reverse("account_login"):
        return SIGN_IN
    if path == reverse("mfa_activate_totp"):
        return SET_UP
    if response.status_code == 403:
        return REFUSED
    if response.status_code == 404:
        return ABSENT
    assert response.status_code < 500, f"status {response.status_code}"
    return OPEN


def expected(row: Row, who: str | None) -> str:
    """What the table promises to a role; ``None`` stands for somebody signed in without any."""
    if row.everybody or (row.signed_in and who != "resident"):
        return OPEN
    if who == "resident":
        return SIGN_IN
    return OPEN if who in row.roles else REFUSED


def test_every_address_has_a_row() -> None:
    names = {address.name for address in all_addresses()}
    assert names - set(MATRIX) == set(), "addresses without a row in tests/access/matrix.py"
    assert set(MATRIX) - names == set(), "rows in tests/access/matrix.py for no address"


def test_every_sample_that_a_row_names_is_made() -> None:
    assert {row.sample for row in MATRIX.values() if row.sample} <= set(SAMPLES)


@pytest.mark.parametrize("name", sorted(MATRIX))
def test_address(name: str, cast: Cast, client_as: Callable[..., Client]) -> None:
    row = MATRIX[name]
    arguments: dict[str, Any] = SAMPLES[row.sample](cast) if row.sample else {}
    address = reverse(name, kwargs=arguments) + (f"?{row.query}" if row.query else "")

    def seen(client: Client) -> str:
        # The browser is one whose scripts are off and which follows nothing by itself.
        response = client.get(address)
        if response.streaming:
            list(response)  # read to its end, or the file that is served stays open
        return outcome(response)

    found = {"resident": seen(Client()), "signed in, no role": seen(client_as(cast.nobody))}
    promised = {
        "resident": expected(row, "resident"),
        "signed in, no role": expected(row, None),
    }
    for code in ROLES.keys() - {"resident"}:
        found[code] = seen(client_as(cast.with_role(code)))
        promised[code] = expected(row, code)
        if ROLES[code].staff:
            key = f"{code}, second factor not set up"
            found[key] = seen(client_as(cast.with_role(code), with_second_factor=False))
            promised[key] = OPEN if row.without_second_factor else SET_UP
    for code in ORGANISATION_ROLES:
        key = f"{code} of another organisation"
        found[key] = seen(client_as(cast.stranger(code)))
        promised[key] = expected(row, code)
        if row.belongs_to_organisation and code in row.roles:
            promised[key] = ABSENT
        if row.belongs_to_organisation and code not in row.roles and not row.everybody:
            # Refused by their role before anything is looked for.
            promised[key] = REFUSED
    if row.step_of_sign_in:
        promised["resident"] = SIGN_IN
    if row.may_be_absent:
        found = {who: OPEN if what == ABSENT else what for who, what in found.items()}
    assert found == promised
