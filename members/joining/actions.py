"""Joining and renewing, each in one transaction and with one key: sent twice, it is one."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dcsn.access import Permission, check
from dcsn.accounts.models import User
from dcsn.audit import Actor, SystemJob
from directory.models import Organisation
from members.actions.memberships import (
    NoTerms,
    apply_source,
    locked,
    share_membership,
    start_membership,
)
from members.actions.people import add_person, record_consent
from members.models import (
    Category,
    Concession,
    ConcessionRenewal,
    Consent,
    Membership,
    Payment,
    Person,
    Plan,
    PlanTerms,
    Purpose,
    Term,
)
from members.payments.desk import take_at_desk
from members.refusals import Refused
from members.safety_net.actions import RENEW_AHEAD
from members.safety_net.actions import ask as ask_for_safety_net
from members.safety_net.actions import holds as safety_net_holds
from members.safety_net.actions import renew as renew_on_safety_net

# A resident at the website's form, in the audit trail.
JOIN_FORM = SystemJob("join form")


class PriceChanged(Refused):
    """The price is not the one that the page showed."""


class ChangedMeanwhile(Refused):
    """The next term is not the one that the page showed."""


class _AMomentEarlier(Exception):
    """The same form has just been followed in another transaction."""


@dataclass(frozen=True)
class Joined:
    """What came of it; ``payment`` where money was taken at once."""

    membership: Membership
    payment: Payment | None = None


def join_online(
    *,
    key: UUID,
    plan: Plan,
    terms: PlanTerms,
    organisation: Organisation,
    person: Person | None = None,
    facts: dict[str, Any] | None = None,
    remember: bool = False,
    ground: str = "",
) -> Membership:
    """Begin a membership for somebody at the website. The same ``key`` is the same membership.

    ``ground``: why they ask for the safety net, of somebody who cannot pay.
    ``person``: who they are, where they are signed in as themselves. Everybody else is recorded anew: nobody
    is matched with a record by what they typed, since the answer would tell a stranger who is known here.
    Staff see that two records are alike and put them together (docs/decisions/0056).

    :raises PriceChanged: when ``terms``, which the page showed, are no longer today's.
    """
    known = Membership.objects.filter(key=key).first()
    if known is not None:
        return known
    if plan.terms_on(timezone.localdate()) != terms:
        raise PriceChanged(_("The price has changed since you began. Please look at it again."))
    try:
        with transaction.atomic():
            if person is None:
                person = record_joiner(organisation, facts or {}, remember)
            membership = start_membership(
                person=person,
                plan=plan,
                organisation=organisation,
                via=Membership.Via.ONLINE,
                by=JOIN_FORM,
                key=key,
            )
            if membership.person_id != person.pk:
                raise _AMomentEarlier
            if terms.price_pence == 0:
                give_free(membership=membership, key=key, by=JOIN_FORM)
            elif ground:
                ask_for_safety_net(
                    membership=membership,
                    ground=ground,
                    via=Concession.Via.ONLINE,
                    by=JOIN_FORM,
                    key=key,
                )
            return membership
    except (IntegrityError, _AMomentEarlier):
        # The same form at the same time: whoever came second finds what the first made, and is not
        # recorded a second time.
        known = Membership.objects.filter(key=key).first()
        if known is None:
            raise
        return known


def record_joiner(organisation: Organisation, facts: dict[str, Any], remember: bool) -> Person:
    """Somebody at the website, recorded anew; with what they agreed to besides."""
    person = add_person(organisation=organisation, by=JOIN_FORM, **facts)
    if remember:
        record_consent(
            person=person,
            organisation=organisation,
            purpose=Purpose.REMEMBER,
            categories=[Category.NAME, Category.ADDRESS, Category.CONTACT, Category.FORMATS],
            how=Consent.How.ONLINE,
            by=JOIN_FORM,
        )
    return person


def give_free(*, membership: Membership, key: UUID, by: Actor, on: date | None = None) -> Term:
    """The term of a plan that costs nothing today. The same ``key``, once.

    :raises NoTerms: when it costs something.
    """
    plan = membership.plan
    waiting = membership.stored == "pending"
    today = on or timezone.localdate()
    terms = membership.plan_terms if waiting else plan.terms_on(today)
    if terms is None or terms.price_pence != 0:
        raise NoTerms(_("This membership is not free."))
    source = Term.Source.CARER if plan.kind == Plan.Kind.CARER else Term.Source.FREE
    return apply_source(
        membership=membership, source=source, source_id=key, by=by, plan_terms=terms, on=on
    )


@transaction.atomic
def join_at_desk(
    *,
    key: UUID,
    person: Person,
    plan: Plan,
    organisation: Organisation,
    via: str,
    method: str | None,
    by: User,
    sharers: Iterable[Person] = (),
) -> Joined:
    """Begin a membership for somebody at the desk, and take the money if they pay now (``method``)."""
    membership = start_membership(
        person=person, plan=plan, organisation=organisation, via=via, by=by, key=key
    )
    for sharer in sharers:
        share_membership(membership=membership, person=sharer, by=by)
    if membership.plan_terms.price_pence == 0:
        give_free(membership=membership, key=key, by=by)
        return Joined(membership)
    if method is None:
        return Joined(membership)
    payment = take_at_desk(
        key=uuid.uuid5(key, "payment"),
        membership=membership,
        plan_terms=membership.plan_terms,
        amount_pence=membership.plan_terms.price_pence,
        method=method,
        by=by,
        organisation=organisation,
    )
    return Joined(membership, payment)


@dataclass(frozen=True)
class Due:
    """What the next term costs this member, and by what it comes."""

    terms: PlanTerms
    pence: int
    by_safety_net: bool

    @property
    def is_free(self) -> bool:
        return self.pence == 0


def due_of(membership: Membership, day: date | None = None) -> Due | None:
    """What is to be paid next; None where the plan has no terms on that day."""
    terms = terms_to_pay(membership, day)
    if terms is None:
        return None
    by_net = terms.price_pence > 0 and safety_net_holds(membership, day)
    return Due(terms, terms.price(concession=by_net), by_net)


def shown_of(membership: Membership, due: Due) -> str:
    """What a page says of the next term, to be sent back with it: its terms, its price, after which day."""
    return f"{due.terms.pk} {due.pence} {membership.ends_on}"


def give_what_is_free(*, membership: Membership, due: Due, key: UUID, by: Actor) -> None:
    """The next term of somebody who pays nothing: by a free plan, or by the safety net."""
    if due.by_safety_net:
        renew_on_safety_net(membership=membership, by=by, key=key)
    else:
        give_free(membership=membership, key=key, by=by)


@transaction.atomic
def renew_free_online(*, membership: Membership, key: UUID) -> None:
    """The next term of a member who pays nothing. Asked for twenty times at once, it is one.

    :raises Refused: it was renewed a moment ago, or costs something.
    """
    current = locked(membership)
    due = due_of(current)
    if due is None or not due.is_free:
        raise NoTerms(_("This membership is not free."))
    if Term.objects.filter(source_id=key).exists():
        return
    if not may_renew_online(current):
        raise Refused(_("It still lasts for more than two months. Renew it later."))
    give_what_is_free(membership=current, due=due, key=key, by=JOIN_FORM)


def may_renew_online(membership: Membership, day: date | None = None) -> bool:
    """From two months before the end: a second tab, or a second thought, pays for no second year."""
    ends_on = membership.ends_on
    today = day or timezone.localdate()
    return ends_on is None or today >= ends_on - RENEW_AHEAD


def terms_to_pay(membership: Membership, day: date | None = None) -> PlanTerms | None:
    """On which terms the next payment is: those agreed while it waits, else those of the day."""
    if membership.stored == "pending":
        return membership.plan_terms
    return membership.plan.terms_on(day or timezone.localdate())


@transaction.atomic
def renew_at_desk(
    *,
    key: UUID,
    membership: Membership,
    method: str | None,
    by: User,
    organisation: Organisation | None = None,
    seen: str = "",
) -> Joined:
    """Take the money for the next term, on the terms of the day. The same ``key``, once.

    ``seen``: what the page showed (``shown_of``).

    :raises ChangedMeanwhile: it was paid for at another desk, or the price is another by now.
    """
    current = locked(membership)
    check(by, Permission.MEMBERSHIP_ADD, current)
    due = due_of(current)
    if due is None:
        raise NoTerms(_("This membership cannot be renewed at the moment."))
    if seen and seen != shown_of(current, due) and not _is_followed(key):
        raise ChangedMeanwhile(
            _(
                "Somebody else has renewed it since this page was opened, or the price has changed. "
                "Nothing was taken. Look at it again."
            )
        )
    if due.is_free:
        give_what_is_free(membership=current, due=due, key=key, by=by)
        return Joined(current)
    if method is None:
        raise Refused(_("Choose how they pay."))
    payment = take_at_desk(
        key=key,
        membership=current,
        plan_terms=due.terms,
        amount_pence=due.pence,
        method=method,
        by=by,
        organisation=organisation,
    )
    return Joined(current, payment)


def _is_followed(key: UUID) -> bool:
    """Whether this press was followed before: its second says the same as its first."""
    return (
        Payment.objects.filter(key=key).exists()
        or Term.objects.filter(source_id=key).exists()
        or ConcessionRenewal.objects.filter(key=key).exists()
    )
