"""What forms and actions take, filled in."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from django.utils import timezone

from members.offers.actions import OfferDraft, ShopDraft


def shop_draft(**facts: Any) -> ShopDraft:
    return replace(
        ShopDraft(
            name="Brightwell Books",
            category="leisure",
            address_1="1 Mill Lane",
            address_2="",
            town="Riverside",
            postcode="AB3 4DJ",
            phone="01632 960701",
            opening="Monday to Saturday",
            contact_name="Rowan Contact",
            contact_email="rowan@example.org",
            contact_phone="",
        ),
        **facts,
    )


def offer_draft(**facts: Any) -> OfferDraft:
    today: date = timezone.localdate()
    return replace(
        OfferDraft(
            kind="percent",
            percent=10,
            amount_pence=None,
            wording="everything in the shop",
            days=list(range(7)),
            exclusions="",
            from_on=today,
            until_on=None,
            agreed_by="Rowan Contact",
            agreed_on=today,
        ),
        **facts,
    )


def typed_offer(**facts: Any) -> dict[str, Any]:
    """As a browser sends the form."""
    today = timezone.localdate()
    return {
        "kind": "percent",
        "percent": "15",
        "wording": "everything in the shop",
        "days": ["0", "1", "2", "3", "4", "5", "6"],
        "exclusions": "",
        "from_on_day": today.day,
        "from_on_month": today.month,
        "from_on_year": today.year,
        "agreed_by": "Rowan Contact",
        "agreed_on_day": today.day,
        "agreed_on_month": today.month,
        "agreed_on_year": today.year,
        "seen": "0.0",
        "key": "6f0b2f0e-1111-4222-8333-444455556666",
    } | facts
