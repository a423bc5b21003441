"""What a card saved: the member's own note. No shop sends one, and nobody but the member reads it."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from members.models import Person, Saving
from members.refusals import Refused

MOST_NOTES = 500


@transaction.atomic
def note_saving(*, person: Person, pence: int, on: date, key: UUID, words: str = "") -> Saving:
    """Keep one note. The same ``key``, once. No audit event: it is nobody's business but theirs."""
    owner = Person.objects.known().select_for_update().filter(pk=person.pk).first()
    if owner is None:
        raise Refused(_("This record is no longer in use."))
    known = owner.savings.filter(key=key).first()
    if known is not None:
        return known
    if owner.savings.count() >= MOST_NOTES:
        raise Refused(_("There are very many notes. Delete some first."))
    note = Saving(person=owner, pence=pence, on=on, key=key, words=words)
    note.full_clean(exclude=["key"])
    try:
        with transaction.atomic():
            note.save(force_insert=True)
    except IntegrityError as error:
        raise Refused(_("This form was sent before. Please fill in a new one.")) from error
    return note
