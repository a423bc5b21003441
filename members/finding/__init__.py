"""Finding people although they are misspelt, swapped, married or called Peggy. See README.md of members.

=================  ====================================================================================
``typed``          what somebody typed, taken apart
``names``          names folded, their sound, one letter left out; ``pet_names`` the table of those
``keys``           by what a person is found, kept in ``PersonKeys``
``candidates``     the records that share keys
``scoring``        how much speaks for each, and in which words
``agreements``     which access points may see each other's people, masked
``search``         ``find_people``, ``find_among`` and ``strong_matches``
``duplicates``     pairs of records that may be one person's
=================  ====================================================================================
"""

from members.finding.keys import rebuild_keys, write_keys
from members.finding.search import (
    Found,
    MaskedMatch,
    Match,
    find_among,
    find_people,
    strong_matches,
)
from members.finding.typed import NotADate, Typed

__all__ = [
    "Found",
    "MaskedMatch",
    "Match",
    "NotADate",
    "Typed",
    "find_among",
    "find_people",
    "rebuild_keys",
    "strong_matches",
    "write_keys",
]
