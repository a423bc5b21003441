"""What cards add to a person's page: the card itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from dcsn.access import Permission, can
from members.models import Card
from members.person_page import Section, register_section

if TYPE_CHECKING:
    from dcsn.accounts.models import User
    from members.models import Person


def cards_of(user: User, person: Person) -> Mapping[str, Any] | None:
    """Their live cards that this user may deal with; nothing for whoever is no member."""
    if not can(user, Permission.CARD_CHANGE):
        return None
    cards = [
        card
        for card in Card.objects.live().filter(person=person).select_related("membership")
        if can(user, Permission.CARD_CHANGE, card)
    ]
    return {"cards": cards} if cards else None


def register() -> None:
    register_section(
        Section(
            key="members:cards",
            template="members/cards/person_section.html",
            context=cards_of,
            order=31,
            beside=True,
        )
    )
