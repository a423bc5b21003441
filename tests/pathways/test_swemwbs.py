"""SWEMWBS: behind a licence, from the raw total, by the table of casework vector 21."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.http import QueryDict

from dcsn.audit import SystemJob
from pathways.models import OutsideScore
from pathways.outcomes import swemwbs
from pathways.outcomes.forms import OutcomesForm, answered
from pathways.outcomes.recording import record_sitting
from tests.factories.pathways import PathwayFactory

# As two research scripts have it. At 29 a third has 25.99: see ``swemwbs``.
PUBLISHED = {
    7: "7.00", 8: "9.51", 9: "11.25", 10: "12.40", 11: "13.33", 12: "14.08", 13: "14.75",
    14: "15.32", 15: "15.84", 16: "16.36", 17: "16.88", 18: "17.43", 19: "17.98", 20: "18.59",
    21: "19.25", 22: "19.98", 23: "20.73", 24: "21.54", 25: "22.35", 26: "23.21", 27: "24.11",
    28: "25.03", 29: "26.02", 30: "27.03", 31: "28.13", 32: "29.31", 33: "30.70", 34: "32.55",
    35: "35.00",
}  # fmt: skip


@pytest.fixture
def licensed(settings: Any) -> None:
    settings.SWEMWBS_LICENCE = "Warwick 1234"


def form(**typed: str) -> OutcomesForm:
    data = QueryDict(mutable=True)
    data.update({"more_is_better": "yes", **typed})
    return OutcomesForm(data)


def test_every_raw_total_has_its_published_metric_score() -> None:
    assert {raw: Decimal(score) for raw, score in PUBLISHED.items()} == swemwbs.METRIC
    for raw, score in PUBLISHED.items():
        assert swemwbs.metric(raw) == Decimal(score)
        assert swemwbs.raw(Decimal(score)) == raw


def test_where_the_sources_disagree_is_named() -> None:
    assert swemwbs.DISPUTED_RAW == 29
    assert swemwbs.metric(29) == Decimal("26.02")
    assert "25.99" in (swemwbs.__doc__ or "")


@pytest.mark.parametrize("raw", [6, 36, 0, -7])
def test_what_is_no_total_of_seven_answers_is_refused(raw: int) -> None:
    with pytest.raises(ValueError, match="7 to 35"):
        swemwbs.metric(raw)


def test_a_higher_total_is_always_a_higher_score() -> None:
    scores = [swemwbs.metric(raw) for raw in range(swemwbs.LOWEST_RAW, swemwbs.HIGHEST_RAW + 1)]
    assert scores == sorted(set(scores))


def test_without_a_licence_it_is_not_offered_and_nothing_is_worked_out(settings: Any) -> None:
    settings.SWEMWBS_LICENCE = ""
    typed = form(tool="SWEMWBS", lowest="7", highest="35", score="23")
    assert "SWEMWBS" not in str(typed["tool"].help_text)
    assert typed.is_valid()
    assert typed.said["scores"][0].score == 23


@pytest.mark.usefixtures("licensed")
def test_with_a_licence_the_raw_total_becomes_the_metric_score() -> None:
    typed = form(tool="SWEMWBS", score="23")
    assert "SWEMWBS" in str(typed["tool"].help_text)
    assert typed.is_valid(), typed.errors
    [score] = typed.said["scores"]
    assert (score.score, score.lowest, score.highest) == (Decimal("20.73"), 7, 35)
    assert score.more_is_better


@pytest.mark.usefixtures("licensed")
@pytest.mark.parametrize("raw", ["6", "36", "23.5", ""])
def test_what_is_no_raw_total_is_said_at_the_field(raw: str) -> None:
    typed = form(tool="SWEMWBS", score=raw)
    assert not typed.is_valid()
    assert "7 to 35" in typed.errors["score"][0]


@pytest.mark.django_db
@pytest.mark.usefixtures("licensed")
def test_an_answer_put_right_begins_with_the_total_that_was_typed() -> None:
    """Never the metric score again: it would be refused, or worked out twice."""
    typed = form(tool="SWEMWBS", score="29")
    assert typed.is_valid()
    sitting = record_sitting(pathway=PathwayFactory(), by=SystemJob("tests"), **typed.said)
    assert OutsideScore.objects.get().score == Decimal("26.02")
    begun = answered(sitting)
    assert begun["score"] == "29"
    again = form(tool=begun["tool"], score=begun["score"])
    assert again.is_valid()
    assert again.said["scores"] == typed.said["scores"]
