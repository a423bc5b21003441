"""The kernel's own question before it exports, erases or merges: a last door behind the views'."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied

from dcsn.access import Permission, can
from dcsn.audit import Actor, SystemJob


def require(by: Actor, permission: Permission) -> None:
    """Raise ``PermissionDenied`` unless ``by`` is a system job or holds the permission somewhere."""
    if not isinstance(by, SystemJob) and not can(by, permission):
        raise PermissionDenied
