"""Whether a PDF draws the letters that it says: its own fonts held against the typeface."""

from __future__ import annotations

import io
import re

import pikepdf
from fontTools.pens.boundsPen import BoundsPen
from fontTools.ttLib import TTFont

from dcsn.printing import fonts


def _box(font: TTFont, glyph: str) -> tuple[int, ...] | None:
    pen = BoundsPen(font.getGlyphSet())
    font.getGlyphSet()[glyph].draw(pen)
    return None if pen.bounds is None else tuple(round(edge) for edge in pen.bounds)


def _says(font: pikepdf.Object) -> dict[int, str]:
    """Glyph number to the character that copying it gives."""
    table = font.ToUnicode.read_bytes().decode("latin-1")
    found = {}
    for block in re.findall(r"beginbfchar(.*?)endbfchar", table, re.S):
        for code, text in re.findall(r"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>", block):
            found[int(code, 16)] = bytes.fromhex(text).decode("utf-16-be")
    return found


def letters_drawn(data: bytes) -> tuple[set[str], list[str]]:
    """(the letters compared, those whose outline is another's) for every font of our typeface."""
    source = {weight: TTFont(fonts.font_path(weight)) for weight in (fonts.REGULAR, fonts.BOLD)}
    compared: set[str] = set()
    wrong: list[str] = []
    with pikepdf.open(io.BytesIO(data)) as pdf:
        seen = set()
        for page in pdf.pages:
            for font in page.Resources.Font.values():
                name = str(font.BaseFont)
                ours = "Atkinson" in name or "DcsnStamp" in name
                if not ours or font.objgen in seen:
                    continue
                seen.add(font.objgen)
                bold = "Bold" in name or name == "/ABCDEG+DcsnStamp"
                whole = source[fonts.BOLD if bold else fonts.REGULAR]
                file = font.DescendantFonts[0].FontDescriptor.FontFile2.read_bytes()
                embedded = TTFont(io.BytesIO(file))
                order = embedded.getGlyphOrder()
                for number, letter in _says(font).items():
                    glyph = whole.getBestCmap().get(ord(letter[0])) if len(letter) == 1 else None
                    if glyph is None:
                        continue
                    compared.add(letter)
                    if number >= len(order) or _box(embedded, order[number]) != _box(whole, glyph):
                        wrong.append(f"{letter} in {name}")
    return compared, wrong
