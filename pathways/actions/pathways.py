"""A pathway begins, moves on, is handed over, ends."""

from __future__ import annotations

import uuid
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dcsn.access import Permission, can, check
from dcsn.accounts.models import User
from dcsn.audit import Actor, EventType, SystemJob, record
from directory.models import Organisation
from directory.wards import ward_of
from members.events import PERSON_CONTACT_NAMED
from members.models import Person
from pathways.events import (
    PATHWAY_BEGUN,
    PATHWAY_ENDED,
    PATHWAY_HANDED_OVER,
    PATHWAY_MOVED,
    PATHWAY_PAUSED,
    PATHWAY_RESUMED,
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
    contact_name: str = "",
    contact_phone: str = "",
) -> Pathway:
    """Begin one with a person. The same ``key`` is the same pathway (a double click).

    Whoever the council finds not eligible is never at an end: an enquiry is opened at the access point in
    the same transaction, for it to find what else helps (study of 2011, Appendix 6). The coordinator
    becomes the person's named contact where nobody is.
    """
    pathway = Pathway(
        person=person,
        kind=kind,
        organisation=organisation,
        route=route,
        eligibility=eligibility,
        assessed_on=assessed_on,
        coordinator=coordinator,
        contact_name=contact_name,
        contact_phone=contact_phone,
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
    pathway.ward = ward_of(owner.postcode)
    pathway.full_clean(exclude=["key"])
    pathway.save(force_insert=True)
    _note(pathway, by)
    if coordinator is not None:
        _name_contact(owner, None, coordinator, by)
    record(
        PATHWAY_BEGUN,
        by=by,
        subject=owner.id,
        organisation=organisation.id,
        details={"pathway": pathway.id, "kind": kind.code, "route": str(route)},
    )
    if route == Route.ASSESSMENT and eligibility == Eligibility.NOT_ELIGIBLE:
        open_after_not_eligible(pathway)
    return pathway


def open_after_not_eligible(pathway: Pathway) -> Enquiry:
    """The enquiry that carries on where the council's support does not begin. Once a pathway."""
    return open_enquiry(
        organisation=pathway.organisation,
        # Not by the person: a coordinator need not be allowed to take enquiries at the access point.
        by=SystemJob("after the assessment"),
        key=uuid.uuid5(pathway.id, "not-eligible"),
        origin=Enquiry.Origin.ASSESSMENT,
        person=pathway.person,
        channel=Enquiry.Channel.POST,
        # On the access point's list of what is to be done, from today.
        promised_on=timezone.localdate(),
        promise=_("Find out what else helps: the council found them not eligible"),
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
    if not current.is_open:
        raise NotPossible(_("This pathway has ended."))
    if not can(to, Permission.PATHWAY_COORDINATE, current):
        raise NotPossible(_("They cannot coordinate this pathway: choose somebody who may."))
    former = current.coordinator_id
    current.coordinator = to
    current.version += 1
    current.save()
    if current.person is not None:
        owner = Person.objects.select_for_update().get(pk=current.person.pk)
        _name_contact(owner, former, to, by)
    record(
        PATHWAY_HANDED_OVER,
        by=by,
        subject=current.person_id,
        organisation=current.organisation_id,
        details={"pathway": current.id},
    )
    return current


@transaction.atomic
def pause_pathway(*, pathway: Pathway, because: str, by: Actor) -> Pathway:
    """It rests for a while (a stay in hospital, a holiday): it is no longer called late. Twice changes
    nothing."""
    current = locked(pathway)
    _check(by, current)
    if current.paused_on is not None:
        return current
    if not current.is_open:
        raise NotPossible(_("This pathway has ended."))
    if not because.strip():
        raise NotPossible(_("Say why it is paused."))
    current.paused_on, current.paused_because = timezone.localdate(), because.strip()
    return _keep(current, PATHWAY_PAUSED, by)


@transaction.atomic
def resume_pathway(*, pathway: Pathway, by: Actor) -> Pathway:
    """It goes on."""
    current = locked(pathway)
    _check(by, current)
    if current.paused_on is None:
        return current
    current.paused_on, current.paused_because = None, ""
    return _keep(current, PATHWAY_RESUMED, by)


@transaction.atomic
def end_pathway(*, pathway: Pathway, end: str, by: Actor) -> Pathway:
    """It is over, and how. Reviews that were to come are not needed any more. Twice changes nothing."""
    current = locked(pathway)
    _check(by, current)
    if not current.is_open:
        return current
    current.end = Pathway.End(end)
    current.ended_at = timezone.now()
    current.paused_on, current.paused_because = None, ""
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


def _keep(current: Pathway, event: EventType, by: Actor) -> Pathway:
    current.version += 1
    current.full_clean(exclude=["key"])
    current.save()
    record(
        event,
        by=by,
        subject=current.person_id,
        organisation=current.organisation_id,
        details={"pathway": current.id},
    )
    return current


def _name_contact(owner: Person, former: UUID | None, to: User, by: Actor) -> None:
    """The person's named contact goes with the coordinator, unless somebody else is theirs."""
    if owner.coordinator_id != former or not can(to, Permission.PERSON_VIEW, owner):
        return
    owner.coordinator = to
    owner.save(update_fields=["coordinator", "changed_at"])
    record(
        PERSON_CONTACT_NAMED,
        by=by,
        subject=owner.id,
        organisation=owner.organisation_id,
        details={"contact": to.pk},
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
