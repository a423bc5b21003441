"""Compares records with the database, table by table, and writes what differs.

=============  ==================================================================================
:mod:`.writer`    the whole batch, in order, a savepoint a record
:mod:`.terms`     taxonomies and their terms
:mod:`.below`     what belongs to an organisation, a place or a service
:mod:`.rows`      one record against one row
:mod:`.outcome`   what was done
=============  ==================================================================================
"""

from directory.imports.writing.outcome import Outcome, Tally
from directory.imports.writing.writer import Writer

__all__ = ["Outcome", "Tally", "Writer"]
