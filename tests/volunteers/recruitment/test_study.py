"""The study's Appendix 4, and its average put right (casework reference: vector 26 and section 8)."""

from __future__ import annotations

from decimal import Decimal

from volunteers.models.volunteer import Barrier
from volunteers.recruitment import study
from volunteers.recruitment.report import study_tables


def test_the_printed_average_is_a_sum_of_averages() -> None:
    assert study.sum_of_averages() == study.PRINTED_HOURS == Decimal("15.4")
    assert study.mean_hours() == Decimal("3.58")


def test_a_mean_of_nobody_is_nought() -> None:
    assert study.mean_hours(()) == 0


def test_every_barrier_of_the_study_and_its_share_of_the_mentions() -> None:
    totals = {barrier: sum(row) for barrier, row in study.BARRIERS.items()}
    assert study.MENTIONS == 75
    printed = {
        Barrier.TIME: (27, 36),
        Barrier.INFORMATION: (10, 13),
        Barrier.PAY: (7, 9),
        Barrier.CONFIDENCE: (6, 8),
        Barrier.COMMITMENT: (5, 7),
        Barrier.WORK: (5, 7),
        Barrier.FAMILY: (4, 5),
        Barrier.TOO_OLD: (3, 4),
        Barrier.HEALTH: (3, 4),
        Barrier.NO_SAY: (2, 3),
        Barrier.INTEREST: (1, 1),
        Barrier.BENEFITS: (1, 1),
        Barrier.TRANSPORT: (1, 1),
    }
    assert totals == {barrier: count for barrier, (count, _share) in printed.items()}
    for barrier, (count, share) in printed.items():
        assert round(100 * count / study.MENTIONS) == share, barrier


def test_the_bands_add_up_to_all_who_were_asked() -> None:
    assert sum(row.volunteering for row in study.VOLUNTEERING) == 23
    assert sum(row.not_volunteering for row in study.VOLUNTEERING) == 55
    assert sum(row.willing for row in study.VOLUNTEERING) == 4
    assert study.ASKED == 23 + 55


def test_the_tables_hold_the_same_numbers() -> None:
    asked, giving = study_tables()
    first = asked.lines[0]
    assert first.label == "Not enough time"
    assert first.cells == (27, 1, 10, 5, 7, 3, 1)
    assert giving.total is not None
    assert giving.total.cells == (23, Decimal("3.58"), 55, 4)
