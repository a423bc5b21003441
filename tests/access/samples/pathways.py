"""Objects to open the addresses of pathways with."""

from __future__ import annotations

import uuid
from typing import Any

from dcsn.audit import SystemJob
from pathways.actions.budgets import agree
from pathways.actions.contacts import new_calendar
from pathways.actions.ledger import pay_in
from pathways.calendar import token_of
from pathways.models import (
    Account,
    Action,
    Budget,
    CarerAssessment,
    EmergencyPlan,
    Pathway,
    Review,
    Source,
)
from tests.access.samples.registry import sample
from tests.conftest import Cast
from tests.factories.pathways import (
    BudgetFactory,
    KindFactory,
    PathwayFactory,
    PlanFactory,
    ReviewFactory,
    allocation_version,
    carer_at,
)
from tests.factories.person import PersonFactory, access_point


def own_pathway(cast: Cast, **facts: Any) -> Pathway:
    """At the cast's access point, with the cast's coordinator."""
    person = PersonFactory(organisation=access_point(cast.organisation_id))
    return PathwayFactory(person=person, coordinator=cast.coordinator, **facts)


@sample("pathway")
def _(cast: Cast) -> dict[str, Any]:
    return {"pathway_id": own_pathway(cast).pk}


def own_review(cast: Cast, **facts: Any) -> Review:
    return ReviewFactory(plan=PlanFactory(pathway=own_pathway(cast), in_place=True), **facts)


@sample("review")
def _(cast: Cast) -> dict[str, Any]:
    return {"review_id": own_review(cast).pk}


@sample("review held")
def _(cast: Cast) -> dict[str, Any]:
    return {"review_id": own_review(cast, held=True).pk}


@sample("plan to review")
def _(cast: Cast) -> dict[str, Any]:
    return {"plan_id": PlanFactory(pathway=own_pathway(cast), in_place=True).pk}


@sample("action of a plan")
def _(cast: Cast) -> dict[str, Any]:
    plan = PlanFactory(pathway=own_pathway(cast))
    action = Action.objects.create(plan=plan, words="Shopping on Fridays", source=Source.VOLUNTEER)
    return {"action_id": action.pk}


@sample("calendar of a coordinator")
def _(cast: Cast) -> dict[str, Any]:
    return {"token": token_of(new_calendar(user=cast.coordinator))}


@sample("carer")
def _(cast: Cast) -> dict[str, Any]:
    return {"person_id": _own_carer(cast).carer_id}


@sample("carer's first stage")
def _(cast: Cast) -> dict[str, Any]:
    return {"assessment_id": _own_carer(cast).pk}


@sample("emergency plan")
def _(cast: Cast) -> dict[str, Any]:
    return {"plan_id": EmergencyPlan.objects.get(carer=_own_carer(cast).carer).pk}


def _own_carer(cast: Cast) -> CarerAssessment:
    """Whose named contact the cast's coordinator is: no reason is asked."""
    return carer_at(access_point(cast.organisation_id), coordinator=cast.coordinator)


@sample("kind of pathway")
def _(cast: Cast) -> dict[str, Any]:
    return {"kind_id": KindFactory().pk}


def own_budget(cast: Cast, **facts: Any) -> Budget:
    return BudgetFactory(plan=PlanFactory(pathway=own_pathway(cast), in_place=True), **facts)


@sample("budget")
def _(cast: Cast) -> dict[str, Any]:
    return {"budget_id": own_budget(cast).pk}


@sample("entry of a budget")
def _(cast: Cast) -> dict[str, Any]:
    budget = own_budget(cast)
    entry = pay_in(
        budget=budget, source=Account.COUNCIL, pence=500, key=uuid.uuid4(), by=SystemJob("tests")
    )
    return {"budget_id": budget.pk, "entry_id": entry.pk}


@sample("budget to authorise")
def _(cast: Cast) -> dict[str, Any]:
    budget = own_budget(cast, state="proposed")
    for role in ("person", "planner"):
        agree(budget=budget, role=role, name=role, version=budget.version, by=cast.coordinator)
    return {"budget_id": budget.pk}


@sample("version of the allocation table")
def _(cast: Cast) -> dict[str, Any]:
    return {"number": allocation_version().number}
