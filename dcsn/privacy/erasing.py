"""Forgetting a person (UK GDPR Article 17), and forgetting again after a restore."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from dcsn.access import Permission
from dcsn.audit import Actor, SystemJob, record
from dcsn.privacy import erasure_log
from dcsn.privacy.aliases import all_ids_of
from dcsn.privacy.events import PERSON_ERASED, PERSON_ERASED_AGAIN
from dcsn.privacy.holds import OnHold, hold_on
from dcsn.privacy.models import Erasure
from dcsn.privacy.permitted import require
from dcsn.privacy.registry import links, lock_person

AFTER_RESTORE = SystemJob("erasures after restore")


@dataclass(frozen=True)
class ErasureReport:
    """What was done, for the person and for whoever did it."""

    person: UUID
    rows: dict[str, int]
    kept: list[tuple[str, str]]

    @property
    def total(self) -> int:
        return sum(self.rows.values())


@transaction.atomic
def erase_person(
    person: UUID, *, by: Actor, reason: str, organisation: UUID | None = None
) -> ErasureReport:
    """Erase ``person`` and every record merged into theirs; says what stays and why.

    Raises ``PermissionDenied`` when ``by`` may erase nobody, ``OnHold`` while a legal hold stands,
    ``ErasureLogError`` when the log cannot be written: then nothing is erased, because a restore would
    bring it back.
    """
    require(by, Permission.PERSON_ERASE)
    reason = Erasure.Reason(reason).value
    ids = _locked_ids(person)
    hold = hold_on(ids)
    if hold is not None:
        raise OnHold(hold)
    rows = _erase(ids)
    actor = by.name if isinstance(by, SystemJob) else str(by.pk)
    for identifier in ids:
        Erasure.objects.get_or_create(
            subject=identifier, defaults={"erased_by": actor, "reason": reason}
        )
    record(
        PERSON_ERASED,
        by=by,
        subject=ids[0],
        organisation=organisation,
        details={"reason": reason, "rows": sum(rows.values())},
    )
    # Last, and still inside: a failure here takes everything back. Should the commit itself fail
    # after this line, the log names somebody who was to be erased anyhow.
    erasure_log.append(subjects=ids, at=timezone.now(), by=actor, reason=reason)
    kept = [(str(link.heading), str(link.keep)) for _model, link in links() if link.keep]
    return ErasureReport(person=ids[0], rows=rows, kept=kept)


def _locked_ids(person: UUID) -> list[UUID]:
    """All ids of ``person``, their rows held: read again once they are, for a merge may have been under way,
    and half of a person would stay."""
    ids: list[UUID] = []
    while (found := all_ids_of(person)) != ids:
        ids = found
        lock_person(ids)
    return ids


def _erase(ids: list[UUID]) -> dict[str, int]:
    lock_person(ids)
    rows: dict[str, int] = {}
    for model, link in links():
        count = sum(link.erase(identifier) for identifier in ids)
        if count:
            rows[model._meta.label] = count
    return rows


def reapply_erasures() -> dict[str, int]:
    """Erase again everybody whom the log or the table says was erased; for after a restore.

    Returns ``{"people": how many are named, "brought_back": how many had anything to erase}``. May
    be run at any time and twice. Raises ``ErasureLogError`` when the log cannot be read.
    """
    named: dict[UUID, dict[str, str]] = {}
    for entry in erasure_log.read():
        for subject in entry["subjects"]:
            named[subject] = {
                "at": entry["at"],
                "erased_by": entry["by"],
                "reason": entry["reason"],
            }
    for erasure in Erasure.objects.exclude(subject__in=named):
        named[erasure.subject] = {}
    counts = {"people": len(named), "brought_back": 0}
    for subject, said in named.items():
        with transaction.atomic():
            total = sum(_erase([subject]).values())
            if said:
                Erasure.objects.get_or_create(
                    subject=subject,
                    defaults={
                        "erased_at": parse_datetime(said["at"]) or timezone.now(),
                        "erased_by": said["erased_by"],
                        "reason": said["reason"],
                    },
                )
            if total:
                counts["brought_back"] += 1
                Erasure.objects.filter(subject=subject).update(reapplied_at=timezone.now())
                record(
                    PERSON_ERASED_AGAIN, by=AFTER_RESTORE, subject=subject, details={"rows": total}
                )
    return counts
