"""What outcomes and reviews put on the page of a pathway."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from dcsn.access import Permission, can
from pathways.models import Pathway, ReviewState
from pathways.page import Section, register_section

if TYPE_CHECKING:
    from dcsn.accounts.models import User


def outcomes_of(user: User, pathway: Pathway) -> dict[str, Any]:
    days = list(pathway.measurings.order_by("-taken_on", "-id")[:100])
    return {
        "pathway": pathway,
        "last": days[0] if days else None,
        "count": len(days),
        "may_ask": pathway.is_open and can(user, Permission.PATHWAY_COORDINATE, pathway),
    }


def reviews_of(user: User, pathway: Pathway) -> dict[str, Any]:
    found = (
        pathway.reviews.filter(state__in=(ReviewState.DUE, ReviewState.BOOKED, ReviewState.HELD))
        .order_by("closes_on", "id")
        .first()
    )
    return {
        "pathway": pathway,
        "next": found,
        "is_missed": found is not None and found.is_missed(timezone.localdate()),
    }


def register() -> None:
    register_section(
        Section(
            key="outcomes",
            template="pathways/outcomes/on_page.html",
            context=outcomes_of,
            order=20,
        )
    )
    register_section(
        Section(
            key="reviews", template="pathways/reviews/on_page.html", context=reviews_of, order=30
        )
    )
