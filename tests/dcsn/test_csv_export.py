"""Files for spreadsheets: nothing that somebody typed is run as a formula."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dcsn.csv_export import csv_response, csv_text, safe_cell


def read_back(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


@pytest.mark.parametrize(
    "typed",
    [
        "=HYPERLINK(\"http://bad.example\")",
        "+44 1632 960 000",
        "-2+3",
        "@SUM(A1)",
        "\tTab",
        "\rReturn",
        "\nNew line",
        "＝1+1",
        "  =1+1",
        "\u00a0@x",
    ],
)  # fmt: skip
def test_what_a_spreadsheet_would_run_is_made_text(typed):
    assert safe_cell(typed) == f"'{typed}"
    assert read_back(csv_text(["name"], [[typed]]))[1] == [f"'{typed}"]


def test_numbers_stay_numbers_and_dates_are_plain():
    moment = datetime(2026, 7, 1, 11, 5, tzinfo=UTC)
    assert [safe_cell(value) for value in (-3, 2.5, Decimal("-0.10"), None, True)] == [
        -3, 2.5, Decimal("-0.10"), "", "yes",
    ]  # fmt: skip
    assert safe_cell(date(2026, 2, 1)) == "2026-02-01"
    assert safe_cell(moment) == "2026-07-01 12:05"


def test_ordinary_names_are_left_as_they_are():
    for name in ("O’Brien-Smith", "Łucja", "a=b", "", "3 Harebell Row, flat -1"):
        assert safe_cell(name) == name


@given(st.text(max_size=30))
def test_no_text_whatever_begins_like_a_formula(typed):
    cell = str(safe_cell(typed))
    assert not cell.lstrip(" \u00a0\u200b\ufeff").startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


def test_commas_quotes_and_lines_come_back_whole():
    rows = [["a, b", 'say "yes"', "two\nlines"]]
    assert read_back(csv_text(["x", "y", "z"], rows))[1] == rows[0]


def test_the_file_is_one_to_save_and_excel_knows_its_letters():
    response = csv_response("people.csv", ["name"], [["Łucja"]])
    assert response["Content-Disposition"] == 'attachment; filename="people.csv"'
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response.content.startswith(b"\xef\xbb\xbf")
