"""Does somebody live in the network's area? By the postcode's local authority, never its prefix.

Postal towns and boroughs do not agree: one outcode can lie half inside, and a neighbouring town's
outcode can reach in. Only a unit postcode has an area code; what is known to the sector only, or not
at all (a new estate), is *not sure: ask*.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from directory.models import PostcodePlace
from directory.postcodes import normalise


class Residency(models.TextChoices):
    IN = "in", _("lives in the area")
    OUT = "out", _("lives outside the area")
    NOT_SURE = "not_sure", _("not sure: ask")


def residency(postcode: str) -> Residency:
    """Where ``postcode``, as somebody typed it, lies. Reads one row."""
    code = normalise(postcode)
    if code is None or not settings.NETWORK_AREA_CODES:
        return Residency.NOT_SURE
    area = (
        PostcodePlace.objects.filter(code=code, level=PostcodePlace.Level.UNIT)
        .values_list("area_code", flat=True)
        .first()
    )
    if not area:
        return Residency.NOT_SURE
    return Residency.IN if area in settings.NETWORK_AREA_CODES else Residency.OUT
