"""Adding plans and dated terms. A new price is a new row from a later day: the past stays as it was."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from dcsn.access import Permission, check
from dcsn.accounts.models import User
from dcsn.audit import EventType, record
from members.models import Plan, PlanTerms
from members.plans.events import (
    PLAN_ADDED,
    PLAN_CHANGED,
    PLAN_TERMS_ADDED,
    PLAN_TERMS_REMOVED,
)
from members.refusals import Refused

FACTS = ("name", "kind", "description", "people_at_most", "position")


class PlanChanged(Refused):
    """Another officer has changed this plan since the page was opened."""


class BegunAlready(Refused):
    """Terms that hold, or have held: they stay."""


@transaction.atomic
def add_plan(*, facts: dict[str, Any], by: User) -> Plan:
    """A plan that nobody can join yet: it has no price.

    Sent twice it is one plan: the second finds the name taken.

    :raises PlanChanged: there is one of that name.
    """
    check(by, Permission.PLAN_CHANGE)
    plan = Plan(code=slugify(facts["name"])[:40] or "plan", offered=False, **facts)
    _known(plan)
    plan.full_clean(exclude=["code"], validate_unique=False)
    try:
        with transaction.atomic():
            plan.save(force_insert=True)
    except IntegrityError as error:
        raise PlanChanged(_("There is a plan of this name already.")) from error
    record(PLAN_ADDED, by=by, details={"plan": plan.code})
    return plan


def _known(plan: Plan) -> None:
    if Plan.objects.filter(code=plan.code).exists():
        raise PlanChanged(_("There is a plan of this name already."))


@transaction.atomic
def change_plan(*, plan: Plan, facts: dict[str, Any], version: int, by: User) -> Plan:
    """Its name, for whom it is, what it gives, how many share it. Its code, and its prices, stay.

    :raises PlanChanged: when another officer was quicker.
    """
    current = _locked(plan, version, by)
    for name in FACTS:
        if name in facts:
            setattr(current, name, facts[name])
    current.full_clean()
    return _saved(current, by, PLAN_CHANGED)


@transaction.atomic
def offer_plan(*, plan: Plan, offered: bool, version: int, by: User) -> Plan:
    """Let people join it, or stop. Whoever is a member stays one, and can renew.

    :raises Refused: it has no price today.
    """
    current = _locked(plan, version, by)
    if current.offered == offered:
        return current
    if offered and current.terms_on(timezone.localdate()) is None:
        raise Refused(_("Set a price first that holds today."))
    current.offered = offered
    return _saved(current, by, PLAN_CHANGED)


@transaction.atomic
def add_terms(*, plan: Plan, terms: PlanTerms, version: int, by: User) -> PlanTerms:
    """A new price, or another length, from a day on: today at the earliest for the first, else tomorrow.

    :raises PlanChanged: when another officer was quicker.
    :raises ValidationError: for terms that cannot be.
    """
    current = _locked(plan, version, by)
    today = timezone.localdate()
    holds = current.terms_on(today) is not None
    if terms.valid_from < today or (holds and terms.valid_from == today):
        raise BegunAlready(
            _(
                "Today’s price has been asked of people already. A new one begins tomorrow at the earliest."
            )
            if holds
            else _("The price cannot begin in the past.")
        )
    terms.plan, terms.recorded_by = current, by
    terms.full_clean()
    terms.save(force_insert=True)
    _saved(current, by, PLAN_TERMS_ADDED, **{"from": terms.valid_from.isoformat()})
    return terms


@transaction.atomic
def remove_terms(*, terms: PlanTerms, version: int, by: User) -> Plan:
    """Take back what has not begun.

    :raises BegunAlready: it holds, or somebody has agreed to it.
    """
    current = _locked(terms.plan, version, by)
    row = current.terms.filter(pk=terms.pk).first()
    if row is None:
        return current
    if row.valid_from <= timezone.localdate():
        raise BegunAlready(_("These terms hold already: they stay."))
    try:
        with transaction.atomic():
            row.delete()
    except ProtectedError as error:
        raise BegunAlready(_("Somebody has agreed to these terms already: they stay.")) from error
    return _saved(current, by, PLAN_TERMS_REMOVED, **{"from": row.valid_from.isoformat()})


def _locked(plan: Plan, version: int, by: User) -> Plan:
    check(by, Permission.PLAN_CHANGE)
    current = Plan.objects.select_for_update().get(pk=plan.pk)
    if current.version != version:
        raise PlanChanged(
            _("Somebody else has changed this plan since you opened the page. Look at it again.")
        )
    return current


def _saved(plan: Plan, by: User, event: EventType, **details: str) -> Plan:
    plan.version += 1
    plan.save()
    record(event, by=by, details={"plan": plan.code, **details})
    return plan
