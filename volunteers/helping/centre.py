"""Who looks for volunteers when a neighbour asks: one place, so that a request has one desk that answers."""

from __future__ import annotations

from django.conf import settings

from directory.models import Organisation
from members.access import posting_desk


def centre() -> Organisation | None:
    """``DCSN_VOLUNTEER_CENTRE`` (the short id at the end of its address), else the desk that posts what
    residents ask for on the website."""
    if settings.VOLUNTEER_CENTRE:
        return Organisation.objects.filter(short_id=settings.VOLUNTEER_CENTRE).first()
    return posting_desk()
