"""What search looks in. Derived from the other tables: ``directory.search.reindex`` rebuilds it."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from directory.models.services import Service


class SearchEntry(models.Model):
    """One service as search sees it.

    ``facets`` holds every filterable fact as a short string (``topic:foot-care``, ``cost:free``,
    ``access:step_free``, ``day:1``), with a topic's ancestors, so that filters and their counts
    are array operations over one table.
    """

    service = models.OneToOneField(
        Service, on_delete=models.CASCADE, primary_key=True, related_name="search_entry"
    )
    vector = SearchVectorField()
    facets = ArrayField(models.CharField(max_length=80), default=list)
    indexed_at = models.DateTimeField(auto_now=True)

    class Meta:
        indexes = [
            GinIndex(fields=["vector"], name="directory_search_vector"),
            GinIndex(fields=["facets"], name="directory_search_facets"),
        ]

    def __str__(self) -> str:
        return str(self.service_id)


class DirectoryWord(models.Model):
    """A word the directory uses, and in how many services: what typing mistakes are held against."""

    word = models.CharField(max_length=60, primary_key=True)
    services = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.word
