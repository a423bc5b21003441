"""From keys to the few records worth comparing: one query, whatever the size of the network."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from members.finding.keys import WEIGHTS
from members.models import Person, PersonKeys

MOST = 120


@dataclass(frozen=True)
class Where:
    """Whose records are looked through: ``own`` in full, ``elsewhere`` only to be shown masked."""

    everywhere: bool  # a role of the whole network
    own: frozenset[UUID]
    elsewhere: frozenset[UUID] = frozenset()


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
    # One look into the index for each key, rather than one for any of them ("&&"): of that the planner
    # thinks it will find half the table, and reads all of it.
    # What is put into the text are names of tables; all that was typed is a parameter.
    query = f"""
        SELECT id, own FROM (
            SELECT person.id, own, row_number() OVER (
                PARTITION BY own ORDER BY shared.weight DESC, person.id
            ) AS place
            FROM (
                SELECT row.person_id, sum(asked.weight) AS weight
                FROM unnest(%(keys)s::varchar[], %(weights)s::int[]) AS asked (key, weight)
                JOIN {table} AS row ON row.keys @> ARRAY[asked.key]
                GROUP BY row.person_id
            ) AS shared
            JOIN {people} AS person ON person.id = shared.person_id
            CROSS JOIN LATERAL (
                SELECT %(everywhere)s OR person.organisation_id = ANY(%(own)s::uuid[]) AS own
            ) AS whose
            WHERE person.erased_at IS NULL AND person.merged_at IS NULL
              AND (own OR person.organisation_id = ANY(%(elsewhere)s::uuid[]))
              AND NOT (person.id = ANY(%(without)s::uuid[]))
        ) AS placed
        WHERE place <= %(most)s
    """  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(
            query,
            {
                "everywhere": where.everywhere,
                "own": list(where.own),
                "elsewhere": list(where.elsewhere),
                "keys": list(keys),
                "weights": [WEIGHTS[key[0]] for key in keys],
                "without": list(without),
                "most": most,
            },
        )
        return dict(cursor.fetchall())
