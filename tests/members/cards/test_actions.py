"""Cards: one live one each, a new number for a lost one, and two people at once."""

from __future__ import annotations

import threading
import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from dateutil.relativedelta import relativedelta
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connections, transaction
from django.http import Http404
from django.utils import timezone

from dcsn.audit.models import Event
from dcsn.privacy import erase_person
from members.actions.memberships import (
    apply_source,
    end_membership,
    share_membership,
    stop_sharing,
)
from members.cards.actions import (
    CannotPrint,
    CardMovedOn,
    NoCard,
    card_for,
    make_sheet,
    mark_issued,
    mark_printed,
    report_card,
    request_card,
    revoke_card,
    settle_sheet,
)
from members.cards.number import is_valid
from members.cards.validity import good_until, month_end
from members.models import Card, CardSheet, Membership, Plan, Status, Term
from tests.conftest import Cast
from tests.factories.card import card
from tests.factories.membership import TESTS, PlanFactory, membership
from tests.factories.person import PersonFactory, access_point
from tests.factories.user import UserFactory

pytestmark = pytest.mark.django_db
State = Card.State


def member(cast: Cast, **facts: object) -> Membership:
    hub = access_point(cast.organisation_id)
    return membership(person=PersonFactory(organisation=hub), **facts)


def fresh(row: Card) -> Card:
    return Card.objects.select_related("membership").get(pk=row.pk)


def test_a_member_gets_one_card_however_often_it_is_asked_for() -> None:
    row = membership()
    cards = {request_card(membership=row, person=row.person, by=TESTS).pk for _time in range(3)}
    assert len(cards) == 1
    [only] = Card.objects.all()
    assert is_valid(only.number)
    assert (only.state, only.organisation_id) == (State.REQUESTED, row.organisation_id)
    assert card_for(row, row.person) == only


def test_nobody_gets_a_card_before_the_first_term_nor_after_the_last() -> None:
    waiting = membership(source=None)
    with pytest.raises(NoCard):
        request_card(membership=waiting, person=waiting.person, by=TESTS)
    over = membership(joined=date(2020, 1, 1))
    with pytest.raises(NoCard):
        request_card(membership=over, person=over.person, by=TESTS)
    ended = membership()
    end_membership(membership=ended, stored=Status.CANCELLED, by=TESTS)
    with pytest.raises(NoCard):
        request_card(membership=ended, person=ended.person, by=TESTS)
    # The one that was asked for with the term is not printed any more.
    assert Card.objects.get().membership == ended
    assert not Card.objects.to_print().exists()


def test_a_card_comes_by_itself_with_a_term_and_with_each_who_shares(cast: Cast) -> None:
    row = member(cast, plan=PlanFactory(kind=Plan.Kind.HOUSEHOLD, people_at_most=3))
    assert [card.person for card in Card.objects.all()] == [row.person]
    other = PersonFactory(organisation=row.organisation)
    share_membership(membership=row, person=other, by=cast.access_point_staff)
    assert {card.person for card in Card.objects.to_print()} == {row.person, other}
    apply_source(membership=row, source=Term.Source.PAYMENT, source_id=uuid.uuid4(), by=TESTS)
    assert Card.objects.count() == 2


def test_a_stranger_gets_no_card_of_somebody_elses_membership() -> None:
    with pytest.raises(NoCard):
        request_card(membership=membership(), person=PersonFactory(), by=TESTS)


def test_those_who_share_have_cards_of_their_own(cast: Cast) -> None:
    row = member(cast, plan=PlanFactory(kind=Plan.Kind.HOUSEHOLD, people_at_most=3))
    other = PersonFactory(organisation=row.organisation)
    share = share_membership(membership=row, person=other, by=cast.access_point_staff)
    mine = request_card(membership=row, person=row.person, by=cast.access_point_staff)
    theirs = request_card(membership=row, person=other, by=cast.access_point_staff)
    assert mine.number != theirs.number
    stop_sharing(share=share, by=cast.access_point_staff)
    with pytest.raises(NoCard):
        request_card(membership=row, person=other, by=cast.access_point_staff)


def test_from_asked_for_to_handed_over(cast: Cast) -> None:
    row = member(cast)
    staff = cast.access_point_staff
    asked = request_card(membership=row, person=row.person, by=staff)
    printed = mark_printed(card=asked, by=staff)
    assert (printed.state, printed.key_version) == (State.PRINTED, 1)
    assert printed.printed_until == month_end(row.ends_on)
    mark_issued(card=asked, by=staff)
    mark_issued(card=asked, by=staff)
    mark_printed(card=asked, by=staff)
    assert fresh(asked).state == State.ISSUED
    kinds = list(
        Event.objects.filter(subject=row.person_id, type__startswith="card:")
        .order_by("happened_at")
        .values_list("type", flat=True)
    )
    assert kinds == ["card:requested", "card:printed", "card:issued"]


def test_the_number_is_never_written_into_the_trail(cast: Cast) -> None:
    row = member(cast)
    old = card(membership=row)
    report_card(card=old, what="lost", by=cast.access_point_staff)
    numbers = set(Card.objects.values_list("number", flat=True))
    assert len(numbers) == 2
    for event in Event.objects.all():
        assert not any(number in str(event.details) for number in numbers)
    assert all(number not in str(one) for one in Card.objects.all() for number in numbers)


@pytest.mark.parametrize("what", ["lost", "stolen", "damaged"])
def test_a_card_that_is_gone_gets_a_new_number(cast: Cast, what: str) -> None:
    old = card(membership=member(cast))
    for _click in range(2):
        new = report_card(card=old, what=what, by=cast.access_point_staff)
    assert new is not None
    assert (new.state, new.replaces) == (State.REQUESTED, old)
    assert new.number != old.number
    old = fresh(old)
    assert (old.state, old.reported_as) == (State.REPLACED, what)
    assert Card.objects.count() == 2


def test_without_a_replacement_it_stays_lost_until_one_is_wanted(cast: Cast) -> None:
    old = card(membership=member(cast))
    assert report_card(card=old, what="lost", by=cast.access_point_staff, replace=False) is None
    assert fresh(old).state == State.LOST
    new = report_card(card=old, what="stolen", by=cast.access_point_staff)
    assert new is not None
    # What was said first stands.
    assert fresh(old).reported_as == "lost"


def test_a_card_nobody_has_yet_cannot_be_lost(cast: Cast) -> None:
    asked = card(membership=member(cast), state=State.REQUESTED)
    with pytest.raises(CardMovedOn):
        report_card(card=asked, what="lost", by=cast.access_point_staff)


def test_a_card_taken_back_stays_so(cast: Cast) -> None:
    row = card(membership=member(cast))
    staff = cast.access_point_staff
    for _click in range(2):
        revoke_card(card=row, by=staff)
    assert fresh(row).state == State.REVOKED
    for change in (mark_printed, mark_issued):
        with pytest.raises(CardMovedOn):
            change(card=row, by=staff)
    with pytest.raises(CardMovedOn):
        report_card(card=row, what="lost", by=staff)
    again = request_card(membership=row.membership, person=row.person, by=staff)
    assert again.number != row.number


def test_the_database_knows_the_states_too() -> None:
    row = card()
    for change in (
        {"state": State.LOST},
        {"ended_at": timezone.now()},
        {"number": "123"},
        {"number": "0" + "9" * 9},
        {"issued_at": None},
        {"key_version": None},
        {"person": None},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Card.objects.filter(pk=row.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        Card.objects.create(
            number="9" * 10,
            membership=row.membership,
            person=row.person,
            organisation=row.organisation,
        )


def test_the_member_may_report_their_own_and_nobody_elses() -> None:
    row, other = card(), card()
    person = row.person
    person.user = UserFactory(email="member@example.org")
    person.save(update_fields=["user"])
    assert report_card(card=row, what="lost", by=person.user) is not None
    with pytest.raises((Http404, PermissionDenied)):
        report_card(card=other, what="lost", by=person.user)


def test_another_access_point_does_not_see_it(cast: Cast) -> None:
    row = card(membership=member(cast))
    stranger = cast.stranger("access_point_staff")
    for change in (mark_printed, mark_issued, revoke_card):
        with pytest.raises(Http404):
            change(card=row, by=stranger)
    with pytest.raises(PermissionDenied):
        revoke_card(card=row, by=cast.administrator)
    assert list(Card.objects.visible_to(stranger)) == []
    assert list(Card.objects.visible_to(cast.hub_lead)) == [row]
    assert list(Card.objects.visible_to(cast.membership_officer)) == [row]


def test_after_a_renewal_the_same_number_is_printed_with_the_new_month(cast: Cast) -> None:
    row = member(cast)
    mine = card(membership=row)
    staff = cast.access_point_staff
    apply_source(membership=row, source=Term.Source.PAYMENT, source_id=uuid.uuid4(), by=TESTS)
    for _time in range(2):
        assert request_card(membership=row, person=row.person, by=staff).pk == mine.pk
    assert fresh(mine).state == State.ISSUED
    assert list(Card.objects.to_print()) == [mine]
    mark_printed(card=mine, by=staff)
    after = fresh(mine)
    assert (after.state, after.number) == (State.ISSUED, mine.number)
    assert after.printed_until == month_end(
        timezone.localdate() + relativedelta(years=2) - timedelta(days=1)
    )
    assert not Card.objects.to_print().exists()


def test_no_paper_is_spent_on_a_card_that_ran_out(cast: Cast) -> None:
    row = member(cast)
    mine = card(membership=row, state=State.REQUESTED)
    assert list(Card.objects.to_print()) == [mine]
    this_month = timezone.localdate().replace(day=1)
    # Good to the end of the month that is printed on it, so it waits for as long as that.
    for last, waits in ((this_month, [mine]), (this_month - timedelta(days=1), [])):
        Term.objects.filter(membership=row).update(
            starts_on=last - timedelta(days=364), ends_on=last
        )
        assert list(Card.objects.to_print()) == waits
    apply_source(membership=row, source=Term.Source.PAYMENT, source_id=uuid.uuid4(), by=TESTS)
    assert list(Card.objects.to_print()) == [mine]


def test_when_a_key_is_taken_out_its_cards_are_printed_again(cast: Cast, settings: Any) -> None:
    settings.CARD_KEYS = {1: b"1" * 40}
    mine = card(membership=member(cast))
    settings.CARD_KEYS = {2: b"2" * 40, 1: b"1" * 40}
    assert not Card.objects.to_print().exists()
    settings.CARD_KEYS = {2: b"2" * 40}
    assert list(Card.objects.to_print()) == [mine]
    mark_printed(card=mine, by=cast.access_point_staff)
    after = fresh(mine)
    assert (after.state, after.number, after.key_version) == (State.ISSUED, mine.number, 2)
    assert not Card.objects.to_print().exists()


def test_without_a_key_it_is_said_that_nothing_can_be_printed(cast: Cast, settings: Any) -> None:
    row = member(cast).cards.get()
    settings.CARD_KEYS = {}
    hub, staff = access_point(cast.organisation_id), cast.access_point_staff
    with pytest.raises(CannotPrint):
        make_sheet(key=uuid.uuid4(), organisation=hub, by=staff)
    with pytest.raises(CannotPrint):
        mark_printed(card=row, by=staff)


@pytest.mark.parametrize(
    ("stored", "ends_on", "until"),
    [
        ("", date(2027, 11, 3), date(2027, 11, 30)),
        ("", date(2028, 2, 29), date(2028, 2, 29)),
        ("", date(2027, 12, 31), date(2027, 12, 31)),
        ("pending", date(2027, 11, 3), None),
        ("cancelled", date(2027, 11, 3), None),
        ("deceased", date(2027, 11, 3), None),
        ("", None, None),
    ],
)
def test_a_card_is_good_to_the_end_of_the_month_it_names(
    stored: str, ends_on: date | None, until: date | None
) -> None:
    assert good_until(stored, ends_on) == until


def test_an_erased_member_leaves_a_number_that_is_good_for_nothing(cast: Cast) -> None:
    row = card(membership=member(cast))
    erase_person(row.person_id, by=cast.coordinator, reason="asked")
    after = fresh(row)
    assert (after.state, after.person, after.number) == (State.REVOKED, None, row.number)


# --- Sheets -------------------------------------------------------------------------------------------


def waiting(cast: Cast, count: int = 3) -> list[Card]:
    return [card(membership=member(cast), state=State.REQUESTED) for _number in range(count)]


def test_a_sheet_takes_what_waits_and_what_is_spoilt_waits_again(cast: Cast) -> None:
    cards, staff, key = waiting(cast), cast.access_point_staff, uuid.uuid4()
    hub = access_point(cast.organisation_id)
    sheet = make_sheet(key=key, organisation=hub, by=staff)
    assert make_sheet(key=key, organisation=hub, by=staff) == sheet
    assert not Card.objects.to_print().exists()
    # Until somebody has looked at the paper nothing is printed.
    assert {fresh(one).state for one in cards} == {State.REQUESTED}
    for _click in range(2):
        settle_sheet(sheet=sheet, spoilt={cards[1].pk}, by=staff)
    assert [fresh(one).state for one in cards] == [State.PRINTED, State.REQUESTED, State.PRINTED]
    assert list(Card.objects.to_print()) == [cards[1]]


def test_nothing_waits_no_sheet(cast: Cast) -> None:
    hub = access_point(cast.organisation_id)
    with pytest.raises(CardMovedOn):
        make_sheet(key=uuid.uuid4(), organisation=hub, by=cast.access_point_staff)
    assert not CardSheet.objects.exists()


def test_a_card_revoked_while_it_is_on_a_sheet_is_not_printed(cast: Cast) -> None:
    [one, other] = waiting(cast, 2)
    hub, staff = access_point(cast.organisation_id), cast.access_point_staff
    sheet = make_sheet(key=uuid.uuid4(), organisation=hub, by=staff)
    revoke_card(card=one, by=staff)
    settle_sheet(sheet=sheet, spoilt=[], by=staff)
    assert (fresh(one).state, fresh(other).state) == (State.REVOKED, State.PRINTED)


def test_one_that_ended_on_the_sheet_is_not_printed_and_stops_nobody(cast: Cast) -> None:
    [one, other] = waiting(cast, 2)
    hub, staff = access_point(cast.organisation_id), cast.access_point_staff
    sheet = make_sheet(key=uuid.uuid4(), organisation=hub, by=staff)
    end_membership(membership=one.membership, stored=Status.DECEASED, by=staff)
    settle_sheet(sheet=sheet, spoilt=[], by=staff)
    assert (fresh(one).state, fresh(other).state) == (State.REQUESTED, State.PRINTED)
    assert not Card.objects.to_print().exists()
    # And what was printed on a sheet is printed again after a renewal.
    apply_source(
        membership=other.membership, source=Term.Source.GIFT, source_id=uuid.uuid4(), by=TESTS
    )
    assert list(Card.objects.to_print()) == [other]


def in_parallel(count: int, work: object) -> list[object]:
    ready, seen = threading.Barrier(count), []

    def run() -> None:
        ready.wait()
        try:
            seen.append(work())  # type: ignore[operator]
        except Exception as error:
            seen.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _number in range(count)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return seen


@pytest.mark.django_db(transaction=True)
def test_ten_desks_that_ask_at_once_make_one_card() -> None:
    row = membership()
    found = in_parallel(
        10, lambda: request_card(membership=row, person=row.person, by=TESTS).number
    )
    assert len(found) == 10
    assert len(set(found)) == 1
    assert Card.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_ten_who_report_one_card_at_once_make_one_replacement() -> None:
    row = card()
    found = in_parallel(10, lambda: report_card(card=row, what="lost", by=TESTS).number)  # type: ignore[union-attr]
    assert len(set(found)) == 1
    assert Card.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_who_make_sheets_at_once_do_not_print_one_card_twice() -> None:
    cast = Cast()
    cards, staff = waiting(cast, 4), cast.access_point_staff
    hub = access_point(cast.organisation_id)
    found = in_parallel(
        2, lambda: make_sheet(key=uuid.uuid4(), organisation=hub, by=staff).cards.count()
    )
    counted = [one for one in found if isinstance(one, int)]
    assert sum(counted) == len(cards)
