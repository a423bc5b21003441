"""What a plan holds besides words and rows: pictures, a recording, decisions about risks."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dcsn.accounts.models import User
from directory.pictures import clean_picture
from pathways.actions.plans import SHARED_IN, keep_version, open_for
from pathways.models import CircleMember, Plan, Risk, RiskDecision, Shared, Words


def put_picture(*, plan: Plan, part: str, upload: Any, shows: str, by: User) -> Words:
    """A picture beside the words of a part, or instead of them, with what it shows.

    Only its pixels are kept: place, time and whatever else was in the file are gone.

    :raises directory.pictures.NotAPicture: with a sentence for the person who sent it.
    """
    clean = clean_picture(upload)
    if not shows.strip():
        raise ValidationError({"shows": _("Say what the picture shows")})
    saved: str | None = ""
    try:
        with transaction.atomic():
            current = open_for(plan, by, SHARED_IN[part])
            row, _made = Words.objects.select_for_update().get_or_create(plan=current, part=part)
            before = row.picture.name
            # A name that nobody can guess, and a new one each time: a browser keeps what it has seen.
            row.picture.save(f"{uuid.uuid4()}.jpg", ContentFile(clean.content), save=False)
            saved = row.picture.name
            row.picture_shows = shows.strip()
            row.version = current.version + 1
            row.full_clean()
            row.save()
            _delete_later(row, before)
            keep_version(current, by=by, part=part)
    except BaseException:
        if saved:
            Words.picture.field.storage.delete(saved)
        raise
    return row


@transaction.atomic
def take_picture_away(*, plan: Plan, part: str, by: User) -> None:
    """The picture, and its file once that is certain. Twice is no error."""
    current = open_for(plan, by, SHARED_IN[part])
    row = Words.objects.select_for_update().filter(plan=current, part=part).first()
    if row is None or not row.picture:
        return
    _delete_later(row, row.picture.name)
    row.picture = ""  # type: ignore[assignment]
    row.picture_shows = ""
    row.version = current.version + 1
    row.save()
    keep_version(current, by=by, part=part)


def _delete_later(row: Words, name: str | None) -> None:
    if name:
        storage = row.picture.storage
        transaction.on_commit(lambda: storage.delete(name))


@transaction.atomic
def set_recording(*, plan: Plan, address: str, by: User) -> Plan:
    """Where the person can be heard saying it themselves; empty takes the link away.

    :raises ValidationError: for an address that is not https: what is said there is theirs alone.
    """
    current = open_for(plan, by, Shared.ABOUT_ME)
    if address and urlsplit(address).scheme != "https":
        raise ValidationError({"address": _("The address must begin with https://")})
    if current.recording == address:
        return current
    current.recording = address
    current.full_clean()
    current.save(update_fields=["recording"])
    keep_version(current, by=by, part="recording")
    return current


@transaction.atomic
def take_out_of_circle(*, plan: Plan, member: CircleMember, by: User) -> None:
    """Somebody is not in the circle any more; earlier versions still have them. Twice is no error."""
    current = open_for(plan, by, Shared.CIRCLE)
    gone, _rows = CircleMember.objects.filter(plan=current, pk=member.pk).delete()
    if gone:
        keep_version(current, by=by, part="circlemember")


@transaction.atomic
def decide_about_risk(
    *,
    risk: Risk,
    decision: str,
    because: str,
    present: str,
    by: User,
    decided_on: date | None = None,
    key: uuid.UUID | None = None,
) -> RiskDecision:
    """One more line of the log. What was decided before stays as it was written.

    :param key: made with the form: the same form sent twice is one decision.
    """
    current = open_for(risk.plan, by, Shared.RISKS)
    known = RiskDecision.objects.filter(pk=key, risk=risk).first() if key else None
    if known is not None:
        return known
    row = RiskDecision(
        id=key or uuid.uuid4(),
        risk=risk,
        decision=decision,
        because=because,
        present=present,
        decided_on=decided_on or timezone.localdate(),
        by=by,
    )
    row.full_clean()
    row.save(force_insert=True)
    keep_version(current, by=by, part="riskdecision")
    return row
