"""A worry that somebody is being harmed or neglected, and what the named few did about it.

Nobody else learns that there is one: not the person's copy, not the timeline, not another list's count.
"""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dcsn.access import Permission, scope_of_permission
from dcsn.audit.append_only import AppendOnly, AppendOnlyQuerySet
from directory.models import Organisation
from referrals.references import concern_reference
from referrals.working_days import add_working_days

WHAT_AT_MOST = 4000
DECISION_AT_MOST = 2000
# Looked at within one working day; after that the safeguarding leads of the other access points may too.
LOOK_WITHIN = 1


def look_by_default() -> date:
    return add_working_days(timezone.localdate(), LOOK_WITHIN)


class ConcernQuerySet(models.QuerySet["Concern"]):
    def visible_to(self, user: Any) -> ConcernQuerySet:
        """For the safeguarding leads of the access point; for all of the network's when it was passed on
        to them because nobody looked in time, or the access point has none."""
        scope = scope_of_permission(user, Permission.SAFEGUARDING_HANDLE)
        if not scope:
            return self.none()
        return self.filter(
            Q(organisation_id__in=scope.organisations) | Q(escalated_at__isnull=False)
        )

    def open(self) -> ConcernQuerySet:
        return self.filter(state__in=[Concern.State.RAISED, Concern.State.TRIAGED])

    def waiting_too_long(self, today: date) -> ConcernQuerySet:
        """Nobody has looked, the time for it is over, and nobody else was told yet."""
        return self.filter(state=Concern.State.RAISED, look_by__lt=today, escalated_at=None)

    def for_queue(self) -> ConcernQuerySet:
        """Danger first, then the oldest. Those that are settled come last, the latest first."""
        return self.select_related("organisation", "person").order_by(
            models.F("settled_at").desc(nulls_first=True), "-danger", "look_by", "raised_at", "id"
        )


class Concern(models.Model):
    """One concern (Care Act 2014, section 42: an adult with care and support needs; or a child).

    ``who`` is for somebody who is not on record; at an erasure it takes what is needed to find the
    person of the record, which is emptied: a request to be forgotten does not end a safeguarding matter
    (Data Protection Act 2018, Schedule 1, paragraph 18).
    """

    class State(models.TextChoices):
        RAISED = "raised", _("raised")
        TRIAGED = "triaged", _("looked at")
        PASSED_TO_COUNCIL = "passed-to-council", _("passed to the council")
        MANAGED_AT_HUB = "managed-at-hub", _("dealt with at the access point")
        NO_FURTHER_ACTION = "no-further-action", _("no further action")

    class AtRisk(models.TextChoices):
        THEM = "them", _("The person")
        ADULT = "adult", _("Another adult")
        CHILD = "child", _("A child")

    class Knows(models.TextChoices):
        """Making Safeguarding Personal: whether they were asked what they want."""

        YES = "yes", _("Yes, I told them")
        NO = "no", _("No: it would not be safe, or I could not")

    WAYS: dict[str, tuple[str, ...]] = {
        State.RAISED: (State.TRIAGED,),
        State.TRIAGED: (
            State.PASSED_TO_COUNCIL,
            State.MANAGED_AT_HUB,
            State.NO_FURTHER_ACTION,
        ),
        State.PASSED_TO_COUNCIL: (),
        State.MANAGED_AT_HUB: (),
        State.NO_FURTHER_ACTION: (),
    }
    SETTLED = (State.PASSED_TO_COUNCIL, State.MANAGED_AT_HUB, State.NO_FURTHER_ACTION)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # Made with the form and sent back with it: the same form sent twice is one concern.
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(
        max_length=11, unique=True, default=concern_reference, editable=False
    )
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("access point"),
    )
    person = models.ForeignKey(
        "members.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # Where it was raised from. Forgetting an enquiry neither fails nor changes because of a concern.
    enquiry = models.ForeignKey(
        "referrals.Enquiry", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    referral = models.ForeignKey(
        "referrals.Referral", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        editable=False,
    )
    raised_at = models.DateTimeField(default=timezone.now, editable=False)
    at_risk = models.CharField(_("who is at risk"), max_length=5, choices=AtRisk.choices)
    who = models.TextField(_("who it is"), blank=True)
    what = models.TextField(_("what you saw or heard"), blank=True)
    danger = models.BooleanField(_("somebody is in danger now"), default=False)
    knows = models.CharField(
        _("whether the person knows that you tell us"), max_length=3, choices=Knows.choices
    )
    wishes = models.TextField(_("what the person wants to happen"), blank=True)

    state = models.CharField(max_length=17, choices=State.choices, default=State.RAISED)
    look_by = models.DateField(default=look_by_default, editable=False)
    escalated_at = models.DateTimeField(null=True, blank=True, editable=False)
    settled_at = models.DateTimeField(null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    anonymised_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = ConcernQuerySet.as_manager()

    class Meta:
        verbose_name = _("safeguarding concern")
        verbose_name_plural = _("safeguarding concerns")
        ordering = ["-raised_at", "id"]
        indexes = [
            models.Index(fields=["organisation", "state"], name="referrals_concern_hub"),
            models.Index(fields=["raised_by", "-raised_at"], name="referrals_concern_raiser"),
            models.Index(
                fields=["look_by"],
                name="referrals_concern_waiting",
                condition=Q(state="raised", escalated_at=None),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    state__in=["passed-to-council", "managed-at-hub", "no-further-action"],
                    settled_at__isnull=False,
                )
                | Q(state__in=["raised", "triaged"], settled_at=None),
                name="referrals_concern_settled_when_final",
            ),
            models.CheckConstraint(
                condition=~Q(what="") | Q(anonymised_at__isnull=False),
                name="referrals_concern_says_what",
                violation_error_message=_("Write down what you saw or heard."),
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=False) | ~Q(who="") | Q(anonymised_at__isnull=False),
                name="referrals_concern_says_who",
                violation_error_message=_("Say who it is about."),
            ),
            models.CheckConstraint(
                condition=Q(anonymised_at=None)
                | Q(person=None, who="", what="", wishes="", settled_at__isnull=False),
                name="referrals_concern_anonymised_is_empty",
            ),
            models.CheckConstraint(
                condition=Q(LessThanOrEqual(Length("what"), WHAT_AT_MOST)),
                name="referrals_concern_what_fits",
                violation_error_message=_("Please use 4,000 characters or fewer."),
            ),
        ]

    def __str__(self) -> str:
        return f"concern {self.id}"

    def get_absolute_url(self) -> str:
        return reverse("referrals:concern", args=[self.id])

    @property
    def is_settled(self) -> bool:
        return self.state in self.SETTLED

    def is_late(self, today: date) -> bool:
        """Nobody has looked, and the time for it is over."""
        return self.state == self.State.RAISED and today > self.look_by


class ConcernChangeQuerySet(AppendOnlyQuerySet["ConcernChange"]):
    def forget_words(self) -> int:
        """Blank what was written and by whom: all that the database lets change."""
        return self.blank(decision="", by=None)


class ConcernChange(AppendOnly):
    """One step: who decided what, and why."""

    instead = "Take the next step; forget_words() is for an erasure."

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    concern = models.ForeignKey(Concern, on_delete=models.PROTECT, related_name="changes")
    number = models.PositiveSmallIntegerField(editable=False)
    from_state = models.CharField(
        max_length=17, choices=Concern.State.choices, blank=True, editable=False
    )
    to_state = models.CharField(max_length=17, choices=Concern.State.choices, editable=False)
    at = models.DateTimeField(default=timezone.now, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        editable=False,
    )
    # For the council: to whom; for every other step: what was found and decided.
    decision = models.TextField(blank=True)

    objects = ConcernChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("step of a safeguarding concern")
        verbose_name_plural = _("steps of safeguarding concerns")
        ordering = ["concern", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["concern", "number"], name="referrals_concern_change_numbered_once"
            ),
            models.CheckConstraint(
                condition=Q(number=0, from_state="", to_state="raised")
                | Q(number__gt=0) & ~Q(from_state=""),
                name="referrals_concern_change_begins_raised",
            ),
        ]

    def __str__(self) -> str:
        return f"step {self.number} of {self.concern_id}"
