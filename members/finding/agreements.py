"""Which access points may see each other's people, masked."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from uuid import UUID

from members.models import SharingAgreement


def partners_of(organisations: Collection[UUID], day: date) -> frozenset[UUID]:
    """Access points under a data-sharing agreement in force, when one of ``organisations`` is too."""
    holding = frozenset(
        SharingAgreement.objects.holding(day)
        .filter(organisation__is_access_point=True)
        .values_list("organisation_id", flat=True)
    )
    return holding if holding.intersection(organisations) else frozenset()
