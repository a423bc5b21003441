"""Asking for a role, and getting a place in it."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dcsn.access import Permission
from dcsn.accounts.models import User
from dcsn.audit import Actor, record
from members.models import Person
from volunteers.access import check_holds, is_persons_own
from volunteers.actions.locks import lock_what_goes_to_others
from volunteers.actions.opportunities import locked as locked_opportunity
from volunteers.actions.opportunities import settle_filled
from volunteers.actions.shifts import give_back_all
from volunteers.actions.volunteers import locked, move_volunteer, register_interest
from volunteers.events import APPLICATION_ENDED, VOLUNTEER_APPLIED, VOLUNTEER_PLACED
from volunteers.models import Application, Opportunity, Redirection, Route
from volunteers.refusals import NotPossible, PlaceTaken
from volunteers.rules import Task, check_may_help
from volunteers.states import VolunteerState

# Whoever is in these states has applied already, and applies for another role beside it.
_ON_THE_WAY = frozenset(
    {
        VolunteerState.APPLIED,
        VolunteerState.CHECKING,
        VolunteerState.CLEARED,
        VolunteerState.INDUCTED,
        VolunteerState.ACTIVE,
        VolunteerState.PAUSED,
    }
)
MAY_BE_PLACED = (VolunteerState.CLEARED, VolunteerState.INDUCTED, VolunteerState.ACTIVE)


@transaction.atomic
def apply(
    *,
    person: Person,
    opportunity: Opportunity,
    by: Actor,
    route: str = Route.ONLINE,
    why: str = "",
    facts: dict[str, Any] | None = None,
) -> Application:
    """Somebody applies for a role: online, on paper or with staff. Sent twice, it is one application.

    Who was redirected, or left, applies anew; a suggestion that they take up is marked so.

    :param by: the person, a manager of the role's organisation, the volunteer centre, or a ``SystemJob``
        for the public form.
    :raises NotPossible: when the role is not open, or for who was found not suitable.
    """
    current_role = locked_opportunity(opportunity)
    volunteer = register_interest(
        person=person, organisation=current_role.organisation, by=by, route=route, facts=facts
    )
    volunteer = locked(volunteer)
    there = Application.objects.filter(
        volunteer=volunteer, opportunity=current_role, outcome__in=["waiting", "placed"]
    ).first()
    if there is not None:
        return there
    if not current_role.is_open:
        raise NotPossible(_("This role is not open at the moment."))
    if volunteer.state == VolunteerState.NOT_SUITABLE:
        raise NotPossible(_("Please get in touch with the volunteer centre about this."))
    if volunteer.state not in _ON_THE_WAY:
        move_volunteer(volunteer=volunteer, to=VolunteerState.APPLIED, by=by)
    application = Application.objects.create(
        volunteer=volunteer, opportunity=current_role, route=route, why=why.strip()
    )
    suggested = Redirection.objects.filter(volunteer=volunteer, taken_up_at=None)
    (
        suggested.filter(opportunity=current_role)
        | suggested.filter(opportunity=None, organisation=current_role.organisation)
    ).update(taken_up_at=application.applied_at)
    record(
        VOLUNTEER_APPLIED,
        by=by,
        subject=person.pk,
        organisation=current_role.organisation_id,
        details={
            "volunteer": volunteer.pk,
            "opportunity": current_role.pk,
            "route": str(route),
        },
    )
    return application


@transaction.atomic
def place_volunteer(*, application: Application, by: Actor) -> Application:
    """Give the volunteer a place in the role; the role is *filled* with its last one.

    :raises PlaceTaken: when somebody else got the last place a moment ago.
    :raises Refused: for each hard rule: checks, age, a parent's word.
    """
    role = locked_opportunity(application.opportunity)
    check_holds(by, Permission.VOLUNTEER_MANAGE, role.organisation_id)
    volunteer = locked(application.volunteer)
    current = Application.objects.select_for_update().get(pk=application.pk)
    if current.outcome == Application.Outcome.PLACED:
        return current
    if current.outcome != Application.Outcome.WAITING:
        raise NotPossible(_("This application has ended."))
    taken = role.applications.filter(outcome=Application.Outcome.PLACED).count()
    if not role.is_open or (role.places is not None and taken >= role.places):
        raise PlaceTaken(_("The last place was given a moment ago."))
    check_may_help(volunteer, Task.of_opportunity(role), states=MAY_BE_PLACED)
    current.outcome = Application.Outcome.PLACED
    current.decided_at = timezone.now()
    current.decided_by = by if isinstance(by, User) else None
    current.save()
    settle_filled(role, by=by)
    record(
        VOLUNTEER_PLACED,
        by=by,
        subject=volunteer.person_id,
        organisation=role.organisation_id,
        details={"volunteer": volunteer.pk, "opportunity": role.pk},
    )
    return current


@transaction.atomic
def end_application(*, application: Application, by: Actor) -> Application:
    """An application is taken back, or a place in a role has ended: it is free for somebody else.

    Whoever is no longer in the role does not come to its shifts: their places are given back, and who waits
    moves up.
    """
    role = locked_opportunity(application.opportunity)
    lock_what_goes_to_others(application.volunteer, role)
    volunteer = locked(application.volunteer)
    if not (isinstance(by, User) and is_persons_own(by, volunteer.person)):
        check_holds(by, Permission.VOLUNTEER_MANAGE, role.organisation_id)
    current = Application.objects.select_for_update().get(pk=application.pk)
    following = {
        Application.Outcome.WAITING: Application.Outcome.WITHDRAWN,
        Application.Outcome.PLACED: Application.Outcome.ENDED,
    }.get(Application.Outcome(current.outcome))
    if following is None:
        return current
    current.outcome = following
    current.decided_at = timezone.now()
    current.decided_by = by if isinstance(by, User) else None
    current.save()
    record(
        APPLICATION_ENDED,
        by=by,
        subject=volunteer.person_id,
        organisation=role.organisation_id,
        details={"volunteer": volunteer.pk, "opportunity": role.pk, "to": str(following)},
    )
    if following == Application.Outcome.ENDED:
        give_back_all(volunteer=volunteer, by=by, opportunity=role)
    settle_filled(role, by=by)
    return current
