"""What the till shows of a shop's offers, and the counting."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from members.models import Shop, TillCount
from members.offers import offer_for_till
from members.offers.models import count
from tests.factories.shop import ShopFactory, offer

pytestmark = pytest.mark.django_db


def test_the_till_shows_what_holds_today_in_one_line_each(django_assert_num_queries: Any) -> None:
    shop = ShopFactory()
    offer(shop=shop, percent=10, wording="everything in the shop", exclusions="gift cards")
    offer(shop=shop, amount_pence=200, wording="any haircut")
    offer(percent=50, wording="another shop's")

    with django_assert_num_queries(1):
        said = offer_for_till(shop)

    assert said == (
        "10% off everything in the shop. Every day. Not on: gift cards.\n"
        "£2 off any haircut. Every day."
    )


def test_on_another_day_the_till_says_when(time_machine: Any) -> None:
    time_machine.move_to("2026-11-23T12:00:00Z", tick=False)  # a Monday
    shop = ShopFactory()
    offer(shop=shop, wording="everything", days=[1, 2])

    assert offer_for_till(shop) == "Not today. 10% off everything. Tuesday and Wednesday."


@pytest.mark.parametrize(
    "facts",
    [
        {"state": "draft"},
        {"state": "proposed"},
        {"state": "ended"},
        {"from_on": timezone.localdate() + timedelta(days=1)},
        {
            "from_on": timezone.localdate() - timedelta(days=3),
            "until_on": timezone.localdate() - timedelta(days=1),
        },
    ],
)
def test_what_is_not_on_show_is_not_at_the_till(facts: dict[str, Any]) -> None:
    shop = ShopFactory()
    offer(shop=shop, **facts)
    assert offer_for_till(shop) == ""


def test_a_shop_that_left_has_no_offer_and_no_till() -> None:
    shop = ShopFactory(left_on=timezone.localdate())
    offer(shop=shop)
    assert offer_for_till(shop) == ""
    assert Shop.objects.of_till_code(shop.till_code) is None


def test_a_till_code_is_found_however_it_is_typed() -> None:
    shop = ShopFactory()
    code = shop.till_code
    assert Shop.objects.of_till_code(f" {code[:2].lower()}-{code[2:]} ") == shop
    for wrong in ("", code[:4], code + "A", "\x00" * 5, "AEIOU", "é" * 5, "9" * 10_000):
        assert Shop.objects.of_till_code(wrong) is None, wrong


def test_counts_are_per_shop_and_day() -> None:
    shop, other = ShopFactory(), ShopFactory()
    today = timezone.localdate()
    for _number in range(3):
        count(shop, today)
    count(shop, today - timedelta(days=1))
    count(other)
    assert TillCount.objects.get(shop=shop, day=today).n == 3
    assert TillCount.objects.count() == 3


def test_a_count_of_nothing_is_no_row() -> None:
    with pytest.raises(IntegrityError, match="members_till_count_counts"), transaction.atomic():
        TillCount.objects.create(shop=ShopFactory(), day=timezone.localdate(), n=0)


@pytest.mark.django_db(transaction=True)
def test_fifty_tills_at_once_lose_nothing() -> None:
    shop = ShopFactory()

    def one(_number: int) -> None:
        try:
            count(shop)
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=10) as pool:
        list(pool.map(one, range(50)))
    assert TillCount.objects.get(shop=shop).n == 50
