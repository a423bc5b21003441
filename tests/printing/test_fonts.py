"""The merged typeface: every letter is drawn as itself, and it is only built when an input changed."""

from __future__ import annotations

import shutil
import subprocess
import sys

import pytest
from fontTools.ttLib import TTFont

from dcsn.printing import PrintSize, fonts, press, render_pdf
from dcsn.printing.apps import check_fonts
from tests.printing.embedded import letters_drawn

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


def print_names() -> bytes:
    return render_pdf(
        "tests/sheet.html",
        {"entries": [{"name": NAMES, "phone": "01632 960 123", "text": NAMES, "where": NAMES}] * 4},
        size=PrintSize.GIANT,
        title="Tŷ Gŵyr",
    )


def test_every_letter_is_drawn_as_itself():
    """The bug that this guards against: right text when copied, wrong letters on paper."""
    compared, wrong = letters_drawn(print_names())
    assert wrong == []
    assert set(NAMES) - {" "} <= compared


def test_the_split_web_fonts_would_print_wrong_letters(monkeypatch):
    """The control: without the merged files the check above does find wrong letters."""
    folder = fonts.BUILT_DIR / "split-for-a-test"
    folder.mkdir(exist_ok=True)
    faces = ""
    try:
        for weight in fonts.WEIGHTS:
            for source in fonts._inputs(weight):
                font = TTFont(source)
                font.flavor = None
                font.save(folder / f"{source.stem}.ttf")
                faces += (
                    f"@font-face{{font-family:'{fonts.FAMILY}';font-weight:{weight};"
                    f"src:url('/static/built/print/{folder.name}/{source.stem}.ttf')}}"
                )
        monkeypatch.setattr(press, "_font_faces", lambda static_path: faces)
        monkeypatch.setattr(press, "_presses", {})
        compared, wrong = letters_drawn(print_names())
    finally:
        shutil.rmtree(folder)
    assert compared
    assert len(wrong) > 5


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
