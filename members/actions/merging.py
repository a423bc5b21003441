"""Putting two records of one person together, taking them apart, and saying that they are two people.

The rows are moved by ``dcsn.privacy``; what is added here is which record stays, whose facts it takes, and
that both must be the user's to merge.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dcsn.access import Permission, check
from dcsn.accounts.models import User
from dcsn.audit import record
from dcsn.privacy import merge_people, undo_merge
from dcsn.privacy.merging import MergeRefused
from dcsn.privacy.models import PersonAlias
from members.actions.people import change_person
from members.events import FOUND_DIFFERENT, PERSON_CHANGED
from members.finding import write_keys
from members.models import MergedValues, Person, PossibleDuplicate
from members.refusals import CannotBeMerged

# What is chosen together: half of one address and half of the other is nobody's.
CHOICES: dict[str, tuple[str, ...]] = {
    "given_name": ("given_name",),
    "family_name": ("family_name",),
    "known_as": ("known_as",),
    "born": ("date_of_birth", "age_band"),
    "address": ("address_1", "address_2", "town", "postcode"),
    "phone": ("phone",),
    "other_phone": ("other_phone",),
    "email": ("email",),
    "contact_by": ("contact_by",),
    "safe_contact_note": ("safe_contact_note",),
    "needs": ("formats", "interpreter_language"),
    "lives_alone": ("lives_alone",),
    "is_carer": ("is_carer",),
    "coordinator": ("coordinator",),
}


@transaction.atomic
def merge_records(*, old: Person, current: Person, take: frozenset[str], by: User) -> PersonAlias:
    """Make ``old`` part of ``current``, which takes over the ``CHOICES`` named in ``take``.

    Raises :class:`CannotBeMerged`, ``ValidationError`` where the facts chosen contradict each other,
    and ``Http404`` or ``PermissionDenied`` for a record that ``by`` may not merge.
    """
    old, current = _both(old.pk, current.pk, by)
    if old.user_id and current.user_id:
        raise CannotBeMerged(
            _("Both records have a sign-in. Ask an administrator to close one of them first.")
        )
    if all(row.memberships.live().exists() for row in (old, current)):
        # Somebody known who joined online is recorded anew, and may so have paid twice.
        raise CannotBeMerged(
            _(
                "Both records have a membership. Give the money of one back and end it first, "
                "on its own page."
            )
        )
    taken = {name: getattr(old, name) for choice in take for name in CHOICES[choice]}
    taken = {name: value for name, value in taken.items() if getattr(current, name) != value}
    before = {name: getattr(current, name) for name in taken}
    _take_over(current, taken, by)
    if old.user_id:
        before["user"], taken["user"] = None, old.user
        Person.objects.filter(pk=old.pk).update(user=None)
        Person.objects.filter(pk=current.pk).update(user=old.user)
    try:
        alias = merge_people(old=old.pk, current=current.pk, by=by)
    except MergeRefused as refusal:
        raise CannotBeMerged(
            _("One of the two has been put together with another record meanwhile.")
        ) from refusal
    MergedValues.objects.create(
        alias=alias, person=current, before=_plain(before), after=_plain(taken)
    )
    write_keys(current.pk)
    return alias


def _both(old: UUID, current: UUID, by: User) -> tuple[Person, Person]:
    """Both rows, locked in the order of their ids, if ``by`` may merge them."""
    rows = {
        row.pk: row
        for row in Person.objects.known()
        .select_for_update()
        .filter(pk__in=(old, current))
        .order_by("pk")
    }
    if len(rows) < 2:
        raise CannotBeMerged(_("One of the two records is not there any more."))
    for row in rows.values():
        check(by, Permission.PERSON_MERGE, row)
    return rows[old], rows[current]


def _take_over(person: Person, values: Mapping[str, Any], by: User) -> None:
    facts = {name: value for name, value in values.items() if name != "coordinator"}
    if facts:
        change_person(person=person, by=by, facts=facts)
    if "coordinator" in values:
        Person.objects.filter(pk=person.pk).update(coordinator=values["coordinator"])
        record(
            PERSON_CHANGED,
            by=by,
            subject=person.pk,
            organisation=person.organisation_id,
            fields=["coordinator"],
        )


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Users by their ids; days as JSON writes them."""
    return {
        name: str(value.pk) if isinstance(value, User) else _said(value)
        for name, value in values.items()
    }


def _said(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


@transaction.atomic
def unmerge_records(*, alias: PersonAlias, by: User) -> None:
    """Take the two apart: what was handed over goes back, and so do facts that nobody changed since.

    Raises :class:`CannotBeMerged` when the record was put together with a third one since.
    """
    current = Person.objects.known().select_for_update().filter(pk=alias.current_id).first()
    old = Person.objects.select_for_update().filter(pk=alias.old_id, erased_at=None).first()
    if current is None or old is None:
        raise CannotBeMerged(
            _("The record has been put together with another since: take that apart first.")
        )
    for row in (current, old):
        check(by, Permission.PERSON_MERGE, row)
    if PersonAlias.objects.filter(pk=alias.pk, undone_at=None).exists():
        undo_merge(alias=alias, by=by)
        _give_back(alias, old, current, by)
        # Somebody looked and found them to be two: not to be suggested again.
        _decide(old.pk, current.pk, by)
        write_keys(current.pk, old.pk)


def _give_back(alias: PersonAlias, old: Person, current: Person, by: User) -> None:
    values = MergedValues.objects.filter(alias=alias).first()
    if values is None:
        return
    now = _plain({name: getattr(current, name) for name in values.after})
    back = {name: values.before[name] for name, said in values.after.items() if now[name] == said}
    if "user" in back:
        del back["user"]
        Person.objects.filter(pk=current.pk).update(user=None)
        Person.objects.filter(pk=old.pk).update(user=values.after["user"])
    if back.get("coordinator"):
        back["coordinator"] = User.objects.filter(pk=back["coordinator"]).first()
    if back.get("date_of_birth"):
        back["date_of_birth"] = date.fromisoformat(back["date_of_birth"])
    try:
        with transaction.atomic():
            _take_over(current, back, by)
    except ValidationError:
        # Something that was entered since needs what was taken over: it stays, and staff can change it.
        pass
    values.delete()


@transaction.atomic
def say_different(*, one: Person, other: Person, by: User) -> PossibleDuplicate:
    """Remember that these are two people, so that nobody is asked again."""
    one, other = _both(one.pk, other.pk, by)
    return _decide(one.pk, other.pk, by)


def _decide(one: UUID, other: UUID, by: User) -> PossibleDuplicate:
    first, second = sorted((one, other))
    pair, _made = PossibleDuplicate.objects.update_or_create(
        first_id=first,
        second_id=second,
        defaults={
            "state": PossibleDuplicate.State.DIFFERENT,
            "decided_at": timezone.now(),
            "decided_by": by,
        },
    )
    for subject, the_other in ((one, other), (other, one)):
        record(FOUND_DIFFERENT, by=by, subject=subject, details={"other": the_other})
    return pair
