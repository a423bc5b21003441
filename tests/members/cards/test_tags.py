"""The tag of the QR code: by the published rule, with keys that come and go."""

from __future__ import annotations

import base64
import hashlib
import hmac
import itertools
import re

import pytest
from django.core.exceptions import ImproperlyConfigured

from dcsn.env import Environment
from members.cards.number import new_number
from members.cards.qr import address_of, code_of, modules_across, qr_svg
from members.cards.tags import current_version, is_tag, tag_of

ONE, TWO = b"1" * 40, b"2" * 40
NUMBER = "1234567890"


def test_the_tag_is_what_the_rule_says(settings) -> None:
    settings.CARD_KEYS = {1: ONE}
    digest = hmac.new(ONE, b"1:" + NUMBER.encode(), hashlib.sha256).digest()
    assert tag_of(NUMBER) == base64.b32encode(digest[:10]).decode()
    assert re.fullmatch(r"[A-Z2-7]{16}", tag_of(NUMBER))


def test_the_newest_key_signs_and_the_old_one_keeps_its_cards(settings) -> None:
    settings.CARD_KEYS = {1: ONE}
    old = tag_of(NUMBER)
    settings.CARD_KEYS = {2: TWO, 1: ONE}
    assert current_version() == 2
    assert tag_of(NUMBER) != old
    assert is_tag(NUMBER, old)
    assert is_tag(NUMBER, tag_of(NUMBER))


def test_a_key_that_is_taken_out_takes_its_tags_with_it(settings) -> None:
    settings.CARD_KEYS = {1: ONE}
    old = tag_of(NUMBER)
    settings.CARD_KEYS = {2: TWO}
    assert not is_tag(NUMBER, old)


def test_the_version_is_signed_too(settings) -> None:
    # The same key under another number makes other tags: nobody reuses one by mistake unseen.
    settings.CARD_KEYS = {1: ONE}
    old = tag_of(NUMBER)
    settings.CARD_KEYS = {2: ONE}
    assert not is_tag(NUMBER, old)


def test_a_tag_belongs_to_one_number() -> None:
    numbers = [new_number() for _n in range(200)]
    for number, other in itertools.pairwise(numbers):
        assert is_tag(number, tag_of(number))
        assert not is_tag(number, tag_of(other))
    for junk in ("", "A" * 16, tag_of(NUMBER)[:-1], tag_of(NUMBER) + "A", "é" * 16):
        assert not is_tag(NUMBER, junk)


def test_without_a_key_nothing_is_printed(settings) -> None:
    settings.CARD_KEYS = {}
    with pytest.raises(ImproperlyConfigured, match="DCSN_CARD_KEYS"):
        tag_of(NUMBER)
    assert not is_tag(NUMBER, "A" * 16)


@pytest.mark.parametrize(
    ("text", "versions"),
    [("", []), (f"1:{'k' * 32}", [1]), (f" 1:{'k' * 32} , 12:{'l' * 40}:x ", [1, 12])],
)
def test_keys_are_read_from_the_environment(text: str, versions: list[int]) -> None:
    assert list(Environment({"DCSN_CARD_KEYS": text}).keys("DCSN_CARD_KEYS", "")) == versions


@pytest.mark.parametrize(
    "text",
    ["k" * 40, f"one:{'k' * 32}", f"0:{'k' * 32}", "1:short", f"1:{'k' * 32},1:{'l' * 32}",
     f"10000:{'k' * 32}", f"-1:{'k' * 32}", f"²:{'k' * 32}"],
)  # fmt: skip
def test_keys_that_are_none_are_refused_without_being_told(text: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="DCSN_CARD_KEYS") as refused:
        Environment({"DCSN_CARD_KEYS": text}).keys("DCSN_CARD_KEYS", "")
    assert "kkkk" not in str(refused.value)


# --- The code -----------------------------------------------------------------------------------------


def test_the_code_holds_an_address_and_nothing_else(settings) -> None:
    settings.SITE_ADDRESS = "https://support.example"
    assert address_of(NUMBER) == f"https://support.example/c/{NUMBER}.{tag_of(NUMBER)}"
    assert code_of(NUMBER).error in ("M", "Q", "H")
    assert not code_of(NUMBER).is_micro


def test_the_code_on_a_page_needs_no_style_of_its_own() -> None:
    svg = qr_svg(NUMBER, label="Code of <your> card")
    assert "style=" not in svg
    assert 'role="img"' in svg
    assert "<title>Code of &lt;your&gt; card</title>" in svg
    across = modules_across(NUMBER)
    assert f'viewBox="0 0 {across} {across}"' in svg
    # The quiet zone of four modules: nothing dark before the fourth.
    assert "M4 4.5h7" in svg
