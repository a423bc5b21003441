"""What may be meant, while somebody types: topics first, then services, then words."""

from __future__ import annotations

from typing import TypedDict

from django.db import connection
from django.utils.translation import gettext as _

from directory.models import Service
from directory.search.words import fold

SHORTEST = 2
MOST = 8


class Suggestion(TypedDict):
    """``kind`` is topic, service or word; ``text`` is what goes into the box."""

    kind: str
    kind_in_words: str
    text: str


def _suggestion(kind: str, text: str) -> Suggestion:
    words = {"topic": _("topic"), "service": _("service")}
    return {"kind": kind, "kind_in_words": words.get(kind, ""), "text": text}


def suggestions(typed: str) -> list[Suggestion]:
    """At most eight, in two queries. Each is something that finds at least one service."""
    folded = fold(typed)
    if len(folded) < SHORTEST:
        return []
    # In LIKE only these two mean anything, and folding leaves neither.
    begins, later = f"{folded}%", f"% {folded}%"
    with connection.cursor() as cursor:
        cursor.execute(
            """
            (SELECT DISTINCT 1, term.name, min(CASE WHEN way.text LIKE %(begins)s THEN 0 ELSE 1 END),
                    term.sort_key
             FROM directory_topicphrase way
             JOIN directory_taxonomyterm term ON term.id = way.term_id
             WHERE term.is_topic AND (way.text LIKE %(begins)s OR way.text LIKE %(later)s)
               AND EXISTS (SELECT 1 FROM directory_searchentry entry
                           WHERE entry.facets @> ARRAY['topic:' || term.slug])
             GROUP BY term.name, term.sort_key ORDER BY 3, 4 LIMIT 4)
            UNION ALL
            (SELECT 3, word, -services, word FROM directory_directoryword
             WHERE word LIKE %(begins)s ORDER BY services DESC, word LIMIT 3)
            """,
            {"begins": begins, "later": later},
        )
        rows = cursor.fetchall()
    names = (
        Service.objects.publishable()
        .filter(search_entry__name__startswith=folded)
        .order_by("sort_key", "id")
        .values_list("name", flat=True)[:4]
    )
    found: dict[str, Suggestion] = {}
    for kind, text, *_order in rows:
        if kind == 1:
            found.setdefault(fold(text), _suggestion("topic", text))
    for name in names:
        found.setdefault(fold(name), _suggestion("service", name))
    for kind, text, *_order in rows:
        if kind == 3:
            found.setdefault(fold(text), _suggestion("word", text))
    return list(found.values())[:MOST]
