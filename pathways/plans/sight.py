"""Who sees and writes which parts of a plan.

Four kinds of reader, four doors (``pathways.plans.ways``): the person whose plan it is sees all of it; so
does whoever may see the pathway, and an authoriser while it waits for the third name; an organisation sees
the parts that the person shared with it, as long as the consent stands and a sharing agreement is in force.
Nobody else learns that there is a plan.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.http import Http404
from django.utils import timezone

from dcsn.access import Permission, can, scope_of_permission
from members.models import Category, Consent, Person, Purpose, SharingAgreement
from pathways.models import Pathway, Plan, PlanShare, Shared
from pathways.plans.states import PLAN_FINAL, PlanState

EVERYTHING = frozenset(Shared.values)
# What a consent and an agreement must cover for each part of a plan; their name goes with each.
CATEGORIES: dict[str, frozenset[str]] = {
    Shared.ABOUT_ME: frozenset({Category.NEEDS}),
    Shared.CIRCLE: frozenset({Category.CIRCLE}),
    Shared.GOALS: frozenset({Category.NEEDS}),
    Shared.RISKS: frozenset({Category.NEEDS, Category.SAFETY}),
    Shared.CONTINGENCY: frozenset({Category.EMERGENCY}),
    Shared.BUDGET: frozenset({Category.NEEDS}),
}


def categories_of(parts: Iterable[str]) -> frozenset[str]:
    return frozenset({Category.NAME.value}).union(*(CATEGORIES[part] for part in parts))


class Who(Enum):
    """By which door somebody came to the plan."""

    PERSON = "person"
    STAFF = "staff"
    PROVIDER = "provider"
    AUTHORISER = "authoriser"


@dataclass(frozen=True)
class Sight:
    """A plan, as one reader sees it: the parts (``Shared``) that they may read, and write in."""

    plan: Plan
    who: Who
    sees: frozenset[str]
    writes: frozenset[str]

    @property
    def is_own(self) -> bool:
        return self.who is Who.PERSON

    @property
    def is_provider(self) -> bool:
        return self.who is Who.PROVIDER

    @property
    def is_staff(self) -> bool:
        return self.who is Who.STAFF

    @property
    def keeps(self) -> bool:
        """Whether they see to it who else sees the plan: the person, and who plans with them."""
        return self.is_own or self.is_staff


def _plans() -> QuerySet[Plan]:
    return Plan.objects.select_related(
        "pathway__person", "pathway__organisation", "pathway__kind", "pathway__coordinator"
    )


def staff_sight(user: Any, plan_id: UUID) -> Sight:
    """:raises Http404: when they may not see its pathway."""
    plan = _plans().visible_to(user).filter(pk=plan_id).first()  # type: ignore[attr-defined]
    if plan is None:
        raise Http404
    may_write = not plan.is_final and can(user, Permission.PATHWAY_COORDINATE, plan.pathway)
    return Sight(plan, Who.STAFF, EVERYTHING, EVERYTHING if may_write else frozenset())


def plans_to_authorise(user: Any) -> QuerySet[Plan]:
    """Those that the person and the planner agreed to, and that wait for the third name."""
    return (
        _plans()
        .filter(pathway__in=Pathway.objects.to_authorise(user))
        .exclude(state__in=sorted(PLAN_FINAL))
    )


def authorisers_sight(user: Any, plan_id: UUID) -> Sight:
    """:raises Http404: when it does not wait for them."""
    plan = plans_to_authorise(user).filter(pk=plan_id).first()
    if plan is None:
        raise Http404
    return Sight(plan, Who.AUTHORISER, EVERYTHING, frozenset())


def own_plans(user: Any) -> QuerySet[Plan]:
    """Those of the person who is signed in; one that was made by mistake was never theirs."""
    return (
        _plans()
        .filter(pathway__person__in=Person.objects.known().filter(user=user))
        .exclude(state=PlanState.ENTERED_IN_ERROR)
    )


def own_sight(user: Any, plan_id: UUID) -> Sight:
    """:raises Http404: when it is not theirs."""
    plan = own_plans(user).filter(pk=plan_id).first()
    if plan is None:
        raise Http404
    # What support may cost is reckoned with them, not written by them.
    writes = frozenset() if plan.is_final else EVERYTHING - {Shared.BUDGET}
    return Sight(plan, Who.PERSON, EVERYTHING, writes)


def shares_in_force() -> QuerySet[PlanShare]:
    """Not taken back, the consent not run out, the agreement with the organisation holding today; and what
    the person said last of this organisation still covers the part: the last word counts, whoever wrote it
    down and for what."""
    holding = SharingAgreement.objects.holding(timezone.localdate())
    covered = Q()
    for part, categories in CATEGORIES.items():
        covered |= Q(
            part=part, last_categories__contains=sorted({Category.NAME.value, *categories})
        )
    said = _said_last()
    return (
        PlanShare.objects.annotate(
            last_categories=Subquery(said.values("categories")[:1]),
            last_until=Subquery(said.values("until")[:1]),
        )
        .filter(
            covered,
            Q(last_until=None) | Q(last_until__gt=timezone.now()),
            Q(consent__until=None) | Q(consent__until__gt=timezone.now()),
            Q(Exists(holding.filter(organisation=OuterRef("organisation"))))
            # Within the organisation that coordinates nothing leaves, so it needs no agreement.
            | Q(organisation=F("plan__pathway__organisation")),
            until=None,
            consent__withdrawals=None,
        )
        .exclude(plan__state__in=sorted(PLAN_FINAL))
    )


def _said_last() -> QuerySet[Consent]:
    """The last word of the person of a share about its organisation; a withdrawal covers nothing. Consents
    stay with the record on which they were given, also after two were brought together."""
    return Consent.objects.filter(
        Q(person=OuterRef("consent__person")) | Q(person=OuterRef("plan__pathway__person")),
        organisation=OuterRef("organisation"),
        purpose=Purpose.SHARE,
        at__lte=timezone.now(),
    ).order_by("-at", "-recorded_at", "-id")


def shares_for(user: Any) -> QuerySet[PlanShare]:
    """What was shared with the organisations where ``user`` may see it."""
    scope = scope_of_permission(user, Permission.PATHWAY_SHARED)
    return shares_in_force().filter(organisation_id__in=scope.organisations)


def shared_plans(user: Any) -> list[Sight]:
    """All plans of which something was shared, by name; two queries."""
    parts: dict[UUID, list[PlanShare]] = defaultdict(list)
    for share in shares_for(user):
        parts[share.plan_id].append(share)
    plans = _plans().filter(pk__in=list(parts), pathway__person__isnull=False)
    return [
        _provider(plan, parts[plan.pk])
        for plan in plans.order_by(
            "pathway__person__family_name", "pathway__person__given_name", "id"
        )
    ]


def shared_sight(user: Any, plan_id: UUID) -> Sight:
    """:raises Http404: when nothing of it was shared with them."""
    shares = list(shares_for(user).filter(plan=plan_id))
    if not shares:
        raise Http404
    return _provider(_plans().get(pk=plan_id), shares)


def _provider(plan: Plan, shares: list[PlanShare]) -> Sight:
    return Sight(
        plan,
        Who.PROVIDER,
        frozenset(share.part for share in shares),
        frozenset(share.part for share in shares if share.may_write) - {Shared.BUDGET},
    )


def may_write_shared(user: Any, plan: Plan, part: str) -> bool:
    """Whether an organisation of theirs was given this part to write in, and still has it."""
    return shares_for(user).filter(plan=plan, part=part, may_write=True).exists()
