"""What a real network begins with, without the demonstration."""

from __future__ import annotations

import io
from datetime import date

import pytest
from django.core.management import call_command

from directory.actions.reference import load_reference_data
from directory.models import CalendarDay, EligibilityTerm, Service, TaxonomyTerm

pytestmark = pytest.mark.django_db


def test_bank_holidays_and_who_are_there_and_nothing_of_the_demonstration():
    load_reference_data()

    assert CalendarDay.objects.filter(
        calendar__kind="bank_holidays", starts_on=date(2026, 12, 25)
    ).exists()
    assert EligibilityTerm.objects.filter(slug="carers", group="caring").exists()
    assert not Service.objects.exists()


@pytest.mark.parametrize("year", [2026, 2027, 2028])
def test_each_year_has_the_eight_bank_holidays_of_england(year):
    load_reference_data()

    days = CalendarDay.objects.filter(
        calendar__slug="bank-holidays-england", starts_on__year=year
    ).values_list("starts_on", flat=True)
    assert len(days) == 8
    assert all(day.weekday() < 5 for day in days)


def test_loading_again_keeps_what_somebody_changed():
    load_reference_data()
    EligibilityTerm.objects.filter(slug="carers").update(name="Carers of any age")
    count = CalendarDay.objects.count()

    load_reference_data()

    assert EligibilityTerm.objects.get(slug="carers").name == "Carers of any age"
    assert CalendarDay.objects.count() == count


def test_starter_topics_load_once_and_keep_an_editor_s_words():
    out = io.StringIO()
    call_command("load_topics", stdout=out)
    made = TaxonomyTerm.objects.count()
    assert TaxonomyTerm.objects.topics().count() == 8
    assert f"{made} topics created of {made}" in out.getvalue()
    TaxonomyTerm.objects.filter(parent=None, name="Getting about").update(synonyms=["transport"])

    out = io.StringIO()
    call_command("load_topics", stdout=out)

    assert "0 topics created" in out.getvalue()
    assert TaxonomyTerm.objects.get(parent=None, name="Getting about").synonyms == ["transport"]
