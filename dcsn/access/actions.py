"""Giving and ending roles."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dcsn.access.events import ROLE_ENDED, ROLE_GRANTED
from dcsn.access.models import RoleAssignment, forget_assignments
from dcsn.access.roles import ADMINISTRATOR, GIVEN_ROLES
from dcsn.audit import Actor, SystemJob, record

if TYPE_CHECKING:
    from dcsn.accounts.models import User


class RoleRefusedError(Exception):
    """A role that cannot be given or ended so; the message says why, in words for the page."""


class LastAdministratorError(RoleRefusedError):
    """Nobody would be left who can give roles."""


def grant_role(
    *, user: User, role: str, organisation_id: UUID | None = None, by: Actor
) -> RoleAssignment:
    """Give a user a role; one they have already is left as it is.

    :raises RoleRefusedError: for an unknown role, an organisation missing or too many, or a role for
        the giver themselves.
    """
    definition = GIVEN_ROLES.get(role)
    if definition is None:
        raise RoleRefusedError(f"No role is called {role!r}.")
    if definition.at_organisation != (organisation_id is not None):
        raise RoleRefusedError(
            f"{definition.code} is held at an organisation."
            if definition.at_organisation
            else f"{definition.code} is held for the whole network, not at an organisation."
        )
    if not isinstance(by, SystemJob) and by.pk == user.pk:
        # Four eyes: an administrator sees nobody's case, and must not make themselves somebody who does.
        raise RoleRefusedError(_("Nobody gives a role to themselves: ask another administrator."))
    with transaction.atomic():
        get_user_model().objects.select_for_update().get(pk=user.pk)
        assignment = RoleAssignment.objects.current().filter(
            user=user, role=role, organisation_id=organisation_id
        )
        found = assignment.first()
        if found:
            return found
        given = RoleAssignment.objects.create(
            user=user,
            role=role,
            organisation_id=organisation_id,
            granted_by=None if isinstance(by, SystemJob) else by,
        )
        record(
            ROLE_GRANTED,
            by=by,
            subject=user.pk,
            organisation=organisation_id,
            details={"role": role, "assignment": given.pk},
        )
    forget_assignments(user)
    return given


def end_role(*, assignment: RoleAssignment, by: Actor) -> RoleAssignment:
    """End a role; ending one that has ended already changes nothing.

    :raises LastAdministratorError: when nobody active would be left to give roles.
    """
    with transaction.atomic():
        locked = RoleAssignment.objects.select_for_update(of=("self",)).get(pk=assignment.pk)
        if locked.ended_at is not None:
            return locked
        if locked.role == ADMINISTRATOR.code:
            refuse_losing_last_administrator(without=locked.user_id)
        locked.ended_at = timezone.now()
        locked.ended_by = None if isinstance(by, SystemJob) else by
        locked.save(update_fields=["ended_at", "ended_by"])
        record(
            ROLE_ENDED,
            by=by,
            subject=locked.user_id,
            organisation=locked.organisation_id,
            details={"role": locked.role, "assignment": locked.pk},
        )
    forget_assignments(assignment.user)
    return locked


def refuse_losing_last_administrator(*, without: UUID) -> None:
    """Inside a transaction: raise when no other active administrator would be left.

    All administrators' rows are locked, so that two of them cannot end each other at the same moment.
    """
    others = list(
        RoleAssignment.objects.current()
        .select_for_update(of=("self",))
        .filter(role=ADMINISTRATOR.code, user__is_active=True)
        .order_by("pk")
        .values_list("user_id", flat=True)
    )
    if not any(user_id != without for user_id in others):
        raise LastAdministratorError("At least one active administrator must remain.")
