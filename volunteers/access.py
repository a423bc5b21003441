"""Who may see and do what with volunteers and requests for help, in this app's own words.

A manager sees the volunteers of their own organisation and those who agreed to be shared with it; the
volunteer centre sees all; for everybody else they do not exist: 404. Volunteers and people who ask for
help see their own through ``own(user)``, with no role at all. Nobody reads an address or a number of
either side of an offer except through :func:`released_contact`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from dcsn.access import Permission, register_scope, scope_of_permission
from dcsn.access.doors import Door, register_door
from dcsn.audit import Actor, SystemJob
from members.models import Person
from volunteers.models import (
    Check,
    Employer,
    HelpRequest,
    HourValueRate,
    Interest,
    MileageRate,
    Offer,
    Opportunity,
    PolicyVersion,
    Shift,
    Volunteer,
)
from volunteers.states import Party

# The network's own lists, for who looks after volunteers anywhere.
for _own in (Interest, MileageRate, HourValueRate, Employer):
    register_scope(_own, lambda row: None)
register_scope(PolicyVersion, lambda policy: policy.organisation_id)
register_scope(Shift, lambda shift: shift.opportunity.organisation_id)
register_scope(Offer, lambda offer: offer.help_request.organisation_id)

register_door(
    Door(
        Permission.VOLUNTEER_VIEW,
        _("Volunteers"),
        _("Who waits, what comes next and by when."),
        "volunteers:board",
        order=19,
        menu=_("Volunteers"),
    )
)
register_door(
    Door(
        Permission.OPPORTUNITY_CHANGE,
        _("Volunteering roles"),
        _("Write them, open them, close them; who has asked for one."),
        "volunteers:desk_roles",
        order=20,
    )
)
register_door(
    Door(
        Permission.VOLUNTEER_VIEW,
        _("Who comes to volunteer"),
        _("How far they came, who stays, what stands in the way."),
        "volunteers:figures",
        order=23,
    )
)
register_door(
    Door(
        Permission.EMPLOYER_CHANGE,
        _("Employers and colleges"),
        _("Accounts, groups, places on a day for their people."),
        "volunteers:employers",
        order=24,
    )
)


def volunteer_or_404(user: Any, volunteer_id: UUID) -> Volunteer:
    """The volunteer, if ``user`` looks after them."""
    return get_object_or_404(
        Volunteer.objects.visible_to(user).select_related("person", "organisation"),
        id=volunteer_id,
    )


def own_volunteer(user: Any) -> Volunteer | None:
    """The signed-in person's own record as a volunteer."""
    return Volunteer.objects.own(user).select_related("person", "organisation").first()


def check_or_404(user: Any, check_id: UUID) -> Check:
    return get_object_or_404(
        Check.objects.visible_to(user).select_related("volunteer__person", "organisation"),
        id=check_id,
    )


def opportunity_or_404(user: Any, opportunity_id: UUID) -> Opportunity:
    """The role, if ``user`` may change it. The public finds roles with ``Opportunity.objects.public()``."""
    return get_object_or_404(
        Opportunity.objects.visible_to(user).select_related("organisation", "location"),
        id=opportunity_id,
    )


def coordinated_request_or_404(user: Any, help_request_id: UUID) -> HelpRequest:
    return get_object_or_404(
        HelpRequest.objects.coordinated_by(user).select_related("person", "organisation"),
        id=help_request_id,
    )


def own_offer_or_404(user: Any, offer_id: UUID) -> Offer:
    """What the signed-in volunteer was asked to do. Show the person only by :func:`released_contact`."""
    return get_object_or_404(
        Offer.objects.own(user).select_related("help_request__person", "volunteer__person"),
        id=offer_id,
    )


# --- On whose word ------------------------------------------------------------------------------------


def is_persons_own(user: Any, person: Person | None) -> bool:
    return person is not None and person.user_id is not None and person.user_id == user.pk


def party_to_volunteer(
    user: Any, volunteer: Volunteer, permission: Permission = Permission.VOLUNTEER_MANAGE
) -> Party:
    """For whom ``user`` speaks about this volunteer.

    :raises PermissionDenied: when they have nothing to say.
    """
    if isinstance(user, SystemJob):
        return Party.SYSTEM
    # First: whoever looks after volunteers and is one speaks for themself here, and clears nobody.
    if is_persons_own(user, volunteer.person):
        return Party.VOLUNTEER
    if looks_after(user, volunteer, permission):
        return Party.STAFF
    raise PermissionDenied


def not_own_or_404(user: Any, volunteer_id: UUID) -> Volunteer:
    """As :func:`volunteer_or_404`, for what nobody reads or decides about themself: with whom never, and why
    somebody was not suitable."""
    found = volunteer_or_404(user, volunteer_id)
    if is_persons_own(user, found.person):
        raise PermissionDenied
    return found


def looks_after(user: Any, volunteer: Volunteer, permission: Permission) -> bool:
    """Whether ``user`` holds ``permission`` at an organisation with which the volunteer has a place."""
    scope = scope_of_permission(user, permission)
    if scope.network:
        return True
    return bool(
        scope.organisations
        and volunteer.standings.current().filter(organisation_id__in=scope.organisations).exists()
    )


def party_to_request(user: Any, help_request: HelpRequest, *, taking: bool = False) -> Party:
    """For whom ``user`` speaks about this request.

    :param taking: whoever took it down at their desk may also do this (cancel, say yes for the person
        on the phone), not only who coordinates it.
    :raises PermissionDenied: when they have nothing to say.
    """
    if isinstance(user, SystemJob):
        return Party.SYSTEM
    scope = scope_of_permission(user, Permission.HELP_COORDINATE)
    if scope.network or help_request.organisation_id in scope.organisations:
        return Party.STAFF
    if taking:
        takes = scope_of_permission(user, Permission.HELP_TAKE)
        if takes.network or help_request.taken_at_id in takes.organisations:
            return Party.STAFF
    if is_persons_own(user, help_request.person):
        return Party.PERSON
    raise PermissionDenied


def check_holds(by: Actor, permission: Permission, organisation_id: UUID | None) -> None:
    """Return if ``by`` holds ``permission`` at that organisation, or is the portal itself.

    :raises PermissionDenied: when not.
    """
    if isinstance(by, SystemJob):
        return
    scope = scope_of_permission(by, permission)
    if not (scope.network or organisation_id in scope.organisations):
        raise PermissionDenied


# --- What each side may know of the other --------------------------------------------------------------


@dataclass(frozen=True)
class ReleasedContact:
    """The other side's details, after both have accepted."""

    name: str
    phone: str
    email: str
    address_lines: tuple[str, ...] = ()
    safe_contact_note: str = ""


def released_contact(offer: Offer, to: Party) -> ReleasedContact | None:
    """What ``to`` (``Party.VOLUNTEER`` or ``Party.PERSON``) may have of the other; None until both have
    accepted, and again once the offer no longer stands. A volunteer gets the address only for a task that
    is done there. Loads nothing when ``help_request__person`` and ``volunteer__person`` are joined."""
    if not offer.is_released:
        return None
    if to is Party.VOLUNTEER:
        person = offer.help_request.person
        if person is None:
            return None
        lines = () if offer.help_request.from_home else tuple(person.address_lines)
        return ReleasedContact(
            person.name, person.phone, person.email, lines, person.safe_contact_note
        )
    volunteer = offer.volunteer.person
    if to is not Party.PERSON or volunteer is None:
        return None
    return ReleasedContact(volunteer.name, volunteer.phone, volunteer.email)
