"""A finished request and the tokens of membership: one, once, where it was wished, and never a condition."""

from __future__ import annotations

from typing import Any

import pytest

from members import tokens
from members.models import Payment, TokenUse
from tests.conftest import Cast
from tests.factories.payment import paid_at_desk, waiting
from tests.factories.person import access_point
from tests.factories.volunteering import TESTS, help_request
from volunteers.actions.afterwards import settle_membership
from volunteers.actions.help import finish_help
from volunteers.models import HelpRequest
from volunteers.states import HelpState

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(cast: Cast, settings: Any) -> Any:
    settings.TOKENS = True
    row = waiting(access_point(cast.organisation_id))
    paid_at_desk(
        row,
        by=cast.access_point_staff,
        plan_terms=None,
        purpose=Payment.For.TOKENS,
        tokens=2,
        amount_pence=2000,
    )
    return row.person


def done(person: Any, *, wished: bool = True) -> HelpRequest:
    row = help_request(state="in-progress", person=person)
    HelpRequest.objects.filter(pk=row.pk).update(with_token=wished)
    return finish_help(help_request=row, by=TESTS)


def test_one_is_spent_once_and_says_nothing_about_the_help(member: Any) -> None:
    row = done(member)
    for _time in range(2):
        assert settle_membership(row, by=TESTS)
        finish_help(help_request=row, by=TESTS)
    use = TokenUse.objects.get()
    assert use.reference == f"help-request:{row.pk}"
    assert tokens.left(member) == 1


def test_none_is_spent_where_it_was_not_wished_or_tokens_are_off(
    member: Any, settings: Any
) -> None:
    done(member, wished=False)
    settings.TOKENS = False
    done(member)
    assert not TokenUse.objects.exists()


def test_who_has_none_left_is_helped_all_the_same(member: Any) -> None:
    rows = [done(member) for _n in range(3)]
    assert [row.state for row in rows] == [HelpState.DONE] * 3
    assert TokenUse.objects.count() == 2
