"""Thanks on their way to the volunteer, by the way they chose, until they have arrived."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dcsn.access import Permission
from dcsn.accounts.models import User
from dcsn.audit import Actor, SystemJob, record
from dcsn.messages import Channel, Message, Recipient, queue_message
from dcsn.network import network
from members.models import ContactBy, Person
from volunteers.access import check_holds
from volunteers.giving.events import THANKS_REACHED
from volunteers.helping.telling import way_to
from volunteers.models import Thanks
from volunteers.refusals import NotPossible
from volunteers.rules import may_be_contacted

CLOCK = SystemJob("volunteers thanks clock")
# A message that has not come back for so long has arrived, or nobody will ever know.
FOLLOWED_FOR = timedelta(days=60)
_WAYS = {
    Channel.EMAIL: Thanks.Way.EMAIL,
    Channel.SMS: Thanks.Way.SMS,
    Channel.LETTER: Thanks.Way.LETTER,
}
_FAILED = (Message.State.FAILED, Message.State.BOUNCED)


def thanked(sender: Any, *, thanks: Thanks, by: Actor, **rest: Any) -> None:
    """Send them by the volunteer's own way; where there is none, somebody tells them."""
    send(thanks, by=by)


def send(thanks: Thanks, *, by: Actor, on_paper: bool = False) -> None:
    """Queue the message, in the caller's transaction.

    :param on_paper: by letter, because the message did not arrive.
    """
    person = thanks.volunteer.person
    way = _way(thanks, person, on_paper)
    if way is None or person is None:
        thanks.way, thanks.message = Thanks.Way.BY_HAND, None
        thanks.save(update_fields=["way", "message"])
        return
    channel, address = way
    here = network()
    signed = thanks.signed or thanks.organisation.name
    message = queue_message(
        channel=channel,
        key=f"thanks:{thanks.pk}{':letter' if on_paper else ''}",
        to=Recipient(person.name, address),
        # Whoever looks over a shoulder learns that there are thanks, not what for.
        subject=_("Thank you"),
        body=_("Dear %(name)s,\n\n%(words)s\n\n%(signed)s\n\n%(network)s, %(helpline)s")
        % {
            "name": person.greeting,
            "words": thanks.words,
            "signed": signed,
            "network": here.name,
            "helpline": here.helpline,
        },
        by=by,
        about=person.pk,
        organisation=thanks.organisation_id,
        size=person.print_size or 18,
    )
    thanks.way, thanks.message = _WAYS[Channel(message.channel)], message.pk
    thanks.save(update_fields=["way", "message"])


def _way(thanks: Thanks, person: Person | None, on_paper: bool) -> tuple[Channel, str] | None:
    if person is None or not may_be_contacted(thanks.volunteer):
        return None
    if not on_paper:
        return way_to(person, letters=True)
    # A letter may lie where others open it: not where contact needs care.
    if (
        person.erased_at is not None
        or person.contact_by == ContactBy.NOT_AT_ALL
        or person.safe_contact_note
        or not person.address_lines
    ):
        return None
    return Channel.LETTER, "\n".join(person.address_lines)


def messages_of(rows: list[Thanks]) -> dict[UUID, Message]:
    """The outbox's message of each, in one query."""
    keys = [row.message for row in rows if row.message]
    return Message.objects.in_bulk(keys) if keys else {}


def follow_thanks() -> int:
    """By the clock: what has arrived is noted; what failed or came back becomes a letter, and where that
    cannot be, something for somebody to do. How many changed."""
    since = timezone.now() - FOLLOWED_FOR
    rows = list(
        Thanks.objects.filter(message__isnull=False, at__gte=since).values_list("pk", "message")
    )
    states = dict(
        Message.objects.filter(pk__in=[message for _pk, message in rows]).values_list("pk", "state")
    )
    number = 0
    for key, message in rows:
        state = states.get(message) if message else None
        if state in (*_FAILED, Message.State.SENT):
            number += _follow(key)
    return number


@transaction.atomic
def _follow(key: UUID) -> int:
    thanks = _locked(key)
    message = Message.objects.filter(pk=thanks.message).first() if thanks.message else None
    if message is None:
        return 0
    if message.state == Message.State.SENT:
        if thanks.reached_at is not None:
            return 0
        _note(thanks, message.sent_at or timezone.now(), CLOCK)
        return 1
    if message.state not in _FAILED:
        return 0
    thanks.reached_at = None
    thanks.save(update_fields=["reached_at"])
    if thanks.way == Thanks.Way.LETTER:
        thanks.way, thanks.message = Thanks.Way.BY_HAND, None
        thanks.save(update_fields=["way", "message"])
    else:
        send(thanks, by=CLOCK, on_paper=True)
    return 1


@transaction.atomic
def note_told(*, thanks: Thanks, by: User) -> Thanks:
    """Somebody told them, or handed the words over. A double click notes it once."""
    current = _locked(thanks.pk)
    check_holds(by, Permission.HOURS_CONFIRM, current.organisation_id)
    if current.reached_at is not None:
        return current
    if current.way != Thanks.Way.BY_HAND:
        raise NotPossible(_("These thanks are on their way in a message."))
    _note(current, timezone.now(), by)
    return current


def _note(thanks: Thanks, at: Any, by: Actor) -> None:
    thanks.reached_at = at
    thanks.save(update_fields=["reached_at"])
    record(
        THANKS_REACHED,
        by=by,
        subject=thanks.volunteer.person_id,
        organisation=thanks.organisation_id,
        details={
            "volunteer": thanks.volunteer_id,
            "thanks": thanks.pk,
            "way": str(thanks.way),
        },
    )


def _locked(key: UUID) -> Thanks:
    return (
        Thanks.objects.select_for_update(of=("self",))
        .select_related("volunteer__person", "organisation")
        .get(pk=key)
    )
