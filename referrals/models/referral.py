"""A request, with the person's agreement, that an organisation help them."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dcsn.access import Permission, scope_of_permission
from directory.models import Organisation, Service
from members.models import Category
from referrals.models.enquiry import Enquiry
from referrals.models.named_contact import of_named_contact
from referrals.references import referral_reference
from referrals.states import FINAL, OPEN, UNANSWERED, Loop, Party, Priority, Reason, State

REASON_TEXT_AT_MOST = 1000
_FINAL = sorted(FINAL)


class ReferralQuerySet(models.QuerySet["Referral"]):
    def visible_to(self, user: Any) -> ReferralQuerySet:
        """Sent by an access point where ``user`` follows referrals, received by an organisation for
        which they answer (once it has been sent), or about a person whose named contact they are."""
        sender = scope_of_permission(user, Permission.REFERRAL_VIEW)
        receiver = scope_of_permission(user, Permission.REFERRAL_RECEIVE)
        seen = Q(pk=None)
        if sender:
            seen |= Q(requester_id__in=sender.organisations) | of_named_contact(user)
        if receiver:
            seen |= Q(owner_id__in=receiver.organisations, requested_at__isnull=False)
        return self.filter(seen)

    def sent_by(self, user: Any) -> ReferralQuerySet:
        """The sender's side of :meth:`visible_to`."""
        scope = scope_of_permission(user, Permission.REFERRAL_VIEW)
        if not scope:
            return self.none()
        return self.filter(Q(requester_id__in=scope.organisations) | of_named_contact(user))

    def received_by(self, user: Any) -> ReferralQuerySet:
        """The receiver's side: never a draft, never one that was entered by mistake."""
        scope = scope_of_permission(user, Permission.REFERRAL_RECEIVE)
        return self.filter(owner_id__in=scope.organisations, requested_at__isnull=False).exclude(
            state=State.ENTERED_IN_ERROR
        )

    def counted(self) -> ReferralQuerySet:
        """Those that were sent and not by mistake: what the figures are about."""
        return self.exclude(state__in=[State.DRAFT, State.ENTERED_IN_ERROR])

    def open(self) -> ReferralQuerySet:
        return self.filter(state__in=sorted(OPEN))

    def unanswered(self) -> ReferralQuerySet:
        return self.filter(state__in=sorted(UNANSWERED))

    def drafts(self) -> ReferralQuerySet:
        return self.filter(state=State.DRAFT)

    def ended(self) -> ReferralQuerySet:
        return self.filter(state__in=_FINAL)


class Referral(models.Model):
    """FHIR ``Task``: ``requester`` asks, ``owner`` answers, ``state`` is ``Task.status``.

    The state changes only through ``referrals.actions.move_referral``; a trigger refuses a way that the
    table does not have, and another holds each state to its row of history. ``loop`` is the person's own
    word; the two together close a referral.
    """

    class Basis(models.TextChoices):
        """Why personal data may go (UK GDPR Articles 6 and 9). Consent is the rule."""

        CONSENT = "consent", _("The person agrees")
        VITAL_INTERESTS = "vital-interests", _("To protect a life (Article 6(1)(d))")
        PUBLIC_TASK = "public-task", _("A public task (Article 6(1)(e))")
        SAFEGUARDING = (
            "safeguarding",
            _("Safeguarding (a recognised legitimate interest, Article 6(1)(ea))"),
        )
        BEST_INTERESTS = (
            "best-interests",
            _("A best-interests decision (Mental Capacity Act 2005, section 4)"),
        )

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(
        max_length=11, unique=True, default=referral_reference, editable=False
    )
    enquiry = models.ForeignKey(Enquiry, on_delete=models.PROTECT, related_name="referrals")
    # Empty only after the person was forgotten: the referral is still counted.
    person = models.ForeignKey(
        "members.Person",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="referrals",
    )
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="referrals")
    requester = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="referrals_sent",
        verbose_name=_("sent by"),
    )
    owner = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="referrals_received",
        verbose_name=_("sent to"),
    )
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    state = models.CharField(max_length=16, choices=State.choices, default=State.DRAFT)
    status_reason = models.CharField(max_length=18, choices=Reason.choices, blank=True)
    priority = models.CharField(max_length=7, choices=Priority.choices, default=Priority.ROUTINE)
    reason_text = models.TextField(_("what is asked for"), blank=True)
    categories = ArrayField(
        models.CharField(max_length=10, choices=Category.choices),
        default=list,
        blank=True,
        verbose_name=_("what is passed on"),
    )
    basis = models.CharField(max_length=15, choices=Basis.choices, blank=True)
    basis_note = models.TextField(blank=True)
    consent = models.ForeignKey(
        "members.Consent", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    created_at = models.DateTimeField(default=timezone.now, editable=False)  # Task.authoredOn
    requested_at = models.DateTimeField(null=True, blank=True)
    # The first sign of life: seen, accepted or turned down.
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    # When help began, by the receiver's word.
    begun_at = models.DateTimeField(null=True, blank=True)
    first_contact_on = models.DateField(_("first contact planned for"), null=True, blank=True)
    # On a waiting list: until about when.
    expected_on = models.DateField(_("expected on"), null=True, blank=True)
    # The day by which the receiver's next word is due, while it is under way.
    next_due_on = models.DateField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(
        max_length=9, choices=[(p.value, p.value) for p in Party], blank=True
    )
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )

    loop = models.CharField(max_length=25, choices=Loop.choices, default=Loop.AWAITING_PERSON)
    closed_at = models.DateTimeField(null=True, blank=True)
    # "No, I did not get help": the hub's again until somebody has dealt with it.
    unhelped_since = models.DateTimeField(null=True, blank=True)
    unhelped_settled_at = models.DateTimeField(null=True, blank=True)
    # What was done about it, where no new referral or enquiry says so.
    unhelped_note = models.CharField(_("what was done about it"), max_length=500, blank=True)

    version = models.PositiveIntegerField(default=1, editable=False)
    anonymised_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = ReferralQuerySet.as_manager()

    class Meta:
        verbose_name = _("referral")
        verbose_name_plural = _("referrals")
        ordering = ["-created_at", "id"]
        indexes = [
            models.Index(fields=["requester", "state"], name="referrals_by_requester"),
            models.Index(fields=["owner", "state"], name="referrals_by_owner"),
            models.Index(fields=["person", "-created_at"], name="referrals_by_person"),
            models.Index(fields=["service", "state"], name="referrals_by_service"),
            models.Index(
                fields=["requester", "requested_at"],
                name="referrals_unanswered",
                condition=Q(state__in=sorted(UNANSWERED)),
            ),
            models.Index(
                fields=["requester", "next_due_on"],
                name="referrals_next_due",
                condition=Q(next_due_on__isnull=False),
            ),
            models.Index(
                fields=["requester", "unhelped_since"],
                name="referrals_unhelped",
                condition=Q(unhelped_since__isnull=False, unhelped_settled_at=None),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=_FINAL, ended_at__isnull=False) & ~Q(ended_by="")
                | ~Q(state__in=_FINAL) & Q(ended_at=None, ended_by=""),
                name="referrals_ended_when_final",
                violation_error_message=_("Say when it ended and on whose word."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "entered-in-error"])
                | Q(requested_at__isnull=False),
                name="referrals_sent_when_not_draft",
            ),
            models.CheckConstraint(
                condition=Q(requested_at=None)
                | Q(basis="consent", consent__isnull=False)
                | Q(anonymised_at__isnull=False)
                | ~Q(basis__in=["", "consent"]) & ~Q(basis_note=""),
                name="referrals_not_sent_without_a_basis",
                violation_error_message=_(
                    "Ask the person first, or write down on what other basis it is sent."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["rejected", "cancelled", "on-hold", "failed"])
                | ~Q(status_reason=""),
                name="referrals_reason_when_needed",
                violation_error_message=_("Say why."),
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(state__in=_FINAL) & ~Q(loop="awaiting-person"),
                name="referrals_closed_with_the_persons_answer",
                violation_error_message=_(
                    "A referral is closed only when it has ended and the person has been asked."
                ),
            ),
            models.CheckConstraint(
                condition=Q(unhelped_settled_at=None) | Q(unhelped_since__isnull=False),
                name="referrals_settled_after_unhelped",
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=False) | Q(anonymised_at__isnull=False),
                name="referrals_person_until_anonymised",
            ),
            models.CheckConstraint(
                condition=Q(anonymised_at=None)
                | Q(person=None, reason_text="", basis_note="", unhelped_note="", consent=None),
                name="referrals_anonymised_is_empty",
            ),
            models.CheckConstraint(
                condition=Q(LessThanOrEqual(Length("reason_text"), REASON_TEXT_AT_MOST)),
                name="referrals_reason_text_fits",
                violation_error_message=_("Please use 1,000 characters or fewer."),
            ),
            models.CheckConstraint(
                condition=~Q(replaces=models.F("id")), name="referrals_replaces_another"
            ),
        ]

    def __str__(self) -> str:
        return f"referral {self.reference}"

    def get_absolute_url(self) -> str:
        return reverse("referrals:referral", args=[self.id])

    @property
    def is_final(self) -> bool:
        return self.state in FINAL

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def is_closed(self) -> bool:
        """Ended, and the person's answer is in."""
        return self.closed_at is not None

    def is_overdue(self, today: date) -> bool:
        """Something that the receiver owes, a first answer or a next word, is late."""
        from referrals.clocks import OVERDUE_AFTER, due_on

        if self.state in UNANSWERED and self.requested_at is not None:
            return today > due_on(self.requested_at, OVERDUE_AFTER)
        return self.next_due_on is not None and today > self.next_due_on
