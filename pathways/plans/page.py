"""A plan as one reader sees it, ready for the screen and for paper: the same number of queries always."""

from __future__ import annotations

from base64 import b64encode
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Prefetch

from pathways.actions.plans import SHARED_IN
from pathways.models import (
    Action,
    Budget,
    BudgetState,
    CircleMember,
    Goal,
    Part,
    Plan,
    PlanAgreement,
    PlanCopy,
    PlanShare,
    Risk,
    RiskDecision,
    Shared,
    Source,
    Words,
)
from pathways.plans.circle import Circle, draw
from pathways.plans.sight import Sight
from pathways.plans.states import PLAN_WAYS, LifeCycle, PlanState

# Weeks of a year, for what something costs in one.
WEEKS, MONTHS = 52, 12
# What neighbours, families and people themselves do, as against what somebody is paid for.
SOCIAL = (Source.OWN, Source.FAMILY_AND_FRIENDS, Source.COMMUNITY, Source.VOLUNTEER)
GOALS_OVER = frozenset({LifeCycle.COMPLETED, LifeCycle.CANCELLED, LifeCycle.REJECTED})


@dataclass(frozen=True)
class Section:
    """A part of the plan that is words, and perhaps a picture."""

    part: Part
    row: Words | None
    may_write: bool

    @property
    def words(self) -> str:
        return self.row.words if self.row else ""

    @property
    def has_picture(self) -> bool:
        return self.row is not None and bool(self.row.picture)

    @property
    def picture_address(self) -> str:
        """The picture within a printed page itself: nothing is fetched while it is made."""
        if self.row is None or not self.row.picture:
            return ""
        try:
            with self.row.picture.open("rb") as file:
                return f"data:image/jpeg;base64,{b64encode(file.read()).decode()}"
        except OSError:
            # The row outlived its file; what it shows is printed all the same.
            return ""


@dataclass(frozen=True)
class Share:
    """How much of a plan is done by one source."""

    source: Source
    actions: int
    minutes: int
    pence_a_year: int

    @property
    def is_social(self) -> bool:
        return self.source in SOCIAL


@dataclass(frozen=True)
class Strengths:
    """Who carries a plan: social capital beside what is paid for. Only what still goes on counts."""

    shares: tuple[Share, ...]

    @property
    def actions(self) -> int:
        return sum(share.actions for share in self.shares)

    @property
    def social(self) -> int:
        return sum(share.actions for share in self.shares if share.is_social)

    @property
    def minutes(self) -> int:
        return sum(share.minutes for share in self.shares)

    @property
    def pence_a_year(self) -> int:
        return sum(share.pence_a_year for share in self.shares)


def pence_a_year(action: Action) -> int:
    """What an action costs in a year; what is paid once is not counted again."""
    times = {
        Action.Per.WEEK: WEEKS,
        Action.Per.MONTH: MONTHS,
        Action.Per.YEAR: 1,
        Action.Per.ONCE: 1,
    }
    return action.cost_pence * times[Action.Per(action.per)]


def strengths(actions: Iterable[Action]) -> Strengths:
    """All six sources in their order, also those by which nothing is done."""
    live = [action for action in actions if action.stopped_on is None and action.done_on is None]
    count: Counter[str] = Counter(action.source for action in live)
    return Strengths(
        tuple(
            Share(
                source,
                count[source],
                sum(one.minutes_a_week or 0 for one in live if one.source == source),
                sum(pence_a_year(one) for one in live if one.source == source),
            )
            for source in Source
        )
    )


@dataclass(frozen=True)
class ShownGoal:
    goal: Goal
    actions: list[Action]

    @property
    def is_over(self) -> bool:
        return self.goal.life_cycle in GOALS_OVER


@dataclass(frozen=True)
class PlanPage:
    """All that stands on the page. What the reader may not see is not in it."""

    sight: Sight
    sections: list[Section]
    circle: Circle | None = None
    goals: list[ShownGoal] = field(default_factory=list)
    other_actions: list[Action] = field(default_factory=list)
    strengths: Strengths | None = None
    risks: list[Risk] = field(default_factory=list)
    settled_risks: list[Risk] = field(default_factory=list)
    budget: Budget | None = None
    agreements: list[PlanAgreement] = field(default_factory=list)

    @property
    def plan(self) -> Plan:
        return self.sight.plan

    def _sees(self, part: Shared) -> bool:
        return part in self.sight.sees

    @property
    def sees_circle(self) -> bool:
        return self._sees(Shared.CIRCLE)

    @property
    def sees_goals(self) -> bool:
        return self._sees(Shared.GOALS)

    @property
    def sees_risks(self) -> bool:
        return self._sees(Shared.RISKS)

    @property
    def sees_budget(self) -> bool:
        return self._sees(Shared.BUDGET)

    @property
    def about(self) -> list[Section]:
        """The words that stand first; the contingency stands after the risks."""
        return [one for one in self.sections if one.part != Part.CONTINGENCY]

    @property
    def contingency(self) -> Section | None:
        return next((one for one in self.sections if one.part == Part.CONTINGENCY), None)

    @property
    def writes_circle(self) -> bool:
        return Shared.CIRCLE in self.sight.writes

    @property
    def writes_goals(self) -> bool:
        return Shared.GOALS in self.sight.writes

    @property
    def writes_risks(self) -> bool:
        return Shared.RISKS in self.sight.writes

    @property
    def recording(self) -> str:
        return self.plan.recording if self._sees(Shared.ABOUT_ME) else ""

    @property
    def live_goals(self) -> list[ShownGoal]:
        return [one for one in self.goals if not one.is_over]

    @property
    def goals_over(self) -> list[ShownGoal]:
        return [one for one in self.goals if one.is_over]


def page_of(sight: Sight) -> PlanPage:
    """Read what this reader may see, and nothing else."""
    plan = sight.plan
    written = {row.part: row for row in plan.parts.all()}
    sections = [
        Section(part, written.get(part), SHARED_IN[part] in sight.writes)
        for part in Part
        if SHARED_IN[part] in sight.sees
    ]
    goals: list[ShownGoal] = []
    others: list[Action] = []
    carried = None
    if Shared.GOALS in sight.sees:
        goals, others, carried = _goals(plan)
    circle = None
    if Shared.CIRCLE in sight.sees:
        circle = draw(CircleMember.objects.filter(plan=plan).order_by("ring", "created_at", "id"))
    risks = _risks(plan) if Shared.RISKS in sight.sees else []
    return PlanPage(
        sight=sight,
        sections=sections,
        circle=circle,
        goals=goals,
        other_actions=others,
        strengths=carried,
        risks=[risk for risk in risks if risk.settled_on is None],
        settled_risks=[risk for risk in risks if risk.settled_on is not None],
        budget=_budget(plan) if Shared.BUDGET in sight.sees else None,
        agreements=[] if sight.is_provider else names_under(plan),
    )


def _goals(plan: Plan) -> tuple[list[ShownGoal], list[Action], Strengths]:
    actions = list(plan.actions.select_related("service").order_by("created_at", "id"))
    goals = list(plan.goals.order_by("position", "created_at", "id"))
    shown = [
        ShownGoal(goal, [action for action in actions if action.goal_id == goal.pk])
        for goal in goals
    ]
    return shown, [action for action in actions if action.goal_id is None], strengths(actions)


def _risks(plan: Plan) -> list[Risk]:
    log = RiskDecision.objects.order_by("decided_on", "id")
    rows = plan.risks.prefetch_related(Prefetch("decisions", queryset=log))
    return list(rows.order_by("created_at", "id"))


def _budget(plan: Plan) -> Budget | None:
    return (
        Budget.objects.filter(plan=plan, state__in=[BudgetState.AGREED, BudgetState.REVISED])
        .order_by("-starts_on", "-version")
        .first()
    )


def may_begin(plan: Plan) -> bool:
    """Whether it can be put in place, or in place anew, once three names stand under it."""
    if plan.state == PlanState.ACTIVE:
        return plan.changed_since_agreed
    return PlanState.ACTIVE in PLAN_WAYS[plan.state]


def names_under(plan: Plan) -> list[PlanAgreement]:
    """Who has agreed to the plan as it stands now."""
    return list(plan.agreements.filter(version=plan.version).order_by("agreed_on", "role"))


@dataclass(frozen=True)
class SharedWith:
    """An organisation, and what it may see and write in."""

    shares: Sequence[PlanShare]

    @property
    def organisation(self) -> object:
        return self.shares[0].organisation

    @property
    def organisation_id(self) -> object:
        return self.shares[0].organisation_id


def shared_with(plan: Plan) -> list[SharedWith]:
    """Who may see something of it now; also where the agreement has lapsed meanwhile."""
    rows = (
        plan.shares.filter(until=None)
        .select_related("organisation", "consent")
        .order_by("organisation__sort_key", "organisation_id", "part")
    )
    found: dict[object, list[PlanShare]] = {}
    for row in rows:
        found.setdefault(row.organisation_id, []).append(row)
    return [SharedWith(shares) for shares in found.values()]


def copies_of(plan: Plan) -> list[PlanCopy]:
    return list(plan.copies.order_by("-given_on", "id"))
