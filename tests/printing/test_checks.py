"""The tag check itself: each way of losing tags that validators pass over is found."""

from __future__ import annotations

import io
from collections.abc import Callable

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from dcsn.printing import Document, Entry, PrintSize, Section, document_pdf, render_pdf
from dcsn.printing.checks import check_tags
from tests.printing.reading import ua1_failures


@pytest.fixture
def sheet(entries) -> bytes:
    return render_pdf("tests/sheet.html", {"entries": entries}, size=PrintSize.LARGE, title="T")


@pytest.fixture
def book() -> bytes:
    entries = tuple(Entry(f"e{n}", f"Name {n}", "<p>Text</p>") for n in range(3))
    return document_pdf(Document(title="T", sections=(Section("S", entries),)))


def changed(data: bytes, change: Callable[[pikepdf.Pdf], None]) -> io.BytesIO:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        change(pdf)
        pdf.save(out)
    out.seek(0)
    return out


def test_joining_with_an_ordinary_tool_is_found_out(sheet, tmp_path):
    """The reason for the check: the validator passes a file most of whose tags are gone."""

    def add_another(pdf: pikepdf.Pdf) -> None:
        with pikepdf.open(io.BytesIO(sheet)) as other:
            pdf.pages.extend(other.pages)

    joined = changed(sheet, add_another)
    assert ua1_failures(joined.getvalue(), tmp_path) == []
    assert "content that no tag reaches" in check_tags(joined).faults


def _no_tree(pdf):
    del pdf.Root["/StructTreeRoot"]


def _empty_tree(pdf):
    pdf.Root.StructTreeRoot.K[0].K = Array()


def _no_row(pdf):
    del pdf.pages[0].obj["/StructParents"]


def _wrong_row(pdf):
    pdf.pages[0].obj.StructParents = 99


def _no_parent_tree(pdf):
    del pdf.Root.StructTreeRoot["/ParentTree"]


def _untagged_text(pdf):
    page = pdf.pages[0].obj
    extra = pdf.make_stream(b"BT /DcsnStampR 18 Tf 60 400 Td <0001> Tj ET")
    page.Contents = Array([*list(page.Contents), extra])


def _no_language(pdf):
    del pdf.Root["/Lang"]


def _no_title(pdf):
    with pdf.open_metadata() as metadata:
        del metadata["dc:title"]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (_no_tree, "no tag tree"),
        (_empty_tree, "content that no tag reaches"),
        (_no_row, "page that the parent tree does not know"),
        (_wrong_row, "page that the parent tree does not know"),
        (_no_parent_tree, "no parent tree"),
        (_untagged_text, "content neither tagged nor an artifact"),
        (_no_language, "no language"),
        (_no_title, "no title"),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_faults_in_a_sheet_are_found(sheet, change, fault):
    assert check_tags(io.BytesIO(sheet)).ok
    assert fault in check_tags(changed(sheet, change)).faults


def _first_link(pdf):
    return next(a for page in pdf.pages for a in page.obj.get("/Annots", []))


def _wordless(pdf):
    del _first_link(pdf)["/Contents"]


def _to_nowhere(pdf):
    _first_link(pdf).Dest = String("elsewhere")


def _wrong_page(pdf):
    _first_link(pdf).Contents = String("Name 0, page 7")


def _untagged_link(pdf):
    del _first_link(pdf)["/StructParent"]


def _unreached_link(pdf):
    stack = [pdf.Root.StructTreeRoot]
    while stack:
        element = stack.pop()
        kids = element.get("/K", Array())
        for kid in kids if isinstance(kids, Array) else [kids]:
            if isinstance(kid, Dictionary) and kid.get("/Type") != "/OBJR":
                stack.append(kid)
        if element.get("/S") == Name.Link:
            element.K = Array([k for k in element.K if not isinstance(k, Dictionary)])


def _place_off_the_book(pdf):
    del pdf.pages[-1]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (_wordless, "link without a description"),
        (_to_nowhere, "link to nowhere"),
        (_wrong_page, "link that names another page"),
        (_untagged_link, "link outside a link tag"),
        (_unreached_link, "link that no tag reaches"),
        (_place_off_the_book, "place on a page that is not in the document"),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_faults_in_links_are_found(book, change, fault):
    assert check_tags(io.BytesIO(book)).ok
    assert fault in check_tags(changed(book, change)).faults


@pytest.mark.parametrize(
    ("body", "fault"),
    [("<h4>Skips</h4>", "heading level skipped"), ("<h1>Fine</h1>", None)],
)
def test_headings_in_order(body, fault, settings, tmp_path):
    (tmp_path / "headings.html").write_text(
        "{% extends 'print/base.html' %}{% block content %}<h1>One</h1>" + body + "{% endblock %}"
    )
    settings.TEMPLATES = [
        {**settings.TEMPLATES[0], "DIRS": [*settings.TEMPLATES[0]["DIRS"], tmp_path]}
    ]
    data = render_pdf("headings.html", {}, size=PrintSize.LARGE, title="T")
    assert set(check_tags(io.BytesIO(data)).faults) == ({fault} if fault else set())
