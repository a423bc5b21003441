"""Accounts of employers and colleges, their groups, and places on a day for their people."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dcsn.access import Permission
from dcsn.accounts.models import User
from dcsn.audit import Actor, record
from directory.models import Organisation
from volunteers.access import check_holds, is_persons_own
from volunteers.actions.volunteers import locked as locked_volunteer
from volunteers.events import COHORT_CHANGED, EMPLOYER_CHANGED, STAFF_SLOT_CHANGED
from volunteers.models import Cohort, Employer, Opportunity, StaffSlot, Volunteer
from volunteers.refusals import NotPossible, PlaceTaken
from volunteers.rules import Task, check_may_help, may_be_contacted
from volunteers.states import GONE, VolunteerState

_MAY_TAKE = (
    VolunteerState.APPLIED,
    VolunteerState.CHECKING,
    VolunteerState.CLEARED,
    VolunteerState.INDUCTED,
    VolunteerState.ACTIVE,
)


@transaction.atomic
def save_account(
    *, organisation: Organisation, kind: str, contact: User | None, note: str, by: Actor
) -> Employer:
    """Open the account of an employer or college, or change it; one that had ended is open again.

    :param contact: who there may see the figures of their people, and nothing else.
    """
    check_holds(by, Permission.EMPLOYER_CHANGE, None)
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    employer, _created = Employer.objects.update_or_create(
        organisation=organisation,
        defaults={"kind": kind, "contact": contact, "note": note.strip()[:300], "ended_at": None},
    )
    _write(EMPLOYER_CHANGED, employer, by)
    return employer


@transaction.atomic
def end_account(*, employer: Employer, by: Actor) -> Employer:
    """No new groups and places; what was is still counted, and the contact sees nothing from now on."""
    check_holds(by, Permission.EMPLOYER_CHANGE, None)
    current = Employer.objects.select_for_update().get(pk=employer.pk)
    if current.ended_at is None:
        current.ended_at = timezone.now()
        current.contact = None
        current.save(update_fields=["ended_at", "contact"])
        _write(EMPLOYER_CHANGED, current, by)
    return current


@transaction.atomic
def add_cohort(
    *, employer: Employer, name: str, from_on: date, until_on: date | None, by: Actor
) -> Cohort:
    """A group: those of one year or course, or of one away day. A double click makes one."""
    check_holds(by, Permission.EMPLOYER_CHANGE, None)
    current = _open(employer)
    cohort, created = Cohort.objects.get_or_create(
        employer=current,
        name=name.strip(),
        defaults={"from_on": from_on, "until_on": until_on},
    )
    if created:
        _write(COHORT_CHANGED, current, by, cohort=cohort.pk)
    elif (cohort.from_on, cohort.until_on) != (from_on, until_on):
        raise NotPossible(_("There is a group of this name already."))
    return cohort


@transaction.atomic
def put_in_cohort(*, cohort: Cohort, volunteer: Volunteer, by: Actor) -> None:
    """Somebody came through this employer or college. Once, however often it is said."""
    check_holds(by, Permission.EMPLOYER_CHANGE, None)
    held = locked_volunteer(volunteer)
    if held.anonymised_at is not None or held.state in GONE:
        raise NotPossible(_("This volunteer is no longer with us."))
    _open(cohort.employer)
    if not cohort.volunteers.filter(pk=held.pk).exists():
        cohort.volunteers.add(held)
        _write(COHORT_CHANGED, cohort.employer, by, volunteer=held, cohort=cohort.pk)


@transaction.atomic
def offer_slot(
    *,
    employer: Employer,
    day: date,
    places: int,
    by: Actor,
    opportunity: Opportunity | None = None,
    cohort: Cohort | None = None,
) -> StaffSlot:
    """Places on a day, for one role or for whatever is to be done, for one group or all of their people."""
    check_holds(by, Permission.EMPLOYER_CHANGE, None)
    current = _open(employer)
    if day < timezone.localdate():
        raise NotPossible(_("That day is over."))
    if cohort is not None and cohort.employer_id != current.pk:
        raise NotPossible(_("This group is of another employer."))
    slot, created = StaffSlot.objects.get_or_create(
        employer=current,
        day=day,
        opportunity=opportunity,
        cohort=cohort,
        defaults={"places": places},
    )
    if not created and slot.places != places:
        raise NotPossible(_("There are places for them on that day already."))
    if created:
        _write(STAFF_SLOT_CHANGED, current, by, slot=slot.pk)
    return slot


@transaction.atomic
def take_slot(*, slot: StaffSlot, volunteer: Volunteer, by: Actor) -> None:
    """One of the places for one of their people: the last is given once.

    :param by: the volunteer, or the volunteer centre.
    :raises PlaceTaken: when none is left.
    :raises Refused: for each hard rule of the role.
    """
    current = _slot(slot)
    held = locked_volunteer(volunteer)
    _check_theirs(held, by)
    if current.taken_by.filter(pk=held.pk).exists():
        return
    if current.day < timezone.localdate():
        raise NotPossible(_("That day is over."))
    groups = Cohort.objects.filter(employer=current.employer, volunteers=held)
    if current.cohort_id is not None:
        groups = groups.filter(pk=current.cohort_id)
    if not groups.exists():
        raise NotPossible(_("These places are for another group."))
    if current.opportunity is not None:
        check_may_help(held, Task.of_opportunity(current.opportunity, None), states=_MAY_TAKE)
    elif held.state not in _MAY_TAKE or not may_be_contacted(held):
        raise NotPossible(_("They cannot take a place yet."))
    if current.taken_by.count() >= current.places:
        raise PlaceTaken(_("The last place was taken a moment ago."))
    current.taken_by.add(held)
    _write(STAFF_SLOT_CHANGED, current.employer, by, volunteer=held, slot=current.pk)


@transaction.atomic
def give_back_slot(*, slot: StaffSlot, volunteer: Volunteer, by: Actor) -> None:
    """No longer coming; no reason is asked."""
    current = _slot(slot)
    held = locked_volunteer(volunteer)
    _check_theirs(held, by)
    if current.taken_by.filter(pk=held.pk).exists():
        current.taken_by.remove(held)
        _write(STAFF_SLOT_CHANGED, current.employer, by, volunteer=held, slot=current.pk)


def _open(employer: Employer) -> Employer:
    current = Employer.objects.select_for_update().get(pk=employer.pk)
    if current.ended_at is not None:
        raise NotPossible(_("This account has ended. Open it again first."))
    return current


def _slot(slot: StaffSlot) -> StaffSlot:
    return (
        StaffSlot.objects.select_for_update(of=("self",))
        .select_related("employer", "opportunity")
        .get(pk=slot.pk)
    )


def _check_theirs(volunteer: Volunteer, by: Actor) -> None:
    if not (isinstance(by, User) and is_persons_own(by, volunteer.person)):
        check_holds(by, Permission.EMPLOYER_CHANGE, None)


def _write(
    event: object, employer: Employer, by: Actor, volunteer: Volunteer | None = None, **ids: object
) -> None:
    details = {"employer": employer.pk, **ids}
    if volunteer is not None:
        details["volunteer"] = volunteer.pk
    record(
        event,  # type: ignore[arg-type]
        by=by,
        subject=volunteer.person_id if volunteer else None,
        organisation=employer.organisation_id,
        details=details,
    )
