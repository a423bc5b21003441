"""Why something was refused in the safety net."""

from __future__ import annotations

from members.refusals import Refused


class MovedOn(Refused):
    """Somebody else has dealt with it since the page was opened."""


class NotYours(Refused):
    """Somebody with more say, or somebody else, has to decide this."""


class TooEarly(Refused):
    """The membership lasts for a while yet; nothing is given in advance."""


class NoLongerHolds(Refused):
    """It has to be asked again: the day of review is past, or it was never granted."""
