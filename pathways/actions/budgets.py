"""A budget is proposed, agreed by three, revised, closed. Its money is in ``pathways.actions.ledger``."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from dcsn.access import Permission, check
from dcsn.accounts.models import User
from dcsn.audit import Actor, SystemJob, record
from pathways.actions.ledger import give_all_back
from pathways.events import BUDGET_AGREED, BUDGET_MOVED
from pathways.models import Budget, BudgetAgreement, BudgetState, Plan
from pathways.models.budget import BUDGET_WAYS
from pathways.refusals import ChangedMeanwhile, NotPossible

Role = BudgetAgreement.Role
# The old budget's money goes back by itself: the authoriser, who signs last, moves no money.
REVISION = SystemJob("budget that was revised")
THREE = (Role.PERSON, Role.PLANNER, Role.AUTHORISER)


@transaction.atomic
def propose(
    *,
    budget: Budget,
    council_pence: int,
    person_pence: int,
    because: str,
    starts_on: date,
    by: User,
    ends_on: date | None = None,
    version: int | None = None,
) -> Budget:
    """Amounts for a year, with the reason for them. Other amounts are another version: whoever had
    agreed to the old ones has not agreed to these.

    :raises ChangedMeanwhile: somebody changed it since ``version``.
    """
    current = _locked(budget)
    check(by, Permission.PATHWAY_COORDINATE, current.pathway)
    if current.state not in (BudgetState.INDICATIVE, BudgetState.PROPOSED):
        raise NotPossible(_("This budget is agreed or over: revise it instead."))
    facts: dict[str, Any] = {
        "council_pence": council_pence,
        "person_pence": person_pence,
        "total_pence": council_pence + person_pence,
        "because": because,
        "starts_on": starts_on,
        "ends_on": ends_on,
    }
    if current.state == BudgetState.PROPOSED and _is_so(current, facts):
        return current
    if version is not None and version != current.version:
        raise ChangedMeanwhile(_("Somebody else has changed this budget since you opened it."))
    for name, value in facts.items():
        setattr(current, name, value)
    current.state = BudgetState.PROPOSED
    current.version += 1
    current.full_clean()
    current.save()
    _note(current, by)
    return current


@transaction.atomic
def agree(
    *, budget: Budget, role: str, name: str, version: int, by: User, on: date | None = None
) -> Budget:
    """A name under the amounts as they stand; with the third the budget holds.

    The person's own yes is written down by the planner; the authoriser signs with their own account, and
    is not the planner. The same name twice is once.

    :raises ChangedMeanwhile: the amounts were changed since ``version``.
    """
    current = _locked(budget)
    if role == Role.AUTHORISER:
        check(by, Permission.PATHWAY_AUTHORISE)
    else:
        check(by, Permission.PATHWAY_COORDINATE, current.pathway)
    known = current.agreements.filter(version=version, role=role).first()
    if known is not None:
        return current
    if current.state != BudgetState.PROPOSED:
        raise NotPossible(_("Only a proposed budget is agreed to."))
    if version != current.version:
        raise ChangedMeanwhile(
            _("The amounts were changed since you opened them. Read them again first.")
        )
    account = None if role == Role.PERSON else by
    if account is not None:
        _check_is_another(current, version, role, account)
    if role == Role.AUTHORISER and missing_names(current) != [Role.AUTHORISER]:
        raise NotPossible(_("The person and the planner agree first."))
    BudgetAgreement.objects.create(
        budget=current,
        version=version,
        role=role,
        name=name,
        agreed_on=on or timezone.localdate(),
        recorded_by=by,
        account=account,
    )
    record(
        BUDGET_AGREED,
        by=by,
        subject=current.pathway.person_id,
        organisation=current.pathway.organisation_id,
        details={"budget": current.id, "role": str(role), "version": version},
    )
    if not missing_names(current):
        _put_in_force(current, by)
    return current


def _check_is_another(budget: Budget, version: int, role: str, by: User) -> None:
    """As for plans: nobody signs for their own money, and the authoriser wrote no other name down."""
    person = budget.pathway.person
    if person is not None and person.user_id is not None and person.user_id == by.pk:
        raise NotPossible(_("This is your own budget: somebody else plans and authorises it."))
    theirs = Q(account=by)
    if role == Role.AUTHORISER:
        theirs |= Q(recorded_by=by)
    if budget.agreements.filter(theirs, version=version).exists():
        raise NotPossible(_("The planner and the authoriser are two people."))


def missing_names(budget: Budget) -> list[str]:
    """Who has yet to agree to the amounts as they stand, in the order in which they do."""
    names = set(budget.agreements.filter(version=budget.version).values_list("role", flat=True))
    return [role for role in THREE if role not in names]


def plan_of(budget: Budget) -> Plan | None:
    """The plan in place that the budget goes with."""
    return budget.pathway.plans.filter(state="active").order_by("-created_at").first()


def _put_in_force(budget: Budget, by: Actor) -> None:
    plan = plan_of(budget)
    if plan is None:
        raise NotPossible(_("A budget is agreed with its plan: put the plan in place first."))
    old = budget.pathway.budgets.filter(state=BudgetState.AGREED).select_for_update().first()
    if old is not None and old.pk != budget.replaces_id:
        raise NotPossible(_("There is an agreed budget: revise that one."))
    if old is not None:
        # Once, since the state moves with it under the same lock: no key that somebody could know.
        give_all_back(budget=old, key=uuid.uuid4(), by=REVISION)
        _move(old, BudgetState.REVISED, by)
    budget.plan = plan
    _move(budget, BudgetState.AGREED, by)


@transaction.atomic
def revise(*, budget: Budget, by: User) -> Budget:
    """Begin the one that is to take the place of an agreed budget; that one holds until then. Twice is
    once."""
    current = _locked(budget)
    check(by, Permission.PATHWAY_COORDINATE, current.pathway)
    known = Budget.objects.filter(replaces=current).first()
    if known is not None:
        return known
    if current.state != BudgetState.AGREED:
        raise NotPossible(_("Only an agreed budget is revised."))
    newest = current.pathway.needs.exclude(points=None).order_by("-made_at").first()
    waiting = current.pathway.budgets.filter(state=BudgetState.INDICATIVE).first()
    new = waiting or Budget(pathway=current.pathway, needs=newest or current.needs)
    if waiting is None:
        new.indicative_pence = current.indicative_pence
    new.replaces = current
    new.state = BudgetState.PROPOSED
    new.council_pence = current.council_pence
    new.person_pence = current.person_pence
    new.total_pence = current.total_pence
    new.because = current.because
    new.starts_on = timezone.localdate()
    new.version += 0 if new._state.adding else 1
    new.full_clean()
    new.save()
    _note(new, by)
    return new


@transaction.atomic
def close(*, budget: Budget, by: User) -> Budget:
    """It is over; what is left goes back, promised money too. Twice changes nothing."""
    current = _locked(budget)
    check(by, Permission.PATHWAY_COORDINATE, current.pathway)
    if current.state == BudgetState.CLOSED:
        return current
    if BudgetState.CLOSED not in BUDGET_WAYS[current.state]:
        raise NotPossible(_("This budget is over already."))
    give_all_back(budget=current, key=uuid.uuid4(), by=by)
    if current.state != BudgetState.AGREED:
        # It never took the other's place: that one can be revised again.
        current.replaces = None
    current.ends_on = max(current.starts_on or timezone.localdate(), timezone.localdate())
    _move(current, BudgetState.CLOSED, by)
    return current


def _move(budget: Budget, state: BudgetState, by: Actor) -> None:
    if state not in BUDGET_WAYS[budget.state]:
        raise NotPossible(_("The budget may have moved on a moment ago: look at it again."))
    budget.state = state
    budget.full_clean()
    budget.save()
    _note(budget, by)


def _is_so(budget: Budget, facts: dict[str, Any]) -> bool:
    return all(getattr(budget, name) == value for name, value in facts.items())


def _locked(budget: Budget) -> Budget:
    return (
        Budget.objects.select_for_update(of=("self",)).select_related("pathway").get(pk=budget.pk)
    )


def _note(budget: Budget, by: Actor) -> None:
    record(
        BUDGET_MOVED,
        by=by,
        subject=budget.pathway.person_id,
        organisation=budget.pathway.organisation_id,
        details={"budget": budget.id, "state": str(budget.state)},
    )
