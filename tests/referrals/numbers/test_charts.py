"""Pictures of tables: no style or script of their own, a name, and never colour alone."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest

from dcsn.figures.charts import MOST_BARS, picture_of
from referrals.numbers.shapes import Chart, Line, Missing, Table

SVG = "{http://www.w3.org/2000/svg}"


def drawn(text: str) -> ET.Element:
    return ET.fromstring(text)  # noqa: S314 - our own picture


def table(chart: Chart, lines: int = 3, columns: tuple[str, ...] = ("Sent",)) -> Table:
    return Table(
        key="sent",
        title="Referrals <sent> & seen",
        counted="all",
        head="Month",
        columns=columns,
        lines=tuple(
            Line(f"Line {n} with <b>", tuple(10 + n * c for c, _name in enumerate(columns, 1)))
            for n in range(lines)
        ),
        chart=chart,
    )


@pytest.mark.parametrize("chart", [Chart.BARS, Chart.COLUMNS, Chart.STACKED])
def test_nothing_in_it_needs_an_exception_from_the_content_security_policy(chart):
    text = picture_of(table(chart, columns=("a", "b", "c")))
    root = drawn(text)
    for element in root.iter():
        assert element.tag not in (f"{SVG}style", f"{SVG}script", f"{SVG}a", f"{SVG}foreignObject")
        for name, value in element.attrib.items():
            assert name != "style"
            assert not name.startswith("on")
            assert "javascript" not in value.lower()
            assert "http" not in value
    assert "Kozea" not in text


def test_it_has_a_name_and_says_its_numbers_and_escapes_what_people_wrote():
    text = picture_of(table(Chart.BARS))
    root = drawn(text)
    assert root.get("role") == "img"
    ids = root.get("aria-labelledby", "").split()
    said = {element.get("id"): element.text for element in root.iter() if element.get("id")}
    assert said[ids[0]] == "Referrals <sent> & seen"
    assert "Line 2 with <b>: 12" in said[ids[1]]
    assert "<b>" not in text
    assert root.get("width") is None  # as wide as there is room


def test_each_row_of_bars_has_a_pattern_of_its_own_and_so_has_the_legend():
    root = drawn(picture_of(table(Chart.STACKED, columns=("By themselves", "With", "For"))))
    rects = [one for one in root.iter(f"{SVG}rect") if one.get("class")]
    kinds = {one.get("class"): one.get("fill") for one in rects}
    assert kinds == {
        "chart-plain": None,
        "chart-hatched": "url(#sent-hatched)",
        "chart-dotted": "url(#sent-dotted)",
    }
    patterns = {one.get("id") for one in root.iter(f"{SVG}pattern")}
    assert patterns == {"sent-hatched", "sent-dotted"}
    # Three bars of each, and a square in the legend.
    assert len(rects) == 3 * 4
    words = " ".join("".join(one.itertext()) for one in root.iter(f"{SVG}text"))
    assert "By themselves" in words


def test_ids_in_a_page_with_several_pictures_differ():
    one = picture_of(table(Chart.STACKED, columns=("a", "b")))
    ids = re.findall(r' id="([^"]+)"', one)
    assert len(ids) == len(set(ids))
    assert all(found.startswith("sent-") for found in ids)


def test_a_hidden_line_has_no_bar_and_long_tables_are_cut_to_their_first():
    whole = table(Chart.BARS, lines=40)
    hidden = whole.with_lines([Line("Few", (Missing.HIDDEN,)), *whole.lines], None)
    root = drawn(picture_of(hidden))
    bars = [one for one in root.iter(f"{SVG}rect") if one.get("class") == "chart-plain"]
    assert len(bars) == MOST_BARS - 1


def test_nothing_is_drawn_of_nothing():
    assert picture_of(table(Chart.BARS, lines=0)) == ""
    assert picture_of(table(Chart.NONE)) == ""
