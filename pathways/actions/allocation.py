"""Versions of points and figures; and what a person's answers come to by the one in force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dcsn.access import Permission, check
from dcsn.accounts.models import User
from dcsn.audit import record
from pathways.budgets.allocation import indicative
from pathways.events import ALLOCATION_LOADED, NEEDS_ASSESSED
from pathways.models import AllocationVersion, Budget, BudgetState, NeedsAssessment, Pathway
from pathways.refusals import NotPossible, Refused

_LOCK = 0x0A110C
_STATE = NeedsAssessment.State


@dataclass(frozen=True)
class Draft:
    """All that a version holds, before it is one."""

    valid_from: date
    table: list[dict[str, Any]]
    budget_pence: int
    sample_cases: int
    sample_points: int
    people: int
    top_slice_per_mille: int
    sources: str
    equality_check: str
    equality_table: list[dict[str, Any]]
    signed_off_by: str


def in_force(on: date | None = None) -> AllocationVersion | None:
    """The version by which budgets are reckoned on that day; None before the first."""
    return (
        AllocationVersion.objects.filter(valid_from__lte=on or timezone.localdate())
        .order_by("-valid_from")
        .first()
    )


@transaction.atomic
def load_version(*, draft: Draft, by: User) -> AllocationVersion:
    """Put points and figures in force from a day on. They are never changed afterwards.

    The same draft twice (a double click) is one version.

    :raises NotPossible: another version begins on that day.
    """
    check(by, Permission.ALLOCATION_CHANGE)
    with connection.cursor() as cursor:
        # One at a time: numbers follow on one another.
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    facts = vars(draft)
    known = AllocationVersion.objects.filter(valid_from=draft.valid_from).first()
    if known is not None:
        if all(getattr(known, name) == value for name, value in facts.items()):
            return known
        raise NotPossible(_("Another version begins on that day. Choose a later day."))
    last = AllocationVersion.objects.order_by("-number").first()
    version = AllocationVersion(
        **facts,
        number=(last.number if last else 0) + 1,
        signed_off_on=timezone.localdate(),
        made_by=by,
        made_by_name=(by.name or by.email)[:100],
    )
    version.full_clean()
    try:
        with transaction.atomic():
            version.save(force_insert=True)
    except IntegrityError as error:
        raise NotPossible(_("Another version begins on that day. Choose a later day.")) from error
    record(ALLOCATION_LOADED, by=by, details={"number": version.number})
    return version


@transaction.atomic
def assess_needs(
    *,
    pathway: Pathway,
    allocation: AllocationVersion,
    answers: dict[str, str],
    by: User,
    counts_on_carer: bool = False,
    carer_agreed_on: date | None = None,
) -> Budget:
    """A person's answers, gone through with them, and the indicative budget that they come to.

    The same answers again (a double click) change nothing. What is proposed or agreed already stays.

    :raises Refused: unpaid care lowers the figure and the carer has not agreed to give it.
    :raises pathways.budgets.allocation.Unanswered: naming the first domain that lacks.
    """
    check(by, Permission.PATHWAY_COORDINATE, pathway)
    current = Pathway.objects.select_for_update().get(pk=pathway.pk)
    if not current.is_open:
        raise NotPossible(_("This pathway has ended."))
    if counts_on_carer and carer_agreed_on is None:
        raise Refused(_("Unpaid care lowers the figure only if the carer agrees to give it."))
    score = allocation.questions.score(answers)
    standing = current.needs.exclude(state=_STATE.SUPERSEDED).order_by("-made_at").first()
    same = (
        standing is not None
        and (standing.allocation_id, standing.answers) == (allocation.pk, answers)
        and standing.carer_agreed_on == carer_agreed_on
    )
    if standing is None or not same:
        current.needs.exclude(state=_STATE.SUPERSEDED).update(state=_STATE.SUPERSEDED)
        standing = NeedsAssessment.objects.create(
            pathway=current,
            allocation=allocation,
            state=_STATE.DISCUSSED,
            answers=answers,
            points=score.points,
            carer_agreed_on=carer_agreed_on,
            made_by=by,
        )
        record(
            NEEDS_ASSESSED,
            by=by,
            subject=current.person_id,
            organisation=current.organisation_id,
            details={"needs": standing.id, "table": allocation.number},
        )
    amount = indicative(allocation.figures, score.points).pence
    budget = current.budgets.filter(state=BudgetState.INDICATIVE).first()
    if budget is None:
        known = current.budgets.filter(needs=standing).first()
        if known is not None:
            return known
        budget = Budget(pathway=current)
    if budget.needs_id == standing.pk and not budget._state.adding:
        return budget
    budget.needs = standing
    budget.indicative_pence = amount
    budget.version += 0 if budget._state.adding else 1
    budget.save()
    return budget
