"""Gifts and shared memberships: a code that another takes up, with their own details and their own yes."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid5

from dateutil.relativedelta import relativedelta
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dcsn.access import Permission, check
from dcsn.accounts.models import User
from dcsn.audit import Actor, SystemJob
from dcsn.references import normal_reference
from directory.models import Organisation
from members.actions.memberships import (
    Ended,
    NoTerms,
    TooMany,
    apply_source,
    locked,
    share_membership,
    start_membership,
)
from members.joining.actions import JOIN_FORM, record_joiner
from members.joining.ending import end_code, note_code
from members.joining.events import JOIN_CODE_MADE, JOIN_CODE_TAKEN
from members.models import JoinCode, Membership, Payment, Person, Plan, Refund, Status, Term
from members.payments.desk import take_at_desk
from members.refusals import Refused

# A gift for a birthday may lie in a drawer until the birthday after.
GIFT_LASTS = relativedelta(years=1)
SHARE_LASTS = relativedelta(months=1)
Kind = JoinCode.Kind


class NoSuchCode(Refused):
    """There is no such code, or it was taken up, or not paid for: whoever types one is not told which."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "This code does not work. Check it, or ask whoever gave it to you, or an access point."
            )
        )


class OtherPlan(Refused):
    """A cheap plan's gift would make a dear plan longer, at the cheap one's price."""


@transaction.atomic
def make_share_code(*, membership: Membership, by: Actor, key: UUID) -> JoinCode:
    """A code for one more to share it. The same ``key``, once.

    :raises TooMany: as many share it, or have a code for it, as the plan allows.
    """
    current = locked(membership)
    if not isinstance(by, SystemJob):
        check(by, Permission.MEMBERSHIP_ADD, current)
    known = JoinCode.objects.filter(key=key).first()
    if known is not None:
        return known
    if current.stored in (Status.CANCELLED, Status.DECEASED):
        raise Ended(_("This membership has ended."))
    today = timezone.localdate()
    waiting = JoinCode.objects.open_on(today).filter(kind=Kind.SHARE, membership=current).count()
    if current.shares.filter(until=None).count() + waiting + 1 >= current.plan.people_at_most:
        raise TooMany(
            _("This membership is for %(count)s people at most.")
            % {"count": current.plan.people_at_most}
        )
    return _made(
        by,
        key=key,
        kind=Kind.SHARE,
        membership=current,
        plan=current.plan,
        plan_terms=current.plan_terms,
        organisation=current.organisation,
        giver=current.person,
        expires_on=today + SHARE_LASTS,
    )


@transaction.atomic
def make_gift(
    *, plan: Plan, organisation: Organisation, by: Actor, key: UUID, giver: Person | None = None
) -> JoinCode:
    """What a buyer pays for: good once it is paid (:func:`is_good`). The same ``key``, once.

    :raises NoTerms: the plan is not offered, or has no terms today.
    """
    if not isinstance(by, SystemJob):
        check(by, Permission.MEMBERSHIP_ADD, JoinCode(organisation=organisation))
    known = JoinCode.objects.filter(key=key).first()
    if known is not None:
        return known
    today = timezone.localdate()
    terms = plan.terms_on(today)
    if terms is None or not plan.offered or terms.price_pence == 0:
        raise NoTerms(_("This membership cannot be given at the moment."))
    return _made(
        by,
        key=key,
        kind=Kind.GIFT,
        plan=plan,
        plan_terms=terms,
        organisation=organisation,
        giver=giver,
        expires_on=today + GIFT_LASTS,
    )


def _made(by: Actor, **facts: Any) -> JoinCode:
    created_by = None if isinstance(by, SystemJob) else by
    try:
        with transaction.atomic():
            code = JoinCode.objects.create(created_by=created_by, **facts)
    except IntegrityError:
        return JoinCode.objects.get(key=facts["key"])
    note_code(JOIN_CODE_MADE, code, by, code.giver_id)
    return code


def is_good(code: JoinCode) -> bool:
    """Whether it can be taken up now: open, and a gift paid for and not given back."""
    if not code.is_open(timezone.localdate()):
        return False
    if code.kind == Kind.SHARE:
        # Of one that has ended, or whose member is forgotten, there is nothing to share.
        return Membership.objects.live().filter(join_codes=code).exists()
    given_back = Refund.objects.exclude(state=Refund.State.ERROR).values("payment_id")
    return code.payments.taken().exclude(pk__in=given_back).exists()


def find_code(typed: str) -> JoinCode:
    """The code that somebody typed, in whatever spacing and case.

    :raises NoSuchCode: there is none that can be taken up.
    """
    found = (
        JoinCode.objects.select_related("plan", "plan_terms", "organisation", "membership")
        .filter(code=normal_reference(typed[:40]))
        .first()
    )
    if found is None or not is_good(found):
        raise NoSuchCode
    return found


@transaction.atomic
def take_up(
    *,
    code: JoinCode,
    by: Actor,
    person: Person | None = None,
    facts: dict[str, Any] | None = None,
    remember: bool = False,
    organisation: Organisation | None = None,
) -> Membership:
    """Make somebody a member by a gift, or one of those who share. A code is good once.

    ``person``: who it is, where that is known for certain (signed in, or at the desk); everybody else is
    recorded anew, as in ``join_online``. A member who gets a gift has their
    own membership made longer. ``organisation``: the desk at which a gift is taken up.

    :raises NoSuchCode: taken up meanwhile.
    :raises OtherPlan: a gift for another plan than the member's own.
    """
    current = JoinCode.objects.select_for_update(of=("self",)).get(pk=code.pk)
    if not is_good(current):
        raise NoSuchCode
    who = person or record_joiner(current.organisation, facts or {}, remember)
    if current.kind == Kind.SHARE:
        assert current.membership is not None  # noqa: S101  (a constraint says so)
        share_membership(membership=current.membership, person=who, by=by)
        membership = current.membership
    else:
        own = who.memberships.live().select_related("plan").first()
        if own is not None and own.plan_id != current.plan_id:
            raise OtherPlan(
                _(
                    "This gift is for another membership (%(gift)s) than the one there is (%(own)s). "
                    "Ring us, or come to an access point: the gift stays good."
                )
                % {"gift": current.plan.name, "own": own.plan.name}
            )
        membership = own or start_membership(
            person=who,
            plan=current.plan,
            organisation=organisation or current.organisation,
            via=Membership.Via.GIFT,
            by=by,
        )
        apply_source(
            membership=membership,
            source=Term.Source.GIFT,
            source_id=current.id,
            plan_terms=current.plan_terms,
            by=by,
        )
    current.taken_at = timezone.now()
    current.membership = membership
    current.save(update_fields=["taken_at", "membership"])
    note_code(JOIN_CODE_TAKEN, current, by, who.pk)
    return membership


@transaction.atomic
def give_at_desk(
    *,
    key: UUID,
    giver: Person,
    plan: Plan,
    organisation: Organisation,
    method: str,
    by: User,
) -> tuple[JoinCode, Payment]:
    """Take the money for a gift from somebody at the desk. The same ``key`` is the same gift and receipt."""
    gift = make_gift(plan=plan, organisation=organisation, by=by, key=key, giver=giver)
    payment = take_at_desk(
        key=uuid5(key, "payment"),
        membership=None,
        gift=gift,
        purpose=Payment.For.GIFT,
        plan_terms=gift.plan_terms,
        amount_pence=gift.plan_terms.price_pence,
        method=method,
        by=by,
        organisation=organisation,
    )
    return gift, payment


__all__ = [
    "JOIN_FORM",
    "NoSuchCode",
    "end_code",
    "find_code",
    "give_at_desk",
    "is_good",
    "make_gift",
    "make_share_code",
    "take_up",
]
