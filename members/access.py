"""Who may see and change people, in this app's own words.

A record belongs to the access point that made it. Staff there see it; staff of another access point
get 404, as for something that does not exist. A coordinator sees everybody's. An administrator sees
nobody's. Every look writes an audit event, in the view that shows it.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from dcsn.access import (
    Permission,
    can,
    get_permitted_or_404,
    register_scope,
    scope_of_permission,
)
from dcsn.access.doors import Door, register_door
from directory.models import Organisation
from members.models import PaperRequest, Person, SharingAgreement


def person_or_404(user: Any, permission: Permission, person_id: UUID) -> Person:
    """The person, if ``user`` may do this with them. Erased ones are found by nobody; the id of a
    merged one is answered with the record that it became."""
    from dcsn.privacy import current_id_of

    return get_permitted_or_404(
        user,
        permission,
        Person.objects.filter(erased_at=None).select_related("organisation"),
        id=current_id_of(person_id),
    )


def paper_request_or_404(user: Any, request_id: UUID) -> PaperRequest:
    return get_permitted_or_404(
        user,
        Permission.PAPER_QUEUE,
        PaperRequest.objects.select_related(
            "organisation", "person", "topic", "asked_by", "done_by"
        ),
        id=request_id,
    )


def access_points() -> Any:
    """The desks of the network, in the order of lists."""
    return Organisation.objects.filter(is_access_point=True).order_by("sort_key", "id")


def access_points_of(user: Any, permission: Permission) -> list[Organisation]:
    """The desks for which ``user`` may do this: all of them for a role of the whole network."""
    scope = scope_of_permission(user, permission)
    if scope.network:
        return list(access_points())
    return list(access_points().filter(id__in=scope.organisations))


def posting_desk() -> Organisation | None:
    """The one access point that posts what residents ask for on the website.

    One, so that a stranger's name and address are seen at one desk and not at all of them:
    ``DCSN_PAPER_DESK`` (the short id at the end of its address), else the first in the list.
    """
    points = access_points()
    if settings.PAPER_DESK:
        return points.filter(short_id=settings.PAPER_DESK).first()
    return points.first()


def may_remember(user: Any) -> bool:
    """Only staff, who can ask and hear the answer, may keep somebody for the next time."""
    return can(user, Permission.PERSON_ADD) and can(user, Permission.CONSENT_RECORD)


# Agreements name no person and are the network's own: a hub lead must see with whom data may be shared.
register_scope(SharingAgreement, lambda agreement: None)

register_door(
    Door(
        Permission.HOLD_PLACE,
        _("Legal holds"),
        _("About whom nothing may be deleted for now, and when that is looked at again."),
        "members:holds",
        order=83,
    )
)
register_door(
    Door(
        Permission.AGREEMENT_VIEW,
        _("Sharing agreements"),
        _("With which organisations people's details may be shared, and what is to be reviewed."),
        "members:agreements",
        order=80,
    )
)
register_door(
    Door(
        Permission.PAPER_QUEUE,
        _("To be posted"),
        _("Sheets that people asked to have by post: print them, post them, tick them off."),
        "members:paper_queue",
        order=10,
    )
)
