"""The reader's own list: service ids in the browser's session, no account, nothing about the reader."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest

from directory.models import Service
from directory.models.shared_lists import LONGEST

KEY = "my_list"


class MyList:
    """The list of the browser that sent ``request``; keeps its order."""

    def __init__(self, request: HttpRequest) -> None:
        self._session = request.session

    @property
    def ids(self) -> list[UUID]:
        return [UUID(text) for text in self._session.get(KEY, [])]

    def __len__(self) -> int:
        return len(self._session.get(KEY, []))

    def __contains__(self, service_id: UUID) -> bool:
        return str(service_id) in self._session.get(KEY, [])

    @property
    def is_full(self) -> bool:
        return len(self) >= LONGEST

    def add(self, *service_ids: UUID) -> None:
        """Put them at the end; what is there already stays where it is, what does not fit is left out."""
        texts = [*self._session.get(KEY, []), *map(str, service_ids)]
        self._session[KEY] = list(dict.fromkeys(texts))[:LONGEST]

    def remove(self, service_id: UUID) -> None:
        self._session[KEY] = [t for t in self._session.get(KEY, []) if t != str(service_id)]

    def clear(self) -> None:
        self._session.pop(KEY, None)


def in_order(ids: list[UUID]) -> list[Service]:
    """The published ones of these services, in the order of ``ids``, ready for a list."""
    found = {service.id: service for service in Service.objects.for_list_of(ids)}
    return [found[key] for key in ids if key in found]
