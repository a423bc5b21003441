"""What the pages of offers say: the search's findings in words, links and choices."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from directory.maps import points_of
from directory.models.hours import Weekday
from directory.results_page import distance_in_words
from directory.structured_data import absolute
from members.offers.categories import CATEGORIES
from members.offers.forms.finding import TODAY, OffersForm
from members.offers.models import OfferVersion, Shop
from members.offers.search import Found
from members.offers.words import dates_in_words, days_in_words, exclusions_in_words, headline


@dataclass(frozen=True)
class OfferCard:
    """One offer as a list, a page or a sheet of paper says it."""

    version: OfferVersion
    shop: Shop
    number: int
    headline: str
    days: str
    dates: str
    exclusions: str
    distance: str = ""

    @property
    def address(self) -> str:
        return self.version.offer.get_absolute_url()


def card_of(version: OfferVersion, on: date, *, number: int = 0) -> OfferCard:
    """``version`` comes with its offer and shop, and ``miles`` where a search measured them."""
    return OfferCard(
        version=version,
        shop=version.offer.shop,
        number=number,
        headline=headline(version),
        days=days_in_words(version.days),
        dates=dates_in_words(version, on),
        exclusions=exclusions_in_words(version),
        distance=distance_in_words(getattr(version, "miles", None)),
    )


@dataclass(frozen=True)
class Option:
    """One kind of shop to tick."""

    value: str
    label: str
    count: int
    checked: bool


@dataclass(frozen=True)
class OffersPage:
    """Everything that the list's template says."""

    form: OffersForm
    found: Found
    heading: str
    cards: list[OfferCard]
    options: list[Option]
    chosen: list[tuple[str, str]]
    before: str
    after: str
    remarks: list[str]
    leaflet_query: str
    points: list[dict[str, Any]]

    @property
    def words(self) -> str:
        return self.found.query.words

    @property
    def pages_in_words(self) -> str:
        return _("Page %(page)s of %(pages)s") % {
            "page": self.found.page,
            "pages": self.found.pages,
        }


def offers_page(form: OffersForm, found: Found) -> OffersPage:
    query = found.query
    cards = [
        card_of(version, query.on, number=number)
        for number, version in enumerate(found.versions, start=found.first_number)
    ]
    return OffersPage(
        form=form,
        found=found,
        heading=_heading(form, found),
        cards=cards,
        options=[
            Option(code, str(category.name), found.counts.get(code, 0), code in query.categories)
            for code, category in CATEGORIES.items()
            if found.counts.get(code) or code in query.categories
        ],
        chosen=list(_chosen(form)),
        before=_page_address(form, found.page - 1, found.pages),
        after=_page_address(form, found.page + 1, found.pages),
        remarks=list(_remarks(found)),
        leaflet_query=form.address(),
        points=points_of_offers(cards),
    )


def points_of_offers(cards: Iterable[OfferCard]) -> list[dict[str, Any]]:
    """A point for each shop that is shown; nothing where no map is offered."""
    shops = {card.shop.pk: card for card in cards}
    return [
        point
        for card in shops.values()
        for point in points_of([card.shop.place], name=card.shop.name, address=card.address)
    ]


def _heading(form: OffersForm, found: Found) -> str:
    count = ngettext("%(count)s offer", "%(count)s offers", found.total) % {"count": found.total}
    if found.query.words:
        count = _("%(offers)s for “%(words)s”") % {"offers": count, "words": found.query.words}
    if form.day_chosen == TODAY:
        count = _("%(offers)s today") % {"offers": count}
    if found.query.near:
        return _("%(offers)s near %(place)s") % {"offers": count, "place": found.query.near.asked}
    return count


def _chosen(form: OffersForm) -> Iterable[tuple[str, str]]:
    """What is on, and the address without it."""
    cleaned = form.cleaned_data
    for code in form.categories:
        copy = form.data.copy()
        copy.setlist("category", [value for value in form.categories if value != code])
        yield str(CATEGORIES[code].name), f"?{OffersForm(copy).address()}"
    if form.day_chosen:
        words = _("today") if form.day_chosen == TODAY else Weekday(int(form.day_chosen)).label
        yield str(words), f"?{form.address(day=None)}"
    if form.near_position is not None and cleaned.get("within"):
        words = dict(form.fields["within"].choices)[cleaned["within"]]  # type: ignore[attr-defined]
        yield str(words), f"?{form.address(within=None)}"


def _remarks(found: Found) -> Iterable[str]:
    if found.meant:
        yield _("Showing offers for “%(words)s”.") % {"words": found.meant}
    if found.widened:
        yield _("No shop fits all of this; these fit a part of it.")
    if found.query.near is not None:
        yield found.query.near.in_words()


def _page_address(form: OffersForm, page: int, pages: int) -> str:
    if not 1 <= page <= pages:
        return ""
    query = form.address()
    return f"?{query}&page={page}#found" if query else f"?page={page}#found"


# --- schema.org ---


def offer_data(card: OfferCard) -> dict[str, Any]:
    """schema.org ``Offer`` of a ``LocalBusiness``, as its page says it."""
    shop, version = card.shop, card.version
    business: dict[str, Any] = {
        "@type": "LocalBusiness",
        "name": shop.name,
        "address": {
            "@type": "PostalAddress",
            "streetAddress": ", ".join(line for line in (shop.address_1, shop.address_2) if line),
            "addressLocality": shop.town,
            "postalCode": shop.postcode,
            "addressCountry": "GB",
        },
    }
    if shop.phone:
        business["telephone"] = shop.phone
    if shop.place.has_position:
        business["geo"] = {
            "@type": "GeoCoordinates",
            "latitude": shop.latitude,
            "longitude": shop.longitude,
        }
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Offer",
        "@id": absolute(card.address),
        "url": absolute(card.address),
        "name": card.headline,
        "description": " ".join(part for part in (card.days + ".", card.exclusions) if part),
        "offeredBy": business,
        "validFrom": version.from_on.isoformat(),
        "eligibleCustomerType": _("Members who show their card"),
    }
    if version.until_on:
        data["validThrough"] = version.until_on.isoformat()
    return data


def till_address(shop: Shop) -> str:
    """The shop's own till page, for a bookmark: whole, to be typed or printed."""
    return absolute(reverse("members:till_of_shop", args=[shop.till_code]))
