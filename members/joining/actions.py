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

# A resident at the website's form, in the audit trail.
JOIN_FORM = SystemJob("join form")
# Online, a membership is renewed in its last months only: a second tab does not pay for a second year.
RENEWED_FROM_MONTHS = 3


class PriceChanged(Refused):
    """The price is not the one that the page showed."""


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
) -> Membership:
    """Begin a membership for somebody at the website. The same ``key`` is the same membership.

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
                person = _recorded(organisation, facts or {}, remember)
            membership = start_membership(
                person=person,
                plan=plan,
                organisation=organisation,
                via=Membership.Via.ONLINE,
                by=JOIN_FORM,
                key=key,
            )
            if terms.price_pence == 0:
                give_free(membership=membership, key=key, by=JOIN_FORM)
            return membership
    except IntegrityError:
        # The same form at the same time: whoever came second finds what the first made.
        known = Membership.objects.filter(key=key).first()
        if known is None:
            raise
        return known


def _recorded(organisation: Organisation, facts: dict[str, Any], remember: bool) -> Person:
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
) -> Joined:
    """Take the money for the next term, on the terms of the day. The same ``key``, once."""
    current = locked(membership)
    check(by, Permission.MEMBERSHIP_ADD, current)
    terms = terms_to_pay(current)
    if terms is None:
        raise NoTerms(_("This membership cannot be renewed at the moment."))
    if terms.price_pence == 0:
        give_free(membership=current, key=key, by=by)
        return Joined(current)
    if method is None:
        raise Refused(_("Choose how they pay."))
    payment = take_at_desk(
        key=key,
        membership=current,
        plan_terms=terms,
        amount_pence=terms.price_pence,
        method=method,
        by=by,
        organisation=organisation,
    )
    return Joined(current, payment)
