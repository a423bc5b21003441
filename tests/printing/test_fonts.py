"""The merged typeface: every letter is drawn as itself, and it is only built when an input changed."""

from __future__ import annotations

import io
import subprocess
import sys

import pikepdf
import pytest
from fontTools.ttLib import TTFont

from dcsn.printing import PrintSize, fonts, render_pdf
from dcsn.printing.apps import check_fonts

NAMES = "Tŷ Gŵyr Łódź Zażółć gęślą jaźń Ștefan Țară Éire ğ ő ű č ř ž £ € – “ ”"


@pytest.mark.parametrize("weight", fonts.WEIGHTS)
def test_has_welsh_polish_romanian_and_other_letters(weight):
    fonts.require()
    known = TTFont(fonts.font_path(weight)).getBestCmap()
    assert [c for c in NAMES if ord(c) not in known] == []


@pytest.mark.parametrize("weight", fonts.WEIGHTS)
def test_glyphs_are_those_of_the_split_files(weight):
    """Width and outline of each letter in the merged font equal those of the file it came from."""
    fonts.require()
    merged = TTFont(fonts.font_path(weight))
    for source in reversed([TTFont(path) for path in fonts._inputs(weight)]):
        for character in NAMES:
            name = source.getBestCmap().get(ord(character))
            if name is None:
                continue
            mine = merged.getBestCmap()[ord(character)]
            assert merged["hmtx"][mine][0] == source["hmtx"][name][0], character
            assert _box(merged, mine) == _box(source, name), character


def _box(font: TTFont, name: str) -> tuple[int, ...]:
    glyph = font["glyf"][name]
    glyph.recalcBounds(font["glyf"])
    return tuple(getattr(glyph, side, 0) for side in ("xMin", "yMin", "xMax", "yMax"))


def test_the_printed_glyphs_have_the_widths_of_the_letters():
    """The bug that this guards against: right text when copied, wrong letters on paper."""
    data = render_pdf(
        "tests/sheet.html",
        {"entries": [{"name": "Tŷ Gŵyr", "phone": "1", "text": "Łódź ŵŷ", "where": "Ș"}]},
        size=PrintSize.LARGE,
        title="Ŵŷ",
    )
    whole = {
        "Atkinson-Hyperlegible-Next": TTFont(fonts.font_path(fonts.REGULAR)),
        "Atkinson-Hyperlegible-Next-Bold": TTFont(fonts.font_path(fonts.BOLD)),
    }
    compared = 0
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for font in pdf.pages[0].Resources.Font.values():
            name = str(font.BaseFont).split("+")[-1]
            if name not in whole:
                continue
            drawn = TTFont(
                io.BytesIO(font.DescendantFonts[0].FontDescriptor.FontFile2.read_bytes())
            )
            source = whole[name]
            widths = {
                drawn["hmtx"][glyph][0]
                for glyph in drawn.getGlyphOrder()
                if drawn["glyf"][glyph].numberOfContours
            }
            letters = "ŷŵ" if name.endswith("Bold") else "Łóźŵŷ"
            for letter in letters:
                assert source["hmtx"][source.getBestCmap()[ord(letter)]][0] in widths, letter
                compared += 1
    assert compared == 7


def test_a_second_build_writes_nothing():
    fonts.build()
    before = fonts.font_path(400).stat().st_mtime_ns
    out = subprocess.run(
        [sys.executable, "-m", "dcsn.printing.fonts"], capture_output=True, text=True, check=True
    ).stdout
    assert out == "Print fonts are up to date.\n"
    assert fonts.font_path(400).stat().st_mtime_ns == before


def test_a_changed_input_is_merged_anew(tmp_path, monkeypatch):
    monkeypatch.setattr(fonts, "BUILT_DIR", tmp_path)
    assert fonts.build() is True
    assert fonts.build() is False
    (tmp_path / fonts.STAMP_NAME).write_text('{"signature": "of older files"}')
    assert fonts.build() is True
    assert (tmp_path / "LICENSE.txt").read_text().count("SIL Open Font License") >= 1


def test_the_check_before_deployment_says_that_they_are_missing(tmp_path, monkeypatch):
    fonts.require()
    assert check_fonts(None) == []
    monkeypatch.setattr(fonts, "BUILT_DIR", tmp_path)
    assert [message.id for message in check_fonts(None)] == ["printing.W001"]


def test_says_what_to_do_when_the_package_is_missing(tmp_path, monkeypatch):
    monkeypatch.setattr(fonts, "PACKAGE_DIR", tmp_path)
    with pytest.raises(fonts.PrintError, match="npm ci"):
        fonts.build()
