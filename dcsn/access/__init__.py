"""Who may: permissions, roles, ``can()`` and the decorators that views wear. See README.md."""

from dcsn.access.decision import (
    Refusal,
    Scope,
    can,
    check,
    get_permitted_or_404,
    register_scope,
    scope_of_permission,
)
from dcsn.access.decorators import RequiresPermission, public, requires, signed_in
from dcsn.access.permissions import Permission
from dcsn.access.roles import ROLES, Role

__all__ = [
    "ROLES",
    "Permission",
    "Refusal",
    "RequiresPermission",
    "Role",
    "Scope",
    "can",
    "check",
    "get_permitted_or_404",
    "public",
    "register_scope",
    "requires",
    "scope_of_permission",
    "signed_in",
]
