"""From the tables through matching to suggestions that a coordinator sees."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from dcsn.audit import SystemJob
from dcsn.jobs import Job, cancel_job
from dcsn.jobs.runner import run_job
from directory.models import PostcodePlace
from members.models import Person
from tests.factories.organisation import OrganisationFactory
from tests.factories.person import PersonFactory
from tests.factories.volunteering import (
    InterestFactory,
    ShiftFactory,
    help_request,
    offer,
    passed_check,
    volunteer,
)
from volunteers.actions.offers import accept, decline, make_offer
from volunteers.actions.suggesting import look_for_one, look_for_volunteers, start_looking
from volunteers.matching import Candidate, Mode, Need, Place
from volunteers.matching.gather import gather
from volunteers.models import (
    Availability,
    Away,
    HelpRequest,
    NotWith,
    Offer,
    ParentConfirmation,
    ShiftPlace,
    VolunteerPlace,
)
from volunteers.rules import Task, reasons_against
from volunteers.states import OfferState, Party

pytestmark = pytest.mark.django_db
TESTS = SystemJob("tests")
LONDON = ZoneInfo("Europe/London")


@pytest.fixture
def here():
    PostcodePlace.objects.create(code="DL3 7XX", level="unit", latitude=54.524, longitude=-1.555)
    PostcodePlace.objects.create(code="DL1", level="outcode", latitude=54.534, longitude=-1.555)
    return OrganisationFactory()


def in_days(days: int, hour: int = 14) -> datetime:
    day = timezone.localdate() + timedelta(days=days)
    return datetime(day.year, day.month, day.day, hour, tzinfo=LONDON)


def candidate_of(organisation, who) -> Candidate | None:
    """How matching sees this volunteer."""
    help_request(organisation=organisation, starts_at=in_days(3))
    found = gather(HelpRequest.objects.seeking())
    return next((one for one in found.candidates if one.id == who.pk), None)


def need_of(row: HelpRequest) -> Need:
    (need,) = gather(HelpRequest.objects.filter(pk=row.pk)).needs
    return need


# --- What is read -----------------------------------------------------------------------------------


def test_a_volunteer_is_read_whole(here):
    gardening = InterestFactory(name="gardening")
    cooking = InterestFactory(name="cooking", kind="skill")
    other = OrganisationFactory()
    person = PersonFactory(organisation=here, date_of_birth=date(1980, 5, 17), postcode="dl1 1zz")
    who = volunteer(
        organisation=here,
        person=person,
        transport=["walk", "drive"],
        travel_miles=5,
        minutes_a_week=120,
        gender="female",
        languages=["Polish"],
        help_kinds=["lift"],
    )
    who.interests.set([gardening, cooking])
    VolunteerPlace.objects.create(
        volunteer=who, organisation=other, standing="shared", agreed_at=timezone.now(), agreed_how="phone"
    )  # fmt: skip
    VolunteerPlace.objects.create(
        volunteer=who, organisation=OrganisationFactory(), ended_at=timezone.now()
    )
    Availability.objects.create(volunteer=who, weekday=2, starts=time(13), ends=time(0))
    away_from = timezone.localdate() + timedelta(days=1)
    Away.objects.create(volunteer=who, from_on=away_from, until_on=away_from)
    stranger = PersonFactory(organisation=here)
    NotWith.objects.create(volunteer=who, person=stranger, said_by="staff")
    passed_check(who, level="enhanced")
    passed_check(who, kind="references")

    found = candidate_of(here, who)

    assert found is not None
    assert found.organisations == {here.pk, other.pk}
    assert (found.person, found.born_on) == (person.pk, date(1980, 5, 17))
    # The postcode itself is not known: the middle of its area.
    assert found.place == Place(54.534, -1.555)
    assert (found.mode, found.miles, found.weekly_minutes) == (Mode.CAR, 5, 120)
    assert [(w.weekday, w.starts, w.ends) for w in found.windows] == [(2, time(13), time(0))]
    assert [(c.first, c.last, c.free) for c in found.changes] == [(away_from, away_from, False)]
    assert set(found.checks) == {
        ("dbs", "basic"),
        ("dbs", "standard"),
        ("dbs", "enhanced"),
        "references",
    }
    assert found.skills >= {cooking.pk, ("language", "polish")}
    assert gardening.pk in found.interests
    assert (found.gender, found.kinds, found.not_with) == ("female", {"lift"}, {stranger.pk})
    assert (found.last_asked_on, found.last_helped_on) == (None, None)


def test_a_request_is_read_whole(here):
    gardening = InterestFactory(name="gardening")
    row = help_request(
        organisation=here,
        starts_at=in_days(3),
        checks_needed=["dbs", "references"],
        dbs_level="standard",
        needs_driver=True,
        minimum_age=21,
        languages=["Polish"],
        gender_preference="female",
        preference_reason="help with washing",
    )
    row.interests.set([gardening])
    need = need_of(row)
    assert need.visits[0].starts_at == in_days(3)
    assert (need.later, need.proposes_time, need.minutes) == ((), False, 60)
    assert need.place == Place(54.524, -1.555)
    assert need.checks == {
        ("dbs", "standard"): "DBS check (Standard)",
        "references": "References",
    }
    assert need.skills == {("language", "polish"): "speaking Polish"}
    assert need.interests == {gardening.pk: "gardening"}
    (preference,) = need.preferences
    assert (preference.value, preference.name, preference.reason) == (
        "female",
        "Woman",
        "help with washing",
    )
    assert (need.needs_car, need.minimum_age, need.kind) == (True, 21, "good-neighbour")


def test_help_from_home_has_no_place_and_an_open_time_gets_proposals(here):
    row = help_request(organisation=here, from_home=True)
    need = need_of(row)
    assert need.place is None
    assert need.proposes_time
    assert {visit.first_day for visit in need.visits} == {
        timezone.localdate() + timedelta(days=number) for number in range(1, 8)
    }
    assert {visit.minutes for visit in need.visits} == {row.minutes}


def test_help_that_goes_on_is_looked_at_week_by_week_and_what_is_over_is_said(here):
    weekly = help_request(organisation=here, starts_at=in_days(-6))
    HelpRequest.objects.filter(pk=weekly.pk).update(repeats="weekly")
    over = help_request(organisation=here, starts_at=in_days(-1))
    need = need_of(weekly)
    assert need.visits[0].starts_at == in_days(1)
    assert need.later[0].starts_at == in_days(8)
    assert len(need.later) == 25
    found = gather(HelpRequest.objects.filter(pk=over.pk))
    assert (found.needs, found.past) == ((), (over.pk,))
    assert look_for_one(help_request=over, by=TESTS) is None


def test_promises_are_read_from_offers_that_repeat_and_from_shifts(here):
    who = volunteer(organisation=here)
    regular = help_request(organisation=here, starts_at=in_days(1, 9), who=who, state="triaged")
    HelpRequest.objects.filter(pk=regular.pk).update(repeats="weekly")
    regular.refresh_from_db()
    accept(offer=offer(regular, who), by=TESTS, side=Party.VOLUNTEER)
    shift = ShiftFactory(
        opportunity__organisation=here, starts_at=in_days(2, 18), ends_at=in_days(2, 20)
    )
    ShiftPlace.objects.create(shift=shift, volunteer=who, state="confirmed")
    gone = ShiftFactory(
        opportunity__organisation=here,
        starts_at=in_days(2, 8),
        ends_at=in_days(2, 9),
        cancelled_at=timezone.now(),
    )
    ShiftPlace.objects.create(shift=gone, volunteer=who, state="confirmed")
    help_request(organisation=here, starts_at=in_days(10))
    found = candidate_of(here, who)
    assert found is not None
    assert sorted(one.span.starts_at for one in found.commitments) == [
        in_days(1, 9),
        in_days(2, 18),
        in_days(8, 9),
    ]
    assert {one.what for one in found.commitments} == {""}
    assert found.last_asked_on == timezone.localdate()


@pytest.mark.parametrize(
    ("band", "born", "parent", "known", "adult"),
    [
        ("18_34", None, None, True, True),
        ("", None, None, True, False),
        ("under_18", None, None, False, False),
        ("under_18", None, "yes", True, False),
        ("", date(2012, 1, 1), None, False, False),
        ("", date(2012, 1, 1), "asked", False, False),
        ("", date(2012, 1, 1), "yes", True, False),
    ],
)
def test_who_is_too_young_without_a_parents_word_is_not_looked_at(
    here, band, born, parent, known, adult
):
    who = volunteer(organisation=here)
    # As an import would bring them: the actions would not have let them get so far.
    Person.objects.filter(pk=who.person_id).update(date_of_birth=born, age_band=band)
    if parent:
        ParentConfirmation.objects.create(
            volunteer=who,
            name="A Parent",
            phone="01632 960 001",
            confirmed_at=timezone.now() if parent == "yes" else None,
        )
    found = candidate_of(here, who)
    assert (found is not None) == known
    if found is not None:
        assert found.is_adult == adult


@pytest.mark.parametrize("state", ["applied", "paused", "left", "inducted"])
def test_who_does_not_help_now_is_not_looked_at(here, state):
    assert candidate_of(here, volunteer(organisation=here, state=state)) is None


def test_nobody_of_another_organisation_is_looked_at(here):
    stranger = volunteer(organisation=OrganisationFactory())
    assert candidate_of(here, stranger) is None


def test_the_number_of_questions_does_not_grow(here):
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            found = gather(HelpRequest.objects.seeking())
        assert len(found.candidates) == len(found.needs) == number
        return len(queries)

    number = 0
    counts = []
    for more in (3, 6):
        for _time in range(more):
            who = volunteer(organisation=here)
            Availability.objects.create(volunteer=who, weekday=2, starts=time(9), ends=time(12))
            passed_check(who)
            who.interests.set([InterestFactory()])
            row = help_request(organisation=here, starts_at=in_days(3))
            row.interests.set([InterestFactory()])
            number += 1
        counts.append(asked())
    assert counts[0] == counts[1] <= 16


# --- What is written --------------------------------------------------------------------------------


def test_every_suggestion_holds_before_the_rules_that_an_offer_is_asked(here):
    """Matching has its own quick rules; those of ``volunteers.rules`` have the last word."""
    for number in range(12):
        born = date(1980, 1, 1) if number % 4 else date(2009, 6, 1)
        who = volunteer(
            organisation=here,
            born=born,
            transport=["drive"] if number % 2 else ["walk"],
            minutes_a_week=60 if number % 3 else None,
            gender="female" if number % 5 else "",
        )
        if number % 3:
            passed_check(who, level="enhanced" if number % 2 else "basic")
        if number % 2:
            taken = help_request(organisation=here, starts_at=in_days(2 + number % 3))
            accept(offer=offer(taken, who), by=TESTS, side=Party.VOLUNTEER)
    facts = [
        {},
        {"needs_driver": True},
        {"checks_needed": ["dbs"], "dbs_level": "standard"},
        {"gender_preference": "female", "preference_reason": "help with washing"},
        {"minimum_age": 16},
    ]
    rows = [
        help_request(organisation=here, starts_at=in_days(2 + n % 3), **facts[n % 5])
        for n in range(10)
    ]
    looked = look_for_volunteers(organisation=here, by=TESTS)
    assert looked.requests == 10
    assert looked.with_somebody > 5
    suggested = Offer.objects.filter(help_request__in=rows, state=OfferState.SUGGESTED)
    assert len(suggested) > 15
    for one in suggested.select_related("help_request", "volunteer__person"):
        task = Task.of_request(one.help_request)
        assert reasons_against(one.volunteer, task, besides=one) == []


def test_suggestions_are_kept_in_order_with_their_reasons(here):
    near = PersonFactory(organisation=here, date_of_birth=date(1980, 5, 17), postcode="DL3 7XX")
    far = PersonFactory(organisation=here, date_of_birth=date(1980, 5, 17), postcode="DL1 1ZZ")
    further = volunteer(organisation=here, person=far, transport=["drive"])
    closer = volunteer(organisation=here, person=near, transport=["drive"])
    for who in (further, closer):
        for weekday in range(1, 8):
            Availability.objects.create(
                volunteer=who, weekday=weekday, starts=time(9), ends=time(20)
            )
    row = help_request(organisation=here, starts_at=in_days(3))
    look_for_volunteers(organisation=here, by=TESTS)
    first, second = row.offers.order_by("rank")
    assert (first.volunteer, second.volunteer) == (closer, further)
    assert (first.rank, second.rank) == (1, 2)
    assert first.cost < second.cost
    weekday = in_days(3).strftime("%A")
    assert first.reasons == [
        f"less than 0.1 miles, drives, free {weekday} afternoon, not asked yet"
    ]
    assert second.reasons == [f"0.7 miles, drives, free {weekday} afternoon, not asked yet"]
    assert (first.starts_at, first.state, first.offered_at) == (in_days(3), "suggested", None)
    # Nobody was asked, and the request still looks for somebody.
    row.refresh_from_db()
    assert row.state == "triaged"


def test_a_second_run_replaces_what_nobody_acted_on_and_nothing_else(here):
    one, two = (volunteer(organisation=here) for _ in range(2))
    row = help_request(organisation=here, starts_at=in_days(3))
    look_for_volunteers(organisation=here, by=TESTS)
    kept = {offer.volunteer: offer.pk for offer in row.offers.all()}
    assert set(kept) == {one, two}
    # When one can no longer come, and a third does
    busy = help_request(organisation=here, starts_at=in_days(3))
    accept(offer=offer(busy, one), by=TESTS, side=Party.VOLUNTEER)
    three = volunteer(organisation=here)
    look_for_volunteers(organisation=here, by=TESTS)
    assert {offer.volunteer for offer in row.offers.all()} == {two, three}
    assert row.offers.get(volunteer=two).pk == kept[two]
    # When a coordinator has put them in an order, it stays
    make_offer(help_request=row, volunteers=[two, three], by=TESTS)
    before = list(row.offers.order_by("pk").values_list("pk", "state", "queue_position"))
    look_for_volunteers(organisation=here, by=TESTS)
    assert list(row.offers.order_by("pk").values_list("pk", "state", "queue_position")) == before


def test_whoever_said_no_is_not_suggested_again_for_this_and_no_worse_for_another(here):
    who = volunteer(organisation=here)
    row = help_request(organisation=here, starts_at=in_days(3))
    decline(offer=offer(row, who), by=TESTS, side=Party.VOLUNTEER)
    other = help_request(organisation=here, starts_at=in_days(4))
    look_for_volunteers(organisation=here, by=TESTS)
    assert not row.offers.filter(state=OfferState.SUGGESTED).exists()
    assert other.offers.get(state=OfferState.SUGGESTED).volunteer == who
    outcome = look_for_one(help_request=row, by=TESTS)
    assert outcome is not None
    assert outcome.why_not_more() == ("Of 1 volunteers 0 are possible. Not: 1 asked already.")


def test_only_who_coordinates_there_may_look(here, cast):
    row = help_request(organisation=here, starts_at=in_days(3))
    for user in (cast.stranger("volunteer_manager"), cast.nobody):
        with pytest.raises(PermissionDenied):
            look_for_volunteers(organisation=here, by=user)
        with pytest.raises(PermissionDenied):
            start_looking(organisation=here, by=user)
        with pytest.raises(PermissionDenied):
            look_for_one(help_request=row, by=user)
    assert not Job.objects.exists()


# --- In the background ------------------------------------------------------------------------------


def test_the_job_writes_suggestions_and_counts_to_the_end(cast):
    organisation = OrganisationFactory(id=cast.organisation_id)
    who = volunteer(organisation=organisation)
    row = help_request(organisation=organisation, starts_at=in_days(3))
    manager = cast.with_role("volunteer_manager")
    job = start_looking(organisation=organisation, by=manager)
    assert start_looking(organisation=organisation, by=manager) == job
    run_job(job.pk)
    job.refresh_from_db()
    assert (job.state, job.done, job.total) == ("done", 200, 200)
    assert job.may_be_seen_by(manager)
    assert not job.may_be_seen_by(cast.with_role("hub_lead"))
    assert row.offers.get().volunteer == who


def test_a_job_that_is_cancelled_writes_nothing_more(cast, monkeypatch):
    organisation = OrganisationFactory(id=cast.organisation_id)
    volunteer(organisation=organisation)
    help_request(organisation=organisation, starts_at=in_days(3))
    job = start_looking(organisation=organisation, by=cast.with_role("volunteer_manager"))
    report = Job.report

    def cancelled_meanwhile(self: Job, done: int, total: int | None = None) -> None:
        if done == 50:
            cancel_job(job=self, by=None)
        report(self, done, total)

    monkeypatch.setattr(Job, "report", cancelled_meanwhile)
    # One request goes from nothing to priced in one step.
    monkeypatch.setattr("volunteers.matching.run.PRICED", 50)
    run_job(job.pk)
    job.refresh_from_db()
    assert job.state == "cancelled"
    assert not Offer.objects.exists()


def test_a_job_whose_starter_lost_the_role_says_so(cast):
    organisation = OrganisationFactory(id=cast.organisation_id)
    manager = cast.with_role("volunteer_manager")
    job = start_looking(organisation=organisation, by=manager)
    manager.role_assignments.all().delete()
    run_job(job.pk)
    job.refresh_from_db()
    assert (job.state, job.error) == (
        "failed",
        "Whoever asked for this may not look for volunteers here.",
    )


def test_times_are_utc_in_the_tables_and_londons_in_words(here):
    """VolunTrack issue 498 again, through the tables: the day on the wall, not the day in UTC."""
    who = volunteer(organisation=here)
    Availability.objects.create(volunteer=who, weekday=6, starts=time(0), ends=time(4))
    year = timezone.localdate().year + 1
    day = next(d for d in (date(year, 7, 1 + n) for n in range(7)) if d.isoweekday() == 6)
    begins = datetime(year, 7, day.day, 0, 30, tzinfo=LONDON)
    assert begins.astimezone(UTC).day != day.day
    row = help_request(organisation=here, starts_at=begins)
    look_for_volunteers(organisation=here, by=TESTS)
    assert "free early on Saturday" in row.offers.get().reasons[0]
