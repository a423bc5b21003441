"""Who may see and change people, in this app's own words.

A record belongs to the access point that made it. Staff there see it, and so does the person's named
contact. Staff of another access point get 404, as for something that does not exist; where both are
under a data-sharing agreement they may open it by giving a reason, for the rest of the day and to look
only. Roles of the whole network (coordinator, membership officer) find everybody and give a reason as
well, unless they are the named contact. An administrator sees nobody's. Every look writes an audit
event, in the view that shows it.
"""

from __future__ import annotations

from enum import Enum
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from dcsn.access import (
    Permission,
    can,
    check,
    get_permitted_or_404,
    register_scope,
    scope_of_permission,
)
from dcsn.access.doors import Door, register_door
from dcsn.access.models import RoleAssignment
from dcsn.access.roles import ORGANISATION_ROLES, ROLES
from dcsn.accounts.models import User
from dcsn.privacy import all_ids_of, current_id_of
from directory.models import Organisation
from members.finding.search import may_be_opened_from
from members.models import Concession, Opening, PaperRequest, Person, SharingAgreement


class ReasonNeeded(Exception):
    """The record may be opened, once a reason is given; ``members.middleware`` asks for it."""

    def __init__(self, person: Person) -> None:
        super().__init__(str(person))
        self.person = person


class Standing(Enum):
    """What somebody has to do with a person's record."""

    NEAR = "near"  # their access point's, or they are the named contact
    NETWORK = "network"  # by a role of the whole network: with a reason
    AGREED = "agreed"  # an access point under agreement: with a reason, to look only
    NONE = "none"


def standing_of(
    user: Any, person: Person, permission: Permission = Permission.PERSON_VIEW
) -> Standing:
    """How ``user`` stands to this person as far as ``permission`` goes. One query at most."""
    scope = scope_of_permission(user, permission)
    if person.organisation_id in scope.organisations:
        return Standing.NEAR
    if scope and person.coordinator_id == user.pk:
        return Standing.NEAR
    if scope.network:
        return Standing.NETWORK
    opening = scope_of_permission(user, Permission.PERSON_OPEN_ELSEWHERE)
    if (
        permission is Permission.PERSON_VIEW
        and opening.organisations
        and may_be_opened_from(person, opening.organisations)
    ):
        return Standing.AGREED
    return Standing.NONE


def opening_of(user: Any, person: Person) -> Opening | None:
    """The opening that holds for this user now."""
    return (
        Opening.objects.now()
        .filter(user=user, person__in=all_ids_of(person.pk))
        .order_by("-until")
        .first()
    )


def organisation_opened_from(user: Any) -> Organisation | None:
    """The access point in whose name they look; none for a role of the whole network."""
    scope = scope_of_permission(user, Permission.PERSON_OPEN_ELSEWHERE)
    if scope.network:
        return None
    return (
        Organisation.objects.filter(id__in=scope.organisations).order_by("sort_key", "id").first()
    )


def person_or_404(user: Any, permission: Permission, person_id: UUID) -> Person:
    """The person, if ``user`` may do this with them. Erased ones are found by nobody; the id of a
    merged one is answered with the record that it became.

    :raises ReasonNeeded: where a reason opens the record and none has been given today; no view
        need catch it: the visitor is asked and comes back.
    """
    person = get_object_or_404(
        Person.objects.filter(erased_at=None).select_related("organisation", "coordinator"),
        id=current_id_of(person_id),
    )
    match standing_of(user, person, permission):
        case Standing.NEAR:
            return person
        case Standing.NETWORK | Standing.AGREED:
            if opening_of(user, person) is None:
                raise ReasonNeeded(person)
            return person
        case Standing.NONE:
            check(user, permission, person)
            raise Http404


def person_to_open_or_404(user: Any, person_id: UUID) -> tuple[Person, Standing]:
    """Somebody whose record ``user`` may open by giving a reason, or sees anyhow."""
    person = get_object_or_404(
        Person.objects.filter(erased_at=None).select_related("organisation"),
        id=current_id_of(person_id),
    )
    standing = standing_of(user, person)
    if standing is Standing.NONE:
        raise Http404
    return person, standing


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


def possible_contacts(person: Person) -> QuerySet[User]:
    """Who can be a person's named contact: whoever works at their access point with people, and the
    network's coordinators."""
    current = RoleAssignment.objects.current()
    seeing = {code for code, role in ROLES.items() if Permission.PERSON_CHANGE in role.permissions}
    there = current.filter(
        Q(role__in=seeing - ORGANISATION_ROLES)
        | Q(role__in=seeing & ORGANISATION_ROLES, organisation_id=person.organisation_id)
    ).exclude(role="membership_officer")
    return User.objects.filter(is_active=True, pk__in=there.values("user_id")).order_by(
        "name", "email"
    )


def may_remember(user: Any) -> bool:
    """Only staff, who can ask and hear the answer, may keep somebody for the next time."""
    return can(user, Permission.PERSON_ADD) and can(user, Permission.CONSENT_RECORD)


# Agreements name no person and are the network's own: a hub lead must see with whom data may be shared.
register_scope(SharingAgreement, lambda agreement: None)
register_scope(Concession, lambda concession: concession.membership.organisation_id)

register_door(
    Door(
        Permission.PERSON_EXPORT,
        _("Copies of what is known about people"),
        _("Who asked for one, by when it must be given, and what is to be read through."),
        "members:copies",
        order=82,
    )
)
register_door(
    Door(
        Permission.COMPLAINT_HANDLE,
        _("Complaints about personal data"),
        _("Acknowledge them within 30 days, and answer them."),
        "members:complaints",
        order=81,
    )
)
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
        Permission.PERSON_VIEW,
        _("Find a person"),
        _("By name, date of birth or postcode, as well as you know them; and record somebody new."),
        "members:people",
        order=5,
        menu=_("Find a person"),
    )
)
register_door(
    Door(
        Permission.PERSON_MERGE,
        _("Possible duplicates"),
        _(
            "Records that look like one person's: put them together, or say that they are two people."
        ),
        "members:duplicates",
        order=60,
    )
)
register_door(
    Door(
        Permission.OPENING_LIST,
        _("Records opened with a reason"),
        _("Who looked at records outside their own access point, when and why."),
        "members:openings",
        order=65,
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
register_door(
    Door(
        Permission.MEMBERSHIP_LETTERS,
        _("Letters to members"),
        _("Welcome, time to renew, run out: who is due one, printing and posting."),
        "members:letters",
        order=44,
    )
)
register_door(
    Door(
        Permission.SUMS_VIEW,
        _("Sums of the membership"),
        _("Members, who stays, income by month, the safety net, and a forecast."),
        "members:sums",
        order=45,
    )
)

# The slices that keep their doors with their pages.
from members.plans import access as plans_access  # noqa: E402, F401
from members.roll import access as roll_access  # noqa: E402, F401
from members.safety_net import access as safety_net_access  # noqa: E402, F401
