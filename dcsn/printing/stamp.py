"""Headers, footers and tinted paper, laid over finished pages as artifacts.

WeasyPrint writes its own margin boxes as tagged content that hangs in no tag tree (its issue 1836), so a
screen reader meets "Page 3" in the middle of a sentence or not at all. Here they are stamped on the
finished page as PDF artifacts, which every reader skips, and at the size of the body text (rule P4).
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import Any

import pikepdf
from fontTools import subset
from fontTools.ttLib import TTFont
from pikepdf import Array, Dictionary, Name, String

from dcsn.printing import fonts
from dcsn.printing.press import A4_HEIGHT, A4_WIDTH, EDGE, SIDE_MARGIN, PageShape

# Subsets are kept for a process; these characters are in every one, so most sheets share one subset.
USUAL = frozenset(chr(code) for code in range(0x20, 0x7F)) | frozenset("£–—‘’“”…\u00a0")
TEXT_WIDTH = A4_WIDTH - 2 * SIDE_MARGIN
GAP = 0.5  # em between the left and the right piece of a footer line


@dataclass(frozen=True)
class _Subset:
    """One weight cut down to some characters: the font file, and each glyph's number and width."""

    data: bytes
    glyphs: dict[str, int]
    widths: list[int]
    box: list[int]
    ascent: int
    descent: int


@lru_cache(maxsize=64)
def _subset(weight: int, characters: frozenset[str]) -> _Subset:
    font = TTFont(fonts.font_path(weight))
    options = subset.Options()
    options.layout_features = []  # stamped text is set letter by letter, without kerning
    options.notdef_outline = True
    maker = subset.Subsetter(options)
    maker.populate(text="".join(sorted(characters)))
    maker.subset(font)
    out = io.BytesIO()
    font.save(out)
    font = TTFont(io.BytesIO(out.getvalue()))
    scale = 1000 / font["head"].unitsPerEm
    order = font.getGlyphOrder()
    head, metrics = font["head"], font["hmtx"]
    return _Subset(
        data=out.getvalue(),
        glyphs={chr(code): order.index(name) for code, name in font.getBestCmap().items()},
        widths=[round(metrics[name][0] * scale) for name in order],
        box=[round(v * scale) for v in (head.xMin, head.yMin, head.xMax, head.yMax)],
        ascent=round(font["hhea"].ascent * scale),
        descent=round(font["hhea"].descent * scale),
    )


class StampFont:
    """One weight of the typeface with the characters that some stamped lines need."""

    def __init__(self, weight: int, texts: Sequence[str]) -> None:
        self.weight = weight
        self.subset = _subset(weight, USUAL | frozenset("".join(texts)))

    def width(self, text: str, size: float) -> float:
        return sum(self.subset.widths[self._glyph(c)] for c in text) * size / 1000

    def encode(self, text: str) -> str:
        """``text`` as the hexadecimal glyph numbers that a ``Tj`` takes."""
        return "<" + "".join(f"{self._glyph(c):04x}" for c in text) + ">"

    def _glyph(self, character: str) -> int:
        # A letter that the typeface has not (Arabic, say) shows as the empty box, never as another.
        return self.subset.glyphs.get(character, 0)

    def wrap(self, text: str, size: float, width: float = TEXT_WIDTH) -> list[str]:
        """``text`` as lines no wider than ``width``; a single longer word is broken where it must."""
        lines: list[str] = []
        for word in text.split(" "):
            longer = f"{lines[-1]} {word}" if lines else word
            if self.width(longer, size) <= width:
                lines[-1:] = [longer]
                continue
            lines.append("")
            for character in word:
                if self.width(lines[-1] + character, size) > width:
                    lines.append("")
                lines[-1] += character
        return [line for line in lines if line]

    def embed(self, pdf: pikepdf.Pdf) -> pikepdf.Object:
        """The font as an object of ``pdf``: Type0, Identity-H, with its way back to Unicode."""
        cut = self.subset
        name = Name(f"/{'ABCDEF' if self.weight == fonts.REGULAR else 'ABCDEG'}+DcsnStamp")
        file = pdf.make_stream(cut.data)
        file.Length1 = len(cut.data)
        descriptor = pdf.make_indirect(
            Dictionary(
                Type=Name.FontDescriptor,
                FontName=name,
                Flags=4,
                FontBBox=cut.box,
                ItalicAngle=0,
                Ascent=cut.ascent,
                Descent=cut.descent,
                CapHeight=668,
                StemV=80 if self.weight == fonts.REGULAR else 140,
                FontFile2=file,
            )
        )
        descendant = pdf.make_indirect(
            Dictionary(
                Type=Name.Font,
                Subtype=Name.CIDFontType2,
                BaseFont=name,
                CIDSystemInfo=Dictionary(
                    Registry=String("Adobe"), Ordering=String("Identity"), Supplement=0
                ),
                FontDescriptor=descriptor,
                W=Array([0, Array(cut.widths)]),
                DW=1000,
                CIDToGIDMap=Name.Identity,
            )
        )
        return pdf.make_indirect(
            Dictionary(
                Type=Name.Font,
                Subtype=Name.Type0,
                BaseFont=name,
                Encoding=Name("/Identity-H"),
                DescendantFonts=Array([descendant]),
                ToUnicode=pdf.make_stream(_to_unicode(cut.glyphs)),
            )
        )


def _to_unicode(glyphs: dict[str, int]) -> bytes:
    """The table that lets text be copied; at most 100 lines to a block (PDF 9.10.3)."""
    rows = [f"<{g:04x}> <{c.encode('utf-16-be').hex()}>" for c, g in sorted(glyphs.items())]
    blocks = [rows[i : i + 100] for i in range(0, len(rows), 100)]
    body = "\n".join(
        f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks
    )
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        "1 begincodespacerange\n<0000> <ffff>\nendcodespacerange\n"
        f"{body}\nendcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"
    ).encode()


@dataclass(frozen=True)
class Frame:
    """What stands around the text of every page.

    ``footer`` is the help line (bold, left of the page number), ``notice`` a line above it (say, that
    this is demonstration data), ``page_words`` how a page is named ("Page {page} of {pages}").
    """

    size: int
    footer: str = ""
    notice: str = ""
    page_words: str = "Page {page} of {pages}"
    background: tuple[float, float, float] | None = None
    headers: tuple[str, ...] = ()  # every running header that may be stamped: fixes the characters
    most_pages: int = 88  # the widest page number that the footer must hold
    _fonts: list[StampFont] = field(default_factory=list, compare=False, repr=False)

    @property
    def regular(self) -> StampFont:
        return self._font(0)

    @property
    def bold(self) -> StampFont:
        return self._font(1)

    def _font(self, number: int) -> StampFont:
        if not self._fonts:
            self._fonts.append(StampFont(fonts.REGULAR, [self.notice, self.page_words]))
            self._fonts.append(StampFont(fonts.BOLD, [self.footer, *self.headers]))
        return self._fonts[number]

    def page_name(self, page: int, pages: int) -> str:
        return self.page_words.format(page=page, pages=pages)

    def header_lines(self, header: str) -> list[str]:
        """A running header on at most two lines: longer, it would take the room of the text."""
        lines = self.bold.wrap(header, self.size) if header else []
        return lines if len(lines) <= 2 else [lines[0], lines[1].rstrip(" ,.;:") + "…"]

    def footer_rows(self) -> list[tuple[str, bool]]:
        """(text, bold) from the top down; the page's number goes on the last row, at the right."""
        rows = [(line, False) for line in self.regular.wrap(self.notice, self.size) if line]
        rows += [(line, True) for line in self.bold.wrap(self.footer, self.size) if line]
        # How much room the text has must be known before the pages are counted.
        widest = self.regular.width(self.page_name(self.most_pages, self.most_pages), self.size)
        if not rows:
            return [("", False)]
        last, is_bold = rows[-1]
        font = self.bold if is_bold else self.regular
        if font.width(last, self.size) + GAP * self.size + widest > TEXT_WIDTH:
            rows.append(("", False))
        return rows

    def shape(self) -> PageShape:
        """The margins that this frame needs."""
        headers = max([len(self.header_lines(h)) for h in self.headers], default=0)
        return PageShape(
            size=self.size, header_lines=max(1, headers), footer_lines=len(self.footer_rows())
        )

    def before(self) -> bytes:
        """Content for below the text: the paper's tint."""
        tint = ""
        if self.background:
            colour = " ".join(f"{part:g}" for part in self.background)
            tint = (
                "/Artifact <</Type /Background>> BDC\n"
                f"{colour} rg 0 0 {A4_WIDTH} {A4_HEIGHT} re f\nEMC\n"
            )
        return f"q\n{tint}Q\nq\n".encode()

    def after(self, *, page: int, pages: int, header: str) -> bytes:
        """Content for above the text; closes what ``before`` opened."""
        shape = self.shape()
        out = ["Q"]
        head = [
            self._text("B", line, SIDE_MARGIN, A4_HEIGHT - EDGE - shape.size - n * shape.line)
            for n, line in enumerate(self.header_lines(header))
        ]
        if head:
            out.append(_artifact("Header", head))
        rows = self.footer_rows()
        foot = []
        for number, (text, is_bold) in enumerate(rows):
            y = EDGE + (len(rows) - 1 - number) * shape.line
            if text:
                foot.append(self._text("B" if is_bold else "R", text, SIDE_MARGIN, y))
        name = self.page_name(page, pages)
        x = A4_WIDTH - SIDE_MARGIN - self.regular.width(name, self.size)
        foot.append(self._text("R", name, x, EDGE))
        out.append(_artifact("Footer", foot))
        return ("\n".join(out) + "\n").encode()

    def _text(self, face: str, text: str, x: float, y: float) -> str:
        font = self.bold if face == "B" else self.regular
        return f"q 0 g BT /DcsnStamp{face} {self.size} Tf {x:.2f} {y:.2f} Td {font.encode(text)} Tj ET Q"


def _artifact(kind: str, lines: Sequence[str]) -> str:
    return f"/Artifact <</Type /Pagination /Subtype /{kind}>> BDC\n" + "\n".join(lines) + "\nEMC"


class Stamper:
    """Stamps one frame on the pages of one PDF."""

    def __init__(self, pdf: pikepdf.Pdf, frame: Frame) -> None:
        self.pdf = pdf
        self.frame = frame
        self._regular = frame.regular.embed(pdf)
        self._bold = frame.bold.embed(pdf)
        self._before = pdf.make_indirect(pdf.make_stream(frame.before()))

    def stamp(self, page: Any, *, number: int, pages: int, header: str) -> None:
        """Stamp one page object (a dictionary, as in ``pdf.pages[0].obj``)."""
        resources = page.Resources
        if "/Font" not in resources:
            resources.Font = Dictionary()
        resources.Font[Name.DcsnStampR] = self._regular
        resources.Font[Name.DcsnStampB] = self._bold
        after = self.pdf.make_stream(self.frame.after(page=number, pages=pages, header=header))
        old = page.Contents
        middle = list(old) if isinstance(old, Array) else [old]
        page.Contents = Array([self._before, *middle, after])


def stamp_sheet(data: bytes, frame: Frame, *, header: str, begins: Sequence[int] = ()) -> bytes:
    """A finished small PDF with its frame; the header is not repeated above the first page's heading.

    ``begins``: the pages, counted from 0, on which a letter of a run begins; each counts its own.
    """
    with pikepdf.open(io.BytesIO(data)) as pdf:
        stamper = Stamper(pdf, frame)
        edges = sorted({0, *begins, len(pdf.pages)})
        for first, end in pairwise(edges):
            for number in range(1, end - first + 1):
                stamper.stamp(
                    pdf.pages[first + number - 1].obj,
                    number=number,
                    pages=end - first,
                    header=header if number > 1 else "",
                )
        out = io.BytesIO()
        pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        return out.getvalue()
