"""The sheet that the person keeps by the door: who comes, when, and by what they know them."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from dcsn.forms.clock import write_time
from dcsn.printing import PrintSize, render_pdf
from volunteers.models import Visit


def visit_sheet(visit: Visit, size: PrintSize) -> bytes:
    """Of the volunteer it says what was agreed for the door, and nothing more: no name, no number."""
    return render_pdf(
        "print/visit_sheet.html",
        {
            "visit": visit,
            "asked": visit.offer.help_request,
            "starts": write_time(timezone.localtime(visit.starts_at).time()),
            "ends": write_time(timezone.localtime(visit.ends_at).time()),
        },
        size=size,
        title=_("Your visit"),
        header="",
    )
