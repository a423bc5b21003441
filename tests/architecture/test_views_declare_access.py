"""Every view says who may open it: ``public``, ``signed_in`` or ``requires``."""

from __future__ import annotations

from dcsn.access.decorators import Declared
from tests.access.addresses import all_addresses


def test_every_view_declares_its_access() -> None:
    silent = [
        f"{address.name} ({address.route})"
        for address in all_addresses()
        if not isinstance(getattr(address.view, "access", None), Declared)
    ]
    assert silent == []


def test_every_address_has_a_name() -> None:
    assert [a.route for a in all_addresses() if a.name.endswith("None")] == []


def test_the_portal_has_addresses_at_all() -> None:
    """So that a walk which finds nothing does not pass for a portal in which all is well."""
    assert len(all_addresses()) > 10
