"""Small documents, made while the reader waits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from dcsn.network import network
from dcsn.printing.press import PDF_VARIANT, ExactPage, press
from dcsn.printing.sizes import PaperColour, PrintSize
from dcsn.printing.words import drawable, keep_together

if TYPE_CHECKING:
    from dcsn.printing.stamp import Frame


# The body's class in print/base.html, and what it becomes where that saves a page.
LOOSE, TIGHT = '<body class="sheet">', '<body class="sheet sheet--tight">'


def network_frame(
    *, size: PrintSize, paper: PaperColour, headers: Sequence[str], most_pages: int = 88
) -> Frame:
    """What stands around every page, in the reader's language: help line, notice, page number."""
    from dcsn.printing.stamp import Frame

    here = network()
    return Frame(
        size=int(size),
        background=paper.rgb,
        headers=tuple(drawable(header) for header in headers),
        most_pages=most_pages,
        footer=(
            keep_together(_("Help line %(number)s") % {"number": here.helpline})
            if here.helpline
            else ""
        ),
        notice=_("Demonstration data of 2011") if here.demonstration else "",
        # Translators: at the foot of each printed page.
        page_words=_("Page {page} of {pages}"),
    )


def render_pdf(
    template_name: str,
    context: Mapping[str, Any],
    *,
    size: PrintSize,
    title: str,
    lang: str = "en-GB",
    header: str | None = None,
    paper: PaperColour = PaperColour.WHITE,
) -> bytes:
    """A tagged PDF (PDF/UA-1) of ``template_name``, which extends ``print/base.html``.

    ``header`` runs along the top from the second page on (by default the title). Raises ``PrintError``
    when the template links to nowhere on the page, or asks for a file that is not ours.
    """
    from dcsn.printing.stamp import stamp_sheet

    running = drawable(title if header is None else header)
    frame = network_frame(size=size, paper=paper, headers=[running])
    html = render_to_string(
        template_name,
        {"network": network(), **context, "title": title, "lang": lang, "size": size},
    )
    laid_out = _lay_out(html, frame)
    if laid_out.pages > 1:
        # Set a little closer it may need a page less: nobody wants the last two lines on a page alone.
        closer = _lay_out(html.replace(LOOSE, TIGHT, 1), frame)
        laid_out = closer if closer.pages < laid_out.pages else laid_out
    return stamp_sheet(laid_out.data, frame, header=running, begins=laid_out.begins)


def render_exact_pdf(
    template_name: str,
    context: Mapping[str, Any],
    *,
    width_mm: float,
    height_mm: float,
    title: str,
    lang: str = "en-GB",
) -> bytes:
    """A tagged PDF of pages that are exactly so large, with nothing stamped round them: cards, labels.

    Raises ``PrintError`` as :func:`render_pdf` does.
    """
    html = render_to_string(
        template_name, {"network": network(), **context, "title": title, "lang": lang}
    )
    with press().lay_out(html, ExactPage(width_mm, height_mm)) as document:
        data: bytes = document.write_pdf(pdf_variant=PDF_VARIANT)
        return data


# In a run of letters each begins at an element with such an id, and counts its own pages.
BEGINS = "begins-"


class _LaidOut(NamedTuple):
    data: bytes
    pages: int
    # The pages, counted from 0, on which a letter of a run begins.
    begins: list[int]


def _lay_out(html: str, frame: Frame) -> _LaidOut:
    with press().lay_out(html, frame.shape()) as document:
        begins: dict[str, int] = {}
        for number, page in enumerate(document.pages):
            for name in page.anchors:
                if name.startswith(BEGINS):
                    # An element that goes on over the page is named on that page too.
                    begins.setdefault(name, number)
        return _LaidOut(
            document.write_pdf(pdf_variant=PDF_VARIANT),
            len(document.pages),
            sorted(begins.values()),
        )
