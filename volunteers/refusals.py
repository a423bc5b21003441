"""Why an action was refused, in words for the page: a view catches ``Refused`` and shows ``str()``."""

from __future__ import annotations


class Refused(Exception):
    """An action that cannot be done; ``str()`` says why."""


class NotPossible(Refused):
    """The state does not allow this: it may have moved on a moment ago."""


class ChangedMeanwhile(Refused):
    """Somebody else has moved it since the page was opened."""


class ReasonMissing(Refused):
    """This needs a reason, and none (or not enough of one) was given."""


class SuggestionMissing(Refused):
    """Somebody is redirected, but to nothing."""


class ParentNeeded(Refused):
    """Under 16, and no parent has confirmed: nobody contacts or places them yet."""


class CheckMissing(Refused):
    """A check that the task needs is missing, not decided in their favour, or out of date."""


class TooYoung(Refused):
    """Younger than the role or task allows, or their age is not known where it must be."""


class NotTogether(Refused):
    """One of the two asked not to be brought together with the other."""


class AlreadyBooked(Refused):
    """They are somewhere else at that time. A manager may override it with a reason."""


class NoHoursLeft(Refused):
    """More than the hours a week that they said they can give."""


class NotAvailable(Refused):
    """The volunteer is not helping at the moment."""


class PlaceTaken(Refused):
    """Somebody else got the last place, or the request, a moment ago."""


class OfferOver(Refused):
    """The offer has lapsed, was withdrawn, or was answered differently before."""


class SameSide(Refused):
    """Hours are confirmed by the other side than the one that logged them."""
