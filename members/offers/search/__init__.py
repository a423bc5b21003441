"""Finding offers by words, kind of shop, day and distance, with the directory's own pieces."""

from members.offers.search.finding import Found, OfferQuery, all_offers, find_offers

__all__ = ["Found", "OfferQuery", "all_offers", "find_offers"]
