"""Handing in equality answers: in, and never out again."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dcsn.access import Permission, check
from dcsn.accounts.models import User
from dcsn.audit import record
from members.events import EQUALITY_RECORDED
from members.models import EqualityAnswers, Person
from members.refusals import Refused


@transaction.atomic
def hand_in_equality(*, person: Person, answers: Mapping[str, str], by: User) -> None:
    """Keep the answers in place of any that were there; a question left out is empty.

    Returns nothing, on purpose. Raises ``ValidationError`` for an answer that is none of the choices.
    """
    unknown = set(answers) - set(EqualityAnswers.QUESTIONS)
    if unknown:
        raise TypeError(f"Not a question: {', '.join(sorted(unknown))}")
    held = Person.objects.select_for_update().filter(pk=person.pk, erased_at=None).first()
    if held is None:
        raise Refused(_("This person’s record has been erased."))
    check(by, Permission.EQUALITY_RECORD, held)
    row = EqualityAnswers(
        person=held,
        recorded_on=timezone.localdate(),
        **{name: answers.get(name, "") for name in EqualityAnswers.QUESTIONS},
    )
    row.full_clean(validate_unique=False)
    EqualityAnswers.objects.filter(person=held).delete()
    row.save(force_insert=True)
    record(EQUALITY_RECORDED, by=by, subject=held.id, organisation=held.organisation_id)
