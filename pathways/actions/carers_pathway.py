"""A pathway of the kind for carers, begun from what a carer said in the first stage."""

from __future__ import annotations

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from dcsn.access import Permission, check
from dcsn.accounts.models import User
from members.models import Person
from pathways.actions.pathways import begin_pathway, move_stage
from pathways.actions.plans import begin_plan, write_words
from pathways.models import CarerAssessment, Part, Pathway, PathwayKind, Route
from pathways.refusals import NotPossible

KIND = "carers"


def carers_kind() -> PathwayKind | None:
    return PathwayKind.objects.filter(code=KIND, offered=True).first()


def their_pathway(person: Person) -> Pathway | None:
    """The one that goes on, whoever goes with them."""
    return Pathway.objects.open().filter(person=person, kind__code=KIND).first()


@transaction.atomic
def begin_for_carer(*, assessment: CarerAssessment, by: User) -> Pathway:
    """Begin it with ``by`` as the coordinator, in the stage that they have reached; what they said is the
    beginning of their plan. Pressed twice, or by two people at once, it is one pathway, the first's.
    """
    check(by, Permission.CARER_ASSESS, assessment)
    carers = Person.objects.known().filter(carer_assessments=assessment)
    person = carers.select_for_update(of=("self",)).first()
    kind = carers_kind()
    if person is None:
        raise NotPossible(_("This person's record is no longer in use."))
    check(by, Permission.PATHWAY_COORDINATE, person)
    known = their_pathway(person)
    if known is not None:
        return known
    if kind is None:
        raise NotPossible(_("A pathway for carers cannot be begun at the moment."))
    pathway = begin_pathway(
        person=person,
        kind=kind,
        organisation=person.organisation,
        route=Route.HOME_INTERNET if assessment.by_carer else Route.ACCESS_POINT,
        by=by,
        coordinator=by,
        # Once one has ended, another can begin.
        key=uuid.uuid5(assessment.pk, f"pathway {_had(person)}"),
    )
    code = "second-stage" if assessment.trigger else "first-stage"
    reached = kind.stages.filter(code=code).first()
    if reached is not None:
        pathway = move_stage(pathway=pathway, stage=reached, by=by)
    plan = begin_plan(pathway=pathway, by=by)
    for part, words in ((Part.ABOUT_ME, assessment.effects), (Part.MATTERS, assessment.wants)):
        if words:
            write_words(plan=plan, part=part, words=words, base="", by=by)
    return pathway


def _had(person: Person) -> int:
    """How many they have had."""
    return Pathway.objects.filter(person=person, kind__code=KIND).count()
