"""The sums of the feasibility study of 2011 (part 4.1): right, and as it prints them.

It foresees 2,550 members, as Southwark Circle did, at £5 a year, each buying 3.3 hours of help a month at
£6.32, and prints £263,026 a year. The sum of its own numbers is £650,943.60. What it prints comes out, but
for £4, when the fees are those of 2,550 members and the hours those of 1,000.
"""

from __future__ import annotations

from decimal import Decimal

from members.sums.arithmetic import Assumptions, Income, forecast, income_of_a_year

HOURS = Decimal("3.3")
STUDY = Assumptions(members=2_550, price=500, hours=HOURS, rate=632)
# £33 a month at £10 an hour, which is where the 3.3 hours come from.
SOUTHWARK = Assumptions(members=2_550, price=1_000, hours=HOURS, rate=1_000)
PRINTED = 263_026_00
HOURS_COUNTED_FOR = 1_000


def first_year(given: Assumptions) -> Income:
    return forecast(given)[0].income


def as_printed() -> Income:
    """The fees of all 2,550, and the hours of 1,000: £263,022."""
    return income_of_a_year(
        paying=STUDY.members,
        price=STUDY.price,
        buyers=HOURS_COUNTED_FOR,
        hours=STUDY.hours,
        rate=STUDY.rate,
    )
