"""What search looks in. Derived from the other tables: ``directory.search.reindex`` rebuilds it."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from directory.models.services import Service
from directory.models.taxonomy import TaxonomyTerm


class SearchEntry(models.Model):
    """One service as search sees it.

    ``facets`` holds every filterable fact as a short string (``topic:foot-care``, ``cost:free``,
    ``access:step_free``, ``day:1``), with a topic's ancestors, so that filters and their counts
    are array operations over one table.

    ``half_hours`` has seven numbers, Monday first, whose 48 lowest bits are the half hours of a
    day in which something is given; null when the times are not known.

    ``latitudes`` and ``longitudes`` are its public places' positions, pair by pair. A confidential
    place has none, here as everywhere.
    """

    service = models.OneToOneField(
        Service, on_delete=models.CASCADE, primary_key=True, related_name="search_entry"
    )
    vector = SearchVectorField()
    # The service's name, other names and organisation, folded: for "exactly this name" and for
    # suggestions while somebody types.
    name = models.CharField(max_length=255, default="", db_index=True)
    titles = models.TextField(default="")
    facets = ArrayField(models.TextField(), default=list)
    half_hours = ArrayField(models.BigIntegerField(), size=7, null=True, default=None)
    latitudes = ArrayField(models.FloatField(), default=list)
    longitudes = ArrayField(models.FloatField(), default=list)
    indexed_at = models.DateTimeField(auto_now=True)

    class Meta:
        indexes = [
            GinIndex(fields=["vector"], name="directory_search_vector"),
            GinIndex(fields=["facets"], name="directory_search_facets"),
        ]

    def __str__(self) -> str:
        return str(self.service_id)


class DirectoryWord(models.Model):
    """A word the directory uses, and in how many services: what typing mistakes are held against.

    ``stem`` is what PostgreSQL's English dictionary makes of it.
    """

    word = models.CharField(max_length=60, primary_key=True)
    stem = models.CharField(max_length=60, default="", db_index=True)
    services = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.word


class TopicPhrase(models.Model):
    """One way of saying a topic, with the stems it is recognised by whatever the order.

    A query that holds all the ``stems`` of "I can't cut my nails" (cut, nail) is about that topic.
    """

    class Kind(models.TextChoices):
        NAME = "name"
        SYNONYM = "synonym"
        PHRASE = "phrase"

    term = models.ForeignKey(TaxonomyTerm, on_delete=models.CASCADE, related_name="ways_to_say")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    text = models.CharField(max_length=255, db_index=True)
    stems = ArrayField(models.TextField(), default=list)

    class Meta:
        indexes = [GinIndex(fields=["stems"], name="directory_topic_phrase_stems")]
        constraints = [
            models.UniqueConstraint(fields=["term", "text"], name="directory_topic_phrase_once")
        ]

    def __str__(self) -> str:
        return self.text
