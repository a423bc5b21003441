"""What a service costs, in words. "Not known" is neither free nor paid."""

from __future__ import annotations

from django.utils.translation import gettext as _

from dcsn.forms import say_pence
from directory.models import CostOption, Service


def price_in_words(option: CostOption) -> str:
    """``£11 a visit``, ``£5 (members)``, ``Free (under 18)``; an option without amount is its words."""
    if option.amount is None:
        return option.option or option.amount_description
    price = _("Free") if option.amount == 0 else say_pence(option.amount)
    if option.amount_description:
        price = f"{price} {option.amount_description}"
    return f"{price} ({option.option})" if option.option else price


def cost_in_words(service: Service) -> str:
    """One line: the first price, or that it is free, or that nobody knows (``cost_options`` prefetched)."""
    if service.cost == Service.Cost.FREE:
        return _("Free")
    if service.cost == Service.Cost.NOT_KNOWN:
        return _("Cost not known: ask")
    prices = [words for option in service.cost_options.all() if (words := price_in_words(option))]
    if not prices:
        return _("There is a charge")
    return prices[0] if len(prices) == 1 else _("From %(price)s") % {"price": prices[0]}


def prices_in_words(service: Service) -> list[str]:
    """All that is known about the cost, a line each; empty when nothing is known."""
    lines = [words for option in service.cost_options.all() if (words := price_in_words(option))]
    if service.cost == Service.Cost.FREE and not lines:
        lines = [_("Free")]
    if service.cost == Service.Cost.PAID and not lines and not service.fees_description:
        lines = [_("There is a charge: ask how much")]
    return lines
