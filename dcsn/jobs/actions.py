"""Starting and cancelling jobs, and the sweep that makes up for whatever was lost."""

from __future__ import annotations

import logging
import shutil
import uuid
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from dcsn.jobs.kinds import kind_named
from dcsn.jobs.models import Job, forgotten_at_end, refuse_words

logger = logging.getLogger(__name__)

# A message to the broker is believed lost when nobody picked the job up for this long.
OFFER_AGAIN_AFTER = timedelta(seconds=60)
KEEP_ROWS_FOR = timedelta(days=30)


def silent_after() -> timedelta:
    """How long a worker may say nothing before its job is given to another: six heartbeats."""
    return timedelta(seconds=settings.JOB_HEARTBEAT_SECONDS * 6)


def start_job(kind: str, *, by: Any, parameters: dict[str, Any], key: str) -> Job:
    """Ask for long work; returns the row, or the live one that the same asker made with ``key``.

    ``by`` is the user who asked; ``None`` or an anonymous user for the public, who then reach the
    job by its unguessable address; anything else (a named system job) leaves it to nobody.
    Raises ``KeyError`` for an unknown kind and ``NotIdsOnly`` for parameters with words in them.
    Works with the broker gone: the row is the promise, the message only hastens it.
    """
    kind_named(kind)
    refuse_words(parameters)
    is_public = by is None or isinstance(by, AnonymousUser)
    user = by if getattr(by, "is_authenticated", False) else None
    asker = str(user.pk) if user is not None else "public" if is_public else "system"
    scoped = f"{asker}:{key}"[:200]
    while True:
        try:
            with transaction.atomic():
                job = Job.objects.create(
                    kind=kind,
                    key=scoped,
                    parameters=parameters,
                    started_by=user,
                    is_public=is_public,
                )
        except IntegrityError:
            live = Job.objects.live().filter(kind=kind, key=scoped).first()
            if live is not None:
                return live
            # It ended between the two statements: then ours may be made after all.
            continue
        job.was_made = True
        nudge(job)
        return job


def nudge(job: Job) -> None:
    """Offer the job to a worker once the transaction has committed."""
    transaction.on_commit(lambda: _offer(job.pk))


def _offer(job_id: uuid.UUID) -> None:
    from dcsn.jobs.tasks import run

    Job.objects.filter(pk=job_id).update(nudged_at=Now())
    try:
        run.apply_async(args=(str(job_id),), retry=False)
    except Exception as error:  # whatever a broker's client raises: the sweep offers it again
        logger.warning("Job %s waits: the broker cannot be reached (%s)", job_id, error)


@transaction.atomic
def cancel_job(*, job: Job, by: Any) -> Job:
    """Stop a job: at once when it waits, at its next report when it is under way."""
    current = Job.objects.select_for_update().get(pk=job.pk)
    if current.state == Job.State.QUEUED:
        _end(current, Job.State.CANCELLED)
    elif current.state == Job.State.RUNNING:
        current.cancel_asked = True
        current.save(update_fields=["cancel_asked"])
    logger.info("Job %s: cancelling asked by %s", job.pk, getattr(by, "pk", None) or "the public")
    return current


def discard_results(kind: str) -> int:
    """Take back every file that jobs of this kind have made, and stop those under way.

    For the moment in which what was made must no longer be read, whoever has its address. The files
    go once the caller's transaction is certain; the rows offer nothing from then on.
    """
    with transaction.atomic():
        made = list(
            Job.objects.select_for_update()
            .filter(kind=kind)
            .exclude(result_name="", state__in=(Job.State.FAILED, Job.State.CANCELLED))
        )
        for job in made:
            if job.is_live:
                cancel_job(job=job, by=None)
        rows = Job.objects.filter(pk__in=[job.pk for job in made])
        rows.update(result_name="", expires_at=Now())
        folders = [job.folder for job in made if not job.is_live]
        transaction.on_commit(partial(_remove_folders, folders))
    return len(folders)


def _remove_folders(folders: list[Path]) -> None:
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)


def _end(job: Job, state: str, error: str = "") -> None:
    job.state, job.error, job.lease = state, error, None
    Job.objects.filter(pk=job.pk).update(
        state=state,
        error=error,
        lease=None,
        ended_at=Now(),
        expires_at=Now() + timedelta(days=1),
        **forgotten_at_end(job),
    )
    job.refresh_from_db()


def sweep_jobs() -> dict[str, int]:
    """Put right what a crash or a lost message left behind; returns how many of each.

    Safe to run twice at once: each row is taken with ``SKIP LOCKED``.
    """
    counts = {"restarted": 0, "given_up": 0, "offered": 0, "expired": 0, "forgotten": 0}
    with transaction.atomic():
        silent = Job.objects.silent(silent_after()).select_for_update(skip_locked=True)
        for job in silent:
            allowed = job.definition.attempts if job.definition else 0
            if job.cancel_asked:
                _end(job, Job.State.CANCELLED)
            elif job.attempts >= allowed:
                _end(job, Job.State.FAILED, _("It stopped every time it was tried."))
                counts["given_up"] += 1
            else:
                Job.objects.filter(pk=job.pk).update(
                    state=Job.State.QUEUED, lease=None, nudged_at=None
                )
                counts["restarted"] += 1
                logger.warning("Job %s was silent and starts again", job.pk)
    with transaction.atomic():
        lost = Job.objects.never_picked_up(OFFER_AGAIN_AFTER).select_for_update(skip_locked=True)
        for job in lost.order_by("created_at")[:100]:
            # Marked now, so that a second sweep does not offer it too.
            Job.objects.filter(pk=job.pk).update(nudged_at=Now())
            nudge(job)
            counts["offered"] += 1
    for job in Job.objects.expired():
        shutil.rmtree(job.folder, ignore_errors=True)
        counts["expired"] += Job.objects.filter(pk=job.pk).update(result_name="")
    old = Job.objects.filter(ended_at__lt=Now() - KEEP_ROWS_FOR)
    for job in old:
        shutil.rmtree(job.folder, ignore_errors=True)
    counts["forgotten"] = old.delete()[0]
    _remove_orphans()
    return counts


def _remove_orphans() -> None:
    """Folders whose row is gone (a restore, a failed start) are removed."""
    root = Path(settings.MEDIA_ROOT) / "jobs"
    if not root.is_dir():
        return
    folders = {folder.name: folder for folder in root.iterdir() if folder.is_dir()}
    known = {
        str(pk) for pk in Job.objects.filter(pk__in=_uuids(folders)).values_list("pk", flat=True)
    }
    for name, folder in folders.items():
        if name not in known:
            shutil.rmtree(folder, ignore_errors=True)


def _uuids(names: Any) -> list[uuid.UUID]:
    found = []
    for name in names:
        try:
            found.append(uuid.UUID(name))
        except ValueError:
            continue
    return found
