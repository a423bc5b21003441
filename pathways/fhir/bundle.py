"""Which of a person's rows go into the file, for whom; each checked by the standard's own model."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from directory.models import Organisation
from members.models import Category, Consent, Person, Purpose, SharingAgreement
from pathways.fhir import resources
from pathways.fhir.resources import Resource, moment, urn
from pathways.models import Plan, Shared
from pathways.plans.sight import shares_in_force
from pathways.plans.states import PlanState
from pathways.refusals import Refused
from referrals.mine import own_referrals
from referrals.models import Referral

MEDIA_TYPE = "application/fhir+json"


class NotAgreed(Refused):
    """The person has not agreed, or no agreement stands with the organisation: nothing goes there."""


@dataclass(frozen=True)
class Exported:
    text: str
    resources: int


def bundle_for_person(person: Person) -> Exported:
    """All that is theirs, for themselves. Nothing about safeguarding, as on their own page."""
    return _bundle(
        person,
        categories=Category.values,
        referrals=own_referrals(person),
        plans=Plan.objects.filter(pathway__person=person),
        consents=Consent.objects.of(person),
    )


def bundle_for_organisation(person: Person, organisation: Organisation) -> Exported:
    """What the person agreed that this organisation may know, and no more.

    Their details by the categories of the consent and of the agreement; plans of which it was given the
    goals; requests between it and us; the consent itself.

    :raises NotAgreed: without a consent that stands, and an agreement in force.
    """
    agreement = SharingAgreement.objects.in_force(organisation, timezone.localdate())
    categories = Consent.objects.categories_allowed(person, Purpose.SHARE, organisation)
    if agreement is None or not categories:
        raise NotAgreed(
            _(
                "%(name)s may not have it: the person has not agreed, or no agreement stands with them."
            )
            % {"name": organisation.name}
        )
    told = categories & frozenset(agreement.categories)
    # Of a plan they get what they see of it on their own page, and as long.
    shared = shares_in_force().filter(organisation=organisation, part=Shared.GOALS)
    if Category.NEEDS not in told:
        shared = shared.none()
    return _bundle(
        person,
        categories=told,
        referrals=own_referrals(person).filter(Q(owner=organisation) | Q(requester=organisation)),
        plans=Plan.objects.filter(pathway__person=person, pk__in=shared.values("plan")),
        consents=Consent.objects.of(person).filter(
            purpose=Purpose.SHARE, organisation=organisation
        ),
    )


def receivers(person: Person) -> list[Organisation]:
    """Organisations to which the file may go now."""
    today = timezone.localdate()
    asked = Organisation.objects.filter(
        pk__in=Consent.objects.of(person).filter(purpose=Purpose.SHARE).values("organisation")
    ).order_by("sort_key")
    agreed = SharingAgreement.objects.in_force_for([one.pk for one in asked], today)
    return [
        one
        for one in asked
        if one.pk in agreed and Consent.objects.allows(person, Purpose.SHARE, one)
    ]


def _bundle(
    person: Person,
    *,
    categories: Iterable[str],
    referrals: QuerySet[Referral],
    plans: QuerySet[Plan],
    consents: QuerySet[Consent],
) -> Exported:
    today = timezone.localdate()
    sent = list(
        referrals.select_related("service", "owner", "requester").order_by("created_at", "id")
    )
    said = list(consents.select_related("organisation").order_by("at", "recorded_at", "id"))
    standing = _standing(said)
    given = [one for one in said if not one.is_withdrawal]
    made = list(
        plans.exclude(state=PlanState.ENTERED_IN_ERROR)
        .select_related("pathway__kind", "pathway__organisation")
        .prefetch_related("goals", "actions__referral")
        .order_by("created_at", "id")
    )
    consent_ids, request_ids = (frozenset(row.id for row in rows) for rows in (given, sent))
    told = frozenset(categories)
    entries: list[Resource] = [resources.patient(person, told)]
    organisations = {
        one.pk: one
        for one in (
            *(row.owner for row in sent),
            *(row.requester for row in sent),
            *(row.organisation for row in given),
            *(plan.pathway.organisation for plan in made),
        )
    }
    entries += [resources.organisation(one) for one in organisations.values()]
    entries += [resources.consent(row, stands=row.id in standing) for row in given]
    for row in sent:
        entries.append(
            resources.service_request(
                row, consent=row.consent_id in consent_ids, reason=Category.NEEDS in told
            )
        )
        entries.append(resources.task(row))
    for plan in made:
        goals, actions = list(plan.goals.all()), list(plan.actions.all())
        entries += [resources.goal(row, person.id) for row in goals]
        entries.append(
            resources.care_plan(
                plan,
                person=person.id,
                title=plan.pathway.kind.name,
                goals=goals,
                actions=actions,
                requests=request_ids,
                today=today,
            )
        )
    return _checked(entries)


def _standing(said: Iterable[Consent]) -> frozenset[UUID]:
    """The last word for each purpose and organisation, where it is a yes that has not run out."""
    last = {(row.purpose, row.organisation_id): row for row in said}
    now = timezone.now()
    return frozenset(row.id for row in last.values() if row.stands_at(now))


def _checked(entries: list[Resource]) -> Exported:
    """The bundle as text. The standard's model refuses what breaks it: then nothing is sent.

    The library is read in here: it has a model for each of 140 kinds of resource, and most pages need none.
    """
    from fhir.resources.R4B import get_fhir_model_class

    for entry in entries:
        get_fhir_model_class(entry["resourceType"]).model_validate(entry)
    whole: dict[str, Any] = {
        "resourceType": "Bundle",
        "type": "collection",
        "timestamp": moment(timezone.now()),
        "entry": [{"fullUrl": _address(entry), "resource": entry} for entry in entries],
    }
    found = get_fhir_model_class("Bundle").model_validate(whole)
    return Exported(found.model_dump_json(indent=1), len(entries))


def _address(entry: Resource) -> str:
    return urn(UUID(entry["id"]))
