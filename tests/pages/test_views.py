"""Pages about the website, the editor's form, and the reader's own look."""

from __future__ import annotations

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse

from dcsn.audit.models import Event
from dcsn.pages.appearance import Appearance, Colours, TextSize, appearance_of
from dcsn.pages.markdown import render_markdown
from dcsn.pages.models import PAGES, InformationPage

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("slug", PAGES)
def test_every_page_ships_with_its_text(client: Client, settings, slug: str) -> None:
    settings.HELPLINE_NUMBER = "01632 960 100"
    html = client.get(reverse("pages:page", args=[slug])).content.decode()
    assert str(PAGES[slug]) in html
    main = html[html.index("<main") : html.index("</main>")]
    assert "{" not in main, "a name in braces was not filled in"
    assert len(main) > 300


def test_an_unknown_page(client: Client) -> None:
    assert client.get("/pages/nothing/").status_code == 404


def test_an_editor_looks_first_then_saves_then_goes_back(cast, client_as) -> None:
    desk = client_as(cast.directory_editor)
    address = reverse("pages:change", args=["cookies"])
    data = {"title": "Cookies here", "text": "## Only three\n\nRing {helpline}."}
    # When they look first
    shown = desk.post(address, {**data, "preview": "1"}).content.decode()
    # Then it is drawn, and nothing is kept
    assert "<h2>Only three</h2>" in shown
    assert InformationPage.objects.count() == 0
    # When they save
    desk.post(address, data)
    # Then everybody reads it
    assert "Cookies here" in Client().get("/pages/cookies/").content.decode()
    assert Event.objects.filter(type="page:changed", details={"page": "cookies"}).count() == 1
    # And the text that was delivered can be had back
    desk.post(address, {"restore": "1"})
    assert "Cookies here" not in Client().get("/pages/cookies/").content.decode()


def test_an_empty_page_is_refused(cast, client_as) -> None:
    desk = client_as(cast.administrator)
    html = desk.post(reverse("pages:change", args=["cookies"]), {"title": "", "text": ""})
    assert html.content.decode().count("govuk-error-message") == 2
    assert InformationPage.objects.count() == 0


def test_the_editors_text_cannot_do_harm() -> None:
    html = render_markdown(
        "# Big\n\n<script>alert(1)</script> [a](javascript:alert(2)) [b](https://example.org)\n\n"
        "![x](https://tracker.example/x.png)\n\n| a | b |\n| --- | --- |\n| 1 | 2 |"
    )
    assert "<script" not in html
    assert "javascript:" not in html.replace("(javascript:alert(2))", "")
    assert "<img" not in html
    assert '<a href="https://example.org" rel="noopener nofollow">b</a>' in html
    assert "<h2>Big</h2>" in html
    assert "<td>1</td>" in html


def test_headings_stand_below_the_pages_own() -> None:
    html = render_markdown("# One\n\n### Three")
    assert "<h2>One</h2>" in html
    assert "<h4>Three</h4>" in html
    assert "<h1" not in html


def test_choose_a_look_and_keep_it(client: Client) -> None:
    response = client.post(
        reverse("pages:appearance"),
        {"text_size": "largest", "colours": "dark", "next": "/topics/"},
    )
    assert response["Location"] == "/topics/"
    cookie = response.cookies["appearance"]
    assert cookie.value == "largest.dark"
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    html = client.get("/topics/").content.decode()
    assert 'class="govuk-template text-largest colours-dark"' in html
    # Error pages too
    assert "text-largest" in client.get("/nothing/").content.decode()
    # The usual look leaves no cookie behind
    response = client.post(
        reverse("pages:appearance"), {"text_size": "normal", "colours": "standard"}
    )
    assert response.cookies["appearance"].value == ""


def test_the_choice_does_not_lead_away(client: Client) -> None:
    data = {"text_size": "large", "colours": "standard", "next": "//elsewhere.example/"}
    response = client.post(reverse("pages:appearance"), data)
    assert response["Location"] == reverse("pages:appearance")


@pytest.mark.parametrize("value", ["", "x", "huge.pink", "large", ".dark", "<script>.<script>"])
def test_a_cookie_that_somebody_changed_is_harmless(value: str) -> None:
    request = RequestFactory().get("/")
    request.COOKIES["appearance"] = value
    found = appearance_of(request)
    assert found.text_size in TextSize
    assert found.colours in Colours
    assert "<" not in found.html_classes


def test_the_usual_look_has_no_classes() -> None:
    assert Appearance().html_classes == ""


def test_another_borough_has_its_own_colour(client: Client, settings) -> None:
    assert b"brand.css" not in client.get("/").content
    settings.BRAND_COLOUR = "#4b0082"
    assert b"/brand.css" in client.get("/").content
    sheet = client.get("/brand.css").content
    assert b"--govuk-brand-colour:#4b0082" in sheet
    assert b":not(.colours-dark)" in sheet  # a reader's dark colours come first
    settings.BRAND_COLOUR = "red;} body{display:none"
    assert client.get("/brand.css").status_code == 404


def test_demonstration_data_is_marked_on_every_page(client: Client, settings) -> None:
    settings.DEMONSTRATION = False
    assert b"Demonstration data of 2011" not in client.get("/").content
    settings.DEMONSTRATION = True
    for address in ("/", "/topics/", "/my-list/", "/pages/privacy/", "/nothing/"):
        assert b"Demonstration data of 2011" in client.get(address).content, address


def test_the_help_line_is_on_every_page(client: Client, settings) -> None:
    settings.HELPLINE_NUMBER = "01632 960 100"
    for address in ("/", "/topics/", "/my-list/", "/pages/privacy/", "/nothing/"):
        html = client.get(address).content.decode()
        header = html[html.index("<header") : html.index("</header>")]
        assert 'href="tel:01632960100"' in header, address


def test_no_page_carries_a_script_or_style_of_its_own(client: Client) -> None:
    import re

    for address in ("/", "/topics/", "/my-list/", "/pages/privacy/", "/appearance/", "/nothing/"):
        html = client.get(address).content.decode()
        assert not re.findall(r"<style|\sstyle=|\son[a-z]+=", html), address
        for attributes in re.findall(r"<script([^>]*)>", html):
            assert "src=" in attributes or "application/" in attributes, address


def test_choosing_a_look_leads_back_to_the_page(client: Client) -> None:
    html = client.get("/services/a-to-z/?letter=b").content.decode()
    assert 'href="/appearance/?next=%2Fservices%2Fa-to-z%2F%3Fletter%3Db"' in html
    form = client.get("/appearance/?next=%2Fservices%2Fa-to-z%2F%3Fletter%3Db").content.decode()
    assert 'name="next" value="/services/a-to-z/?letter=b"' in form
    assert 'aria-current="page"' in form


def test_the_cookies_page_names_the_cookies_that_are_set(client: Client, settings) -> None:
    settings.SESSION_COOKIE_NAME = "__Host-session"
    html = client.get("/pages/cookies/").content.decode()
    for name in ("__Host-session", settings.CSRF_COOKIE_NAME, "appearance"):
        assert f"<td>{name}</td>" in html


def test_staff_sign_in_is_offered_only_to_somebody_who_is_not_signed_in(cast, client_as):
    page = reverse("pages:page", args=["privacy"])
    assert "Staff sign-in" in Client().get(page).text
    assert "Staff sign-in" not in client_as(cast.hub_lead).get(page).text
