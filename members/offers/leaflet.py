"""The leaflet: what is given where, by kind of shop or by area, in the reader's size."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from dcsn.printing import Document, Entry, PaperColour, PrintSize, Section
from members.offers.categories import CATEGORIES
from members.offers.models import OfferVersion
from members.offers.page import OfferCard, card_of
from members.offers.search import OfferQuery, all_offers

# At 24 point fifty take about a second and a half; more than this is no leaflet any more.
MOST_ON_PAPER = 120


class Order(StrEnum):
    """Under which headings the offers stand."""

    CATEGORY = "category"
    AREA = "area"

    @property
    def label(self) -> str | Promise:
        return _ORDERS[self]

    @classmethod
    def read(cls, text: str | None) -> Order:
        try:
            return cls(text or cls.CATEGORY)
        except ValueError:
            return cls.CATEGORY


_ORDERS = {
    Order.CATEGORY: gettext_lazy("By kind of shop"),
    Order.AREA: gettext_lazy("By area"),
}


def leaflet_title(query: OfferQuery) -> str:
    if query.near:
        return _("What your card gives near %(place)s") % {"place": query.near.asked}
    return _("What your card gives")


def leaflet(
    query: OfferQuery, *, order: Order, size: PrintSize, paper: PaperColour
) -> Document | None:
    """Everything that fits, with contents; ``None`` where nothing does."""
    versions = all_offers(query)[:MOST_ON_PAPER]
    if not versions:
        return None
    sections = tuple(
        Section(name=name, entries=tuple(_entry(card) for card in cards))
        for name, cards in _groups(versions, order, query.on)
    )
    return Document(
        title=leaflet_title(query),
        sections=sections,
        size=size,
        paper=paper,
        intro=tuple(_intro(query, len(versions))),
    )


def _groups(
    versions: list[OfferVersion], order: Order, on: date
) -> Iterable[tuple[str, list[OfferCard]]]:
    groups: dict[str, list[OfferCard]] = {}
    for version in versions:
        shop = version.offer.shop
        name = shop.area if order is Order.AREA else shop.category_name
        groups.setdefault(name, []).append(card_of(version, on))
    if order is Order.AREA:
        return sorted(groups.items())
    names = [str(category.name) for category in CATEGORIES.values()]
    return sorted(groups.items(), key=lambda group: names.index(group[0]))


def _entry(card: OfferCard) -> Entry:
    return Entry(
        key=f"offer-{card.version.offer.short_id}",
        name=card.shop.name,
        body=render_to_string("members/offers/print/offer_body.html", {"card": card}),
        sort_key=card.shop.sort_key,
    )


def _intro(query: OfferQuery, count: int) -> Iterable[str]:
    yield _(
        "Show your card before you pay. The shop looks at the number on it and at nothing else."
    )
    if query.near:
        yield query.near.in_words()
    yield (
        ngettext("%(count)d offer.", "%(count)d offers.", count) % {"count": count}
        + " "
        + _("Printed on %(date)s.") % {"date": date_format(query.on, "l j F Y")}
    )
