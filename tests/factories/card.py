"""Cards as the tests need them.

card()                             with the member, good
card(state="requested")            on the list of those to be printed
card(membership=…, person=…)       of somebody who shares it
"""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from members.cards.actions import request_card
from members.cards.tags import current_version
from members.cards.validity import membership_good_until
from members.models import Card, Membership, Person
from tests.factories.membership import TESTS
from tests.factories.membership import membership as a_membership


def card(
    *,
    membership: Membership | None = None,
    person: Person | None = None,
    state: str = Card.State.ISSUED,
    **facts: Any,
) -> Card:
    if membership is None and person is not None:
        facts["person"] = person
    row = membership or a_membership(**facts)
    owner = person or row.person
    assert owner is not None
    made = request_card(membership=row, person=owner, by=TESTS)
    if state != Card.State.REQUESTED:
        now = timezone.now()
        made.state = state
        made.printed_at = made.issued_at = now
        made.key_version = current_version()
        made.printed_until = membership_good_until(row)
        if state not in Card.LIVE:
            made.ended_at = now
        if state in Card.REPORTED:
            made.reported_as = state
        made.save()
    return made
