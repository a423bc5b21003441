"""A shop's offers as they stand: what is on show, what waits, what was last decided. Two queries."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils import timezone

from members.offers.actions.offers import Seen
from members.offers.models import Offer, OfferVersion, Shop
from members.offers.words import in_a_line


@dataclass(frozen=True)
class Wording:
    """One version and its words."""

    version: OfferVersion
    words: str


@dataclass(frozen=True)
class Standing:
    """One offer of a shop."""

    offer: Offer
    on_show: Wording | None
    waiting: Wording | None
    # The last one, where it was not taken: the shop reads why.
    turned_down: Wording | None
    versions: list[Wording]
    on: date

    @property
    def begins_later(self) -> bool:
        """Published, and not yet what members have: its first day is to come."""
        return self.on_show is not None and self.on_show.version.from_on > self.on

    @property
    def has_run_out(self) -> bool:
        """Published, and its last day has passed."""
        last = self.on_show.version.until_on if self.on_show else None
        return last is not None and last < self.on

    @property
    def seen(self) -> Seen:
        return Seen.of(self.versions[0].version if self.versions else None)

    @property
    def is_over(self) -> bool:
        return self.on_show is None and self.waiting is None


def standing_of_offers(shop: Shop, on: date | None = None) -> list[Standing]:
    """Those on show or waiting first, as they came."""
    today = on or timezone.localdate()
    versions: dict[UUID, list[Wording]] = defaultdict(list)
    for version in (
        OfferVersion.objects.filter(offer__shop=shop.pk)
        .select_related("made_by", "decided_by")
        .order_by("-number")
    ):
        versions[version.offer_id].append(Wording(version, in_a_line(version, today)))
    found = [_standing(offer, versions[offer.pk], today) for offer in shop.offers.all()]
    return sorted(found, key=lambda one: one.is_over)


def _standing(offer: Offer, versions: list[Wording], on: date) -> Standing:
    state = OfferVersion.State

    def first(*states: str) -> Wording | None:
        return next((one for one in versions if one.version.state in states), None)

    newest = versions[0] if versions else None
    return Standing(
        offer=offer,
        on_show=first(state.PUBLISHED),
        waiting=first(*OfferVersion.OPEN),
        turned_down=newest if newest and newest.version.state == state.TURNED_DOWN else None,
        versions=versions,
        on=on,
    )
