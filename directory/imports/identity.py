"""The same record has the same id in every import of its source."""

from __future__ import annotations

from uuid import NAMESPACE_URL, UUID, uuid5

NAMESPACE = uuid5(NAMESPACE_URL, "urn:community-support-network:import")


def as_uuid(text: object) -> UUID | None:
    """A UUID written in any of its usual ways, or None."""
    try:
        return UUID(str(text).strip())
    except ValueError:
        return None


class Identities:
    """Gives out ids within one source.

    A UUID in the source is kept, so that feeds can be joined. Anything else (``17``) means something
    only with its table and its source, and so becomes ``uuid5`` of the three.
    """

    def __init__(self, source: str) -> None:
        self.source = source
        self._taken: set[tuple[str, UUID]] = set()

    def of(self, table: str, key: object) -> UUID:
        return as_uuid(key) or uuid5(NAMESPACE, f"{self.source}\n{table}\n{key}")

    def child(self, table: str, owner: UUID, key: object) -> UUID:
        """The id of a row below ``owner``.

        The same child can be met below several owners (HSDS shows one telephone under a service and
        under its place): the first keeps the source's id, the others get one of their own.
        """
        identifier = as_uuid(key)
        if identifier is None or (table, identifier) in self._taken:
            identifier = uuid5(NAMESPACE, f"{self.source}\n{table}\n{owner}\n{key}")
        self._taken.add((table, identifier))
        return identifier
