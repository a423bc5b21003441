"""Who belongs to somebody, where they live together, whom to ring, and what else they are called."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from dcsn.access import Permission, can, check
from dcsn.accounts.models import User
from dcsn.audit import EventType, record
from members.events import (
    PERSON_EMERGENCY_CHANGED,
    PERSON_NAMES_CHANGED,
    PERSON_TIES_CHANGED,
)
from members.finding import write_keys
from members.models import EmergencyContact, Household, OtherName, Person, Relationship
from members.refusals import CannotBeTied, Refused


def _held(person: Person, by: User) -> Person:
    """The person's row, locked against an erasure, if ``by`` may change them."""
    found = Person.objects.select_for_update().filter(pk=person.pk, erased_at=None).first()
    if found is None:
        raise Refused(_("This person’s record has been erased."))
    check(by, Permission.PERSON_CHANGE, found)
    return found


def _both_held(one: Person, other: Person, by: User) -> tuple[Person, Person]:
    """Both rows, locked in the order of their ids, so that two editors never wait for each other.

    Only the first must be theirs to change: that she is cared for is a fact about her too, but who
    may see both has been asked by whoever found the other.
    """
    ids = sorted({one.pk, other.pk})
    rows = {
        row.pk: row
        for row in Person.objects.select_for_update()
        .filter(pk__in=ids, erased_at=None, merged_at=None)
        .order_by("pk")
    }
    if len(rows) != len(ids):
        raise CannotBeTied(_("One of the two records has been erased or merged."))
    check(by, Permission.PERSON_CHANGE, rows[one.pk])
    check(by, Permission.PERSON_VIEW, rows[other.pk])
    return rows[one.pk], rows[other.pk]


def _record(event: EventType, person: Person, by: User, **details: Any) -> None:
    record(
        event,
        by=by,
        subject=person.id,
        organisation=person.organisation_id,
        details=details or None,
    )


# --- Other names ------------------------------------------------------------------------------------


@transaction.atomic
def add_other_name(
    *, person: Person, use: str, given_name: str = "", family_name: str = "", by: User
) -> OtherName:
    """One more name to be found by. Raises ``ValidationError`` for none, or one that is known."""
    person = _held(person, by)
    name = OtherName(person=person, use=use, given_name=given_name, family_name=family_name)
    name.full_clean()
    name.save(force_insert=True)
    write_keys(person.id)
    _record(PERSON_NAMES_CHANGED, person, by)
    return name


@transaction.atomic
def remove_other_name(*, name: OtherName, by: User) -> None:
    person = _held(name.person, by)
    if OtherName.objects.filter(pk=name.pk).delete()[0]:
        write_keys(person.id)
        _record(PERSON_NAMES_CHANGED, person, by)


# --- Ties -------------------------------------------------------------------------------------------


@transaction.atomic
def tie(
    *, person: Person, other: Person, kind: str, since: date | None = None, by: User
) -> Relationship:
    """Say what ``person`` is to ``other``. Raises :class:`CannotBeTied` for the same person, or for
    what is recorded already."""
    if person.pk == other.pk:
        raise CannotBeTied(_("Choose somebody else: this is the same person."))
    person, other = _both_held(person, other, by)
    row = Relationship(person=person, other=other, kind=kind, since=since)
    try:
        row.full_clean()
    except ValidationError as error:
        raise CannotBeTied(" ".join(error.messages)) from error
    row.save(force_insert=True)
    _record(PERSON_TIES_CHANGED, person, by, other=other.pk)
    _record(PERSON_TIES_CHANGED, other, by, other=person.pk)
    return row


@transaction.atomic
def end_tie(*, relationship: Relationship, on: date | None = None, by: User) -> Relationship:
    """It is over; the row stays, so that it can be told who cared for whom last year.

    Asked by somebody who may change either of the two. Twice is once.
    """
    row = (
        Relationship.objects.select_for_update(of=("self",))
        .select_related("person", "other")
        .get(pk=relationship.pk)
    )
    if not can(by, Permission.PERSON_CHANGE, row.other):
        check(by, Permission.PERSON_CHANGE, row.person)
    if row.ended_on is not None:
        return row
    today = on or timezone.localdate()
    # What began "tomorrow" by a slip of the hand ends when it began.
    row.ended_on = max(today, row.since) if row.since else today
    row.save(update_fields=["ended_on"])
    for one, other in ((row.person, row.other), (row.other, row.person)):
        _record(PERSON_TIES_CHANGED, one, by, other=other.pk)
    return row


# --- Households -------------------------------------------------------------------------------------


@transaction.atomic
def live_together(*, person: Person, other: Person, by: User) -> Household:
    """They share a home: ``person`` joins the household of ``other``, made where there is none.

    Raises :class:`CannotBeTied` for the same person.
    """
    if person.pk == other.pk:
        raise CannotBeTied(_("Choose somebody else: this is the same person."))
    person, other = _both_held(person, other, by)
    if person.household_id is not None and person.household_id == other.household_id:
        assert person.household is not None  # noqa: S101  (for the type checker)
        return person.household
    household = other.household or Household.objects.create(organisation=other.organisation)
    left = person.household_id
    for one in (person, other):
        one.household = household
        # With somebody is not alone, whatever was answered before.
        one.lives_alone = "no"
        one.save(update_fields=["household", "lives_alone", "changed_at"])
        _record(PERSON_TIES_CHANGED, one, by)
    _dissolve_if_empty(left)
    return household


@transaction.atomic
def leave_household(*, person: Person, by: User) -> Person:
    """They live somewhere else now. Whether alone is not known until somebody asks."""
    person = _held(person, by)
    left = person.household_id
    if left is None:
        return person
    person.household = None
    person.lives_alone = ""
    person.save(update_fields=["household", "lives_alone", "changed_at"])
    _dissolve_if_empty(left)
    _record(PERSON_TIES_CHANGED, person, by)
    return person


def _dissolve_if_empty(household: Any) -> None:
    """A household of one is none."""
    if household is None:
        return
    remaining = Person.objects.filter(household=household)
    if remaining.count() < 2:
        remaining.update(household=None, lives_alone="")
        Household.objects.filter(pk=household).delete()


# --- Emergency contacts -----------------------------------------------------------------------------

_CONTACT = ("name", "relationship", "phone", "note", "knows")


@transaction.atomic
def add_emergency_contact(*, person: Person, by: User, **facts: Any) -> EmergencyContact:
    """Somebody to ring, after those who are there. Raises ``ValidationError``."""
    person = _held(person, by)
    last = person.emergency_contacts.aggregate(last=Max("position"))["last"]
    contact = EmergencyContact(
        person=person,
        position=0 if last is None else last + 1,
        **{name: facts[name] for name in _CONTACT if name in facts},
    )
    contact.full_clean()
    contact.save(force_insert=True)
    _record(PERSON_EMERGENCY_CHANGED, person, by)
    return contact


@transaction.atomic
def change_emergency_contact(
    *, contact: EmergencyContact, by: User, **facts: Any
) -> EmergencyContact:
    """Raises ``ValidationError``, and :class:`Refused` when somebody else has just removed it."""
    person = _held(contact.person, by)
    current = EmergencyContact.objects.select_for_update().filter(pk=contact.pk).first()
    if current is None:
        raise Refused(_("Somebody else has just removed this contact."))
    for name in _CONTACT:
        if name in facts:
            setattr(current, name, facts[name])
    current.full_clean()
    current.save()
    _record(PERSON_EMERGENCY_CHANGED, person, by)
    return current


@transaction.atomic
def remove_emergency_contact(*, contact: EmergencyContact, by: User) -> None:
    person = _held(contact.person, by)
    if EmergencyContact.objects.filter(pk=contact.pk).delete()[0]:
        _record(PERSON_EMERGENCY_CHANGED, person, by)
