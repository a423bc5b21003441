"""Why an action was refused, in words for the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from members.models import Person


class Refused(Exception):
    """An action that cannot be done; ``str()`` says why, and the view shows it."""


class SettledAlready(Refused):
    """Somebody else ticked the request off a moment ago."""


class NothingToPost(Refused):
    """None of the services that were asked for can be posted."""


class ChangedMeanwhile(Refused):
    """Two editors altered the same facts of one person.

    ``current`` is the row as the other left it, ``clash`` the facts that both altered, ``altered`` all
    that this editor did.
    """

    def __init__(self, current: Person, *, clash: set[str], altered: set[str]) -> None:
        super().__init__("somebody else has just saved")
        self.current = current
        self.clash = clash
        self.altered = altered


class NotTheirs(Refused):
    """Somebody would be given a person whose record they may not see."""


class CannotBeTied(Refused):
    """Two people who cannot stand in this relation, or stand in it already."""


class NothingToWithdraw(Refused):
    """The person has not agreed to this, or has withdrawn it already."""


class AgreementChanged(Refused):
    """Somebody else renewed or ended the agreement a moment ago."""


class ComplaintChanged(Refused):
    """Somebody else has dealt with the complaint since the page was opened."""


class CannotBeMerged(Refused):
    """The two records cannot be put together, or not be taken apart."""


class LookedTooOften(Refused):
    """More searches for people than anybody's work needs; ``seconds`` says when they may go on."""

    def __init__(self, seconds: int) -> None:
        super().__init__(_("Too many searches. Please wait a few minutes."))
        self.seconds = seconds


class CopyChanged(Refused):
    """Somebody else has changed the request for a copy since the page was opened."""


class NotReadYet(Refused):
    """A copy is not given before all of it has been read through."""
