"""The working of an indicative budget in plain words: the same lines on the screen and on paper."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from dcsn.forms import say_pence
from pathways.budgets.allocation import Score, SourceFigures, half_up, indicative, working


@dataclass(frozen=True)
class Line:
    """What is reckoned, and what it comes to."""

    words: str
    amount: str


def decimals(value: Fraction, places: int, *, least: int = 0) -> str:
    """Half up, with at most so many decimals; noughts at the end go. 42.15, 126,450, 80.664294."""
    scaled = half_up(abs(value) * 10**places)
    whole, rest = divmod(scaled, 10**places)
    after = str(rest).zfill(places)[:places] if places else ""
    after = after[:least] + after[least:].rstrip("0")
    said = number_format(whole, use_l10n=True, force_grouping=True)
    sign = "−" if value < 0 and scaled else ""
    return f"{sign}{said}.{after}" if after else f"{sign}{said}"


def pounds(pence: Fraction | int, places: int = 2) -> str:
    """With as many decimals as are needed, two at least; whole pounds without."""
    value = Fraction(pence) / 100
    if value.denominator == 1:
        return "£" + decimals(value, 0)
    return "£" + decimals(value, places, least=2)


def working_lines(figures: SourceFigures, points: int) -> list[Line]:
    """Every step from the council's figures to the amount, with the rounding as a line of its own."""
    steps = {step.code: step.value for step in working(figures, points)}
    result = indicative(figures, points)
    percent = decimals(figures.top_slice * 100, 1)
    return [
        Line(
            _("%(cases)s sample cases had %(points)s points together. On average:")
            % {
                "cases": decimals(Fraction(figures.sample_cases), 0),
                "points": decimals(Fraction(figures.sample_points), 0),
            },
            _("%s points") % decimals(steps["average"], 4),
        ),
        Line(
            _("Times everybody who uses services (%s people):") % decimals(steps["people"], 0),
            _("%s points") % decimals(steps["all-points"], 4),
        ),
        Line(_("The council's budget for a year:"), pounds(steps["budget"])),
        Line(
            _("Less %s%%, kept back to protect people while things change:") % percent,
            "−" + pounds(steps["held-back"]),
        ),
        Line(_("To give out:"), pounds(steps["to-allocate"])),
        Line(_("Divided by all the points. One point is worth:"), pounds(steps["point"], 6)),
        Line(_("Your points:"), _("%s points") % decimals(steps["points"], 0)),
        Line(_("Your points times the value of one:"), pounds(steps["exact"], 6)),
        Line(
            _("Rounding to whole pennies, half a penny up:"),
            decimals(-result.rounding_pence, 4) + "p" if result.rounding_pence else "0p",
        ),
        Line(_("Your indicative budget for a year:"), pounds_and_pence(result.pence)),
    ]


def pounds_and_pence(pence: int) -> str:
    """Always with pennies: £3,387.90."""
    return f"£{pence // 100:,}.{pence % 100:02}"


def score_lines(score: Score) -> list[Line]:
    """What was answered, and the points of each."""
    return [
        Line(f"{domain.words}: {level.words}", _("%d points") % level.points)
        for domain, level in score.answers
    ]


def hours_at(weekly_pence: int, hourly_pence: int) -> Fraction:
    """How many hours a week's money buys: £224 at £16 an hour are 14 (Cornwall's card, 2009)."""
    if hourly_pence <= 0:
        raise ValueError("an hour costs something")
    return Fraction(weekly_pence, hourly_pence)


def a_week(year_pence: int) -> str:
    """A fifty-second of a year's money, to the penny: for speaking about it."""
    return say_pence(half_up(Fraction(year_pence, 52)))
