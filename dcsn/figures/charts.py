"""Tables as SVG, drawn on the server by pygal and freed from what our pages do not allow.

pygal writes a style sheet, a script and tooltips into its pictures. Those are taken out: the colours and the
letters come from our own style sheet (``_numbers.scss``), so that the picture follows the reader's choice of
colours, prints, and needs no exception in the content security policy. Each row of bars has a pattern of its
own besides its colour, and its numbers stand in the table beside it.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import cache
from typing import Any
from xml.etree import ElementTree as ET

import pygal
from django.utils.safestring import SafeString, mark_safe
from pygal.style import Style

from dcsn.figures.shapes import Chart, Missing, Pence, Share, Table, Value

# pygal puts a finder for its plug-ins (maps, which are not used here) among Python's importers. It is of a
# kind that Python 3.12 no longer knows, and warns at every module that is not found.
sys.meta_path[:] = [finder for finder in sys.meta_path if type(finder).__module__ != "pygal"]

SVG = "http://www.w3.org/2000/svg"
WIDTH = 480
LETTERS = 18
# The most lines that a picture shows; the table beside it has all.
MOST_BARS = 12
# The most columns that all have a label.
MOST_LABELS = 14
_PATTERNS = ("plain", "hatched", "dotted")
# A line is told from another by its dashes, whoever looks and however it is printed.
_DASHES = ("", "12 6", "2 6", "14 5 2 5", "6 4", "1 4")


@cache
def _style() -> Style:
    # Only the sizes: pygal lays the picture out by them.
    return Style(
        font_family="sans-serif",
        label_font_size=LETTERS,
        major_label_font_size=LETTERS,
        value_font_size=LETTERS,
        value_label_font_size=LETTERS,
        legend_font_size=LETTERS,
    )


def picture_of(table: Table) -> SafeString:
    """The table as SVG to put into a page; nothing when there is nothing to draw."""
    lines = table.lines[:MOST_BARS] if table.chart is Chart.BARS else table.lines
    if table.chart is Chart.NONE or table.is_empty:
        return SafeString("")
    labels = [line.label for line in lines]
    if table.chart is Chart.BARS:
        # pygal draws from below.
        chart = _chart(
            pygal.HorizontalBar,
            height=40 * len(lines) + 12,
            print_values=True,
            **_unit(table),
        )
        chart.x_labels = [_short(label) for label in reversed(labels)]
        chart.add(table.columns[0], [_bar(line.cells[0]) for line in reversed(lines)])
        # Room for the numbers, which stand at the ends of the bars.
        chart.range = (0, max(_bar(line.cells[0]) or 0 for line in lines) * 1.35)
    elif table.chart is Chart.COLUMNS:
        # Of many months only every third is named: more would write over each other.
        some = {"x_labels_major_every": 3, "show_minor_x_labels": False}
        chart = _chart(
            pygal.Bar, height=300, **_unit(table), **(some if len(lines) > MOST_LABELS else {})
        )
        chart.x_labels = labels
        # Years fit below their columns; whatever is longer is set aslant.
        chart.x_label_rotation = 0 if max(map(len, labels)) <= 6 and len(lines) <= 8 else 45
        chart.add(table.columns[0], [_bar(line.cells[0]) for line in lines])
    elif table.chart is Chart.LINES:
        chart = _chart(pygal.Line, height=520, show_legend=True, dots_size=5, **_unit(table))
        chart.legend_at_bottom_columns = 1
        # Aslant: a level label at either end would stand half outside the picture.
        chart.x_labels, chart.x_label_rotation = labels, 45
        if table.scale is not None:
            chart.range = table.scale
        for n, column in enumerate(table.columns):
            # A question that was left is a gap, not a nought.
            chart.add(column, [_point(line.cells[n]) for line in lines])
    else:
        chart = _chart(pygal.StackedBar, height=380, show_legend=True, **_unit(table))
        chart.x_labels, chart.x_label_rotation = labels, 45
        for n, column in enumerate(table.columns):
            chart.add(column, [_bar(line.cells[n]) for line in lines])
    return _freed(chart.render_tree(), table)


def _chart(kind: Any, *, height: int, **options: Any) -> Any:
    settings: dict[str, Any] = {
        "style": _style(),
        "width": WIDTH,
        "height": height,
        "margin": 4,
        "show_legend": False,
        "legend_at_bottom": True,
        "legend_at_bottom_columns": 3,
        "legend_box_size": 16,
        "truncate_legend": -1,
        "truncate_label": -1,
        "print_values_position": "top",
        "include_x_axis": True,
        "max_scale": 5,
        "integers": True,
        "js": [],
    }
    return kind(**{**settings, **options})


def _bar(value: Value) -> int | None:
    if isinstance(value, Share):
        return value.percent
    return None if isinstance(value, Missing) else int(value)


def _point(value: Value) -> float | None:
    return (
        None
        if isinstance(value, Missing)
        else float(_bar(value) or 0 if isinstance(value, Share) else value)
    )


def _unit(table: Table) -> dict[str, Any]:
    """How a number of this table is written at its bar or axis."""
    cells = [cell for line in table.lines for cell in line.cells]
    if any(isinstance(cell, Pence) for cell in cells):
        return {"value_formatter": lambda value: str(Pence(round(value)))}
    if any(isinstance(cell, Share) for cell in cells):
        return {"value_formatter": lambda value: f"{round(value)}%"}
    return {}


def _short(label: str) -> str:
    """A label that leaves room for its bar; the whole of it stands in the table."""
    return label if len(label) <= 26 else f"{label[:25].rstrip()}…"


def _freed(tree: Any, table: Table) -> SafeString:
    """Out with style sheets, scripts, tooltips and words that pygal repeats; patterns and a name in."""
    root = ET.fromstring(_text_of(tree))  # noqa: S314 - our own picture
    _strip(root)
    if table.chart is Chart.BARS:
        # The numbers stand at the bars: an axis has nothing to add.
        for axis in root.iter(_tag("g")):
            if axis.get("class", "").startswith("axis x"):
                axis.clear()
    name, said = f"{table.key}-name", f"{table.key}-said"
    for attribute in list(root.attrib):
        if attribute != "viewBox":
            del root.attrib[attribute]
    root.set("class", "chart")
    root.set("role", "img")
    root.set("aria-labelledby", f"{name} {said}")
    root.set("focusable", "false")
    title, description = ET.Element(_tag("title"), id=name), ET.Element(_tag("desc"), id=said)
    title.text, description.text = table.title, _sentence(table)
    root[0:0] = [title, description, _patterns(table.key)]
    if table.chart is Chart.LINES:
        _dash(root)
    else:
        _fill(root, table)
    ET.register_namespace("", SVG)
    text = ET.tostring(root, encoding="unicode")
    # Every text in it was escaped by the serialiser.
    return mark_safe(text)  # noqa: S308


def _text_of(tree: Any) -> str:
    """pygal builds with lxml where that is installed and with the standard library where it is not."""
    if hasattr(tree, "getroottree"):
        from lxml import etree

        return str(etree.tostring(tree, encoding="unicode"))
    return ET.tostring(tree, encoding="unicode")


def _tag(name: str) -> str:
    return f"{{{SVG}}}{name}"


_AWAY = {_tag(name) for name in ("style", "script", "desc", "title", "defs")}


def _strip(element: ET.Element) -> None:
    for child in list(element):
        kind = child.get("class", "")
        if child.tag in _AWAY or "tooltip" in kind.split("-") or kind == "background":
            element.remove(child)
            continue
        if "tooltip-overlay" in kind:
            element.remove(child)
            continue
        for attribute in ("style", "id"):
            child.attrib.pop(attribute, None)
        _strip(child)


def _patterns(key: str) -> ET.Element:
    defs = ET.Element(_tag("defs"))
    for name, shape in (
        ("hatched", "M0,8 L8,0"),
        ("dotted", "M3,4 a1,1 0 1,0 2,0 a1,1 0 1,0 -2,0"),
    ):
        pattern = ET.SubElement(
            defs,
            _tag("pattern"),
            {"id": f"{key}-{name}", "width": "8", "height": "8", "patternUnits": "userSpaceOnUse"},
        )
        ET.SubElement(
            pattern,
            _tag("path"),
            {"d": shape, "stroke": "currentColor", "stroke-width": "2", "fill": "none"},
        )
    return defs


def _fill(root: ET.Element, table: Table) -> None:
    """Give each row of bars, and its square in the legend, the pattern of its number."""
    for element in root.iter(_tag("text")):
        if "value" in element.get("class", "").split() and table.chart is Chart.BARS:
            element.set("text-anchor", "start")
            element.set("x", str(float(element.get("x", "0")) - LETTERS / 3))
    for element in root.iter():
        kinds = element.get("class", "").split()
        number = next(
            (int(k[6:]) for k in kinds if k.startswith("color-") and k[6:].isdigit()), None
        )
        if number is None:
            continue
        rects = [element] if element.tag == _tag("rect") else list(element.iter(_tag("rect")))
        pattern = _PATTERNS[number % len(_PATTERNS)]
        for rect in rects:
            rect.set("class", f"chart-{pattern}")
            if pattern != "plain":
                rect.set("fill", f"url(#{table.key}-{pattern})")


def _number_of(element: ET.Element) -> int | None:
    """Which row of numbers something of the picture belongs to."""
    kinds = element.get("class", "").split()
    return next((int(k[6:]) for k in kinds if k.startswith("color-") and k[6:].isdigit()), None)


def _dash(root: ET.Element) -> None:
    """Give each line, and its piece in the legend, the dashes of its number."""
    stroke = {"fill": "none", "stroke": "currentColor", "stroke-width": "3"}
    for element in root.iter():
        number = _number_of(element)
        if number is None:
            continue
        dashes = {"stroke-dasharray": _DASHES[number % len(_DASHES)]}
        dashes = dashes if dashes["stroke-dasharray"] else {}
        for path in element.iter(_tag("path")):
            path.attrib.update({"class": "chart-line", **stroke, **dashes})
        for dot in element.iter(_tag("circle")):
            dot.attrib.update({"class": "chart-dot", "fill": "currentColor"})
    for legend in root.iter(_tag("g")):
        number = next((n for one in legend if (n := _number_of(one)) is not None), None)
        if "legend" not in legend.get("class", "").split() or number is None:
            continue
        for square in legend.findall(_tag("rect")):
            middle = float(square.get("y", "0")) + float(square.get("height", "0")) / 2
            left, width = float(square.get("x", "0")), float(square.get("width", "0"))
            square.tag = _tag("path")
            dash = _DASHES[number % len(_DASHES)]
            square.attrib = {
                "class": "chart-line",
                "d": f"M{left - width},{middle} L{left + width},{middle}",
                **stroke,
                **({"stroke-dasharray": dash} if dash else {}),
            }


def _sentence(table: Table) -> str:
    """What somebody hears who cannot see the picture: its numbers, as the table has them."""
    parts = []
    for line in table.lines[:MOST_BARS]:
        said: Sequence[str] = line.cells_said()
        if len(said) > 1 and table.chart in (Chart.STACKED, Chart.LINES):
            named = zip(table.columns, said, strict=True)
            parts.append(f"{line.label}: " + ", ".join(f"{n} {v}" for n, v in named))
        else:
            parts.append(f"{line.label}: {said[0]}")
    return "; ".join(parts)
