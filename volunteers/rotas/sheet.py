"""The week of a rota for the wall."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from dcsn.forms.clock import write_time
from dcsn.printing import PrintSize, render_pdf
from directory.hours.clock import london_time
from volunteers.models import Opportunity
from volunteers.rotas.rota import RotaDay
from volunteers.rotas.week import Week


def rota_sheet(role: Opportunity, week: Week, days: Sequence[RotaDay], size: PrintSize) -> bytes:
    """``days`` with the names that may stand on a wall (``rota.name_those_seen(…, short=True)``)."""
    return render_pdf(
        "print/rota.html",
        {
            "role": role,
            "week": week,
            "days": [
                (
                    day.day,
                    [
                        (
                            _("%(starts)s to %(ends)s")
                            % {
                                "starts": write_time(london_time(row.shift.starts_at)),
                                "ends": write_time(london_time(row.shift.ends_at)),
                            },
                            row,
                            range(row.free),
                        )
                        for row in day.shifts
                    ],
                )
                for day in days
                if day.shifts
            ],
        },
        size=size,
        title=_("Rota: %(role)s") % {"role": role.name},
    )
