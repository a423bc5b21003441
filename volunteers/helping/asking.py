"""A request from the website: the person and what they ask, in one transaction and with one key."""

from __future__ import annotations

from uuid import UUID

from django.db import IntegrityError, transaction

from dcsn.audit import Actor, SystemJob
from directory.models import Organisation
from members.actions.people import add_person
from members.models import Person
from volunteers.actions.help import ask_for_help
from volunteers.helping.forms import WebForm
from volunteers.models import HelpRequest

# A visitor at the website's form, in the audit trail.
HELP_FORM = SystemJob("help form")


def take_from_web(*, form: WebForm, organisation: Organisation) -> HelpRequest:
    """Write it down. Who asks is recorded anew: nobody is matched by what they typed, since the answer
    would tell a stranger who is known here; staff bring two records together."""
    key: UUID = form.cleaned_data["key"]
    known = HelpRequest.objects.filter(key=key).first()
    if known is not None:
        return known
    try:
        with transaction.atomic():
            person = add_person(organisation=organisation, by=HELP_FORM, **form.who)
            request = _ask(form, person, organisation, HELP_FORM)
            if request.person_id != person.pk:
                raise IntegrityError("The same form was a moment quicker.")
            return request
    except IntegrityError:
        known = HelpRequest.objects.filter(key=key).first()
        if known is None:
            raise
        return known


def _ask(form: WebForm, person: Person, organisation: Organisation, by: Actor) -> HelpRequest:
    return ask_for_help(
        person=person,
        organisation=organisation,
        kind=form.cleaned_data["kind"],
        what=form.cleaned_data["what"],
        channel=HelpRequest.Channel.WEB,
        by=by,
        key=form.cleaned_data["key"],
        **form.facts,
    )
