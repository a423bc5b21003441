"""Opening times as the tests need them.

OpeningRuleFactory(service=service)              Tuesday, 10am to noon
OpeningRuleFactory(service=service, weekday=4)   Friday
BankHolidaysFactory(on=[date(2026, 12, 25)])     a calendar known until the end of 2027
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time

import factory

from directory.models import Calendar, CalendarDay, OpeningRule


class OpeningRuleFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = OpeningRule

    weekday = 1
    opens_at = time(10)
    closes_at = time(12)


class BankHolidaysFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Calendar
        skip_postgeneration_save = True

    slug = factory.Sequence(lambda n: f"bank-holidays-{n}")
    name = "Bank holidays"
    kind = Calendar.Kind.BANK_HOLIDAYS
    covers_until = date(2027, 12, 31)

    @factory.post_generation
    def on(self: Calendar, create: bool, extracted: Iterable[date] | None) -> None:
        for day in extracted or ():
            CalendarDay.objects.create(calendar=self, starts_on=day, ends_on=day)
