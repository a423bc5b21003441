"""What it cost a volunteer to help: a claim, its lines, and that it was paid."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from directory.models import Organisation
from volunteers.models.hours import OfOrganisationQuerySet
from volunteers.models.rate import Vehicle
from volunteers.models.volunteer import Volunteer
from volunteers.references import claim_reference


class ExpenseQuerySet(OfOrganisationQuerySet):
    def standing(self) -> Any:
        """All that was not refused: what counts towards the miles of a year."""
        return self.exclude(state=Expense.State.REFUSED)


class Expense(models.Model):
    """One claim: money that a volunteer laid out on one day, in lines. Mileage is counted at the rate of its
    day, which is copied into the line: a rate that changes later changes no claim. There is no file."""

    class State(models.TextChoices):
        CLAIMED = "claimed", _("asked for")
        APPROVED = "approved", _("approved")
        PAID = "paid", _("paid")
        REFUSED = "refused", _("not paid")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(
        max_length=11, unique=True, default=claim_reference, editable=False
    )
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    volunteer = models.ForeignKey(Volunteer, on_delete=models.PROTECT, related_name="expenses")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    day = models.DateField(_("day"))
    what = models.CharField(_("what for"), max_length=200)
    # The sum of the lines.
    pence = models.PositiveIntegerField(_("amount in pence"))
    state = models.CharField(max_length=8, choices=State.choices, default=State.CLAIMED)
    claimed_at = models.DateTimeField(default=timezone.now)
    # Who wrote it down; empty for the volunteer by their own link.
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    refused_because = models.CharField(max_length=300, blank=True)

    objects = ExpenseQuerySet.as_manager()

    class Meta:
        verbose_name = _("expense")
        verbose_name_plural = _("expenses")
        ordering = ["-day", "id"]
        indexes = [
            models.Index(fields=["organisation", "state"], name="volunteers_expense_by_org"),
            models.Index(fields=["volunteer", "day"], name="volunteers_expense_whose"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="claimed", decided_at=None)
                | ~Q(state="claimed") & Q(decided_at__isnull=False),
                name="volunteers_expense_decided_when",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(refused_because=""),
                name="volunteers_expense_refused_because",
                violation_error_message=_("Say why it is not paid."),
            ),
            models.CheckConstraint(
                condition=Q(pence__gt=0), name="volunteers_expense_is_something"
            ),
            # Whoever wrote it down may take it back, but not decide on it (``volunteers.duties``).
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "paid"])
                | Q(claimed_by=None)
                | Q(decided_by=None)
                | ~Q(claimed_by=models.F("decided_by")),
                name="volunteers_expense_two_pairs_of_eyes",
                violation_error_message=_("Somebody else has to approve what you wrote down."),
            ),
        ]

    def __str__(self) -> str:
        return f"claim {self.reference}"


class ExpenseLine(models.Model):
    """One line of a claim: so many miles at one rate, or what the receipts come to."""

    class Kind(models.TextChoices):
        MILEAGE = "mileage", _("Miles")
        RECEIPTS = "receipts", _("Other costs, with receipts")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    expense = models.ForeignKey(Expense, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8, choices=Kind.choices)
    vehicle = models.CharField(max_length=10, choices=Vehicle.choices, blank=True)
    miles = models.DecimalField(_("miles"), max_digits=7, decimal_places=1, null=True, blank=True)
    rate_pence = models.PositiveSmallIntegerField(null=True, blank=True)
    pence = models.PositiveIntegerField(_("amount in pence"))

    class Meta:
        verbose_name = _("line of an expense")
        verbose_name_plural = _("lines of expenses")
        ordering = ["expense", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["expense", "position"], name="volunteers_expense_line_once"
            ),
            models.CheckConstraint(
                condition=Q(kind="mileage", miles__gt=0, rate_pence__isnull=False) & ~Q(vehicle="")
                | Q(kind="receipts", miles=None, rate_pence=None, vehicle=""),
                name="volunteers_expense_miles_have_a_rate",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pence} p"


class ExpensePayment(models.Model):
    """That a claim was paid. One row for each claim: the database pays nothing twice."""

    class How(models.TextChoices):
        BANK = "bank", _("into their bank account")
        CASH = "cash", _("in cash")
        CHEQUE = "cheque", _("by cheque")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    expense = models.OneToOneField(Expense, on_delete=models.PROTECT, related_name="payment")
    paid_on = models.DateField(_("paid on"))
    how = models.CharField(_("how"), max_length=6, choices=How.choices)
    pence = models.PositiveIntegerField(_("amount in pence"))
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("payment of an expense")
        verbose_name_plural = _("payments of expenses")
        ordering = ["-paid_on", "id"]

    def __str__(self) -> str:
        return f"payment {self.id}"
