"""The invented shops: enough of everything, each once, with nothing that could be mistaken for real."""

from __future__ import annotations

import re

import pytest

from directory.actions.demonstration import NotADemonstration, load_demonstration
from members.models import OfferVersion, Shop, TillCount
from members.offers.demonstration import load_shops
from members.offers.search import OfferQuery, find_offers
from tests.factories.membership import TESTS

pytestmark = pytest.mark.django_db


def test_a_real_portal_gets_none() -> None:
    with pytest.raises(NotADemonstration):
        load_shops(by=TESTS)


def test_every_screen_has_something_to_show(settings: pytest.FixtureRequest) -> None:
    settings.DEMONSTRATION = True  # type: ignore[attr-defined]
    load_demonstration(by=TESTS)

    assert load_shops(by=TESTS) >= 12
    assert load_shops(by=TESTS) == 0
    assert set(OfferVersion.objects.values_list("state", flat=True)) >= {
        "draft",
        "proposed",
        "published",
        "ended",
    }
    assert len(find_offers(OfferQuery()).counts) >= 6
    assert not Shop.objects.filter(latitude=None).exists()
    assert TillCount.objects.filter(n__lt=5).exists()
    for shop in Shop.objects.all():
        for number in filter(None, (shop.phone, shop.contact_phone)):
            assert re.fullmatch(r"01632 960\d{3}|07700 900\d{3}", number), number
        assert not shop.contact_email or shop.contact_email.endswith(".example")

    codes = set(Shop.objects.values_list("till_code", flat=True))
    assert load_shops(by=TESTS, refresh=True) == len(codes)
    assert Shop.objects.count() == len(codes)
