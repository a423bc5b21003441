"""The plan: written in by several at once, kept in versions, agreed by three."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from dcsn.access import Permission, check
from dcsn.accounts.models import User
from dcsn.audit import Actor, SystemJob, record
from pathways.actions.reviews import set_next
from pathways.events import PLAN_AGREED, PLAN_BEGUN, PLAN_MOVED, PLAN_WRITTEN
from pathways.models import (
    Action,
    CircleMember,
    Goal,
    Part,
    Pathway,
    Plan,
    PlanAgreement,
    PlanVersion,
    Risk,
    Shared,
    Words,
)
from pathways.plans.contents import contents
from pathways.plans.merging import Clash, merge
from pathways.plans.sight import may_write_shared
from pathways.plans.states import GOAL_WAYS, PLAN_WAYS, PlanState
from pathways.refusals import ChangedMeanwhile, NotAgreed, NotPossible, WordsClash

Row = Goal | Action | CircleMember | Risk
# In which shared part of the plan each thing stands, for a provider who may write there.
SHARED_IN: dict[str, str] = {
    Part.ABOUT_ME: Shared.ABOUT_ME,
    Part.MATTERS: Shared.ABOUT_ME,
    Part.GOOD_DAY: Shared.ABOUT_ME,
    Part.BAD_DAY: Shared.ABOUT_ME,
    Part.SUPPORT: Shared.ABOUT_ME,
    Part.CONTINGENCY: Shared.CONTINGENCY,
    "goal": Shared.GOALS,
    "action": Shared.GOALS,
    "circlemember": Shared.CIRCLE,
    "risk": Shared.RISKS,
}
PERMISSION_TO_AGREE: dict[str, Permission] = {
    PlanAgreement.Role.PERSON: Permission.PATHWAY_COORDINATE,  # written down for them
    PlanAgreement.Role.PLANNER: Permission.PATHWAY_COORDINATE,
    PlanAgreement.Role.AUTHORISER: Permission.PATHWAY_AUTHORISE,
}
THREE = (PlanAgreement.Role.PERSON, PlanAgreement.Role.PLANNER, PlanAgreement.Role.AUTHORISER)


@transaction.atomic
def begin_plan(*, pathway: Pathway, by: Actor) -> Plan:
    """A new plan, empty; the one that is being made or is in place, when there is one."""
    current = Pathway.objects.select_for_update().get(pk=pathway.pk)
    if not isinstance(by, SystemJob):
        check(by, Permission.PATHWAY_COORDINATE, current)
    known = Plan.objects.filter(pathway=current).current().first()
    if known is not None:
        return known
    if not current.is_open:
        raise NotPossible(_("This pathway has ended."))
    plan = Plan.objects.create(pathway=current)
    record(
        PLAN_BEGUN,
        by=by,
        subject=current.person_id,
        organisation=current.organisation_id,
        details={"plan": plan.id},
    )
    return plan


@transaction.atomic
def write_words(
    *, plan: Plan, part: str, words: str, base: str, by: User, by_name: str = ""
) -> Words:
    """Write a part of the plan. ``base``: the words that stood on the page that was filled in.

    Somebody who wrote in other lines meanwhile keeps theirs; both are there.

    :raises WordsClash: both altered the same lines. Nothing is saved; the page shows both.
    """
    current = open_for(plan, by, SHARED_IN[part])
    row, _created = Words.objects.select_for_update().get_or_create(plan=current, part=part)
    merged = merge(base, row.words, words)
    if isinstance(merged, Clash):
        raise WordsClash(
            _("Somebody else changed the same lines while you wrote. Both are below."),
            clash=merged,
            version=row.version,
        )
    if merged.words == row.words:
        return row
    row.words = merged.words
    row.version = current.version + 1
    row.full_clean()
    row.save()
    keep_version(current, by=by, by_name=by_name, part=part)
    return row


@transaction.atomic
def write_row(
    *,
    plan: Plan,
    row: Row,
    facts: Mapping[str, Any],
    by: User,
    version: int | None = None,
    by_name: str = "",
) -> Row:
    """Add or change a goal, an action, somebody of the circle or a risk.

    :param row: a new one, not saved, whose id came with the form (sent twice it is one); or one of this
        plan, with the ``version`` that the page showed.
    :raises ChangedMeanwhile: somebody changed the same fact of it since.
    """
    current = open_for(plan, by, SHARED_IN[row._meta.model_name or ""])
    if not row._state.adding:
        if row.plan_id != current.pk:
            raise PermissionDenied("a row of another plan")
        row = type(row).objects.select_for_update().get(pk=row.pk)
        if version is not None and row.version != version and _clash(row, facts, version):
            raise ChangedMeanwhile(
                _("Somebody else has changed this since you opened it. What it says now is below.")
            )
    elif (known := type(row).objects.filter(pk=row.pk).first()) is not None:
        if known.plan_id != current.pk:
            raise PermissionDenied("a row of another plan")
        return known  # A double click: the form was sent a moment ago.
    row.plan = current
    changed = [name for name, value in facts.items() if getattr(row, name) != value]
    if isinstance(row, Goal) and "life_cycle" in changed and not row._state.adding:
        _check_goal_may_become(row, facts["life_cycle"])
    if isinstance(row, Action) and "goal_id" in changed:
        _check_goal_is_of(current, facts["goal_id"])
    if not changed and not row._state.adding:
        return row
    for name in changed:
        setattr(row, name, facts[name])
    row.version = current.version + 1
    row.full_clean()
    row.save()
    keep_version(current, by=by, by_name=by_name, part=row._meta.model_name or "")
    return row


def _check_goal_may_become(goal: Goal, to: str) -> None:
    if to not in GOAL_WAYS[goal.life_cycle]:
        raise NotPossible(_("The goal may have moved on a moment ago: look at it again."))


def _check_goal_is_of(plan: Plan, goal: Any) -> None:
    if goal is not None and not plan.goals.filter(pk=goal).exists():
        raise PermissionDenied("a goal of another plan")


@transaction.atomic
def agree(
    *,
    plan: Plan,
    version: int,
    role: str,
    name: str,
    how: str,
    by: User,
    on: date | None = None,
) -> PlanAgreement:
    """A name under the plan as it stands. The same name twice is once.

    The person agrees themselves when they are signed in, on the website and in no other way; else the
    planner writes down what they said or signed. Planner and authoriser agree by their own account.

    :raises ChangedMeanwhile: it was changed since ``version``: nobody agrees to what they have not seen.
    :raises NotPossible: the planner and the authoriser would be one account.
    """
    current = locked_plan(plan)
    online = how == PlanAgreement.How.ONLINE
    if not (role == PlanAgreement.Role.PERSON and online and is_theirs(current, by)):
        check(by, PERMISSION_TO_AGREE[role], current.pathway)
        if online:
            raise PermissionDenied("only the person agrees on the website")
    if current.is_final:
        raise NotPossible(_("This plan is finished."))
    if version != current.version:
        raise ChangedMeanwhile(_("The plan was changed since you opened it. Read it again first."))
    known = current.agreements.filter(version=version, role=role).first()
    if known is not None:
        return known
    if role == PlanAgreement.Role.AUTHORISER and not _waits_for(by, current):
        raise NotPossible(_("The person and the planner agree first."))
    account = None if role == PlanAgreement.Role.PERSON else by
    if account is not None:
        _check_is_another(current, version, role, account)
    agreement = PlanAgreement.objects.create(
        plan=current,
        version=version,
        role=role,
        name=name,
        how=how,
        agreed_on=on or timezone.localdate(),
        recorded_by=by,
        account=account,
    )
    record(
        PLAN_AGREED,
        by=by,
        subject=current.pathway.person_id,
        organisation=current.pathway.organisation_id,
        details={"plan": current.id, "role": str(role), "version": version},
    )
    return agreement


def _check_is_another(plan: Plan, version: int, role: str, by: User) -> None:
    """Three names are three people: nobody plans or authorises their own plan, and the authoriser wrote none
    of the other two names down."""
    if is_theirs(plan, by):
        raise NotPossible(_("This is your own plan: somebody else plans and authorises it."))
    names = plan.agreements.filter(version=version)
    theirs = Q(account=by)
    if role == PlanAgreement.Role.AUTHORISER:
        theirs |= Q(recorded_by=by)
    if names.filter(theirs).exists():
        raise NotPossible(_("The planner and the authoriser are two people."))


def _waits_for(user: User, plan: Plan) -> bool:
    return Pathway.objects.to_authorise(user).filter(pk=plan.pathway_id).exists()


@transaction.atomic
def move_plan(*, plan: Plan, to: str, by: User, on: date | None = None) -> Plan:
    """Put a plan in place, pause it, end it. Saying again what is already so changes nothing.

    :raises NotAgreed: it is to be in place, and one of the three names is missing under it.
    """
    current = locked_plan(plan)
    check(by, Permission.PATHWAY_COORDINATE, current.pathway)
    # A plan in place that was changed and agreed anew is put in place anew.
    anew = to == PlanState.ACTIVE == current.state and current.changed_since_agreed
    if current.state == to and not anew:
        return current
    if not anew and to not in PLAN_WAYS[current.state]:
        raise NotPossible(_("The plan may have moved on a moment ago: look at it again."))
    if to == PlanState.ACTIVE:
        _check_agreed(current)
        current.agreed_version = current.version
        current.starts_on = current.starts_on or on or timezone.localdate()
    current.state = to
    if current.is_final:
        current.ended_at = timezone.now()
    current.save()
    if to == PlanState.ACTIVE:
        set_next(plan=current, changed_on=timezone.localdate())
    record(
        PLAN_MOVED,
        by=by,
        subject=current.pathway.person_id,
        organisation=current.pathway.organisation_id,
        details={"plan": current.id, "state": str(to)},
    )
    return current


def _check_agreed(plan: Plan) -> None:
    names = set(plan.agreements.filter(version=plan.version).values_list("role", flat=True))
    missing = [role for role in THREE if role not in names]
    if missing:
        raise NotAgreed(
            _("Not agreed yet by: %(roles)s.")
            % {"roles": ", ".join(str(PlanAgreement.Role(role).label) for role in missing)}
        )


def locked_plan(plan: Plan) -> Plan:
    """Held until the transaction ends; a review that is set beside it need not wait (``no_key``)."""
    found = Plan.objects.select_for_update(of=("self",), no_key=True)
    return found.select_related("pathway").get(pk=plan.pk)


def open_for(plan: Plan, by: User, shared: str) -> Plan:
    """The plan, held until the transaction ends, if ``by`` may write in that part of it.

    :param shared: the part, a ``Shared``.
    """
    current = locked_plan(plan)
    if current.is_final:
        raise NotPossible(_("This plan is finished. Begin a new one to change it."))
    pathway = current.pathway
    if is_theirs(current, by):
        return current
    if may_write_shared(by, current, shared):
        return current
    check(by, Permission.PATHWAY_COORDINATE, pathway)
    if not Pathway.objects.visible_to(by).filter(pk=pathway.pk).exists():
        raise PermissionDenied("not their pathway")
    return current


def is_theirs(plan: Plan, user: User) -> bool:
    """Whether ``user`` is the person whose plan it is."""
    person = plan.pathway.person
    return person is not None and person.user_id is not None and person.user_id == user.pk


def keep_version(plan: Plan, *, by: User, part: str, by_name: str = "") -> None:
    """The new version, with all that the plan now holds."""
    plan.version += 1
    plan.save(update_fields=["version"])
    PlanVersion.objects.create(
        plan=plan, number=plan.version, contents=contents(plan), by=by, by_name=by_name
    )
    record(
        PLAN_WRITTEN,
        by=by,
        subject=plan.pathway.person_id,
        organisation=plan.pathway.organisation_id,
        details={"plan": plan.id, "part": str(part), "version": plan.version},
    )


def _clash(row: Row, facts: Mapping[str, Any], version: int) -> bool:
    """Whether a fact that is to change was changed by somebody else since ``version``."""
    then = (
        PlanVersion.objects.filter(plan_id=row.plan_id, number__lte=version)
        .order_by("-number")
        .first()
    )
    group = re.sub("member$", "", row._meta.model_name or "")
    names = {"goal": "goals", "action": "actions", "circle": "circle", "risk": "risks"}
    before = (then.contents if then else {}).get(names[group], {}).get(str(row.pk), {})
    for name, value in facts.items():
        now = getattr(row, name)
        was = before.get(name)
        if now != value and name in before and str(now or "") != str(was or ""):
            return True
    return False
