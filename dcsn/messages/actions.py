"""Queueing messages, sending them, and saying what became of those that went wrong."""

from __future__ import annotations

import logging
import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from dcsn.access import Permission, check
from dcsn.accounts.models import User
from dcsn.audit import Actor, NotInTransactionError, SystemJob, record
from dcsn.messages.adapters import adapter_for, is_offered
from dcsn.messages.events import MESSAGE_QUEUED, MESSAGE_SETTLED
from dcsn.messages.models import ATTEMPTS_AT_MOST, Channel, Message
from dcsn.messages.refusals import ChannelNotOffered, NotSent, SettledMeanwhile, Uncertain
from dcsn.messages.sealed import opened
from dcsn.privacy.holds import without_held

logger = logging.getLogger(__name__)

# Waited before what failed for now is tried again: 1 minute, then 2, 4, 8.
RETRY_AFTER = timedelta(minutes=1)


@dataclass(frozen=True)
class Recipient:
    """Who and where: an e-mail address, a phone number, or the lines of a postal address."""

    name: str
    address: str


def queue_message(
    *,
    channel: str,
    key: str,
    to: Recipient,
    subject: str,
    body: str,
    by: Actor,
    about: UUID | None = None,
    organisation: UUID | None = None,
    size: int = 18,
) -> Message:
    """Put a message into the outbox, in the transaction of what it tells about.

    ``key`` says what it tells; the same key is the same message, returned as it is. ``about`` is the
    person's id, ``size`` the print that a letter needs, in points. Raises ``ChannelNotOffered``, and
    ``NotInTransactionError`` outside a transaction.
    """
    if not connection.in_atomic_block:
        raise NotInTransactionError("queue_message() belongs into the transaction of the change.")
    if not is_offered(channel):
        raise ChannelNotOffered(f"{channel} is not set up: DCSN_SMS_ADAPTER.")
    message, created = Message.objects.get_or_create(
        key=key,
        defaults={
            "channel": Channel(channel),
            "to_name": to.name,
            "to_address": to.address,
            # A line break in a subject could smuggle a header in.
            "subject": " ".join(subject.split())[:200],
            "body": body,
            "size": size,
            "about": about,
            "organisation_id": organisation,
            "by": by.name if isinstance(by, SystemJob) else str(by.pk),
        },
    )
    if created:
        record(
            MESSAGE_QUEUED,
            by=by,
            subject=about,
            organisation=organisation,
            details={"message": message.id, "channel": str(message.channel)},
        )
        _nudge(message)
    return message


def _nudge(message: Message) -> None:
    if message.channel != Channel.LETTER:
        transaction.on_commit(lambda: _offer(message.pk))


def _offer(message_id: uuid.UUID) -> None:
    from dcsn.messages.tasks import send

    Message.objects.filter(pk=message_id).update(nudged_at=Now())
    try:
        send.apply_async(args=(str(message_id),), retry=False)
    except Exception as error:  # whatever a broker's client raises: the sweep offers it again
        logger.warning("Message %s waits: the broker cannot be reached (%s)", message_id, error)


def send_message(message_id: UUID | str) -> Message | None:
    """Send one that waits; ``None`` when it is not to be had (sent, being sent, not due).

    The state "sending" is committed before the first byte goes out: a process that dies after that
    leaves a row which says that nobody knows.
    """
    with transaction.atomic():
        message = (
            Message.objects.select_for_update(skip_locked=True)
            .filter(pk=message_id, state=Message.State.QUEUED, redacted_at=None)
            .exclude(channel=Channel.LETTER)
            .exclude(not_before__gt=Now())
            .first()
        )
        if message is None:
            return None
        Message.objects.filter(pk=message.pk).update(
            state=Message.State.SENDING, sending_since=Now(), attempts=F("attempts") + 1
        )
        message.refresh_from_db()
    try:
        send = adapter_for(message.channel)
        # On this object only: the row keeps the seal.
        message.body = opened(message.body)
        send(message)
    except NotSent as trouble:
        if trouble.again and message.attempts < ATTEMPTS_AT_MOST:
            _move(
                message,
                Message.State.QUEUED,
                error=str(trouble),
                not_before=timezone.now() + RETRY_AFTER * 2 ** (message.attempts - 1),
            )
        else:
            _move(message, Message.State.FAILED, error=str(trouble))
    except ChannelNotOffered:
        _move(message, Message.State.FAILED, error=_("This portal no longer sends this way."))
    except Uncertain as trouble:
        _move(message, Message.State.UNCERTAIN, error=str(trouble))
    except Exception:
        # An adapter's bug may strike before or after the message left: nobody knows.
        logger.exception("Message %s: the adapter failed", message.pk)
        _move(
            message,
            Message.State.UNCERTAIN,
            error=_("Something went wrong in the portal while it was being sent."),
        )
    else:
        _move(message, Message.State.SENT, error="", sent_at=Now())
    return message


def _move(message: Message, state: str, **columns: Any) -> None:
    """Out of "sending", unless somebody else has decided meanwhile."""
    Message.objects.filter(pk=message.pk, state=Message.State.SENDING).update(
        state=state, sending_since=None, **columns
    )
    message.refresh_from_db()


def sweep_messages() -> dict[str, int]:
    """Offer what was missed, mark what a dead process left, redact what is old.

    Safe to run twice at once: each row is taken with ``SKIP LOCKED``.
    """
    counts = {"uncertain": 0, "offered": 0, "redacted": 0}
    with transaction.atomic():
        for message in Message.objects.stuck().select_for_update(skip_locked=True):
            _move(
                message,
                Message.State.UNCERTAIN,
                error=_("The portal stopped while it was being sent. It may have arrived or not."),
            )
            counts["uncertain"] += 1
    with transaction.atomic():
        due = Message.objects.due().select_for_update(skip_locked=True)
        for message in due.order_by("queued_at")[:200]:
            # Marked now, so that a second sweep does not offer it too.
            Message.objects.filter(pk=message.pk).update(nudged_at=Now())
            _nudge(message)
            counts["offered"] += 1
    counts["redacted"] = redact(without_held(Message.objects.to_be_redacted(), "about"))
    return counts


def redact(messages: Any) -> int:
    """Forget who they went to and what they said; that they went stays."""
    waiting = messages.filter(state=Message.State.QUEUED)
    waiting.update(state=Message.State.FAILED, error=_("Nobody sent it in time."), settled_at=Now())
    return messages.update(
        to_name="", to_address="", subject="", body="", about=None, redacted_at=Now()
    )


@transaction.atomic
def settle_message(*, message: Message, how: str, by: User) -> Message:
    """Staff say what is to become of a message: ``retry``, ``sent`` (it did arrive, or the letter was
    posted) or ``dealt_with`` (told otherwise, or no longer needed).

    Raises :class:`SettledMeanwhile` when somebody was quicker.
    """
    current = Message.objects.select_for_update().get(pk=message.pk)
    check(by, Permission.MESSAGE_SETTLE, current)
    is_letter = current.channel == Channel.LETTER and current.state == Message.State.QUEUED
    if current.redacted_at or not (current.is_troubled or is_letter):
        raise SettledMeanwhile
    rows = Message.objects.filter(pk=current.pk)
    match how:
        case "retry" if not is_letter:
            rows.update(
                state=Message.State.QUEUED, attempts=0, not_before=None, nudged_at=None, error=""
            )
            _nudge(current)
        case "sent":
            rows.update(state=Message.State.SENT, sent_at=Now(), error="")
        case "dealt_with":
            rows.update(
                state=Message.State.FAILED if is_letter else current.state,
                settled_at=Now(),
                settled_by=by.pk,
            )
        case _:
            raise ValueError(how)
    record(
        MESSAGE_SETTLED,
        by=by,
        subject=current.about,
        organisation=current.organisation_id,
        details={"message": current.id, "how": how},
    )
    current.refresh_from_db()
    return current


@transaction.atomic
def note_posted(*, message: Message, by: User) -> bool:
    """A letter that an app prints in a form of its own is in the post; False when it was noted already.

    For the apps above, which have asked whether ``by`` may do this for the person it goes to.
    """
    noted = Message.objects.filter(
        pk=message.pk, channel=Channel.LETTER, state=Message.State.QUEUED
    ).update(state=Message.State.SENT, sent_at=Now(), error="")
    if noted:
        record(
            MESSAGE_SETTLED,
            by=by,
            subject=message.about,
            organisation=message.organisation_id,
            details={"message": message.id, "how": "sent"},
        )
    return bool(noted)


def doubt_after_restore() -> int:
    """Mark what was waiting when a backup was made: it may have been sent since. Returns how many.

    Sent again, somebody would get the same news twice, or news that is no longer true. Letters are left
    as they are: staff print them, and see the date.
    """
    waiting = Message.objects.filter(state__in=[Message.State.QUEUED, Message.State.SENDING])
    return waiting.exclude(channel=Channel.LETTER).update(
        state=Message.State.UNCERTAIN,
        sending_since=None,
        error=_(
            "It was waiting when a backup was made that has been restored. It may have been sent."
        ),
    )


@transaction.atomic
def record_bounce(message_id: UUID, words: str) -> Message | None:
    """A mail server reports later that it could not deliver; ``None`` when the message is not ours."""
    message = (
        Message.objects.select_for_update()
        .filter(pk=message_id, state__in=[Message.State.SENT, Message.State.UNCERTAIN])
        .first()
    )
    if message is None:
        return None
    Message.objects.filter(pk=message.pk).update(
        state=Message.State.BOUNCED, error=words[:500], settled_at=None, settled_by=None
    )
    message.refresh_from_db()
    return message
