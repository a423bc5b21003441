"""Whatever goes wrong, a visitor sees a plain page with a way on, and no trace of the cause."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path, reverse
from kombu.exceptions import OperationalError as BrokerError
from redis.exceptions import ConnectionError as RedisConnectionError

from dcsn import error_pages, urls

SECRET = "hunter2 at 10.1.2.3"
RAISED: dict[str, Exception] = {
    "400": BadRequest(SECRET),
    "403": PermissionDenied(SECRET),
    "500": ZeroDivisionError(SECRET),
    "database": OperationalError(SECRET),
    "connection": InterfaceError(SECRET),
    "cache": RedisConnectionError(SECRET),
    "broker": BrokerError(SECRET),
}


def failing(request: HttpRequest, kind: str) -> HttpResponse:
    raise RAISED[kind]


def wrapped(request: HttpRequest) -> HttpResponse:
    """As a template does: the cause is inside another error."""
    try:
        raise OperationalError(SECRET)
    except OperationalError as error:
        raise RuntimeError("while drawing") from error


urlpatterns = [path("fails/<kind>/", failing), path("wrapped/", wrapped), *urls.urlpatterns]
handler400, handler403 = urls.handler400, urls.handler403
handler404, handler500 = urls.handler404, urls.handler500


@pytest.fixture
def visitor() -> Client:
    return Client(raise_request_exception=False)


# No test here has the `db` mark: any query by an error page would fail it.
@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/fails/400/", 400),
        ("/fails/403/", 403),
        ("/no-such-page/", 404),
        ("/fails/500/", 500),
        ("/fails/database/", 503),
        ("/fails/connection/", 503),
        ("/fails/cache/", 503),
        ("/fails/broker/", 503),
        ("/wrapped/", 503),
    ],
)
@override_settings(ROOT_URLCONF=__name__, HELPLINE_NUMBER="01632 960 100")
def test_a_plain_page_and_no_trace(visitor: Client, address: str, status: int) -> None:
    response = visitor.get(address)
    text = response.content.decode()
    assert response.status_code == status
    assert "<h1" in text
    assert "01632 960 100" in text
    assert "hunter2" not in text
    assert "Traceback" not in text
    assert response["Cache-Control"] == "no-store"
    assert "default-src 'none'" in response["Content-Security-Policy"]


@override_settings(ROOT_URLCONF=__name__)
def test_an_outage_says_when_to_come_back(visitor: Client) -> None:
    assert visitor.get("/fails/database/")["Retry-After"] == "120"
    assert not visitor.get("/fails/500/").has_header("Retry-After")


@override_settings(ROOT_URLCONF=__name__)
def test_the_page_of_a_mistake_carries_the_reference_of_its_log_lines(visitor: Client) -> None:
    response = visitor.get("/fails/500/")
    assert response["X-Request-Reference"] in response.content.decode()


@pytest.mark.parametrize("query", ["q=%00", "q=a%00b&page=2"])
def test_a_null_byte_is_refused_before_the_database_sees_it(visitor: Client, query: str) -> None:
    response = visitor.get(f"/services/?{query}")
    assert response.status_code == 400
    assert b"<h1" in response.content


def test_a_null_byte_in_the_path_is_refused(visitor: Client) -> None:
    assert visitor.get("/services/a%00b/").status_code == 400


def test_a_query_of_ten_megabytes_is_refused(visitor: Client) -> None:
    response = visitor.get("/services/?q=" + "a" * 10_000_000)
    assert response.status_code == 414
    assert len(response.content) < 20_000


def test_too_many_fields_in_an_address_are_refused(visitor: Client) -> None:
    query = "&".join(f"a{n}=" for n in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1))
    assert visitor.get(f"/services/?{query}").status_code == 414


@override_settings(ROOT_URLCONF=__name__)
def test_a_broken_error_template_leaves_a_page_of_plain_lines(
    visitor: Client, tmp_path: Path
) -> None:
    (tmp_path / "500.html").write_text("{% extends 'frame.html' %}{% no_such_tag %}")
    engine: dict[str, Any] = {
        **settings.TEMPLATES[0],
        "DIRS": [tmp_path, *settings.TEMPLATES[0]["DIRS"]],
    }
    with override_settings(TEMPLATES=[engine], HELPLINE_NUMBER="01632 960 100"):
        response = visitor.get("/fails/500/")
    text = response.content.decode()
    assert response.status_code == 500
    assert "Sorry, something went wrong" in text
    assert "01632 960 100" in text
    assert "no_such_tag" not in text


def test_a_form_that_was_open_too_long_says_what_to_do() -> None:
    response = Client(enforce_csrf_checks=True).post(reverse("account_login"), {})
    assert response.status_code == 403
    assert b"send the form" in response.content


def test_too_many_requests_says_when_to_come_back(rf: Any) -> None:
    response = error_pages.too_many_requests(rf.get("/"), retry_after=90)
    assert response.status_code == 429
    assert response["Retry-After"] == "90"


@pytest.mark.django_db
def test_a_broken_page_template_is_the_plain_page(visitor: Client, tmp_path: Path) -> None:
    (tmp_path / "directory").mkdir()
    (tmp_path / "directory" / "home.html").write_text("{% extends 'base.html' %}{% no_such_tag %}")
    engine: dict[str, Any] = {
        **settings.TEMPLATES[0],
        "DIRS": [tmp_path, *settings.TEMPLATES[0]["DIRS"]],
    }
    with override_settings(TEMPLATES=[engine], HELPLINE_NUMBER="01632 960 100"):
        response = visitor.get("/")
    text = response.content.decode()
    assert response.status_code == 500
    assert "<h1" in text
    assert "01632 960 100" in text
    assert "no_such_tag" not in text
    assert "TemplateSyntaxError" not in text
