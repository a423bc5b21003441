"""The rates that come with the portal, and adding another."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from dcsn.access import Permission
from dcsn.audit import Actor, record
from volunteers.access import check_holds
from volunteers.giving.events import RATE_ADDED
from volunteers.models import HourValueRate, MileageRate
from volunteers.models.rate import Vehicle
from volunteers.refusals import NotPossible

FILE = Path(__file__).with_suffix(".toml")


@transaction.atomic
def load_rates(*, by: Actor) -> int:
    """Put the rates of the file that are missing into use; ``manage.py prepare`` does, with each release.

    Of a vehicle, or of the hour, for which the network has a figure of its own, nothing is added and
    nothing is changed: also no later one, which would count in place of theirs from its day on.

    :returns: how many rates were added.
    """
    told = tomllib.loads(FILE.read_text(encoding="utf-8"))
    series: list[tuple[Any, list[dict[str, Any]]]] = [(HourValueRate, told["hour"])]
    for vehicle in Vehicle.values:
        of_it = [row for row in told["mileage"] if row["vehicle"] == vehicle]
        series.append((MileageRate, of_it))
    return sum(_load(model, rows, by) for model, rows in series)


def _load(model: Any, rows: list[dict[str, Any]], by: Actor) -> int:
    """One after the other of one series; how many were missing."""
    held = model._default_manager.all()
    if model is MileageRate:
        held = held.filter(vehicle__in={row["vehicle"] for row in rows})
    ours = {row["from_on"]: row["pence"] for row in rows}
    days = dict(held.values_list("from_on", "pence"))
    if any(ours.get(day) != pence for day, pence in days.items()):
        return 0
    newest = max(days, default=date.min)
    number = 0
    for row in rows:
        if row["from_on"] > newest:
            _add(model, by, **row)
            number += 1
    return number


@transaction.atomic
def add_rate(*, model: Any, by: Actor, **facts: Any) -> Any:
    """A rate from a day on. The older ones stay: what was counted by them stays as it is.

    :param model: ``MileageRate`` or ``HourValueRate``.
    :raises NotPossible: when there is one from that day.
    """
    check_holds(by, Permission.VOLUNTEER_RATES, None)
    try:
        with transaction.atomic():
            return _add(model, by, **facts)
    except IntegrityError as error:
        raise NotPossible(_("There is a rate from that day already.")) from error


def _add(model: Any, by: Actor, *, from_on: date, **facts: Any) -> Any:
    row = model._default_manager.create(from_on=from_on, **facts)
    record(
        RATE_ADDED,
        by=by,
        details={"rate": row.pk, "what": model._meta.model_name, "from": from_on.isoformat()},
    )
    return row
