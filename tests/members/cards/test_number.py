"""Card numbers against the published vectors, against another implementation, and against slips."""

from __future__ import annotations

import random
import string

import pytest
from stdnum.iso7064 import mod_97_10

from members.cards.number import (
    BODY,
    as_printed,
    as_typed,
    check_digits,
    is_valid,
    new_number,
)

rng = random.Random(7064)


@pytest.mark.parametrize(
    ("body", "digits"),
    [
        # python-stdnum's published examples for MOD 97-10.
        ("99991234567890121414", "90"),
        ("4354111611551114", "31"),
        ("22181321402534321446701611", "35"),
        ("5367", "02"),
        ("5303", "97"),
        ("5335", "98"),
    ],
)
def test_published_check_digits(body: str, digits: str) -> None:
    assert check_digits(body) == digits


def test_a_hundred_thousand_numbers_agree_with_another_implementation() -> None:
    for _number in range(100_000):
        body = f"{rng.randrange(10**BODY):0{BODY}}"
        assert check_digits(body) == mod_97_10.calc_check_digits(body)
        typed = body + f"{rng.randrange(100):02}"
        if "02" <= typed[BODY:] <= "98":
            assert is_valid(typed) == mod_97_10.is_valid(typed)


def test_no_slip_of_one_digit_or_two_passes() -> None:
    for _number in range(300):
        number = new_number()
        for place in range(10):
            for digit in string.digits:
                changed = number[:place] + digit + number[place + 1 :]
                assert is_valid(changed) == (changed == number)
        for apart in (1, 2):
            for place in range(10 - apart):
                digits = list(number)
                digits[place], digits[place + apart] = digits[place + apart], digits[place]
                changed = "".join(digits)
                assert is_valid(changed) == (changed == number)
        for place in range(9):
            if number[place] == number[place + 1]:
                for digit in string.digits:
                    changed = number[:place] + digit * 2 + number[place + 2 :]
                    assert is_valid(changed) == (changed == number)


def test_numbers_are_read_in_groups_and_typed_anyhow() -> None:
    assert as_printed("1234567890") == "12 3456 78 90"
    for typed in (
        "12 3456 78 90", "12-3456-78-90", " 1234567890 ", "12.3456.78.90", "12\u20113456\u201178\u201190",
        "12—3456—78—90", "12\u00a03456\u00a078\u00a090", "(12) 3456, 78, 90",
    ):  # fmt: skip
        assert as_typed(typed) == "1234567890"


@pytest.mark.parametrize(
    "text", ["", "123456789", "12345678901", "12345678９0", "abcdefghij", "-234567890"]
)
def test_what_is_no_number_is_not_valid(text: str) -> None:
    assert not is_valid(text)


def test_letters_have_no_check_digits() -> None:
    with pytest.raises(ValueError, match="digits"):
        check_digits("12a4")


def test_numbers_do_not_follow_each_other() -> None:
    numbers = {new_number() for _number in range(2000)}
    # Two of 2,000 are alike once in fifty runs; ten never are (the database asks for another).
    assert len(numbers) > 1990
    assert all(is_valid(number) and number[0] != "0" for number in numbers)
