"""A reader passes their list on."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from directory.models import SharedList


@transaction.atomic
def share_list(*, service_ids: Sequence[UUID]) -> SharedList:
    """Keep the ids under a new code.

    No audit row: it is about nobody, and who made it is deliberately not known.
    """
    return SharedList.objects.create(service_ids=list(service_ids))
