"""Roughly where help is wanted, for whoever is asked to come: they decide by it and learn no address."""

from __future__ import annotations

from math import ceil

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dcsn.privacy import all_ids_of
from members.letters.due import flagged
from volunteers.matching.distance import miles_between
from volunteers.matching.gather.pieces import places_of, postcode_of
from volunteers.models import Offer


def roughly_where(offer: Offer) -> str:
    """In whole miles, rounded up; without them where somebody must be got in touch with carefully, for whom
    even that may be too much. Load ``help_request__person`` and ``volunteer__person``."""
    request, volunteer = offer.help_request, offer.volunteer.person
    if request.from_home:
        return _("From your own home")
    at_home = _("At the person's home")
    if request.person is None or volunteer is None or request.person.safe_contact_note:
        return at_home
    if flagged(all_ids_of(request.person.pk)):
        return at_home
    codes = [postcode_of(one.postcode) for one in (request.person, volunteer)]
    places = places_of(codes)
    miles = miles_between(*(places.get(code) for code in codes))
    if miles is None:
        return at_home
    return ngettext(
        "At the person's home, within a mile of yours",
        "At the person's home, within %(count)d miles of yours",
        max(ceil(miles), 1),
    ) % {"count": max(ceil(miles), 1)}
