"""Each rule with its sentence, at its edges; and the screen says what the sentences say."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from tests.volunteers.matching.worlds import HERE, TODAY, world
from volunteers.availability import Change, Commitment, Span, Window
from volunteers.matching import (
    RULES,
    Candidate,
    Mode,
    Need,
    Place,
    Preference,
    PreferenceKind,
    first_refusal,
    refusal,
    visits_within,
)
from volunteers.matching.pool import Pool
from volunteers.matching.rules import ALLOWED, screen

TUESDAY = date(2026, 11, 24)
VISIT = Span(datetime(2026, 11, 24, 14, tzinfo=UTC), datetime(2026, 11, 24, 15, tzinfo=UTC))
FREE = (Window(2, time(13), time(17)),)
VOLUNTEER = Candidate(
    id=1, organisations=frozenset({"a"}), windows=FREE, place=HERE, mode=Mode.FOOT
)
REQUEST = Need(id=1, organisation="a", person="p", visits=(VISIT,), asked_on=TUESDAY, place=HERE)
WOMAN = Preference(PreferenceKind.GENDER, "woman", "a woman", "help with washing.")
POLISH = Preference(PreferenceKind.LANGUAGE, "pl", "speaks Polish", "she speaks no English")
TWO_MILES_NORTH = Place(HERE.latitude + 2 / 69.0934, HERE.longitude)


def reason(volunteer=None, request=None) -> str:
    """The sentence for one pair, the rest of it as it should be; empty when the pair may be."""
    found = refusal(replace(VOLUNTEER, **(volunteer or {})), replace(REQUEST, **(request or {})))
    return found.reason if found else ""


def test_a_pair_that_breaks_nothing_has_no_reason():
    assert reason() == ""


@pytest.mark.parametrize(
    ("volunteer", "request_", "sentence"),
    [
        ({"organisations": frozenset({"b"})}, {}, "Has not agreed to be shared with this organisation."),
        ({"organisations": frozenset({"a", "b"})}, {}, ""),
        ({"not_with": frozenset({"p"})}, {}, "One of the two asked not to be put together with the other."),
        ({}, {"not_with": frozenset({1})}, "One of the two asked not to be put together with the other."),
        ({"not_with": frozenset({"q"})}, {"not_with": frozenset({2})}, ""),
        ({}, {"said_no": frozenset({1})}, "Was asked about this already."),
        ({"gender": "man"}, {"preferences": (WOMAN,)}, "Asked for: a woman (help with washing)."),
        ({"gender": ""}, {"preferences": (WOMAN,)}, "Asked for: a woman (help with washing)."),
        ({"gender": "woman"}, {"preferences": (WOMAN,)}, ""),
        (
            {"gender": "woman"},
            {"preferences": (WOMAN, POLISH)},
            "Asked for: speaks Polish (she speaks no English).",
        ),
        ({"languages": frozenset({"pl", "en"})}, {"preferences": (POLISH,)}, ""),
        ({"person": "p"}, {}, "Nobody is their own volunteer."),
        ({"person": "q"}, {}, ""),
        ({"mode": Mode.BUS}, {"needs_car": True}, "Needs somebody who drives; this volunteer goes by bus."),
        ({"mode": Mode.CAR}, {"needs_car": True}, ""),
    ],
)  # fmt: skip
def test_who_may_be_put_together(volunteer, request_, sentence):
    assert reason(volunteer, request_) == sentence


@pytest.mark.parametrize(
    ("volunteer", "request_", "sentence"),
    [
        ({"place": TWO_MILES_NORTH}, {}, "2 miles away; this volunteer walks, up to 1.5 miles."),
        ({"place": TWO_MILES_NORTH, "mode": Mode.CYCLE}, {}, ""),
        ({"place": TWO_MILES_NORTH, "miles": 2.0}, {}, ""),
        ({"place": TWO_MILES_NORTH, "miles": 1.99}, {}, "2 miles away; this volunteer walks, up to 2 miles."),
        ({"place": TWO_MILES_NORTH, "mode": Mode.BUS, "miles": 1.0}, {},
         "2 miles away; this volunteer goes by bus, up to 1 mile."),
        # By phone nobody travels; and from where they would set out may be not known.
        ({"place": TWO_MILES_NORTH}, {"place": None}, ""),
        ({"place": None}, {}, ""),
    ],
)  # fmt: skip
def test_range_by_mode_of_travel(volunteer, request_, sentence):
    assert reason(volunteer, request_) == sentence


@pytest.mark.parametrize(
    ("born_on", "sentence"),
    [
        (date(2008, 11, 24), ""),
        (date(2008, 11, 25), "Has to be 18 or over; they are from 25 November 2026."),
        (None, "Has to be 18 or over; their date of birth is not known."),
    ],
)
def test_age_on_the_day_of_the_visit(born_on, sentence):
    assert reason({"born_on": born_on}, {"minimum_age": 18}) == sentence
    assert reason({"born_on": born_on}) == ""


def test_an_adult_without_a_date_of_birth_is_taken_at_their_word_up_to_18():
    assert reason({"is_adult": True}, {"minimum_age": 18}) == ""
    assert reason({"is_adult": True}, {"minimum_age": 21}) == (
        "Has to be 21 or over; their date of birth is not known."
    )
    young = {"is_adult": True, "born_on": date(2010, 1, 1)}
    assert (
        reason(young, {"minimum_age": 18}) == "Has to be 18 or over; they are from 1 January 2028."
    )


def test_how_they_travel_is_not_known():
    far = {"mode": Mode.NOT_KNOWN, "place": Place(HERE.latitude + 0.05, HERE.longitude)}
    assert reason({"mode": Mode.NOT_KNOWN, "place": TWO_MILES_NORTH}) == ""
    assert reason(far) == (
        "3.5 miles away; this volunteer has not said how they travel, up to 3 miles."
    )


def test_help_that_goes_on_clashes_at_a_later_visit():
    week_later = Span(VISIT.starts_at + timedelta(7), VISIT.ends_at + timedelta(7))
    busy = {"commitments": (Commitment(week_later, "the choir"),)}
    assert reason(busy) == ""
    assert reason(busy, {"later": (week_later,)}) == (
        "At the same time, for 60 minutes, as the choir (Tuesday 1 December 2026, 2pm to 3pm)."
    )
    with pytest.raises(ValueError, match="one time"):
        replace(REQUEST, visits=(VISIT, week_later), later=(week_later,))


def test_born_on_29_february_is_older_on_1_march():
    leap = {"born_on": date(2008, 2, 29), "windows": ()}
    at = datetime(2026, 2, 28, 14, tzinfo=UTC)
    on_28 = {"visits": (Span(at, at + timedelta(hours=1)),), "minimum_age": 18}
    on_1 = {"visits": (Span(at + timedelta(1), at + timedelta(1, 3600)),), "minimum_age": 18}
    assert reason(leap, on_28) == "Has to be 18 or over; they are from 1 March 2026."
    assert reason(leap, on_1) == ""


def test_a_check_is_in_date_until_the_visit_is_over():
    needs = {"checks": {"dbs": "an enhanced DBS check"}}
    assert reason({}, needs) == "Needs: an enhanced DBS check. None is recorded."
    assert reason({"checks": {"dbs": None}}, needs) == ""
    assert reason({"checks": {"dbs": TUESDAY}}, needs) == ""
    assert (
        reason({"checks": {"dbs": date(2026, 11, 23)}}, needs)
        == "Needs: an enhanced DBS check. Theirs is in date until 23 November 2026."
    )
    overnight = Span(VISIT.starts_at, VISIT.starts_at + timedelta(hours=11))
    assert reason(
        {"checks": {"dbs": TUESDAY}, "windows": ()}, {**needs, "visits": (overnight,)}
    ).endswith("Theirs is in date until 24 November 2026.")
    until_midnight = Span(VISIT.starts_at, VISIT.starts_at + timedelta(hours=10))
    assert (
        reason({"checks": {"dbs": TUESDAY}, "windows": ()}, {**needs, "visits": (until_midnight,)})
        == ""
    )


def test_free_then_or_not_known_when():
    elsewhen = {"windows": (Window(3, time(9), time(17)),)}
    away = {"changes": (Change(TUESDAY, TUESDAY, starts=time(14, 30), ends=time(15)),)}
    assert reason(elsewhen) == "Not free on Tuesday 24 November 2026, 2pm to 3pm."
    assert reason(away) == "Not free on Tuesday 24 November 2026, 2pm to 3pm."
    assert reason({"windows": ()}) == ""
    assert reason({"windows": (), **away}) == "Away on Tuesday 24 November 2026, 2pm to 3pm."
    as_well = Change(TUESDAY, TUESDAY, free=True, starts=time(14), ends=time(15))
    assert reason({**elsewhen, "changes": (as_well,)}) == ""


def test_not_in_two_places_at_once_but_for_a_handover():
    def doing(first: int, minutes: int) -> dict:
        begins = VISIT.starts_at + timedelta(minutes=first)
        return {
            "commitments": (
                Commitment(Span(begins, begins + timedelta(minutes=minutes)), "the choir"),
            )
        }

    assert reason(doing(-60, 90)) == ""
    assert reason(doing(60, 60)) == ""
    assert reason(doing(15, 30)) == (
        "At the same time, for 30 minutes, as the choir (Tuesday 24 November 2026, 2:15pm to 2:45pm)."
    )


def test_no_more_in_a_week_than_they_give():
    def gives(week: int, *days: int) -> dict:
        at = [VISIT.starts_at + timedelta(days=day, hours=4) for day in days]
        spans = [Commitment(Span(one, one + timedelta(minutes=90))) for one in at]
        return {"weekly_minutes": week, "commitments": tuple(spans)}

    assert reason(gives(150, 0)) == ""
    assert reason(gives(149, 0)) == "Has 59 minutes left that week; it takes 60."
    assert reason(gives(91, 0)) == "Has 1 minute left that week; it takes 60."
    # Monday and Sunday are in Tuesday's week; the Sunday before and the Monday after are not.
    assert reason(gives(60, -2, 6)) == ""
    assert reason(gives(60, -1)) == "Has 0 minutes left that week; it takes 60."
    assert reason(gives(60, 5)) == "Has 0 minutes left that week; it takes 60."
    assert reason(gives(0)) == "Has 0 minutes left that week; it takes 60."


def test_a_preference_and_a_request_have_to_make_sense():
    with pytest.raises(ValueError, match="reason"):
        Preference(PreferenceKind.GENDER, "woman", "a woman", " ")
    with pytest.raises(ValueError, match="at least one time"):
        replace(REQUEST, visits=())
    longer = Span(VISIT.starts_at, VISIT.ends_at + timedelta(hours=1))
    with pytest.raises(ValueError, match="equally long"):
        replace(REQUEST, visits=(VISIT, longer))


def test_of_several_times_one_is_enough_and_the_nearest_miss_is_told():
    week_later = Span(VISIT.starts_at + timedelta(7), VISIT.ends_at + timedelta(7))
    both = {"visits": (VISIT, week_later)}
    busy = (Commitment(VISIT, "the choir"),)
    assert reason({"commitments": busy}, both) == ""
    away = (Change(week_later.first_day, week_later.first_day),)
    assert reason({"commitments": busy, "changes": away}, both).startswith("At the same time")


def test_visits_begin_on_each_half_hour_that_leaves_enough_time():
    wide = Span(VISIT.starts_at, VISIT.starts_at + timedelta(minutes=150))
    assert [v.starts_at.strftime("%H:%M") for v in visits_within([wide, wide], 90)] == [
        "14:00",
        "14:30",
        "15:00",
    ]
    assert visits_within([wide], 151) == ()
    assert len(visits_within([Span(VISIT.starts_at, VISIT.starts_at + timedelta(9))], 60)) == 40


def test_the_screen_says_what_the_sentences_say():
    """Every pair at every time, in 150 worlds; each rule has had its turn as the first to forbid."""
    seen: Counter[str] = Counter()
    for seed in range(150):
        candidates, needs = world(seed)
        pool = Pool(candidates, needs, TODAY)
        for need in needs:
            for visit in need.visits:
                reached = screen(pool, need, visit)
                for at, candidate in enumerate(pool.candidates):
                    found = first_refusal(candidate, need, visit)
                    expected = ALLOWED if found is None else RULES.index(found.rule)
                    assert reached[at] == expected, (seed, need.id, candidate.id, visit, found)
                    seen[found.rule.name if found else "allowed"] += 1
    assert seen.keys() == {rule.name for rule in RULES} | {"allowed"}
    assert min(seen.values()) > 40, seen
