"""Any page printed with the browser (Ctrl+P) is good on paper: large, black on white, no menus."""

from __future__ import annotations

import io
from collections.abc import Callable

import pdfplumber
import pytest

from directory.models import Service
from tests.journeys.visitor import Visitor


def printed(visitor: Visitor) -> pdfplumber.PDF:
    return pdfplumber.open(io.BytesIO(visitor.page.pdf(prefer_css_page_size=True)))


@pytest.mark.parametrize("look", ["normal.standard", "normal.dark", "largest.yellow"])
def test_a_service(arrive: Callable[..., Visitor], look: str) -> None:
    # Given a service's page, in whatever colours the reader chose
    service = (
        Service.objects.publishable().filter(phones__isnull=False).order_by("sort_key").first()
    )
    assert service is not None
    number = service.phones.filter(is_public=True)[0].number
    visitor = arrive()
    visitor.context.add_cookies([{"name": "appearance", "value": look, "url": visitor.address}])
    visitor.open(service.get_absolute_url())
    # When it is printed
    pdf = printed(visitor)
    text = "\n".join(page.extract_text() for page in pdf.pages)
    # Then what matters is on it
    flat = " ".join(text.split()).replace("\N{NO-BREAK SPACE}", " ")
    assert service.name in flat
    assert number in flat
    assert "01632 960 100" in flat
    # And nothing that only works on a screen
    for words in (
        "All topics",
        "Add to my list",
        "Listen to this page",
        "Skip to",
        "Staff sign-in",
    ):
        assert words not in flat, words
    assert "http" not in flat
    # And it is large, upright and black
    letters = [char for page in pdf.pages for char in page.chars if char["text"].strip()]
    assert min(char["size"] for char in letters) >= 11.5
    assert {tuple(char["non_stroking_color"] or ()) for char in letters} <= {(0,), (0, 0, 0), ()}
    assert {char["upright"] for char in letters} == {True}
    assert all("Atkinson" in char["fontname"] for char in letters)
    # And nothing hangs over the edge of the paper
    page = pdf.pages[0]
    assert (round(page.width), round(page.height)) == (595, 842)
    assert all(char["x0"] > 40 and char["x1"] < 560 for char in letters)
    pdf.close()


@pytest.mark.parametrize("path", ["/topics/", "/services/?q=toenails", "/pages/privacy/"])
def test_other_pages(arrive: Callable[..., Visitor], path: str) -> None:
    visitor = arrive()
    visitor.open(path)
    pdf = printed(visitor)
    letters = [char for page in pdf.pages for char in page.chars if char["text"].strip()]
    assert len(letters) > 200
    assert all(char["x0"] > 40 and char["x1"] < 560 for char in letters)
    text = " ".join("\n".join(page.extract_text() for page in pdf.pages).split())
    assert "Skip to" not in text
    pdf.close()
