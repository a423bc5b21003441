"""What must be known about somebody for safety: theirs, a child's, or that of whoever visits."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dcsn.access import Permission, can
from dcsn.privacy import all_ids_of
from members.models.opening import Opening

if TYPE_CHECKING:
    from members.models.person import Person


class SafetyFlagQuerySet(models.QuerySet["SafetyFlag"]):
    def in_force(self, day: date | None = None) -> SafetyFlagQuerySet:
        """Neither taken off nor past its last day."""
        return self.filter(ended_at=None, expires_on__gte=day or timezone.localdate())

    def shown_to(
        self, user: Any, person: Person, ids: Iterable[uuid.UUID] | None = None
    ) -> SafetyFlagQuerySet:
        """Those about this person that ``user`` may know of.

        How to keep oneself and them safe on contact: whoever contacts people. That a child or an
        adult is at risk: those few who act on it.
        ``ids`` are the person's, where they are known already.
        """
        ids = list(ids or all_ids_of(person.pk))
        of_theirs = self.filter(person_id__in=ids)
        if can(user, Permission.SAFETY_FLAG_VIEW_ALL, person):
            return of_theirs
        if can(user, Permission.SAFETY_FLAG_VIEW, person) or (
            # Whoever opened another access point's record with a reason is about to contact them.
            can(user, Permission.SAFETY_FLAG_VIEW)
            and Opening.objects.now().filter(user=user, person_id__in=ids).exists()
        ):
            return of_theirs.filter(kind__in=SafetyFlag.ON_CONTACT)
        return self.none()


class SafetyFlag(models.Model):
    """One warning. It has a last day and a day to look at it again: none stays for ever by neglect.

    Never printed, never in a message, never in the copy that a person is given: it could tip somebody
    off (Data Protection Act 2018, Schedule 2).
    """

    class Kind(models.TextChoices):
        DOMESTIC_ABUSE = "abuse", _("Domestic abuse: contact them only in the safe way")
        STAFF_SAFETY = "staff", _("Safety of staff and volunteers")
        ADULT_AT_RISK = "adult", _("An adult at risk")
        CHILD_AT_RISK = "child", _("A child at risk")

    ON_CONTACT = (Kind.DOMESTIC_ABUSE, Kind.STAFF_SAFETY)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey("members.Person", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(_("what kind"), max_length=6, choices=Kind.choices)
    what_to_do = models.CharField(
        _("what to do, and what not to do"),
        max_length=500,
        help_text=_(
            "What somebody needs to know who is about to ring or visit. No history, no opinion."
        ),
    )
    review_on = models.DateField(_("look at it again on"))
    expires_on = models.DateField(_("last day"))
    set_at = models.DateTimeField(default=timezone.now, editable=False)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    reviewed_at = models.DateTimeField(null=True, blank=True, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)
    why_ended = models.CharField(_("why it is taken off"), max_length=300, blank=True)

    objects = SafetyFlagQuerySet.as_manager()

    class Meta:
        verbose_name = _("safety flag")
        verbose_name_plural = _("safety flags")
        ordering = ["-set_at", "id"]
        indexes = [models.Index(fields=["person", "expires_on"], name="members_flag_person")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(what_to_do=""), name="members_flag_says_what_to_do"
            ),
            models.CheckConstraint(
                condition=Q(review_on__lte=F("expires_on")),
                name="members_flag_review_before_end",
                violation_error_message=_("It must be looked at again before its last day."),
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, why_ended="")
                | (Q(ended_at__isnull=False) & ~Q(why_ended="")),
                name="members_flag_ended_with_a_reason",
                violation_error_message=_("Say why it is taken off."),
            ),
        ]

    def __str__(self) -> str:
        return f"safety flag {self.id}"
