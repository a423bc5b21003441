"""Objects to open the addresses of plans with."""

from __future__ import annotations

from typing import Any

from pathways.actions.plans import agree
from pathways.models import Part, Plan, Shared
from tests.access.samples.pathways import own_pathway
from tests.access.samples.registry import own_organisation, sample
from tests.conftest import Cast
from tests.factories.pathways import PlanFactory
from tests.factories.plan import full_plan, share_with


def own_plan(cast: Cast) -> Plan:
    """Full: with a picture, and something of each kind."""
    return full_plan(PlanFactory(pathway=own_pathway(cast)), by=cast.coordinator)


def _shared(cast: Cast) -> Plan:
    plan = own_plan(cast)
    share_with(plan, own_organisation(cast), Shared.values, may_write=Shared.values)
    return plan


def _waiting(cast: Cast) -> Plan:
    plan = own_plan(cast)
    for role in ("person", "planner"):
        agree(
            plan=plan, version=plan.version, role=role, name="A", how="spoken", by=cast.coordinator
        )
    return plan


def _what(plan: Plan, **more: Any) -> dict[str, Any]:
    return {"plan_id": plan.pk, **more}


_PLACES = {
    "care plan": _what,
    "version of a plan": lambda plan: _what(plan, number=plan.version),
    "picture in a plan": lambda plan: _what(plan, part=Part.ABOUT_ME.value),
    "part of a plan": lambda plan: _what(plan, part=Part.MATTERS.value),
    "goals of a plan": lambda plan: _what(plan, kind="goals"),
    "goal of a plan": lambda plan: _what(plan, kind="goals", row_id=plan.goals.get().pk),
    "thing done in a plan": lambda plan: _what(plan, row_id=plan.actions.get().pk),
    "somebody in a circle": lambda plan: _what(plan, row_id=plan.circle.get().pk),
    "risk of a plan": lambda plan: _what(plan, row_id=plan.risks.get().pk),
}
for _name, _place in _PLACES.items():
    sample(_name)(lambda cast, place=_place: place(own_plan(cast)))
    sample(f"shared {_name}")(lambda cast, place=_place: place(_shared(cast)))
for _name in ("care plan", "picture in a plan"):
    sample(f"{_name} that waits")(lambda cast, place=_PLACES[_name]: place(_waiting(cast)))
