"""From needs to an indicative budget, by Derby's method, with the working shown.

Derby City Council described it in its evidence on resource allocation (2009): points for every domain of an
assessment; a paper exercise with a sample of cases for the average; that average times everybody who uses
services; the budget less a top slice; and what is left divided by all the points is the value of one.

All sums are exact (``fractions.Fraction``): nothing is rounded before the last line, which is in whole
pence, half a penny up. The difference that rounding makes is kept, and stands as a line of its own, so that
what everybody gets and that line are together what there was to give out.

Indicative only: no result of this has legal force (Care Act 2014, sections 25 and 26: the amount is settled
with the plan).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction


class Unanswered(ValueError):
    """A domain of the table has no answer, or one that the table does not know."""

    def __init__(self, domain: str) -> None:
        super().__init__(f"no known answer for {domain}")
        self.domain = domain


@dataclass(frozen=True)
class Level:
    """One answer of a domain, and the points that it gives."""

    code: str
    words: str
    points: int


@dataclass(frozen=True)
class Domain:
    """A part of life that is asked about."""

    code: str
    words: str
    levels: tuple[Level, ...]

    def level(self, code: str) -> Level:
        for level in self.levels:
            if level.code == code:
                return level
        raise Unanswered(self.code)


@dataclass(frozen=True)
class Table:
    """The questions and their points: one table for everybody, whatever their age or need."""

    domains: tuple[Domain, ...]

    def __post_init__(self) -> None:
        codes = [domain.code for domain in self.domains]
        if not codes or len(set(codes)) != len(codes):
            raise ValueError("a table has domains, each once")
        for domain in self.domains:
            answers = [level.code for level in domain.levels]
            if not answers or len(set(answers)) != len(answers):
                raise ValueError(f"{domain.code} has answers, each once")
            if any(level.points < 0 for level in domain.levels):
                raise ValueError(f"{domain.code} gives fewer than no points")

    def score(self, answers: Mapping[str, str]) -> Score:
        """``answers``: the code of a level for every domain; ``Unanswered`` names the first that lacks."""
        unknown = sorted(set(answers) - {domain.code for domain in self.domains})
        if unknown:
            raise Unanswered(unknown[0])
        chosen = []
        for domain in self.domains:
            if domain.code not in answers:
                raise Unanswered(domain.code)
            chosen.append((domain, domain.level(answers[domain.code])))
        return Score(tuple(chosen))


@dataclass(frozen=True)
class Score:
    """What was answered, domain by domain."""

    answers: tuple[tuple[Domain, Level], ...]

    @property
    def points(self) -> int:
        return sum(level.points for _domain, level in self.answers)


@dataclass(frozen=True)
class SourceFigures:
    """The figures that a version rests on; each has a source of its own beside it.

    ``budget_pence``: the community care budget for a year. ``top_slice``: the share held back, 15% = 15/100.
    """

    budget_pence: int
    sample_cases: int
    sample_points: int
    people: int
    top_slice: Fraction = Fraction(15, 100)

    def __post_init__(self) -> None:
        if self.budget_pence < 0:
            raise ValueError("a budget is not less than nothing")
        if self.sample_cases < 1 or self.sample_points < 1 or self.people < 1:
            raise ValueError("cases, their points and people are at least one")
        if not 0 <= self.top_slice < 1:
            raise ValueError("the top slice is a share of the budget, less than all of it")

    @property
    def average_points(self) -> Fraction:
        return Fraction(self.sample_points, self.sample_cases)

    @property
    def all_points(self) -> Fraction:
        """The average of the sample, for everybody who uses services."""
        return self.average_points * self.people

    @property
    def held_back_pence(self) -> Fraction:
        return self.budget_pence * self.top_slice

    @property
    def to_allocate_pence(self) -> Fraction:
        return self.budget_pence - self.held_back_pence

    @property
    def point_value_pence(self) -> Fraction:
        """Exact; shown with some decimals, never rounded before it is used."""
        return self.to_allocate_pence / self.all_points


@dataclass(frozen=True)
class Indicative:
    """What points come to in a year."""

    points: int
    exact_pence: Fraction

    @property
    def pence(self) -> int:
        """Whole pence, half a penny up."""
        return half_up(self.exact_pence)

    @property
    def rounding_pence(self) -> Fraction:
        """What rounding took (more than nothing) or gave: ``exact_pence - pence``."""
        return self.exact_pence - self.pence


def half_up(amount: Fraction) -> int:
    """The nearest whole number; of two equally near, the greater."""
    return int((amount * 2 + 1) // 2)


def indicative(figures: SourceFigures, points: int) -> Indicative:
    """The same points are the same money, whoever has them."""
    if points < 0:
        raise ValueError("there are no fewer than no points")
    return Indicative(points, figures.point_value_pence * points)


@dataclass(frozen=True)
class GivenOut:
    """What a list of people would get, and what rounding leaves: together exactly ``exact_pence``."""

    each: tuple[Indicative, ...]
    exact_pence: Fraction

    @property
    def pence(self) -> int:
        return sum(one.pence for one in self.each)

    @property
    def rounding_pence(self) -> Fraction:
        return self.exact_pence - self.pence


def give_out(figures: SourceFigures, everybodys_points: Iterable[int]) -> GivenOut:
    each = tuple(indicative(figures, points) for points in everybodys_points)
    return GivenOut(each, sum((one.exact_pence for one in each), Fraction(0)))


@dataclass(frozen=True)
class Step:
    """A line of the working. ``value`` is exact; ``unit`` says how it is shown."""

    code: str
    value: Fraction
    unit: str  # "points", "people", "pence", "pence a point"


def working(figures: SourceFigures, points: int) -> Sequence[Step]:
    """Every line from the source figures to the amount, in the order in which they are reckoned."""
    result = indicative(figures, points)
    return (
        Step("average", figures.average_points, "points"),
        Step("people", Fraction(figures.people), "people"),
        Step("all-points", figures.all_points, "points"),
        Step("budget", Fraction(figures.budget_pence), "pence"),
        Step("held-back", figures.held_back_pence, "pence"),
        Step("to-allocate", figures.to_allocate_pence, "pence"),
        Step("point", figures.point_value_pence, "pence a point"),
        Step("points", Fraction(points), "points"),
        Step("exact", result.exact_pence, "pence"),
        Step("amount", Fraction(result.pence), "pence"),
    )
