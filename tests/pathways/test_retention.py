"""Pathways are kept as long as cases are, and whoever is on one is not forgotten."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from dcsn.privacy.retention import run_retention
from members.models import Person
from pathways.models import Pathway, PlanVersion
from tests.factories.pathways import PathwayFactory, PlanFactory, carer_at
from tests.factories.person import PersonFactory, access_point
from tests.factories.plan import full_plan
from tests.factories.user import UserFactory

pytestmark = pytest.mark.django_db
TWO_YEARS, EIGHT_YEARS = timedelta(days=740), timedelta(days=8 * 366 + 10)


def _old(person: Person) -> None:
    """Nothing is known of them but what the pathway says."""
    long_ago = timezone.now() - timedelta(days=1)
    Person.objects.filter(pk=person.pk).update(created_at=long_ago, changed_at=long_ago)


@pytest.mark.parametrize("ended", [True, False])
def test_a_plan_is_emptied_as_long_after_as_any_case(ended: bool) -> None:
    by = UserFactory(role="coordinator", second_factor=True)
    plan = full_plan(PlanFactory(pathway__coordinator=by), by=by)
    if ended:
        Pathway.objects.update(ended_at=timezone.now(), end="moved-away")
    run_retention(now=timezone.now() + EIGHT_YEARS - timedelta(days=60))
    assert PlanVersion.objects.exclude(contents={}).exists()
    run_retention(now=timezone.now() + EIGHT_YEARS)
    row = Pathway.objects.get(pk=plan.pathway_id)
    assert (row.person, row.coordinator) == (None, None)
    assert row.anonymised_at
    assert row.ended_at
    assert not PlanVersion.objects.exclude(contents={}).exists()
    assert not plan.circle.exists()


def test_nobody_on_a_pathway_is_forgotten_as_one_who_was_only_informed() -> None:
    pathway = PathwayFactory()
    _old(pathway.person)
    run_retention(now=timezone.now() + TWO_YEARS)
    pathway.refresh_from_db()
    assert pathway.person is not None
    assert pathway.ended_at is None
    assert Person.objects.get().erased_at is None


def test_a_carer_keeps_the_emergency_plan_for_longer_than_information_is_kept() -> None:
    assessment = carer_at(access_point())
    _old(assessment.carer)
    stranger = PersonFactory()
    _old(stranger)
    run_retention(now=timezone.now() + TWO_YEARS)
    assert Person.objects.get(pk=assessment.carer_id).erased_at is None
    assert Person.objects.get(pk=stranger.pk).erased_at is not None
