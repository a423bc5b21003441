"""Who can coordinate a pathway of an access point."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet

from dcsn.access import Permission
from dcsn.access.models import RoleAssignment
from dcsn.access.roles import ORGANISATION_ROLES, ROLES
from dcsn.accounts.models import User

_CODES = {c for c, role in ROLES.items() if Permission.PATHWAY_COORDINATE in role.permissions}


def possible_coordinators(organisation_id: UUID) -> QuerySet[User]:
    """The network's coordinators and the lead of this access point, by name."""
    held = RoleAssignment.objects.current().filter(
        Q(role__in=_CODES - ORGANISATION_ROLES)
        | Q(role__in=_CODES & ORGANISATION_ROLES, organisation_id=organisation_id)
    )
    return User.objects.filter(is_active=True, pk__in=held.values("user_id")).order_by(
        "name", "email"
    )
