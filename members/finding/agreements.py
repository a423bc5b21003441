"""Which access points may see each other's people, masked."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from uuid import UUID

from members.models import SharingAgreement


def under_agreement(day: date) -> frozenset[UUID]:
    """Access points that have signed an agreement to share, and it is in force."""
    return frozenset(
        SharingAgreement.objects.holding(day)
        .filter(organisation__is_access_point=True)
        .values_list("organisation_id", flat=True)
    )


def partners_of(organisations: Collection[UUID], day: date) -> frozenset[UUID]:
    """Access points under a data-sharing agreement in force, when one of ``organisations`` is too."""
    holding = under_agreement(day)
    return holding if holding.intersection(organisations) else frozenset()
