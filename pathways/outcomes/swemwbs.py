"""The short Warwick-Edinburgh scale: its raw total as the metric score that may be averaged.

The questionnaire itself needs a licence of the University of Warwick and is not in this portal. Only when an
installation names its licence (``DCSN_SWEMWBS_LICENCE``) is the scale offered by name, for totals that were
reckoned elsewhere.

The conversion is the one that two research scripts agree on, typed again here. A third script has 25.99
where this has 26.02, at 29: confirm it against Warwick's own table before figures are published.
"""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings

NAME = "SWEMWBS"
LOWEST_RAW, HIGHEST_RAW = 7, 35
# The raw total on which the sources do not agree.
DISPUTED_RAW = 29
_METRIC = """
 7.00  9.51 11.25 12.40 13.33 14.08 14.75 15.32 15.84 16.36 16.88 17.43 17.98 18.59 19.25
19.98 20.73 21.54 22.35 23.21 24.11 25.03 26.02 27.03 28.13 29.31 30.70 32.55 35.00
"""
METRIC = {raw: Decimal(score) for raw, score in enumerate(_METRIC.split(), LOWEST_RAW)}


_RAW = {score: raw for raw, score in METRIC.items()}


def licence() -> str:
    """The licence that this installation holds; nothing where it holds none."""
    return str(settings.SWEMWBS_LICENCE)


def metric(raw: int) -> Decimal:
    """:raises ValueError: for what is no total of seven answers from 1 to 5."""
    if raw not in METRIC:
        raise ValueError(f"{raw} is not a total from {LOWEST_RAW} to {HIGHEST_RAW}")
    return METRIC[raw]


def raw(score: Decimal) -> int | None:
    """The total that a metric score was worked out from, for whoever puts an answer right."""
    return _RAW.get(score)
