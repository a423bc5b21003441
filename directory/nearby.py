"""Where a postcode is, for distances: by the postcode itself, else its sector, else its outcode."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from dcsn.forms.postcode import normalise_postcode
from directory.models import PostcodePlace

LONGEST = 20


@dataclass(frozen=True)
class Position:
    """A point to measure from, and what it was worked out from."""

    asked: str
    code: str
    level: str
    latitude: float
    longitude: float

    @property
    def is_exact(self) -> bool:
        return self.code == self.asked

    def in_words(self) -> str:
        """What a page says about how far distances can be trusted."""
        if self.level == PostcodePlace.Level.UNIT:
            return _("Distances are in a straight line from the middle of %(code)s.") % {
                "code": self.code
            }
        if self.is_exact:
            return _(
                "Distances are in a straight line from the middle of the %(code)s area. "
                "Give a whole postcode for better ones."
            ) % {"code": self.code}
        return _(
            "We do not have %(asked)s, so distances are in a straight line from the middle of "
            "the %(code)s area."
        ) % {"asked": self.asked, "code": self.code}


class NoSuchPostcode(Exception):
    """It is not a postcode, or not one that we know; the message says which, in plain words."""


def locate(text: str) -> Position:
    """The position of what somebody typed (``dl37xx``, ``DL3 7``, ``DL3``), in one query.

    Raises :class:`NoSuchPostcode`.
    """
    asked = normalise_postcode(text, partial=True) if len(text) <= LONGEST else None
    if asked is None:
        raise NoSuchPostcode(_("Enter a postcode, like DL3 7XX, or the first part of one."))
    codes = parts_of(asked)
    found = {place.code: place for place in PostcodePlace.objects.filter(code__in=codes)}
    for code in codes:
        if code in found:
            place = found[code]
            return Position(asked, code, place.level, place.latitude, place.longitude)
    raise NoSuchPostcode(
        _(
            "We do not know the postcode %(asked)s. Check it, or leave it empty to search everywhere."
        )
        % {"asked": asked}
    )


def parts_of(postcode: str) -> list[str]:
    """``["DL3 7XX", "DL3 7", "DL3"]``: from the best to the coarsest."""
    outcode, _blank, inward = postcode.partition(" ")
    parts = [postcode]
    if len(inward) == 3:
        parts.append(f"{outcode} {inward[0]}")
    if inward:
        parts.append(outcode)
    return parts
