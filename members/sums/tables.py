"""The forecast and the study's sums as tables."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from dcsn.figures.shapes import Chart, Line, Pence, Table
from members.sums import study
from members.sums.arithmetic import Year


def forecast_table(years: Sequence[Year]) -> Table:
    return Table(
        key="forecast",
        title=_("What it might be"),
        counted=_(
            "from the assumptions above and nothing else. In the first year the members are as given; "
            "each year after that so many of them stay, and so many join. Prices stay as they are."
        ),
        head=_("Year"),
        columns=(
            _("income"),
            _("from memberships"),
            _("from hours of help"),
            _("costs"),
            _("left over"),
            _("members"),
            _("who pay"),
        ),
        lines=tuple(
            Line(
                _("Year %(number)s") % {"number": year.number},
                (
                    Pence(year.income.total),
                    Pence(year.income.fees),
                    Pence(year.income.hours),
                    Pence(year.costs),
                    Pence(year.left),
                    year.members,
                    year.paying,
                ),
            )
            for year in years
        ),
        chart=Chart.COLUMNS if len(years) > 1 else Chart.NONE,
    )


def study_table() -> Table:
    """The study's case and Southwark's, worked out as every other forecast is."""
    cases = (
        (
            _("The study’s case: £5 a year, 3.3 hours a month at £6.32"),
            study.first_year(study.STUDY),
        ),
        (
            _("The same with the hours of 1,000 members only: nearly what the study prints"),
            study.as_printed(),
        ),
        (
            _("Southwark Circle’s case: £10 a year, £33 a month"),
            study.first_year(study.SOUTHWARK),
        ),
    )
    return Table(
        key="study",
        title=_("The study’s own sums, checked"),
        counted=_("2,550 members, for one year."),
        head=_("Case"),
        columns=(_("together"), _("from memberships"), _("from hours of help")),
        lines=tuple(
            Line(name, (Pence(income.total), Pence(income.fees), Pence(income.hours)))
            for name, income in cases
        ),
    )
