"""Joining laid-out shards into one PDF that keeps tags, links, outline and page numbers.

No tool at hand merges tagged PDFs: qpdf, pikepdf and pypdf drop the tags of all files but the first. For
WeasyPrint's files it is possible, because all tags of a file hang below one ``Document`` element, and each
page and link names its row in the parent tree by a number that can be moved:

1. the pages are copied first, then the tag tree, so that the tree's references meet the copied pages;
2. the shard's ``Document`` becomes a ``Part`` below the new one;
3. the numbers of its pages, links and parent tree rows are moved up by what is there already;
4. header, footer and paper colour are stamped as artifacts;
5. names, outline and metadata are written anew, and links between shards, which WeasyPrint had to write as
   web addresses of a host that cannot exist, become links within the file, said in words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pikepdf
from django.utils.translation import gettext as _
from pikepdf import Array, Dictionary, Name, Pdf, String

from dcsn.printing.errors import PrintError
from dcsn.printing.press import A4_HEIGHT, A4_WIDTH
from dcsn.printing.shards import ELSEWHERE, LaidOut
from dcsn.printing.sheets import BEGINS
from dcsn.printing.stamp import Frame, Stamper

Place = tuple[int, float, float]  # page counted from 0, x, y


def merge(
    parts: Sequence[LaidOut],
    destination: Path,
    *,
    frame: Frame,
    title: str,
    lang: str,
    names: Mapping[str, str],
    frames: Sequence[Frame] = (),
    whole_sheets: bool = False,
) -> int:
    """Write ``parts`` as one file and return its number of pages.

    ``names`` says what stands at an anchor, for the description of a link to it. ``frames`` gives each
    part its own, where they differ in size; with ``whole_sheets`` each letter of a run ends on the back of
    a sheet, empty where it has an odd number of pages. Raises ``PrintError`` for a link to an anchor that
    no part has.
    """
    with Pdf.new() as pdf:
        book = _Book(pdf, frame, pages=sum(part.pages for part in parts))
        for part, its_frame in zip(parts, frames or [frame] * len(parts), strict=True):
            book.add(part, its_frame, whole_sheets=whole_sheets)
        book.write_links(names)
        book.write_names()
        book.write_outline()
        book.write_about(title, lang)
        pdf.save(
            destination,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            min_version="1.7",
        )
        return len(pdf.pages)


class _Book:
    """The file that grows part by part."""

    def __init__(self, pdf: Pdf, frame: Frame, *, pages: int) -> None:
        self.pdf = pdf
        self.stampers = {frame.size: Stamper(pdf, frame)}
        self.page_count = pages
        self.pages: list[Any] = []
        self.places: dict[str, Place] = {}
        self.bookmarks: list[tuple[int, str, Place]] = []
        self.links: list[tuple[Any, str]] = []
        self.rows: list[Any] = []  # the parent tree: number, element(s), number, …
        self.next_row = 0
        self.tree = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
        self.document = pdf.make_indirect(
            Dictionary(Type=Name.StructElem, S=Name.Document, P=self.tree, K=Array())
        )
        self.tree.K = Array([self.document])

    def add(self, part: LaidOut, frame: Frame, *, whole_sheets: bool = False) -> None:
        begins = sorted(
            {place[0] for name, place in part.anchors.items() if name.startswith(BEGINS)}
        )
        with Pdf.open(part.path) as source:
            if len(source.pages) != part.pages:
                raise PrintError(f"A part of the document has lost pages: {part.path.name}")
            # Where in the whole each page of the part has come to.
            places = self._add_pages(source, begins if whole_sheets else [])
            if "/StructTreeRoot" not in source.Root:
                raise PrintError(f"A part of the document has no tags: {part.path.name}")
            tree = self.pdf.copy_foreign(source.Root.StructTreeRoot)
        self._add_tags(tree, part.header)
        for number in places:
            page = self.pages[number]
            if "/StructParents" in page:
                page.StructParents = self.first_row + int(page.StructParents)
            for annotation in page.get("/Annots", ()):
                self._add_link(annotation)
        self._stamp(part, places, begins, frame)
        for name, (page_number, x, y) in part.anchors.items():
            self.places[name] = (places[page_number], x, y)
        for level, words, page_number, x, y in part.bookmarks:
            self.bookmarks.append((level, words, (places[page_number], x, y)))

    def _add_pages(self, source: Pdf, begins: Sequence[int]) -> list[int]:
        places: list[int] = []
        edges = [*begins, len(source.pages)] if begins else [0, len(source.pages)]
        for start, end in pairwise(edges):
            self.pdf.pages.extend(source.pages[start:end])
            places += range(len(self.pages), len(self.pages) + end - start)
            if begins and (end - start) % 2:
                self.pdf.add_blank_page(page_size=(A4_WIDTH, A4_HEIGHT))
            for number in range(len(self.pages), len(self.pdf.pages)):
                self.pages.append(self.pdf.pages[number].obj)
        return places

    def _stamp(
        self, part: LaidOut, places: Sequence[int], begins: Sequence[int], frame: Frame
    ) -> None:
        """Page numbers through the whole document; in a run of letters through each letter."""
        if frame.size not in self.stampers:
            self.stampers[frame.size] = Stamper(self.pdf, frame)
        stamper = self.stampers[frame.size]
        if not begins:
            for place in places:
                heading_here = place == places[0] and part.starts_section
                stamper.stamp(
                    self.pages[place],
                    number=place + 1,
                    pages=self.page_count,
                    header="" if heading_here else part.header,
                )
            return
        for start, end in pairwise([*begins, part.pages]):
            for number in range(start, end):
                stamper.stamp(
                    self.pages[places[number]],
                    number=number - start + 1,
                    pages=end - start,
                    header="" if number == start else part.header,
                )

    def _add_tags(self, tree: Any, words: str) -> None:
        self.first_row = self.next_row
        for kid in _as_list(tree.K):
            kid.S = Name.Part
            kid.P = self.document
            kid.T = String(words)
            self.document.K.append(kid)
        for number, element in _rows(tree.ParentTree):
            self.rows += [self.first_row + number, element]
            self.next_row = max(self.next_row, self.first_row + number + 1)

    def _add_link(self, annotation: Any) -> None:
        if "/StructParent" in annotation:
            annotation.StructParent = self.first_row + int(annotation.StructParent)
        action = annotation.get("/A")
        address = str(action.get("/URI", "")) if action is not None else ""
        if address.startswith(f"{ELSEWHERE}#"):
            del annotation["/A"]
            self.links.append((annotation, address.partition("#")[2]))

    def write_links(self, names: Mapping[str, str]) -> None:
        missing = sorted({target for _link, target in self.links} - set(self.places))
        if missing:
            raise PrintError(f"The document has links without a target: {missing[:5]}")
        for annotation, target in self.links:
            annotation.Dest = String(target)
            annotation.Contents = String(
                _("%(name)s, page %(page)s")
                % {"name": names.get(target, _("Section")), "page": self.places[target][0] + 1}
            )

    def write_names(self) -> None:
        listed = Array()
        for name in sorted(self.places, key=str.encode):
            listed.append(String(name))
            listed.append(self._destination(self.places[name]))
        self.pdf.Root.Names = Dictionary(Dests=Dictionary(Names=listed))

    def write_outline(self) -> None:
        outline = self.pdf.make_indirect(Dictionary(Type=Name.Outlines))
        open_levels: list[tuple[int, Any]] = [(0, outline)]
        for level, words, place in self.bookmarks:
            while open_levels[-1][0] >= level:
                open_levels.pop()
            above = open_levels[-1][1]
            item = self.pdf.make_indirect(
                Dictionary(Title=String(words), Dest=self._destination(place), Parent=above)
            )
            if "/Last" in above:
                item.Prev = above.Last
                above.Last.Next = item
            else:
                above.First = item
            above.Last = item
            # Negative: shown closed, so that sections can be seen at a glance.
            above.Count = int(above.get("/Count", 0)) - 1
            open_levels.append((level, item))
        if "/Count" in outline:
            outline.Count = -int(outline.Count)
            self.pdf.Root.Outlines = outline

    def write_about(self, title: str, lang: str) -> None:
        root = self.pdf.Root
        self.tree.ParentTree = self.pdf.make_indirect(Dictionary(Nums=Array(self.rows)))
        self.tree.ParentTreeNextKey = self.next_row
        root.StructTreeRoot = self.tree
        root.Lang = String(lang)
        root.MarkInfo = Dictionary(Marked=True)
        root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
        root.PageLabels = Dictionary(Nums=Array([0, Dictionary(S=Name.D)]))
        with self.pdf.open_metadata(set_pikepdf_as_editor=False) as metadata:
            metadata["dc:title"] = title
            metadata["dc:language"] = {lang}
            metadata["pdfuaid:part"] = "1"
        self.pdf.docinfo["/Title"] = title

    def _destination(self, place: Place) -> Array:
        page, x, y = place
        return Array([self.pages[page], Name.XYZ, x, y, 0])


def _as_list(kids: Any) -> list[Any]:
    return list(kids) if isinstance(kids, Array) else [kids]


def _rows(tree: Any) -> Iterable[tuple[int, Any]]:
    """The rows of a number tree, whichever way it is nested."""
    nodes = [tree]
    while nodes:
        node = nodes.pop()
        nodes += list(node.get("/Kids", ()))
        flat = node.get("/Nums", ())
        for i in range(0, len(flat), 2):
            yield int(flat[i]), flat[i + 1]
