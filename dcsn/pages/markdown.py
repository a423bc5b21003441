"""The editors' Markdown as HTML that is safe to show.

Unlike an organisation's description, a page of our own may have headings and tables. CommonMark makes
HTML of it, without raw HTML; ``nh3`` then lets through only what a text needs. Headings are moved below
the page's own, and links go nowhere but to web pages, e-mail and telephones.
"""

from __future__ import annotations

import re

import nh3
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt

_PARSER = MarkdownIt("commonmark", {"html": False, "maxNesting": 12}).enable("table")
_TAGS = {
    "a", "p", "br", "strong", "em", "ul", "ol", "li", "blockquote", "hr",
    "h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
_HEADING = re.compile(r"<(/?)h([1-6])>")


def render_markdown(text: str, *, top_heading: int = 2) -> SafeString:
    """HTML for a page; the text's highest heading becomes ``<h{top_heading}>``."""
    html = _PARSER.render(text or "")
    levels = [int(level) for _slash, level in _HEADING.findall(html)]
    shift = top_heading - min(levels) if levels else 0
    html = _HEADING.sub(lambda m: f"<{m[1]}h{min(6, int(m[2]) + shift)}>", html)
    html = nh3.clean(
        html,
        tags=_TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener nofollow",
    )
    # A table wider than a phone scrolls inside its own box, which the keyboard can reach.
    box = '<div class="wide-table" role="region" tabindex="0" aria-label="{}"><table>'
    html = html.replace("<table>", box.format(_("Table"))).replace("</table>", "</table></div>")
    # Sanitised above: nothing but the listed elements is left.
    return mark_safe(html)  # noqa: S308
