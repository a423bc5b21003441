"""What was changed is found quickly, whatever somebody writes."""

from __future__ import annotations

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathways.plans.comparing import steps
from pathways.plans.contents import word_by_word
from pathways.plans.merging import merge

WORDS = st.lists(st.sampled_from("abc"), max_size=12)


@given(WORDS, WORDS)
def test_the_steps_make_the_one_of_the_other(old: list[str], new: list[str]) -> None:
    made: list[str] = []
    at = there = 0
    for what, start, end, begin, until in steps(old, new):
        assert (start, begin) == (at, there)
        assert what != "equal" or old[start:end] == new[begin:until]
        made += new[begin:until]
        at, there = end, until
    assert (at, there, made) == (len(old), len(new), new)


@pytest.mark.parametrize("between", [" ", "\n"])
def test_a_word_a_thousand_times_holds_nobody_up(between: str) -> None:
    """Six thousand characters made to be slow: with difflib alone a minute and more."""
    old = between.join(["x"] + ["a"] * 1500 + ["x"])
    new = between.join(["y"] + ["a", "b"] * 750 + ["y"])
    begun = process_time()
    pieces = list(word_by_word(old, new))
    merge(old, new, f"{old}{between}more")
    assert process_time() - begun < 2
    assert "".join(piece.words for piece in pieces if piece.kind != "removed") == new
