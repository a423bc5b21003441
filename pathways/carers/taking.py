"""A first stage from the website: the person and what they said, in one transaction, with one key."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from dcsn.audit import SystemJob
from members.actions.people import add_person
from pathways.actions.carers import first_stage
from pathways.carers.forms import PublicForm
from pathways.models import CarerAssessment

# A visitor at the website's form, in the audit trail.
CARER_FORM = SystemJob("carer form")


def take_from_web(form: PublicForm) -> CarerAssessment:
    """Who fills it in is recorded anew: nobody is matched by what they typed, since the answer would tell
    a stranger who is known here; staff bring two records together (docs/decisions/0056)."""
    key = form.cleaned_data["key"]
    known = CarerAssessment.objects.filter(key=key).first()
    if known is not None:
        return known
    organisation = form.cleaned_data["organisation"]
    try:
        with transaction.atomic():
            person = add_person(organisation=organisation, by=CARER_FORM, **form.facts)
            made = first_stage(
                person=person, organisation=organisation, said=form.said(), key=key, by=CARER_FORM
            )
            if made.carer_id != person.pk:
                raise IntegrityError("The same form was a moment quicker.")
            return made
    except IntegrityError:
        known = CarerAssessment.objects.filter(key=key).first()
        if known is None:
            raise
        return known
