"""Signing up, proposing, publishing, ending: each once, by whoever may, with what was promised kept."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.http import Http404
from django.utils import timezone

from dcsn.audit.models import Event
from dcsn.messages.models import Message
from directory.models import Organisation, PostcodePlace
from members.models import Offer, OfferVersion, Shop, ShopLink
from members.offers import offer_for_till
from members.offers.actions import (
    Seen,
    change_shop,
    email_link,
    end_offer,
    make_link,
    print_link,
    propose_by_link,
    publish_version,
    revoke_links,
    shop_leaves,
    sign_up_shop,
    turn_down,
    write_offer,
)
from members.offers.links import BY_LINK, find_link, link_token
from members.offers.refusals import (
    CannotBeSent,
    LinkOver,
    OfferChanged,
    ShopChanged,
    ShopLeft,
)
from members.refusals import Refused
from tests.conftest import Cast
from tests.factories.membership import TESTS
from tests.factories.organisation import OrganisationFactory
from tests.factories.person import access_point
from tests.factories.shop import ShopFactory, offer, shop_link
from tests.members.offers.drafts import offer_draft, shop_draft

pytestmark = pytest.mark.django_db
State = OfferVersion.State


def sign_up(**facts: Any) -> Shop:
    return sign_up_shop(
        **{
            "organisation": facts.pop("organisation", None) or access_point(),
            "draft": shop_draft(**facts.pop("draft", {})),
            "agreed_by": "Rowan Contact",
            "agreed_on": timezone.localdate(),
            "via": Shop.Via.PAPER,
            "by": TESTS,
        }
        | facts
    )


def write(shop: Shop, **facts: Any) -> OfferVersion:
    return write_offer(
        **{
            "shop": shop,
            "draft": offer_draft(**facts.pop("draft", {})),
            "by": TESTS,
            "via": OfferVersion.Via.SCREEN,
            "publish": True,
        }
        | facts
    )


def seen(version: OfferVersion) -> Seen:
    return Seen.of(OfferVersion.objects.get(pk=version.pk))


def test_one_that_begins_later_does_not_take_away_what_members_have_today(cast: Cast) -> None:
    # Given an offer that is on show, and a shop that wants another from next week
    shop = ShopFactory()
    now = write(shop)
    later = timezone.localdate() + timedelta(days=7)
    waiting = write(shop, offer=now.offer, publish=False, draft={"from_on": later, "percent": 20})
    # When somebody puts it on show today
    with pytest.raises(Refused, match="what is on show now would end today"):
        publish_version(version=waiting, seen=seen(waiting), by=TESTS)
    with pytest.raises(Refused):
        write(shop, offer=now.offer, draft={"from_on": later})
    # Then members have what they had, and it waits
    assert "10% off" in offer_for_till(shop)
    assert OfferVersion.objects.get(pk=waiting.pk).state == State.DRAFT
    # On its day it takes the other's place; so it does when nothing would be missing meanwhile
    OfferVersion.objects.filter(pk=waiting.pk).update(from_on=timezone.localdate())
    publish_version(version=waiting, seen=seen(waiting), by=TESTS)
    assert "20% off" in offer_for_till(shop)
    to_come = write(shop, draft={"from_on": later})
    assert write(shop, offer=to_come.offer, draft={"from_on": later, "percent": 5}).is_open is False


def test_one_that_is_over_is_not_put_on_show(cast: Cast) -> None:
    shop = ShopFactory()
    now = write(shop)
    late = write(shop, offer=now.offer, publish=False)
    yesterday = timezone.localdate() - timedelta(days=1)
    OfferVersion.objects.filter(pk=late.pk).update(from_on=yesterday, until_on=yesterday)
    with pytest.raises(Refused, match="Its last day has passed"):
        publish_version(version=late, seen=seen(late), by=TESTS)
    assert "10% off" in offer_for_till(shop)


# --- Shops ------------------------------------------------------------------------------------------


def test_the_same_form_sent_twice_is_one_shop() -> None:
    key = uuid.uuid4()
    first, second = sign_up(key=key), sign_up(key=key)
    assert first == second
    assert Event.objects.filter(type="shop:signed_up", subject=first.pk).count() == 1


def test_a_shop_stands_where_its_postcode_is_or_nowhere() -> None:
    PostcodePlace.objects.create(code="AB3 4", level="sector", latitude=54.5, longitude=-1.5)
    known = sign_up()
    assert (known.latitude, known.longitude, known.precision) == (54.5, -1.5, "sector")

    moved = change_shop(shop=known, draft=shop_draft(postcode="AB9 9ZZ"), version=1, by=TESTS)
    assert (moved.latitude, moved.longitude, moved.precision) == (None, None, "")
    [event] = Event.objects.filter(type="shop:changed")
    assert event.fields == ["postcode"]


def test_two_editors_of_one_shop_lose_nothing() -> None:
    shop = sign_up()
    change_shop(shop=shop, draft=shop_draft(opening="Mondays"), version=1, by=TESTS)
    with pytest.raises(ShopChanged):
        change_shop(shop=shop, draft=shop_draft(phone=""), version=1, by=TESTS)
    shop.refresh_from_db()
    assert (shop.opening, shop.phone, shop.version) == ("Mondays", "01632 960701", 2)


def test_saving_without_a_change_writes_nothing() -> None:
    shop = sign_up()
    change_shop(shop=shop, draft=shop_draft(), version=1, by=TESTS)
    shop.refresh_from_db()
    assert shop.version == 1
    assert not Event.objects.filter(type="shop:changed").exists()


def test_a_shop_that_leaves_takes_its_offers_link_and_contact_along() -> None:
    shop = sign_up()
    shown = write(shop)
    write(shop, publish=False)
    link = make_link(shop=shop, by=TESTS)

    shop_leaves(shop=shop, why="It closes", by=TESTS)

    shop.refresh_from_db()
    shown.refresh_from_db()
    assert (shop.contact_name, shop.contact_email) == ("", "")
    assert shown.state == State.ENDED
    assert shown.published_at is not None  # what was promised can still be told
    assert not OfferVersion.objects.open().exists()
    assert find_link(link_token(link)) is None
    assert offer_for_till(shop) == ""
    for refused in (
        lambda: shop_leaves(shop=shop, why="Again", by=TESTS),
        lambda: write(shop),
        lambda: make_link(shop=shop, by=TESTS),
        lambda: change_shop(shop=shop, draft=shop_draft(name="New"), version=2, by=TESTS),
    ):
        with pytest.raises(ShopLeft):
            refused()


# --- Who may ----------------------------------------------------------------------------------------


def test_who_may_look_after_shops(cast: Cast) -> None:
    mine = OrganisationFactory(id=cast.organisation_id, is_access_point=True)
    shop = sign_up(organisation=mine)
    other = sign_up(organisation=access_point())
    assert list(Shop.objects.visible_to(cast.hub_lead)) == [shop]
    assert set(Shop.objects.visible_to(cast.membership_officer)) == {shop, other}
    assert not Shop.objects.visible_to(cast.coordinator).exists()
    version = write(shop, publish=False)
    attempts: list[Callable[[Any], Any]] = [
        lambda by: write(shop, by=by),
        lambda by: publish_version(version=version, seen=seen(version), by=by),
        lambda by: turn_down(version=version, seen=seen(version), why="No", by=by),
        lambda by: end_offer(offer=version.offer, why="No", by=by),
        lambda by: change_shop(shop=shop, draft=shop_draft(), version=1, by=by),
        lambda by: make_link(shop=shop, by=by),
        lambda by: email_link(shop=shop, by=by),
        lambda by: print_link(shop=shop, by=by),
        lambda by: revoke_links(shop=shop, by=by),
        lambda by: shop_leaves(shop=shop, why="No", by=by),
        lambda by: sign_up(organisation=mine, by=by),
    ]
    for attempt in attempts:
        for stranger in (cast.coordinator, cast.access_point_staff, cast.nobody):
            with pytest.raises((PermissionDenied, Http404)):
                attempt(stranger)
        with pytest.raises(Http404):
            attempt(cast.stranger("hub_lead"))
    version.refresh_from_db()
    assert version.state == State.DRAFT
    publish_version(version=version, seen=seen(version), by=cast.hub_lead)


# --- Versions ---------------------------------------------------------------------------------------


def test_what_a_member_was_promised_can_be_told_for_every_moment(time_machine: Any) -> None:
    time_machine.move_to("2026-03-02T09:00:00Z", tick=False)
    shop = sign_up()
    first = write(shop)
    monday = timezone.now()
    time_machine.move_to("2026-03-04T09:00:00Z", tick=False)
    second = write(shop, offer=first.offer, seen=seen(first), draft={"percent": 20})
    wednesday = timezone.now()
    time_machine.move_to("2026-03-06T09:00:00Z", tick=False)
    end_offer(offer=first.offer, why="Enough", by=TESTS)
    friday = timezone.now()

    row = Offer.objects.get()
    assert row.promised_at(monday - timedelta(seconds=1)) is None
    assert row.promised_at(monday) == first
    assert row.promised_at(wednesday - timedelta(seconds=1)) == first
    assert row.promised_at(wednesday) == second
    assert row.promised_at(friday) is None
    first.refresh_from_db()
    assert (first.percent, first.state, first.ended_at) == (10, State.ENDED, wednesday)


def test_a_draft_is_not_shown_and_does_not_touch_what_is() -> None:
    shop = sign_up()
    shown = write(shop)
    draft = write(shop, offer=shown.offer, seen=seen(shown), draft={"percent": 50}, publish=False)
    assert offer_for_till(shop).startswith("10% off")
    # Writing it again writes over the draft: one is open at most.
    again = write(shop, offer=shown.offer, seen=seen(draft), draft={"percent": 30}, publish=False)
    assert again == draft
    publish_version(version=draft, seen=seen(draft), by=TESTS)
    assert offer_for_till(shop).startswith("30% off")


def test_the_same_form_sent_twice_is_one_version() -> None:
    shop, key = sign_up(), uuid.uuid4()
    assert write(shop, key=key) == write(shop, key=key)
    assert OfferVersion.objects.count() == 1
    assert Event.objects.filter(type="offer:published").count() == 1


def test_a_stale_form_is_refused() -> None:
    shop = sign_up()
    first = write(shop)
    old = seen(first)
    write(shop, offer=first.offer, seen=old, draft={"percent": 20})
    with pytest.raises(OfferChanged):
        write(shop, offer=first.offer, seen=old, draft={"percent": 5})
    assert offer_for_till(shop).startswith("20% off")


def test_nobody_decides_about_what_they_have_not_read() -> None:
    link = shop_link()
    proposal = propose_by_link(link=link, draft=offer_draft(), seen=Seen(), key=uuid.uuid4())
    old = seen(proposal)
    propose_by_link(
        link=link,
        draft=offer_draft(percent=90),
        seen=old,
        key=uuid.uuid4(),
        offer=proposal.offer,
    )
    for decide in (
        lambda: publish_version(version=proposal, seen=old, by=TESTS),
        lambda: turn_down(version=proposal, seen=old, why="No", by=TESTS),
    ):
        with pytest.raises(OfferChanged):
            decide()
    assert offer_for_till(link.shop) == ""


def test_two_officers_decide_once() -> None:
    proposal = offer(state="proposed")
    old = seen(proposal)
    publish_version(version=proposal, seen=old, by=TESTS)
    with pytest.raises(OfferChanged):
        turn_down(version=proposal, seen=old, why="No", by=TESTS)
    with pytest.raises(OfferChanged):
        publish_version(version=proposal, seen=old, by=TESTS)
    end_offer(offer=proposal.offer, why="Over", by=TESTS)
    with pytest.raises(OfferChanged):
        end_offer(offer=proposal.offer, why="Over", by=TESTS)


def test_the_desk_waits_for_what_the_shop_proposed() -> None:
    proposal = offer(state="proposed")
    with pytest.raises(Refused, match="decide about that first"):
        write(proposal.offer.shop, offer=proposal.offer, seen=seen(proposal))


def test_an_offer_of_another_shop_is_refused() -> None:
    with pytest.raises(Refused, match="another shop"):
        write(sign_up(), offer=offer().offer, seen=None)


def test_a_shop_has_twenty_offers_at_most() -> None:
    shop = sign_up()
    for _number in range(20):
        write(shop)
    with pytest.raises(Refused, match="as many offers"):
        write(shop)


# --- What the database itself refuses -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "constraint"),
    [
        ({"percent": 0}, "members_offer_says_what"),
        ({"percent": 101}, "members_offer_says_what"),
        ({"percent": None}, "members_offer_says_what"),
        ({"kind": "words", "percent": None, "wording": ""}, "members_offer_says_what"),
        ({"amount_pence": 100}, "members_offer_says_what"),
        ({"days": []}, "members_offer_days"),
        ({"days": [7]}, "members_offer_days"),
        ({"until_on": timezone.localdate() - timedelta(days=900)}, "ends_after_it_begins"),
        ({"published_at": None}, "members_offer_version_state"),
        ({"via": "owl"}, "members_offer_via_known"),
    ],
)
def test_the_database_refuses(facts: dict[str, Any], constraint: str) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        offer(**({"percent": 10} | facts))


def test_one_wording_of_an_offer_is_on_show() -> None:
    shown = offer()
    with pytest.raises(IntegrityError, match="members_offer_one_on_show"), transaction.atomic():
        offer(shop=shown.offer.shop, offer=shown.offer)


# --- Links ------------------------------------------------------------------------------------------


def test_a_new_link_takes_the_old_one_back() -> None:
    shop = sign_up()
    old = make_link(shop=shop, by=TESTS)
    new = make_link(shop=shop, by=TESTS)
    assert find_link(link_token(old)) is None
    assert find_link(link_token(new)) == new
    revoke_links(shop=shop, by=TESTS)
    assert find_link(link_token(new)) is None
    with pytest.raises(LinkOver):
        revoke_links(shop=shop, by=TESTS)


def test_a_printed_letter_carries_the_link_that_works() -> None:
    shop = sign_up()
    first = print_link(shop=shop, by=TESTS)
    assert print_link(shop=shop, by=TESTS) == first
    assert ShopLink.objects.get().printed_at is not None


def test_neither_the_outbox_nor_the_trail_holds_the_key() -> None:
    shop = sign_up()
    link = email_link(shop=shop, by=TESTS)
    token = link_token(link)
    message = Message.objects.get()
    assert message.to_address == "rowan@example.org"
    assert token not in message.body
    from dcsn.messages.sealed import opened

    assert token in opened(message.body)
    everything = str(list(Event.objects.values())) + str(list(ShopLink.objects.values()))
    assert token not in everything


def test_without_an_address_nothing_is_sent() -> None:
    shop = sign_up(draft={"contact_email": ""})
    with pytest.raises(CannotBeSent):
        email_link(shop=shop, by=TESTS)
    assert not ShopLink.objects.exists()


@pytest.mark.parametrize("fault", ["letter", "short", "other purpose", "run out", "revoked"])
def test_a_link_that_is_not_whole_opens_nothing(fault: str) -> None:
    link = shop_link(lasts=timedelta(hours=-1)) if fault == "run out" else shop_link()
    token = link_token(link)
    if fault == "letter":
        token = ("B" if token[0] != "B" else "C") + token[1:]
    if fault == "short":
        token = token[:-1]
    if fault == "other purpose":
        from dcsn.signed_ids import token_of

        token = token_of("referrals.replies.link", link.pk)
    if fault == "revoked":
        revoke_links(shop=link.shop, by=TESTS)
    assert find_link(token) is None


# --- Proposals by link --------------------------------------------------------------------------------


def test_a_proposal_waits_and_then_is_told_of() -> None:
    shop = ShopFactory()
    shown = offer(shop=shop)
    link = shop_link(shop)
    proposal = propose_by_link(
        link=link,
        draft=offer_draft(percent=25),
        seen=seen(shown),
        key=uuid.uuid4(),
        offer=shown.offer,
    )
    assert offer_for_till(shop).startswith("10% off")
    assert (proposal.state, proposal.via) == (State.PROPOSED, "link")
    [event] = Event.objects.filter(type="offer:proposed")
    assert event.actor_job == BY_LINK.name

    publish_version(version=proposal, seen=seen(proposal), by=TESTS)
    assert offer_for_till(shop).startswith("25% off")
    message = Message.objects.get()
    assert "25% off" in message.body
    assert message.to_address == shop.contact_email


def test_a_refusal_says_why() -> None:
    proposal = offer(state="proposed")
    turn_down(version=proposal, seen=seen(proposal), why="100% is too much", by=TESTS)
    assert "100% is too much" in Message.objects.get().body


def test_a_proposal_sent_twice_is_one() -> None:
    link, key = shop_link(), uuid.uuid4()
    first = propose_by_link(link=link, draft=offer_draft(), seen=Seen(), key=key)
    assert propose_by_link(link=link, draft=offer_draft(), seen=Seen(), key=key) == first
    assert Offer.objects.count() == 1


def test_a_link_cannot_bury_the_desk() -> None:
    link = shop_link()
    for _number in range(10):
        propose_by_link(link=link, draft=offer_draft(), seen=Seen(), key=uuid.uuid4())
    with pytest.raises(Refused, match="ring us"):
        propose_by_link(link=link, draft=offer_draft(), seen=Seen(), key=uuid.uuid4())


def test_a_link_reaches_no_other_shops_offer() -> None:
    other = offer()
    with pytest.raises(Refused, match="another shop"):
        propose_by_link(
            link=shop_link(),
            draft=offer_draft(),
            seen=seen(other),
            key=uuid.uuid4(),
            offer=other.offer,
        )


def test_a_link_taken_back_meanwhile_proposes_nothing() -> None:
    link = shop_link()
    revoke_links(shop=link.shop, by=TESTS)
    with pytest.raises(LinkOver):
        propose_by_link(link=link, draft=offer_draft(), seen=Seen(), key=uuid.uuid4())
    assert not OfferVersion.objects.exists()


# --- Two at once, on real connections -----------------------------------------------------------------


def _at_once(*work: Callable[[], Any]) -> list[Any]:
    def one(do: Callable[[], Any]) -> Any:
        try:
            return do()
        except Refused as refusal:
            return type(refusal)
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=len(work)) as pool:
        return list(pool.map(one, work))


@pytest.mark.django_db(transaction=True)
def test_publishing_and_refusing_at_once_happens_once() -> None:
    proposal = offer(state="proposed")
    old = seen(proposal)
    results = _at_once(
        *[lambda: publish_version(version=proposal, seen=old, by=TESTS)] * 3,
        *[lambda: turn_down(version=proposal, seen=old, why="No", by=TESTS)] * 3,
    )
    assert results.count(OfferChanged) == 5
    assert Event.objects.filter(type__in=["offer:published", "offer:turned_down"]).count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_form_sent_ten_times_at_once_is_one_shop_and_one_offer() -> None:
    point, key = access_point(), uuid.uuid4()
    shops = _at_once(*[lambda: sign_up(organisation=point, key=key)] * 5)
    assert len({shop.pk for shop in shops}) == 1
    shop, key = Shop.objects.get(), uuid.uuid4()
    assert len({v.pk for v in _at_once(*[lambda: write(shop, key=key)] * 5)}) == 1
    assert Organisation.objects.filter(shops=shop).count() == 1
    assert OfferVersion.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_five_new_links_at_once_leave_one() -> None:
    shop = ShopFactory()
    _at_once(*[lambda: make_link(shop=shop, by=TESTS)] * 5)
    assert ShopLink.objects.count() == 5
    assert ShopLink.objects.live().count() == 1
