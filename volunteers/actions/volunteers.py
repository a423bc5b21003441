"""Volunteers come, move on, are steered to what suits them, and are shared when they agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dcsn.access import Permission, scope_of_permission
from dcsn.accounts.models import User
from dcsn.audit import Actor, record
from directory.models import Organisation
from members.models import Person
from volunteers.access import check_holds, is_persons_own, looks_after, party_to_volunteer
from volunteers.actions.locks import lock_what_goes_to_others
from volunteers.actions.opportunities import settle_filled
from volunteers.events import (
    VOLUNTEER_CAME,
    VOLUNTEER_MOVED,
    VOLUNTEER_REDIRECTED,
)
from volunteers.models import (
    Application,
    NextStep,
    Opportunity,
    Redirection,
    Route,
    Volunteer,
    VolunteerChange,
    VolunteerPlace,
)
from volunteers.refusals import (
    ChangedMeanwhile,
    NotPossible,
    ParentNeeded,
    ReasonMissing,
    SuggestionMissing,
)
from volunteers.rules import may_be_contacted
from volunteers.signals import volunteer_moved
from volunteers.states import (
    GONE,
    UNPLACED,
    VOLUNTEER,
    VOLUNTEER_NEEDS_REASON,
    Party,
    VolunteerReason,
    VolunteerState,
    may,
    steps_to,
)

# Days until the next step is due, when nobody names a day; what it then is.
NEXT_STEP_DAYS: dict[str, tuple[str, int]] = {
    VolunteerState.INTERESTED: (NextStep.What.WELCOME, 7),
    VolunteerState.APPLIED: (NextStep.What.WELCOME, 7),
    VolunteerState.CHECKING: (NextStep.What.CHECKS, 14),
    VolunteerState.CLEARED: (NextStep.What.INDUCTION, 14),
    VolunteerState.INDUCTED: (NextStep.What.FIRST_TASK, 14),
    VolunteerState.REDIRECTED: (NextStep.What.FOLLOW_UP, 21),
}


@dataclass(frozen=True)
class Suggestion:
    """Something that suits a volunteer better: a role, an organisation, or both."""

    opportunity: Opportunity | None = None
    organisation: Organisation | None = None
    note: str = ""


def locked(volunteer: Volunteer) -> Volunteer:
    """The row as it is now, held until the transaction ends."""
    return (
        Volunteer.objects.select_for_update(of=("self",), no_key=True)
        .select_related("person", "organisation")
        .get(pk=volunteer.pk)
    )


@transaction.atomic
def register_interest(
    *,
    person: Person,
    organisation: Organisation,
    by: Actor,
    route: str = Route.ONLINE,
    facts: dict[str, Any] | None = None,
) -> Volunteer:
    """Somebody might volunteer: their record, their place with ``organisation``, and a first next step.

    :param by: the person themself, a manager of the organisation, the volunteer centre, or a
        ``SystemJob`` for a form that needs no account.
    :param facts: further columns of ``Volunteer`` (``hopes``, ``barriers`` …).
    :returns: the one record of this person; a second asking changes nothing but adds the place.
    """
    if not (isinstance(by, User) and is_persons_own(by, person)):
        check_holds(by, Permission.VOLUNTEER_MANAGE, organisation.pk)
    Person.objects.select_for_update().get(pk=person.pk)
    known = Volunteer.objects.of_person(person).filter(anonymised_at=None).first()
    if known is not None:
        _own_place(known, organisation)
        return locked(known)
    band = person.age_band_on(timezone.localdate())
    volunteer = Volunteer.objects.create(
        person=person,
        organisation=organisation,
        route=route,
        age_band=band or "",
        **(facts or {}),
    )
    VolunteerChange.objects.create(
        volunteer=volunteer,
        number=0,
        to_state=VolunteerState.INTERESTED,
        at=volunteer.created_at,
        party=_party_of_new(by, person),
        by_user=by if isinstance(by, User) else None,
    )
    _own_place(volunteer, organisation)
    renew_next_step(volunteer)
    record(
        VOLUNTEER_CAME,
        by=by,
        subject=person.pk,
        organisation=organisation.pk,
        details={"volunteer": volunteer.pk, "route": str(route)},
    )
    return volunteer


def _party_of_new(by: Actor, person: Person) -> Party:
    if not isinstance(by, User):
        return Party.SYSTEM
    return Party.VOLUNTEER if is_persons_own(by, person) else Party.STAFF


def _own_place(volunteer: Volunteer, organisation: Organisation) -> VolunteerPlace:
    """With an organisation to which they came themselves; a shared place becomes their own."""
    place, _created = VolunteerPlace.objects.get_or_create(
        volunteer=volunteer, organisation=organisation, ended_at=None
    )
    if place.standing != VolunteerPlace.Standing.OWN:
        place.standing = VolunteerPlace.Standing.OWN
        place.save(update_fields=["standing"])
    return place


@transaction.atomic
def move_volunteer(
    *,
    volunteer: Volunteer,
    to: str,
    by: Actor,
    reason_code: str = "",
    reason_text: str = "",
    paused_until: date | None = None,
    version: int | None = None,
    catch_up: bool = False,
) -> Volunteer:
    """Bring a volunteer into another state: the one way in which it changes.

    :param version: the volunteer's version on the page where this was decided; when somebody else has
        moved them since, :class:`ChangedMeanwhile`.
    :param catch_up: record the steps between too ("she has been helping us for years").
    :returns: the volunteer as they now are. Saying again what is already so changes nothing.
    :raises NotPossible: for a way that the table does not have, or not for this party; and for
        *redirected*, which needs :func:`redirect`.
    :raises ReasonMissing: for *not suitable*, which only those who handle checks may say.
    :raises ParentNeeded: on the way to helping, while a parent must still confirm.
    """
    if to == VolunteerState.REDIRECTED and volunteer.state != to:
        raise SuggestionMissing(_("Suggest at least one role or organisation."))
    return _move(
        volunteer, to, by, reason_code=reason_code, reason_text=reason_text,
        paused_until=paused_until, version=version, catch_up=catch_up,
    )  # fmt: skip


@transaction.atomic
def redirect(
    *,
    volunteer: Volunteer,
    suggestions: Sequence[Suggestion],
    by: Actor,
    reason_code: str = VolunteerReason.NO_ROLE_YET,
    reason_text: str = "",
    version: int | None = None,
) -> Volunteer:
    """Steer somebody to what suits them better: never just "no".

    Their waiting applications at this point become *redirected*; a next step asks whether it suited.

    :raises SuggestionMissing: without at least one role or organisation.
    """
    given = [one for one in suggestions if one.opportunity or one.organisation]
    if not given:
        raise SuggestionMissing(_("Suggest at least one role or organisation."))
    current = locked(volunteer)
    party_to_volunteer(by, current)
    if current.state == VolunteerState.REDIRECTED:
        return current
    user = by if isinstance(by, User) else None
    now = timezone.now()
    write_suggestions(current, given, user)
    Application.objects.filter(volunteer=current).waiting().update(
        outcome=Application.Outcome.REDIRECTED, decided_at=now, decided_by=user
    )
    moved = _move(
        current, VolunteerState.REDIRECTED, by,
        reason_code=reason_code, reason_text=reason_text, version=version,
    )  # fmt: skip
    record(
        VOLUNTEER_REDIRECTED,
        by=by,
        subject=moved.person_id,
        organisation=moved.organisation_id,
        details={"volunteer": moved.pk, "suggestions": len(given)},
    )
    return moved


def write_suggestions(
    volunteer: Volunteer, given: Sequence[Suggestion], user: User | None
) -> list[Redirection]:
    now = timezone.now()
    return Redirection.objects.bulk_create(
        Redirection(
            volunteer=volunteer,
            opportunity=one.opportunity,
            organisation=one.organisation,
            note=one.note.strip()[:300],
            at=now,
            by=user,
        )
        for one in given
    )


def _move(
    volunteer: Volunteer,
    to: str,
    by: Actor,
    *,
    reason_code: str = "",
    reason_text: str = "",
    paused_until: date | None = None,
    version: int | None = None,
    catch_up: bool = False,
) -> Volunteer:
    if to in GONE or to == VolunteerState.PAUSED:
        lock_what_goes_to_others(volunteer)
    current = locked(volunteer)
    party = party_to_volunteer(by, current)
    if current.state == to:
        return current
    if version is not None and version != current.version:
        raise ChangedMeanwhile(
            _("Somebody else has changed this since you opened it: they are now “%(state)s”.")
            % {"state": current.get_state_display()}
        )
    steps = steps_to(current.state, to) if catch_up else [to]
    here = current.state
    for step in steps:
        if not may(VOLUNTEER, here, step, party):
            raise NotPossible(
                _("A volunteer who is “%(state)s” cannot become “%(to)s”.")
                % {
                    "state": VolunteerState(current.state).label,
                    "to": VolunteerState(to).label,
                }
            )
        here = step
    if not steps:
        raise NotPossible(_("They cannot be brought there."))
    _check_reason(current, to, by, party, reason_code, reason_text)
    if to in (VolunteerState.LEFT, VolunteerState.PAUSED):
        _check_whose(current, by, party)
    if to not in (
        *GONE,
        VolunteerState.REDIRECTED,
        VolunteerState.APPLIED,
    ) and not may_be_contacted(current):
        raise ParentNeeded(_("Under 16: a parent must confirm before anybody gets in touch."))
    changes = []
    for step in steps:
        last = step == steps[-1]
        changes.append(
            VolunteerChange.objects.create(
                volunteer=current,
                number=current.changes.count(),
                from_state=current.state,
                to_state=step,
                party=party,
                by_user=by if isinstance(by, User) else None,
                reason_code=reason_code if last else "",
                reason_text=reason_text.strip() if last else "",
            )
        )
        current.state = step
    current.state_reason = reason_code
    current.paused_until = paused_until if to == VolunteerState.PAUSED else None
    current.version += 1
    current.save()
    if to in GONE or to == VolunteerState.PAUSED:
        _let_go(current, by)
    if to in GONE:
        _end_with_all(current, by)
    renew_next_step(current, by)
    record(
        VOLUNTEER_MOVED,
        by=by,
        subject=current.person_id,
        organisation=current.organisation_id,
        details={"volunteer": current.pk, "to": str(to), "party": str(party)},
    )
    for change in changes:
        volunteer_moved.send(sender=Volunteer, volunteer=current, change=change, by=by)
    return current


def _check_reason(
    volunteer: Volunteer, to: str, by: Actor, party: Party, code: str, text: str
) -> None:
    if code and code not in VolunteerReason.values:
        raise ReasonMissing(_("Choose a reason from the list."))
    if (volunteer.state, to) in VOLUNTEER_NEEDS_REASON:
        if not code:
            raise ReasonMissing(_("Choose a reason."))
        if party is Party.STAFF and not looks_after(by, volunteer, Permission.VOLUNTEER_CHECK):
            raise NotPossible(_("Only those who handle checks decide this."))
    if code == VolunteerReason.OTHER and party is Party.STAFF and not text.strip():
        raise ReasonMissing(_("Say in a few words what the reason is."))


def _check_whose(volunteer: Volunteer, by: Actor, party: Party) -> None:
    """Whoever leaves, leaves everywhere: those who only may see them do not end what others count on."""
    if party is not Party.STAFF:
        return
    scope = scope_of_permission(by, Permission.VOLUNTEER_MANAGE)
    own = volunteer.standings.current().filter(standing=VolunteerPlace.Standing.OWN)
    if scope.network or own.filter(organisation_id__in=scope.organisations).exists():
        return
    raise NotPossible(
        _(
            "They came to another organisation, and would lose their places there too. Ask them to tell "
            "it or the volunteer centre. Here you can end that you see them."
        )
    )


def _let_go(volunteer: Volunteer, by: Actor) -> None:
    """Who leaves or has a break keeps nobody waiting: offers and places to come go to others."""
    from volunteers.actions.offers import release_all
    from volunteers.actions.shifts import give_back_all

    release_all(volunteer=volunteer, by=by)
    give_back_all(volunteer=volunteer, by=by)


def _end_with_all(volunteer: Volunteer, by: Actor) -> None:
    now = timezone.now()
    user = by if isinstance(by, User) else None
    mine = Application.objects.filter(volunteer=volunteer)
    placed = list(mine.filter(outcome="placed").values_list("opportunity_id", flat=True))
    for old, new in (("waiting", "withdrawn"), ("placed", "ended")):
        mine.filter(outcome=old).update(outcome=new, decided_at=now, decided_by=user)
    # The roles are held since before the volunteer was.
    for role in Opportunity.objects.filter(pk__in=placed).order_by("pk"):
        settle_filled(role, by=by)
    # Those who came to them still see that they left; who only shared them, no longer.
    VolunteerPlace.objects.current().filter(
        volunteer=volunteer, standing=VolunteerPlace.Standing.SHARED
    ).update(ended_at=now)


def renew_next_step(volunteer: Volunteer, by: Actor | None = None) -> NextStep | None:
    """Close the open next step and, while they are not placed, set the one that their state asks for."""
    NextStep.objects.filter(volunteer=volunteer).open().update(
        done_at=timezone.now(), done_by=by if isinstance(by, User) else None
    )
    if volunteer.state not in UNPLACED:
        if volunteer.state == VolunteerState.PAUSED and volunteer.paused_until:
            return NextStep.objects.create(
                volunteer=volunteer, what=NextStep.What.COME_BACK, due_on=volunteer.paused_until
            )
        return None
    what, days = NEXT_STEP_DAYS[volunteer.state]
    due_on = min(timezone.localdate() + timedelta(days=days), latest_step())
    return NextStep.objects.create(volunteer=volunteer, what=what, due_on=due_on)


def latest_step() -> date:
    """The last day for the next step of who has no place yet: nobody waits longer."""
    return timezone.localdate() + timedelta(days=settings.VOLUNTEER_NEXT_STEP_DAYS)
