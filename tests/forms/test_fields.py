"""What people type, and what becomes of it."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from dcsn.forms import (
    DateField,
    MoneyField,
    PhoneField,
    PostcodeField,
    format_phone,
    normalise_postcode,
    phone_address,
    say_pence,
)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("dl37xx", "DL3 7XX"),
        (" DL3 7XX ", "DL3 7XX"),
        ("DL3  7xx", "DL3 7XX"),
        ("dl3-7xx", "DL3 7XX"),
        ("TS21 1AA", "TS21 1AA"),
        ("m1 1ae", "M1 1AE"),
        ("EC1A 1BB", "EC1A 1BB"),
        ("W1A 0AX", "W1A 0AX"),
        ("DL3 OAA", "DL3 0AA"),  # the letter O for nought
        ("DLI 1AA", "DL1 1AA"),  # the letter I for one
        ("D13 7XX", "D13 7XX"),  # a shape that exists is left alone
        ("GIR 0AA", "GIR 0AA"),
    ],
)
def test_postcodes(typed: str, kept: str) -> None:
    assert PostcodeField().clean(typed) == kept


@pytest.mark.parametrize(
    "typed", ["DL3", "DL3 7", "Darlington", "DL3 7X", "12345", "DL3 7XXX", "\x00", "DL3 7CX"]
)
def test_what_is_no_postcode(typed: str) -> None:
    with pytest.raises(ValidationError):
        PostcodeField().clean(typed)


@pytest.mark.parametrize(
    ("typed", "kept"), [("dl3", "DL3"), ("dl3 7", "DL3 7"), ("DL3 7XX", "DL3 7XX")]
)
def test_parts_of_postcodes(typed: str, kept: str) -> None:
    assert PostcodeField(partial=True).clean(typed) == kept


def test_dl37_is_an_outcode_with_no_second_meaning() -> None:
    """ "DL37" could be DL3 7 or a district DL37: what stands there decides, nothing is guessed."""
    assert normalise_postcode("DL37", partial=True) == "DL37"


@given(st.text(max_size=60))
def test_any_text_is_a_postcode_or_none(text: str) -> None:
    found = normalise_postcode(text, partial=True)
    assert found is None or normalise_postcode(found, partial=True) == found


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("01632960234", "01632 960234"),
        ("(01632) 960-234", "01632 960234"),
        ("+44 1632 960234", "01632 960234"),
        ("020 7946 0018", "020 7946 0018"),
        ("07700900123", "07700 900123"),
        ("0808 157 0123", "0808 157 0123"),
        ("01632 960234 ext 12", "01632 960234 ext. 12"),
        ("111", "111"),
        ("116123", "116 123"),
        ("0800 1111", "0800 1111"),
    ],
)
def test_phone_numbers(typed: str, kept: str) -> None:
    assert PhoneField().clean(typed) == kept
    assert PhoneField().clean(kept) == kept


@pytest.mark.parametrize("typed", ["12", "ring me", "01632 9602", "0" * 50, "999999999999", "\x00"])
def test_what_is_no_phone_number(typed: str) -> None:
    with pytest.raises(ValidationError):
        PhoneField().clean(typed)


@given(st.text(max_size=60))
def test_any_text_is_a_phone_number_or_none(text: str) -> None:
    found = format_phone(text)
    assert found is None or format_phone(found) == found


def test_links_that_ring() -> None:
    assert phone_address("01632 960234") == "tel:01632960234"
    assert phone_address("01632 960234 ext. 12") == "tel:01632960234;ext=12"
    assert phone_address("+353 1 234 5678") == "tel:+35312345678"


@pytest.mark.parametrize(
    ("typed", "pence"),
    [
        ("13", 1300),
        ("£13", 1300),
        ("13.5", 1350),
        ("13.50", 1350),
        ("£1,250.00", 125000),
        ("50p", 50),
        ("0", 0),
        ("", None),
    ],
)
def test_money(typed: str, pence: int | None) -> None:
    assert MoneyField(required=False).clean(typed) == pence


@pytest.mark.parametrize(
    "typed", ["-1", "1.234", "ten", "1,2,3", "£", "1e5", "99999999999999", "١٣"]
)
def test_what_is_no_amount(typed: str) -> None:
    with pytest.raises(ValidationError):
        MoneyField().clean(typed)


def test_money_in_a_form_comes_back_as_it_went_in() -> None:
    field = MoneyField()
    for pence in (0, 5, 50, 1300, 1350, 125000):
        assert field.clean(field.prepare_value(pence)) == pence


@pytest.mark.parametrize(
    ("pence", "said"), [(1300, "£13"), (1350, "£13.50"), (50, "50p"), (0, "£0"), (125000, "£1,250")]
)
def test_money_in_words(pence: int, said: str) -> None:
    assert say_pence(pence) == said


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        (["3", "3", "2026"], date(2026, 3, 3)),
        (["03", "March", "2026"], date(2026, 3, 3)),
        (["3", "mar", "2026"], date(2026, 3, 3)),
        (["29", "2", "2028"], date(2028, 2, 29)),
        (["1", "Sept.", "2026"], date(2026, 9, 1)),
    ],
)
def test_dates(typed: list[str], day: date) -> None:
    assert DateField().clean(typed) == day


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        (["", "", ""], "Enter the day, month and year"),
        (["", "3", "2026"], "The date must include a day"),
        (["3", "", "2026"], "The date must include a month"),
        (["3", "3", ""], "The date must include a year"),
        (["3", "3", "26"], "The year must have 4 digits, like 2026"),
        (["29", "2", "2026"], "Enter a real date, like 27 3 2026"),
        (["3", "ma", "2026"], "Enter a real date, like 27 3 2026"),
        (["x", "3", "2026"], "Enter a real date, like 27 3 2026"),
        (["3", "3", "0000"], "Enter a real date, like 27 3 2026"),
    ],
)
def test_what_is_no_date(typed: list[str], message: str) -> None:
    with pytest.raises(ValidationError) as caught:
        DateField().clean(typed)
    assert caught.value.messages == [message]


def test_a_date_may_be_left_out() -> None:
    assert DateField(required=False).clean(["", "", ""]) is None
