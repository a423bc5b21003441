"""Asking for the safety net, the first answer, and renewing on it."""

from __future__ import annotations

import uuid
from datetime import date
from uuid import UUID

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from dcsn.access import Permission, can, check
from dcsn.accounts.models import User
from dcsn.audit import Actor, EventType, SystemJob, record
from members.actions.memberships import apply_source, locked
from members.models import Concession, ConcessionRenewal, Membership, PlanTerms, Status, Term
from members.models.concession import REVIEW_AFTER_MONTHS, is_simple_check
from members.refusals import Refused
from members.safety_net.events import SAFETY_NET_ASKED, SAFETY_NET_MOVED, SAFETY_NET_RENEWED
from members.safety_net.no_numbers import refuse_numbers
from members.safety_net.refusals import MovedOn, NoLongerHolds, NotYours, TooEarly
from members.safety_net.telling import tell

State, Ground, Evidence = Concession.State, Concession.Ground, Concession.Evidence

# As early as a renewal letter goes out; before that nothing is given in advance.
RENEW_AHEAD = relativedelta(months=2)


@transaction.atomic
def ask(
    *,
    membership: Membership,
    ground: str,
    via: str,
    by: Actor,
    words: str = "",
    evidence: str = "",
    key: UUID | None = None,
) -> Concession:
    """Somebody asks to be a member without paying. The same ``key`` is the same question, and while one
    is open a second is that one, too.

    ``words``: theirs, if they say any. ``evidence``: the kind of thing that ``by`` looked at, never more.
    ``by``: staff of the access point, the member, or a job for somebody who is not signed in.

    :raises ValidationError: for words with a number or an amount in them, or an unknown ground.
    :raises Ended: for a membership that has ended.
    """
    current = locked(membership)
    check_asker(current, by)
    known = Concession.objects.filter(key=key).first() if key else None
    known = known or current.concessions.filter(state__in=Concession.OPEN).first()
    known = known or current.concessions.holding(timezone.localdate()).first()
    if known is not None:
        return known
    if current.stored in (Status.CANCELLED, Status.DECEASED):
        raise Refused(_("This membership has ended."))
    # Past its day of review: the new question takes the place of the old answer.
    current.concessions.filter(state=State.GRANTED).update(state=State.ENDED)
    words = words.strip()
    refuse_numbers(words)
    staff = staff_of(current, by)
    concession = Concession(
        key=key or uuid.uuid4(),
        membership=current,
        ground=ground,
        words=words,
        via=via,
        asked_by=staff,
        evidence=evidence,
        seen_by=staff if evidence else None,
        seen_on=timezone.localdate() if evidence else None,
    )
    concession.full_clean(exclude=["key", "membership"])
    concession.save(force_insert=True)
    record(
        SAFETY_NET_ASKED,
        by=by,
        subject=current.person_id,
        organisation=current.organisation_id,
        details={"concession": concession.id, "via": str(via)},
    )
    return concession


def check_asker(membership: Membership, by: Actor) -> None:
    if isinstance(by, SystemJob):
        return
    if is_theirs(membership, by):
        return
    check(by, Permission.SAFETY_NET_ASK, membership)


def is_theirs(membership: Membership, user: User) -> bool:
    return membership.person is not None and membership.person.user_id == user.pk


def not_about_themselves(membership: Membership, by: User) -> None:
    """:raises NotYours: nobody answers their own question, whatever their role."""
    if is_theirs(membership, by):
        raise NotYours(_("This is about yourself. Somebody else has to answer it."))


def staff_of(membership: Membership, by: Actor) -> User | None:
    """Who wrote it down; None for the member themselves, whose account goes when they are forgotten."""
    return None if isinstance(by, SystemJob) or is_theirs(membership, by) else by


def may_decide(user: User, concession: Concession, *, evidence: str = "") -> bool:
    """Whether ``user`` may give the first answer: a lead always, staff after a simple check."""
    if is_theirs(concession.membership, user):
        return False
    if can(user, Permission.SAFETY_NET_DECIDE, concession.membership):
        return True
    return can(user, Permission.SAFETY_NET_ASK, concession.membership) and is_simple_check(
        concession.ground, evidence
    )


@transaction.atomic
def grant(
    *,
    concession: Concession,
    by: User,
    evidence: str = "",
    review_on: date | None = None,
    version: int | None = None,
    telling: bool = True,
) -> Concession:
    """Yes: the membership gets the term of this decision, once, unless the safety net has a price.

    ``evidence``: what ``by`` looked at, where it was not written down with the question.
    ``telling``: False at the desk, where the person hears it and gets a card.

    :raises NotYours: staff for anything but a simple check.
    :raises MovedOn: when somebody has answered otherwise meanwhile.
    """
    current = locked_concession(concession)
    check(by, Permission.SAFETY_NET_ASK, current.membership)
    not_about_themselves(current.membership, by)
    if current.state == State.GRANTED:
        return current
    unchanged(current, State.ASKED, version)
    evidence = evidence or current.evidence
    if not evidence:
        raise Refused(_("Say what was looked at, or that it was their word."))
    if not may_decide(by, current, evidence=evidence):
        raise NotYours(_("The hub lead or the membership officer has to decide this."))
    if evidence != current.evidence:
        current.evidence, current.seen_by = evidence, by
        current.seen_on = timezone.localdate()
    current.decided_by, current.decided_at = by, timezone.now()
    granted(current, review_on=review_on)
    moved(current, by=by)
    give_term(current, by=by)
    if telling:
        tell(current, by=by)
    return current


@transaction.atomic
def refuse(
    *, concession: Concession, reasons: str, by: User, version: int | None = None
) -> Concession:
    """No, with the reasons; the person is told how to have it looked at again, and what stays free.

    :raises MovedOn: when somebody has answered meanwhile.
    """
    current = locked_concession(concession)
    check(by, Permission.SAFETY_NET_DECIDE, current.membership)
    not_about_themselves(current.membership, by)
    unchanged(current, State.ASKED, version)
    current.reasons = checked_reasons(reasons)
    current.decided_by, current.decided_at = by, timezone.now()
    current.state = State.NOT_GRANTED
    moved(current, by=by)
    tell(current, by=by)
    return current


@transaction.atomic
def withdraw(*, concession: Concession, by: User, version: int | None = None) -> Concession:
    """They take it back: they would rather pay, or not join.

    :raises NotYours: for whoever refused it, or has proposed an answer, while it is looked at again.
    """
    current = locked_concession(concession)
    check(by, Permission.SAFETY_NET_ASK, current.membership)
    if current.state == State.WITHDRAWN:
        return current
    if not current.is_open:
        raise MovedOn(_("It has been decided meanwhile."))
    unchanged(current, current.state, version)
    if current.state == State.APPEALED and by.pk in (current.decided_by_id, current.proposed_by_id):
        # Else one press of whoever refused it would end what two others have to decide.
        raise NotYours(
            _("You have answered it. Somebody else has to write down that they take it back.")
        )
    current.state = State.WITHDRAWN
    moved(current, by=by)
    return current


@transaction.atomic
def renew(*, membership: Membership, by: Actor, key: UUID, on: date | None = None) -> Term:
    """Another term on a decision that still holds; nothing is asked anew. The same ``key``, once.

    :raises NoLongerHolds: it is to be asked again.
    :raises TooEarly: the membership lasts for more than two months yet.
    """
    current = locked(membership)
    check_asker(current, by)
    known = ConcessionRenewal.objects.filter(key=key).first()
    if known is not None:
        return Term.objects.get(source=Term.Source.CONCESSION, source_id=known.id)
    today = on or timezone.localdate()
    concession = current.concessions.holding(today).first()
    if concession is None:
        raise NoLongerHolds(_("Ask again: it is time to look at it anew."))
    terms = current.plan.terms_on(today) or current.plan_terms
    if terms.price(concession=True) > 0:
        raise NoLongerHolds(_("The safety net has a price: take it at the desk."))
    if not is_due(current, today):
        raise TooEarly(
            _("This membership lasts until %(day)s. It can be renewed two months before.")
            % {"day": date_format(current.ends_on, "j F Y") if current.ends_on else ""}
        )
    row = ConcessionRenewal.objects.create(key=key, concession=concession, by=staff_of(current, by))
    term = apply_source(
        membership=current, source=Term.Source.CONCESSION, source_id=row.id, by=by, on=today
    )
    note(SAFETY_NET_RENEWED, concession, by)
    return term


def holds(membership: Membership, on: date | None = None) -> bool:
    """Whether this membership need not pay (or pays the safety net's price) on that day."""
    return membership.concessions.holding(on or timezone.localdate()).exists()


def price_of(
    membership: Membership, *, plan_terms: PlanTerms | None = None, on: date | None = None
) -> int:
    """What the next term costs this person, in pence."""
    day = on or timezone.localdate()
    terms = plan_terms or membership.plan.terms_on(day) or membership.plan_terms
    return terms.price(concession=holds(membership, day))


# --- Steps that the first answer, the appeal and the review share ---------------------------------------


def locked_concession(concession: Concession) -> Concession:
    """As it is now, with its membership held first: every other way to a term does so, too."""
    membership = locked(concession.membership)
    current = Concession.objects.select_for_update(of=("self",)).get(pk=concession.pk)
    current.membership = membership
    return current


def unchanged(concession: Concession, expected: str, version: int | None) -> None:
    """:raises MovedOn: when it is not what the page showed."""
    if concession.state != expected or (version is not None and concession.version != version):
        raise MovedOn(
            _("Somebody else has dealt with this meanwhile. It is: %(state)s.")
            % {"state": concession.get_state_display()}
        )


def checked_reasons(reasons: str) -> str:
    reasons = reasons.strip()
    if not reasons:
        raise Refused(_("Say why, in words for the person."))
    refuse_numbers(reasons)
    return reasons


def default_review(today: date | None = None) -> date:
    return (today or timezone.localdate()) + relativedelta(months=REVIEW_AFTER_MONTHS)


def granted(concession: Concession, *, review_on: date | None) -> None:
    day = review_on or default_review()
    if day <= timezone.localdate():
        raise Refused(_("The day to look at it again must be in the future."))
    concession.state, concession.review_on, concession.reasons = State.GRANTED, day, ""


def moved(concession: Concession, *, by: Actor) -> None:
    """Save a new state with its event."""
    concession.version += 1
    concession.version_at = timezone.now()
    concession.save()
    note(SAFETY_NET_MOVED, concession, by, state=str(concession.state))


def note(event: EventType, concession: Concession, by: Actor, **details: str) -> None:
    record(
        event,
        by=by,
        subject=concession.membership.person_id,
        organisation=concession.membership.organisation_id,
        details={"concession": concession.id, **details},
    )


def is_due(membership: Membership, today: date) -> bool:
    """Whether its next term may be given: it waits, has run out, or runs out within two months."""
    ends_on = membership.ends_on
    return ends_on is None or ends_on <= today + RENEW_AHEAD


def give_term(concession: Concession, *, by: Actor) -> Term | None:
    """The term of a decision, once. None where the safety net has a price, or where a term that was paid
    for lasts a good while yet: then the decision counts at the renewal."""
    membership = concession.membership
    today = timezone.localdate()
    terms = (
        membership.plan_terms
        if membership.stored == Status.PENDING
        else membership.plan.terms_on(today) or membership.plan_terms
    )
    if terms.price(concession=True) > 0 or not is_due(membership, today):
        return None
    return apply_source(
        membership=membership,
        source=Term.Source.CONCESSION,
        source_id=concession.id,
        plan_terms=terms,
        by=by,
    )
