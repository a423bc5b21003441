"""One piece of long work."""

from __future__ import annotations

import os
import re
import shutil
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from dcsn.jobs.kinds import Kind, is_known, kind_named
from dcsn.jobs.refusals import JobCancelled, JobLost, NotIdsOnly

# Ids, codes, numbers, a postcode without its space: nothing with a blank in it, so nobody's words.
_ID = re.compile(r"[A-Za-z0-9_:.,+\-]{0,64}")


def refuse_words(value: Any, name: str = "parameters") -> None:
    """Raise :class:`NotIdsOnly` when ``value`` holds anything but ids, numbers and short codes."""
    match value:
        case None | bool() | int():
            return
        case str() if _ID.fullmatch(value):
            return
        case list() | tuple():
            for item in value:
                refuse_words(item, name)
        case dict():
            for key, item in value.items():
                refuse_words(item, f"{name}.{key}")
        case _:
            raise NotIdsOnly(
                f"{name} holds {type(value).__name__} that is not an id: a job keeps ids and reads "
                f"the rest when it runs, so that a person's words do not lie about in a queue."
            )


def forgotten_at_end(job: Job) -> dict[str, Any]:
    """The columns that are emptied when a job is over: nobody needs what the public asked for any more,
    and a reader's own postcode may be in it, of which we say that it is not kept."""
    return {"parameters": {}} if job.is_public else {}


class JobQuerySet(models.QuerySet["Job"]):
    def live(self) -> JobQuerySet:
        """Waiting or under way."""
        return self.filter(state__in=Job.LIVE)

    def silent(self, after: timedelta) -> JobQuerySet:
        """Under way by their state, but whose worker has said nothing for ``after``.

        The database's clock decides, because workers' clocks differ.
        """
        return self.filter(state=Job.State.RUNNING, heartbeat__lt=Now() - after)

    def never_picked_up(self, after: timedelta) -> JobQuerySet:
        """Waiting, due, and not offered to a worker for ``after``: their message was lost."""
        return self.filter(
            Q(nudged_at=None) | Q(nudged_at__lt=Now() - after),
            Q(not_before=None) | Q(not_before__lte=Now()),
            state=Job.State.QUEUED,
        )

    def failed_lately(self) -> JobQuerySet:
        """In the last week, the newest first."""
        week = Now() - timedelta(days=7)
        return self.filter(state=Job.State.FAILED, ended_at__gt=week).order_by("-ended_at", "id")

    def expired(self) -> JobQuerySet:
        """Whose file has been kept for long enough."""
        return self.filter(expires_at__lt=Now()).exclude(result_name="")


class Job(models.Model):
    """Long work as a row, so that it survives the broker and the worker.

    While a worker runs it, ``lease`` is that worker's own random mark: every write of the worker
    asks for it, so one that was thought dead and was not cannot write over its successor.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("waiting")
        RUNNING = "running", _("under way")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", _("cancelled")

    LIVE = (State.QUEUED, State.RUNNING)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=200)
    parameters = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease = models.UUIDField(null=True, blank=True, editable=False)
    heartbeat = models.DateTimeField(null=True, blank=True)
    nudged_at = models.DateTimeField(null=True, blank=True)
    not_before = models.DateTimeField(null=True, blank=True)
    cancel_asked = models.BooleanField(default=False)
    error = models.CharField(max_length=500, blank=True)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    # Asked for by somebody who is not signed in: whoever has its unguessable address may see it.
    is_public = models.BooleanField(default=False)
    result_name = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        ordering = ["-created_at", "id"]
        indexes = [
            models.Index(
                fields=["state", "heartbeat"],
                name="jobs_live",
                condition=Q(state__in=["queued", "running"]),
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "key"],
                condition=Q(state__in=["queued", "running"]),
                name="jobs_one_live_per_key",
                violation_error_message=_("This is under way already."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["queued", "running"], ended_at=None)
                | Q(state__in=["done", "failed", "cancelled"], ended_at__isnull=False),
                name="jobs_ended_when_over",
            ),
            models.CheckConstraint(
                condition=Q(state="running", lease__isnull=False, heartbeat__isnull=False)
                | ~Q(state="running") & Q(lease=None),
                name="jobs_leased_while_running",
            ),
            models.CheckConstraint(
                condition=Q(total=None) | Q(done__lte=F("total")), name="jobs_done_within_total"
            ),
            models.CheckConstraint(
                condition=Q(is_public=False) | Q(started_by=None), name="jobs_public_has_no_user"
            ),
        ]

    # Set by ``start_job`` on a row that it has just made, not on one that somebody else asked for.
    was_made = False

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"

    def get_absolute_url(self) -> str:
        return reverse("jobs:job", args=[self.id])

    def clean(self) -> None:
        try:
            refuse_words(self.parameters)
        except NotIdsOnly as error:
            raise ValidationError({"parameters": str(error)}) from error

    # --- Reading ------------------------------------------------------------------------------

    @property
    def definition(self) -> Kind | None:
        """Its kind, or ``None`` when this version of the program no longer knows it."""
        return kind_named(self.kind) if is_known(self.kind) else None

    @property
    def title(self) -> str:
        """What its page is headed."""
        kind = self.definition
        return str(kind.title) if kind else self.kind

    @property
    def is_live(self) -> bool:
        return self.state in self.LIVE

    @property
    def percent(self) -> int | None:
        """How far it is, from 0 to 100, or ``None`` when nobody can say."""
        if not self.total:
            return None
        return self.done * 100 // self.total

    def may_be_seen_by(self, user: Any) -> bool:
        """Whether ``user`` may open its page and fetch its file."""
        if self.is_public:
            return True
        if not user.is_authenticated or self.started_by_id != user.pk:
            return False
        kind = self.definition
        return kind is None or kind.may_fetch is None or kind.may_fetch(user, self)

    @property
    def folder(self) -> Path:
        """Its own folder. Half-made files may lie in it between attempts; all go when it expires."""
        return Path(settings.MEDIA_ROOT) / "jobs" / str(self.id)

    @property
    def result_path(self) -> Path | None:
        """The finished file, when there is one and it has not expired."""
        if self.state != self.State.DONE or not self.result_name:
            return None
        path = self.folder / "result" / self.result_name
        return path if path.is_file() else None

    # --- Called by the code of a kind, while it runs --------------------------------------------

    def report(self, done: int, total: int | None = None) -> None:
        """Say how far the work is. Raises :class:`JobCancelled` or :class:`JobLost` to end it.

        Call it between steps, outside any transaction that is to be rolled back.
        """
        self.done = done if total is None else min(done, total)
        if total is not None:
            self.total = total
        if self.total is not None:
            self.done = min(self.done, self.total)
        self._write(done=self.done, total=self.total)
        if Job.objects.filter(pk=self.pk, cancel_asked=True).exists():
            raise JobCancelled

    def attach(self, path: Path, filename: str) -> None:
        """Hand over the finished file at ``path``; it is moved, and offered under ``filename``."""
        name = Path(filename).name
        if name != filename or name.startswith(".") or len(name) > 200:
            raise ValueError(f"Not a plain file name: {filename!r}")
        if Job.objects.filter(pk=self.pk, cancel_asked=True).exists():
            # Asked to stop after the last report: what was made may no longer be shown.
            raise JobCancelled
        target = self.folder / "result" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = target.with_name(f".{uuid.uuid4()}")
        shutil.move(path, partial)
        with partial.open("rb") as file:
            os.fsync(file.fileno())
        partial.replace(target)
        self._write(result_name=name)
        self.result_name = name

    def _write(self, **columns: Any) -> None:
        mine = Job.objects.filter(pk=self.pk, lease=self.lease, state=Job.State.RUNNING)
        if self.lease is None or not mine.update(heartbeat=Now(), **columns):
            raise JobLost
