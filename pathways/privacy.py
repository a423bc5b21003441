"""What the tables of pathways hold, and what becomes of a person's rows."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dcsn.privacy import Kept, PersonLink, classified, register
from dcsn.privacy.registry import move_rows, move_rows_back
from pathways import retention
from pathways.carers import retention as retention_of_carers
from pathways.exported import export_carer, export_emergency, export_pathways
from pathways.merged import merge_pathways, unmerge_pathways
from pathways.models import (
    Action,
    Budget,
    BudgetAgreement,
    CarerAssessment,
    CircleMember,
    Contact,
    EmergencyPlan,
    Goal,
    GoalAnswer,
    LedgerEntry,
    LedgerLine,
    Measuring,
    NeedsAssessment,
    OutsideScore,
    Pathway,
    Plan,
    PlanAgreement,
    PlanCopy,
    PlanShare,
    PlanVersion,
    Review,
    ReviewState,
    Risk,
    RiskDecision,
    StageChange,
    WellbeingAnswer,
    Words,
)
from pathways.plans.states import PLAN_FINAL, PlanState

_CASE_KEPT = Kept(
    _(
        "words and person until eight years after it ended; then emptied, and counted without a name"
    ),
    setting="KEEP_CASE_DAYS",
)
_SETTINGS = Kept(_("as long as the network uses it, and what was reckoned with it is kept"))
_MONEY = Kept(_("six years after the end of the year, for the accounts; it names nobody"))

FIELDS = {
    "pathways.PathwayKind": classified(
        _SETTINGS,
        safe="id code name description offered position first_after_weeks first_within_weeks "
        "then_within_months lasts_at_least_weeks lasts_at_most_weeks",
    ),
    "pathways.Stage": classified(_SETTINGS, safe="id kind code name position usual_days"),
    "pathways.Pathway": classified(
        _CASE_KEPT,
        personal="person coordinator contact_name contact_phone",
        # That somebody is on a pathway, and of what kind, tells of their health.
        special="kind eligibility paused_because",
        safe="id key reference organisation route assessed_on stage stage_since started_on paused_on "
        "ended_at end version created_at anonymised_at ward",
    ),
    "pathways.Contact": classified(
        _CASE_KEPT, personal="by", special="note", safe="id key pathway on way at"
    ),
    "pathways.CaseloadCalendar": classified(
        Kept(_("as long as the coordinator has an account")),
        personal="user",
        safe="id number live made_at",
    ),
    "pathways.StageChange": classified(
        _CASE_KEPT, personal="by", safe="id pathway number stage at"
    ),
    "pathways.Plan": classified(
        _CASE_KEPT,
        personal="recording",
        safe="id pathway state version agreed_version starts_on created_at ended_at",
    ),
    "pathways.Words": classified(
        _CASE_KEPT, special="words picture picture_shows", safe="id plan part version"
    ),
    "pathways.PlanVersion": classified(
        _CASE_KEPT, personal="by by_name", special="contents", safe="id plan number at"
    ),
    "pathways.PlanAgreement": classified(
        _CASE_KEPT,
        personal="name recorded_by account",
        safe="id plan version role how agreed_on",
    ),
    "pathways.PlanCopy": classified(
        _CASE_KEPT, personal="holder recorded_by", safe="id plan version given_on parts"
    ),
    "pathways.PlanShare": classified(
        _CASE_KEPT, safe="id plan organisation part may_write consent since until"
    ),
    "pathways.Goal": classified(
        _CASE_KEPT,
        special="words measure achievement",
        safe="id plan due_on life_cycle position version created_at",
    ),
    "pathways.Action": classified(
        _CASE_KEPT,
        personal="who",
        special="words service",
        safe="id plan goal when source minutes_a_week cost_pence per referral help_request done_on "
        "stopped_on version created_at",
    ),
    "pathways.CircleMember": classified(
        _CASE_KEPT,
        personal="name relation",
        special="gives",
        safe="id plan ring version created_at",
    ),
    "pathways.Risk": classified(
        _CASE_KEPT, special="words own_view", safe="id plan settled_on version created_at"
    ),
    "pathways.RiskDecision": classified(
        _CASE_KEPT, personal="present by", special="decision because", safe="id risk decided_on"
    ),
    "pathways.Review": classified(
        _CASE_KEPT,
        personal="where asked_by recorded_by",
        special="better not_better persons_view next_steps fewer_because",
        safe="id pathway plan why opens_on closes_on state booked_for held_on minutes_before "
        "minutes_after reason_seen_on reason_seen_how missed_on recorded_at version created_at "
        "anonymised_at",
    ),
    "pathways.Measuring": classified(
        _CASE_KEPT, personal="taken_by", safe="id key pathway review taken_on"
    ),
    "pathways.WellbeingAnswer": classified(
        _CASE_KEPT, special="score", safe="id measuring question"
    ),
    "pathways.GoalAnswer": classified(_CASE_KEPT, special="achievement", safe="id measuring goal"),
    "pathways.OutsideScore": classified(
        _CASE_KEPT,
        special="tool score",
        safe="id measuring lowest highest more_is_better",
    ),
    "pathways.CarerAssessment": classified(
        _CASE_KEPT,
        personal="carer assessed_by helped_by",
        special="effects wants trigger hours_a_week outcome",
        safe="id key organisation stage follows by_carer assessed_on card_term telecare_until "
        "telecare_told_on referred_on anonymised_at",
    ),
    "pathways.EmergencyPlan": classified(
        _CASE_KEPT,
        personal="carer ring_first who_is_cared_for where_things_are",
        special="must_know",
        safe="id reference organisation look_again_on version changed_at anonymised_at",
    ),
    "pathways.PublishedMonth": classified(
        Kept(_("for good: totals in which nobody is")), safe="id first cells published_at"
    ),
    "pathways.CarerEstimate": classified(
        _SETTINGS,
        personal="made_by made_by_name",
        safe="id area carers known_elsewhere as_of source made_at",
    ),
    "pathways.AllocationVersion": classified(
        _SETTINGS,
        personal="made_by made_by_name signed_off_by",
        safe="id number valid_from table budget_pence sample_cases sample_points people "
        "top_slice_per_mille sources equality_check equality_table "
        "signed_off_on made_at",
    ),
    "pathways.NeedsAssessment": classified(
        _CASE_KEPT,
        personal="made_by",
        special="answers points",
        safe="id pathway allocation state carer_agreed_on made_at anonymised_at",
    ),
    "pathways.Budget": classified(
        _MONEY,
        special="because",
        safe="id pathway plan needs replaces state indicative_pence total_pence council_pence "
        "person_pence starts_on ends_on version created_at",
    ),
    "pathways.BudgetAgreement": classified(
        _MONEY,
        personal="name recorded_by account",
        safe="id budget version role agreed_on",
    ),
    "pathways.LedgerEntry": classified(
        _MONEY,
        personal="by",
        safe="id key budget what on at action spent_on why reverses",
    ),
    "pathways.LedgerLine": classified(_MONEY, safe="id entry account pence"),
}


def empty_pathways(rows: Any) -> int:
    """Forget whose these pathways were and what was written; stages, dates and money still count."""
    found = list(rows.filter(anonymised_at=None).values_list("pk", flat=True))
    if not found:
        return 0
    now = timezone.now()
    plans = Plan.objects.filter(pathway__in=found)
    # Nobody agreed to a plan that is empty, and nobody looks at it again.
    plans.exclude(state__in=sorted(PLAN_FINAL)).update(state=PlanState.REVOKED, ended_at=now)
    kept = list(plans.values_list("pk", flat=True))
    for part in Words.objects.filter(plan__in=kept).exclude(picture=""):
        part.picture.delete(save=False)
    Words.objects.filter(plan__in=kept).update(words="", picture="", picture_shows="")
    PlanVersion.objects.filter(plan__in=kept).forget()
    PlanAgreement.objects.filter(plan__in=kept).update(name="", recorded_by=None)
    PlanCopy.objects.filter(plan__in=kept).update(holder="", recorded_by=None)
    PlanShare.objects.filter(plan__in=kept, until=None).update(until=now)
    Goal.objects.filter(plan__in=kept).update(words="", measure="")
    Action.objects.filter(plan__in=kept).update(
        words="", who="", when="", service=None, referral=None, help_request=None
    )
    CircleMember.objects.filter(plan__in=kept).delete()
    RiskDecision.objects.filter(risk__plan__in=kept).update(
        decision="", because="", present="", by=None
    )
    Risk.objects.filter(plan__in=kept).update(words="", own_view="")
    plans.update(recording="")
    reviews = Review.objects.filter(pathway__in=found)
    reviews.to_come().update(state=ReviewState.NOT_NEEDED)
    reviews.update(
        where="", asked_by="", better="", not_better="", persons_view="", next_steps="",
        fewer_because="", recorded_by=None, anonymised_at=now,
    )  # fmt: skip
    Measuring.objects.filter(pathway__in=found).update(taken_by=None)
    NeedsAssessment.objects.filter(pathway__in=found).update(
        answers={}, made_by=None, anonymised_at=now
    )
    Contact.objects.filter(pathway__in=found).update(note="", by=None)
    budgets = Budget.objects.filter(pathway__in=found)
    BudgetAgreement.objects.filter(budget__in=budgets).update(name="", recorded_by=None)
    budgets.update(because="")
    emptied = Pathway.objects.filter(pk__in=found)
    emptied.filter(ended_at=None).update(
        ended_at=now, end=Pathway.End.NO_CONTACT, paused_on=None, paused_because=""
    )
    return emptied.update(
        person=None, coordinator=None, contact_name="", contact_phone="", anonymised_at=now
    )


def _erase_carer(person: UUID) -> int:
    return retention_of_carers.empty(CarerAssessment.objects.filter(carer=person))


def _erase_emergency(person: UUID) -> int:
    return EmergencyPlan.objects.filter(carer=person).delete()[0]


def _merge_emergency(old: UUID, current: UUID) -> list[str]:
    """One plan each: the record that stays keeps its own; the other's goes on with its record."""
    if EmergencyPlan.objects.filter(carer=current).exists():
        return []
    return move_rows(EmergencyPlan, "carer_id")(old, current)


register(
    Pathway,
    PersonLink(
        heading=_("Your pathways, plans, reviews and budgets"),
        export=export_pathways,
        third_parties=("contact person", "plans", "reviews", "when we spoke"),
        erase=lambda person: empty_pathways(Pathway.objects.filter(person=person)),
        includes=(
            StageChange, Contact, Plan, Words, PlanVersion, PlanAgreement, PlanCopy, PlanShare, Goal, Action,
            CircleMember, Risk, RiskDecision, Review, Measuring, WellbeingAnswer, GoalAnswer,
            OutsideScore, NeedsAssessment, Budget, BudgetAgreement, LedgerEntry, LedgerLine,
        ),
        keep=_("That there was a pathway, its stages, dates, scores and money: for counting."),
        merge=merge_pathways,
        unmerge=unmerge_pathways,
        # Before the referrals that its actions lead to.
        order=-30,
    ),
)  # fmt: skip
register(
    CarerAssessment,
    PersonLink(
        heading=_("What you told us about caring for somebody"),
        export=export_carer,
        third_parties=("what caring does to your life", "what would help"),
        erase=_erase_carer,
        keep=_("That a carer was assessed, when, and with what result: for counting."),
        merge=move_rows(CarerAssessment, "carer_id"),
        unmerge=move_rows_back(CarerAssessment, "carer_id"),
    ),
)
register(
    EmergencyPlan,
    PersonLink(
        heading=_("Your emergency plan"),
        export=export_emergency,
        third_parties=("ring first", "who is cared for", "what must be known"),
        erase=_erase_emergency,
        merge=_merge_emergency,
        unmerge=move_rows_back(EmergencyPlan, "carer_id"),
    ),
)
retention.register_classes()
retention_of_carers.register_classes()
