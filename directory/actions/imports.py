"""Bringing a list of services in, as one thing that happened."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from django.db import connection, transaction

from dcsn.audit import Actor, record
from directory.actions.printing import discard_prints
from directory.events import SERVICES_IMPORTED
from directory.imports.cleaning import clean
from directory.imports.readers import read_source
from directory.imports.records import Batch, Problem
from directory.imports.writing import Outcome, Writer
from directory.models import Location
from directory.search import reindex


@dataclass(frozen=True)
class ImportReport:
    """What an import did, or would have done."""

    outcome: Outcome
    problems: list[Problem] = field(default_factory=list)

    @property
    def last_line(self) -> str:
        """Counted in services: one counts as updated, too, when its organisation or place changed."""
        services = self.outcome.services
        return (
            f"{services.created} created, {services.updated} updated, "
            f"{services.unchanged} unchanged, {len(self.problems)} problems"
        )


def import_services(
    *,
    path: Path,
    source: str,
    by: Actor,
    mapping: Path | None = None,
    dry_run: bool = False,
    topics: bool = False,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> ImportReport:
    """Import the list at ``path``, a file or folder in any format of ``directory.imports.readers``.

    :param source: what the list is called; the same list must keep its name from one import to the
        next, because ids that are not UUIDs are made from it.
    :param progress: called with how many records are done, and of how many.
    :raises UnknownSource: when it cannot be read at all; nothing is written then.
    """
    batch = read_source(path, source=source, mapping=mapping)
    total = len(batch.terms) + len(batch.organisations) + len(batch.places) + len(batch.services)
    return write_batch(
        batch=batch,
        source=source,
        by=by,
        dry_run=dry_run,
        topics=topics,
        progress=lambda records: progress(records, total),
    )


def write_batch(
    *,
    batch: Batch,
    source: str,
    by: Actor,
    dry_run: bool = False,
    only_new: bool = False,
    topics: bool = False,
    progress: Callable[[int], None] = lambda records: None,
) -> ImportReport:
    """Clean ``batch``, write what differs from the directory, and record it, in one transaction.

    :param source: what the list is called; kept with every record that it makes.
    :param dry_run: do everything and then take it back, so that the report is what would happen.
    :param only_new: leave every record that is here already as it is.
    :param topics: show the source's own terms as topics to browse.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        # A reference to nothing must show at the record that has it, not at the end of all of them.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        clean(batch, known_confidential=_confidential(place.id for place in batch.places))
        outcome = Writer(
            batch, source=source, only_new=only_new, topics=topics, progress=progress
        ).write()
        if outcome.wrote and not dry_run:
            record(
                SERVICES_IMPORTED,
                by=by,
                details={
                    "created": outcome.services.created,
                    "updated": outcome.services.updated,
                    "unchanged": outcome.services.unchanged,
                    "problems": len(batch.problems),
                },
            )
            # A word that changed for a topic changes every service with that topic; and the words of
            # an address that has become confidential must go from the list of all words.
            everything = outcome.terms.updated or batch.hidden
            if batch.hidden:
                discard_prints()
            reindex(None if everything else outcome.touched)
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        if dry_run:
            transaction.set_rollback(True)
    return ImportReport(outcome, batch.problems)


def _confidential(ids: Iterable[UUID]) -> set[UUID]:
    return set(
        Location.objects.filter(id__in=list(ids), is_confidential=True).values_list("id", flat=True)
    )
