"""Links and buttons stand out by 7:1 or more in every choice of colours (WCAG AAA, 1.4.6)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

SCSS = Path(settings.BASE_DIR) / "static/scss"


def luminance(colour: str) -> float:
    """Relative luminance of "#rrggbb" (WCAG 2.2)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def colours(theme: str) -> dict[str, str]:
    """The values a reader gets: the standard ones, then what the theme puts in their place."""
    text = (SCSS / "portal.scss").read_text()
    found = {
        f"govuk-{name}-colour": value
        for name, value in re.findall(r"^    ([a-z-]+): (#[0-9a-f]{6})", text, re.MULTILINE)
    }
    found["govuk-body-background-colour"] = "#ffffff"
    found["govuk-inverse-text-colour"] = "#ffffff"
    rules = (SCSS / "_colours.scss").read_text()
    for selector in (":root", theme):
        start = rules.index(f"{selector} {{")
        block = rules[start : rules.index("\n}", start)]
        found |= dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", block))
    return found


PAIRS = [
    ("govuk-text-colour", "govuk-body-background-colour"),
    ("govuk-secondary-text-colour", "govuk-body-background-colour"),
    ("govuk-link-colour", "govuk-body-background-colour"),
    ("govuk-link-visited-colour", "govuk-body-background-colour"),
    ("govuk-link-hover-colour", "govuk-body-background-colour"),
    ("govuk-error-colour", "govuk-body-background-colour"),
    ("govuk-success-colour", "govuk-body-background-colour"),
    ("govuk-link-colour", "panel"),
    ("govuk-link-visited-colour", "panel"),
    ("govuk-text-colour", "panel"),
    ("govuk-secondary-text-colour", "panel"),
    ("button-text", "button"),
    ("button-text", "button-hover"),
    ("second-button-text", "second-button"),
    ("second-button-text", "second-button-hover"),
    ("header-text", "header"),
    ("banner-text", "banner"),
    # Panels and notices that fill an area with a colour.
    ("govuk-inverse-text-colour", "govuk-success-colour"),
    ("govuk-inverse-text-colour", "govuk-brand-colour"),
]


@pytest.mark.parametrize("theme", [":root", ".colours-yellow", ".colours-dark"])
@pytest.mark.parametrize(("front", "back"), PAIRS)
def test_seven_to_one(theme: str, front: str, back: str) -> None:
    values = colours(theme)
    ratio = contrast(values[front], values[back])
    assert ratio >= 7, f"{front} {values[front]} on {back} {values[back]} in {theme}: {ratio:.2f}"


def test_the_measure_itself() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)
