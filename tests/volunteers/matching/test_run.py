"""A whole run: nothing forbidden, never dearer than one by one, the same each time, said in words."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import product
from random import Random

import pytest

from tests.volunteers.matching.worlds import HERE, TODAY, world
from volunteers.availability import Commitment, Span, Window, clashes_with, stands_in_the_way
from volunteers.matching import (
    Candidate,
    MatchingCancelled,
    Mode,
    Need,
    Place,
    first_refusal,
    suggest,
    weights,
    why_not,
)
from volunteers.matching.candidate import monday_of

TUESDAY = date(2026, 11, 24)
MONDAY = date(2026, 11, 23)


def at(hour: int, minutes: int = 60, day: date = TUESDAY) -> Span:
    begins = datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
    return Span(begins, begins + timedelta(minutes=minutes))


def volunteer(number: int, **more) -> Candidate:
    facts = {
        "windows": (Window(2, time(8), time(20)),),
        "place": HERE,
        "mode": Mode.CAR,
        "organisations": frozenset({"a"}),
    }
    return Candidate(id=number, **{**facts, **more})


def request(number: int, *visits: Span, **more) -> Need:
    facts = {"organisation": "a", "person": f"p{number}", "asked_on": MONDAY, "place": HERE}
    return Need(id=number, visits=visits or (at(14),), **{**facts, **more})


def pairs(matching) -> dict[int, int | None]:
    return {o.need_id: o.best.candidate_id if o.best else None for o in matching.outcomes}


# --- What is promised -------------------------------------------------------------------------------


def test_in_any_world_no_suggestion_breaks_a_rule_alone_or_together_with_the_others():
    given: Counter[int] = Counter()
    for seed in range(120):
        candidates, needs = world(seed)
        by_id = {one.id: one for one in candidates}
        of_each: dict[int, list] = {}
        found = suggest(candidates, needs, today=TODAY)
        for outcome, need in zip(found.outcomes, needs, strict=True):
            for suggestion in outcome.suggestions:
                pair = by_id[suggestion.candidate_id], need, suggestion.visit
                assert first_refusal(*pair) is None
                assert suggestion.visit in need.visits
            if outcome.best:
                mine = of_each.setdefault(outcome.best.candidate_id, [])
                mine.append(need.all_of(outcome.best.visit))
            assert len({s.candidate_id for s in outcome.suggestions}) == len(outcome.suggestions)
        for number, series in of_each.items():
            given[len(series)] += 1
            mine = by_id[number]
            visits = [one for some in series for one in some]
            for one in visits:
                others = [Commitment(two) for some in series if one not in some for two in some]
                assert not stands_in_the_way(one, (*mine.commitments, *others))
                week = monday_of(one.first_day)
                spent = sum(
                    span.minutes
                    for span in (*(c.span for c in mine.commitments), *visits)
                    if monday_of(span.first_day) == week
                )
                assert mine.weekly_minutes is None or spent <= mine.weekly_minutes
    # The worlds are such that some get two or three.
    assert set(given) == {1, 2, 3}


def test_never_dearer_than_one_by_one_and_often_cheaper():
    cheaper = 0
    for seed in range(500):
        candidates, needs = world(seed, candidates=10, needs=8)
        found = suggest(candidates, needs, today=TODAY)
        assert found.total <= found.greedy_total
        assert found.total == sum(
            outcome.best.cost if outcome.best else unfilled(need)
            for outcome, need in zip(found.outcomes, needs, strict=True)
        )
        cheaper += found.total < found.greedy_total
    assert cheaper > 50


def test_in_small_worlds_hardly_anything_is_cheaper():
    """Everything is tried: each request with each volunteer at each time, or with nobody.

    The assignment is proved to be the best; what one volunteer is given together is not, so the
    few worlds in which something is cheaper are counted.
    """
    worse = 0
    tried = 0
    for seed in range(120):
        candidates, needs = world(seed, candidates=4, needs=4)
        # Few rules, so that what is left is about time.
        candidates = [replace(one, organisations=frozenset("a"), miles=20) for one in candidates]
        easy = {"organisation": "a", "preferences": (), "checks": {}, "needs_car": False}
        needs = [
            replace(need, visits=need.visits[:2], minimum_age=0, later=(), **easy) for need in needs
        ]
        found = suggest(candidates, needs, today=TODAY)
        least = cheapest_of_all(candidates, needs)
        assert found.total >= least
        worse += found.total > least
        tried += found.filled > 1
    assert tried > 50
    assert worse <= 3


def cheapest_of_all(candidates, needs) -> int:
    """The least total there is, found by trying. Costs of pairs are the run's own, each alone."""
    alone = []
    for need in needs:
        offers = [(None, None, unfilled(need))]
        for one in candidates:
            for visit in need.visits:
                if first_refusal(one, need, visit) is None:
                    alike = replace(need, visits=(visit,))
                    best = suggest([one], [alike], today=TODAY).outcomes[0].best
                    offers.append((one, visit, best.cost))
        alone.append(offers)
    return min(cost for choice in product(*alone) if (cost := together(choice)) is not None)


def together(choice) -> int | None:
    """What some choices cost together; ``None`` when they cannot all be."""
    cost = 0
    of_each: dict[int, list[Span]] = {}
    for one, visit, alone in choice:
        cost += alone
        if one is None:
            continue
        before = of_each.setdefault(one.id, [])
        if len(before) == 3:
            return None
        mine = [Commitment(span) for span in before]
        if stands_in_the_way(visit, mine):
            return None
        week = [
            span.minutes
            for span in (*before, visit, *(c.span for c in one.commitments))
            if monday_of(span.first_day) == monday_of(visit.first_day)
        ]
        if one.weekly_minutes is not None and sum(week) > one.weekly_minutes:
            return None
        if clashes_with(visit, mine) and not clashes_with(visit, one.commitments):
            cost += weights.HANDOVER.cost
        cost += weights.AGAIN_IN_ONE_RUN.cost * len(before)
        before.append(visit)
    return cost


def unfilled(need: Need) -> int:
    waited = min((TODAY - need.asked_on).days * 100, 6_000)
    return waited + (20_000 if need.urgent else 10_000)


def test_the_order_in_which_they_come_changes_nothing():
    for seed in range(40):
        candidates, needs = world(seed)
        found = suggest(candidates, needs, today=TODAY)
        Random(seed).shuffle(candidates)
        Random(seed + 1).shuffle(needs)
        assert suggest(candidates, needs, today=TODAY) == found


def test_of_equal_volunteers_the_first_id_is_suggested_and_the_others_are_next():
    found = suggest([volunteer(n) for n in (4, 2, 3, 1, 5)], [request(1)], today=MONDAY)
    (outcome,) = found.outcomes
    assert [one.candidate_id for one in outcome.suggestions] == [1, 2, 3, 4]


# --- All at once ------------------------------------------------------------------------------------


def test_one_who_can_do_both_leaves_the_near_one_to_whom_nobody_else_can_go():
    """The drive is longer for the first, but the second has nobody else."""
    walker = volunteer(1, mode=Mode.FOOT)
    driver = volunteer(2, place=Place(HERE.latitude + 0.01, HERE.longitude))
    shopping, lift = request(1), request(2, needs_car=True)
    assert pairs(suggest([walker, driver], [shopping, lift], today=MONDAY)) == {1: 1, 2: 2}


def test_who_is_free_all_day_takes_three_and_no_more():
    needs = [request(n, at(8 + 2 * n)) for n in range(5)]
    found = suggest([volunteer(1)], needs, today=MONDAY)
    assert found.filled == weights.MOST_IN_ONE_RUN == 3


def test_two_at_the_same_time_go_to_two_and_without_a_second_one_waits():
    same = [request(1), request(2)]
    assert pairs(suggest([volunteer(1), volunteer(2)], same, today=MONDAY)) == {1: 1, 2: 2}
    assert pairs(suggest([volunteer(1)], same, today=MONDAY)) == {1: 1, 2: None}


def test_a_request_that_can_move_makes_room_for_one_that_cannot():
    moving, fixed = request(1, at(14), at(16)), request(2, at(14))
    found = suggest([volunteer(1)], [moving, fixed], today=MONDAY)
    assert {o.need_id: o.best.visit for o in found.outcomes} == {1: at(16), 2: at(14)}


def test_hours_of_the_week_are_counted_over_the_run():
    needs = [request(n, at(8 + 3 * n, 90)) for n in range(3)]
    assert suggest([volunteer(1, weekly_minutes=200)], needs, today=MONDAY).filled == 2
    assert suggest([volunteer(1, weekly_minutes=179)], needs, today=MONDAY).filled == 1


def test_urgent_then_longest_waiting_is_served_first_when_there_are_too_few():
    plain, urgent = request(1), request(2, urgent=True)
    waiting = request(3, asked_on=MONDAY - timedelta(days=30))
    assert pairs(suggest([volunteer(1)], [plain, urgent, waiting], today=MONDAY))[2] == 1
    assert pairs(suggest([volunteer(1)], [plain, waiting], today=MONDAY)) == {1: None, 3: 1}


@pytest.mark.parametrize(
    ("better", "worse", "more"),
    [
        ({}, {"place": Place(HERE.latitude + 0.05, HERE.longitude)}, {}),
        ({"skills": frozenset({"x"})}, {}, {"skills": {"x": "sewing"}}),
        ({}, {"kinds": frozenset({"lift"})}, {"kind": "visit"}),
        ({"interests": frozenset({"x"})}, {}, {"interests": {"x": "chess"}}),
        ({}, {"windows": (Window(2, time(14), time(15)),)}, {}),
        ({"windows": (Window(2, time(14), time(15)),)}, {"windows": ()}, {}),
        ({}, {"last_asked_on": MONDAY}, {}),
        ({"last_asked_on": date(2026, 10, 1)}, {"last_asked_on": date(2026, 11, 1)}, {}),
        ({}, {"commitments": (Commitment(at(13, 90)),)}, {}),
        ({}, {}, {"helped_before_by": frozenset({2})}),
    ],
)
def test_each_part_of_the_cost_decides_between_two_who_are_else_alike(better, worse, more):
    """The better of the two has the later id, so it is not the tie that decides."""
    found = suggest(
        [volunteer(1, **worse), volunteer(2, **better)], [request(1, **more)], today=MONDAY
    )
    assert pairs(found) == {1: 2}
    best, other = found.outcomes[0].suggestions
    assert best.cost == sum(best.parts.values()) < other.cost


def test_requests_go_round():
    needs = [request(n, at(9 + 2 * n)) for n in range(2)]
    found = suggest([volunteer(1), volunteer(2, last_asked_on=MONDAY)], needs, today=MONDAY)
    assert sorted(pairs(found).values()) == [1, 2]


# --- In words ---------------------------------------------------------------------------------------


def test_a_suggestion_is_said_as_a_coordinator_would():
    one = volunteer(
        1,
        place=Place(HERE.latitude + 1.3 / 69.0934, HERE.longitude),
        interests=frozenset({"garden", "chess"}),
        last_helped_on=MONDAY - timedelta(weeks=5),
        last_asked_on=MONDAY - timedelta(weeks=5),
    )
    found = suggest([one], [request(1, interests={"garden": "gardening"})], today=MONDAY)
    assert found.outcomes[0].best.in_words() == (
        "1.3 miles, drives, free Tuesday afternoon, likes gardening, last helped 5 weeks ago"
    )
    assert found.outcomes[0].best.warnings == ()


def test_what_has_to_be_settled_is_said_beside_it():
    one = volunteer(
        1,
        windows=(),
        place=None,
        mode=Mode.NOT_KNOWN,
        kinds=frozenset({"lift"}),
        commitments=(Commitment(at(13, 90), "the choir"),),
    )
    wish = request(
        1, kind="visit", skills={"x": "sewing", "y": "cooking"}, helped_before_by=frozenset({1})
    )
    best = suggest([one], [wish], today=MONDAY).outcomes[0].best
    assert best.in_words() == "has helped them before, not asked yet"
    assert best.warnings == (
        "Has not said when they are free: ask.",
        "Where they set out from is not known: ask how far it is for them.",
        "Has not said how they travel: ask.",
        "Has named other kinds of help.",
        "Has not named: sewing and cooking.",
        "Overlaps by 30 minutes with the choir (Tuesday 24 November 2026, 1pm to 2:30pm): "
        "agree a handover.",
    )


def test_a_handover_to_another_suggestion_of_the_run_is_said():
    needs = [request(1, at(10, 90)), request(2, at(11, 90))]
    found = suggest([volunteer(1)], needs, today=MONDAY)
    assert found.filled == 2
    for outcome in found.outcomes:
        overlap, besides = outcome.best.warnings
        assert besides == "Is suggested for another request too."
        assert overlap.startswith(
            "Overlaps by 30 minutes with another request that is suggested to them now"
        )
    assert {o.best.parts.get("again", 0) for o in found.outcomes} == {0, 70}


def test_how_many_are_kept_from_it_by_what():
    others = [
        volunteer(2, windows=(Window(3, time(8), time(20)),)),
        volunteer(3, mode=Mode.FOOT, place=Place(HERE.latitude + 0.1, HERE.longitude)),
        volunteer(4, mode=Mode.FOOT, place=Place(HERE.latitude + 0.2, HERE.longitude)),
        volunteer(5, organisations=frozenset({"b"})),
    ]
    (outcome,) = suggest([volunteer(1), *others], [request(1)], today=MONDAY).outcomes
    assert outcome.refused == {"reach": 2, "free": 1}
    assert outcome.why_not_more() == (
        "Of 4 volunteers 1 is possible. Not: 2 too far away for them, 1 not free then."
    )


def test_why_somebody_else_was_not_suggested():
    near, far = volunteer(1), volunteer(2, place=Place(HERE.latitude + 0.05, HERE.longitude))
    alike, away = volunteer(3), volunteer(4, windows=(Window(3, time(8), time(20)),))
    wish = request(1)
    best = suggest([near, far, alike, away], [wish], today=MONDAY).outcomes[0].best
    assert best.candidate_id == 1
    assert why_not(far, wish, best, MONDAY) == "Could go too, but further away."
    assert why_not(alike, wish, best, MONDAY) == "Could go just as well."
    assert why_not(away, wish, best, MONDAY) == "Not free on Tuesday 24 November 2026, 2pm to 3pm."
    assert why_not(near, wish, None, MONDAY) == "Could go, but is suggested for other requests."
    dearer = replace(best, cost=500)
    assert why_not(near, wish, dearer, MONDAY) == (
        "Could go, but all requests together are served better with them elsewhere."
    )


# --- Watching and stopping --------------------------------------------------------------------------


def test_progress_goes_from_nothing_to_all_and_never_back():
    candidates, needs = world(1, needs=30)
    told = []
    suggest(candidates, needs, today=TODAY, report=lambda done, of: told.append((done, of)))
    assert told[0] == (0, 100)
    assert told[-1] == (100, 100)
    assert [done for done, _of in told] == sorted({done for done, _of in told})


def test_it_stops_when_asked_and_when_the_report_raises():
    candidates, needs = world(1, needs=30)
    asked = []

    def cancelled() -> bool:
        asked.append(1)
        return len(asked) == 4

    with pytest.raises(MatchingCancelled):
        suggest(candidates, needs, today=TODAY, cancelled=cancelled)
    assert len(asked) == 4

    def report(done: int, of: int) -> None:
        if done > 10:
            raise TimeoutError

    with pytest.raises(TimeoutError):
        suggest(candidates, needs, today=TODAY, report=report)


def test_nobody_and_nothing():
    assert suggest([volunteer(1)], [], today=MONDAY).outcomes == ()
    (outcome,) = suggest([], [request(1)], today=MONDAY).outcomes
    assert outcome.best is None
    assert outcome.why_not_more() == "Of 0 volunteers 0 are possible."


def test_two_candidates_of_one_id_are_refused():
    with pytest.raises(ValueError, match="one id"):
        suggest([volunteer(1), volunteer(1)], [request(1)], today=MONDAY)
