"""Pathways that were made up: for measuring, and for showing."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from pathways.invented import make_pathways
from pathways.models import Pathway, Review
from tests.factories.person import access_point

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)


def test_as_many_as_were_asked_for_with_what_belongs_to_them(
    settings: Any,
) -> None:
    settings.DEMONSTRATION = True
    access_point()
    told: list[int] = []
    made = make_pathways(90, seed=1, today=TODAY, progress=told.append)
    assert (made["pathways"], sum(told)) == (90, 90)
    assert all(made.values()), made
    assert Pathway.objects.values("coordinator").distinct().count() == 3
    assert Review.objects.filter(state="booked").exists()
    assert make_pathways(90, seed=1, today=TODAY) == {}
    assert make_pathways(5, seed=2, today=TODAY)["pathways"] == 5


def test_it_is_refused_among_real_people(settings: Any) -> None:
    settings.DEMONSTRATION = False
    with pytest.raises(CommandError, match="not a demonstration"):
        call_command("make_pathways", "--pathways", "1")
