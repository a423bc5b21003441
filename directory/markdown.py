"""Markdown from other people's lists, made into HTML that is safe to show.

Two walls: ``markdown-it-py`` does not pass HTML through, and ``nh3`` keeps an allow-list of tags, so
that a slip in one is caught by the other. Text is kept as it came and rendered when shown.
"""

from __future__ import annotations

import html
import re
from functools import lru_cache

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

# No image (it would call a third party), no table, no heading: a heading in a description would
# break the page's own outline, so headings become bold paragraphs.
ALLOWED_TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "a", "blockquote", "hr"}
ALLOWED_ATTRIBUTES = {"a": {"href"}}
ALLOWED_SCHEMES = {"http", "https", "mailto", "tel"}
_HEADING = re.compile(r"<h[1-6]>(.*?)</h[1-6]>", re.DOTALL)
_BLOCK_END = re.compile(r"</(p|li|blockquote)>|<br ?/?>|<hr ?/?>")
_EMPTY_LINK = re.compile(r"<a [^<>]*>\s*</a>")
_SPACES = re.compile(r"[ \t]*\n[ \t]*")


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    # maxNesting bounds the work that "> > > > …" can cause.
    return MarkdownIt("commonmark", {"html": False, "maxNesting": 12}).disable(["image"])


def render(text: str) -> SafeString:
    """Markdown as HTML with paragraphs, lists, emphasis and links; everything else is text."""
    if not text.strip():
        return SafeString("")
    marked_up = _HEADING.sub(r"<p><strong>\1</strong></p>", _parser().render(text))
    cleaned = nh3.clean(
        marked_up,
        tags=ALLOWED_TAGS,
        attributes=ALLOWED_ATTRIBUTES,
        url_schemes=ALLOWED_SCHEMES,
        link_rel="nofollow noopener noreferrer",
    )
    # A link round a picture or round nothing would be a link without a name.
    return mark_safe(_EMPTY_LINK.sub("", cleaned))  # noqa: S308  (nh3 has just cleaned it)


def plain(text: str) -> str:
    """Markdown as plain text, a line for each paragraph or item: for search, letters and sheets."""
    if not text.strip():
        return ""
    broken = _BLOCK_END.sub("\n", render(text))
    stripped = html.unescape(nh3.clean(broken, tags=set()))
    return "\n".join(line for line in _SPACES.sub("\n", stripped).split("\n") if line.strip())
