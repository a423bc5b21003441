"""A council's own tables: read, or told line by line what is wrong; and the words of the working."""

from __future__ import annotations

from fractions import Fraction

import pytest

from pathways.budgets.allocation import SourceFigures
from pathways.budgets.reading import Unreadable, equality_rows, read_cases, read_table
from pathways.budgets.words import decimals, hours_at, pounds, working_lines

GOOD = "domain,answer,points\nMeals,I manage,0\nMeals,I need help,12\n\nSafety,Safe,0\nSafety,At risk,30"


def test_a_table_is_read_with_its_domains_in_order() -> None:
    table = read_table(GOOD)
    assert [domain.words for domain in table.domains] == ["Meals", "Safety"]
    assert table.score({"meals": "i-need-help", "safety": "at-risk"}).points == 42


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "no line with a domain"),
        ("Meals,I manage", "Line 1: 2 parts where there should be 3"),
        ("Meals,I manage,ten\nMeals,Help,3", "Line 1: “ten” are no points"),
        ("Meals,I manage,-1\nMeals,Help,3", "Line 1: “-1” are no points"),
        ("Meals,I manage,1.5\nMeals,Help,3", "Line 1: “1.5” are no points"),
        ("Meals,Help,1\nMeals,Help,3", "Line 2: “Help” stands twice in “Meals”"),
        ("Meals,I manage,0", "“Meals” has one answer only"),
        (",I manage,0", "Line 1: name the domain"),
        ("Meals,A,1001\nMeals,B,2", "“1001” are no points"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(text: str, told: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read_table(text)
    assert told in " ".join(refused.value.told)


def test_a_long_list_of_mistakes_is_cut_and_counted() -> None:
    with pytest.raises(Unreadable) as refused:
        read_cases("\n".join("65+,Older,x" for _number in range(14)))
    assert len(refused.value.told) == 11
    assert refused.value.told[-1] == "And 4 more lines."


def test_answers_that_look_alike_keep_apart() -> None:
    table = read_table("A,Yes!,0\nA,Yes?,1")
    assert [level.code for level in table.domains[0].levels] == ["yes", "yes-2"]


def test_small_groups_and_what_gives_them_away_are_hidden() -> None:
    cases = read_cases(
        "\n".join(
            ["18-64,Learning disability,40"] * 4
            + ["65+,Older people,50"] * 6
            + ["65+,Older people,45"] * 2
        )
    )
    rows = {(row["by"], row["name"]): row for row in equality_rows(cases)}
    assert rows["age", "18-64"]["mean"] is None
    assert rows["age", "65+"]["cases"] is None, "it would be found by subtraction"
    assert rows["group", "Older people"]["mean"] is None
    more = [*cases, *read_cases("\n".join(["18-64,Learning disability,41"] * 2))]
    rows = {(row["by"], row["name"]): row for row in equality_rows(more)}
    assert (rows["age", "18-64"]["cases"], rows["age", "18-64"]["mean"]) == (6, "40.3")
    assert rows["age", "65+"]["mean"] == "48.8"


def test_the_working_says_every_figure_of_the_example() -> None:
    figures = SourceFigures(
        budget_pence=1_200_000_000, sample_cases=200, sample_points=8_430, people=3_000
    )
    said = [line.amount for line in working_lines(figures, 42)]
    assert said == [
        "42.15 points",
        "126,450 points",
        "£12,000,000",
        "−£1,800,000",
        "£10,200,000",
        "£80.664294",
        "42 points",
        "£3,387.900356",
        "−0.0356p",
        "£3,387.90",
    ]
    assert "15%" in working_lines(figures, 42)[3].words


def test_the_rounding_line_closes_the_gap_exactly() -> None:
    figures = SourceFigures(
        budget_pence=200, sample_cases=3, sample_points=3, people=3, top_slice=Fraction(0)
    )
    lines = working_lines(figures, 1)
    assert lines[-3].amount == "£0.666667"
    assert lines[-2].amount == "0.3333p"
    assert lines[-1].amount == "£0.67"


def test_cornwalls_card_is_fourteen_hours() -> None:
    assert hours_at(22_400, 1_600) == 14
    with pytest.raises(ValueError, match="something"):
        hours_at(1, 0)


@pytest.mark.parametrize(
    ("value", "places", "said"),
    [(Fraction(1, 3), 4, "0.3333"), (Fraction(2, 3), 2, "0.67"), (Fraction(-1, 8), 2, "−0.13"),
     (Fraction(1000), 2, "1,000"), (Fraction(1, 2000), 2, "0")],
)  # fmt: skip
def test_numbers_are_said_half_up(value: Fraction, places: int, said: str) -> None:
    assert decimals(value, places) == said


def test_pounds_have_two_decimals_at_least() -> None:
    assert pounds(Fraction(1050), 6) == "£10.50"
    assert pounds(1000) == "£10"
