"""Joining, renewing and ending a membership. Terms come from a source, each once."""

from __future__ import annotations

import uuid
from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dcsn.access import Permission, check
from dcsn.accounts.models import User
from dcsn.audit import Actor, SystemJob, record
from directory.models import Organisation
from members.membership.events import (
    MEMBERSHIP_ENDED,
    MEMBERSHIP_EXTENDED,
    MEMBERSHIP_RESUMED,
    MEMBERSHIP_SHARED,
    MEMBERSHIP_STARTED,
    MEMBERSHIP_TERM_VOIDED,
    MEMBERSHIP_UNSHARED,
)
from members.membership.periods import first_span, next_span
from members.models import Membership, MembershipShare, Person, Plan, PlanTerms, Status, Term
from members.models.membership import MEMBER
from members.refusals import Refused
from members.signals import membership_extended


class NoTerms(Refused):
    """The plan had no terms on that day, or cannot be joined."""


class HasMembership(Refused):
    """They have a membership already; it is renewed instead."""


class Ended(Refused):
    """The membership was cancelled, or the member has died."""


class TooMany(Refused):
    """As many people share it as the plan allows."""


@transaction.atomic
def start_membership(
    *,
    person: Person,
    plan: Plan,
    organisation: Organisation,
    via: str,
    by: Actor,
    key: UUID | None = None,
    on: date | None = None,
) -> Membership:
    """Begin one, waiting for what it is paid or granted by. The same ``key`` is the same membership.

    :raises NoTerms: the plan is not offered, or has no terms on that day.
    :raises HasMembership: they have one that can be renewed.
    """
    if not isinstance(by, SystemJob):
        check(by, Permission.MEMBERSHIP_ADD, Membership(organisation=organisation))
    known = Membership.objects.filter(key=key).first() if key else None
    if known is not None:
        return known
    # Locked, so that it cannot slip in behind an erasure, nor a second one behind this.
    owner = Person.objects.known().select_for_update().filter(pk=person.pk).first()
    if owner is None:
        raise Refused(_("This person's record is no longer in use."))
    # Asked again: the first press of the same form may have held the lock until now.
    known = Membership.objects.filter(key=key).first() if key else None
    if known is not None:
        return known
    terms = plan.terms_on(on or timezone.localdate())
    if terms is None or not plan.offered:
        raise NoTerms(_("This membership cannot be joined at the moment."))
    if owner.memberships.live().exists():
        raise HasMembership(_("They have a membership already. Renew that one."))
    membership = Membership.objects.create(
        key=key or uuid.uuid4(),
        person=owner,
        organisation=organisation,
        plan=plan,
        plan_terms=terms,
        via=via,
    )
    record(
        MEMBERSHIP_STARTED,
        by=by,
        subject=owner.id,
        organisation=organisation.id,
        details={"membership": membership.id, "plan": plan.code, "via": str(via)},
    )
    return membership


@transaction.atomic
def apply_source(
    *,
    membership: Membership,
    source: str,
    source_id: UUID,
    by: Actor,
    plan_terms: PlanTerms | None = None,
    on: date | None = None,
) -> Term:
    """Give a membership the term that a payment, a grant or a gift brings. The same source, once.

    Waiting: the first term, from today, on the terms it was joined on. While a member: after the end.
    Run out: anew from today; the day of joining stays.

    :raises Ended: for one that was cancelled or whose member has died.
    """
    current = locked(membership)
    known = Term.objects.filter(source=source, source_id=source_id).first()
    if known is not None:
        return known
    if current.stored in (Status.CANCELLED, Status.DECEASED):
        raise Ended(_("This membership has ended."))
    today = on or timezone.localdate()
    terms = plan_terms or (
        current.plan_terms
        if current.stored == Status.PENDING
        else current.plan.terms_on(today) or current.plan_terms
    )
    ends_on = current.ends_on
    if ends_on is not None and current.status(today) in MEMBER:
        span = next_span(ends_on, terms)
    else:
        span = first_span(today, terms)
    term = Term.objects.create(
        membership=current,
        plan_terms=terms,
        starts_on=span.starts_on,
        ends_on=span.ends_on,
        source=source,
        source_id=source_id,
    )
    current.joined_on = current.joined_on or today
    current.stored = ""
    current.plan_terms = terms
    current.save(update_fields=["joined_on", "stored", "plan_terms"])
    record(
        MEMBERSHIP_EXTENDED,
        by=by,
        subject=current.person_id,
        organisation=current.organisation_id,
        details={"membership": current.id, "until": span.ends_on},
    )
    membership_extended.send(sender=Membership, membership=current)
    return term


@transaction.atomic
def void_source(*, source: str, source_id: UUID, by: Actor) -> Term | None:
    """Take back what a source brought (a refund, a bounced cheque); None when it brought nothing.

    Later terms stay where they are; with none left the membership waits again.
    """
    found = Term.objects.filter(source=source, source_id=source_id).first()
    if found is None:
        return None
    current = locked(found.membership)
    term = Term.objects.select_for_update().get(pk=found.pk)
    if term.voided_at is not None:
        return term
    term.voided_at = timezone.now()
    term.save(update_fields=["voided_at"])
    if current.stored == "" and not current.terms.filter(voided_at=None).exists():
        current.stored = Status.PENDING
        current.save(update_fields=["stored"])
    record(
        MEMBERSHIP_TERM_VOIDED,
        by=by,
        subject=current.person_id,
        organisation=current.organisation_id,
        details={"membership": current.id},
    )
    return term


@transaction.atomic
def end_membership(
    *, membership: Membership, stored: str, by: Actor, on: date | None = None
) -> Membership:
    """Cancel it, or note that the member has died. Touches nothing else that is known of them."""
    if stored not in (Status.CANCELLED, Status.DECEASED):
        raise ValueError(stored)
    current = locked(membership)
    if not isinstance(by, SystemJob):
        check(by, Permission.MEMBERSHIP_ADD, current)
    if current.stored == stored:
        return current
    current.stored = stored
    current.ended_on = current.ended_on or on or timezone.localdate()
    current.save(update_fields=["stored", "ended_on"])
    record(
        MEMBERSHIP_ENDED,
        by=by,
        subject=current.person_id,
        organisation=current.organisation_id,
        details={"membership": current.id, "state": str(stored)},
    )
    return current


@transaction.atomic
def resume_membership(*, membership: Membership, by: User) -> Membership:
    """It was ended by mistake: it goes on as if it had not been, to the day on which it would have ended.

    :raises HasMembership: they have joined anew meanwhile.
    """
    known = Person.objects.known().select_for_update()
    owner = known.filter(pk=membership.person_id).first() if membership.person_id else None
    if owner is None:
        raise Refused(_("This person's record is no longer in use."))
    current = locked(membership)
    check(by, Permission.MEMBERSHIP_ADD, current)
    if current.stored not in (Status.CANCELLED, Status.DECEASED):
        return current
    if owner.memberships.live().exists():
        raise HasMembership(_("They have joined anew meanwhile. Renew that one."))
    if Term.objects.filter(source=Term.Source.GIFT, source_id=current.pk).exists():
        raise Refused(_("What was left of it has gone to somebody who shared it. Join them anew."))
    current.stored = "" if current.ends_on is not None else Status.PENDING
    current.ended_on = None
    current.save(update_fields=["stored", "ended_on"])
    record(
        MEMBERSHIP_RESUMED,
        by=by,
        subject=current.person_id,
        organisation=current.organisation_id,
        details={"membership": current.id},
    )
    return current


@transaction.atomic
def share_membership(*, membership: Membership, person: Person, by: Actor) -> MembershipShare:
    """Let somebody of the household, or whom a carer cares for, share it.

    :raises TooMany: as many share it as the plan allows.
    :raises Ended: for one that was cancelled or whose member has died.
    """
    current = locked(membership)
    if not isinstance(by, SystemJob):
        check(by, Permission.MEMBERSHIP_ADD, current)
    if current.stored in (Status.CANCELLED, Status.DECEASED):
        raise Ended(_("This membership has ended."))
    if not Person.objects.known().filter(pk=person.pk).exists():
        raise Refused(_("This person's record is no longer in use."))
    sharing = current.shares.filter(until=None)
    known = sharing.filter(person=person).first()
    if known is not None or current.person_id == person.pk:
        return known or MembershipShare(membership=current, person=person)
    if sharing.count() + 1 >= current.plan.people_at_most:
        raise TooMany(
            _("This membership is for %(count)s people at most.")
            % {"count": current.plan.people_at_most}
        )
    try:
        with transaction.atomic():
            share = MembershipShare.objects.create(
                membership=current,
                person=person,
                recorded_by=by if isinstance(by, User) else None,
            )
    except IntegrityError:
        return sharing.get(person=person)
    record(
        MEMBERSHIP_SHARED,
        by=by,
        subject=person.id,
        organisation=current.organisation_id,
        details={"membership": current.id},
    )
    membership_extended.send(sender=Membership, membership=current)
    return share


@transaction.atomic
def stop_sharing(*, share: MembershipShare, by: User) -> MembershipShare:
    current = MembershipShare.objects.select_for_update().get(pk=share.pk)
    check(by, Permission.MEMBERSHIP_ADD, current.membership)
    if current.until is None:
        current.until = timezone.localdate()
        current.save(update_fields=["until"])
        record(
            MEMBERSHIP_UNSHARED,
            by=by,
            subject=current.person_id,
            organisation=current.membership.organisation_id,
            details={"membership": current.membership_id},
        )
    return current


def locked(membership: Membership) -> Membership:
    """The row as it is now, held until the transaction ends."""
    return (
        Membership.objects.select_for_update(of=("self",))
        .select_related("plan", "plan_terms", "organisation")
        .get(pk=membership.pk)
    )
