"""Legal hold: while it stands, nothing about a person is erased, neither by age nor because they ask.

For when the law needs what is known: a claim, a request of the police or a coroner, a complaint that is
not yet answered by the regulator. Each names its reason and the day on which it is looked at again.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from django.db import models, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from dcsn.access import Permission
from dcsn.accounts.models import User
from dcsn.audit import record
from dcsn.privacy.aliases import all_ids_of, current_id_of
from dcsn.privacy.events import HOLD_LIFTED, HOLD_PLACED, HOLD_REVIEWED
from dcsn.privacy.models import LegalHold
from dcsn.privacy.permitted import require
from dcsn.privacy.registry import lock_person

ModelT = TypeVar("ModelT", bound=models.Model)


class OnHold(Exception):
    """Nothing may be erased while a hold stands; ``str()`` says so, without saying why it stands."""

    def __init__(self, hold: LegalHold) -> None:
        self.hold = hold
        super().__init__(
            _(
                "Nothing about this person may be deleted now: a legal hold stands since %(since)s. "
                "Ask the data protection lead."
            )
            % {"since": date_format(timezone.localdate(hold.placed_at), "j F Y")}
        )


class HoldChanged(Exception):
    """Somebody else lifted it, or placed the same one, a moment ago."""


def held_ids() -> list[UUID]:
    """Everybody under a hold, with the ids of every record merged into theirs. Few, by nature."""
    subjects = LegalHold.objects.standing().values_list("subject", flat=True)
    return sorted({identifier for subject in subjects for identifier in all_ids_of(subject)})


def hold_on(ids: Iterable[UUID]) -> LegalHold | None:
    """The oldest hold that stands on one of these records, of which a merge may have made one person."""
    wanted = set(ids)
    for hold in LegalHold.objects.standing().order_by("placed_at"):
        if wanted & set(all_ids_of(hold.subject)):
            return hold
    return None


def without_held(
    rows: models.QuerySet[ModelT], person: str = "person_id"
) -> models.QuerySet[ModelT]:
    """``rows`` without those about somebody under a hold; ``person`` leads to the person's id."""
    held = held_ids()
    return rows.exclude(**{f"{person}__in": held}) if held else rows


@transaction.atomic
def place_hold(
    subject: UUID,
    *,
    reason: str,
    note: str,
    review_on: date,
    by: User,
    organisation: UUID | None = None,
) -> LegalHold:
    """From now on, nothing about them is erased. The same reason again is the same hold.

    Waits for an erasure that is under way. Raises ``PermissionDenied``, ``ValidationError``.
    """
    require(by, Permission.HOLD_PLACE)
    subject = current_id_of(subject)
    lock_person(all_ids_of(subject))
    known = LegalHold.objects.standing().filter(subject=subject, reason=reason).first()
    if known is not None:
        return known
    hold = LegalHold(
        subject=subject, reason=reason, note=note, review_on=review_on, placed_by=by.pk
    )
    hold.full_clean()
    hold.save(force_insert=True)
    record(
        HOLD_PLACED,
        by=by,
        subject=subject,
        organisation=organisation,
        details={"hold": hold.id, "reason": reason},
    )
    return hold


@transaction.atomic
def review_hold(hold: LegalHold, *, review_on: date, by: User) -> LegalHold:
    """It still stands, and is looked at again on another day."""
    current = _standing(hold, by)
    current.review_on = review_on
    current.full_clean()
    current.save(update_fields=["review_on"])
    record(HOLD_REVIEWED, by=by, subject=current.subject, details={"hold": current.id})
    return current


@transaction.atomic
def lift_hold(hold: LegalHold, *, why: str, by: User) -> LegalHold:
    """The reason is gone. What is due is erased by the next run. Raises :class:`HoldChanged`."""
    current = _standing(hold, by)
    current.lifted_at, current.lifted_by, current.lifted_why = timezone.now(), by.pk, why
    current.full_clean()
    current.save(update_fields=["lifted_at", "lifted_by", "lifted_why"])
    record(HOLD_LIFTED, by=by, subject=current.subject, details={"hold": current.id})
    return current


def _standing(hold: LegalHold, by: User) -> LegalHold:
    require(by, Permission.HOLD_PLACE)
    current = LegalHold.objects.select_for_update().get(pk=hold.pk)
    if current.lifted_at is not None:
        raise HoldChanged(_("Somebody else lifted this hold a moment ago."))
    return current


def export_holds(person: UUID) -> list[dict[str, Any]]:
    return [
        {
            "reason": hold.get_reason_display(),
            "note": hold.note,
            "placed_at": hold.placed_at,
            "lifted_at": hold.lifted_at,
        }
        for hold in LegalHold.objects.filter(subject=person)
    ]
