"""Everything that is known about a person, for the person (UK GDPR Articles 15 and 20)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils import timezone

from dcsn.access import Permission
from dcsn.audit import Actor, record
from dcsn.network import network
from dcsn.privacy.aliases import all_ids_of
from dcsn.privacy.events import PERSON_EXPORTED
from dcsn.privacy.permitted import require
from dcsn.privacy.registry import links


@dataclass(frozen=True)
class Part:
    """The rows of one table."""

    model: str
    heading: str
    rows: list[dict[str, Any]]


@dataclass(frozen=True)
class PersonExport:
    """All of it, in parts; empty ones are there too, because "nothing" is an answer."""

    person: UUID
    made_at: datetime
    network: str
    parts: list[Part]

    def as_json(self) -> str:
        """For a machine: the same content, names of tables and fields as they are in the portal."""
        return json.dumps(
            {
                "person": self.person,
                "made_at": self.made_at,
                "network": self.network,
                "parts": [
                    {"table": part.model, "heading": part.heading, "rows": part.rows}
                    for part in self.parts
                ],
            },
            cls=DjangoJSONEncoder,
            ensure_ascii=False,
            indent=2,
        )


@transaction.atomic
def export_person(person: UUID, *, by: Actor, organisation: UUID | None = None) -> PersonExport:
    """Gather every row about ``person``, of records merged into theirs too, and note who asked.

    Raises ``PermissionDenied`` when ``by`` may export nobody. Whether they may export *this* person
    is the caller's question, because only ``members`` knows whose the person is.
    """
    require(by, Permission.PERSON_EXPORT)
    ids = all_ids_of(person)
    parts = [
        Part(
            model=model._meta.label,
            heading=str(link.heading),
            rows=[row for identifier in ids for row in link.export(identifier)],
        )
        for model, link in reversed(links())
    ]
    record(PERSON_EXPORTED, by=by, subject=ids[0], organisation=organisation)
    return PersonExport(person=ids[0], made_at=timezone.now(), network=network().name, parts=parts)
