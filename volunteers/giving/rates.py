"""The rates that a new network begins with, and adding another."""

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
from volunteers.refusals import NotPossible

FILE = Path(__file__).with_suffix(".toml")


@transaction.atomic
def load_rates(*, by: Actor) -> int:
    """Put the rates of the file in place of none; where there are any, nothing is changed. How many."""
    told = tomllib.loads(FILE.read_text(encoding="utf-8"))
    number = 0
    for model, rows in ((MileageRate, told["mileage"]), (HourValueRate, told["hour"])):
        if model._default_manager.exists():
            continue
        for row in rows:
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
