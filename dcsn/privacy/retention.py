"""How long things are kept: classes that the apps declare, and the run that applies them every night.

In ``<app>/privacy.py``::

    retention.register(
        RetentionClass(
            name="members.complaints",
            what=_("Complaints about personal data"),
            becomes=_("what was written, names and addresses are deleted; …"),
            setting="KEEP_COMPLAINT_DAYS",
            due=lambda before: Complaint.objects.filter(closed_at__lt=before, wiped_at=None),
            apply=wipe_complaints,
        )
    )

``due`` must no longer find a row once it was applied to: that is what makes a run that was broken off go
on where it stopped, and what makes a second one harmless. Nobody under a legal hold is touched.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise

from dcsn.audit import Actor, SystemJob, record
from dcsn.privacy.events import RETENTION_APPLIED
from dcsn.privacy.holds import without_held
from dcsn.privacy.models import RetentionRun

logger = logging.getLogger(__name__)
RETENTION = SystemJob("retention")


@dataclass(frozen=True)
class RetentionClass:
    """One kind of thing whose time runs out.

    :param name: ``app.things``, unique.
    :param what: what it is, and :param becomes: what is left of it, for the page that staff read.
    :param setting: the name of the setting that holds the number of days.
    :param due: given the moment before which the time has run out, the rows to be dealt with.
    :param apply: deals with rows by their keys, which are locked; returns how many. Inside a transaction.
    :param person: the path from a row to its person's id, for legal holds; empty when it has none.
    :param batch: how many rows share a transaction.
    """

    name: str
    what: str | Promise
    becomes: str | Promise
    setting: str
    due: Callable[[datetime], QuerySet[Any]]
    apply: Callable[[list[Any]], int]
    person: str = "person_id"
    batch: int = 200

    @property
    def days(self) -> int:
        return int(getattr(settings, self.setting))

    @property
    def variable(self) -> str:
        """What to set in the environment."""
        return f"DCSN_{self.setting}"

    def before(self, now: datetime) -> datetime:
        return now - timedelta(days=self.days)


@dataclass(frozen=True)
class Count:
    """What a run would do to one class, or did."""

    retention_class: RetentionClass
    due: int
    held: int


_classes: dict[str, RetentionClass] = {}


def register(retention_class: RetentionClass) -> None:
    """Add a class; twice under one name is an error."""
    if retention_class.name in _classes:
        raise ValueError(f"Two retention classes are called {retention_class.name!r}.")
    _classes[retention_class.name] = retention_class


def classes() -> list[RetentionClass]:
    return [_classes[name] for name in sorted(_classes)]


def count_due(now: datetime | None = None) -> list[Count]:
    """What a run would do at that moment; changes nothing and tells no names."""
    moment = now or timezone.now()
    counts = []
    for one in classes():
        rows = one.due(one.before(moment))
        every = rows.count()
        free = without_held(rows, one.person).count() if one.person else every
        counts.append(Count(one, due=free, held=every - free))
    return counts


def run_retention(
    *,
    by: Actor = RETENTION,
    key: str = "",
    now: datetime | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> RetentionRun:
    """Apply every class to what is due, in batches of a transaction each.

    The same ``key`` goes on with the same run. What fails is noted and left for the next night; the
    other classes are dealt with all the same. ``progress`` may raise to stop it between two batches.
    """
    moment = now or timezone.now()
    actor = by.name if isinstance(by, SystemJob) else str(by.pk)
    run, _created = RetentionRun.objects.get_or_create(
        key=key or f"{actor}:{moment.isoformat()}", defaults={"started_by": actor}
    )
    if run.finished_at is not None:
        return run
    counts = count_due(moment)
    total, done = sum(count.due for count in counts), 0
    for count in counts:
        one = count.retention_class
        said = run.counts.get(one.name, {"done": 0})
        run.counts[one.name] = {**said, "held": count.held, "failed": 0}
        for applied in _batches(one, moment, run, by):
            done += applied
            progress(min(done, total), total)
    run.finished_at = timezone.now()
    run.save(update_fields=["counts", "finished_at"])
    return run


def _batches(one: RetentionClass, moment: datetime, run: RetentionRun, by: Actor) -> Any:
    """Deal with one class; yields the number of rows after each batch. Never the same row twice."""
    passed: Any = None
    while True:
        rows = one.due(one.before(moment)).order_by("pk")
        if one.person:
            rows = without_held(rows, one.person)
        if passed is not None:
            rows = rows.filter(pk__gt=passed)
        keys = list(rows.values_list("pk", flat=True)[: one.batch])
        if not keys:
            return
        passed = keys[-1]
        try:
            applied = _apply(one, moment, keys, run, by)
        except Exception:
            # One row that cannot be dealt with must not keep all the others for ever.
            logger.exception("Retention of %s failed for a batch of %d", one.name, len(keys))
            run.refresh_from_db()
            run.counts.setdefault(one.name, {"done": 0, "held": 0, "failed": 0})
            run.counts[one.name]["failed"] += len(keys)
            run.save(update_fields=["counts"])
            continue
        yield applied


@transaction.atomic
def _apply(
    one: RetentionClass, moment: datetime, keys: list[Any], run: RetentionRun, by: Actor
) -> int:
    """Ask again under lock: somebody may have been in touch, or been put on hold, since the list was made."""
    rows = one.due(one.before(moment)).filter(pk__in=keys)
    if one.person:
        rows = without_held(rows, one.person)
    locked = [
        row.pk for row in rows.select_for_update(skip_locked=True, of=("self",)).order_by("pk")
    ]
    applied = one.apply(locked) if locked else 0
    run.counts[one.name]["done"] += applied
    run.save(update_fields=["counts"])
    if applied:
        record(RETENTION_APPLIED, by=by, details={"what": one.name, "rows": applied})
    return applied
