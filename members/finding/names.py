"""Names as they are compared: folded to plain words, their sound, and one letter left out."""

from __future__ import annotations

import re
from functools import lru_cache

import jellyfish

from directory.search.words import fold

LONGEST_WORD = 24
MOST_WORDS = 8
# What stands before or after a name and is none.
_TITLES = frozenset(
    {
        "mr",
        "mrs",
        "miss",
        "ms",
        "mx",
        "dr",
        "rev",
        "revd",
        "sir",
        "dame",
        "prof",
        "jnr",
        "snr",
        "jr",
    }
)
# British spellings that metaphone hears differently although people do not: Thompson and Tomson, Hughes and
# Hewes, Sheppard and Shepherd, McDonald and MacDonald.
_RESPELT = (
    (re.compile(r"^mac(?=[bcdfghklmnpqrstvwx])"), "mc"),
    (re.compile(r"^th(?=om|eresa|erese|ames)"), "t"),
    (re.compile(r"mps(?=on)"), "ms"),
    (re.compile(r"pherd\b|phard\b|pard\b|perd\b"), "pard"),
    (re.compile(r"(?<=hu)gh(?=es|s)"), "w"),
    (re.compile(r"sz|cz"), "s"),
    (re.compile(r"^rh"), "r"),
    (re.compile(r"^ff"), "f"),
    (re.compile(r"ough\b|augh\b"), "o"),
    (re.compile(r"(?<=[aeiou])gh(?=[^aeiou]|$)"), ""),
)


@lru_cache(maxsize=65_536)
def words_of_name(name: str) -> tuple[str, ...]:
    """The words of a name, folded and without titles: "Mrs. O'Neill-Żak" is ``("oneill", "zak")``."""
    words = fold(name[:200]).split()
    found = tuple(word[:LONGEST_WORD] for word in words if word not in _TITLES)[:MOST_WORDS]
    # Somebody may be called Sir, or Miss: then there is nothing else.
    return found or tuple(word[:LONGEST_WORD] for word in words[:1])


@lru_cache(maxsize=65_536)
def sound_of(word: str) -> str:
    """How a folded word sounds (metaphone, after a few British respellings); "" for one of no letters."""
    plain = word
    for pattern, instead in _RESPELT:
        plain = pattern.sub(instead, plain)
    if not (plain.isascii() and plain.isalpha()):
        return ""
    return str(jellyfish.metaphone(plain))


@lru_cache(maxsize=65_536)
def with_one_letter_left_out(word: str) -> tuple[str, ...]:
    """The word and every form of it that lacks one letter.

    Two words with one letter wrong, missing, too many or two swapped have one of these in common, so
    that an index over them finds every such mistake without comparing anything.
    Words of three letters or fewer stand for themselves: too much is one letter away from Ann.
    """
    if len(word) < 4:
        return (word,)
    shorter = {word[:at] + word[at + 1 :] for at in range(len(word))}
    return (word, *sorted(shorter))
