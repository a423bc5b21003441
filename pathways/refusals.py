"""Why an action was refused, in words for the page."""

from __future__ import annotations

from pathways.plans.merging import Clash


class Refused(Exception):
    """An action that cannot be done; ``str()`` says why, and the view shows it."""


class NotPossible(Refused):
    """The state does not allow this: it may have moved on a moment ago."""


class ChangedMeanwhile(Refused):
    """Somebody else saved since this page was opened, and the two cannot both stand."""


class WordsClash(ChangedMeanwhile):
    """Both altered the same lines of a part. ``clash`` holds what each wrote: nothing is lost."""

    def __init__(self, message: str, *, clash: Clash, version: int) -> None:
        super().__init__(message)
        self.clash = clash
        self.version = version


class NotAgreed(Refused):
    """A name is missing under the plan as it now stands."""


class ReasonNotSeen(Refused):
    """Fewer hours, and no reason that the person has seen."""


class NotEnough(Refused):
    """The budget does not hold as much."""


class SentBefore(Refused):
    """A form's key was used for another entry already. What is asked now was not done."""
