""" "Post it to me": taking a request down, ticking it off, and forgetting whose it was."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from dcsn.access import Permission, check
from dcsn.accounts.models import User
from dcsn.audit import Actor, SystemJob, record
from dcsn.messages import Channel, Recipient, queue_message
from dcsn.messages.actions import redact
from dcsn.messages.models import Message
from dcsn.network import network
from dcsn.privacy.holds import without_held
from directory.models import Organisation, Service, TaxonomyTerm
from directory.residency import residency
from members.events import PAPER_ASKED, PAPER_SETTLED, PAPER_WIPED
from members.models import Consent, PaperItem, PaperRequest, Person
from members.refusals import NothingToPost, Refused, SettledAlready
from members.wordings import current_wording

# A resident at the website's form, in the audit trail.
PAPER_FORM = SystemJob("paper form")
RETENTION = SystemJob("paper retention")
MOST_SERVICES = 50

State = PaperRequest.State
# From which state a request may be moved to which; back to "asked" when somebody ticked the wrong one.
MOVES: dict[str, frozenset[str]] = {
    State.ASKED: frozenset({State.POSTED, State.NOT_SENT}),
    State.POSTED: frozenset({State.RETURNED, State.ASKED}),
    State.NOT_SENT: frozenset({State.ASKED}),
    State.RETURNED: frozenset({State.ASKED}),
}


@dataclass(frozen=True)
class Wanted:
    """One service whose sheet is to be posted, and what they wrote down about it."""

    service: Service
    note: str = ""


@dataclass(frozen=True)
class Envelope:
    """Where to, and how it must be printed."""

    name: str
    address_1: str
    address_2: str
    town: str
    postcode: str
    phone: str
    email: str
    size: int
    easy_read: bool
    other_format: str


@transaction.atomic
def ask_for_paper(
    *,
    key: uuid.UUID,
    organisation: Organisation,
    wanted: Sequence[Wanted],
    topic: TaxonomyTerm | None,
    envelope: Envelope,
    via: str,
    by: Actor,
    person: Person | None = None,
) -> PaperRequest:
    """Take a request down. The same ``key`` is the same request: what is sent last counts while it
    waits, so that somebody who goes back and corrects their address gets one envelope, at the right
    door.

    Raises :class:`NothingToPost`, and :class:`SettledAlready` when it is already in the post.
    """
    if not wanted and topic is None:
        raise NothingToPost(_("Choose what you would like to have posted."))
    if person is not None:
        # Locked, so that it cannot slip in behind an erasure.
        person = Person.objects.select_for_update().filter(pk=person.pk, erased_at=None).first()
        if person is None:
            raise Refused(_("This person's record has been erased."))
    if not isinstance(by, SystemJob):
        check(by, Permission.PAPER_REQUEST_FOR_PERSON, PaperRequest(organisation=organisation))
    facts: dict[str, Any] = {
        **vars(envelope),
        "area": residency(envelope.postcode).value,
        "topic": topic,
        "person": person,
        "wording": current_wording("post").code,
    }
    request = _new_or_waiting(key, organisation, via, by, facts)
    request.items.all().delete()
    PaperItem.objects.bulk_create(
        PaperItem(request=request, service=one.service, position=position, note=one.note)
        for position, one in enumerate(wanted[:MOST_SERVICES])
    )
    record(
        PAPER_ASKED,
        by=by,
        subject=request.person_id,
        organisation=organisation.id,
        details={"request": request.id, "via": str(via)},
    )
    return request


def _new_or_waiting(
    key: uuid.UUID, organisation: Organisation, via: str, by: Actor, facts: dict[str, Any]
) -> PaperRequest:
    asked_by = None if isinstance(by, SystemJob) else by
    request = PaperRequest(key=key, organisation=organisation, via=via, asked_by=asked_by, **facts)
    request.full_clean(validate_unique=False, validate_constraints=False)
    try:
        with transaction.atomic():
            request.save(force_insert=True)
    except IntegrityError:
        found = PaperRequest.objects.select_for_update().filter(key=key).first()
        if found is None:
            raise
        if found.organisation_id != organisation.id or found.asked_by != asked_by:
            # A key is only known to whoever opened the form; somebody else's is not to be changed.
            raise SettledAlready(
                _("This form was sent before. Please fill in a new one.")
            ) from None
        if not found.is_waiting:
            raise SettledAlready(
                _("What you asked for is in the post already. To have more posted, ask again.")
            ) from None
        for name, value in facts.items():
            setattr(found, name, value)
        found.save(update_fields=list(facts))
        return found
    return request


@transaction.atomic
def settle_paper(
    *, request: PaperRequest, seen: str, becomes: str, by: User, why: str = ""
) -> PaperRequest:
    """Say what became of a request. ``seen`` is the state that the page showed.

    Raises :class:`SettledAlready` when somebody else was quicker. Posted: notes are forgotten at once,
    and whoever gave an e-mail address is told.
    """
    current = PaperRequest.objects.select_for_update().get(pk=request.pk)
    check(by, Permission.PAPER_QUEUE, current)
    if current.state != seen or current.wiped_at or becomes not in MOVES[current.state]:
        raise SettledAlready(_already(current))
    now = timezone.now()
    current.state = becomes
    current.done_at = None if becomes == State.ASKED else now
    current.done_by = None if becomes == State.ASKED else by
    current.why_not = why if becomes in (State.NOT_SENT, State.RETURNED) else ""
    current.save(update_fields=["state", "done_at", "done_by", "why_not"])
    if becomes == State.POSTED:
        current.items.update(note="")
        if current.email:
            _tell_posted(current, by)
    record(
        PAPER_SETTLED,
        by=by,
        subject=current.person_id,
        organisation=current.organisation_id,
        details={"request": current.id, "state": str(becomes)},
    )
    return current


def _already(request: PaperRequest) -> str:
    """In words for whoever came second."""
    if request.done_at is None or request.done_by is None:
        return _("Somebody else changed this request a moment ago. This is how it is now.")
    return _("%(name)s marked this request as “%(state)s” on %(when)s.") % {
        "name": request.done_by,
        "state": request.get_state_display(),
        "when": date_format(timezone.localtime(request.done_at), "j F, g:i a"),
    }


def _posted_key(request: PaperRequest) -> str:
    """What the keys of the e-mails about this request begin with."""
    return f"paper-posted:{request.id}:"


def _tell_posted(request: PaperRequest, by: User) -> None:
    """An e-mail that says nothing about what is in the envelope: others may read it."""
    here = network()
    queue_message(
        channel=Channel.EMAIL,
        key=f"{_posted_key(request)}{request.done_at:%Y%m%d%H%M%S}",
        to=Recipient(request.name, request.email),
        subject=_("Your sheets are in the post"),
        body=_(
            "Hello,\n\nwhat you asked for has been posted to you today.\n\n"
            "If it has not come in a week, ring us on %(number)s and say %(reference)s.\n\n%(network)s"
        )
        % {"number": here.helpline, "reference": request.reference, "network": here.name},
        by=by,
        about=request.person_id,
        organisation=request.organisation_id,
    )


def wipe_old_requests() -> int:
    """Forget names and addresses whose time is up; returns how many. Safe to run twice at once."""
    wiped = 0
    due = without_held(PaperRequest.objects.to_be_wiped())
    for identifier in list(due.values_list("pk", flat=True)):
        with transaction.atomic():
            request = (
                without_held(PaperRequest.objects.to_be_wiped())
                .select_for_update(skip_locked=True)
                .filter(pk=identifier)
                .first()
            )
            if request is None:
                continue
            now = timezone.now()
            if request.is_waiting:
                request.state, request.done_at = State.NOT_SENT, now
            for name in PaperRequest.PERSONAL:
                setattr(request, name, "")
            request.easy_read = False
            request.wiped_at = now
            request.save()
            request.items.update(note="")
            # The outbox keeps its own copy of the name and e-mail address, and for longer.
            redact(Message.objects.filter(key__startswith=_posted_key(request)))
            record(
                PAPER_WIPED,
                by=RETENTION,
                subject=request.person_id,
                organisation=request.organisation_id,
                details={"request": request.id},
            )
            wiped += 1
    return wiped


def remember(*, envelope: Envelope, organisation: Organisation, via: str, by: User) -> Person:
    """Keep somebody for the next time, because they said so to a member of staff.

    Called inside the transaction of the request. Raises ``ValidationError``.
    """
    from members.actions.people import add_person, record_consent

    given, _blank, family = envelope.name.rpartition(" ")
    size = f"print_{envelope.size}"
    person = add_person(
        organisation=organisation,
        by=by,
        given_name=given,
        family_name=family,
        address_1=envelope.address_1,
        address_2=envelope.address_2,
        town=envelope.town,
        postcode=envelope.postcode,
        phone=envelope.phone,
        email=envelope.email,
        formats=[size, "easy_read"] if envelope.easy_read else [size],
    )
    for purpose in ("remember", "post"):
        record_consent(
            person=person,
            organisation=organisation,
            purpose=purpose,
            categories=["name", "address", "contact", "formats"],
            how=Consent.How.SPOKEN,
            by=by,
        )
    return person
