"""Entering a visit: its answers, and the services that follow from them. The rest is the enquiry's."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from dcsn.access import Permission, check
from dcsn.accounts.models import User
from dcsn.audit import record
from directory.models import Organisation, Service, TaxonomyTerm
from directory.wards import ward_of
from members.models import Person, SharingAgreement
from referrals.actions.enquiries import (
    choose_service,
    drop_service,
    open_enquiry,
    save_enquiry,
)
from referrals.actions.enquiries import locked as locked_enquiry
from referrals.events import CHECKLIST_CHANGED, CHECKLIST_ENTERED
from referrals.models import (
    Checklist,
    ChecklistAnswer,
    ChecklistQuestion,
    ChecklistVersion,
    Choice,
    Enquiry,
)
from referrals.models.referral import REASON_TEXT_AT_MOST
from referrals.refusals import ChangedMeanwhile, FinishedAlready

Answer = ChecklistAnswer.Answer


@dataclass(frozen=True)
class Visit:
    """Who went where, and when."""

    visitor_name: str
    visitor_organisation: str
    place: str
    visited_on: date
    on_paper: bool = False


@transaction.atomic
def enter_checklist(
    *,
    organisation: Organisation,
    person: Person,
    visit: Visit,
    answers: Mapping[UUID, str],
    words: str,
    by: User,
    version: ChecklistVersion,
    key: uuid.UUID | None = None,
) -> Checklist:
    """Write a visit down as an enquiry with its answers. The same ``key`` is the same visit."""
    key = key or uuid.uuid4()
    found = Checklist.objects.filter(enquiry__key=key, enquiry__organisation=organisation).first()
    if found is not None:
        return found
    questions = list(version.questions.prefetch_related("topics"))
    enquiry = open_enquiry(
        organisation=organisation,
        by=by,
        key=key,
        origin=Enquiry.Origin.CHECKLIST,
        channel=_channel(visit.place),
        person=person,
        words=words,
        formats=list(person.formats),
        interpreter_language=person.interpreter_language,
        outward=person.postcode.split(" ")[0],
        ward=ward_of(person.postcode) if person.postcode else "",
        topics=_topics(questions, answers),
    )
    check(by, Permission.CHECKLIST_USE, enquiry)
    found = Checklist.objects.filter(enquiry=enquiry).first()
    if found is not None:
        return found  # the twin of a double click was a moment quicker
    checklist = Checklist(enquiry=enquiry, version=version, **asdict(visit))
    checklist.full_clean()
    checklist.save(force_insert=True)
    _write(checklist, questions, answers)
    record(
        CHECKLIST_ENTERED,
        by=by,
        subject=person.id,
        organisation=organisation.id,
        details={"enquiry": enquiry.id, "checklist": checklist.id},
    )
    return checklist


@transaction.atomic
def change_checklist(
    *,
    checklist: Checklist,
    visit: Visit,
    answers: Mapping[UUID, str],
    words: str,
    by: User,
    revision: int,
) -> Checklist:
    """Put right what was entered, as long as nothing was sent.

    :raises ChangedMeanwhile: somebody else changed it since the page was opened.
    :raises FinishedAlready: its referrals are sent.
    """
    enquiry = locked_enquiry(checklist.enquiry)
    check(by, Permission.CHECKLIST_USE, enquiry)
    current = Checklist.objects.select_related("version").get(pk=checklist.pk)
    if not enquiry.is_open:
        raise FinishedAlready(_("This checklist was finished already. Nothing was changed."))
    if current.revision != revision:
        raise ChangedMeanwhile(
            _(
                "Somebody else has changed this checklist since you opened it. What you typed is below."
            )
        )
    for name, value in asdict(visit).items():
        setattr(current, name, value)
    current.revision += 1
    current.full_clean()
    current.save()
    questions = list(current.version.questions.prefetch_related("topics"))
    _write(current, questions, answers)
    save_enquiry(
        enquiry=enquiry,
        by=by,
        version=enquiry.version,
        facts={"words": words, "channel": _channel(visit.place)},
        topics=_topics(questions, answers),
    )
    record(
        CHECKLIST_CHANGED,
        by=by,
        subject=enquiry.person_id,
        organisation=enquiry.organisation_id,
        details={"checklist": current.id},
    )
    return current


@transaction.atomic
def choose_services(
    *,
    checklist: Checklist,
    proposed: Iterable[Service],
    chosen: Iterable[UUID],
    by: User,
    why: Mapping[UUID, str] | None = None,
) -> int:
    """What was ticked of what was proposed goes on the enquiry's list, and what was not comes off it.

    ``why`` says for each service what the receiver is asked for, until somebody writes it better.
    Where the organisation has no sharing agreement in force the person is only told. Returns how many
    are to be referred.
    """
    from django.utils import timezone

    enquiry = locked_enquiry(checklist.enquiry)
    check(by, Permission.CHECKLIST_USE, enquiry)
    if not enquiry.is_open:
        raise FinishedAlready(_("This checklist was finished already. Nothing was changed."))
    services = {service.id: service for service in proposed}
    wanted = set(chosen)
    agreements = SharingAgreement.objects.in_force_for(
        {service.organisation_id for service in services.values()}, timezone.localdate()
    )
    before = {choice.service_id: choice for choice in enquiry.choices.all()}
    for key, service in services.items():
        if key not in wanted:
            if key in before:
                drop_service(enquiry=enquiry, service=service, by=by)
            continue
        if key in before:
            continue  # somebody may have written a note beside it
        may_share = (
            service.organisation_id in agreements
            or service.organisation_id == enquiry.organisation_id
        )
        choose_service(
            enquiry=enquiry,
            service=service,
            by=by,
            way=Choice.Way.REFER if may_share else Choice.Way.SIGNPOST,
            note=(why or {}).get(key, "")[:REASON_TEXT_AT_MOST],
        )
    return enquiry.choices.filter(way=Choice.Way.REFER).count()


def _channel(place: str) -> str:
    if place == Checklist.Place.PHONE:
        return str(Enquiry.Channel.PHONE)
    if place == Checklist.Place.ACCESS_POINT:
        return str(Enquiry.Channel.WALK_IN)
    return str(Enquiry.Channel.VISIT if place == Checklist.Place.HOME else Enquiry.Channel.OUTREACH)


def _topics(
    questions: Iterable[ChecklistQuestion], answers: Mapping[UUID, str]
) -> list[TaxonomyTerm]:
    """The topics of every yes, for the enquiry's own figures."""
    found = {
        term.pk: term
        for question in questions
        if answers.get(question.pk) == Answer.YES
        for term in question.topics.all()
    }
    return list(found.values())


def _write(
    checklist: Checklist, questions: Iterable[ChecklistQuestion], answers: Mapping[UUID, str]
) -> None:
    """One row for each question, also for those that were not asked."""
    for question in questions:
        ChecklistAnswer.objects.update_or_create(
            checklist=checklist,
            question=question,
            defaults={"answer": Answer(answers.get(question.pk, Answer.NOT_ASKED))},
        )
