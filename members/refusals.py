"""Why an action was refused, in words for the page."""

from __future__ import annotations


class Refused(Exception):
    """An action that cannot be done; ``str()`` says why, and the view shows it."""


class SettledAlready(Refused):
    """Somebody else ticked the request off a moment ago."""


class NothingToPost(Refused):
    """None of the services that were asked for can be posted."""


class NoPostingDesk(Refused):
    """The network has no access point that posts."""


class NothingToWithdraw(Refused):
    """The person has not agreed to this, or has withdrawn it already."""


class AgreementChanged(Refused):
    """Somebody else renewed or ended the agreement a moment ago."""
