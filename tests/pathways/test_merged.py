"""Two records of one person, each with an open pathway of one kind: one goes on, and it can be undone."""

from __future__ import annotations

from datetime import date

import pytest

from dcsn.privacy.merging import merge_people, undo_merge
from pathways.models import Pathway, Review, ReviewState
from tests.conftest import Cast
from tests.factories.pathways import KindFactory, PathwayFactory, PlanFactory

pytestmark = pytest.mark.django_db
ANOTHER = Pathway.End.ANOTHER_PATHWAY


def review_of(pathway: Pathway) -> Review:
    return Review.objects.create(
        pathway=pathway,
        plan=pathway.plans.get(),
        why=Review.Why.YEARLY,
        opens_on=date(2026, 12, 1),
        closes_on=date(2026, 12, 31),
    )


def test_the_pathway_of_the_record_that_stays_goes_on(cast: Cast) -> None:
    kind = KindFactory()
    old, current = PathwayFactory(kind=kind), PathwayFactory(kind=kind)
    alias = merge_people(old=old.person_id, current=current.person_id, by=cast.coordinator)
    old.refresh_from_db()
    assert (old.person_id, old.end, old.is_open) == (current.person_id, ANOTHER, False)
    assert Pathway.objects.open().get(person=current.person_id) == current

    undo_merge(alias=alias, by=cast.coordinator)
    old.refresh_from_db()
    assert (old.person_id != current.person_id, old.end, old.is_open) == (True, "", True)


def test_the_one_whose_plan_is_in_place_goes_on(cast: Cast) -> None:
    kind = KindFactory()
    old = PlanFactory(pathway__kind=kind, in_place=True).pathway
    current = PlanFactory(pathway__kind=kind).pathway
    waits = review_of(current)
    alias = merge_people(old=old.person_id, current=current.person_id, by=cast.coordinator)
    assert Pathway.objects.open().get(person=current.person_id) == old
    waits.refresh_from_db()
    assert waits.state == ReviewState.NOT_NEEDED

    undo_merge(alias=alias, by=cast.coordinator)
    current.refresh_from_db()
    waits.refresh_from_db()
    assert (current.is_open, waits.state) == (True, ReviewState.DUE)
    assert Pathway.objects.open().get(person=old.person_id) == old


def test_pathways_of_two_kinds_both_go_on(cast: Cast) -> None:
    old, current = PathwayFactory(), PathwayFactory()
    merge_people(old=old.person_id, current=current.person_id, by=cast.coordinator)
    assert Pathway.objects.open().filter(person=current.person_id).count() == 2
