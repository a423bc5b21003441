"""That somebody spoke with a person; whom the person rings; a coordinator's calendar."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from dcsn.access import Permission, check
from dcsn.accounts.models import User
from dcsn.audit import Actor, SystemJob, record
from pathways.actions.pathways import locked
from pathways.events import CALENDAR_CHANGED, CONTACT_NOTED, PATHWAY_CHANGED
from pathways.models import CaseloadCalendar, Contact, Pathway


@transaction.atomic
def note_contact(
    *, pathway: Pathway, on: date, way: str, by: Actor, note: str = "", key: UUID
) -> Contact:
    """Write down that they spoke. The same ``key`` is the same contact (a double click)."""
    current = locked(pathway)
    if not isinstance(by, SystemJob):
        check(by, Permission.PATHWAY_COORDINATE, current)
    known = Contact.objects.filter(key=key, pathway=current).first()
    if known is not None:
        return known
    contact = Contact(
        key=key,
        pathway=current,
        on=on,
        way=way,
        note=note.strip(),
        by=None if isinstance(by, SystemJob) else by,
    )
    contact.full_clean(exclude=["key"])
    contact.save(force_insert=True)
    record(
        CONTACT_NOTED,
        by=by,
        subject=current.person_id,
        organisation=current.organisation_id,
        details={"pathway": current.id, "way": str(contact.way)},
    )
    return contact


@transaction.atomic
def change_contact_person(*, pathway: Pathway, name: str, phone: str, by: User) -> Pathway:
    """Whom the person rings."""
    current = locked(pathway)
    check(by, Permission.PATHWAY_COORDINATE, current)
    facts = {"contact_name": name.strip(), "contact_phone": phone}
    changed = sorted(one for one, value in facts.items() if getattr(current, one) != value)
    if not changed:
        return current
    for one in changed:
        setattr(current, one, facts[one])
    current.version += 1
    current.full_clean(exclude=["key"])
    current.save()
    record(
        PATHWAY_CHANGED,
        by=by,
        subject=current.person_id,
        organisation=current.organisation_id,
        fields=changed,
        details={"pathway": current.id},
    )
    return current


@transaction.atomic
def new_calendar(*, user: User, instead_of: str = "") -> CaseloadCalendar:
    """An address; the one before stops. ``instead_of``: the number of the one that the page showed, so that
    a second click does not stop what the first has made."""
    found, created = CaseloadCalendar.objects.select_for_update().get_or_create(user=user)
    if not created:
        if found.live and instead_of != str(found.number):
            return found
        found.number += 1
        found.live = True
        found.made_at = timezone.now()
        found.save()
    record(CALENDAR_CHANGED, by=user)
    return found


@transaction.atomic
def end_calendar(*, user: User) -> None:
    """No address any more. A later one has another number: the old one does not come back to life."""
    found = CaseloadCalendar.objects.select_for_update().filter(user=user).first()
    if found is not None and found.live:
        found.live = False
        found.number += 1
        found.save()
        record(CALENDAR_CHANGED, by=user)
