"""A mistake is reported; somebody answers."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from dcsn.access import Permission, check
from dcsn.accounts.models import User
from dcsn.audit import SystemJob, record
from directory.events import CORRECTION_ANSWERED, CORRECTION_REPORTED
from directory.models import Correction, Service

REPORT_FORM = SystemJob("mistake report form")


class AlreadyAnsweredError(Exception):
    """Somebody else answered first."""


@transaction.atomic
def report_correction(*, service: Service, about: str, text: str) -> Correction:
    """Keep what a reader says is wrong; the code on the result is how they read the answer."""
    correction = Correction.objects.create(service=service, about=about, text=text)
    record(
        CORRECTION_REPORTED,
        by=REPORT_FORM,
        subject=service.id,
        organisation=service.organisation_id,
        details={"correction": str(correction.id), "about": about},
    )
    return correction


@transaction.atomic
def report_missing(*, text: str) -> Correction:
    """Keep what a reader looked for and did not find."""
    correction = Correction.objects.create(about=Correction.About.MISSING, text=text)
    record(
        CORRECTION_REPORTED,
        by=REPORT_FORM,
        details={"correction": str(correction.id), "about": correction.about},
    )
    return correction


@transaction.atomic
def answer_correction(*, correction: Correction, state: str, reply: str, by: User) -> Correction:
    """Say what became of a report. Raises ``AlreadyAnsweredError`` when it has an answer."""
    check(by, Permission.REPORT_HANDLE)
    kept = (
        Correction.objects.select_for_update(of=("self",))
        .select_related("service")
        .get(id=correction.id)
    )
    if kept.is_answered:
        raise AlreadyAnsweredError(kept.said_code)
    kept.state = state
    kept.reply = reply
    kept.answered_at = timezone.now()
    kept.answered_by = by
    kept.save()
    record(
        CORRECTION_ANSWERED,
        by=by,
        subject=kept.service_id,
        organisation=kept.service.organisation_id if kept.service else None,
        fields=["state", "reply"],
        details={"correction": str(kept.id), "state": state},
    )
    return kept
