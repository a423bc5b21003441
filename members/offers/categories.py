"""The kinds of shops: a short list, each entry with the days between which it can be chosen.

In code, like roles: it is translated, reviewed, and changes once in years. A kind is never taken away,
because shops were signed up under it; its last day is set instead.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_FIRST = date(2026, 1, 1)


@dataclass(frozen=True)
class Category:
    """One kind; ``words`` are other words for it, for the search."""

    code: str
    name: str | Promise
    words: str | Promise = ""
    since: date = _FIRST
    until: date | None = None

    def offered_on(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)


_ALL = (
    Category("food-shops", _("Food shops"), _("grocer greengrocer butcher baker bakery market")),
    Category("eating-out", _("Cafés and eating out"), _("cafe tea coffee restaurant lunch pub takeaway")),
    Category("health", _("Chemists, opticians and hearing"), _("pharmacy glasses eyes ears hearing aid")),
    Category("hair-and-feet", _("Hair, beauty and feet"), _("hairdresser barber nails chiropodist foot")),
    Category("home", _("Home, garden and repairs"), _("plumber electrician handyman hardware diy flowers")),
    Category("clothes", _("Clothes and shoes"), _("cobbler shoe repair tailor laundry dry cleaner")),
    Category("getting-about", _("Getting about"), _("taxi bus bicycle scooter wheelchair mobility")),
    Category("leisure", _("Leisure, books and culture"), _("cinema theatre museum swimming gym craft")),
    Category("pets", _("Pets"), _("vet dog cat grooming")),
    Category("services", _("Advice and services"), _("solicitor will funeral computer printing insurance")),
    Category("other", _("Other")),
)  # fmt: skip
CATEGORIES: dict[str, Category] = {category.code: category for category in _ALL}
CHOICES = [(category.code, category.name) for category in _ALL]


def choices_on(day: date, *, kept: str = "") -> list[tuple[str, str | Promise]]:
    """What can be chosen on that day; and what a shop has already, whether or not it still can."""
    return [(c.code, c.name) for c in _ALL if c.offered_on(day) or c.code == kept]
