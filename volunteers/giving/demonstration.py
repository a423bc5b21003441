"""Hours, expenses, thanks and a reference of the demonstration's volunteers: something on every list."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from uuid import UUID, uuid5

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from dcsn.accounts.models import User
from dcsn.audit import Actor
from directory.actions.demonstration import NotADemonstration
from directory.demonstration.network import identity
from volunteers.actions.expenses import (
    Miles,
    approve_expense,
    claim_expenses,
    pay_expense,
    refuse_expense,
)
from volunteers.actions.hours import BY_LINK, confirm_hours, dispute_hours, log_hours
from volunteers.actions.references import give_reference
from volunteers.giving.rates import load_rates
from volunteers.models import Expense, ExpensePayment, Hours, Reference, Thanks, Volunteer

# Who gave how often, so many minutes each time, one week apart.
WEEKS = (
    ("june", 12, 95),
    ("bernard", 8, 60),
    ("elsie", 5, 120),
    ("frank", 3, 150),
    ("chloe", 2, 45),
    ("david", 10, 180),
    ("joyce", 9, 120),
    ("keith", 7, 120),
)
CLAIMS = (
    ("june", 6, 0, "Shopping for two neighbours", "paid"),
    ("june", 9, 260, "To the hospital and back, and parking", "claimed"),
    ("david", 24, 0, "Three lifts to the eye clinic", "approved"),
    ("frank", 12, 0, "Collecting prescriptions, on paper", "written"),
    ("frank", 4, 0, "Timber for a shelf of my own", "refused"),
)


@transaction.atomic
def load_giving(*, by: Actor, coordinator: str = "volunteer.centre@support.example") -> int:
    """Write all of it down, once; returns how many rows of hours.

    :raises NotADemonstration: unless ``settings.DEMONSTRATION``.
    """
    if not settings.DEMONSTRATION:
        raise NotADemonstration("Invented hours do not belong among real ones.")
    load_rates(by=by)
    people = {
        slug: Volunteer.objects.select_related("person", "organisation").get(
            pk=identity("volunteer", slug)
        )
        for slug, _times, _minutes in WEEKS
    }
    if Hours.objects.filter(key=_key(people["june"], "hours 0")).exists():
        return 0
    staff = User.objects.get(email=coordinator)
    number = _hours(people, staff)
    _claims(people, staff)
    _thanks(people["june"], people["bernard"], staff)
    return number


def _key(volunteer: Volunteer, what: str) -> UUID:
    return uuid5(volunteer.pk, what)


def _hours(people: dict[str, Volunteer], staff: User) -> int:
    """Most are agreed on; the latest of some wait for a side, and two people do not agree once."""
    today = timezone.localdate()
    number = 0
    for slug, times, minutes in WEEKS:
        who = people[slug]
        for week in range(times):
            row = log_hours(
                volunteer=who,
                organisation=who.organisation,
                day=today - timedelta(days=7 * week + 2),
                minutes=minutes + 5 * (week % 4),
                by=staff if (slug, week) == ("june", 1) else BY_LINK,
                key=_key(who, f"hours {week}"),
            )
            number += 1
            if (slug, week) == ("elsie", 0):
                dispute_hours(
                    hours=row, by=staff, words="The diary says an hour and a half.", minutes=90
                )
            elif week > 1 or (week and slug != "june"):
                confirm_hours(hours=row, by=staff)
    return number


def _claims(people: dict[str, Volunteer], staff: User) -> None:
    today = timezone.localdate()
    for number, (slug, miles, receipts, what, state) in enumerate(CLAIMS):
        who = people[slug]
        row = claim_expenses(
            volunteer=who,
            organisation=who.organisation,
            day=today - timedelta(days=20 - 4 * number),
            what=what,
            # On paper: whoever wrote it down reads that somebody else approves it.
            by=staff if state == "written" else BY_LINK,
            miles=[Miles("car", Decimal(miles))],
            receipts_pence=receipts,
            key=_key(who, f"claim {number}"),
        )
        if state == Expense.State.REFUSED:
            refuse_expense(expense=row, because="This was for yourself, was it not?", by=staff)
        elif state not in (Expense.State.CLAIMED, "written"):
            approve_expense(expense=row, by=staff)
        if state == Expense.State.PAID:
            pay_expense(
                expense=row,
                paid_on=today - timedelta(days=3),
                how=ExpensePayment.How.BANK,
                by=staff,
            )


def _thanks(june: Volunteer, bernard: Volunteer, staff: User) -> Reference:
    now = timezone.now()
    for who, words, way, reached in (
        (june, "You made a dark winter lighter for the whole street.", "email", now),
        (bernard, "He talks of your games of draughts all week. Thank you.", "by-hand", None),
    ):
        Thanks.objects.create(
            key=_key(who, "thanks"),
            volunteer=who,
            organisation=who.organisation,
            words=words,
            signed="The volunteer centre",
            by=staff,
            at=now - timedelta(days=2),
            way=way,
            reached_at=reached,
        )
    return give_reference(
        volunteer=june,
        organisation=june.organisation,
        role="Good neighbour: small jobs and shopping",
        from_on=timezone.localdate() - timedelta(days=400),
        signed="Demonstration volunteer coordinator",
        text="June comes when she says she does, and people ask for her again.",
        by=staff,
        key=_key(june, "reference"),
    )
