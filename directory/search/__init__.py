"""Finding help: what somebody typed, made into services in the order of how well they fit.

``search(Query) -> Results`` and ``reindex(service_ids)`` are what others use.

=================  ==============================================================================
words              folding of text, the same for the index and for what is typed
understanding      stems, topics recognised in the words, operators
spelling           mistakes held against the directory's own words
matching           text queries in stages, the strictest first
ranking            text × distance × freshness
facets             filterable facts and their groups
half_hours         a week as bits, for "when I am free"
searching          the search itself: pages, counts
suggestions        what may be meant, while somebody types
indexing           writing the entries
=================  ==============================================================================
"""

from directory.search.facets import Choices
from directory.search.indexing import reindex, reindex_topics
from directory.search.query import FreeTime, Query
from directory.search.searching import Hit, Results, Section, SectionKey, search

__all__ = [
    "Choices",
    "FreeTime",
    "Hit",
    "Query",
    "Results",
    "Section",
    "SectionKey",
    "reindex",
    "reindex_topics",
    "search",
]
