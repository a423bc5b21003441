"""Outcomes: pairs only, the lost are said, and four questions that are never one number."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathways.outcomes.change import Asked, paired_change
from pathways.outcomes.ons4 import ORDER, Band, Question, band, more_is_better


def test_only_pairs_are_compared() -> None:
    """The trap: the worst off stop coming, and unpaired averages call that an improvement."""
    answers = [
        Asked("a", 1, 8), Asked("a", 2, 8),
        Asked("b", 1, 8), Asked("b", 2, 7),
        Asked("c", 1, 1),
        Asked("d", 1, 2),
    ]  # fmt: skip
    change = paired_change(answers)
    assert (change.started, change.paired, change.lost) == (4, 2, 2)
    assert change.change == Fraction(-1, 2)
    # By unpaired averages: 4.75 before, 7.5 after.
    assert Fraction(15, 2) - Fraction(8 + 8 + 1 + 2, 4) > 0


def test_the_first_and_the_latest_count_in_whatever_order_they_come() -> None:
    answers = [Asked("a", 3, 9), Asked("a", 1, 2), Asked("a", 2, 10)]
    change = paired_change(answers)
    assert (change.first, change.latest) == (2, 9)


def test_nobody_is_no_change() -> None:
    change = paired_change([])
    assert (change.started, change.paired, change.change) == (0, 0, None)


@given(
    st.lists(
        st.builds(Asked, who=st.integers(0, 9), at=st.integers(0, 1000), score=st.integers(0, 10)),
        max_size=80,
    )
)
def test_started_are_paired_and_lost(answers: list[Asked]) -> None:
    change = paired_change(answers)
    assert change.paired + change.lost == change.started == len({one.who for one in answers})
    assert (change.change is None) == (change.paired == 0)
    if change.change is not None:
        assert -10 <= change.change <= 10


def test_the_four_are_asked_in_their_order() -> None:
    assert [question.value for question in ORDER] == ["satisfied", "worthwhile", "happy", "anxious"]


@pytest.mark.parametrize(
    ("question", "score", "expected"),
    [
        (Question.SATISFIED, 4, Band.LOW),
        (Question.SATISFIED, 5, Band.MEDIUM),
        (Question.WORTHWHILE, 6, Band.MEDIUM),
        (Question.HAPPY, 7, Band.HIGH),
        (Question.HAPPY, 9, Band.VERY_HIGH),
        (Question.ANXIOUS, 1, Band.VERY_LOW),
        (Question.ANXIOUS, 2, Band.LOW),
        (Question.ANXIOUS, 5, Band.MEDIUM),
        (Question.ANXIOUS, 6, Band.HIGH),
    ],
)
def test_the_published_bands(question: Question, score: int, expected: Band) -> None:
    assert band(question, score) == expected


def test_less_anxiety_is_better() -> None:
    assert not more_is_better(Question.ANXIOUS)
    assert more_is_better(Question.HAPPY)


@pytest.mark.parametrize("score", [-1, 11])
def test_a_score_is_from_nought_to_ten(score: int) -> None:
    with pytest.raises(ValueError, match="0 to 10"):
        band(Question.HAPPY, score)
