"""Rows as FHIR R4B resources: plain dictionaries, which ``bundle`` has checked by the standard's model."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from django.utils import timezone

from directory.models import Organisation
from members.models import Category, Consent, Person
from pathways.fhir.codes import (
    ACHIEVEMENT,
    CONSENT_DOCUMENT,
    CONSENT_SCOPE,
    LOINC,
    REQUEST_OF,
    activity_status,
)
from pathways.models import Action, Goal, Plan
from referrals.models import Referral

Resource = dict[str, Any]


def urn(pk: UUID | None) -> str:
    return f"urn:uuid:{pk}"


def moment(value: Any) -> str | None:
    """An instant with its zone, as the standard wants."""
    return None if value is None else timezone.localtime(value).isoformat(timespec="seconds")


def without_nothing(resource: Resource) -> Resource:
    """FHIR has no empty values: what is not known is left out."""
    return {name: value for name, value in resource.items() if value not in (None, "", [], {})}


def patient(person: Person, categories: Iterable[str]) -> Resource:
    """Somebody, with no more of their details than ``categories`` name."""
    told = frozenset(categories)
    found: Resource = {"resourceType": "Patient", "id": str(person.id)}
    if Category.NAME in told:
        found["name"] = [
            without_nothing(
                {
                    "family": person.family_name,
                    "given": [person.given_name] if person.given_name else [],
                }
            )
        ]
    if Category.AGE in told and person.date_of_birth:
        found["birthDate"] = person.date_of_birth.isoformat()
    if Category.CONTACT in told:
        found["telecom"] = [
            {"system": system, "value": value}
            for system, value in (
                ("phone", person.phone),
                ("phone", person.other_phone),
                ("email", person.email),
            )
            if value
        ]
    if Category.ADDRESS in told:
        lines = [line for line in (person.address_1, person.address_2) if line]
        address = without_nothing(
            {"line": lines, "city": person.town, "postalCode": person.postcode}
        )
        found["address"] = [address] if address else []
    if found.get("name") == [{}]:
        del found["name"]
    return without_nothing(found)


def organisation(row: Organisation) -> Resource:
    return {"resourceType": "Organization", "id": str(row.id), "name": row.name}


def service_request(row: Referral, *, consent: bool, reason: bool) -> Resource:
    """``reason``: whether what they need help with may be told."""
    return without_nothing(
        {
            "resourceType": "ServiceRequest",
            "id": str(_request_id(row)),
            "identifier": [{"value": row.reference}],
            "status": REQUEST_OF[row.state],
            "intent": "order",
            "priority": row.priority,
            "code": {"text": row.service.name},
            "subject": {"reference": urn(row.person_id)},
            "authoredOn": moment(row.requested_at or row.created_at),
            "requester": {"reference": urn(row.requester_id)},
            "performer": [{"reference": urn(row.owner_id)}],
            "reasonCode": [{"text": row.reason_text}] if reason and row.reason_text.strip() else [],
            "supportingInfo": [{"reference": urn(row.consent_id)}]
            if consent and row.consent_id
            else [],
        }
    )


def task(row: Referral) -> Resource:
    """Where the request is, by the word of those who handle it: ``Task.status`` is our state as it is."""
    last = row.ended_at or row.accepted_at or row.acknowledged_at or row.requested_at
    return without_nothing(
        {
            "resourceType": "Task",
            "id": str(row.id),
            "identifier": [{"value": row.reference}],
            "basedOn": [{"reference": urn(_request_id(row))}],
            "status": row.state,
            "statusReason": {"text": str(row.get_status_reason_display())}
            if row.status_reason
            else None,
            # What came of it for the person is theirs to say, and is no state.
            "businessStatus": {"text": str(row.get_loop_display())},
            "intent": "order",
            "priority": row.priority,
            "focus": {"reference": urn(_request_id(row))},
            "for": {"reference": urn(row.person_id)},
            "authoredOn": moment(row.created_at),
            "lastModified": moment(max(last, row.created_at) if last else row.created_at),
            "requester": {"reference": urn(row.requester_id)},
            "owner": {"reference": urn(row.owner_id)},
        }
    )


def consent(row: Consent, *, stands: bool) -> Resource:
    """One yes. A later word that ended it makes it inactive."""
    period = without_nothing({"start": moment(row.at), "end": moment(row.until)})
    return without_nothing(
        {
            "resourceType": "Consent",
            "id": str(row.id),
            "status": "active" if stands else "inactive",
            "scope": {"coding": [{"system": CONSENT_SCOPE, "code": "patient-privacy"}]},
            "category": [{"coding": [{"system": LOINC, "code": CONSENT_DOCUMENT}]}],
            "patient": {"reference": urn(row.person_id)},
            "dateTime": moment(row.at),
            "organization": [{"reference": urn(row.organisation_id)}],
            # The very words that they agreed to.
            "policyRule": {"text": row.read_out or row.wording},
            "provision": {
                "type": "permit",
                "period": period,
                "purpose": [{"code": row.purpose, "display": str(row.get_purpose_display())}],
                "code": [
                    {"text": str(Category(category).label)} for category in sorted(row.categories)
                ],
            },
        }
    )


def goal(row: Goal, person: UUID) -> Resource:
    return without_nothing(
        {
            "resourceType": "Goal",
            "id": str(row.id),
            "lifecycleStatus": row.life_cycle,
            "achievementStatus": {
                "coding": [
                    {
                        "system": ACHIEVEMENT,
                        "code": row.achievement,
                        "display": str(row.get_achievement_display()),
                    }
                ]
            }
            if row.achievement
            else None,
            "description": {"text": row.words or "–"},
            "subject": {"reference": urn(person)},
            "target": [
                without_nothing(
                    {
                        "measure": {"text": row.measure} if row.measure else None,
                        "dueDate": row.due_on.isoformat() if row.due_on else None,
                    }
                )
            ]
            if row.measure or row.due_on
            else [],
        }
    )


def care_plan(
    plan: Plan,
    *,
    person: UUID,
    title: str,
    goals: Iterable[Goal],
    actions: Iterable[Action],
    requests: frozenset[UUID],
    today: date,
) -> Resource:
    """``requests``: the referrals that are in the same bundle; an action that became one points there."""
    period = without_nothing(
        {
            "start": plan.starts_on.isoformat() if plan.starts_on else None,
            "end": timezone.localdate(plan.ended_at).isoformat() if plan.ended_at else None,
        }
    )
    return without_nothing(
        {
            "resourceType": "CarePlan",
            "id": str(plan.id),
            "status": plan.state,
            "intent": "plan",
            "title": title,
            "subject": {"reference": urn(person)},
            "period": period,
            "created": moment(plan.created_at),
            "author": {"reference": urn(plan.pathway.organisation_id)},
            "goal": [{"reference": urn(one.id)} for one in goals],
            "activity": [_activity(one, requests, today) for one in actions],
        }
    )


def _activity(action: Action, requests: frozenset[UUID], today: date) -> Resource:
    """Either what it is or where it went, never both (the standard's rule cpl-3)."""
    if action.referral is not None and action.referral_id in requests:
        return {"reference": {"reference": urn(_request_id(action.referral))}}
    return {
        "detail": without_nothing(
            {
                "status": activity_status(action, today),
                "description": action.words,
                "scheduledString": action.when,
                "goal": [{"reference": urn(action.goal_id)}] if action.goal_id else [],
                "performer": [{"display": action.who}] if action.who else [],
                # By whose strength: own, family and friends, community, volunteer, paid, council.
                "code": {"text": str(action.get_source_display())},
            }
        )
    }


def _request_id(row: Referral) -> UUID:
    """Of one referral there are a request and a task: the request's id is made from the task's."""
    return uuid5(row.id, "ServiceRequest")
