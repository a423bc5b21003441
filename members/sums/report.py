"""All the sums of the day: counted once for the page and once for the file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from dcsn.figures.shapes import Table
from members.sums import counting
from members.sums.arithmetic import Assumptions, Year, forecast
from members.sums.study import STUDY
from members.sums.tables import forecast_table, study_table

# Where nobody has stayed a year yet, nothing can be measured.
STAYING_IF_UNKNOWN = 75
YEARS = 5


@dataclass(frozen=True)
class Counted:
    """What the database says."""

    tables: tuple[Table, ...]
    today: Assumptions


@dataclass(frozen=True)
class Forecast:
    """What follows from assumptions."""

    given: Assumptions
    years: tuple[Year, ...]
    table: Table
    study: Table


def counted(today: date, *, by: str) -> Counted:
    """The tables, and what the forecast would assume from them. Nine queries, whatever there is."""
    plans = counting.by_plan_and_state(today)
    yearly = counting.retention(today, by="year")
    stays = counting.retention(today, by="month") if by == "month" else yearly
    sources, free = counting.by_source(today)
    staying = counting.staying_percent(yearly)
    return Counted(
        tables=(plans, stays, counting.income_by_month(today), sources, counting.safety_net(today)),
        today=Assumptions(
            members=counting.members_of(plans),
            joining=counting.joined_in_the_last_year(today),
            staying=STAYING_IF_UNKNOWN if staying is None else staying,
            free=free.percent,
            price=counting.usual_price(today),
            # Nobody buys hours through the portal unless tokens are switched on.
            buying=0,
            hours=Decimal(0),
            rate=STUDY.rate,
            years=YEARS,
        ),
    )


def forecast_of(given: Assumptions) -> Forecast:
    years = tuple(forecast(given))
    return Forecast(given, years, forecast_table(years), study_table())
