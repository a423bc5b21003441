"""Taking an enquiry down: opened, saved as it is typed, finished."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dcsn.access import Permission, check
from dcsn.accounts.models import User
from dcsn.audit import Actor, SystemJob, record
from directory.models import Organisation, Service, TaxonomyTerm
from members.models import Person
from referrals.events import ENQUIRY_FINISHED, ENQUIRY_OPENED, ENQUIRY_SAVED, SIGNPOSTED
from referrals.models import Choice, Enquiry, Signpost
from referrals.refusals import ChangedMeanwhile, FinishedAlready, Refused

FACTS = frozenset(
    {
        "person", "channel", "route_of_access", "on_behalf_of", "words", "wants", "formats",
        "interpreter_language", "outward", "ward", "answer", "support", "unmet", "promised_on",
        "promise",
    }
)  # fmt: skip
State = Enquiry.State


@transaction.atomic
def open_enquiry(
    *,
    organisation: Organisation,
    by: Actor,
    key: uuid.UUID | None = None,
    started_at: datetime | None = None,
    origin: str = Enquiry.Origin.DESK,
    topics: Iterable[TaxonomyTerm] = (),
    **facts: Any,
) -> Enquiry:
    """Begin one at an access point. The same ``key`` is the same enquiry (a double click).

    ``started_at``: when its page was opened, which is before anything was saved.
    """
    _check_facts(facts)
    enquiry = Enquiry(organisation=organisation, origin=origin, **facts)
    if not isinstance(by, SystemJob):
        check(by, Permission.ENQUIRY_TAKE, enquiry)
        enquiry.taken_by = by
    if key is not None:
        enquiry.key = key
    if started_at is not None:
        enquiry.started_at = min(started_at, timezone.now())
    enquiry.full_clean(exclude=["key"])
    try:
        with transaction.atomic():
            enquiry.save(force_insert=True)
    except IntegrityError:
        found = Enquiry.objects.filter(key=enquiry.key, organisation=organisation).first()
        if found is None:
            raise
        return found
    enquiry.topics.set(topics)
    record(
        ENQUIRY_OPENED,
        by=by,
        subject=enquiry.person_id,
        organisation=organisation.id,
        details={"enquiry": enquiry.id},
    )
    return enquiry


@transaction.atomic
def save_enquiry(
    *,
    enquiry: Enquiry,
    by: User,
    version: int,
    facts: Mapping[str, Any],
    topics: Iterable[TaxonomyTerm] | None = None,
) -> Enquiry:
    """Keep what has been typed so far. Nothing is written when nothing differs.

    :raises ChangedMeanwhile: somebody else saved since ``version``; the page shows both.
    :raises FinishedAlready: it is no longer open.
    """
    _check_facts(facts)
    current = locked(enquiry)
    check_takes(by, current)
    changed = sorted(name for name, value in facts.items() if getattr(current, name) != value)
    chosen = None if topics is None else list(topics)
    topics_differ = chosen is not None and set(chosen) != set(current.topics.all())
    if not changed and not topics_differ:
        return current
    if not current.is_open:
        raise FinishedAlready(_("This enquiry was finished. What you typed since is below."))
    if version != current.version:
        raise ChangedMeanwhile(_("Somebody else has written in this enquiry since you opened it."))
    for name in changed:
        setattr(current, name, facts[name])
    current.version += 1
    current.full_clean(exclude=["key"])
    current.save()
    if topics_differ:
        current.topics.set(chosen or [])
    record(
        ENQUIRY_SAVED,
        by=by,
        subject=current.person_id,
        organisation=current.organisation_id,
        fields=[*changed, *(["topics"] if topics_differ else [])],
        details={"enquiry": current.id},
    )
    return current


@transaction.atomic
def choose_service(
    *, enquiry: Enquiry, service: Service, by: User, way: str = Choice.Way.SIGNPOST, note: str = ""
) -> Choice:
    """Pick a service for an open enquiry, or change what is to be done with it."""
    current = locked(enquiry)
    check_takes(by, current)
    if not current.is_open:
        raise FinishedAlready(_("This enquiry was finished already."))
    choice, _created = Choice.objects.update_or_create(
        enquiry=current, service=service, defaults={"way": way, "note": note}
    )
    return choice


@transaction.atomic
def drop_service(*, enquiry: Enquiry, service: Service, by: User) -> None:
    current = locked(enquiry)
    check_takes(by, current)
    Choice.objects.filter(enquiry=current, service=service).delete()


@transaction.atomic
def signpost(
    *, enquiry: Enquiry, services: Iterable[Service], way: str, by: User, ask_on: Any = None
) -> list[Signpost]:
    """Note that somebody was told about services. ``ask_on``: the day on which they agreed to be asked
    how it went. Once a service and enquiry: told and then printed is the better of the two."""
    current = locked(enquiry)
    check_takes(by, current)
    given = []
    for service in services:
        row, _created = Signpost.objects.update_or_create(
            enquiry=current,
            service=service,
            defaults={
                "way": way,
                "follow_up": Signpost.FollowUpState.DUE if ask_on else "",
                "follow_up_on": ask_on,
            },
        )
        given.append(row)
        record(
            SIGNPOSTED,
            by=by,
            subject=current.person_id,
            organisation=current.organisation_id,
            details={"enquiry": current.id, "service": service.id, "way": str(way)},
        )
    return given


@transaction.atomic
def finish_enquiry(
    *, enquiry: Enquiry, state: str, by: Actor, version: int | None = None
) -> Enquiry:
    """Say what came of it. Finishing again in the same way changes nothing (a double click).

    :raises FinishedAlready: somebody else finished it otherwise.
    """
    current = locked(enquiry)
    if not isinstance(by, SystemJob):
        check_takes(by, current)
    if state == State.OPEN or state not in State.values:
        raise Refused(_("Say what came of the enquiry."))
    if current.state == state:
        return current
    if not current.is_open and state != State.ENTERED_IN_ERROR:
        raise FinishedAlready(
            _("This enquiry was finished already: %(state)s.")
            % {"state": current.get_state_display()}
        )
    if version is not None and version != current.version:
        raise ChangedMeanwhile(_("Somebody else has written in this enquiry since you opened it."))
    current.state = state
    current.finished_at = current.finished_at or timezone.now()
    current.version += 1
    current.full_clean(exclude=["key"])
    current.save()
    record(
        ENQUIRY_FINISHED,
        by=by,
        subject=current.person_id,
        organisation=current.organisation_id,
        # The trail is read by the person too: it does not say that a concern was raised.
        details={
            "enquiry": current.id,
            "state": "closed" if state == State.SAFEGUARDING else state,
        },
    )
    return current


def locked(enquiry: Enquiry) -> Enquiry:
    """The row as it is now, held until the transaction ends."""
    return (
        Enquiry.objects.select_for_update(of=("self",))
        .select_related("organisation", "person")
        .get(pk=enquiry.pk)
    )


def check_takes(by: User, enquiry: Enquiry) -> None:
    """Return if ``by`` may write in this enquiry: 404 outside their access point, 403 inside."""
    check(by, Permission.ENQUIRY_TAKE, enquiry)


def _check_facts(facts: Mapping[str, Any]) -> None:
    unknown = set(facts) - FACTS
    if unknown:
        raise TypeError(f"Not a fact about an enquiry: {', '.join(sorted(unknown))}")
    person = facts.get("person")
    if isinstance(person, Person) and (person.erased_at or person.merged_at):
        raise Refused(_("This person's record is no longer in use."))
