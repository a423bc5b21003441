"""Derby's method against worked figures, and what must hold for any table."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathways.budgets.allocation import (
    Domain,
    Level,
    SourceFigures,
    Table,
    Unanswered,
    give_out,
    half_up,
    indicative,
    working,
)

# Vector 24: the method is Derby's, the figures are round ones.
FIGURES = SourceFigures(
    budget_pence=1_200_000_000, sample_cases=200, sample_points=8_430, people=3_000
)


def test_the_worked_example_comes_out_to_the_penny() -> None:
    assert FIGURES.average_points == Fraction("42.15")
    assert FIGURES.all_points == 126_450
    assert FIGURES.to_allocate_pence == 1_020_000_000
    assert f"{float(FIGURES.point_value_pence) / 100:.6f}" == "80.664294"
    assert indicative(FIGURES, 42).pence == 338_790


def test_all_points_times_the_value_are_85_per_cent_of_the_budget() -> None:
    assert FIGURES.all_points * FIGURES.point_value_pence == FIGURES.budget_pence * Fraction(
        85, 100
    )


def test_the_working_ends_with_the_amount() -> None:
    steps = {step.code: step.value for step in working(FIGURES, 42)}
    assert steps["held-back"] == 180_000_000
    assert steps["budget"] - steps["held-back"] == steps["to-allocate"]
    assert steps["to-allocate"] / steps["all-points"] == steps["point"]
    assert steps["point"] * steps["points"] == steps["exact"]
    assert steps["amount"] == 338_790


@pytest.mark.parametrize(
    ("exact", "rounded"),
    [("0", 0), ("0.49", 0), ("0.5", 1), ("1.5", 2), ("2.5", 3), ("338790.4", 338790)],
)
def test_half_a_penny_goes_up(exact: str, rounded: int) -> None:
    assert half_up(Fraction(exact)) == rounded


_figures = st.builds(
    SourceFigures,
    budget_pence=st.integers(0, 10**12),
    sample_cases=st.integers(1, 2_000),
    sample_points=st.integers(1, 100_000),
    people=st.integers(1, 50_000),
    top_slice=st.fractions(0, Fraction(99, 100)),
)


@given(_figures, st.lists(st.integers(0, 200), max_size=60))
def test_nothing_is_lost_or_made_up(figures: SourceFigures, points: list[int]) -> None:
    given_out = give_out(figures, points)
    assert given_out.pence + given_out.rounding_pence == figures.point_value_pence * sum(points)
    assert abs(given_out.rounding_pence) <= Fraction(len(points), 2)


@given(_figures)
def test_when_the_average_holds_everything_to_allocate_is_given_out(figures: SourceFigures) -> None:
    assert figures.point_value_pence * figures.all_points == figures.to_allocate_pence
    assert figures.to_allocate_pence + figures.held_back_pence == figures.budget_pence


@given(_figures, st.integers(0, 500), st.integers(0, 500))
def test_equal_points_are_equal_money_and_more_is_never_less(
    figures: SourceFigures, one: int, other: int
) -> None:
    first, second = indicative(figures, one), indicative(figures, other)
    assert (first.exact_pence == second.exact_pence) == (one == other or figures.budget_pence == 0)
    if one < other:
        assert first.pence <= second.pence


TABLE = Table(
    (
        Domain("meals", "Meals", (Level("alone", "I manage", 0), Level("help", "I need help", 6))),
        Domain("safe", "Safety", (Level("safe", "I am safe", 0), Level("risk", "At risk", 9))),
    )
)


def test_points_are_added_up_domain_by_domain() -> None:
    score = TABLE.score({"meals": "help", "safe": "risk"})
    assert score.points == 15
    assert [domain.code for domain, _level in score.answers] == ["meals", "safe"]


@pytest.mark.parametrize(
    ("answers", "domain"),
    [
        ({"meals": "help"}, "safe"),
        ({"meals": "help", "safe": "sometimes"}, "safe"),
        ({"meals": "help", "safe": "risk", "wings": "two"}, "wings"),
    ],
)
def test_what_is_not_answered_is_named(answers: dict[str, str], domain: str) -> None:
    with pytest.raises(Unanswered) as refused:
        TABLE.score(answers)
    assert refused.value.domain == domain


@pytest.mark.parametrize(
    "wrong",
    [
        {"budget_pence": -1},
        {"sample_cases": 0},
        {"sample_points": 0},
        {"people": 0},
        {"top_slice": Fraction(1)},
        {"top_slice": Fraction(-1, 100)},
    ],
)
def test_figures_that_cannot_be_are_refused(wrong: dict[str, int]) -> None:
    right = {"budget_pence": 100, "sample_cases": 1, "sample_points": 1, "people": 1}
    with pytest.raises(ValueError, match=r"budget|least|share"):
        SourceFigures(**{**right, **wrong})  # type: ignore[arg-type]


def test_a_table_with_a_domain_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="once"):
        Table((TABLE.domains[0], TABLE.domains[0]))
