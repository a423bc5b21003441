"""Never just "no": what somebody was shown instead, and what happens next for who waits."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dcsn.access import Permission, scope_of_permission
from directory.models import Organisation
from volunteers.models.opportunity import Opportunity
from volunteers.models.volunteer import Volunteer


class Redirection(models.Model):
    """A suggestion to a volunteer who was redirected: a role, an organisation, or both.

    The database refuses a volunteer in the state *redirected* without one.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    volunteer = models.ForeignKey(Volunteer, on_delete=models.CASCADE, related_name="redirections")
    opportunity = models.ForeignKey(
        Opportunity, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    note = models.CharField(_("why this might suit you"), max_length=300, blank=True)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # They applied for it.
    taken_up_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("suggestion of another role")
        verbose_name_plural = _("suggestions of other roles")
        ordering = ["volunteer", "-at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(opportunity__isnull=False) | Q(organisation__isnull=False),
                name="volunteers_redirection_to_something",
                violation_error_message=_("Suggest at least one role or organisation."),
            )
        ]

    def __str__(self) -> str:
        return f"redirection {self.id}"


class NextStepQuerySet(models.QuerySet["NextStep"]):
    def open(self) -> NextStepQuerySet:
        return self.filter(done_at=None)

    def visible_to(self, user: Any) -> NextStepQuerySet:
        """Of volunteers whom ``user`` looks after."""
        if not scope_of_permission(user, Permission.VOLUNTEER_VIEW):
            return self.none()
        return self.filter(volunteer__in=Volunteer.objects.visible_to(user))


class NextStep(models.Model):
    """What happens next for a volunteer who has no place yet, and by when. One is open at a time."""

    class What(models.TextChoices):
        WELCOME = "welcome", _("Get in touch and say what happens next")
        CHECKS = "checks", _("See how the checks are going")
        INDUCTION = "induction", _("Arrange the induction")
        FIRST_TASK = "first-task", _("Find a first task")
        FOLLOW_UP = "follow-up", _("Ask whether the other role suits")
        COME_BACK = "come-back", _("Ask whether the break is over")
        OTHER = "other", _("Something else")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    volunteer = models.ForeignKey(Volunteer, on_delete=models.CASCADE, related_name="next_steps")
    what = models.CharField(max_length=10, choices=What.choices)
    note = models.CharField(_("note"), max_length=300, blank=True)
    due_on = models.DateField(_("by"))
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = NextStepQuerySet.as_manager()

    class Meta:
        verbose_name = _("next step")
        verbose_name_plural = _("next steps")
        ordering = ["due_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["volunteer"], condition=Q(done_at=None), name="volunteers_one_next_step"
            )
        ]
        indexes = [
            models.Index(
                fields=["due_on"], name="volunteers_next_step_due", condition=Q(done_at=None)
            )
        ]

    def __str__(self) -> str:
        return f"{self.what} by {self.due_on}"
