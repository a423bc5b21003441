"""The frame of every page puts "Error:" before the title of a wrong form; no page says it a second time."""

from __future__ import annotations

import re
from pathlib import Path

from django.conf import settings

_TITLE = re.compile(r"{% block title %}(.*?){% endblock %}", re.DOTALL)


def test_no_title_says_error_by_itself() -> None:
    twice = [
        str(page.relative_to(settings.BASE_DIR))
        for page in Path(settings.BASE_DIR, "templates").rglob("*.html")
        if any('"Error:"' in title for title in _TITLE.findall(page.read_text()))
    ]
    assert twice == []
