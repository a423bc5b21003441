"""What the kernel may ask about organisations, which it holds only by their ids."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from directory.models import Organisation


class DirectoryOrganisations:
    """The directory's side of ``dcsn.access.organisations``."""

    def names(self, ids: Iterable[UUID]) -> dict[UUID, str]:
        return dict(Organisation.objects.filter(id__in=ids).values_list("id", "name"))

    def choices(self) -> list[tuple[UUID, str]]:
        return list(Organisation.objects.order_by("sort_key", "id").values_list("id", "name"))
