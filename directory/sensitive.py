"""Pages that somebody may read while they are watched: there the way out of the site is large."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings


def is_sensitive(slugs: Iterable[str]) -> bool:
    """Whether one of these topics is among those that the network calls sensitive."""
    return not frozenset(settings.SENSITIVE_TOPICS).isdisjoint(slugs)
