"""The browser looks at every public page (tests/journeys/test_every_page.py): is the list of them true?"""

from __future__ import annotations

import pytest
from django.test import Client

from tests.access.pages import FORM_ONLY, NOT_HTML, PUBLIC, path_of
from tests.conftest import Cast


def test_every_address_on_the_lists_is_public() -> None:
    assert (FORM_ONLY | NOT_HTML) - set(PUBLIC) == set()


@pytest.mark.django_db
def test_what_is_not_a_page_is_on_the_right_list(cast: Cast) -> None:
    form_only, not_html = set(), set()
    for name in PUBLIC:
        response = Client().get(path_of(name, cast), follow=True)
        if response.status_code == 405:
            form_only.add(name)
        elif not response.headers.get("Content-Type", "").startswith("text/html"):
            not_html.add(name)
        if response.streaming:
            list(response.streaming_content)  # a file that is sent stays open until its end
    assert form_only == FORM_ONLY
    assert (
        not_html <= NOT_HTML
    )  # some of the list answer a page with this sample: an empty list's sheet
