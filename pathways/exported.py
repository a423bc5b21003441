"""All that this app holds about a person, as they read it in a copy of their record."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from pathways.models import CarerAssessment, EmergencyPlan, Measuring, Pathway, Plan, Review


def export_pathways(person: UUID) -> list[dict[str, Any]]:
    rows = Pathway.objects.filter(person=person).select_related("kind", "stage", "organisation")
    return [
        {
            "reference": row.reference,
            "kind": row.kind.name,
            "organisation": row.organisation.name,
            "how you came": row.get_route_display(),
            "what the assessment found": row.get_eligibility_display(),
            "contact person": row.contact_name,
            "where you are": row.stage.name,
            "began": row.started_on,
            "ended": row.ended_at,
            "how it ended": row.get_end_display(),
            "plans": [_export_plan(plan) for plan in row.plans.all()],
            "paused": row.paused_on,
            "why it is paused": row.paused_because,
            "when we spoke": [
                {"when": one.on, "how": one.get_way_display(), "note": one.note}
                for one in row.contacts.all()
            ],
            "reviews": [_export_review(review) for review in row.reviews.all()],
            "how you said you were": [_export_sitting(one) for one in row.measurings.all()],
            "needs": [
                {"when": one.made_at, "answers": one.answers, "points": one.points}
                for one in row.needs.all()
            ],
            "budgets": [
                {
                    "state": budget.get_state_display(),
                    "total in pence": budget.total_pence,
                    "from the council in pence": budget.council_pence,
                    "from you in pence": budget.person_pence,
                    "why this amount": budget.because,
                    "agreed by": [
                        {"who": one.get_role_display(), "name": one.name, "when": one.agreed_on}
                        for one in budget.agreements.all()
                    ],
                    "what was done with it": [
                        {
                            "when": entry.on,
                            "what": entry.get_what_display(),
                            "for what": entry.get_spent_on_display() if entry.spent_on else "",
                            "why it was taken back": entry.get_why_display() if entry.why else "",
                            "lines in pence": {
                                line.get_account_display(): line.pence for line in entry.lines.all()
                            },
                        }
                        for entry in budget.entries.prefetch_related("lines")
                    ],
                }
                for budget in row.budgets.all()
            ],
        }
        for row in rows
    ]


def _export_plan(plan: Plan) -> dict[str, Any]:
    return {
        "state": plan.get_state_display(),
        "versions": [
            {"number": version.number, "when": version.at, "held": version.contents}
            for version in plan.versions.all()
        ],
        "recording": plan.recording,
        "pictures": [part.picture_shows for part in plan.parts.all() if part.picture],
        "risks": [
            {
                "risk": risk.words,
                "your view": risk.own_view,
                "decisions": [
                    {"when": one.decided_on, "what": one.decision, "why": one.because}
                    for one in risk.decisions.all()
                ],
            }
            for risk in plan.risks.all()
        ],
        "agreed by": [
            {"who": one.get_role_display(), "name": one.name, "when": one.agreed_on}
            for one in plan.agreements.all()
        ],
        "copies": [{"who": one.holder, "when": one.given_on} for one in plan.copies.all()],
        "shared with": [
            {"who": one.organisation.name, "what": one.get_part_display(), "until": one.until}
            for one in plan.shares.select_related("organisation")
        ],
    }


def _export_review(review: Review) -> dict[str, Any]:
    return {
        "held": review.held_on,
        "what got better": review.better,
        "what did not": review.not_better,
        "what you said": review.persons_view,
        "next": review.next_steps,
        "minutes a week before": review.minutes_before,
        "minutes a week after": review.minutes_after,
        "why fewer": review.fewer_because,
        "how you saw why": review.get_reason_seen_how_display(),
    }


def _export_sitting(measuring: Measuring) -> dict[str, Any]:
    return {
        "when": measuring.taken_on,
        "well-being": {one.question: one.score for one in measuring.wellbeing.all()},
        "goals": [one.get_achievement_display() for one in measuring.goal_answers.all()],
        "other tools": {one.tool: one.score for one in measuring.outside_scores.all()},
    }


def export_carer(person: UUID) -> list[dict[str, Any]]:
    return [
        {
            "stage": row.get_stage_display(),
            "when": row.assessed_on,
            "hours a week": row.hours_a_week,
            "what caring does to your life": row.effects,
            "what would help": row.wants,
            "with the help of": row.helped_by,
            "why the council was asked": row.get_trigger_display() if row.trigger else "",
            "passed to the council": row.referred_on,
            "what came of it": row.get_outcome_display() if row.outcome else "",
            "telecare until": row.telecare_until,
        }
        for row in CarerAssessment.objects.filter(carer=person)
    ]


def export_emergency(person: UUID) -> list[dict[str, Any]]:
    return [
        {
            "reference": row.reference,
            "ring first": row.ring_first,
            "who is cared for": row.who_is_cared_for,
            "what must be known": row.must_know,
            "where things are": row.where_things_are,
            "look again on": row.look_again_on,
        }
        for row in EmergencyPlan.objects.filter(carer=person)
    ]
