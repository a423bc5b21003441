"""How a referral came to where it is: rows that are only added."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dcsn.audit.append_only import AppendOnly, AppendOnlyQuerySet
from directory.models import Organisation
from referrals.models.referral import Referral
from referrals.states import Party, Reason, State, Via


class StateChangeQuerySet(AppendOnlyQuerySet["StateChange"]):
    def forget_words(self) -> int:
        """Blank what was written and by whom: all that the database lets change."""
        return self.blank(reason_text="", by_name="", by_user=None, recorded_by=None)


class StateChange(AppendOnly):
    """One step. Who said so, how it reached us, who wrote it down, and why."""

    instead = "Take the next step; forget_words() is for an erasure."

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="changes")
    # 0 for the draft, then 1, 2, …: two steps in one second keep their order.
    number = models.PositiveSmallIntegerField(editable=False)
    from_state = models.CharField(max_length=16, choices=State.choices, blank=True, editable=False)
    to_state = models.CharField(max_length=16, choices=State.choices, editable=False)
    at = models.DateTimeField(default=timezone.now, editable=False)
    party = models.CharField(
        max_length=9, choices=[(p.value, p.value) for p in Party], editable=False
    )
    by_organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # Signed in; empty for a link, a slip, a phone call and the portal itself.
    by_user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    # As somebody gave their name on the phone, the slip or the linked page.
    by_name = models.CharField(max_length=100, blank=True, editable=False)
    via = models.CharField(max_length=9, choices=Via.choices, editable=False)
    # The hub's staff who took it down, when the receiver rang or sent the slip.
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    reason_code = models.CharField(max_length=18, choices=Reason.choices, blank=True)
    reason_text = models.TextField(blank=True)
    expected_on = models.DateField(null=True, blank=True)

    objects = StateChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("step of a referral")
        verbose_name_plural = _("steps of referrals")
        ordering = ["referral", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["referral", "number"], name="referrals_change_numbered_once"
            ),
            models.CheckConstraint(
                condition=Q(number=0, from_state="", to_state="draft")
                | Q(number__gt=0) & ~Q(from_state=""),
                name="referrals_change_begins_with_the_draft",
            ),
            models.CheckConstraint(
                condition=~Q(to_state__in=["rejected", "cancelled", "on-hold", "failed"])
                | ~Q(reason_code=""),
                name="referrals_change_says_why",
                violation_error_message=_("Say why."),
            ),
        ]

    def __str__(self) -> str:
        return f"step {self.number} of {self.referral_id}"
