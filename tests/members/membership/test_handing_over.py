"""A household's main member dies, leaves or is forgotten: the others keep what was paid for."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connections
from django.http import Http404
from django.test import Client
from django.utils import timezone

from dcsn.privacy import erase_person
from directory.models import Organisation
from members.actions.handing_over import NotSharing, hand_over
from members.actions.memberships import (
    Ended,
    HasMembership,
    end_membership,
    resume_membership,
    share_membership,
)
from members.cards.answer import answer_typed
from members.letters.due import due
from members.models import (
    Card,
    Concession,
    LetterKind,
    Membership,
    MembershipShare,
    Person,
    Plan,
    Status,
    Term,
)
from members.refusals import Refused
from members.safety_net.actions import holds
from tests.conftest import Cast
from tests.factories.card import card
from tests.factories.concession import granted
from tests.factories.membership import TESTS, PlanFactory, membership
from tests.factories.person import PersonFactory, access_point

pytestmark = pytest.mark.django_db
Household = tuple[Membership, list[Person], list[Card]]


@pytest.fixture
def home(desk: Organisation) -> Callable[..., Household]:
    """Somebody who joined, two who share it, and the three cards; the first of them is the member's."""

    def make(**facts: Any) -> Household:
        plan = PlanFactory(kind=Plan.Kind.HOUSEHOLD, people_at_most=4, name="Our home")
        people = [PersonFactory(organisation=desk) for _number in range(3)]
        row = membership(plan=plan, person=people[0], **facts)
        for person in people[1:]:
            share_membership(membership=row, person=person, by=TESTS)
        if row.ends_on is None:
            return row, people, []
        return row, people, [card(membership=row, person=person) for person in people]

    return make


def works(cards: list[Card]) -> list[bool]:
    return [answer_typed(one.number).is_valid for one in cards]


def sharing(row: Membership) -> set[Person]:
    return {share.person for share in row.shares.filter(until=None).select_related("person")}


def test_at_a_death_the_desk_says_who_goes_on_and_all_cards_but_one_work(
    home: Callable[..., Household], cast: Cast, client_as: Any
) -> None:
    row, people, cards = home()
    staff: Client = client_as(cast.access_point_staff)
    # Given the page asks who goes on
    page = staff.get(f"/desk/members/{row.pk}/").text
    assert "Who of those who share it goes on with it?" in page
    # When it is not said, nothing ends
    address = f"/desk/members/{row.pk}/end/"
    answer = staff.post(address, {"why": "deceased"})
    assert (answer.status_code, works(cards)) == (422, [True, True, True])
    # When the widow goes on
    sent = {"why": "deceased", "goes_on": str(people[1].pk)}
    told = staff.post(address, sent, follow=True).text
    assert f"{people[1].name} goes on with what is left of it." in told
    # Then only the card of the one who died is dead; nobody needs new paper
    assert works(cards) == [False, True, True]
    assert not Card.objects.to_print().exists()
    new = Membership.objects.get(person=people[1])
    assert (new.plan, new.ends_on, sharing(new)) == (row.plan, row.ends_on, {people[2]})
    assert new.status(timezone.localdate()) == Status.NEW
    assert Membership.objects.get(pk=row.pk).stored == Status.DECEASED
    # And a second press changes nothing
    staff.post(address, sent)
    assert (Membership.objects.count(), works(cards)) == (2, [False, True, True])


def test_nobody_may_go_on_if_they_say_so(
    home: Callable[..., Household], cast: Cast, client_as: Any
) -> None:
    row, _people, cards = home()
    client_as(cast.access_point_staff).post(
        f"/desk/members/{row.pk}/end/", {"why": "cancelled", "goes_on": "nobody"}
    )
    assert works(cards) == [False, False, False]
    assert Membership.objects.count() == 1


def test_what_was_known_of_the_first_members_purse_stays_theirs(
    home: Callable[..., Household], cast: Cast
) -> None:
    row, people, _cards = home(source=None)
    granted(membership=row, by=cast.hub_lead)
    row = Membership.objects.get(pk=row.pk)
    new = hand_over(membership=row, to=people[1], by=cast.hub_lead)
    assert [term.source for term in new.terms.all()] == [Term.Source.GIFT]
    assert (new.concessions.count(), new.payments.count()) == (0, 0)
    assert not holds(new)
    assert Concession.objects.get().membership == row


def test_who_shares_keeps_the_card_when_the_first_member_is_forgotten(
    home: Callable[..., Household], cast: Cast
) -> None:
    row, people, cards = home()
    until = row.ends_on
    earlier = timezone.localdate() - timedelta(days=3)
    MembershipShare.objects.filter(person=people[1]).update(since=earlier)
    erase_person(people[0].pk, by=cast.coordinator, reason="asked")
    assert works(cards) == [False, True, True]
    new = Membership.objects.get(person=people[1])
    assert (new.ends_on, sharing(new)) == (until, {people[2]})
    gone = Membership.objects.get(pk=row.pk)
    assert (gone.person, gone.stored) == (None, Status.CANCELLED)


def test_who_has_one_of_their_own_is_passed_over_at_an_erasure(
    home: Callable[..., Household], cast: Cast
) -> None:
    row, people, cards = home()
    membership(person=people[1])
    erase_person(people[0].pk, by=cast.coordinator, reason="asked")
    new = Membership.objects.exclude(pk=row.pk).get(person=people[2])
    assert (sharing(new), works(cards)) == ({people[1]}, [False, True, True])


def test_a_child_comes_last_and_who_joined_twice_gives_nothing_to_themselves(
    home: Callable[..., Household], cast: Cast
) -> None:
    row, people, cards = home()
    MembershipShare.objects.filter(person=people[1]).update(
        since=timezone.localdate() - timedelta(days=9)
    )
    Person.objects.filter(pk=people[1].pk).update(age_band="under_18")
    # Two records of the one who joined were put together: they share it with themselves
    share_membership(membership=row, person=(twin := PersonFactory()), by=TESTS)
    MembershipShare.objects.filter(person=twin).update(person=people[0])
    erase_person(people[0].pk, by=cast.coordinator, reason="asked")
    new = Membership.objects.exclude(pk=row.pk).get(person=people[2])
    assert (sharing(new), works(cards)) == ({people[1]}, [False, True, True])


def test_a_card_that_names_this_month_is_good_until_it_is_over(
    home: Callable[..., Household], cast: Cast
) -> None:
    """It ran out on the 10th, its cards say the month: a death on the 15th stops no other card."""
    row, people, cards = home()
    today = date(2026, 11, 15)
    Term.objects.filter(membership=row).update(
        starts_on=date(2025, 11, 11), ends_on=date(2026, 11, 10)
    )
    row = Membership.objects.get(pk=row.pk)
    new = hand_over(membership=row, to=people[1], by=cast.hub_lead, on=today)
    assert (new.joined_on, new.ends_on) == (date(2026, 11, 10), date(2026, 11, 10))
    assert set(Card.objects.filter(membership=new)) == set(cards[1:])
    other = home()[0]
    Term.objects.filter(membership=other).update(
        starts_on=date(2025, 10, 11), ends_on=date(2026, 10, 10)
    )
    sharer = other.shares.first().person
    with pytest.raises(Ended):
        hand_over(
            membership=Membership.objects.get(pk=other.pk), to=sharer, by=cast.hub_lead, on=today
        )


def test_they_are_not_welcomed_to_what_another_left(
    home: Callable[..., Household], cast: Cast
) -> None:
    row, people, _cards = home()
    new = hand_over(membership=row, to=people[1], by=cast.hub_lead)
    end_membership(membership=row, stored=Status.DECEASED, by=cast.hub_lead)
    assert new.ends_on is not None
    today = timezone.localdate()
    assert not due(LetterKind.WELCOME, today).filter(pk=new.pk).exists()
    assert due(LetterKind.RENEWAL, new.ends_on).filter(pk=new.pk).exists()


def test_what_cannot_be_handed_over(
    home: Callable[..., Household], cast: Cast, desk: Organisation
) -> None:
    row, people, _cards = home()
    by = cast.hub_lead
    with pytest.raises(NotSharing):
        hand_over(membership=row, to=PersonFactory(organisation=desk), by=by)
    own = membership(person=people[1])
    with pytest.raises(HasMembership):
        hand_over(membership=row, to=people[1], by=by)
    assert own.terms.count() == 1
    first = hand_over(membership=row, to=people[2], by=by)
    assert hand_over(membership=row, to=people[2], by=by) == first
    with pytest.raises(Refused, match="somebody else"):
        hand_over(membership=row, to=people[1], by=by)
    end_membership(membership=row, stored=Status.CANCELLED, by=by)
    with pytest.raises(Refused, match="has gone to somebody who shared it"):
        resume_membership(membership=row, by=by)
    over, people, _cards = home()
    with pytest.raises(Ended):
        hand_over(
            membership=over, to=people[1], by=by, on=timezone.localdate() + timedelta(days=900)
        )


def test_only_its_own_access_point_hands_it_over(
    home: Callable[..., Household], cast: Cast
) -> None:
    row, people, _cards = home()
    access_point(cast.other_organisation_id)
    with pytest.raises(Http404):
        hand_over(membership=row, to=people[1], by=cast.stranger("access_point_staff"))
    assert Membership.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_desks_at_once_make_one_of_it(home: Callable[..., Household], cast: Cast) -> None:
    row, people, cards = home()
    ready, made, refused = threading.Barrier(2), [], []
    users = [cast.access_point_staff, cast.hub_lead]

    def take(user: Any, to: Person) -> None:
        try:
            ready.wait()
            made.append(hand_over(membership=row, to=to, by=user))
        except Refused as refusal:
            refused.append(str(refusal))
        finally:
            connections.close_all()

    threads = [
        threading.Thread(target=take, args=(user, to))
        for user, to in zip(users, people[1:], strict=True)
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert (len(made), len(refused)) == (1, 1)
    assert Term.objects.filter(source=Term.Source.GIFT, voided_at=None).count() == 1
    assert MembershipShare.objects.filter(until=None).get().membership == made[0]
    assert works(cards[1:]) == [True, True]
