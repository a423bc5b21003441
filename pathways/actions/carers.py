"""What is done for carers: the first stage with something in hand at once, and what follows from it.

Derby City Council's two stages (evidence on self-directed support, 2009, section e). Everything hangs on
the carer's own record; nothing here is written down about, or with, the person they care for.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dcsn.access import Permission, check
from dcsn.audit import Actor, SystemJob, record
from directory.models import Organisation
from members.actions.memberships import apply_source, start_membership
from members.actions.people import change_person
from members.cards.actions import request_card
from members.models import Answer, Membership, Person, Plan, Status, Term
from members.refusals import Refused as MembersRefused
from pathways.actions.carers_enquiries import (
    council_answered,
    follow_the_council,
    hold,
    open_for_council,
)
from pathways.events import (
    CARER_ASSESSED,
    CARER_REFERRED,
    EMERGENCY_PLAN_WRITTEN,
    TELECARE_TOLD,
)
from pathways.models import CarerAssessment, EmergencyPlan
from pathways.refusals import ChangedMeanwhile, NotPossible, Refused

Trigger = CarerAssessment.Trigger
# The card is the assessment's to give, whoever wrote it down.
BENEFITS = SystemJob("first stage of carers")
# "Regular and substantial care": the census counts twenty hours a week and more apart.
MANY_HOURS = 20
TELECARE_LASTS = timedelta(weeks=12)
LOOK_AGAIN_AFTER = timedelta(days=365)
PLAN_WORDS = ("ring_first", "who_is_cared_for", "must_know", "where_things_are")


@dataclass(frozen=True)
class FirstStage:
    """What a carer says. ``touched``: codes of :class:`Trigger` that they ticked."""

    hours_a_week: int | None = None
    touched: frozenset[str] = frozenset()
    effects: str = ""
    wants: str = ""
    asks_council: bool = False
    telecare: bool = False
    by_carer: bool = True
    helped_by: str = ""
    emergency: dict[str, str] = field(default_factory=dict)

    @property
    def trigger(self) -> str:
        """The weightiest reason for the council's own assessment; "" where there is none."""
        for reason in (Trigger.BREAKING, Trigger.HEALTH, Trigger.WORK):
            if reason in self.touched:
                return reason.value
        if (self.hours_a_week or 0) >= MANY_HOURS:
            return Trigger.REGULAR_AND_SUBSTANTIAL.value
        return Trigger.ASKED.value if self.asks_council else ""


@transaction.atomic
def first_stage(
    *,
    person: Person,
    organisation: Organisation,
    said: FirstStage,
    key: UUID,
    by: Actor,
    on: date | None = None,
) -> CarerAssessment:
    """Write down the first stage, and grant at once what follows: card, emergency plan, telecare.

    What calls for the second stage is somebody's work from that day: an enquiry at the access point, in the
    same transaction. The same ``key`` is the same assessment (a double click), and nothing is granted twice.
    """
    _check(by, organisation)
    owner = Person.objects.known().select_for_update().filter(pk=person.pk).first()
    known = CarerAssessment.objects.filter(key=key).first()
    if known is not None:
        return known
    if owner is None:
        raise Refused(_("This person's record is no longer in use."))
    today = on or timezone.localdate()
    assessment = CarerAssessment(
        key=key,
        carer=owner,
        organisation=organisation,
        by_carer=said.by_carer,
        helped_by=said.helped_by,
        hours_a_week=said.hours_a_week,
        effects=said.effects,
        wants=said.wants,
        trigger=said.trigger,
        assessed_on=today,
        assessed_by=None if isinstance(by, SystemJob) else by,
        telecare_until=today + TELECARE_LASTS if said.telecare else None,
    )
    assessment.card_term = _grant_card(owner, organisation, assessment, today)
    assessment.full_clean(exclude=["key"])
    assessment.save(force_insert=True)
    if owner.is_carer != Answer.YES:
        change_person(person=owner, by=BENEFITS, facts={"is_carer": Answer.YES.value})
    _begin_plan(owner, organisation, said, by)
    record(
        CARER_ASSESSED,
        by=by,
        subject=owner.id,
        organisation=organisation.id,
        details={"assessment": assessment.id, "stage": "first"},
    )
    if assessment.trigger:
        open_for_council(assessment, on=today)
    return assessment


def carers_plan() -> Plan | None:
    """The membership that carers get; none where the network offers none."""
    today = timezone.localdate()
    for plan in Plan.objects.offered().filter(kind=Plan.Kind.CARER):
        if plan.terms_on(today) is not None:
            return plan
    return None


def _grant_card(
    person: Person, organisation: Organisation, assessment: CarerAssessment, today: date
) -> Term | None:
    """The carer's card comes with a term of membership. A member has a card, and keeps that one."""
    membership = person.memberships.live().first()
    if membership is not None and membership.status(today) in (Status.NEW, Status.CURRENT):
        request_card(membership=membership, person=person, by=BENEFITS)
        return None
    try:
        if membership is None:
            plan = carers_plan()
            if plan is None:
                return None
            membership = start_membership(
                person=person,
                plan=plan,
                organisation=organisation,
                via=Membership.Via.DESK,
                by=BENEFITS,
                on=today,
            )
        return apply_source(
            membership=membership,
            source=Term.Source.CARER,
            source_id=assessment.id,
            by=BENEFITS,
            on=today,
        )
    except MembersRefused:
        # A membership that has ended for good: what the carer said is kept, and staff see no card.
        return None


def _begin_plan(
    person: Person, organisation: Organisation, said: FirstStage, by: Actor
) -> EmergencyPlan:
    """The one they have; words that were left empty take nothing away from it."""
    plan = EmergencyPlan.objects.select_for_update().filter(carer=person).first()
    words = {name: value for name, value in said.emergency.items() if value}
    if plan is None:
        plan = EmergencyPlan(carer=person, organisation=organisation)
    elif not words:
        return plan
    return _save_plan(plan, words, by)


@transaction.atomic
def write_emergency_plan(
    *, plan: EmergencyPlan, words: dict[str, Any], version: int, by: Actor
) -> EmergencyPlan:
    """Change it. ``by`` is staff, the carer themselves or the portal.

    :raises ChangedMeanwhile: somebody changed it since ``version``, which the page showed.
    """
    current = (
        EmergencyPlan.objects.select_for_update(of=("self",))
        .select_related("carer")
        .get(pk=plan.pk)
    )
    own = current.carer is not None and getattr(by, "pk", None) == current.carer.user_id is not None
    if not own:
        _check(by, current.organisation)
    if all(getattr(current, name) == value for name, value in words.items()):
        return current
    if current.version != version:
        raise ChangedMeanwhile(
            _("Somebody else has changed this plan since you opened it. What it says now is below.")
        )
    return _save_plan(current, words, by)


def _save_plan(plan: EmergencyPlan, words: dict[str, Any], by: Actor) -> EmergencyPlan:
    unknown = set(words) - set(PLAN_WORDS)
    if unknown:
        raise TypeError(f"Not part of an emergency plan: {', '.join(sorted(unknown))}")
    for name, value in words.items():
        setattr(plan, name, value)
    if not plan._state.adding:
        plan.version += 1
    plan.changed_at = timezone.now()
    plan.look_again_on = timezone.localdate() + LOOK_AGAIN_AFTER
    plan.full_clean()
    plan.save()
    record(
        EMERGENCY_PLAN_WRITTEN,
        by=by,
        subject=plan.carer_id,
        organisation=plan.organisation_id,
        details={"emergency_plan": plan.id, "version": plan.version},
    )
    return plan


@transaction.atomic
def pass_to_council(
    *, assessment: CarerAssessment, by: Actor, on: date | None = None
) -> CarerAssessment:
    """The carer is known to the council and waits for its assessment; in six weeks the access point asks
    what came of it. Twice changes nothing."""
    hold(assessment)
    current = _locked(assessment)
    _check(by, current.organisation)
    if current.stage != CarerAssessment.Stage.FIRST:
        raise NotPossible(_("This is the council's own assessment already."))
    if current.referred_on is not None:
        return current
    current.referred_on = passed_on = on or timezone.localdate()
    if not current.trigger:
        current.trigger = Trigger.ASKED
    current.save(update_fields=["referred_on", "trigger"])
    record(
        CARER_REFERRED,
        by=by,
        subject=current.carer_id,
        organisation=current.organisation_id,
        details={"assessment": current.id},
    )
    answered = CarerAssessment.objects.filter(follows=current).exists()
    if current.carer_id is not None and not answered:
        follow_the_council(current, passed_on=passed_on)
    return current


@transaction.atomic
def second_stage(
    *,
    first: CarerAssessment,
    outcome: str,
    assessed_on: date,
    by: Actor,
    hours_a_week: int | None = None,
    effects: str = "",
    wants: str = "",
) -> CarerAssessment:
    """What the council found. One for each first stage: whoever comes second finds what is there.

    Who is not eligible is never at an end: the access point gets an enquiry, to find what else helps.
    """
    hold(first)
    current = _locked(first)
    _check(by, current.organisation)
    known = CarerAssessment.objects.filter(follows=current).first()
    if known is not None:
        return known
    if current.carer_id is None:
        raise Refused(_("This person's record is no longer in use."))
    second = CarerAssessment(
        carer=current.carer,
        organisation=current.organisation,
        stage=CarerAssessment.Stage.SECOND,
        follows=current,
        outcome=outcome,
        hours_a_week=hours_a_week,
        effects=effects,
        wants=wants,
        assessed_on=assessed_on,
        assessed_by=None if isinstance(by, SystemJob) else by,
    )
    second.full_clean(exclude=["key"])
    second.save(force_insert=True)
    record(
        CARER_ASSESSED,
        by=by,
        subject=second.carer_id,
        organisation=second.organisation_id,
        details={"assessment": second.id, "stage": "second"},
    )
    council_answered(current, second)
    return second


@transaction.atomic
def telecare_told(*, assessment: CarerAssessment, by: Actor) -> CarerAssessment:
    """The carer was told that the telecare ends, by a message or by ringing them. Once."""
    current = _locked(assessment)
    _check(by, current.organisation)
    if current.telecare_told_on is not None or current.telecare_until is None:
        return current
    current.telecare_told_on = timezone.localdate()
    current.save(update_fields=["telecare_told_on"])
    record(
        TELECARE_TOLD,
        by=by,
        subject=current.carer_id,
        organisation=current.organisation_id,
        details={"assessment": current.id},
    )
    return current


def _locked(assessment: CarerAssessment) -> CarerAssessment:
    return (
        CarerAssessment.objects.select_for_update(of=("self",))
        .select_related("carer", "organisation")
        .get(pk=assessment.pk)
    )


def _check(by: Actor, organisation: Organisation) -> None:
    if not isinstance(by, SystemJob):
        check(by, Permission.CARER_ASSESS, CarerAssessment(organisation=organisation))
