"""The threshold of "very likely the same person" against labelled data: recall 0.9 at precision 0.95.

``python -m tests.benchmarks.finding`` measures the same on more people and says where it goes wrong.
"""

from __future__ import annotations

import random

import pytest

from members.finding.duplicates import strong_pairs
from members.models import Person
from tests.benchmarks.finding import store
from tests.factories.labelled_people import labelled, pairs


@pytest.mark.django_db
def test_doubles_are_found_and_families_are_not_taken_for_one() -> None:
    records = labelled(random.Random(11), 260)
    ids = store(records)
    place = {identifier: at for at, identifier in enumerate(ids)}
    found = {
        (min(pair), max(pair))
        for person in Person.objects.filter(id__in=ids)
        for pair in ((place[person.id], place[other]) for other in strong_pairs(person))
    }
    truth = set(pairs(records))
    right = len(found & truth)
    assert len(truth) > 50
    assert sum("twin" in why or "name" in why for r in records for why in r.why) > 20
    assert right / len(truth) >= 0.9, f"recall {right / len(truth):.3f}"
    assert right / len(found) >= 0.95, f"precision {right / len(found):.3f}"


def test_the_same_seed_makes_the_same_people() -> None:
    assert labelled(random.Random(3), 50) == labelled(random.Random(3), 50)
