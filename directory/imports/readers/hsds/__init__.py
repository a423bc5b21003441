"""HSDS tables, of any version, made into records.

The three versions differ in names (``website`` and ``url``), in where things hang (HSDS 1 has
``location_id`` in its services and ``taxonomy_ids`` in a cell) and in how times are written
(``weekday`` and ``byday``). One reader takes all of them, because real exports mix them.

A confidential place is one with ``is_confidential`` or ``confidential`` true, or with an attribute or a
line of ``accessibility`` that says "confidential address" (or location), for the place itself or for a
service, which makes all of that service's places confidential.
"""

from __future__ import annotations

from directory.imports.identity import Identities
from directory.imports.readers.hsds.organisations import read_organisations
from directory.imports.readers.hsds.places import (
    hide_what_attributes_call_confidential,
    read_places,
)
from directory.imports.readers.hsds.services import Services
from directory.imports.readers.hsds.source import Source
from directory.imports.readers.hsds.times import Times
from directory.imports.readers.hsds.words import read_terms
from directory.imports.readers.tables import Tables
from directory.imports.records import Batch

__all__ = ["build"]


def build(tables: Tables, ids: Identities) -> Batch:
    source = Source(tables, ids)
    times = Times(tables, ids, source.found)
    read_terms(source)
    read_organisations(source)
    read_places(source, times)
    Services(source, times).read()
    hide_what_attributes_call_confidential(source)
    return source.found
