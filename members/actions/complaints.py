"""Complaints about personal data: taking one down, acknowledging and answering it in time."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from dcsn.access import Permission, can
from dcsn.accounts.models import User
from dcsn.audit import Actor, SystemJob, record
from dcsn.messages import Channel, Recipient, queue_message
from dcsn.network import network
from directory.models import Organisation
from members.events import COMPLAINT_MADE, COMPLAINT_MOVED, COMPLAINT_WIPED
from members.models import Complaint, Person
from members.refusals import ComplaintChanged, Refused
from members.role_holders import holders, protection_leads

COMPLAINT_FORM = SystemJob("complaint form")
COMPLAINT_CLOCK = SystemJob("complaint clock")
RETENTION = SystemJob("retention")
# Before the last day for acknowledging, whoever must do it is written to once more.
WARN_BEFORE = timedelta(days=7)

State = Complaint.State
MOVES: dict[str, frozenset[str]] = {
    State.RECEIVED: frozenset({State.ACKNOWLEDGED, State.ANSWERED, State.WITHDRAWN}),
    State.ACKNOWLEDGED: frozenset({State.ANSWERED, State.WITHDRAWN}),
    State.ANSWERED: frozenset(),
    State.WITHDRAWN: frozenset(),
}


@transaction.atomic
def make_complaint(
    *,
    key: uuid.UUID,
    facts: dict[str, Any],
    organisation: Organisation | None,
    via: str,
    received_on: date,
    by: Actor,
    person: Person | None = None,
) -> Complaint:
    """Take a complaint down. The same ``key`` is the same complaint: what is sent last counts until
    somebody has acknowledged it.

    Raises ``ValidationError`` for one that cannot be answered, :class:`ComplaintChanged` when it has
    been acknowledged already.
    """
    if person is not None:
        person = Person.objects.select_for_update().filter(pk=person.pk, erased_at=None).first()
        if person is None:
            raise Refused(_("This person's record has been erased."))
    complaint = Complaint(
        key=key,
        organisation=organisation,
        person=person,
        via=via,
        received_on=received_on,
        taken_by=None if isinstance(by, SystemJob) else by,
        **facts,
    )
    complaint.start_clock()
    complaint.full_clean(validate_unique=False)
    try:
        with transaction.atomic():
            complaint.save(force_insert=True)
    except IntegrityError:
        return _sent_again(complaint)
    record(
        COMPLAINT_MADE,
        by=by,
        subject=complaint.person_id,
        organisation=complaint.organisation_id,
        details={"complaint": complaint.id, "via": str(via)},
    )
    _tell_handlers(
        complaint,
        what="arrived",
        subject=_("A complaint about personal data has come in"),
        body=_(
            "The complaint %(reference)s came in on %(day)s. It must be acknowledged by "
            "%(last)s.\n\n%(network)s"
        ),
        by=by,
    )
    return complaint


def _sent_again(complaint: Complaint) -> Complaint:
    found = Complaint.objects.select_for_update().filter(key=complaint.key).first()
    if found is None or found.taken_by_id != complaint.taken_by_id:
        # A key is only known to whoever opened the form; somebody else's is not to be changed.
        raise ComplaintChanged(_("This form was sent before. Please fill in a new one."))
    if found.state != State.RECEIVED:
        raise ComplaintChanged(
            _("We have your complaint already, %(reference)s, and have begun to deal with it.")
            % {"reference": found.reference}
        )
    names = [*Complaint.PERSONAL, "answer_by", "size", "organisation"]
    for name in names:
        setattr(found, name, getattr(complaint, name))
    found.version += 1
    found.save(update_fields=[*names, "version"])
    return found


def _tell_handlers(complaint: Complaint, *, what: str, subject: str, body: str, by: Actor) -> None:
    """An e-mail with the reference alone to whoever must deal with it; once for each of them."""
    users = {user.pk: user for user in protection_leads()}
    if complaint.organisation_id is not None:
        users |= {user.pk: user for user in holders("hub_lead", complaint.organisation_id)}
    words = {
        "reference": complaint.reference,
        "day": date_format(complaint.received_on, "j F Y"),
        "last": date_format(complaint.acknowledge_by, "j F Y"),
        "network": network().name,
    }
    for user in users.values():
        queue_message(
            channel=Channel.EMAIL,
            key=f"complaint-{what}:{complaint.id}:{user.pk}",
            to=Recipient(user.name, user.email),
            subject=subject,
            body=body % words,
            by=by,
            organisation=complaint.organisation_id,
        )


@transaction.atomic
def move_complaint(
    *,
    complaint: Complaint,
    to: str,
    version: int,
    by: User,
    text: str = "",
    outcome: str = "",
) -> Complaint:
    """Acknowledge it, answer it, or note that it was taken back; the person is written to as they chose.

    ``text``: the answer; with an acknowledgement a sentence of one's own; why it was taken back.
    Raises :class:`ComplaintChanged` when somebody else did something since ``version`` was shown.
    """
    current = (
        Complaint.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=complaint.pk)
    ).first()
    if current is None or not can(by, Permission.COMPLAINT_HANDLE):
        raise Complaint.DoesNotExist
    if current.version != version or to not in MOVES[current.state]:
        raise ComplaintChanged(
            _("Somebody else has dealt with this complaint meanwhile: it is %(state)s now.")
            % {"state": current.get_state_display()}
        )
    now = timezone.now()
    if to == State.ANSWERED:
        current.outcome, current.answer = Complaint.Outcome(outcome).value, text
    elif to == State.WITHDRAWN:
        current.withdrawn_why = text
    if to in (State.ACKNOWLEDGED, State.ANSWERED) and current.acknowledged_at is None:
        # An answer in time is an acknowledgement, too.
        current.acknowledged_at = now
    if to in Complaint.CLOSED:
        current.closed_at = now
    current.state, current.handled_by, current.version = to, by, current.version + 1
    current.save()
    record(
        COMPLAINT_MOVED,
        by=by,
        subject=current.person_id,
        organisation=current.organisation_id,
        details={"complaint": current.id, "state": str(to)},
    )
    if to != State.WITHDRAWN:
        _write(current, to, text, by)
    return current


def _write(complaint: Complaint, to: str, text: str, by: User) -> None:
    """To the outbox, in the way and the size that they chose; whoever wants a call is rung by staff."""
    match complaint.answer_by:
        case Complaint.AnswerBy.EMAIL:
            channel, address = Channel.EMAIL, complaint.email
        case Complaint.AnswerBy.LETTER:
            channel, address = Channel.LETTER, "\n".join(complaint.address_lines)
        case _:
            return
    queue_message(
        channel=channel,
        key=f"complaint-{to}:{complaint.id}",
        to=Recipient(complaint.name, address),
        subject=_("Your complaint %(reference)s") % {"reference": complaint.reference},
        body=words_of(complaint, to, text),
        by=by,
        about=complaint.person_id,
        organisation=complaint.organisation_id,
        size=complaint.size,
    )


def words_of(complaint: Complaint, to: str, text: str) -> str:
    """What they are told, in full; staff who ring read it out."""
    day = date_format(complaint.received_on, "j F Y")
    said = {"day": day, "reference": complaint.reference, "network": network().name}
    if to == State.ACKNOWLEDGED:
        paragraphs = [
            _("We got your complaint about your personal data on %(day)s.") % said,
            text,
            _(
                "We are looking into it and will tell you what we find as soon as we can. "
                "To ask about it, say the reference %(reference)s."
            )
            % said,
        ]
    else:
        paragraphs = [
            _("You complained to us about your personal data on %(day)s.") % said,
            text,
            _(
                "If you are not content with this answer, you can complain to the Information "
                "Commissioner's Office (ico.org.uk). You can also take it to a court."
            ),
        ]
    helpline = network().helpline
    if helpline:
        paragraphs.append(_("You can ring us: %(number)s.") % {"number": helpline})
    paragraphs.append(network().name)
    return "\n\n".join(part for part in paragraphs if part)


@transaction.atomic
def remind_of_complaints(on: date | None = None) -> int:
    """Write once more about those that must be acknowledged within a week; returns how many those are."""
    day = on or timezone.localdate()
    waiting = list(
        Complaint.objects.to_acknowledge()
        .filter(acknowledge_by__lte=day + WARN_BEFORE)
        .select_for_update(skip_locked=True, of=("self",))
    )
    for complaint in waiting:
        _tell_handlers(
            complaint,
            what="due",
            subject=_("A complaint about personal data must be acknowledged"),
            body=_(
                "The complaint %(reference)s of %(day)s must be acknowledged by %(last)s.\n\n"
                "%(network)s"
            ),
            by=COMPLAINT_CLOCK,
        )
    return len(waiting)


def wipe_complaints(keys: list[Any]) -> int:
    """Forget who complained and what was written; that somebody did, when, and how it ended stays."""
    rows = Complaint.objects.filter(pk__in=keys, wiped_at=None)
    for complaint in rows:
        record(COMPLAINT_WIPED, by=RETENTION, details={"complaint": complaint.id})
    return empty(rows)


def empty(rows: Any) -> int:
    """The same without a word in the trail, for an erasure, which has its own."""
    now = timezone.now()
    rows.filter(state__in=[State.RECEIVED, State.ACKNOWLEDGED]).update(
        state=State.WITHDRAWN, closed_at=now
    )
    return int(
        rows.update(
            **dict.fromkeys(Complaint.PERSONAL, ""), person=None, taken_by=None, wiped_at=now
        )
    )
