"""Who may see the plan besides the person and their coordinator, and who was given it on paper."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dcsn.access import Permission, check
from dcsn.accounts.models import User
from dcsn.audit import Actor, SystemJob, record
from directory.models import Organisation
from members.actions.people import record_consent
from members.models import Category, Consent, Purpose, SharingAgreement
from pathways.actions.plans import is_theirs, locked_plan
from pathways.events import PLAN_PRINTED, PLAN_SHARE_ENDED, PLAN_SHARED
from pathways.models import Pathway, Plan, PlanCopy, PlanShare
from pathways.plans.sight import EVERYTHING, categories_of
from pathways.refusals import NotPossible

# They tick it on their own page, where nobody has to be allowed to write it down.
OWN_PAGE = SystemJob("own page of a plan")


@transaction.atomic
def share_plan(
    *,
    plan: Plan,
    organisation: Organisation,
    parts: Collection[str],
    may_write: Collection[str] = (),
    how: str,
    by: User,
    said_by: Mapping[str, Any] | None = None,
) -> list[PlanShare]:
    """Let an organisation see these parts, and write in some, because the person agrees to it.

    What it may see already stays; saying it again with other boxes for writing changes those.

    :param said_by: ``until``, ``given_by``, ``who`` … as ``record_consent`` takes them.
    :raises NotPossible: no sharing agreement in force that covers it, or the plan is finished.
    """
    current = _theirs_or_coordinated(plan, by)
    person = current.pathway.person
    wanted = [part for part in parts if part in EVERYTHING]
    if current.is_final or person is None:
        raise NotPossible(_("This plan is finished."))
    if not wanted:
        raise NotPossible(_("Choose what is shared."))
    categories = categories_of(wanted)
    _check_agreement(current.pathway, organisation, categories)
    standing = PlanShare.objects.filter(plan=current, organisation=organisation, until=None)
    known = {share.part: share for share in standing.select_related("consent")}
    if all(
        part in known
        and known[part].may_write == (part in may_write)
        and known[part].consent.stands_at(timezone.now())
        for part in wanted
    ):
        return [known[part] for part in wanted]
    # The last word of a person counts for all that an organisation may know: it must not be less now
    # than what they said before, for a referral say.
    categories |= Consent.objects.categories_allowed(person, Purpose.SHARE, organisation)
    consent = record_consent(
        person=person,
        organisation=organisation,
        purpose=Purpose.SHARE,
        categories=categories,
        how=how,
        by=OWN_PAGE if is_theirs(current, by) else by,
        **dict(said_by or {}),
    )
    now = timezone.now()
    standing.filter(part__in=wanted).update(until=now)
    made = [
        PlanShare.objects.create(
            plan=current,
            organisation=organisation,
            part=part,
            may_write=part in may_write,
            consent=consent,
        )
        for part in wanted
    ]
    # The rest goes on under the new consent, which is the one that stands.
    standing.exclude(part__in=wanted).update(consent=consent)
    record(
        PLAN_SHARED,
        by=by,
        subject=person.id,
        organisation=organisation.id,
        details={"plan": current.id, "parts": sorted(wanted)},
    )
    return made


def _check_agreement(
    pathway: Pathway, organisation: Organisation, categories: Collection[str]
) -> None:
    if organisation.pk == pathway.organisation_id:
        return
    agreement = SharingAgreement.objects.in_force(organisation, timezone.localdate())
    if agreement is None:
        raise NotPossible(
            _("There is no data-sharing agreement in force with %(name)s, so nothing is shared.")
            % {"name": organisation.name}
        )
    beyond = set(categories) - set(agreement.categories)
    if beyond:
        raise NotPossible(
            _("The agreement with %(name)s does not cover: %(what)s. Take that part out.")
            % {
                "name": organisation.name,
                "what": ", ".join(str(Category(one).label) for one in sorted(beyond)),
            }
        )


@transaction.atomic
def stop_sharing(
    *, plan: Plan, organisation: Organisation, by: User, parts: Collection[str] = EVERYTHING
) -> int:
    """They do not see it any more, from this moment. What else was agreed with them stands.

    :returns: how many parts were shared until now; a second click stops nothing.
    """
    current = _theirs_or_coordinated(plan, by)
    return _end(current, organisation, parts, by)


def _end(plan: Plan, organisation: Organisation, parts: Collection[str], by: Actor) -> int:
    ended = PlanShare.objects.filter(
        plan=plan, organisation=organisation, part__in=parts, until=None
    ).update(until=timezone.now())
    if ended:
        record(
            PLAN_SHARE_ENDED,
            by=by,
            subject=plan.pathway.person_id,
            organisation=organisation.pk,
            details={"plan": plan.pk},
        )
    return ended


def stop_after_withdrawal(*, withdrawal: Consent, by: Actor, **_signal: object) -> None:
    """Connected to ``members.signals.consent_withdrawn``: whoever heard no may not look any more."""
    if withdrawal.purpose != Purpose.SHARE:
        return
    plans = Plan.objects.filter(
        pathway__person=withdrawal.person_id,
        shares__organisation=withdrawal.organisation_id,
        shares__until=None,
    ).distinct()
    for plan in plans:
        _end(plan, withdrawal.organisation, EVERYTHING, by)


@transaction.atomic
def give_copy(
    *,
    plan: Plan,
    holder: str,
    parts: Collection[str],
    by: User,
    given_on: date | None = None,
) -> PlanCopy:
    """Write down that somebody gets the plan on paper: who, which version, which parts."""
    current = _theirs_or_coordinated(plan, by, permission=Permission.PATHWAY_VIEW)
    copy = PlanCopy(
        plan=current,
        version=current.version,
        holder=holder,
        parts=sorted(parts),
        given_on=given_on or timezone.localdate(),
        recorded_by=by,
    )
    copy.full_clean()
    copy.save()
    record(
        PLAN_PRINTED,
        by=by,
        subject=current.pathway.person_id,
        organisation=current.pathway.organisation_id,
        details={"plan": current.id, "version": current.version},
    )
    return copy


def _theirs_or_coordinated(
    plan: Plan, by: User, permission: Permission = Permission.PATHWAY_COORDINATE
) -> Plan:
    current = locked_plan(plan)
    if is_theirs(current, by):
        return current
    check(by, permission, current.pathway)
    if not Pathway.objects.visible_to(by).filter(pk=current.pathway_id).exists():
        raise PermissionDenied("not their pathway")
    return current


def agreeing_organisations() -> Any:
    """With which organisations a plan may be shared at all, by name."""
    holding = SharingAgreement.objects.holding(timezone.localdate()).values("organisation_id")
    return Organisation.objects.filter(pk__in=holding).order_by("sort_key", "id")
