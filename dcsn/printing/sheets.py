"""Small documents, made while the reader waits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from dcsn.network import network
from dcsn.printing.press import PDF_VARIANT, press
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
    data, pages = _lay_out(html, frame)
    if pages > 1:
        # Set a little closer it may need a page less: nobody wants the last two lines on a page alone.
        closer, fewer = _lay_out(html.replace(LOOSE, TIGHT, 1), frame)
        data = closer if fewer < pages else data
    return stamp_sheet(data, frame, header=running)


def _lay_out(html: str, frame: Frame) -> tuple[bytes, int]:
    with press().lay_out(html, frame.shape()) as document:
        return document.write_pdf(pdf_variant=PDF_VARIANT), len(document.pages)
