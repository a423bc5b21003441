"""The agreements of the demonstration network: most in force, some about to run out, some missing."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from dcsn.audit import Actor
from directory.actions.demonstration import NotADemonstration
from directory.demonstration.network import identity
from directory.demonstration.network import read as read_network
from directory.models import Organisation
from members.actions.agreements import Terms, end_agreement, record_agreement
from members.models import Category, SharingAgreement

FILE = Path(__file__).with_suffix(".toml")
SIGNED, REVIEW = timedelta(days=-300), timedelta(days=430)


@transaction.atomic
def load_agreements(*, by: Actor, refresh: bool = False) -> int:
    """Record what is missing; returns how many. With ``refresh``, all of them anew, from today.

    :raises NotADemonstration: unless ``settings.DEMONSTRATION``.
    """
    if not settings.DEMONSTRATION:
        raise NotADemonstration("This portal is not a demonstration.")
    told = tomllib.loads(FILE.read_text(encoding="utf-8"))
    slugs = [slug for slug in read_network("organisations.toml") if slug not in told["without"]]
    ids = {slug: identity("organisation", slug) for slug in slugs}
    today = timezone.localdate()
    if refresh:
        _forget_changed(ids, told, today)
    known = set(SharingAgreement.objects.values_list("organisation_id", flat=True))
    organisations = Organisation.objects.in_bulk(set(ids.values()) - known)
    for slug, key in ids.items():
        if key in organisations:
            _record(organisations[key], slug, told, today, by)
    return len(organisations)


def _forget_changed(ids: dict[str, UUID], told: dict[str, Any], today: date) -> None:
    """Take away what is not, or no longer, as the file has it from today."""
    rows: dict[UUID, list[SharingAgreement]] = {}
    # The newest first: one that was renewed may not go before its successor.
    for row in SharingAgreement.objects.filter(organisation_id__in=ids.values()).order_by(
        "-signed_on", "-recorded_at"
    ):
        rows.setdefault(row.organisation_id, []).append(row)
    for slug, organisation in ids.items():
        over = told["ended"].get(slug)
        wanted = (
            today + SIGNED,
            today + _until_review(slug, told),
            today + timedelta(days=over["on"]) if over else None,
        )
        found = rows.get(organisation, [])
        if [(row.signed_on, row.review_on, row.ended_on) for row in found] != [wanted]:
            for row in found:
                row.delete()


def _until_review(slug: str, told: dict[str, Any]) -> timedelta:
    return timedelta(days=told["review"][slug]) if slug in told["review"] else REVIEW


def _record(
    organisation: Organisation, slug: str, told: dict[str, Any], today: date, by: Actor
) -> None:
    agreement = record_agreement(
        organisation=organisation,
        terms=Terms(
            categories=told["narrow"].get(slug, Category.values),
            signed_on=today + SIGNED,
            review_on=today + _until_review(slug, told),
            signed_by=told["signed_by"],
            kept_at=told["kept_at"],
        ),
        by=by,
        # The same on every machine.
        key=uuid5(organisation.id, "agreement"),
    )
    over = told["ended"].get(slug)
    if over:
        end_agreement(
            agreement=agreement, on=today + timedelta(days=over["on"]), why=over["why"], by=by
        )
