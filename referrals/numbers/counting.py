"""The queries behind the figures: aggregates in PostgreSQL, one for each table, however many referrals.

Counted by the day on which a referral was sent or an enquiry was begun, so that every share is of the same
referrals ("of those sent in this quarter, so far"). Drafts and what was entered by mistake are left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from dcsn.figures.periods import Period, months_on
from referrals.clocks import OVERDUE_AFTER
from referrals.states import ANSWERS, FINAL, Loop, State
from referrals.working_days import add_working_days, is_working_day

MONTHS_BACK = 12
Row = dict[str, Any]

_SENT = "r.requested_at IS NOT NULL AND r.state NOT IN ('draft', 'entered-in-error')"
_OF_HUB_R = "(%(hub)s::uuid IS NULL OR r.requester_id = %(hub)s::uuid)"
_OF_HUB_E = "(%(hub)s::uuid IS NULL OR e.organisation_id = %(hub)s::uuid)"


def _day(moment: str) -> str:
    """The London day of a moment, in SQL."""
    return f"({moment} AT TIME ZONE 'Europe/London')::date"


# Sent so long ago, and still no answer.
_SILENT = (
    f"r.acknowledged_at IS NULL AND r.state = 'requested' "
    f"AND {_day('r.requested_at')} <= %(silent_since)s"
)
_BY_THE_PERSON = (
    "EXISTS (SELECT 1 FROM referrals_followup f WHERE f.referral_id = r.id "
    "AND f.state = 'answered' AND f.answered_by IN ('person', 'carer'))"
)
# Begun and brought to an end at the desk: what was left open or given up tells nothing of how long it takes.
_LOGGED = "e.finished_at IS NOT NULL AND e.state NOT IN ('open', 'abandoned')"
_UNMET = (
    "e.unmet OR EXISTS (SELECT 1 FROM referrals_referral r WHERE r.enquiry_id = e.id "
    f"AND {_SENT} AND r.loop = 'did-not-get-help')"
)
# What a service is mainly about: the first of its topics' top levels, so that each counts once.
_ROOTS = """
    WITH RECURSIVE roots AS (
        SELECT id, id AS root FROM directory_taxonomyterm WHERE parent_id IS NULL
        UNION ALL
        SELECT term.id, roots.root FROM directory_taxonomyterm term JOIN roots
            ON term.parent_id = roots.id
    )
"""


@dataclass(frozen=True)
class Counting:
    """What is counted: a period, of one hub or (``hub`` None) of the whole network, as it is today."""

    period: Period
    today: date
    hub: UUID | None = None

    def referrals(self) -> dict[bool, Row]:
        """How referrals went, by whether they are of this period (True) or of the one before."""
        answers = ", ".join(
            f"count(*) FILTER (WHERE r.loop = '{answer}') AS \"{answer}\"" for answer in Loop.values
        )
        rows = self._rows(
            f"""
            WITH calendar AS (
                SELECT day, sum(working::int) OVER (ORDER BY day) AS number
                  FROM unnest(%(days)s::date[], %(working)s::boolean[]) AS one (day, working)
            )
            SELECT r.requested_at >= %(start)s AS now,
                   count(*) AS sent,
                   count(r.acknowledged_at) AS acknowledged,
                   count(r.accepted_at) AS accepted,
                   count(*) FILTER (WHERE r.state = 'completed') AS completed,
                   count(*) FILTER (WHERE r.state = ANY(%(final)s)) AS ended,
                   count(*) FILTER (WHERE r.state = ANY(%(final)s)
                                    AND r.loop <> 'not-asked') AS to_ask,
                   count(*) FILTER (WHERE r.state = ANY(%(final)s) AND r.loop = ANY(%(answers)s)
                                    AND {_BY_THE_PERSON}) AS closed_by_person,
                   count(*) FILTER (WHERE {_SILENT}) AS silent,
                   count(DISTINCT r.service_id) FILTER (WHERE {_SILENT}) AS silent_services,
                   percentile_cont(0.5) WITHIN GROUP (
                       ORDER BY seen.number - asked.number) AS acknowledged_after,
                   count(r.begun_at) AS begun,
                   percentile_cont(0.5) WITHIN GROUP (
                       ORDER BY {_day("r.begun_at")} - {_day("r.requested_at")}) AS begun_after,
                   {answers}
              FROM referrals_referral r
              LEFT JOIN calendar asked ON asked.day = {_day("r.requested_at")}
              LEFT JOIN calendar seen ON seen.day = {_day("r.acknowledged_at")}
             WHERE r.requested_at >= %(start_before)s AND r.requested_at < %(end)s
               AND {_SENT} AND {_OF_HUB_R}
             GROUP BY 1
            """,
            final=sorted(FINAL - {State.ENTERED_IN_ERROR}),
            answers=list(ANSWERS),
            **self._calendar(),
        )
        return {row.pop("now"): row for row in rows}

    def enquiries(self) -> dict[bool, Row]:
        """Enquiries by how they came and how they were dealt with, of this period and the one before."""
        rows = self._rows(
            f"""
            SELECT e.started_at >= %(start)s AS now,
                   count(*) AS enquiries,
                   count(*) FILTER (WHERE e.person_id IS NULL AND e.anonymised_at IS NULL)
                       AS nameless,
                   count(*) FILTER (WHERE {_LOGGED}) AS logged,
                   percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (
                       ORDER BY extract(epoch FROM e.finished_at - e.started_at) / 60)
                       FILTER (WHERE {_LOGGED}) AS minutes,
                   count(*) FILTER (WHERE {_UNMET}) AS unmet,
                   count(*) FILTER (WHERE e.origin = 'checklist') AS checklists,
                   coalesce(sum((SELECT count(*) FROM referrals_referral r
                                  WHERE r.enquiry_id = e.id AND {_SENT}))
                       FILTER (WHERE e.origin = 'checklist'), 0)::int AS of_checklists
              FROM referrals_enquiry e
             WHERE e.started_at >= %(start_before)s AND e.started_at < %(end)s
               AND e.state <> 'entered-in-error' AND {_OF_HUB_E}
             GROUP BY 1
            """
        )
        return {row.pop("now"): row for row in rows}

    def channels(self) -> dict[str, int]:
        return self._pairs(
            f"""
            SELECT e.channel, count(*) FROM referrals_enquiry e
             WHERE e.started_at >= %(start)s AND e.started_at < %(end)s
               AND e.state <> 'entered-in-error' AND {_OF_HUB_E}
             GROUP BY 1
            """
        )

    def topics(self) -> list[Row]:
        """Enquiries by the top level of their topics; one about two of them counts in both."""
        return self._rows(
            f"""
            {_ROOTS}
            SELECT top.name, count(DISTINCT e.id) AS enquiries
              FROM directory_taxonomyterm top
              LEFT JOIN (
                   roots JOIN referrals_enquiry_topics said ON said.taxonomyterm_id = roots.id
                         JOIN referrals_enquiry e ON e.id = said.enquiry_id
                              AND e.started_at >= %(start)s AND e.started_at < %(end)s
                              AND e.state <> 'entered-in-error' AND {_OF_HUB_E}
              ) ON roots.root = top.id
             WHERE top.parent_id IS NULL AND (top.is_topic OR e.id IS NOT NULL)
             GROUP BY top.id ORDER BY top.position, top.sort_key, top.id
            """
        )

    def refusals(self) -> list[Row]:
        """What was sent, by the service's type; and of it what was turned down or could not be done, by the
        reason ("" for what was not)."""
        return self._rows(
            f"""
            {_ROOTS},
            types AS (
                SELECT DISTINCT ON (about.service_id) about.service_id, top.name
                  FROM directory_service_terms about
                  JOIN roots ON roots.id = about.taxonomyterm_id
                  JOIN directory_taxonomyterm top ON top.id = roots.root
                 ORDER BY about.service_id, top.position, top.sort_key, top.id
            )
            SELECT coalesce(types.name, '') AS type,
                   CASE WHEN r.state IN ('rejected', 'failed')
                          OR r.state = 'cancelled' AND r.ended_by = 'receiver'
                        THEN r.status_reason ELSE '' END AS reason,
                   count(*) AS referrals
              FROM referrals_referral r LEFT JOIN types ON types.service_id = r.service_id
             WHERE r.requested_at >= %(start)s AND r.requested_at < %(end)s
               AND {_SENT} AND {_OF_HUB_R}
             GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2
            """
        )

    def silent_services(self) -> list[Row]:
        """Services that owe a first answer for longer than is allowed, the most first."""
        return self._rows(
            f"""
            SELECT service.name, owner.name AS organisation, found.silent, found.sent
              FROM (SELECT r.service_id, r.owner_id, count(*) AS sent,
                           count(*) FILTER (WHERE {_SILENT}) AS silent
                      FROM referrals_referral r
                     WHERE r.requested_at >= %(start)s AND r.requested_at < %(end)s
                       AND {_SENT} AND {_OF_HUB_R}
                     GROUP BY r.service_id, r.owner_id) found
              JOIN directory_service service ON service.id = found.service_id
              JOIN directory_organisation owner ON owner.id = found.owner_id
             WHERE found.silent > 0
             ORDER BY found.silent DESC, service.sort_key, service.id
            """
        )

    def never_replying(self) -> list[Row]:
        """Organisations that have answered nothing they were ever sent, at least one of it long ago."""
        return self._rows(
            f"""
            SELECT owner.name, found.sent
              FROM (SELECT r.owner_id, count(*) AS sent FROM referrals_referral r
                     WHERE {_SENT} AND {_OF_HUB_R}
                     GROUP BY r.owner_id
                    HAVING count(r.acknowledged_at) = 0 AND bool_or({_SILENT})) found
              JOIN directory_organisation owner ON owner.id = found.owner_id
             ORDER BY found.sent DESC, owner.sort_key, owner.id
            """
        )

    def wards(self) -> list[Row]:
        """Enquiries, and those whose need was not met, by ward; the ward that is not known last."""
        return self._rows(
            f"""
            SELECT found.ward, coalesce(nullif(ward.name, ''), found.ward) AS name,
                   found.enquiries, found.unmet
              FROM (SELECT e.ward, count(*) AS enquiries, count(*) FILTER (WHERE {_UNMET}) AS unmet
                      FROM referrals_enquiry e
                     WHERE e.started_at >= %(start)s AND e.started_at < %(end)s
                       AND e.state <> 'entered-in-error' AND {_OF_HUB_E}
                     GROUP BY e.ward) found
              LEFT JOIN directory_ward ward ON ward.code = found.ward
             ORDER BY found.ward = '', 2
            """
        )

    def months(self) -> list[Row]:
        """The twelve months up to the end of the period: what was sent, and how people were helped."""
        first = months_on(self.period.last.replace(day=1), 1 - MONTHS_BACK)
        return self._rows(
            f"""
            SELECT month::date AS month, coalesce(sent, 0) AS sent,
                   coalesce(themselves, 0) AS self, coalesce(with_them, 0) AS "with",
                   coalesce(for_them, 0) AS "for"
              FROM generate_series(%(first_month)s::timestamp, %(last_month)s::timestamp,
                                   interval '1 month') AS month
              LEFT JOIN (
                   SELECT date_trunc('month', r.requested_at AT TIME ZONE 'Europe/London') AS month,
                          count(*) AS sent
                     FROM referrals_referral r
                    WHERE r.requested_at >= %(first_month)s::timestamp AT TIME ZONE 'Europe/London'
                      AND r.requested_at < %(end)s AND {_SENT} AND {_OF_HUB_R}
                    GROUP BY 1
              ) went USING (month)
              LEFT JOIN (
                   SELECT date_trunc('month', e.started_at AT TIME ZONE 'Europe/London') AS month,
                          count(*) FILTER (WHERE e.support = 'self') AS themselves,
                          count(*) FILTER (WHERE e.support = 'with') AS with_them,
                          count(*) FILTER (WHERE e.support = 'for') AS for_them
                     FROM referrals_enquiry e
                    WHERE e.started_at >= %(first_month)s::timestamp AT TIME ZONE 'Europe/London'
                      AND e.started_at < %(end)s
                      AND e.state <> 'entered-in-error' AND {_OF_HUB_E}
                    GROUP BY 1
              ) said USING (month)
             ORDER BY 1
            """,
            first_month=first,
            last_month=self.period.last.replace(day=1),
        )

    # --- How they are run --------------------------------------------------------------------------------

    def _parameters(self) -> Row:
        start, end = self.period.bounds
        return {
            "hub": self.hub,
            "start": start,
            "end": end,
            "start_before": self.period.before().bounds[0],
            "silent_since": silent_since(self.today),
        }

    def _calendar(self) -> Row:
        first = self.period.before().first
        days = [first + timedelta(days=n) for n in range((self.today - first).days + 1)]
        return {"days": days, "working": [is_working_day(day) for day in days]}

    def _rows(self, query: str, **parameters: Any) -> list[Row]:
        with connection.cursor() as cursor:
            cursor.execute(query, {**self._parameters(), **parameters})
            names: Sequence[str] = [column.name for column in cursor.description or ()]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def _pairs(self, query: str) -> dict[str, int]:
        with connection.cursor() as cursor:
            cursor.execute(query, self._parameters())
            return dict(cursor.fetchall())


def silent_since(today: date) -> date:
    """What was sent on this day or before, and is not answered, is overdue today."""
    day = today
    while add_working_days(day, OVERDUE_AFTER) >= today:
        day -= timedelta(days=1)
    return day
