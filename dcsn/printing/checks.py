"""What a finished PDF must hold, checked with pikepdf: used by the tests and before a long print is kept.

A PDF/UA validator passes files whose tags were lost in a merge: it does not ask whether the text on a page
can be reached from the tag tree. This does. It is our own reading of ISO 14289-1 for the parts that our
pipeline touches (marked content, parent tree, links, headings, outline), not a full validator.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import pikepdf
from pikepdf import Array, Dictionary

PAINTING = frozenset(
    [
        "Tj",
        "TJ",
        "'",
        '"',
        "Do",
        "f",
        "F",
        "f*",
        "S",
        "s",
        "B",
        "B*",
        "b",
        "b*",
        "sh",
        "INLINE IMAGE",
    ]
)
_HEADING = re.compile(r"^/H([1-6])$")


@dataclass
class TagReport:
    """What was found: ``faults`` counted by their words (empty is good), and how much there is of what."""

    pages: int
    faults: Counter[str] = field(default_factory=Counter)
    tags: Counter[str] = field(default_factory=Counter)
    artifacts: int = 0
    links: int = 0

    @property
    def ok(self) -> bool:
        return not self.faults


class _Tree:
    """The structure tree, walked once."""

    def __init__(self, pdf: pikepdf.Pdf, report: TagReport) -> None:
        self.report = report
        self.page_number = {page.obj.objgen: n for n, page in enumerate(pdf.pages)}
        self.marked: dict[int, set[int]] = {n: set() for n in range(len(pdf.pages))}
        self.objects: set[tuple[int, int]] = set()
        self.headings: list[int] = []
        root = pdf.Root.StructTreeRoot
        # (element, page inherited from its parent); a list instead of recursion: trees are deep
        stack: list[tuple[Any, Any]] = [(kid, None) for kid in reversed(_kids(root))]
        while stack:
            element, inherited = stack.pop()
            stack += reversed(self._visit(element, inherited))
        self.parents = self._number_tree(root)

    def _visit(self, element: Any, inherited: Any) -> list[tuple[Any, Any]]:
        kind = str(element.get("/S", ""))
        self.report.tags[kind] += 1
        if heading := _HEADING.match(kind):
            self.headings.append(int(heading[1]))
        if kind == "/Figure" and not str(element.get("/Alt", "")).strip():
            self.report.faults["figure without a description"] += 1
        page = element.get("/Pg", inherited)
        below = []
        for kid in _kids(element):
            if not isinstance(kid, Dictionary):
                self._mark(page, int(kid))
            elif kid.get("/Type") == "/OBJR":
                self.objects.add(kid.Obj.objgen)
            elif kid.get("/Type") == "/MCR":
                self._mark(kid.get("/Pg", page), int(kid.MCID))
            else:
                if kid.get("/P") is None or kid.P.objgen != element.objgen:
                    self.report.faults["tag that does not know its parent"] += 1
                below.append((kid, page))
        return below

    def _mark(self, page: Any, number: int) -> None:
        where = self.page_number.get(page.objgen) if page is not None else None
        if where is None:
            self.report.faults["tag for a page that is not in the document"] += 1
        elif number in self.marked[where]:
            self.report.faults["content in two tags"] += 1
        else:
            self.marked[where].add(number)

    def _number_tree(self, root: Any) -> dict[int, Any]:
        found: dict[int, Any] = {}
        if "/ParentTree" not in root:
            self.report.faults["no parent tree"] += 1
            return found
        nodes = [root.ParentTree]
        while nodes:
            node = nodes.pop()
            nodes += list(node.get("/Kids", []))
            flat = node.get("/Nums", [])
            for i in range(0, len(flat), 2):
                if int(flat[i]) in found:
                    self.report.faults["parent tree key used twice"] += 1
                found[int(flat[i])] = flat[i + 1]
        return found


def _kids(element: Any) -> list[Any]:
    kids = element.get("/K")
    if kids is None:
        return []
    return list(kids) if isinstance(kids, Array) else [kids]


def check_tags(source: Path | BinaryIO) -> TagReport:
    """Walk every tag and every piece of content of a PDF."""
    with pikepdf.open(source) as pdf:
        report = TagReport(pages=len(pdf.pages))
        _check_document(pdf, report)
        if "/StructTreeRoot" not in pdf.Root:
            report.faults["no tag tree"] += 1
            return report
        tree = _Tree(pdf, report)
        _check_headings(tree.headings, report)
        for number, page in enumerate(pdf.pages):
            _check_page(number, page, tree, report)
            _check_links(page, tree, report)
        _check_destinations(pdf, tree, report)
        return report


def _check_document(pdf: pikepdf.Pdf, report: TagReport) -> None:
    root = pdf.Root
    if not str(root.get("/Lang", "")):
        report.faults["no language"] += 1
    if not root.get("/MarkInfo", Dictionary()).get("/Marked", False):
        report.faults["not said to be tagged"] += 1
    if not root.get("/ViewerPreferences", Dictionary()).get("/DisplayDocTitle", False):
        report.faults["title not shown"] += 1
    with pdf.open_metadata(set_pikepdf_as_editor=False) as metadata:
        if not metadata.get("dc:title"):
            report.faults["no title"] += 1
        if str(metadata.get("pdfuaid:part")) != "1":
            report.faults["not said to be PDF/UA-1"] += 1


def _check_headings(levels: list[int], report: TagReport) -> None:
    before = 0
    for level in levels:
        if level > before + 1:
            report.faults[
                "heading level skipped" if before else "first heading is not level 1"
            ] += 1
        before = level
    if not levels:
        report.faults["no heading"] += 1


def _check_page(number: int, page: pikepdf.Page, tree: _Tree, report: TagReport) -> None:
    open_marks: list[tuple[str, int | None]] = []
    seen: set[int] = set()
    for instruction in pikepdf.parse_content_stream(page):
        operator = str(instruction.operator)
        if operator in ("BDC", "BMC"):
            operands = instruction.operands
            mark = None
            if operator == "BDC" and isinstance(operands[1], Dictionary):
                mark = int(operands[1].MCID) if "/MCID" in operands[1] else None
            if mark is not None:
                seen.add(mark)
            open_marks.append((str(operands[0]), mark))
        elif operator == "EMC":
            open_marks.pop()
        elif operator in PAINTING:
            if any(name == "/Artifact" for name, _ in open_marks):
                report.artifacts += 1
            elif not any(mark is not None for _, mark in open_marks):
                report.faults["content neither tagged nor an artifact"] += 1
    key = page.obj.get("/StructParents")
    parents = tree.parents.get(int(key)) if key is not None else None
    if seen and parents is None:
        report.faults["page that the parent tree does not know"] += 1
    for mark in seen:
        if mark not in tree.marked[number]:
            report.faults["content that no tag reaches"] += 1
        elif parents is not None and (mark >= len(parents) or parents[mark] is None):
            report.faults["content missing in the parent tree"] += 1
    if lost := tree.marked[number] - seen:
        report.faults["tag without content"] += len(lost)


def _check_links(page: pikepdf.Page, tree: _Tree, report: TagReport) -> None:
    for annotation in page.obj.get("/Annots", []):
        if annotation.get("/Subtype") != "/Link":
            continue
        report.links += 1
        if not str(annotation.get("/Contents", "")).strip():
            report.faults["link without a description"] += 1
        key = annotation.get("/StructParent")
        element = tree.parents.get(int(key)) if key is not None else None
        if element is None or element.get("/S") != "/Link":
            report.faults["link outside a link tag"] += 1
        elif annotation.objgen not in tree.objects:
            report.faults["link that no tag reaches"] += 1


def destinations(pdf: pikepdf.Pdf) -> dict[str, int]:
    """Named places of a PDF and the number of their page, counted from 1; 0 for a page not in it."""
    numbers = {page.obj.objgen: n for n, page in enumerate(pdf.pages, start=1)}
    found: dict[str, int] = {}
    nodes = [pdf.Root.get("/Names", Dictionary()).get("/Dests", Dictionary())]
    while nodes:
        node = nodes.pop()
        nodes += list(node.get("/Kids", []))
        flat: Any = node.get("/Names", [])
        for i in range(0, len(flat), 2):
            target = flat[i + 1]
            place = target.D if isinstance(target, Dictionary) else target
            found[str(flat[i])] = numbers.get(place[0].objgen, 0)
    return found


def _check_destinations(pdf: pikepdf.Pdf, tree: _Tree, report: TagReport) -> None:
    """Every link arrives, on the page that its description names."""
    named = destinations(pdf)
    report.faults["place on a page that is not in the document"] += sum(
        page == 0 for page in named.values()
    )
    for page in pdf.pages:
        for annotation in page.obj.get("/Annots", []):
            target = annotation.get("/Dest")
            if target is None and "/A" in annotation and annotation.A.get("/S") == "/GoTo":
                target = annotation.A.D
            if target is None:
                continue
            if not isinstance(target, pikepdf.String | pikepdf.Name) and isinstance(target, Array):
                continue
            arrival = named.get(str(target))
            said = re.search(r"page (\d+)$", str(annotation.get("/Contents", "")))
            if arrival is None:
                report.faults["link to nowhere"] += 1
            elif said and int(said[1]) != arrival:
                report.faults["link that names another page"] += 1
    report.faults += Counter()  # drops the zeros
