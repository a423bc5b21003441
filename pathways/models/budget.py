"""A person's budget, and its ledger: double entry, in whole pence, append-only."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dcsn.audit.append_only import AppendOnly, AppendOnlyQuerySet
from pathways.models.agreement import Agreement
from pathways.models.allocation import NeedsAssessment
from pathways.models.pathway import Pathway
from pathways.models.plan import Plan


class BudgetState(models.TextChoices):
    INDICATIVE = "indicative", _("a first idea, not a decision")
    PROPOSED = "proposed", _("proposed")
    AGREED = "agreed", _("agreed")
    REVISED = "revised", _("a newer one has taken its place")
    CLOSED = "closed", _("closed")


_B = BudgetState
BUDGET_WAYS: dict[str, frozenset[str]] = {
    _B.INDICATIVE: frozenset({_B.PROPOSED, _B.CLOSED}),
    _B.PROPOSED: frozenset({_B.AGREED, _B.INDICATIVE, _B.CLOSED}),
    _B.AGREED: frozenset({_B.REVISED, _B.CLOSED}),
    _B.REVISED: frozenset(),
    _B.CLOSED: frozenset(),
}


class Budget(models.Model):
    """What support may cost in a year, and who pays which part.

    The council's contribution and the person's are the total, always (Care Act 2014, section 26).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    pathway = models.ForeignKey(Pathway, on_delete=models.PROTECT, related_name="budgets")
    plan = models.ForeignKey(
        Plan, on_delete=models.PROTECT, null=True, blank=True, related_name="budgets"
    )
    needs = models.ForeignKey(
        NeedsAssessment, on_delete=models.PROTECT, null=True, blank=True, related_name="budgets"
    )
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )
    state = models.CharField(
        max_length=10, choices=BudgetState.choices, default=BudgetState.INDICATIVE
    )
    # In pence a year.
    indicative_pence = models.BigIntegerField(null=True, blank=True)
    total_pence = models.BigIntegerField(_("total"), default=0)
    council_pence = models.BigIntegerField(_("from the council"), default=0)
    person_pence = models.BigIntegerField(_("from the person"), default=0)
    # An amount without a reason is no lawful one (R (Savva) v Kensington and Chelsea, 2010).
    because = models.TextField(_("why this amount"), max_length=1000, blank=True)
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("until"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("budget")
        verbose_name_plural = _("budgets")
        ordering = ["-created_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(total_pence=F("council_pence") + F("person_pence")),
                name="pathways_budget_adds_up",
                violation_error_message=_(
                    "The council's part and the person's part are together the total."
                ),
            ),
            models.CheckConstraint(
                condition=Q(council_pence__gte=0, person_pence__gte=0),
                name="pathways_budget_is_not_less_than_nothing",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["agreed", "revised"])
                | Q(plan__isnull=False, starts_on__isnull=False),
                name="pathways_budget_agreed_with_a_plan",
                violation_error_message=_("A budget is agreed with its plan."),
            ),
            models.UniqueConstraint(
                fields=["pathway"],
                condition=Q(state="agreed"),
                name="pathways_one_agreed_budget",
                violation_error_message=_("There is an agreed budget: revise that one."),
            ),
        ]

    def __str__(self) -> str:
        return f"budget {self.id}"


class BudgetAgreement(Agreement):
    """Somebody's name under the amounts as they stand. Three people make a budget hold."""

    budget = models.ForeignKey(Budget, on_delete=models.PROTECT, related_name="agreements")

    class Meta:
        verbose_name = _("agreement to a budget")
        verbose_name_plural = _("agreements to budgets")
        ordering = ["budget", "version", "agreed_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["budget", "version", "role"],
                name="pathways_budget_agreed_once",
                violation_error_message=_("That name stands under it already."),
            ),
            models.UniqueConstraint(
                fields=["budget", "version", "account"],
                name="pathways_budget_agreed_by_different_people",
                violation_error_message=_("The planner and the authoriser are two people."),
            ),
            models.CheckConstraint(
                condition=Q(role="person") | Q(account__isnull=False),
                name="pathways_budget_staff_agree_by_themselves",
            ),
        ]


class SpentOn(models.TextChoices):
    """What money went for: a kind, and no words, since nothing in a ledger can be blanked later."""

    NONE = "", _("not said")
    ASSISTANT = "assistant", _("a personal assistant")
    CARE = "care", _("care at home")
    DAYS = "days", _("days out and activities")
    BREAK = "break", _("a break")
    TRAVEL = "travel", _("getting about")
    EQUIPMENT = "equipment", _("equipment and telecare")
    LEARNING = "learning", _("learning or work")
    OTHER = "other", _("something else in the plan")


class WhyReversed(models.TextChoices):
    """Why an entry was taken back."""

    NONE = "", _("not said")
    AMOUNT = "amount", _("the amount was wrong")
    TWICE = "twice", _("it was written down twice")
    ELSEWHERE = "elsewhere", _("it belongs to another budget")
    NOT_HAPPENED = "not-happened", _("it did not happen")
    REFUNDED = "refunded", _("the money came back")


class Account(models.TextChoices):
    """Where a budget's money is, or what it went for. A debit is positive, a credit negative."""

    COUNCIL = "council", _("from the council")
    PERSON = "person", _("from the person")
    AVAILABLE = "available", _("not spent yet")
    COMMITTED = "committed", _("promised to somebody")
    SPENT = "spent", _("spent")
    CONTINGENCY = "contingency", _("kept for a bad day")
    RETURNED = "returned", _("given back")


class LedgerEntry(AppendOnly):
    """One thing that happened with a budget's money; its lines sum to zero (a trigger sees to it)."""

    instead = "Post the opposite."

    class What(models.TextChoices):
        PAID_IN = "paid-in", _("paid in")
        PROMISED = "promised", _("promised")
        SPENT = "spent", _("spent")
        SET_ASIDE = "set-aside", _("set aside")
        RETURNED = "returned", _("given back")
        REVERSED = "reversed", _("taken back")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # Made with the form and sent back with it: the same form sent twice is one entry.
    key = models.UUIDField(unique=True, editable=False)
    budget = models.ForeignKey(
        Budget, on_delete=models.PROTECT, related_name="entries", editable=False
    )
    what = models.CharField(max_length=9, choices=What.choices, editable=False)
    on = models.DateField(default=timezone.localdate, editable=False)
    at = models.DateTimeField(default=timezone.now, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
    )
    action = models.ForeignKey(
        "pathways.Action",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
    )
    spent_on = models.CharField(max_length=9, choices=SpentOn.choices, blank=True, editable=False)
    why = models.CharField(max_length=12, choices=WhyReversed.choices, blank=True, editable=False)
    reverses = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="reversed_by",
        editable=False,
    )

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger entries")
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["budget", "at"], name="pathways_entries_of_a_budget")]

    def __str__(self) -> str:
        return f"{self.what} {self.id}"


class LedgerLine(AppendOnly):
    """One account of an entry. ``pence``: above zero a debit, below zero a credit."""

    instead = "Post the opposite."

    entry = models.ForeignKey(
        LedgerEntry, on_delete=models.PROTECT, related_name="lines", editable=False
    )
    account = models.CharField(max_length=11, choices=Account.choices, editable=False)
    pence = models.BigIntegerField(editable=False)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("ledger line")
        verbose_name_plural = _("ledger lines")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=~Q(pence=0), name="pathways_line_moves_something"),
            models.UniqueConstraint(
                fields=["entry", "account"], name="pathways_line_once_an_account"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.pence}"
