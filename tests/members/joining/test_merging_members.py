"""Somebody known who joined online as well: two records with a membership each."""

from __future__ import annotations

import pytest

from directory.models import Organisation
from members.actions.memberships import end_membership
from members.actions.merging import merge_records
from members.models import Membership, Plan, Status
from members.refusals import CannotBeMerged
from tests.conftest import Cast
from tests.factories.membership import TESTS, membership
from tests.factories.person import PersonFactory

pytestmark = pytest.mark.django_db


def test_two_memberships_are_not_merged_until_one_has_ended(
    cast: Cast, desk: Organisation, plan: Plan
) -> None:
    old, current = PersonFactory.create_batch(2, organisation=desk)
    twice = membership(person=old, plan=plan)
    membership(person=current, plan=plan)
    with pytest.raises(CannotBeMerged):
        merge_records(old=old, current=current, take=frozenset(), by=cast.hub_lead)
    end_membership(membership=twice, stored=Status.CANCELLED, by=TESTS)
    merge_records(old=old, current=current, take=frozenset(), by=cast.hub_lead)
    assert Membership.objects.filter(person=current).count() == 2


def test_the_only_membership_moves_to_the_record_that_stays(
    cast: Cast, desk: Organisation, plan: Plan
) -> None:
    old, current = PersonFactory.create_batch(2, organisation=desk)
    row = membership(person=old, plan=plan)
    merge_records(old=old, current=current, take=frozenset(), by=cast.hub_lead)
    row.refresh_from_db()
    assert row.person == current
