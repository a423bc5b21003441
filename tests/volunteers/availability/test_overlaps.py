"""Nobody is booked twice by accident.

The stories are those of five public trackers, told with our words: volunteer_planner issue 299,
emfcamp's Website issue 1077, crisischeckin issue 90, volunteer-management-software issue 40, and
VolunTrack issue 498 for the day that a confirmation names.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from volunteers import booking
from volunteers.availability import (
    Commitment,
    DoubleBooked,
    Override,
    Span,
    check_booking,
    clashes_with,
    say_span,
    stands_in_the_way,
)

LONDON = ZoneInfo("Europe/London")
FRIDAY = date(2026, 11, 27)


def at(first: str, last: str, day: date = FRIDAY, last_day: date | None = None) -> Span:
    def moment(on: date, text: str) -> datetime:
        return datetime.combine(on, datetime.strptime(text, "%H:%M").time(), tzinfo=LONDON)

    return Span(moment(day, first), moment(last_day or day, last))


def doing(span: Span, what: str = "the lunch club") -> Commitment:
    return Commitment(span, what, id=what)


class TestVolunteerPlanner299:
    """One could sign up for shifts at the same time; an hour for changing over was then allowed."""

    def test_a_second_shift_at_the_same_time_is_refused_and_said(self):
        # Given a volunteer at the lunch club from noon to three
        lunch = doing(at("12:00", "15:00"))
        # When they are booked from one to four, Then it is refused, and the page says why
        with pytest.raises(DoubleBooked) as refused:
            check_booking(at("13:00", "16:00"), [lunch])
        assert str(refused.value) == (
            "At the same time, for 120 minutes, as the lunch club "
            "(Friday 27 November 2026, noon to 3pm)."
        )

    @pytest.mark.parametrize(
        ("first", "last", "may"),
        [("14:00", "17:00", True), ("13:59", "17:00", False), ("15:00", "17:00", True)],
    )
    def test_an_hour_at_the_edge_is_a_handover_and_a_minute_more_is_not(self, first, last, may):
        blocking = stands_in_the_way(at(first, last), [doing(at("12:00", "15:00"))])
        assert (not blocking) == may

    def test_a_handover_is_let_through_and_said(self):
        (clash,) = check_booking(at("14:30", "17:00"), [doing(at("12:00", "15:00"))])
        assert clash.is_handover
        assert clash.in_words() == (
            "Overlaps by 30 minutes with the lunch club (Friday 27 November 2026, noon to 3pm): "
            "agree a handover."
        )

    def test_a_short_shift_within_another_is_no_handover(self):
        """Their rule let a shift of an hour lie anywhere within another (their issue 393)."""
        assert stands_in_the_way(at("13:00", "14:00"), [doing(at("12:00", "15:00"))])
        assert stands_in_the_way(at("12:00", "15:00"), [doing(at("13:00", "13:30"))])
        assert stands_in_the_way(at("12:00", "13:00"), [doing(at("12:00", "13:00"))])


class TestEmfcamp1077:
    """A warning came, and the booking was made all the same; a person in charge should be able to."""

    def test_a_refusal_makes_no_booking_and_a_managers_reason_does(self):
        desk = doing(at("10:00", "14:00"), "the information desk")
        booked = [desk]
        with pytest.raises(DoubleBooked):
            booked.append(doing(check_booking(at("11:00", "13:00"), booked)))
        assert booked == [desk]
        (clash,) = check_booking(
            at("11:00", "13:00"), booked, override=Override(by=7, reason="The two are at one table")
        )
        assert not clash.is_handover
        assert clash.commitment == desk

    @pytest.mark.parametrize(("by", "reason"), [(7, "  "), (7, ""), (None, "One table")])
    def test_nobody_and_no_reason_override_nothing(self, by, reason):
        with pytest.raises(ValueError, match="for a reason"):
            Override(by=by, reason=reason)


class TestCrisischeckin90:
    """Commitments over the same range of dates could all be added."""

    def test_each_commitment_of_several_days_is_looked_at(self):
        week = doing(
            at("09:00", "17:00", date(2026, 11, 23), date(2026, 11, 27)), "the flood store"
        )
        evening = doing(at("18:00", "20:00"), "the choir")
        found = clashes_with(at("16:00", "19:30"), [evening, week])
        assert [clash.commitment.what for clash in found] == ["the flood store", "the choir"]
        assert [clash.is_handover for clash in found] == [True, False]
        with pytest.raises(DoubleBooked) as refused:
            check_booking(at("09:00", "17:00", date(2026, 11, 25), date(2026, 11, 26)), [week])
        assert [clash.commitment.what for clash in refused.value.clashes] == ["the flood store"]


class TestVolunteerManagementSoftware40:
    """Somebody with a shift on a day was not offered for another on that day."""

    def test_a_morning_does_not_block_the_evening(self):
        gate = doing(at("14:30", "17:00"), "the gate")
        assert check_booking(at("19:00", "22:00"), [gate]) == ()

    def test_back_to_back_is_no_overlap(self):
        assert check_booking(at("17:00", "18:00"), [doing(at("14:30", "17:00"))]) == ()


class TestVolunTrack498:
    """The request had the right day; the confirmation of it said the day after."""

    @pytest.mark.parametrize(
        ("starts_at", "says"),
        [
            # Half past midnight in London's summer is still yesterday in UTC …
            (datetime(2026, 7, 3, 23, 30, tzinfo=UTC), "Saturday 4 July 2026, 12:30am to 1:30am"),
            # … eleven at night is today in both …
            (datetime(2026, 7, 4, 22, 0, tzinfo=UTC), "Saturday 4 July 2026, 11pm to midnight"),
            # … and in winter the two agree.
            (datetime(2026, 12, 4, 23, 0, tzinfo=UTC), "Friday 4 December 2026, 11pm to midnight"),
        ],
    )  # fmt: skip
    def test_every_message_says_londons_day(self, starts_at, says):
        shift = Span(starts_at, starts_at + timedelta(hours=1))
        # However the moment came in: by UTC, by London's zone or by another.
        for zone in (UTC, LONDON, ZoneInfo("America/New_York")):
            same = Span(starts_at.astimezone(zone), shift.ends_at.astimezone(zone))
            assert same == shift
            assert say_span(same) == says


class TestNightsWhenTheClocksChange:
    def test_an_overlap_is_counted_in_real_time(self):
        """1am to 2am on the wall is two hours when the clocks go back: too long to hand over."""
        saturday, sunday = date(2026, 10, 24), date(2026, 10, 25)
        night = doing(at("22:00", "02:00", saturday, sunday), "the night sitting")
        early = at("01:00", "06:00", sunday)
        (clash,) = clashes_with(early, [night])
        assert clash.minutes == 120
        assert not clash.is_handover

    def test_the_two_halves_of_the_night_do_not_clash(self):
        sunday = date(2026, 10, 25)
        first = Span(
            datetime(2026, 10, 25, 1, 0, tzinfo=LONDON), datetime(2026, 10, 25, 1, 0, tzinfo=LONDON, fold=1)
        )  # fmt: skip
        second = at("02:00", "03:00", sunday)
        assert first.minutes == 60
        assert clashes_with(second, [doing(first)]) == ()


def a_span(first: int, minutes: int) -> Span:
    begin = datetime(2026, 10, 24, 21, tzinfo=UTC) + timedelta(minutes=first)
    return Span(begin, begin + timedelta(minutes=minutes))


starts = st.integers(0, 12 * 60)
lengths = st.integers(1, 240)


@given(starts, lengths, starts, lengths)
def test_an_overlap_is_the_same_from_either_side(start, length, other_start, other_length):
    one, two = a_span(start, length), a_span(other_start, other_length)
    forth, back = clashes_with(one, [doing(two)]), clashes_with(two, [doing(one)])
    both = set(range(start, start + length)) & set(range(other_start, other_start + other_length))
    assert [clash.minutes for clash in forth] == ([len(both)] if both else [])
    assert [clash.is_handover for clash in forth] == [clash.is_handover for clash in back]
    if len(both) > 60:
        assert stands_in_the_way(one, [doing(two)])


@given(starts, lengths, starts, lengths)
def test_matching_and_booking_have_one_rule(start, length, other_start, other_length):
    """``volunteers.booking`` has the last word when something is promised; it must say the same."""
    one, two = a_span(start, length), a_span(other_start, other_length)
    booked = booking.clash(
        booking.Span(one.starts_at, one.ends_at), booking.Span(two.starts_at, two.ends_at)
    )
    assert booked == bool(stands_in_the_way(one, [doing(two)]))
