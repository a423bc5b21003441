"""Everything that is known about a person, for the person (UK GDPR Articles 15 and 20)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from dcsn.access import Permission
from dcsn.audit import Actor, record
from dcsn.network import network
from dcsn.privacy.aliases import all_ids_of
from dcsn.privacy.events import PERSON_EXPORTED
from dcsn.privacy.permitted import require
from dcsn.privacy.registry import PersonLink, links


@dataclass(frozen=True)
class Part:
    """The rows of one table. ``third_parties``: the keys that name, or may name, somebody else."""

    model: str
    heading: str
    rows: list[dict[str, Any]]
    third_parties: frozenset[str] = frozenset()

    @property
    def fields(self) -> list[list[dict[str, Any]]]:
        """Each row field by field, as a review keeps and shows it: the value for a machine, and the
        words for a person (empty where there is nothing to read)."""
        return [
            [
                {
                    "key": key,
                    "label": _capital(self._labels.get(key, key.replace("_", " "))),
                    "value": json.loads(json.dumps(value, cls=DjangoJSONEncoder)),
                    "text": _in_words(value),
                    "third_party": key in self.third_parties,
                }
                for key, value in row.items()
            ]
            for row in self.rows
        ]

    @property
    def _labels(self) -> dict[str, str]:
        model = apps.get_model(self.model)
        return {field.name: str(field.verbose_name) for field in model._meta.local_fields}

    @property
    def readable(self) -> list[list[tuple[str, str]]]:
        """The rows as a person reads them: what each value is, and the value; empty ones left out."""
        return [[(one["label"], one["text"]) for one in row if one["text"]] for row in self.fields]


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _in_words(value: Any) -> str:
    """Any value of an export as a line or several."""
    match value:
        case None | "" | False:
            return ""
        case True:
            return _("yes")
        case datetime():
            return date_format(timezone.localtime(value), "l j F Y, g:i a")
        case date():
            return date_format(value, "j F Y")
        case dict():
            return ", ".join(text for item in value.values() if (text := _in_words(item)))
        case list() | tuple():
            return "\n".join(text for item in value if (text := _in_words(item)))
        case _:
            return str(value)


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


def gather(ids: list[UUID]) -> list[Part]:
    """Every row about a person with these ids, without what would tip somebody off. Not for handing
    out: somebody must read it first, because others are named in it."""
    return [
        Part(
            model=model._meta.label,
            heading=str(link.heading),
            rows=[row for identifier in ids for row in link.export(identifier)],
            third_parties=frozenset(link.third_parties),
        )
        for model, link in _as_read()
    ]


def _as_read() -> list[tuple[type[models.Model], PersonLink]]:
    """The tables in the order of a copy: the person's own row first, what is derived from it last."""
    found = [(model, link) for model, link in reversed(links()) if not link.left_out_of_copy]
    own = apps.get_model(settings.PRIVACY_PERSON_MODEL)
    order = next((link.order for model, link in found if model is own), 0)
    return sorted(found, key=lambda pair: (pair[0] is not own, pair[1].order > order))


@transaction.atomic
def export_person(person: UUID, *, by: Actor, organisation: UUID | None = None) -> PersonExport:
    """Gather every row about ``person``, of records merged into theirs too, and note who asked.

    Raises ``PermissionDenied`` unless ``by`` may read what nobody has reviewed yet. Whether they may
    export *this* person is the caller's question, because only ``members`` knows whose the person is.
    """
    require(by, Permission.COPY_REVIEW)
    ids = all_ids_of(person)
    parts = gather(ids)
    record(PERSON_EXPORTED, by=by, subject=ids[0], organisation=organisation)
    return PersonExport(person=ids[0], made_at=timezone.now(), network=network().name, parts=parts)
