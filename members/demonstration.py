"""The agreements of the demonstration network: most in force, some about to run out, some missing."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid5

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
    if refresh:
        # The newest first: one that was renewed may not go before its successor.
        rows = SharingAgreement.objects.filter(organisation_id__in=ids.values())
        for agreement in rows.order_by("-signed_on", "-recorded_at"):
            agreement.delete()
    known = set(SharingAgreement.objects.values_list("organisation_id", flat=True))
    organisations = Organisation.objects.in_bulk(set(ids.values()) - known)
    today = timezone.localdate()
    for slug, key in ids.items():
        if key in organisations:
            _record(organisations[key], slug, told, today, by)
    return len(organisations)


def _record(
    organisation: Organisation, slug: str, told: dict[str, Any], today: date, by: Actor
) -> None:
    review = timedelta(days=told["review"][slug]) if slug in told["review"] else REVIEW
    agreement = record_agreement(
        organisation=organisation,
        terms=Terms(
            categories=told["narrow"].get(slug, Category.values),
            signed_on=today + SIGNED,
            review_on=today + review,
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
