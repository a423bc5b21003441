"""Certificates and references on paper."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Max, Min, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from dcsn.printing import PrintSize, render_pdf
from volunteers.giving.words import say_minutes
from volunteers.models import Reference, Volunteer


@dataclass(frozen=True)
class Given:
    """What somebody gave to one organisation."""

    organisation: str
    time: str


def certificate_pdf(volunteer: Volunteer, hours: Any, size: PrintSize) -> bytes | None:
    """Of these hours, which both sides agreed on; None when there are none.

    :param hours: rows of ``Hours`` of this volunteer, of all organisations or of some.
    """
    counted = hours.counted().filter(minutes__gt=0).order_by()
    sums = counted.aggregate(sum=Sum("minutes"), first=Min("day"), last=Max("day"))
    if not sums["sum"]:
        return None
    places = (
        counted.values("organisation__name")
        .annotate(sum=Sum("minutes"))
        .order_by("-sum", "organisation__name")
    )
    return render_pdf(
        "print/volunteer_certificate.html",
        {
            "person": volunteer.person,
            "time": say_minutes(sums["sum"]),
            "first": sums["first"],
            "last": sums["last"],
            "given": [Given(row["organisation__name"], say_minutes(row["sum"])) for row in places],
            "today": timezone.localdate(),
            "reference": volunteer.reference,
        },
        size=size,
        title=_("Certificate"),
        header="",
    )


def reference_pdf(reference: Reference, size: PrintSize) -> bytes:
    """As it was signed: later hours do not stand in it."""
    return render_pdf(
        "print/volunteer_reference.html",
        {
            "one": reference,
            "person": reference.volunteer.person,
            "time": say_minutes(reference.minutes) if reference.minutes else "",
        },
        size=size,
        title=_("Reference"),
        header="",
    )
