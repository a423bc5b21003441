"""First Contact checklists as the tests need them.

published_version()                      two questions in use: falls (topic), warmth (topic)
draft_version()                          a copy of it, being changed
checklist(answers={"falls": "yes"})      a visit, entered by somebody of the access point
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone

from dcsn.accounts.models import User
from directory.models import Organisation, TaxonomyTerm
from members.models import Person
from referrals.checklists.questions import begin_draft
from referrals.checklists.visits import Visit, enter_checklist
from referrals.models import Checklist, ChecklistQuestion, ChecklistVersion
from tests.factories.concern import staff_at
from tests.factories.person import PersonFactory, access_point
from tests.factories.topic import TopicFactory
from tests.factories.user import UserFactory


def topic(slug: str) -> TaxonomyTerm:
    found = TaxonomyTerm.objects.filter(slug=slug).first()
    return found or TopicFactory(slug=slug, name=slug.capitalize())


def published_version(*codes: str) -> ChecklistVersion:
    """The edition in use; made, with a question for each code, where there is none."""
    found = ChecklistVersion.objects.current()
    if found is not None:
        return found
    version = ChecklistVersion.objects.create(number=1)
    for position, code in enumerate(codes or ("falls", "warmth"), start=1):
        question = ChecklistQuestion.objects.create(
            version=version, position=position, code=code, words=f"Is it about {code}?"
        )
        question.topics.add(topic(code))
    version.state = ChecklistVersion.State.PUBLISHED
    version.published_at = timezone.now()
    version.save()
    return version


def draft_version(by: User | None = None) -> ChecklistVersion:
    published_version()
    return begin_draft(by=by or hub_lead())


def hub_lead(organisation: Organisation | None = None) -> User:
    organisation = organisation or access_point()
    return UserFactory(role="hub_lead", role__organisation_id=organisation.id, second_factor=True)


def a_visit(**facts: Any) -> Visit:
    return Visit(
        **{
            "visitor_name": "Vera Visitor",
            "visitor_organisation": "Fire service",
            "place": Checklist.Place.HOME,
            "visited_on": date.today(),
            **facts,
        }
    )


def checklist(
    *,
    organisation: Organisation | None = None,
    person: Person | None = None,
    answers: dict[str, str] | None = None,
    by: User | None = None,
    words: str = "",
    **visit: Any,
) -> Checklist:
    """A visit; answers by the questions' codes, by default yes to the first."""
    organisation = organisation or (person.organisation if person else access_point())
    person = person or PersonFactory(organisation=organisation)
    version = published_version()
    said = {"falls": "yes"} if answers is None else answers
    return enter_checklist(
        organisation=organisation,
        person=person,
        visit=a_visit(**visit),
        answers={
            question.pk: said.get(question.code, "not-asked")
            for question in version.questions.all()
        },
        words=words,
        by=by or staff_at(organisation),
        version=version,
    )
