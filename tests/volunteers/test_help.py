"""A neighbour asks: triage, offers, two yeses, and never silence."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from dcsn.audit.models import Event
from tests.conftest import Cast
from tests.factories.person import PersonFactory, access_point
from tests.factories.user import UserFactory
from tests.factories.volunteering import TESTS, help_request, offer, passed_check, volunteer
from volunteers.access import released_contact
from volunteers.actions.help import (
    ask_for_help,
    cancel_help_request,
    finish_help,
    leave_unfilled,
    pass_on,
    triage,
)
from volunteers.actions.offers import (
    accept,
    decline,
    lapse_offers,
    make_offer,
    report_no_show,
    withdraw_offer,
)
from volunteers.actions.visits import agree_visit
from volunteers.booking import Span
from volunteers.models import HelpRequest, Offer
from volunteers.refusals import (
    CheckMissing,
    NotPossible,
    OfferOver,
    PlaceTaken,
    ReasonMissing,
)
from volunteers.signals import help_request_unfilled, not_a_volunteers_task
from volunteers.states import HelpReason, HelpState, OfferState, Party

pytestmark = pytest.mark.django_db


@pytest.fixture
def ours(cast: Cast):
    return access_point(cast.organisation_id)


def heard(signal):
    """What the signal carried, as it is sent."""
    said = []

    def receive(sender, **words):
        said.append(words)

    signal.connect(receive, weak=False)
    return said, receive


# --- Asking and triage --------------------------------------------------------------------------------


def test_who_sees_a_request(cast: Cast, ours) -> None:
    row = help_request()
    taken = ask_for_help(
        person=PersonFactory(organisation=ours),
        organisation=row.organisation,
        kind="lift",
        what="To the hospital",
        channel="desk",
        taken_at=ours,
        by=cast.access_point_staff,
    )
    seen = HelpRequest.objects.visible_to
    assert list(seen(cast.access_point_staff)) == [taken]
    assert set(seen(cast.volunteer_coordinator)) == {row, taken}
    for user in (
        cast.volunteer_manager,
        cast.administrator,
        cast.stranger("hub_lead"),
        cast.nobody,
    ):
        assert not seen(user).exists()
    assert not HelpRequest.objects.coordinated_by(cast.access_point_staff).exists()


def test_a_desk_takes_down_and_does_not_triage(cast: Cast, ours) -> None:
    row = help_request(state="asked", organisation=ours)
    with pytest.raises(PermissionDenied):
        triage(help_request=row, by=cast.access_point_staff)
    assert triage(help_request=row, by=cast.volunteer_manager).state == HelpState.TRIAGED


def test_not_a_volunteers_task_is_passed_on_and_said(cast: Cast, ours) -> None:
    said, receive = heard(not_a_volunteers_task)
    row = help_request(state="triaged", organisation=ours)
    with pytest.raises(ReasonMissing):
        pass_on(help_request=row, passed_to="", reason_code="personal-care", by=TESTS)
    after = pass_on(
        help_request=row,
        passed_to=HelpRequest.PassedTo.ADULT_SOCIAL_CARE,
        reason_code=HelpReason.PERSONAL_CARE,
        note="Rang the duty team",
        by=cast.volunteer_manager,
    )
    not_a_volunteers_task.disconnect(receive)
    assert (after.state, after.passed_note) == (HelpState.NOT_SUITABLE, "Rang the duty team")
    assert [one["help_request"] for one in said] == [after]


def test_passed_on_while_a_volunteer_is_being_asked_lets_them_go() -> None:
    row = help_request()
    asked = offer(row, volunteer())
    after = pass_on(
        help_request=row, passed_to="paid-service", reason_code=HelpReason.TRADE, by=TESTS
    )
    asked.refresh_from_db()
    assert (after.state, after.passed_to, asked.state) == (
        HelpState.NOT_SUITABLE, "paid-service", OfferState.CANCELLED,
    )  # fmt: skip


def test_a_preference_needs_its_reason() -> None:
    row = help_request(state="asked")
    with pytest.raises(ReasonMissing):
        triage(help_request=row, by=TESTS, gender_preference="female")
    with pytest.raises(IntegrityError), transaction.atomic():
        HelpRequest.objects.filter(pk=row.pk).update(gender_preference="female")


def test_unfilled_is_never_silence() -> None:
    said, receive = heard(help_request_unfilled)
    row = help_request()
    asked = offer(row, volunteer())
    after = leave_unfilled(help_request=row, by=TESTS)
    help_request_unfilled.disconnect(receive)
    asked.refresh_from_db()
    assert after.state == HelpState.UNFILLED
    assert after.follow_up_on > timezone.localdate()
    assert asked.state == OfferState.CANCELLED
    assert [one["help_request"] for one in said] == [after]
    # It can be taken up again.
    assert offer(after, volunteer()).state == OfferState.OFFERED


def test_overdue_are_those_whose_day_has_passed() -> None:
    row = help_request()
    today = timezone.localdate()
    assert not HelpRequest.objects.all().overdue(today).exists()
    assert list(HelpRequest.objects.all().overdue(row.follow_up_on + timedelta(days=1))) == [row]


def test_the_person_takes_it_back_themself(cast: Cast) -> None:
    row = help_request(person=PersonFactory(user=cast.nobody))
    assert cancel_help_request(help_request=row, by=cast.nobody).state == HelpState.CANCELLED
    with pytest.raises(PermissionDenied):
        cancel_help_request(help_request=help_request(), by=cast.nobody)


# --- Offers -------------------------------------------------------------------------------------------


def test_details_are_released_after_both_have_accepted(cast: Cast) -> None:
    row = help_request()
    who = volunteer(user=cast.nobody)
    asked = offer(row, who)
    assert released_contact(asked, Party.VOLUNTEER) is None
    asked = accept(offer=asked, by=cast.nobody, side=Party.VOLUNTEER)
    assert released_contact(asked, Party.VOLUNTEER) is None
    assert released_contact(asked, Party.PERSON) is None
    asked = accept(offer=asked, by=TESTS, side=Party.PERSON)
    given = released_contact(asked, Party.VOLUNTEER)
    assert given is not None
    assert given.phone == "01632 960 321"
    assert "DL3 7XX" in given.address_lines
    theirs = released_contact(asked, Party.PERSON)
    assert theirs is not None
    assert theirs.name == who.person.name
    assert theirs.address_lines == ()
    assert Event.objects.filter(type="offer:released").count() == 1
    # And no longer once it is over.
    after = withdraw_offer(offer=asked, by=TESTS)
    assert released_contact(after, Party.VOLUNTEER) is None


def test_the_database_releases_nothing_before_both() -> None:
    asked = offer(help_request(), volunteer())
    with pytest.raises(IntegrityError), transaction.atomic():
        Offer.objects.filter(pk=asked.pk).update(released_at=timezone.now())


def test_a_volunteer_says_yes_for_themself_alone(cast: Cast) -> None:
    volunteer(user=cast.nobody)
    asked = offer(help_request(), volunteer())
    for side in (Party.VOLUNTEER, Party.PERSON):
        with pytest.raises(PermissionDenied):
            accept(offer=asked, by=cast.nobody, side=side)


def test_a_volunteer_does_not_see_what_was_only_suggested(cast: Cast) -> None:
    who = volunteer(user=cast.nobody)
    row = help_request(organisation=who.organisation)
    Offer.objects.create(help_request=row, volunteer=who, reasons=["drives"])
    assert not Offer.objects.own(cast.nobody).exists()
    asked = offer(row, who)
    assert list(Offer.objects.own(cast.nobody)) == [asked]
    assert asked.reasons == ["drives"]


def test_a_no_goes_to_the_next_and_costs_nothing(cast: Cast, ours) -> None:
    first, second = volunteer(organisation=ours, user=cast.nobody), volunteer(organisation=ours)
    row = help_request(organisation=ours)
    asked = make_offer(help_request=row, volunteers=[first, second], by=cast.volunteer_manager)
    after = decline(offer=asked, by=cast.nobody, side=Party.VOLUNTEER)
    assert (after.state, after.words) == (OfferState.DECLINED, "")
    assert row.offers.get(state=OfferState.OFFERED).volunteer == second
    row.refresh_from_db()
    first.refresh_from_db()
    assert (row.state, first.state) == (HelpState.OFFERED, "active")


def test_an_offer_lapses_and_goes_to_the_next_who_may() -> None:
    first, ill, third = volunteer(), volunteer(), volunteer()
    row = help_request()
    asked = offer(row, first, ill, third)
    from volunteers.actions.volunteers import move_volunteer

    assert asked.lapses_at is not None
    assert lapse_offers(by=TESTS, now=asked.lapses_at - timedelta(seconds=1)) == 0
    move_volunteer(volunteer=ill, to="paused", by=TESTS)
    assert lapse_offers(by=TESTS, now=asked.lapses_at) == 1
    assert row.offers.get(state=OfferState.OFFERED).volunteer == third
    with pytest.raises(OfferOver):
        accept(offer=asked, by=TESTS, side=Party.VOLUNTEER)


def test_without_a_next_it_is_looked_for_anew() -> None:
    row = help_request()
    decline(offer=offer(row, volunteer()), by=TESTS, side=Party.VOLUNTEER)
    row.refresh_from_db()
    assert row.state == HelpState.TRIAGED


def test_a_yes_can_be_taken_back_and_a_no_show_is_looked_for_anew() -> None:
    row = help_request(state="matched")
    taken = decline(
        offer=row.offers.get(state="accepted"), by=TESTS, side=Party.VOLUNTEER, words="Flu"
    )
    row.refresh_from_db()
    assert (taken.state, row.state) == (OfferState.CANCELLED, HelpState.TRIAGED)
    again = accept(offer=offer(row, volunteer()), by=TESTS, side=Party.VOLUNTEER)
    report_no_show(offer=again, by=TESTS)
    row.refresh_from_db()
    assert row.state == HelpState.TRIAGED


def test_the_person_says_no_to_this_volunteer(cast: Cast) -> None:
    row = help_request(person=PersonFactory(user=cast.nobody))
    asked = accept(offer=offer(row, volunteer()), by=TESTS, side=Party.VOLUNTEER)
    after = decline(offer=asked, by=cast.nobody, side=Party.PERSON)
    row.refresh_from_db()
    assert (after.state, after.ended_by, row.state) == ("declined", "person", "triaged")


def test_a_check_that_ran_out_stops_new_offers(ours) -> None:
    who = volunteer(organisation=ours)
    row = help_request(organisation=ours, checks_needed=["dbs"], dbs_level="enhanced")
    with pytest.raises(CheckMissing):
        offer(row, who)
    passed_check(who, issued_on=timezone.localdate() - timedelta(days=3 * 365 + 2))
    with pytest.raises(CheckMissing):
        offer(row, who)
    passed_check(who, decision="not-suitable")
    with pytest.raises(CheckMissing):
        offer(row, who)
    passed_check(who)
    assert offer(row, who).state == OfferState.OFFERED


def test_only_one_is_asked_at_a_time() -> None:
    row, first = help_request(), volunteer()
    asked = offer(row, first)
    assert offer(row, first) == asked
    with pytest.raises(PlaceTaken):
        offer(row, volunteer())


def test_a_coordinator_asks_only_whom_they_see(cast: Cast, ours) -> None:
    with pytest.raises(PermissionDenied):
        make_offer(
            help_request=help_request(organisation=ours),
            volunteers=[volunteer()],
            by=cast.volunteer_manager,
        )


# --- Visits and the end -------------------------------------------------------------------------------


def test_a_visit_has_a_password_or_a_card_and_never_by_the_volunteer(cast: Cast) -> None:
    row = help_request(state="matched", who=volunteer(user=cast.nobody))
    accepted = row.offers.get(state="accepted")
    begins = timezone.now() + timedelta(days=1)
    span = Span(begins, begins + timedelta(hours=1))
    with pytest.raises(ReasonMissing):
        agree_visit(offer=accepted, span=span, by=TESTS)
    with pytest.raises(PermissionDenied):
        agree_visit(offer=accepted, span=span, by=cast.nobody, watchword="bluebell")
    visit = agree_visit(offer=accepted, span=span, by=TESTS, watchword="bluebell")
    again = agree_visit(offer=accepted, span=span, by=TESTS, watchword="foxglove")
    assert visit == again
    assert again.watchword == "foxglove"
    with pytest.raises(NotPossible):
        agree_visit(offer=offer(help_request(), volunteer()), span=span, by=TESTS, watchword="x")


def test_done_is_said_by_either_and_ends_the_offer(cast: Cast) -> None:
    row = help_request(state="matched", who=volunteer(user=cast.nobody))
    after = finish_help(help_request=row, by=cast.nobody)
    assert (after.state, after.ended_at is not None) == (HelpState.DONE, True)
    assert row.offers.get().state == OfferState.DONE
    assert finish_help(help_request=row, by=cast.nobody).version == after.version
    with pytest.raises(PermissionDenied):
        finish_help(help_request=help_request(state="matched"), by=UserFactory())
