"""Who could help with which request: values in, suggestions with reasons out; no database.

==============  ==================================================================================
``candidate``   a volunteer as matching sees them
``need``        an open request as matching sees it
``rules``       what no suggestion may break, each with its sentence
``weights``     what counts for how much, with reasons
``pool``        all candidates as columns
``costs``       the weights applied, part by part
``pricing``     one request against all candidates
``assignment``  all requests at once, by SciPy
``run``         :func:`suggest`: the whole, with progress and a way to stop it
``reasons``     why somebody is suggested, in words
``why_not``     why somebody else is not
``outcome``     what is handed back
==============  ==================================================================================

Why so: docs/decisions/0068.
"""

from __future__ import annotations

from volunteers.matching.candidate import Candidate, Mode
from volunteers.matching.need import Need, Place, Preference, PreferenceKind, visits_within
from volunteers.matching.outcome import Matching, Outcome, Suggestion
from volunteers.matching.rules import RULES, Refusal, first_refusal, refusal
from volunteers.matching.run import suggest
from volunteers.matching.watching import MatchingCancelled
from volunteers.matching.why_not import why_not

__all__ = [
    "RULES",
    "Candidate",
    "Matching",
    "MatchingCancelled",
    "Mode",
    "Need",
    "Outcome",
    "Place",
    "Preference",
    "PreferenceKind",
    "Refusal",
    "Suggestion",
    "first_refusal",
    "refusal",
    "suggest",
    "visits_within",
    "why_not",
]
