"""From keys to the few records worth comparing: one query, whatever the size of the network."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from members.finding.keys import WEIGHTS
from members.models import Person, PersonKeys

MOST = 200


@dataclass(frozen=True)
class Where:
    """Whose records are looked through: ``own`` in full, ``elsewhere`` only to be shown masked."""

    everywhere: bool  # a role of the whole network
    own: frozenset[UUID]
    elsewhere: frozenset[UUID] = frozenset()


_KINDS = " ".join(f"WHEN '{kind}' THEN {weight}" for kind, weight in WEIGHTS.items())


def candidates(
    keys: Collection[str], where: Where, *, most: int = MOST, without: Collection[UUID] = ()
) -> dict[UUID, bool]:
    """Ids of the records that share keys, and whether each is among one's own; the most keys first.

    At most ``most`` of one's own and as many of elsewhere's, so that a search for "John" at a large
    network costs no more than one for a rare name.
    """
    if not keys or not (where.everywhere or where.own or where.elsewhere):
        return {}
    table = connection.ops.quote_name(PersonKeys._meta.db_table)
    people = connection.ops.quote_name(Person._meta.db_table)
    # What is put into the text are names of tables and numbers of ours; all that was typed is a parameter.
    query = f"""
        SELECT id, own FROM (
            SELECT id, own, row_number() OVER (PARTITION BY own ORDER BY weight DESC, id) AS place
            FROM (
                SELECT person.id,
                    (%(everywhere)s OR person.organisation_id = ANY(%(own)s::uuid[])) AS own,
                    (SELECT sum(CASE left(key, 1) {_KINDS} ELSE 1 END)
                     FROM unnest(row.keys) AS key
                     WHERE key = ANY(%(keys)s::varchar[])) AS weight
                FROM {table} AS row
                JOIN {people} AS person ON person.id = row.person_id
                WHERE row.keys && %(keys)s::varchar[]
                  AND person.erased_at IS NULL AND person.merged_at IS NULL
                  AND (%(everywhere)s OR person.organisation_id = ANY(%(all)s::uuid[]))
                  AND NOT (person.id = ANY(%(without)s::uuid[]))
            ) AS weighed
        ) AS placed
        WHERE place <= %(most)s
    """  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(
            query,
            {
                "everywhere": where.everywhere,
                "own": list(where.own),
                "all": list(where.own | where.elsewhere),
                "keys": list(keys),
                "without": list(without),
                "most": most,
            },
        )
        return dict(cursor.fetchall())
