"""Opens every address of the portal as everybody in the cast, and compares with ``matrix.py``."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse

from dcsn.access.roles import ORGANISATION_ROLES, ROLES
from tests.access.addresses import all_addresses
from tests.access.matrix import MATRIX, Row
from tests.access.samples import SAMPLES
from tests.conftest import Cast

OPEN, SIGN_IN, SET_UP, REFUSED, ABSENT = "open", "sign in", "set up", "refused", "absent"


@dataclass(frozen=True)
class Visitor:
    """Who tries every address."""

    name: str
    role: str | None = None
    second_factor: bool = True
    stranger: bool = False

    def __str__(self) -> str:
        return self.name

    def client(self, cast: Cast, client_as: Callable[..., Client]) -> Client:
        if self.role == "resident":
            return Client(raise_request_exception=False)
        if self.role is None:
            user = cast.nobody
        else:
            user = cast.stranger(self.role) if self.stranger else cast.with_role(self.role)
        client = client_as(user, with_second_factor=self.second_factor)
        client.raise_request_exception = False
        return client


VISITORS = [
    Visitor("signed in without a role"),
    *(Visitor(code, code) for code in ROLES),
    *(
        Visitor(f"{code} whose second factor is not set up", code, second_factor=False)
        for code, role in ROLES.items()
        if role.staff
    ),
    *(
        Visitor(f"{code} of another organisation", code, stranger=True)
        for code in sorted(ORGANISATION_ROLES)
    ),
]


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
    if response.status_code >= 500:
        return f"broken, status {response.status_code}"
    return OPEN


def promised(row: Row, visitor: Visitor) -> str:
    """What the table says that this visitor sees."""
    if not visitor.second_factor:
        return OPEN if row.without_second_factor else SET_UP
    if visitor.role == "resident":
        return OPEN if row.everybody and not row.step_of_sign_in else SIGN_IN
    if row.everybody or row.signed_in:
        return OPEN
    if visitor.role not in row.roles:
        return REFUSED  # by their role, before anything is looked for
    return ABSENT if visitor.stranger and row.belongs_to_organisation else OPEN


def test_every_address_has_a_row() -> None:
    names = {address.name for address in all_addresses()}
    assert names - set(MATRIX) == set(), "addresses without a row in tests/access/matrix.py"
    assert set(MATRIX) - names == set(), "rows in tests/access/matrix.py for no address"


def test_every_sample_that_a_row_names_is_made() -> None:
    assert {row.sample for row in MATRIX.values() if row.sample} <= set(SAMPLES)


@pytest.mark.parametrize("visitor", VISITORS, ids=str)
def test_matrix(visitor: Visitor, cast: Cast, client_as: Callable[..., Client]) -> None:
    client = visitor.client(cast, client_as)
    samples: dict[str | None, dict[str, Any]] = {None: {}}
    wrong = {}
    for name, row in MATRIX.items():
        if row.sample not in samples:
            samples[row.sample] = SAMPLES[row.sample](cast)  # type: ignore[index]
        address = reverse(name, kwargs=samples[row.sample])
        response = client.get(f"{address}?{row.query}" if row.query else address)
        found = outcome(response)
        if response.streaming:
            list(response.streaming_content)  # a file that is sent stays open until its end
        if found == ABSENT and row.may_be_absent:
            found = OPEN
        if found != promised(row, visitor):
            wrong[name] = f"{found}, should be: {promised(row, visitor)}"
    assert wrong == {}


@pytest.mark.parametrize("visitor", VISITORS, ids=str)
def test_sending_a_form_is_no_way_round(
    visitor: Visitor, cast: Cast, client_as: Callable[..., Client]
) -> None:
    """Whoever may not open a page may not send its form either; an empty one breaks nothing."""
    client = visitor.client(cast, client_as)
    cookies = deepcopy(client.cookies)
    samples: dict[str | None, dict[str, Any]] = {None: {}}
    wrong = {}
    for name, row in MATRIX.items():
        if row.sample not in samples:
            samples[row.sample] = SAMPLES[row.sample](cast)  # type: ignore[index]
        address = reverse(name, kwargs=samples[row.sample])
        undo = transaction.savepoint()
        response = client.post(f"{address}?{row.query}" if row.query else address)
        found = outcome(response)
        if response.streaming:
            list(response.streaming_content)
        # The next address is tried by the same visitor on the same rows.
        transaction.savepoint_rollback(undo)
        client.cookies = deepcopy(cookies)
        if response.status_code == 405:
            continue  # takes no form from anybody: nothing was looked for, and nothing is told
        should_be = promised(row, visitor)
        if found.startswith("broken") or should_be not in (OPEN, found):
            wrong[name] = f"{found}, should be: {should_be}"
    assert wrong == {}
