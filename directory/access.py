"""Who may change the directory. Reading what is publishable needs no permission at all.

A provider editor changes their own organisation's entries; a directory editor changes all, and alone
looks after topics, because everybody's search depends on them.
"""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from dcsn.access import Permission, can, register_scope, scope_of_permission
from dcsn.access.doors import Door, register_door
from directory.models import Location, Organisation, Picture, TaxonomyTerm

# An organisation's entry belongs to that organisation; topics belong to the network as a whole.
register_scope(Organisation, lambda organisation: organisation.id)
register_scope(TaxonomyTerm, lambda term: None)

register_door(
    Door(
        Permission.SERVICE_CHANGE,
        _("Keep the directory right"),
        _("The services you look after, those not checked for longest first"),
        "directory_desk:home",
        order=20,
    )
)
register_door(
    Door(
        Permission.REPORT_HANDLE,
        _("Reported mistakes"),
        _("What readers say is wrong in the directory, and your answers"),
        "directory:corrections",
        order=30,
    )
)


def may_see_picture(user: Any, picture: Picture) -> bool:
    """Anybody, once both the picture and its organisation are published; else who may change it."""
    if picture.published and picture.organisation.published:
        return True
    return can(user, Permission.ORGANISATION_CHANGE, picture)


def may_publish_picture(user: Any, picture: Picture) -> bool:
    """Only who edits the whole directory: an organisation's own upload is looked at by another."""
    return can(user, Permission.REPORT_HANDLE)


def may_change_place(user: Any, location: Location) -> bool:
    """Who may change every service that is given there: a hall that three clubs share is not one
    club's to move."""
    scope = scope_of_permission(user, Permission.SERVICE_CHANGE)
    if scope.network:
        return True
    others = location.service_at_locations.exclude(service__organisation_id__in=scope.organisations)
    return bool(scope) and not others.exists()


def organisations_of(user: Any, permission: Permission) -> QuerySet[Organisation]:
    """The organisations for which ``user`` may do this, in the order of lists."""
    scope = scope_of_permission(user, permission)
    found = Organisation.objects.order_by("sort_key", "id")
    return found if scope.network else found.filter(pk__in=scope.organisations)
