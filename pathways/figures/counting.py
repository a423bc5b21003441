"""The queries behind the commissioner's report: aggregates in PostgreSQL, five for any number of pathways.

All are of the pathways that began in a period, as everything stood at the end of the last full month: so
what is published changes once a month, not with each answer that somebody gives.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from dcsn.figures.periods import Period

Row = dict[str, Any]
_JSONB = 3802  # PostgreSQL's number of the type
# The breakdowns, and there are no others: nobody can ask for a table of their own. Of what got better there
# is none by ward: an area so small would be hidden nearly everywhere.
BREAKDOWNS = ("kind", "route", "organisation")
COUNTED_BY = (*BREAKDOWNS, "ward")

_COHORT = """
    cohort AS MATERIALIZED (
        SELECT p.id, k.name AS kind, o.name AS organisation,
               p.route || CASE WHEN p.eligibility = '' THEN '' ELSE ':' || p.eligibility END AS route,
               coalesce(nullif(w.name, ''), p.ward) AS ward, p.ended_at
          FROM pathways_pathway p
          JOIN pathways_pathwaykind k ON k.id = p.kind_id
          JOIN directory_organisation o ON o.id = p.organisation_id
          LEFT JOIN directory_ward w ON w.code = p.ward
         WHERE p.started_on >= %(first)s AND p.started_on < %(after)s AND p.started_on < %(as_at)s
    )
"""


def _sets(breakdowns: tuple[str, ...]) -> str:
    return f"GROUPING SETS ((), {', '.join(f'({name})' for name in breakdowns)})"


def _which(breakdowns: tuple[str, ...]) -> str:
    cases = " ".join(f"WHEN GROUPING({name}) = 0 THEN '{name}'" for name in breakdowns)
    return f"""
        CASE {cases} ELSE '' END AS breakdown, COALESCE({", ".join(breakdowns)}, '') AS line
    """


# In place once three names stood under it.
_IN_PLACE = (
    "EXISTS (SELECT 1 FROM pathways_plan l WHERE l.pathway_id = c.id "
    "AND l.agreed_version IS NOT NULL AND l.starts_on < %(as_at)s AND l.state <> 'entered-in-error')"
)
_REVIEWED = (
    "EXISTS (SELECT 1 FROM pathways_review r WHERE r.pathway_id = c.id "
    "AND r.state = 'recorded' AND r.held_on < %(as_at)s)"
)


@dataclass(frozen=True)
class Counting:
    period: Period
    as_at: date

    def pathways(self) -> list[Row]:
        """Begun, with a plan in place, reviewed, ended: all, and by each breakdown."""
        return self._rows(
            f"""
            WITH {_COHORT},
            flagged AS (
                SELECT c.*, {_IN_PLACE} AS in_place, {_REVIEWED} AS reviewed,
                       (c.ended_at AT TIME ZONE 'Europe/London')::date < %(as_at)s AS over
                  FROM cohort c
            )
            SELECT {_which(COUNTED_BY)}, count(*) AS begun,
                   count(*) FILTER (WHERE in_place) AS in_place,
                   count(*) FILTER (WHERE reviewed) AS reviewed,
                   count(*) FILTER (WHERE over) AS ended
              FROM flagged GROUP BY {_sets(COUNTED_BY)} ORDER BY 1, 2
            """  # noqa: S608 - our own text
        )

    def change(self) -> list[Row]:
        """Each question's first and latest answers of the same people; days apart, else it is no change."""
        return self._rows(
            f"""
            WITH {_COHORT},
            answered AS (
                SELECT m.pathway_id, a.question, count(DISTINCT m.taken_on) AS days,
                       (array_agg(a.score ORDER BY m.taken_on, m.id))[1] AS first,
                       (array_agg(a.score ORDER BY m.taken_on DESC, m.id DESC))[1] AS latest
                  FROM pathways_measuring m
                  JOIN pathways_wellbeinganswer a ON a.measuring_id = m.id
                 WHERE m.taken_on < %(as_at)s AND m.pathway_id = ANY(ARRAY(SELECT id FROM cohort))
                 GROUP BY m.pathway_id, a.question
            )
            SELECT a.question, {_which(BREAKDOWNS)}, count(*) AS started,
                   count(*) FILTER (WHERE a.days > 1) AS paired,
                   coalesce(sum(a.first) FILTER (WHERE a.days > 1), 0) AS first,
                   coalesce(sum(a.latest) FILTER (WHERE a.days > 1), 0) AS latest
              FROM cohort c JOIN answered a ON a.pathway_id = c.id
             GROUP BY a.question, {_sets(BREAKDOWNS)} ORDER BY 1, 2, 3
            """  # noqa: S608 - our own text
        )

    def goals(self) -> Row:
        """Pathways by how far they came: each counts once, however many goals somebody has."""
        return self._rows(
            f"""
            WITH {_COHORT},
            latest AS (
                SELECT DISTINCT ON (g.goal_id) m.pathway_id, g.achievement
                  FROM pathways_goalanswer g JOIN pathways_measuring m ON m.id = g.measuring_id
                 WHERE m.taken_on < %(as_at)s AND m.pathway_id = ANY(ARRAY(SELECT id FROM cohort))
                 ORDER BY g.goal_id, m.taken_on DESC, m.id DESC
            ),
            somebody AS (
                SELECT pathway_id,
                       bool_and(achievement IN ('achieved', 'sustaining')) AS all_reached,
                       bool_or(achievement IN ('achieved', 'sustaining')) AS reached,
                       bool_or(achievement IN ('improving', 'in-progress')) AS on_the_way
                  FROM latest GROUP BY pathway_id
            )
            SELECT count(*) AS asked, count(*) FILTER (WHERE all_reached) AS every,
                   count(*) FILTER (WHERE reached AND NOT all_reached) AS some,
                   count(*) FILTER (WHERE on_the_way AND NOT reached) AS under_way,
                   count(*) FILTER (WHERE NOT reached AND NOT on_the_way) AS none
              FROM somebody
            """  # noqa: S608 - our own text
        )[0]

    def strengths(self) -> Row:
        """By whose strength things are done in the plans in place; and where half of it is nobody's job."""
        return self._rows(
            f"""
            WITH {_COHORT},
            plans AS (
                SELECT l.pathway_id, a.source, count(*) AS things
                  FROM pathways_plan l JOIN pathways_action a ON a.plan_id = l.id
                 WHERE l.pathway_id = ANY(ARRAY(SELECT id FROM cohort)) AND l.agreed_version IS NOT NULL
                   AND l.starts_on < %(as_at)s AND l.state <> 'entered-in-error'
                   AND (a.created_at AT TIME ZONE 'Europe/London')::date < %(as_at)s
                 GROUP BY l.pathway_id, a.source
            ),
            somebody AS (
                SELECT pathway_id, sum(things) AS things,
                       coalesce(sum(things) FILTER (
                           WHERE source IN ('own', 'family-friends', 'community', 'volunteer')), 0)
                           AS unpaid
                  FROM plans GROUP BY pathway_id
            )
            SELECT count(*) AS plans, count(*) FILTER (WHERE unpaid * 2 >= things) AS half,
                   (SELECT coalesce(jsonb_object_agg(source, pathways), '{{}}') FROM (
                       SELECT source, count(*) AS pathways FROM plans GROUP BY source) s) AS sources
              FROM somebody
            """  # noqa: S608 - our own text
        )[0]

    def reviews(self) -> Row:
        """When the first review was held; and what the latest one did to the hours."""
        return self._rows(
            f"""
            WITH {_COHORT},
            first AS (
                SELECT DISTINCT ON (r.pathway_id) r.*
                  FROM pathways_review r
                 WHERE r.pathway_id = ANY(ARRAY(SELECT id FROM cohort)) AND r.why = 'after-start'
                   AND r.state <> 'not-needed' AND r.opens_on < %(as_at)s
                 ORDER BY r.pathway_id, r.opens_on, r.id
            ),
            latest AS (
                SELECT DISTINCT ON (r.pathway_id) r.*
                  FROM pathways_review r
                 WHERE r.pathway_id = ANY(ARRAY(SELECT id FROM cohort)) AND r.state = 'recorded'
                   AND r.held_on < %(as_at)s AND r.minutes_before IS NOT NULL
                   AND r.minutes_after IS NOT NULL
                 ORDER BY r.pathway_id, r.held_on DESC, r.id
            )
            SELECT (SELECT jsonb_build_object(
                        'all', count(*),
                        'in time', count(*) FILTER (WHERE held_on < %(as_at)s AND held_on <= closes_on),
                        'late', count(*) FILTER (WHERE held_on < %(as_at)s AND held_on > closes_on),
                        'missed', count(*) FILTER (
                            WHERE (held_on IS NULL OR held_on >= %(as_at)s) AND closes_on < %(as_at)s),
                        'to come', count(*) FILTER (
                            WHERE (held_on IS NULL OR held_on >= %(as_at)s) AND closes_on >= %(as_at)s)
                    ) FROM first) AS first,
                   (SELECT jsonb_build_object(
                        'more', count(*) FILTER (WHERE minutes_after > minutes_before),
                        'same', count(*) FILTER (WHERE minutes_after = minutes_before),
                        'fewer', count(*) FILTER (WHERE minutes_after < minutes_before)
                    ) FROM latest) AS hours
            """  # noqa: S608 - our own text
        )[0]

    def _rows(self, sql: str) -> list[Row]:
        with connection.cursor() as cursor:
            cursor.execute(
                sql,
                {"first": self.period.first, "after": self.period.after, "as_at": self.as_at},
            )
            columns = cursor.description
            return [
                {
                    # Django leaves JSON as text in what it did not ask for itself.
                    column.name: json.loads(cell) if column.type_code == _JSONB else cell
                    for column, cell in zip(columns, row, strict=True)
                }
                for row in cursor.fetchall()
            ]
