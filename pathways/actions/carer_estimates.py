"""How many carers there may be: written down with its source, and never changed afterwards."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from dcsn.access import Permission, check
from dcsn.accounts.models import User
from dcsn.audit import record
from pathways.events import CARERS_ESTIMATED
from pathways.models import CarerEstimate
from pathways.refusals import NotPossible


@transaction.atomic
def add_estimate(
    *, area: str, carers: int, known_elsewhere: int, as_of: date, source: str, by: User
) -> CarerEstimate:
    """The newest of an area, by its own day, is what those known are held against. The same twice is once.

    :raises NotPossible: another figure of this area has this day: it stays as it is.
    """
    check(by, Permission.CARER_ESTIMATE_ADD)
    # One area, however its letters are written.
    known_as = CarerEstimate.objects.filter(area__iexact=area).values_list("area", flat=True)
    facts = {"carers": carers, "known_elsewhere": known_elsewhere, "source": source}
    estimate = CarerEstimate(
        area=known_as.first() or area,
        as_of=as_of,
        made_by=by,
        made_by_name=(by.name or by.email)[:100],
        **facts,
    )
    try:
        with transaction.atomic():
            estimate.save(force_insert=True)
    except IntegrityError:
        known = CarerEstimate.objects.filter(area=estimate.area, as_of=as_of).first()
        if known is None:
            raise
        if all(getattr(known, name) == value for name, value in facts.items()):
            return known
        raise NotPossible(
            _(
                "There is another figure of that day, and it stays as it is. Give the newer one a later day."
            )
        ) from None
    record(
        CARERS_ESTIMATED,
        by=by,
        details={"estimate": str(estimate.id), "as_of": as_of.isoformat()},
    )
    return estimate
