"""A pathway begins, moves on, is handed over, ends."""

from __future__ import annotations

import uuid
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dcsn.access import Permission, check
from dcsn.accounts.models import User
from dcsn.audit import Actor, SystemJob, record
from directory.models import Organisation
from members.models import Person
from pathways.events import (
    PATHWAY_BEGUN,
    PATHWAY_ENDED,
    PATHWAY_HANDED_OVER,
    PATHWAY_MOVED,
)
from pathways.models import Eligibility, Pathway, PathwayKind, Review, Route, Stage, StageChange
from pathways.models.review import ReviewState
from pathways.refusals import ChangedMeanwhile, NotPossible, Refused
from referrals.actions.enquiries import open_enquiry
from referrals.models import Enquiry


@transaction.atomic
def begin_pathway(
    *,
    person: Person,
    kind: PathwayKind,
    organisation: Organisation,
    route: str,
    by: Actor,
    coordinator: User | None = None,
    key: UUID | None = None,
    eligibility: str = "",
    assessed_on: date | None = None,
) -> Pathway:
    """Begin one with a person. The same ``key`` is the same pathway (a double click).

    Whoever the council finds not eligible is never at an end: an enquiry is opened at the access point in
    the same transaction, for it to find what else helps (study of 2011, Appendix 6).
    """
    pathway = Pathway(
        person=person,
        kind=kind,
        organisation=organisation,
        route=route,
        eligibility=eligibility,
        assessed_on=assessed_on,
        coordinator=coordinator,
        key=key or uuid.uuid4(),
    )
    if not isinstance(by, SystemJob):
        check(by, Permission.PATHWAY_COORDINATE, pathway)
    # Locked first: the twin of this click waits here, and then finds what the other has made.
    owner = Person.objects.known().select_for_update().filter(pk=person.pk).first()
    known = Pathway.objects.filter(key=pathway.key).first()
    if known is not None:
        return known
    if owner is None:
        raise Refused(_("This person's record is no longer in use."))
    first = kind.stages.order_by("position").first()
    if first is None or not kind.offered:
        raise NotPossible(_("A pathway of this kind cannot be begun at the moment."))
    pathway.stage = first
    pathway.full_clean(exclude=["key"])
    pathway.save(force_insert=True)
    _note(pathway, by)
    record(
        PATHWAY_BEGUN,
        by=by,
        subject=owner.id,
        organisation=organisation.id,
        details={"pathway": pathway.id, "kind": kind.code, "route": str(route)},
    )
    if route == Route.ASSESSMENT and eligibility == Eligibility.NOT_ELIGIBLE:
        open_after_not_eligible(pathway=pathway, by=by)
    return pathway


def open_after_not_eligible(*, pathway: Pathway, by: Actor) -> Enquiry:
    """The enquiry that carries on where the council's support does not begin. Once a pathway."""
    return open_enquiry(
        organisation=pathway.organisation,
        # Not by the person: a coordinator need not be allowed to take enquiries at the access point.
        by=SystemJob("after the assessment"),
        key=uuid.uuid5(pathway.id, "not-eligible"),
        origin=Enquiry.Origin.ASSESSMENT,
        person=pathway.person,
        channel=Enquiry.Channel.POST,
        words=_(
            "The council's assessment found them not eligible for its support. Find out with them "
            "what else would help."
        ),
    )


@transaction.atomic
def move_stage(*, pathway: Pathway, stage: Stage, by: Actor, version: int | None = None) -> Pathway:
    """Note where somebody is on their way. Any stage of the kind: life goes back and forth.

    :raises ChangedMeanwhile: somebody moved it since ``version``.
    """
    current = locked(pathway)
    _check(by, current)
    if stage.kind_id != current.kind_id:
        raise NotPossible(_("That stage belongs to another kind of pathway."))
    if current.stage_id == stage.pk:
        return current
    if not current.is_open:
        raise NotPossible(_("This pathway has ended."))
    if version is not None and version != current.version:
        raise ChangedMeanwhile(_("Somebody else has moved this since you opened it."))
    current.stage = stage
    current.stage_since = timezone.localdate()
    current.version += 1
    current.save()
    _note(current, by)
    record(
        PATHWAY_MOVED,
        by=by,
        subject=current.person_id,
        organisation=current.organisation_id,
        details={"pathway": current.id, "stage": stage.code},
    )
    return current


@transaction.atomic
def hand_over(*, pathway: Pathway, to: User, by: Actor) -> Pathway:
    """Give it another coordinator; nothing of it is lost on the way."""
    current = locked(pathway)
    _check(by, current)
    if current.coordinator_id == to.pk:
        return current
    current.coordinator = to
    current.version += 1
    current.save()
    record(
        PATHWAY_HANDED_OVER,
        by=by,
        subject=current.person_id,
        organisation=current.organisation_id,
        details={"pathway": current.id},
    )
    return current


@transaction.atomic
def end_pathway(*, pathway: Pathway, end: str, by: Actor) -> Pathway:
    """It is over, and how. Reviews that were to come are not needed any more. Twice changes nothing."""
    current = locked(pathway)
    _check(by, current)
    if not current.is_open:
        return current
    current.end = Pathway.End(end)
    current.ended_at = timezone.now()
    current.version += 1
    current.full_clean(exclude=["key"])
    current.save()
    Review.objects.filter(pathway=current).to_come().update(state=ReviewState.NOT_NEEDED)
    record(
        PATHWAY_ENDED,
        by=by,
        subject=current.person_id,
        organisation=current.organisation_id,
        details={"pathway": current.id, "end": str(current.end)},
    )
    return current


def locked(pathway: Pathway) -> Pathway:
    """The row as it is now, held until the transaction ends."""
    return (
        Pathway.objects.select_for_update(of=("self",))
        .select_related("person", "kind", "stage", "organisation")
        .get(pk=pathway.pk)
    )


def _check(by: Actor, pathway: Pathway) -> None:
    if not isinstance(by, SystemJob):
        check(by, Permission.PATHWAY_COORDINATE, pathway)


def _note(pathway: Pathway, by: Actor) -> None:
    StageChange.objects.create(
        pathway=pathway,
        number=pathway.stage_changes.count() + 1,
        stage=pathway.stage,
        by=None if isinstance(by, SystemJob) else by,
    )
