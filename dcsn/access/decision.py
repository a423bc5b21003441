"""``can()``: the one place where "may this user do this?" is answered.

A user's current roles are read once and remembered on the user object, so that asking in a loop costs one
query in all. ``is_superuser`` is not looked at anywhere.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404
from django.shortcuts import get_object_or_404

from dcsn.access.permissions import Permission

if TYPE_CHECKING:
    from dcsn.access.models import RoleAssignment

ModelT = TypeVar("ModelT", bound=models.Model)
# The organisation that an object belongs to; None: to the network as a whole.
ScopeOf = Callable[[Any], UUID | None]
_scopes: dict[type[models.Model], ScopeOf] = {}


class Refusal(Enum):
    """Why not: the difference that a page shows."""

    OUTSIDE = 404  # another organisation's: not even that it exists
    NOT_ALLOWED = 403  # inside, but this is not theirs to do


@dataclass(frozen=True)
class Scope:
    """Where a user holds a permission: everywhere, or at some organisations.

    For QuerySets: ``visible_to(user)`` filters with it instead of asking ``can()`` row by row.
    """

    network: bool
    organisations: frozenset[UUID]

    def __bool__(self) -> bool:
        return self.network or bool(self.organisations)


def register_scope(model: type[models.Model], scope_of: ScopeOf) -> None:
    """Say which organisation a model's rows belong to, where it is not its ``organisation_id``."""
    _scopes[model] = scope_of


def organisation_of(obj: models.Model) -> UUID | None:
    """The organisation an object belongs to; None for one of the network's own.

    :raises TypeError: for a model that has no ``organisation_id`` and registered no scope: guessing
        would open it to everybody who holds the permission anywhere.
    """
    for model in type(obj).__mro__:
        if model in _scopes:
            return _scopes[model](obj)
    if hasattr(obj, "organisation_id"):
        return obj.organisation_id
    raise TypeError(
        f"can() does not know whose {type(obj).__name__} is: call "
        f"dcsn.access.register_scope({type(obj).__name__}, …) in its app's access.py."
    )


def current_assignments(user: Any) -> list[RoleAssignment]:
    """The roles a user has now: one query for each user object, none for an anonymous visitor."""
    if not user.is_authenticated or not user.is_active:
        return []
    # By attribute, so that request.user, which wraps the user, and the user itself share what is known.
    found: list[RoleAssignment] | None = getattr(user, "_current_assignments", None)
    if found is None:
        found = list(user.role_assignments.current().order_by("granted_at"))
        user._current_assignments = found
    return found


def is_staff(user: Any) -> bool:
    """Whether the user has a role for which a second factor is required."""
    return any(assignment.definition.staff for assignment in current_assignments(user))


def scope_of_permission(user: Any, permission: Permission) -> Scope:
    """Where the user holds the permission."""
    holding = [a for a in current_assignments(user) if permission in a.definition.permissions]
    return Scope(
        network=any(not a.definition.at_organisation for a in holding),
        organisations=frozenset(a.organisation_id for a in holding if a.organisation_id),
    )


def refusal(user: Any, permission: Permission, obj: models.Model | None = None) -> Refusal | None:
    """None when the user may; else why not."""
    scope = scope_of_permission(user, permission)
    if obj is None:
        return None if scope else Refusal.NOT_ALLOWED
    organisation = organisation_of(obj)
    if organisation is None:
        return None if scope else Refusal.NOT_ALLOWED
    if scope.network or organisation in scope.organisations:
        return None
    inside = any(
        not a.definition.at_organisation or a.organisation_id == organisation
        for a in current_assignments(user)
        if a.definition.staff
    )
    return Refusal.NOT_ALLOWED if inside else Refusal.OUTSIDE


def can(user: Any, permission: Permission, obj: models.Model | None = None) -> bool:
    """Whether the user may do this: at all, or to this object.

    No query for an object; one for the user's roles, the first time that this user object is asked about.
    """
    return refusal(user, permission, obj) is None


def check(user: Any, permission: Permission, obj: models.Model | None = None) -> None:
    """Return if the user may; else raise what the page should show.

    :raises Http404: for an object of an organisation the user has nothing to do with.
    :raises PermissionDenied: when it is within their sight but not theirs to do.
    """
    match refusal(user, permission, obj):
        case Refusal.OUTSIDE:
            raise Http404
        case Refusal.NOT_ALLOWED:
            raise PermissionDenied


def get_permitted_or_404(
    user: Any, permission: Permission, rows: models.QuerySet[ModelT], **lookup: Any
) -> ModelT:
    """Find one row and check in the same call, so that nobody holds what they may not touch."""
    obj = get_object_or_404(rows, **lookup)
    check(user, permission, obj)
    return obj
