"""Coming, applying, being steered, being shared, leaving: nobody is left waiting, nobody is seen who
should not be."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from dcsn.audit.models import Event
from tests.conftest import Cast
from tests.factories.organisation import OrganisationFactory
from tests.factories.person import PersonFactory, access_point
from tests.factories.user import UserFactory
from tests.factories.volunteering import (
    TESTS,
    OpportunityFactory,
    ShiftFactory,
    help_request,
    in_role,
    offer,
    passed_check,
    volunteer,
)
from volunteers.actions.applications import apply, end_application, place_volunteer
from volunteers.actions.next_steps import finish_next_step, set_next_step
from volunteers.actions.not_with import keep_apart
from volunteers.actions.parents import answer_as_parent, ask_parent, confirmation_for
from volunteers.actions.policies import agree_policy
from volunteers.actions.shifts import give_back_place, swap_place, take_shift_place
from volunteers.actions.standing import end_standing, share_volunteer
from volunteers.actions.volunteers import (
    Suggestion,
    move_volunteer,
    redirect,
    register_interest,
)
from volunteers.models import Application, NextStep, PolicyVersion, Volunteer
from volunteers.refusals import (
    ChangedMeanwhile,
    CheckMissing,
    NotPossible,
    NotTogether,
    ParentNeeded,
    PlaceTaken,
    ReasonMissing,
    TooYoung,
)
from volunteers.rules import may_be_contacted
from volunteers.states import UNPLACED, OpportunityState, VolunteerReason, VolunteerState

pytestmark = pytest.mark.django_db


@pytest.fixture
def ours(cast: Cast):
    return access_point(cast.organisation_id)


def child(organisation, **facts):
    born = timezone.localdate() - timedelta(days=14 * 365)
    return volunteer(state="applied", organisation=organisation, born=born, **facts)


# --- Who sees whom ------------------------------------------------------------------------------------


def test_a_manager_sees_their_own_volunteers_and_those_who_agreed(cast: Cast, ours) -> None:
    own = volunteer(organisation=ours)
    theirs = volunteer()
    seen = Volunteer.objects.visible_to(cast.volunteer_manager)
    assert list(seen) == [own]
    share_volunteer(volunteer=theirs, organisation=ours, how="on the phone", by=TESTS)
    assert set(seen.all()) == {own, theirs}
    end_standing(volunteer=theirs, organisation=ours, by=TESTS)
    assert list(seen.all()) == [own]


def test_the_volunteer_centre_sees_all_and_others_nobody(cast: Cast, ours) -> None:
    row = volunteer(organisation=ours)
    assert list(Volunteer.objects.visible_to(cast.volunteer_coordinator)) == [row]
    for user in (
        cast.stranger("volunteer_manager"),
        cast.administrator,
        cast.hub_lead,
        cast.nobody,
    ):
        assert not Volunteer.objects.visible_to(user).exists()


def test_a_volunteer_sees_themself_alone(cast: Cast, ours) -> None:
    row = volunteer(organisation=ours, user=cast.nobody)
    volunteer(organisation=ours)
    assert list(Volunteer.objects.own(cast.nobody)) == [row]


def test_shared_only_with_a_word_of_how_they_agreed(cast: Cast, ours) -> None:
    with pytest.raises(ReasonMissing):
        share_volunteer(volunteer=volunteer(), organisation=ours, how=" ", by=TESTS)


def test_a_manager_elsewhere_moves_nobody(cast: Cast) -> None:
    row = volunteer(state="applied")
    with pytest.raises(PermissionDenied):
        move_volunteer(volunteer=row, to=VolunteerState.CHECKING, by=cast.volunteer_manager)


def test_a_volunteer_has_a_break_and_does_not_clear_themself(cast: Cast, ours) -> None:
    row = volunteer(organisation=ours, user=cast.nobody)
    until = timezone.localdate() + timedelta(days=30)
    paused = move_volunteer(
        volunteer=row, to=VolunteerState.PAUSED, by=cast.nobody, paused_until=until
    )
    assert paused.changes.last().party == "volunteer"
    assert paused.next_steps.open().get().due_on == until
    mine = volunteer(state="checking", organisation=ours, user=UserFactory(email="a@example.org"))
    with pytest.raises(NotPossible):
        move_volunteer(volunteer=mine, to=VolunteerState.CLEARED, by=mine.person.user)


def test_why_somebody_is_not_suitable_is_for_who_handles_checks(cast: Cast, ours) -> None:
    row = volunteer(state="checking", organisation=ours)
    after = move_volunteer(
        volunteer=row,
        to=VolunteerState.NOT_SUITABLE,
        by=cast.volunteer_manager,
        reason_code=VolunteerReason.REFERENCES,
        reason_text="The second referee",
    )
    step = after.changes.last()
    assert step.why_for(cast.volunteer_manager) == ("What referees said", "The second referee")
    assert step.why_for(cast.hub_lead) == ("", "")
    told = Event.objects.get(type="volunteer:moved", details__to="not-suitable")
    assert "references" not in str(told.details)


# --- Nobody is left waiting ---------------------------------------------------------------------------


@pytest.mark.parametrize("state", sorted(UNPLACED))
def test_who_is_not_placed_has_one_next_step_with_a_day(state: str) -> None:
    row = volunteer(state=state)
    step = row.next_steps.open().get()
    assert timezone.localdate() < step.due_on <= timezone.localdate() + timedelta(days=21)
    assert not Volunteer.objects.all().without_next_step().exists()
    after = finish_next_step(step=step, by=TESTS)
    assert after is not None
    assert after.pk != step.pk
    assert finish_next_step(step=step, by=TESTS) == after
    assert not Volunteer.objects.all().without_next_step().exists()


def test_a_step_planned_by_hand_takes_the_place_of_the_other(cast: Cast, ours) -> None:
    row = volunteer(state="applied", organisation=ours)
    day = timezone.localdate() + timedelta(days=2)
    set_next_step(
        volunteer=row, what=NextStep.What.OTHER, due_on=day, by=cast.volunteer_manager, note="Ring"
    )
    assert row.next_steps.open().get().note == "Ring"


def test_a_double_click_moves_once_and_an_old_page_is_told() -> None:
    row = volunteer(state="applied")
    move_volunteer(volunteer=row, to=VolunteerState.CHECKING, by=TESTS, version=row.version)
    move_volunteer(volunteer=row, to=VolunteerState.CHECKING, by=TESTS, version=row.version)
    assert row.changes.filter(to_state="checking").count() == 1
    with pytest.raises(ChangedMeanwhile):
        move_volunteer(volunteer=row, to=VolunteerState.LEFT, by=TESTS, version=row.version)


def test_asked_twice_there_is_one_volunteer() -> None:
    person, desk = PersonFactory(), OrganisationFactory()
    first = register_interest(person=person, organisation=desk, by=TESTS)
    other = OrganisationFactory()
    assert register_interest(person=person, organisation=other, by=TESTS) == first
    assert {one.organisation for one in first.standings.current()} == {desk, other}
    assert first.changes.count() == 1


# --- Roles --------------------------------------------------------------------------------------------


def test_a_redirected_volunteer_finds_a_role_elsewhere() -> None:
    wrong, right = OpportunityFactory(), OpportunityFactory()
    person = PersonFactory(organisation=wrong.organisation)
    first = apply(person=person, opportunity=wrong, by=TESTS)
    who = redirect(
        volunteer=first.volunteer,
        suggestions=[Suggestion(opportunity=right, note="More talking, less lifting")],
        by=TESTS,
    )
    first.refresh_from_db()
    assert first.outcome == Application.Outcome.REDIRECTED
    second = apply(person=person, opportunity=right, by=TESTS)
    who.refresh_from_db()
    assert who.state == VolunteerState.APPLIED
    assert who.redirections.get().taken_up_at == second.applied_at


def test_applying_twice_is_one_application() -> None:
    role = OpportunityFactory()
    person = PersonFactory()
    assert apply(person=person, opportunity=role, by=TESTS) == apply(
        person=person, opportunity=role, by=TESTS
    )


def test_a_role_that_is_not_open_takes_nobody() -> None:
    with pytest.raises(NotPossible):
        apply(person=PersonFactory(), opportunity=OpportunityFactory(state="draft"), by=TESTS)


def test_the_last_place_fills_the_role_and_a_free_one_opens_it() -> None:
    role = OpportunityFactory(places=1)
    one, other = (
        apply(person=volunteer(organisation=role.organisation).person, opportunity=role, by=TESTS)
        for _number in range(2)
    )
    place_volunteer(application=one, by=TESTS)
    role.refresh_from_db()
    assert role.state == OpportunityState.FILLED
    with pytest.raises(PlaceTaken):
        place_volunteer(application=other, by=TESTS)
    for _press in range(2):
        end_application(application=one, by=TESTS)
    ended = Event.objects.get(type="volunteer:application_ended")
    assert ended.subject == one.volunteer.person_id
    assert ended.details["to"] == "ended"
    place_volunteer(application=other, by=TESTS)
    assert Application.objects.get(outcome="placed") == other


def test_no_place_without_the_check_that_the_role_needs() -> None:
    role = OpportunityFactory(checks_needed=["dbs"], dbs_level="standard")
    who = volunteer(organisation=role.organisation)
    application = apply(person=who.person, opportunity=role, by=TESTS)
    passed_check(who, level="basic")
    with pytest.raises(CheckMissing):
        place_volunteer(application=application, by=TESTS)
    # A higher level serves for a lower one.
    passed_check(who, level="enhanced")
    assert place_volunteer(application=application, by=TESTS).outcome == "placed"


# --- Under 16 -----------------------------------------------------------------------------------------


def test_under_16_waits_for_a_parent(ours) -> None:
    who = child(ours)
    assert not may_be_contacted(who)
    with pytest.raises(ParentNeeded):
        move_volunteer(volunteer=who, to=VolunteerState.CHECKING, by=TESTS)
    with pytest.raises(ParentNeeded):
        share_volunteer(volunteer=who, organisation=OrganisationFactory(), how="asked", by=TESTS)
    _row, secret = ask_parent(volunteer=who, name="A parent", phone="01632 960 555", by=TESTS)
    found = confirmation_for(secret)
    assert found is not None
    answer_as_parent(confirmation=found, yes=True, by=TESTS)
    assert may_be_contacted(who)
    assert move_volunteer(volunteer=who, to=VolunteerState.CHECKING, by=TESTS).state == "checking"


def test_a_child_does_not_answer_for_their_parent(cast: Cast, ours) -> None:
    who = child(ours, user=cast.nobody)
    row, _secret = ask_parent(volunteer=who, name="A parent", phone="01632 960 555", by=TESTS)
    with pytest.raises(NotPossible):
        answer_as_parent(confirmation=row, yes=True, by=cast.nobody)


def test_a_no_holds_until_the_parent_is_asked_anew(ours) -> None:
    who = child(ours)
    row, secret = ask_parent(volunteer=who, name="A parent", phone="01632 960 555", by=TESTS)
    answer_as_parent(confirmation=row, yes=False, by=TESTS)
    answer_as_parent(confirmation=row, yes=True, by=TESTS)
    assert not may_be_contacted(who)
    ask_parent(volunteer=who, name="A parent", phone="01632 960 555", by=TESTS)
    assert confirmation_for(secret) is None


def test_16_on_the_birthday_and_a_day_before_not() -> None:
    who = volunteer(born=date(2010, 6, 15))
    assert who.needs_parent(date(2026, 6, 14))
    assert not who.needs_parent(date(2026, 6, 15))


def test_under_18_without_a_date_of_birth_counts_as_a_child(ours) -> None:
    person = PersonFactory(organisation=ours, age_band="under_18")
    assert not may_be_contacted(volunteer(state="interested", organisation=ours, person=person))


def test_too_young_for_the_role(ours) -> None:
    role = OpportunityFactory(organisation=ours, minimum_age=18)
    born = timezone.localdate() - timedelta(days=17 * 365)
    who = volunteer(organisation=ours, born=born)
    with pytest.raises(TooYoung):
        place_volunteer(application=apply(person=who.person, opportunity=role, by=TESTS), by=TESTS)


# --- Shifts -------------------------------------------------------------------------------------------


def placed(role):
    who = volunteer(organisation=role.organisation)
    place_volunteer(application=apply(person=who.person, opportunity=role, by=TESTS), by=TESTS)
    return who


def test_who_waits_moves_up_in_order() -> None:
    shift = ShiftFactory(places=1)
    first, second, third = (placed(shift.opportunity) for _number in range(3))
    place = take_shift_place(shift=shift, volunteer=first, by=TESTS)
    with pytest.raises(PlaceTaken):
        take_shift_place(shift=shift, volunteer=second, by=TESTS)
    for who in (second, third):
        assert (
            take_shift_place(shift=shift, volunteer=who, by=TESTS, or_wait=True).state == "waiting"
        )
    give_back_place(place=place, by=TESTS)
    assert shift.shift_places.get(state="confirmed").volunteer == second
    # Nobody passes those who wait.
    with pytest.raises(PlaceTaken):
        take_shift_place(shift=shift, volunteer=first, by=TESTS)


def test_who_leaves_gives_back_places_and_offers() -> None:
    shift = ShiftFactory(places=1)
    who, waiting = placed(shift.opportunity), placed(shift.opportunity)
    take_shift_place(shift=shift, volunteer=who, by=TESTS)
    take_shift_place(shift=shift, volunteer=waiting, by=TESTS, or_wait=True)
    row = help_request(organisation=who.organisation)
    asked = offer(row, who)
    move_volunteer(volunteer=who, to=VolunteerState.LEFT, by=TESTS)
    assert shift.shift_places.get(state="confirmed").volunteer == waiting
    asked.refresh_from_db()
    row.refresh_from_db()
    assert (asked.state, row.state) == ("cancelled", "triaged")


def test_two_swap_a_place() -> None:
    shift = ShiftFactory(places=1)
    one, other = placed(shift.opportunity), placed(shift.opportunity)
    place = take_shift_place(shift=shift, volunteer=one, by=TESTS)
    new = swap_place(place=place, volunteer=other, by=TESTS)
    assert (new.instead_of, new.state) == (place, "confirmed")
    assert swap_place(place=place, volunteer=other, by=TESTS) == new
    assert shift.shift_places.filter(state="confirmed").count() == 1


# --- The rest -----------------------------------------------------------------------------------------


def test_a_policy_is_agreed_to_by_version_once(cast: Cast, ours) -> None:
    who = volunteer(organisation=ours, user=cast.nobody)
    old, new = (
        PolicyVersion.objects.create(
            key="safe",
            number=n,
            title="Keeping people safe",
            text="…",
            in_force_from=date(2026, n, 1),
        )
        for n in (1, 2)
    )
    assert list(PolicyVersion.objects.all().in_force(date(2026, 1, 31))) == [old]
    assert list(PolicyVersion.objects.all().in_force(date(2026, 2, 1))) == [new]
    first = agree_policy(volunteer=who, policy=new, how="online", by=cast.nobody)
    assert agree_policy(volunteer=who, policy=new, how="online", by=cast.nobody) == first
    assert first.recorded_by is None


def test_who_is_kept_apart_is_not_asked(ours) -> None:
    who, row = volunteer(organisation=ours), help_request(organisation=ours)
    keep_apart(volunteer=who, person=row.person, said_by="person", by=TESTS, reason="Neighbours")
    with pytest.raises(NotTogether):
        offer(row, who)


def test_who_leaves_makes_a_place_in_a_full_role_free_again() -> None:
    role = OpportunityFactory(places=1)
    who = in_role(role)
    role.refresh_from_db()
    assert role.state == OpportunityState.FILLED
    move_volunteer(volunteer=who, to="left", by=TESTS, reason_code="moved")
    role.refresh_from_db()
    assert role.state == OpportunityState.OPEN
