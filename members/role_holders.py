"""Who holds a role now: whom to write to when something waits for them."""

from __future__ import annotations

from uuid import UUID

from dcsn.access.models import RoleAssignment
from dcsn.accounts.models import User


def holders(role: str, organisation_id: UUID | None = None) -> list[User]:
    """Everybody who has the role today and can sign in; with an organisation, those who have it there."""
    found = RoleAssignment.objects.current().filter(role=role, user__is_active=True)
    if organisation_id is not None:
        found = found.filter(organisation_id=organisation_id)
    users = {row.user_id: row.user for row in found.select_related("user").order_by("user__email")}
    return list(users.values())


def protection_leads() -> list[User]:
    """Who answers for data protection; where nobody is named yet, the administrators."""
    return holders("data_protection_lead") or holders("administrator")
