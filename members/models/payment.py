"""Payments, receipts, banking and refunds. Money in integer pence."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dcsn.access import Permission, scope_of_permission
from directory.models import Organisation
from members.models.membership import Membership, Term
from members.models.plan import PlanTerms
from members.references import payment_reference


class PaymentQuerySet(models.QuerySet["Payment"]):
    def visible_to(self, user: Any) -> PaymentQuerySet:
        scope = scope_of_permission(user, Permission.PAYMENT_TAKE)
        if scope.network:
            return self.all()
        return self.filter(organisation_id__in=scope.organisations)

    def on_day(self, day: date) -> PaymentQuerySet:
        """Those that came in on that day, and of the others those that were begun on it."""
        return self.filter(
            Q(taken_at__date=day) | Q(taken_at=None, created_at__date=day),
        )

    def without_use(self) -> PaymentQuerySet:
        """Paid online for a membership that had ended by then: they brought no term, and are to be given
        back."""
        brought = Term.objects.filter(source=Term.Source.PAYMENT, source_id=OuterRef("pk"))
        return self.filter(
            ~Exists(brought),
            state=Payment.State.SUCCESS,
            purpose=Payment.For.MEMBERSHIP,
            refund=None,
        )

    def to_bank(self) -> PaymentQuerySet:
        """Cash and cheques that lie at the desk."""
        return self.filter(
            state=Payment.State.RECEIPTED,
            method__in=[Payment.Method.CASH, Payment.Method.CHEQUE],
            banking=None,
            refund=None,
        )

    def taken(self) -> PaymentQuerySet:
        """Those by which money came in, whatever became of it since."""
        return self.filter(state__in=Payment.TAKEN)


class Payment(models.Model):
    """One try to pay. Online ones have GOV.UK Pay's states, those at the desk the desk's.

    ``finished`` is not ``paid``: only ``success`` (online) and ``receipted`` or later (desk) are.
    """

    class Method(models.TextChoices):
        CASH = "cash", _("cash")
        CHEQUE = "cheque", _("cheque")
        CARD_TERMINAL = "card-terminal", _("card, at the desk")
        GOVUK_PAY = "govuk-pay", _("card, online")
        DEVELOPMENT = "development", _("pretended, for trying out")

    class State(models.TextChoices):
        CREATED = "created", _("begun")
        STARTED = "started", _("being filled in")
        SUBMITTED = "submitted", _("sent to the bank")
        CAPTURABLE = "capturable", _("held")
        SUCCESS = "success", _("paid")
        FAILED = "failed", _("not paid")
        CANCELLED = "cancelled", _("cancelled")
        ERROR = "error", _("went wrong")
        RECEIPTED = "receipted", _("paid at the desk")
        BANKED = "banked", _("banked")
        RECONCILED = "reconciled", _("seen on the bank's statement")
        VOIDED = "voided", _("voided")

    DESK = (Method.CASH, Method.CHEQUE, Method.CARD_TERMINAL)
    TAKEN = (State.SUCCESS, State.RECEIPTED, State.BANKED, State.RECONCILED)
    FINISHED_UNPAID = (State.FAILED, State.CANCELLED, State.ERROR, State.VOIDED)

    class For(models.TextChoices):
        MEMBERSHIP = "membership", _("membership")
        TOKENS = "tokens", _("tokens")
        GIFT = "gift", _("membership for somebody else")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # The idempotency key, ours and the provider's: the same one is the same payment.
    key = models.UUIDField(unique=True, editable=False)
    reference = models.CharField(
        max_length=11, unique=True, default=payment_reference, editable=False
    )
    purpose = models.CharField(max_length=10, choices=For.choices, default=For.MEMBERSHIP)
    method = models.CharField(max_length=13, choices=Method.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.CREATED)
    amount_pence = models.PositiveIntegerField()
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="payments",
        verbose_name=_("access point"),
    )
    person = models.ForeignKey(
        "members.Person", on_delete=models.SET_NULL, null=True, blank=True, related_name="payments"
    )
    membership = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="payments"
    )
    plan_terms = models.ForeignKey(
        PlanTerms, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # What a gift's buyer pays for; whoever takes it up gets the membership.
    gift = models.ForeignKey(
        "members.JoinCode", on_delete=models.PROTECT, null=True, blank=True, related_name="payments"
    )
    tokens = models.PositiveSmallIntegerField(default=0)
    # The provider's own id and, where it failed, its code (P0010, P0020 …).
    provider_id = models.CharField(max_length=64, blank=True)
    failure_code = models.CharField(max_length=10, blank=True)
    # Where the payer goes on at the provider; empty once there is nothing for them to do.
    next_url = models.CharField(max_length=500, blank=True, editable=False)
    # The page of ours that they wanted to come back to.
    return_to = models.CharField(max_length=200, blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    taken_at = models.DateTimeField(null=True, blank=True)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    # Gap-free in each access point; only what was taken at a desk has one.
    receipt_number = models.PositiveIntegerField(null=True, blank=True)
    void_reason = models.CharField(max_length=200, blank=True)
    voided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    banking = models.ForeignKey(
        "members.Banking", on_delete=models.PROTECT, null=True, blank=True, related_name="payments"
    )
    # When the provider was last asked; and since when it says that there is news.
    read_at = models.DateTimeField(null=True, blank=True)
    read_wanted_at = models.DateTimeField(null=True, blank=True)

    objects = PaymentQuerySet.as_manager()

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        ordering = ["-created_at", "id"]
        indexes = [
            models.Index(fields=["organisation", "state"], name="members_payment_desk"),
            models.Index(fields=["membership", "-created_at"], name="members_payment_member"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "receipt_number"],
                name="members_receipt_numbered_once",
            ),
            models.UniqueConstraint(
                fields=["provider_id"],
                condition=~Q(provider_id=""),
                name="members_payment_of_the_provider_once",
            ),
            models.CheckConstraint(
                condition=Q(receipt_number=None)
                | Q(method__in=["cash", "cheque", "card-terminal"]),
                name="members_receipts_at_the_desk",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["receipted", "banked", "reconciled", "voided"])
                | Q(receipt_number__isnull=False, taken_at__isnull=False),
                name="members_desk_states_have_a_receipt",
            ),
            models.CheckConstraint(
                condition=~Q(state="voided") | ~Q(void_reason=""),
                name="members_void_has_a_reason",
                violation_error_message=_("Say why it is voided."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["banked", "reconciled"]) | Q(banking__isnull=False),
                name="members_banked_in_a_banking",
            ),
            models.CheckConstraint(
                condition=~Q(purpose="membership")
                | Q(membership__isnull=False, plan_terms__isnull=False),
                name="members_payment_says_for_what",
            ),
            models.CheckConstraint(
                condition=~Q(purpose="gift") | Q(gift__isnull=False, plan_terms__isnull=False),
                name="members_payment_says_which_gift",
            ),
            models.CheckConstraint(
                condition=~Q(purpose="tokens") | Q(tokens__gt=0),
                name="members_payment_says_how_many_tokens",
            ),
        ]

    def __str__(self) -> str:
        return f"payment {self.reference}"

    def get_absolute_url(self) -> str:
        return reverse("members:payment", args=[self.pk])

    @property
    def go_on_url(self) -> str:
        """The page of ours from which the payer goes on to the provider's."""
        return reverse("members:pay", args=[self.pk])

    @property
    def is_taken(self) -> bool:
        return self.state in self.TAKEN


class ReceiptBook(models.Model):
    """The next receipt number of an access point: locked while one is taken, so that none is missing."""

    organisation = models.OneToOneField(
        Organisation, on_delete=models.PROTECT, related_name="receipt_book", primary_key=True
    )
    next_number = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("book of receipts")
        verbose_name_plural = _("books of receipts")

    def __str__(self) -> str:
        return f"receipts of {self.organisation_id}"


class BankingQuerySet(models.QuerySet["Banking"]):
    def visible_to(self, user: Any) -> BankingQuerySet:
        scope = scope_of_permission(user, Permission.PAYMENT_TAKE)
        if scope.network:
            return self.all()
        return self.filter(organisation_id__in=scope.organisations)


class Banking(models.Model):
    """Cash and cheques taken to the bank, counted by two people."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="bankings"
    )
    expected_pence = models.PositiveIntegerField()
    counted_pence = models.PositiveIntegerField()
    difference_note = models.CharField(max_length=200, blank=True)
    paying_in_reference = models.CharField(max_length=40, blank=True)
    counted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    # The second name: another user who counted too.
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    counted_at = models.DateTimeField(default=timezone.now, editable=False)
    checked_at = models.DateTimeField(null=True, blank=True)
    reconciled_at = models.DateTimeField(null=True, blank=True)
    reconciled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = BankingQuerySet.as_manager()

    class Meta:
        verbose_name = _("banking")
        verbose_name_plural = _("bankings")
        ordering = ["-counted_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(checked_by=None) | ~Q(checked_by=F("counted_by")),
                name="members_banking_two_people",
                violation_error_message=_("Two different people have to count."),
            ),
            models.CheckConstraint(
                condition=Q(expected_pence=F("counted_pence")) | ~Q(difference_note=""),
                name="members_banking_explains_a_difference",
                violation_error_message=_("Say why the sum differs from the receipts."),
            ),
        ]

    def __str__(self) -> str:
        return f"banking {self.id}"

    def get_absolute_url(self) -> str:
        return reverse("members:banking", args=[self.pk])

    @property
    def difference_pence(self) -> int:
        """What was counted too much; too little is below nought."""
        return self.counted_pence - self.expected_pence


class Refund(models.Model):
    """All of a payment given back, within 14 days of joining or renewing; or taken back by the bank.

    The states are GOV.UK Pay's; what is handed over at a desk is "success" at once. One each: a second
    press finds the first.
    """

    class Way(models.TextChoices):
        ONLINE = "online", _("to the card that paid")
        CASH = "cash", _("in cash")
        CHEQUE = "cheque", _("the cheque itself, handed back")
        CARD_TERMINAL = "card-terminal", _("to the card, on the terminal")
        TRANSFER = "transfer", _("by bank transfer or a cheque of ours")
        TAKEN_BACK = "taken-back", _("taken back by the bank")

    class State(models.TextChoices):
        SUBMITTED = "submitted", _("on its way")
        SUCCESS = "success", _("given back")
        ERROR = "error", _("went wrong")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    payment = models.OneToOneField(Payment, on_delete=models.PROTECT, related_name="refund")
    amount_pence = models.PositiveIntegerField()
    way = models.CharField(max_length=13, choices=Way.choices, default=Way.ONLINE)
    state = models.CharField(max_length=9, choices=State.choices, default=State.SUBMITTED)
    # Set once the provider has taken it on.
    provider_id = models.CharField(max_length=64, blank=True)
    failure_code = models.CharField(max_length=10, blank=True)
    tried_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    done_at = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("refund")
        verbose_name_plural = _("refunds")
        ordering = ["-asked_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_pence__gt=0), name="members_refund_of_something"
            ),
            models.CheckConstraint(
                condition=~Q(state="success") | Q(done_at__isnull=False),
                name="members_refund_done_when_given_back",
            ),
            models.CheckConstraint(
                condition=Q(way="online") | ~Q(reason=""),
                name="members_refund_by_hand_has_a_reason",
                violation_error_message=_("Say why it is given back."),
            ),
        ]

    def __str__(self) -> str:
        return f"refund {self.id}"
