"""Who has which role, where, and since when."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dcsn.access.roles import GIVEN_ROLES, ORGANISATION_ROLES, Role


class RoleAssignmentQuerySet(models.QuerySet["RoleAssignment"]):
    def current(self) -> RoleAssignmentQuerySet:
        return self.filter(ended_at=None)

    def for_account_page(self) -> RoleAssignmentQuerySet:
        """One account's roles, those in force first; loads who gave them."""
        return self.select_related("granted_by", "ended_by").order_by(
            models.F("ended_at").desc(nulls_first=True), "granted_at"
        )


class RoleAssignment(models.Model):
    """A user has a role, at one organisation or for the whole network. Ended, never deleted.

    The organisation is an opaque id: the directory lies above the kernel and may lose a row without
    asking who works there.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("user"),
        related_name="role_assignments",
        on_delete=models.CASCADE,
    )
    role = models.CharField(
        _("role"), max_length=40, choices=[(code, role.name) for code, role in GIVEN_ROLES.items()]
    )
    organisation_id = models.UUIDField(_("organisation"), null=True, blank=True)
    granted_at = models.DateTimeField(_("given"), default=timezone.now, editable=False)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("given by"),
        help_text=_("Empty when the portal's own command gave it."),
        related_name="+",
        null=True,
        on_delete=models.SET_NULL,
        editable=False,
    )
    ended_at = models.DateTimeField(_("ended"), null=True, editable=False)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("ended by"),
        related_name="+",
        null=True,
        on_delete=models.SET_NULL,
        editable=False,
    )

    objects = RoleAssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "organisation_id"],
                condition=models.Q(ended_at=None),
                nulls_distinct=False,
                name="access_roleassignment_once",
                violation_error_message=_("They have this role already."),
            ),
            models.CheckConstraint(
                condition=models.Q(
                    role__in=sorted(ORGANISATION_ROLES), organisation_id__isnull=False
                )
                | (
                    ~models.Q(role__in=sorted(ORGANISATION_ROLES))
                    & models.Q(organisation_id__isnull=True)
                ),
                name="access_roleassignment_organisation",
                violation_error_message=_(
                    "Choose the organisation for a role that belongs to one, and none for a role that "
                    "is for the whole network."
                ),
            ),
            models.CheckConstraint(
                condition=models.Q(ended_by=None) | models.Q(ended_at__isnull=False),
                name="access_roleassignment_ended_by_needs_ended_at",
            ),
        ]

    def __str__(self) -> str:
        return str(self.definition)

    def save(self, *arguments: Any, **options: Any) -> None:
        super().save(*arguments, **options)
        forget_assignments(self.user)

    @property
    def definition(self) -> Role:
        return GIVEN_ROLES[self.role]


def forget_assignments(user: Any) -> None:
    """Drop the roles remembered on this user object, so that the next ``can()`` reads them anew."""
    user._current_assignments = None
