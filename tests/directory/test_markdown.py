"""Descriptions from anywhere, made safe."""

from __future__ import annotations

import pytest

from directory.markdown import plain, render


def test_paragraphs_lists_emphasis_and_links_are_kept():
    shown = render("**Every** week:\n\n* tea\n* cake\n\n[Our page](https://example.org/a?b=1&c=2)")
    assert "<strong>Every</strong>" in shown
    assert "<li>tea</li>" in shown
    assert 'href="https://example.org/a?b=1&amp;c=2"' in shown
    assert "nofollow" in shown


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "![x](https://tracker.example/pixel.gif)",
        '[x](https://e.org "onmouseover=alert(1)")',
        "<svg/onload=alert(1)>",
        "<a href='javascript:alert(1)'>x</a>",
        "# <iframe src=//x></iframe>",
        "<!--",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
    ],
)
def test_hostile_text_makes_no_tag_but_the_allowed_ones(hostile):
    shown = render(hostile)
    for word in ("<script", "<img", "<svg", "<iframe", "<h1", 'href="javascript', 'href="data'):
        assert word not in shown.lower()
    assert "onerror=" not in shown.lower() or "&lt;img" in shown


def test_a_heading_becomes_bold_because_the_page_has_its_own_outline():
    assert render("# Fees") == "<p><strong>Fees</strong></p>\n"


def test_deep_nesting_does_not_hang():
    assert len(render(">" * 5000 + " x")) < 20_000


def test_plain_text_has_a_line_for_each_paragraph_and_item():
    assert plain("# Fees\n\nTea & **cake**\n\n* one\n* two <b>") == "Fees\nTea & cake\none\ntwo <b>"
    assert plain("  \n") == ""


def test_a_link_without_words_goes():
    assert render("Give [](https://example.org/logo.jpg) food") == "<p>Give  food</p>\n"
    assert "<a " in render("[x](https://example.org)")
