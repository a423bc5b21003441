"""Typing mistakes, held against the directory's own words.

A word that the directory knows is never changed. Distances are optimal string alignment: a letter
missing, added, changed, or two swapped each count one.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q
from django.db.models.functions import Length
from rapidfuzz.distance import OSA

from directory.models import DirectoryWord

SHORTEST = 4
MOST_CORRECTED = 4


def mistakes_allowed(word: str) -> int:
    """One in a short word, two from seven letters on, none in three: "cab" is not "cat"."""
    if len(word) < SHORTEST:
        return 0
    return 1 if len(word) < 7 else 2


def corrected(unknown: Iterable[str]) -> dict[str, str]:
    """For each word that is close enough to the directory's: what was probably meant.

    A word may also be two that the directory knows, written together ("foodbank"). One query.
    """
    words = [word for word in dict.fromkeys(unknown) if len(word) >= SHORTEST][:MOST_CORRECTED]
    if not words:
        return {}
    near_in_length = Q()
    for word in words:
        allowed = mistakes_allowed(word)
        near_in_length |= Q(letters__range=(len(word) - allowed, len(word) + allowed))
        near_in_length |= Q(word__in=[half for pair in halves(word) for half in pair])
    known = dict(
        DirectoryWord.objects.annotate(letters=Length("word"))
        .filter(near_in_length)
        .values_list("word", "services")
    )
    found: dict[str, str] = {}
    for word in words:
        best = (
            _closest(word, known, 1)
            or _two_words(word, known)
            or _closest(word, known, mistakes_allowed(word))
        )
        if best:
            found[word] = best
    return found


def halves(word: str) -> list[tuple[str, str]]:
    """``word`` cut in two at every place that leaves three letters on either side."""
    return [(word[:cut], word[cut:]) for cut in range(3, len(word) - 2)]


def _two_words(word: str, known: dict[str, int]) -> str | None:
    pairs = [
        (min(known[first], known[second]), f"{first} {second}")
        for first, second in halves(word)
        if first in known and second in known
    ]
    return max(pairs)[1] if pairs else None


def _closest(word: str, known: dict[str, int], allowed: int) -> str | None:
    candidates = []
    for other, services in known.items():
        distance = OSA.distance(word, other, score_cutoff=allowed)
        # One letter for another makes a new word of a short one: "choir" is not "chair".
        if len(word) <= 5 and len(other) == len(word) and sorted(other) != sorted(word):
            continue
        if distance <= allowed:
            # The first letter is seldom wrong; of two that are as close, the commoner one.
            candidates.append((distance, other[0] != word[0], -services, other))
    return min(candidates)[3] if candidates else None
