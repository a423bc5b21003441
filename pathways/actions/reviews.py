"""Reviews: the next one is set by itself, and what it found is written down outcomes first."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dcsn.access import Permission, check
from dcsn.audit import Actor, SystemJob, record
from pathways.events import REVIEW_ASKED, REVIEW_MOVED, REVIEW_REASON_SEEN
from pathways.models import Pathway, Plan, Review, ReviewState
from pathways.plans.states import PlanState
from pathways.refusals import ChangedMeanwhile, NotPossible, ReasonNotSeen
from pathways.reviews.dates import Window, first_review, next_review_by

FACTS = frozenset(
    {
        "better", "not_better", "persons_view", "next_steps", "minutes_before", "minutes_after",
        "fewer_because", "reason_seen_on", "reason_seen_how",
    }
)  # fmt: skip


@transaction.atomic
def set_next(*, plan: Plan, changed_on: date | None = None) -> Review | None:
    """The review that is due next: after a change, else within months of the last one.

    Called when a plan is put in place (``changed_on``) and when a review is written up. One is due at a
    time: a change moves the one that waits; one that is booked stays booked.
    """
    if plan.state != PlanState.ACTIVE:
        return None
    pathway = _hold(plan.pathway_id)
    waiting = (
        Review.objects.filter(plan=plan)
        .to_come()
        .exclude(why=Review.Why.ASKED)
        .order_by("closes_on")
        .first()
    )
    if waiting is not None and waiting.state == ReviewState.BOOKED:
        return waiting
    last = Review.objects.filter(plan=plan, held_on__isnull=False).order_by("-held_on").first()
    if changed_on is not None:
        why, window = Review.Why.AFTER_START, first_review(pathway.kind.rhythm, changed_on)
    elif last is not None and last.held_on is not None:
        by = next_review_by(pathway.kind.rhythm, last.held_on)
        why, window = Review.Why.YEARLY, Window(last.held_on, by)
    else:
        return waiting
    if waiting is None:
        return Review.objects.create(
            pathway=pathway, plan=plan, why=why, opens_on=window.opens, closes_on=window.closes
        )
    waiting.why, waiting.opens_on, waiting.closes_on = why, window.opens, window.closes
    waiting.missed_on = None
    waiting.save(update_fields=["why", "opens_on", "closes_on", "missed_on"])
    return waiting


@transaction.atomic
def ask_for_review(
    *, plan: Plan, asked_by: str, by: Actor, within_days: int = 28, today: date | None = None
) -> Review:
    """Anybody may ask at any time (Care Act 2014, section 27(1)(b)): due at once, not with the next.

    ``by``: staff who write it down, or the person's own sign-in.
    """
    day = today or timezone.localdate()
    if not isinstance(by, SystemJob) and not _is_theirs(by, plan.pathway):
        check(by, Permission.PATHWAY_COORDINATE, plan.pathway)
    current = (
        Plan.objects.select_for_update(of=("self",), no_key=True)
        .select_related("pathway")
        .get(pk=plan.pk)
    )
    if current.is_final or not current.pathway.is_open:
        raise NotPossible(_("This plan is over, so there is nothing to review."))
    known = (
        Review.objects.filter(plan=plan, why=Review.Why.ASKED)
        .filter(state__in=(ReviewState.DUE, ReviewState.BOOKED))
        .first()
    )
    if known is not None:
        return known
    review = Review.objects.create(
        pathway=plan.pathway,
        plan=plan,
        why=Review.Why.ASKED,
        asked_by=asked_by,
        opens_on=day,
        closes_on=date.fromordinal(day.toordinal() + within_days),
    )
    record(
        REVIEW_ASKED,
        by=by,
        subject=plan.pathway.person_id,
        organisation=plan.pathway.organisation_id,
        details={"review": review.id},
    )
    return review


@transaction.atomic
def book(
    *, review: Review, at: datetime, where: str, by: Actor, version: int | None = None
) -> Review:
    """Agree a day with the person; another day may be agreed later."""
    current = _locked(review, by)
    if current.state not in (ReviewState.DUE, ReviewState.BOOKED):
        raise NotPossible(_("This review was held already."))
    if (current.state, current.booked_for, current.where) == (ReviewState.BOOKED, at, where):
        return current
    _check_version(current, version)
    current.booked_for, current.where = at, where
    return _moved(current, ReviewState.BOOKED, by)


@transaction.atomic
def keep(
    *,
    review: Review,
    held_on: date,
    facts: Mapping[str, Any],
    by: Actor,
    version: int | None = None,
) -> Review:
    """It was held, and is not written up to its end: what is known is kept, to go on with later.

    A reason for fewer hours is kept here until the person has seen it.
    """
    current = _with_facts(review, held_on, facts, by, version)
    if current.state == ReviewState.RECORDED:
        raise ChangedMeanwhile(_("This review was written up already."))
    current.state = ReviewState.HELD
    current.full_clean()
    return _moved(current, ReviewState.HELD, by)


@transaction.atomic
def write_up(
    *,
    review: Review,
    held_on: date,
    facts: Mapping[str, Any],
    by: Actor,
    version: int | None = None,
) -> Review:
    """What was found. Outcomes are required; fewer hours need a reason that the person has seen.

    :raises ReasonNotSeen: fewer hours, and no reason, or one that the person has not seen.
    :raises ChangedMeanwhile: somebody else wrote it up since ``version``.
    """
    current = _with_facts(review, held_on, facts, by, version)
    if current.state == ReviewState.RECORDED:
        return current
    if current.is_fewer and not (
        current.fewer_because and current.reason_seen_on and current.reason_seen_how
    ):
        raise ReasonNotSeen(
            _(
                "Fewer hours cannot be recorded yet. Write the reason down, show it to the person, and "
                "note the day on which they saw it, and how."
            )
        )
    current.recorded_at = timezone.now()
    current.recorded_by = None if isinstance(by, SystemJob) else by
    current.state = ReviewState.RECORDED
    current.full_clean()
    moved = _moved(current, ReviewState.RECORDED, by)
    set_next(plan=moved.plan)
    return moved


@transaction.atomic
def see_reason(*, review: Review, by: Any, version: int | None) -> Review:
    """The person has read, signed in, why their hours are to be fewer. Twice changes nothing.

    It is no agreement: they may ask for another review, and complain.

    :param version: of the review that their page showed.
    :raises ChangedMeanwhile: it was changed since: they have seen another reason than the one that counts.
    """
    current = (
        Review.objects.select_for_update(of=("self",)).select_related("pathway").get(pk=review.pk)
    )
    if not _is_theirs(by, current.pathway):
        check(by, Permission.PATHWAY_COORDINATE, current.pathway)
    if current.reason_seen_on is not None:
        return current
    if current.state != ReviewState.HELD or not current.fewer_because:
        raise NotPossible(_("This review has moved on a moment ago: look at it again."))
    if version != current.version:
        raise ChangedMeanwhile(_("This was changed a moment ago. Read below how it stands now."))
    current.reason_seen_on = timezone.localdate()
    current.reason_seen_how = Review.Seen.WEBSITE
    current.version += 1
    current.save()
    record(
        REVIEW_REASON_SEEN,
        by=by,
        subject=current.pathway.person_id,
        organisation=current.pathway.organisation_id,
        details={"review": current.id},
    )
    return current


def _with_facts(
    review: Review, held_on: date, facts: Mapping[str, Any], by: Actor, version: int | None
) -> Review:
    """The locked row with what was written, not saved; as it stands when the same was recorded before."""
    unknown = set(facts) - FACTS
    if unknown:
        raise TypeError(f"not facts of a review: {sorted(unknown)}")
    current = _locked(review, by)
    if current.state == ReviewState.RECORDED:
        if all(getattr(current, name) == value for name, value in facts.items()):
            return current
        raise ChangedMeanwhile(_("This review was written up already."))
    if current.state == ReviewState.NOT_NEEDED:
        raise NotPossible(_("This review is not needed any more."))
    _check_version(current, version)
    if held_on > timezone.localdate():
        raise NotPossible(_("A review is written up after it was held."))
    seen = facts.get("reason_seen_on")
    if seen is not None and seen > timezone.localdate():
        raise NotPossible(_("The day on which they saw the reason has not come yet."))
    if (
        facts.get("reason_seen_how") == Review.Seen.WEBSITE
        and current.reason_seen_how != Review.Seen.WEBSITE
    ):
        raise NotPossible(_("That they saw it on the website, only the person says, signed in."))
    # What they saw on the website was the reason as it stood: another reason is to be shown anew.
    stale = (
        current.reason_seen_how == Review.Seen.WEBSITE
        and facts.get("fewer_because", current.fewer_because) != current.fewer_because
    )
    current.held_on = held_on
    for name, value in facts.items():
        setattr(current, name, value)
    if stale and current.reason_seen_how == Review.Seen.WEBSITE:
        current.reason_seen_on, current.reason_seen_how = None, ""
    return current


def _check_version(current: Review, version: int | None) -> None:
    if version is not None and version != current.version:
        raise ChangedMeanwhile(_("Somebody else has changed this since you opened it."))


def _is_theirs(by: Any, pathway: Pathway) -> bool:
    return pathway.person is not None and pathway.person.user_id == getattr(by, "pk", None)


def _hold(pathway_id: UUID) -> Pathway:
    """Always the pathway before its reviews: a plan that is put in place moves the review that somebody else
    is writing up, and each would wait for the other for ever."""
    return (
        Pathway.objects.select_for_update(of=("self",), no_key=True)
        .select_related("kind")
        .get(pk=pathway_id)
    )


def _locked(review: Review, by: Actor) -> Review:
    _hold(review.pathway_id)
    current = (
        Review.objects.select_for_update(of=("self",))
        .select_related("pathway", "plan")
        .get(pk=review.pk)
    )
    if not isinstance(by, SystemJob):
        check(by, Permission.PATHWAY_COORDINATE, current.pathway)
    return current


def _moved(review: Review, state: str, by: Actor) -> Review:
    review.state = state
    review.version += 1
    review.save()
    record(
        REVIEW_MOVED,
        by=by,
        subject=review.pathway.person_id,
        organisation=review.pathway.organisation_id,
        details={"review": review.id, "state": str(state)},
    )
    return review
