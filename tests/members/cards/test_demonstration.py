"""Members and cards of the demonstration: every screen of the card desk shows something."""

from __future__ import annotations

from typing import Any

import pytest

from dcsn.audit import SystemJob
from directory.actions.demonstration import NotADemonstration
from members.cards.answer import answer_typed
from members.cards.demonstration import MEMBERS, load_members
from members.models import Card, Membership, Plan
from tests.factories.person import PersonFactory, access_point

pytestmark = pytest.mark.django_db
BY = SystemJob("tests")


def test_a_desk_has_something_of_everything_and_it_is_loaded_once(settings: Any) -> None:
    settings.DEMONSTRATION = True
    PersonFactory.create_batch(10, organisation=access_point())
    assert load_members(by=BY) == len(MEMBERS)
    assert load_members(by=BY) == 0
    assert Membership.objects.count() == len(MEMBERS)
    assert Plan.objects.offered().count() == 2
    states = set(Card.objects.values_list("state", flat=True))
    assert states == {"requested", "printed", "issued", "replaced"}
    for card in Card.objects.all():
        assert answer_typed(card.number).is_valid == card.is_good


def test_never_in_a_real_portal(settings: Any) -> None:
    settings.DEMONSTRATION = False
    with pytest.raises(NotADemonstration):
        load_members(by=BY)
