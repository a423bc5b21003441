"""Why an action was refused, in words for the page."""

from __future__ import annotations


class Refused(Exception):
    """An action that cannot be done; ``str()`` says why, and the view shows it."""


class NotPossible(Refused):
    """The referral's state does not allow this: it may have moved on a moment ago."""


class ReasonMissing(Refused):
    """This change needs a reason, and none (or not enough of one) was given."""


class NoBasis(Refused):
    """The person has not agreed, and no other lawful basis is recorded."""


class NoAgreement(Refused):
    """The network has no data-sharing agreement in force with the receiving organisation."""


class ChangedMeanwhile(Refused):
    """Somebody else saved the same enquiry since this page was opened."""


class FinishedAlready(Refused):
    """The enquiry has been finished, by this click's twin or by somebody else."""


class LinkOver(Refused):
    """The link to answer by opens nothing any more: used, superseded, run out."""


class CodeRefused(Refused):
    """No code is sent, or none can be tried, for a reason that the page says."""
