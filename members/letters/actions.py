"""Making a run, printing it, posting it. Each member has each letter once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dcsn.access import Permission, check
from dcsn.accounts.models import User
from dcsn.audit import Actor, SystemJob, record
from dcsn.jobs import Job, start_job
from dcsn.messages import Channel, Recipient, queue_message
from dcsn.network import network
from members.letters.due import due, flagged, overtaken, reach, size_for
from members.letters.events import (
    LETTER_LEFT_OUT,
    LETTER_SENT,
    LETTERS_MADE,
    LETTERS_PRINTED,
)
from members.letters.wording import said_in, terms_of_the_day
from members.models import Letter, LetterKind, LetterRun
from members.refusals import Refused

# More than an afternoon's post; who is left over is in the next run.
MOST_IN_A_RUN = 5_000
LETTERS_JOB, EMAILS_JOB = "members.letters", "members.letter_emails"
State, Way = Letter.State, Letter.Way


class NobodyDue(Refused):
    """Nobody is due such a letter today, or somebody else has just made the run."""


class NotReady(Refused):
    """It has to be printed before it can have been posted."""


@transaction.atomic
def make_run(*, kind: str, key: UUID, by: User, on: date | None = None) -> LetterRun:
    """Put together everybody who is due a letter. The same ``key`` is the same run.

    Two people at once: whom the one has in their run, the other's leaves out (the table sees to it).

    :raises NobodyDue: when the run would be empty.
    """
    check(by, Permission.MEMBERSHIP_LETTERS)
    known = LetterRun.objects.filter(key=key).first()
    if known is not None:
        return known
    run = LetterRun(kind=LetterKind(kind), key=key, as_of=on or timezone.localdate(), made_by=by)
    run, created = LetterRun.objects.get_or_create(
        key=key, defaults={"kind": run.kind, "as_of": run.as_of, "made_by": by}
    )
    if not created:
        return run
    rows = list(
        due(run.kind, run.as_of)
        .select_related("person")
        .order_by("last_day", "person__sort_key", "id")[:MOST_IN_A_RUN]
    )
    careful = flagged([row.person_id for row in rows if row.person_id])
    letters = []
    for row in rows:
        person = row.person
        assert person is not None  # noqa: S101  (``due`` leaves out those without)
        how = reach(person, is_flagged=person.pk in careful)
        letters.append(
            Letter(
                run=run,
                membership=row,
                term_id=row.due_term,
                kind=run.kind,
                way=how.way,
                why_by_hand=how.why_by_hand,
                size=int(size_for(person)),
            )
        )
    Letter.objects.bulk_create(letters, ignore_conflicts=True, batch_size=1000)
    count = run.letters.count()
    if not count:
        raise NobodyDue(_("Nobody is due such a letter today."))
    record(LETTERS_MADE, by=by, details={"run": run.id, "kind": run.kind, "count": count})
    return run


def drop_overtaken(run: LetterRun) -> int:
    """Take out whoever has renewed, left or been erased since: a letter must not say what is not so."""
    waiting = list(run.letters.filter(state=State.WAITING).values_list("pk", flat=True))
    return Letter.objects.filter(pk__in=overtaken(waiting), state=State.WAITING).update(
        state=State.OVERTAKEN, settled_at=timezone.now()
    )


@transaction.atomic
def print_run(*, run: LetterRun, by: User) -> Job:
    """Have the PDF made, for the first time or again: who is in it stays."""
    check(by, Permission.MEMBERSHIP_LETTERS)
    record(LETTERS_PRINTED, by=by, details={"run": run.id, "kind": run.kind})
    return start_job(LETTERS_JOB, by=by, parameters={"run": str(run.id)}, key=str(run.id))


def send_emails(*, run: LetterRun, by: User) -> Job:
    """Queue the e-mails of a run in the outbox, by a job; asked for twice, each goes once."""
    check(by, Permission.MEMBERSHIP_LETTERS)
    return start_job(EMAILS_JOB, by=by, parameters={"run": str(run.id)}, key=str(run.id))


@transaction.atomic
def queue_emails(ids: Sequence[UUID], by: Actor) -> int:
    """Those of these letters that still wait, into the outbox, and each noted as sent."""
    letters = list(
        Letter.objects.select_for_update(of=("self",))
        .filter(pk__in=ids, state=State.WAITING, way=Way.EMAIL)
        .select_related("run", "term__plan_terms", "membership__person", "membership__organisation")
        .order_by("pk")
    )
    if not letters:
        return 0
    prices = terms_of_the_day((one.membership.plan_id for one in letters), letters[0].run.as_of)
    for letter in letters:
        person = letter.membership.person
        assert person is not None  # noqa: S101  (dropped before as overtaken)
        terms = prices.get(letter.membership.plan_id, letter.membership.plan_terms)
        queue_message(
            channel=Channel.EMAIL,
            key=f"member-letter:{letter.id}",
            to=Recipient(person.name, person.email),
            # Whoever looks over a shoulder learns that there is post.
            subject=_("Post from %(network)s") % {"network": network().name},
            body=_email_body(letter, said_in(letter, terms, on_paper=False).text),
            by=by,
            about=person.pk,
            organisation=letter.membership.organisation_id,
        )
    _note_sent(letters, by)
    return len(letters)


def _email_body(letter: Letter, text: str) -> str:
    person = letter.membership.person
    assert person is not None  # noqa: S101
    parts = [
        _("Dear %(name)s,") % {"name": person.greeting},
        text,
        _("Your reference is %(reference)s.") % {"reference": letter.membership.reference},
    ]
    if network().helpline:
        parts.append(_("Ring us: %(number)s") % {"number": network().helpline})
    parts.append(letter.membership.organisation.name)
    return "\n\n".join(parts)


@transaction.atomic
def mark_posted(*, run: LetterRun, by: User) -> int:
    """All letters of the run that were on paper are in the post; once.

    :raises NotReady: before the first print.
    """
    check(by, Permission.MEMBERSHIP_LETTERS)
    current = LetterRun.objects.select_for_update().get(pk=run.pk)
    if current.posted_at is not None:
        return 0
    if not current.pages:
        raise NotReady(_("Print the letters first."))
    letters = list(
        current.letters.filter(way=Way.POST, state=State.WAITING).select_related(
            "run", "membership"
        )
    )
    _note_sent(letters, by)
    current.posted_at, current.posted_by = timezone.now(), by
    current.save(update_fields=["posted_at", "posted_by"])
    return len(letters)


@transaction.atomic
def settle_letter(*, letter: Letter, state: str, by: User) -> Letter:
    """One letter: left out of the run, or told by somebody who knows how. Only while it waits."""
    check(by, Permission.MEMBERSHIP_LETTERS)
    if state not in (State.SENT, State.LEFT_OUT):
        raise ValueError(state)
    current = (
        Letter.objects.select_for_update(of=("self",))
        .select_related("run", "membership")
        .get(pk=letter.pk)
    )
    if current.state != State.WAITING:
        return current
    if state == State.SENT:
        _note_sent([current], by)
    else:
        current.state, current.settled_at = state, timezone.now()
        current.save(update_fields=["state", "settled_at"])
        record(
            LETTER_LEFT_OUT,
            by=by,
            subject=current.membership.person_id,
            organisation=current.membership.organisation_id,
            details={"run": current.run_id, "kind": current.kind, "letter": current.id},
        )
    current.refresh_from_db()
    return current


def _note_sent(letters: Sequence[Letter], by: Actor) -> None:
    Letter.objects.filter(pk__in=[one.pk for one in letters]).update(
        state=State.SENT, settled_at=timezone.now()
    )
    for letter in letters:
        record(
            LETTER_SENT,
            by=by,
            subject=letter.membership.person_id,
            organisation=letter.membership.organisation_id,
            details={
                "run": letter.run_id,
                "kind": letter.kind,
                "letter": letter.id,
                "way": letter.way,
            },
        )


def actor_of(job: Job) -> Actor:
    """Who asked for the job; the portal itself, when their account is gone meanwhile."""
    return job.started_by or SystemJob("members.letters")
