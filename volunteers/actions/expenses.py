"""What helping cost a volunteer: asked for, decided, paid once."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from dcsn.access import Permission
from dcsn.accounts.models import User
from dcsn.audit import Actor, SystemJob, record
from dcsn.audit.types import EventType
from directory.models import Organisation
from volunteers.access import check_holds, is_persons_own
from volunteers.actions.hours import BY_LINK
from volunteers.duties import why_not_decide, wrote
from volunteers.giving.events import EXPENSE_CLAIMED, EXPENSE_DECIDED, EXPENSE_PAID
from volunteers.models import (
    Expense,
    ExpenseLine,
    ExpensePayment,
    MileageRate,
    Vehicle,
    Volunteer,
)
from volunteers.models.rate import mileage_pence
from volunteers.refusals import NotPossible, ReasonMissing, SameSide

State = Expense.State


@dataclass(frozen=True)
class Miles:
    """So many miles with a vehicle; for passengers, those of all of them together."""

    vehicle: str
    miles: Decimal


@dataclass(frozen=True)
class Counted:
    """A line as it will stand in the claim."""

    vehicle: str
    miles: Decimal
    rate_pence: int

    @property
    def pence(self) -> int:
        return mileage_pence(self.miles, self.rate_pence)


def tax_year_of(day: date) -> tuple[date, date]:
    """6 April to 5 April: the year in which miles are counted.

    >>> tax_year_of(date(2026, 4, 5))[0].isoformat()
    '2025-04-06'
    """
    begins = date(day.year, 4, 6)
    if day < begins:
        begins = date(day.year - 1, 4, 6)
    return begins, date(begins.year + 1, 4, 5)


def count_miles(travelled: Miles, *, before: Decimal, rate: MileageRate) -> list[Counted]:
    """The lines that so many miles make, after ``before`` miles of the same year: one at each rate."""
    if rate.after_miles is None or rate.pence_after is None:
        return [Counted(travelled.vehicle, travelled.miles, rate.pence)]
    left = max(Decimal(rate.after_miles) - before, Decimal(0))
    first = min(travelled.miles, left)
    lines = [
        Counted(travelled.vehicle, first, rate.pence),
        Counted(travelled.vehicle, travelled.miles - first, rate.pence_after),
    ]
    return [line for line in lines if line.miles > 0]


@transaction.atomic
def claim_expenses(
    *,
    volunteer: Volunteer,
    organisation: Organisation,
    day: date,
    what: str,
    by: Actor,
    miles: Sequence[Miles] = (),
    receipts_pence: int = 0,
    key: uuid.UUID | None = None,
) -> Expense:
    """Write down what one day of helping cost.

    :param by: the volunteer, signed in or by their link; or staff who write down what is on paper.
    :param receipts_pence: what the receipts of the other costs come to.
    :param key: of the page; sent twice, it is one claim.
    :raises NotPossible: for nothing, a day to come, or miles for which there is no rate.
    """
    if isinstance(by, SystemJob):
        if by != BY_LINK:
            raise PermissionDenied
    elif not is_persons_own(by, volunteer.person):
        check_holds(by, Permission.HOURS_CONFIRM, organisation.pk)
    # Miles of a year are counted one claim after the other.
    Volunteer.objects.select_for_update().get(pk=volunteer.pk)
    known = Expense.objects.filter(key=key).first() if key else None
    if known is not None:
        if known.volunteer_id != volunteer.pk:
            raise PermissionDenied
        return known
    if day > timezone.localdate():
        raise NotPossible(_("That day is still to come."))
    if not volunteer.standings.filter(organisation=organisation).exists():
        raise NotPossible(_("They have nothing to do with this organisation."))
    if not what.strip():
        raise ReasonMissing(_("Say what it was for."))
    lines = [line for one in miles for line in _lines(volunteer, one, day)]
    total = sum(line.pence for line in lines) + receipts_pence
    if total <= 0:
        raise NotPossible(_("Give miles, or what the receipts come to."))
    expense = Expense.objects.create(
        key=key or uuid.uuid4(),
        volunteer=volunteer,
        organisation=organisation,
        day=day,
        what=what.strip()[:200],
        pence=total,
        claimed_by=by if isinstance(by, User) else None,
    )
    rows = [
        ExpenseLine(
            expense=expense,
            position=position,
            kind=ExpenseLine.Kind.MILEAGE,
            vehicle=line.vehicle,
            miles=line.miles,
            rate_pence=line.rate_pence,
            pence=line.pence,
        )
        for position, line in enumerate(lines, start=1)
    ]
    if receipts_pence:
        rows.append(
            ExpenseLine(
                expense=expense,
                position=len(rows) + 1,
                kind=ExpenseLine.Kind.RECEIPTS,
                pence=receipts_pence,
            )
        )
    ExpenseLine.objects.bulk_create(rows)
    _write(EXPENSE_CLAIMED, expense, by)
    return expense


def _lines(volunteer: Volunteer, travelled: Miles, day: date) -> list[Counted]:
    if travelled.miles <= 0:
        return []
    rate = MileageRate.objects.on(day, travelled.vehicle)
    if rate is None:
        raise NotPossible(
            _("There is no rate for “%(vehicle)s” on that day yet: ring us.")
            % {"vehicle": Vehicle(travelled.vehicle).label}
        )
    begins, ends = tax_year_of(day)
    before = ExpenseLine.objects.filter(
        expense__in=Expense.objects.standing().filter(
            volunteer=volunteer, day__range=(begins, ends)
        ),
        vehicle=travelled.vehicle,
    ).aggregate(sum=Sum("miles"))["sum"] or Decimal(0)
    return count_miles(travelled, before=before, rate=rate)


@transaction.atomic
def approve_expense(*, expense: Expense, by: User) -> Expense:
    """It is right. A double click approves once.

    :raises SameSide: for one's own claim, and for one that they wrote down themself.
    """
    current = _to_decide(expense, by)
    if current.state in (State.APPROVED, State.PAID):
        return current
    if current.state != State.CLAIMED:
        raise NotPossible(
            _("Somebody has said no to this claim: %(why)s") % {"why": current.refused_because}
        )
    return _decide(current, State.APPROVED, by)


@transaction.atomic
def refuse_expense(*, expense: Expense, because: str, by: User) -> Expense:
    """It is not paid, and why: the volunteer reads it. Until it is paid, a yes can be taken back so.

    :raises SameSide: as for approving it.
    """
    current = _to_decide(expense, by)
    if current.state == State.REFUSED:
        return current
    if current.state == State.PAID:
        raise NotPossible(_("This claim has been paid."))
    if not because.strip():
        raise ReasonMissing(_("Say why it is not paid: the volunteer reads it."))
    current.refused_because = because.strip()[:300]
    return _decide(current, State.REFUSED, by)


@transaction.atomic
def take_back_expense(*, expense: Expense, because: str, by: User) -> Expense:
    """A slip of whoever wrote it down, typed twice or for somebody else; the volunteer reads it. It decides
    nothing: once somebody has, it is theirs to put right.

    :raises PermissionDenied: for anybody else.
    """
    current = _locked(expense, by)
    if not wrote(current, by):
        raise PermissionDenied
    if current.state == State.REFUSED:
        return current
    if current.state != State.CLAIMED:
        raise NotPossible(
            _("Somebody has approved this claim: ask them, if it must not be paid after all.")
        )
    if not because.strip():
        raise ReasonMissing(_("Say why you take it back: the volunteer reads it."))
    said = _("Taken back by whoever wrote it down: %(why)s") % {"why": because.strip()}
    current.refused_because = said[:300]
    return _decide(current, State.REFUSED, by, said="taken-back")


@transaction.atomic
def pay_expense(*, expense: Expense, paid_on: date, how: str, by: User) -> ExpensePayment:
    """It was paid. The row is locked, and the database has one payment for each claim at most.

    :returns: the one payment; pressed again on the same day in the same way, it is that one.
    :raises NotPossible: before it is approved, or when somebody else has paid it.
    :raises SameSide: for whoever wrote the claim down.
    """
    current = _to_decide(expense, by)
    paid = ExpensePayment.objects.filter(expense=current).first()
    if paid is not None:
        if (paid.paid_on, paid.how, paid.by_id) == (paid_on, how, by.pk):
            return paid
        raise NotPossible(_("This claim has been paid already: pay it no second time."))
    if current.state != State.APPROVED:
        raise NotPossible(_("It must be approved first."))
    if paid_on > timezone.localdate():
        raise NotPossible(_("That day is still to come."))
    try:
        with transaction.atomic():
            paid = ExpensePayment.objects.create(
                expense=current, paid_on=paid_on, how=how, pence=current.pence, by=by
            )
    except IntegrityError as error:
        raise NotPossible(_("This claim has been paid already: pay it no second time.")) from error
    current.state = State.PAID
    current.save(update_fields=["state"])
    _write(EXPENSE_PAID, current, by)
    return paid


def _to_decide(expense: Expense, by: User) -> Expense:
    current = _locked(expense, by)
    if why := why_not_decide(current, by):
        raise SameSide(why)
    return current


def _locked(expense: Expense, by: User) -> Expense:
    current: Expense = (
        Expense.objects.select_for_update(of=("self",))
        .select_related("volunteer__person", "organisation")
        .get(pk=expense.pk)
    )
    check_holds(by, Permission.HOURS_CONFIRM, current.organisation_id)
    return current


def _decide(expense: Expense, state: str, by: User, said: str = "") -> Expense:
    expense.state = state
    expense.decided_at, expense.decided_by = timezone.now(), by
    expense.save(update_fields=["state", "decided_at", "decided_by", "refused_because"])
    _write(EXPENSE_DECIDED, expense, by, to=said or str(state))
    return expense


def _write(event: EventType, expense: Expense, by: Actor, **more: str) -> None:
    record(
        event,
        by=by,
        subject=expense.volunteer.person_id,
        organisation=expense.organisation_id,
        details={
            "volunteer": expense.volunteer_id,
            "expense": expense.pk,
            "pence": expense.pence,
            **more,
        },
    )
