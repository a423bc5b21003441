"""What is offered to a receiver is what the table of states lets them say."""

from __future__ import annotations

from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referrals.replies.answers import LEADS_TO, NEEDS_REASON, REASONS, Answer, answers_for
from referrals.replies.tokens import code_of, is_code_of, link_of_token, link_token
from referrals.states import (
    FINAL,
    HUB_ONLY_REASONS,
    TRANSITIONS,
    Party,
    State,
    steps_to,
)
from referrals.states import NEEDS_REASON as STATES_WITH_REASON


def test_every_answer_leads_somewhere_and_has_a_reason_where_the_state_needs_one():
    assert set(LEADS_TO) == set(Answer)
    assert {one for one in Answer if LEADS_TO[one] in STATES_WITH_REASON} == NEEDS_REASON
    assert set(REASONS) == NEEDS_REASON
    assert not {one for listed in REASONS.values() for one in listed} & HUB_ONLY_REASONS


@pytest.mark.parametrize("state", list(State))
def test_what_is_offered_can_be_done_by_a_receiver_step_by_step(state):
    for answer in answers_for(state):
        here = state
        for step in steps_to(state, LEADS_TO[answer]):
            assert Party.RECEIVER in TRANSITIONS[here][step]
            here = step
        assert here == LEADS_TO[answer]


@pytest.mark.parametrize("state", [*sorted(FINAL), State.DRAFT])
def test_nothing_is_offered_before_it_is_sent_or_after_its_end(state):
    assert answers_for(state) == []


def test_the_first_page_offers_the_plain_choices():
    assert [str(one) for one in answers_for(State.REQUESTED)] == [
        "seen",
        "accept",
        "wait",
        "begin",
        "finish",
        "reject",
    ]
    assert [str(one) for one in answers_for(State.ACCEPTED)] == [
        "wait",
        "begin",
        "finish",
        "fail",
        "cancel",
    ]


@given(st.text(max_size=80))
def test_no_text_but_ours_is_a_token(text):
    assert link_of_token(text) is None


@given(position=st.integers(0, 63), letter=st.sampled_from("ABCabc019-_"))
def test_a_token_with_another_letter_anywhere_is_none(position, letter):
    identifier = uuid4()
    token = link_token(identifier)
    assert link_of_token(token) == identifier
    changed = token[:position] + letter + token[position + 1 :]
    assert changed == token or link_of_token(changed) is None


@given(st.uuids())
def test_a_code_has_six_figures_and_only_it_is_right(identifier):
    code = code_of(identifier)
    assert len(code) == 6
    assert code.isdigit()
    assert is_code_of(identifier, f" {code[:3]}-{code[3:]}")
    wrong = f"{(int(code) + 1) % 10**6:06}"
    for typed in (wrong, "", code[:5], code + "0", "٣" * 6):
        assert not is_code_of(identifier, typed)
