"""What search engines are told."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories.service import ServiceFactory

pytestmark = pytest.mark.django_db


def test_public_pages_under_the_one_public_address(client: Client) -> None:
    shown = ServiceFactory()
    hidden = ServiceFactory(published=False)
    xml = client.get(reverse("directory:sitemap_section", args=["services"])).content.decode()
    assert f"<loc>http://127.0.0.1:8000{shown.get_absolute_url()}</loc>" in xml
    assert hidden.get_absolute_url() not in xml
    index = client.get(reverse("directory:sitemap")).content.decode()
    assert "/sitemap-services.xml" in index
    assert "/sitemap-organisations.xml" in index
    assert client.get("/sitemap-nothing.xml").status_code == 404


def test_what_is_about_one_reader_is_left_out(client: Client) -> None:
    text = client.get("/robots.txt").content.decode()
    for path in ("/desk/", "/list/", "/my-list/", "/report/"):
        assert f"Disallow: {path}\n" in text
    assert "Sitemap: http://127.0.0.1:8000/sitemap.xml" in text
