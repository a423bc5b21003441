"""Filling a portal with the demonstration network, and only a portal that is a demonstration."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from dcsn.accounts.demonstration import set_up_sign_in
from dcsn.audit import Actor
from directory.actions.imports import ImportReport, write_batch
from directory.actions.postcodes import load_sector_figures
from directory.actions.reference import load_calendars, load_reference_data
from directory.demonstration.network import (
    FOLDER,
    SOURCE,
    demonstration_batch,
    identity,
    read,
)

SECTORS_SOURCE = "OS Code-Point Open, August 2014"


class NotADemonstration(Exception):
    """Refused: made-up services and public passwords do not belong among real ones."""


def load_demonstration(
    *, by: Actor, refresh: bool = False, progress: Callable[[int], None] = lambda records: None
) -> ImportReport:
    """Load what is missing of the demonstration; loading it again writes nothing.

    :param refresh: put back what was changed while trying out, and count its dates from today.
    :raises NotADemonstration: unless ``settings.DEMONSTRATION``.
    """
    if not settings.DEMONSTRATION:
        raise NotADemonstration(
            "This portal is not a demonstration: set DCSN_DEMONSTRATION where no real people are."
        )
    with transaction.atomic():
        load_sector_figures(FOLDER / "postcode_sectors.csv", source=SECTORS_SOURCE)
        load_reference_data()
        load_calendars(FOLDER / "calendars.toml")
        report = write_batch(
            batch=demonstration_batch(timezone.localdate()),
            source=SOURCE,
            by=by,
            only_new=not refresh,
            topics=True,
            progress=progress,
        )
        for sign_in in sign_ins():
            _load_sign_in(sign_in, by)
    return report


def sign_ins() -> list[dict[str, Any]]:
    """The demonstration's accounts, each with the password they share."""
    found = read("sign_ins.toml")
    return [{**entry, "password": found["password"]} for entry in found["sign_in"]]


def _load_sign_in(entry: dict[str, Any], by: Actor) -> None:
    at = entry.get("organisation")
    set_up_sign_in(
        email=entry["email"],
        password=entry["password"],
        name=entry["name"],
        role=entry["role"],
        organisation_id=identity("organisation", at) if at else None,
        by=by,
    )
