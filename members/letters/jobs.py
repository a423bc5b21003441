"""The long work of letters: the PDF, and the e-mails."""

from __future__ import annotations

import shutil
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dcsn.access import Permission, can
from dcsn.jobs import Job, JobRefused, job_kind
from dcsn.printing import EmptyDocumentError
from members.letters import pages
from members.letters.actions import (
    EMAILS_JOB,
    LETTERS_JOB,
    actor_of,
    drop_overtaken,
    queue_emails,
)
from members.models import Letter, LetterRun

EMAILS_AT_ONCE = 100


def _may_fetch(user: Any, job: Job) -> bool:
    return can(user, Permission.MEMBERSHIP_LETTERS)


@job_kind(
    LETTERS_JOB,
    title=gettext_lazy("Letters to members"),
    attempts=5,
    longest=timedelta(hours=1),
    may_fetch=_may_fetch,
)
def build_letters(job: Job) -> None:
    """Build the run's PDF. Called again after a crash, it goes on with the shards it had."""
    run = LetterRun.objects.get(pk=job.parameters["run"])
    drop_overtaken(run)
    path = job.folder / "letters.pdf"
    # Names and addresses are in the shards: they lie in the job's own folder, and go with it.
    shards = job.folder / "shards"
    try:
        report = pages.build(run, path, cache_dir=shards, progress=job.report)
    except EmptyDocumentError as error:
        raise JobRefused(_("None of these letters goes by post any more.")) from error
    LetterRun.objects.filter(pk=run.pk).update(
        pages={str(size): count for size, count in sorted(report.pages_of_size.items())}
    )
    job.attach(path, f"letters-{run.kind}-{timezone.localdate(job.created_at):%Y-%m-%d}.pdf")
    shutil.rmtree(shards, ignore_errors=True)


@job_kind(
    EMAILS_JOB,
    title=gettext_lazy("E-mails to members"),
    attempts=5,
    longest=timedelta(hours=1),
    may_fetch=_may_fetch,
)
def send_letter_emails(job: Job) -> None:
    """Put them into the outbox, some at a time. Called again, it goes on with those that still wait."""
    run = LetterRun.objects.get(pk=job.parameters["run"])
    drop_overtaken(run)
    emails = run.letters.filter(way=Letter.Way.EMAIL)
    total = emails.exclude(state=Letter.State.OVERTAKEN).count()
    waiting = list(
        emails.filter(state=Letter.State.WAITING).order_by("pk").values_list("pk", flat=True)
    )
    done = total - len(waiting)
    job.report(done, total)
    for first in range(0, len(waiting), EMAILS_AT_ONCE):
        with transaction.atomic():
            queue_emails(waiting[first : first + EMAILS_AT_ONCE], by=actor_of(job))
        job.report(min(total, done + first + EMAILS_AT_ONCE), total)
