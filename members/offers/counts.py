"""Counts at tills, for reading: whoever reads them sees no number below five.

A day with nobody and a day with four people look alike. No sums: a sum less the days that are shown would
give the others away.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from members.offers.models import Shop, TillCount

FEWEST_SHOWN = 5
DAYS_SHOWN = 28


@dataclass(frozen=True)
class Day:
    """One day as it may be shown."""

    day: date
    words: str


def days_of(shop: Shop, on: date | None = None) -> list[Day]:
    """The last four weeks up to yesterday, the newest first. Today's count would tell of each customer."""
    today = on or timezone.localdate()
    first = today - timedelta(days=DAYS_SHOWN)
    counted = dict(
        TillCount.objects.filter(shop=shop.pk, day__gte=first, day__lt=today).values_list(
            "day", "n"
        )
    )
    days = (today - timedelta(days=back) for back in range(1, DAYS_SHOWN + 1))
    return [Day(day, shown(counted.get(day, 0))) for day in days]


def shown(n: int) -> str:
    return str(n) if n >= FEWEST_SHOWN else _("fewer than %(fewest)d") % {"fewest": FEWEST_SHOWN}


def any_shown(days: Iterable[Day]) -> bool:
    """Whether there is a number among them at all."""
    return any(day.words.isdigit() for day in days)


def older_than(before: datetime) -> QuerySet[TillCount]:
    """Those whose time has run out."""
    return TillCount.objects.filter(day__lt=timezone.localtime(before).date())


def forget(keys: list[Any]) -> int:
    return TillCount.objects.filter(pk__in=keys).delete()[0]
