"""How a volunteer, and a request for help, came to where they are: rows that are only added."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dcsn.access import Permission, scope_of_permission
from dcsn.audit.append_only import AppendOnly, AppendOnlyQuerySet
from volunteers.models.help_request import HelpRequest
from volunteers.models.volunteer import Volunteer
from volunteers.states import (
    HelpReason,
    HelpState,
    Party,
    VolunteerReason,
    VolunteerState,
)

_PARTIES = [(p.value, p.value) for p in Party]


class StepQuerySet(AppendOnlyQuerySet[Any]):
    def forget_words(self) -> int:
        """Blank what was written and by whom: all that the database lets change."""
        return self.blank(reason_text="", by_user=None)


class Step(AppendOnly):
    """One step: from where to where, when, on whose word, and why."""

    instead = "Take the next step; forget_words() is for an erasure."

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # 0 for how it began, then 1, 2, …: two steps in one second keep their order.
    number = models.PositiveSmallIntegerField(editable=False)
    at = models.DateTimeField(default=timezone.now, editable=False)
    party = models.CharField(max_length=9, choices=_PARTIES, editable=False)
    by_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    reason_text = models.TextField(blank=True)

    objects = StepQuerySet.as_manager()

    class Meta:
        abstract = True


class VolunteerChange(Step):
    """One step of a volunteer. Why somebody is not suitable is read only by those who handle checks:
    show ``reason_code`` and ``reason_text`` through :meth:`why_for`."""

    volunteer = models.ForeignKey(Volunteer, on_delete=models.PROTECT, related_name="changes")
    from_state = models.CharField(
        max_length=12, choices=VolunteerState.choices, blank=True, editable=False
    )
    to_state = models.CharField(max_length=12, choices=VolunteerState.choices, editable=False)
    reason_code = models.CharField(max_length=15, choices=VolunteerReason.choices, blank=True)

    class Meta:
        verbose_name = _("step of a volunteer")
        verbose_name_plural = _("steps of volunteers")
        ordering = ["volunteer", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["volunteer", "number"], name="volunteers_change_numbered_once"
            ),
            models.CheckConstraint(
                condition=Q(number=0, from_state="") | Q(number__gt=0) & ~Q(from_state=""),
                name="volunteers_change_begins_somewhere",
            ),
            models.CheckConstraint(
                condition=~Q(to_state="not-suitable") & ~Q(from_state="not-suitable")
                | ~Q(reason_code=""),
                name="volunteers_change_says_why",
                violation_error_message=_("Say why."),
            ),
        ]

    def __str__(self) -> str:
        return f"step {self.number} of {self.volunteer_id}"

    @property
    def is_restricted(self) -> bool:
        return VolunteerState.NOT_SUITABLE in (self.from_state, self.to_state)

    def why_for(self, user: Any) -> tuple[str, str]:
        """The reason in words and what was written, as far as ``user`` may read it."""
        if self.is_restricted and not scope_of_permission(user, Permission.VOLUNTEER_CHECK):
            return "", ""
        return str(self.get_reason_code_display()), self.reason_text


class HelpChange(Step):
    """One step of a request for help."""

    help_request = models.ForeignKey(HelpRequest, on_delete=models.PROTECT, related_name="changes")
    from_state = models.CharField(
        max_length=27, choices=HelpState.choices, blank=True, editable=False
    )
    to_state = models.CharField(max_length=27, choices=HelpState.choices, editable=False)
    reason_code = models.CharField(max_length=16, choices=HelpReason.choices, blank=True)

    class Meta:
        verbose_name = _("step of a request for help")
        verbose_name_plural = _("steps of requests for help")
        ordering = ["help_request", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["help_request", "number"], name="volunteers_helpchange_numbered_once"
            ),
            models.CheckConstraint(
                condition=Q(number=0, from_state="", to_state="asked")
                | Q(number__gt=0) & ~Q(from_state=""),
                name="volunteers_helpchange_begins_with_the_asking",
            ),
            models.CheckConstraint(
                condition=~Q(to_state__in=["cancelled", "unfilled", "not-suitable-for-volunteers"])
                | ~Q(reason_code=""),
                name="volunteers_helpchange_says_why",
                violation_error_message=_("Say why."),
            ),
        ]

    def __str__(self) -> str:
        return f"step {self.number} of {self.help_request_id}"
