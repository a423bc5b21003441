"""Edits that meet: what both wrote is there, or both are shown."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pathways.plans.merging import Clash, Merged, merge

BASE = "I like gardening.\nI see my sister on Sundays.\nI worry about falling."


def test_changes_in_different_lines_are_both_made() -> None:
    theirs = BASE.replace("gardening", "gardening and chess")
    yours = BASE.replace("falling", "falling on the stairs")
    assert merge(BASE, theirs, yours) == Merged(
        "I like gardening and chess.\nI see my sister on Sundays.\nI worry about falling on the stairs."
    )


def test_a_line_put_in_and_another_taken_out() -> None:
    theirs = "I was a baker.\n" + BASE
    yours = BASE.rpartition("\n")[0]
    assert merge(BASE, theirs, yours) == Merged(
        "I was a baker.\nI like gardening.\nI see my sister on Sundays."
    )


def test_the_same_change_twice_is_made_once() -> None:
    changed = BASE.replace("sister", "brother")
    assert merge(BASE, changed, changed) == Merged(changed)


def test_the_same_line_changed_in_two_ways_is_shown_to_the_later_writer() -> None:
    theirs, yours = BASE.replace("sister", "brother"), BASE.replace("sister", "niece")
    clash = merge(BASE, theirs, yours)
    assert isinstance(clash, Clash)
    assert (clash.theirs, clash.yours) == (theirs, yours)
    assert theirs in clash.both
    assert yours in clash.both


def test_two_lines_added_at_the_same_place_are_a_question_of_order() -> None:
    assert isinstance(merge(BASE, BASE + "\nA", BASE + "\nB"), Clash)


def test_a_browsers_line_ends_are_no_change() -> None:
    assert merge(BASE, BASE, BASE.replace("\n", "\r\n")) == Merged(BASE)


_words = st.lists(st.sampled_from(["a", "b", "c", ""]), max_size=6).map("\n".join)


@given(_words, _words)
def test_one_side_alone_wins(base: str, changed: str) -> None:
    assert merge(base, base, changed) == Merged(changed)
    assert merge(base, changed, base) == Merged(changed)


@given(_words, _words, _words)
def test_no_line_of_anybodys_is_lost(base: str, theirs: str, yours: str) -> None:
    result = merge(base, theirs, yours)
    begun = base.split("\n")
    for side in (theirs, yours):
        new = {line for line in side.split("\n") if line not in begun}
        kept = result.words if isinstance(result, Merged) else result.both
        assert new <= set(kept.split("\n"))


@given(_words, _words, _words)
def test_it_does_not_matter_who_came_first_when_nothing_clashes(
    base: str, theirs: str, yours: str
) -> None:
    one, other = merge(base, theirs, yours), merge(base, yours, theirs)
    assert isinstance(one, Merged) == isinstance(other, Merged)
    if isinstance(one, Merged):
        assert one == other
