"""The portal running for real, with data in it, and browsers to visit it with.

Loading the data takes seconds, so it is done once for all journeys, outside any transaction. They
therefore run after every other test of their process, and leave an empty database behind.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import override_settings
from playwright.sync_api import Browser
from pytest_django import DjangoDbBlocker
from pytest_django.live_server_helper import LiveServer

from tests.conftest import Cast
from tests.journeys.visitor import Visitor

# Playwright's synchronous interface runs an event loop of its own in this thread, which Django takes
# for an asynchronous view. It is not.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

CHROMIUM = "/usr/bin/chromium"
HERE = Path(__file__).parent
# What script/demonstration.env sets for the demonstration network.
NETWORK = {
    "NETWORK_NAME": "Darlington Community Support Network",
    "NETWORK_AREA_NAME": "Darlington",
    "NETWORK_AREA_CODES": ["E06000005"],
    "NETWORK_COUNTY": "County Durham",
    "HELPLINE_NUMBER": "01632 960 100",
    "HELPLINE_HOURS": "Monday to Friday, 9am to 5pm",
    "NETWORK_SHORT_ADDRESS": "support.example",
    "DEMONSTRATION": True,
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark journeys, and put them last: they use a database that they fill themselves."""
    mine = [item for item in items if HERE in item.path.parents]
    for item in mine:
        item.add_marker(pytest.mark.browser)
        # Without this mark pytest-django would hand over the real database, not the tests' own.
        item.add_marker(pytest.mark.django_db)
    items[:] = [item for item in items if HERE not in item.path.parents] + mine


@pytest.fixture(scope="session", autouse=True)
def no_session_left(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Last of all, so that the database can be removed, which one open session would prevent.

    Django's connections belong to a thread and, while Playwright's event loop runs, to its context: the
    same thread has had two. So ours is opened anew, ends all others, and is closed.
    """
    yield
    with django_db_blocker.unblock():
        connection.close()
        _end_other_sessions()
        connection.close()


@pytest.fixture
def _django_db_helper() -> None:
    """No transaction round a journey: the server has connections of its own and must see what a
    test puts into the database."""


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Debian's Chromium; Playwright's own cannot be had without its download host."""
    return {
        "executable_path": CHROMIUM,
        "args": [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-background-networking",
            "--no-first-run",
            "--disable-dev-shm-usage",
        ],
    }


@pytest.fixture(scope="session")
def portal(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """The address of the running portal. What a test writes, the server's threads see, and the
    other way round."""
    css = HERE.parents[1] / "static" / "built" / "portal.css"
    assert css.exists(), "the style sheets are not built: run script/setup"
    # Unblocked as long as the server runs: its threads read the database between tests too.
    with django_db_blocker.unblock(), override_settings(**NETWORK, STATIC_ROOT=None):
        assert str(connection.settings_dict["NAME"]).startswith("test_"), "not the tests' database"
        call_command("flush", interactive=False, verbosity=0)
        fill()
        server = LiveServer("127.0.0.1")
        try:
            yield server.url
        finally:
            server.stop()
            # The flush would wait for what a browser's connection to the server still keeps open.
            _end_other_sessions()
            call_command("flush", interactive=False, verbosity=0)


def _end_other_sessions() -> None:
    """A browser may still hold a connection to the stopped server open, and with it a thread and that
    thread's session of the database, which could then not be dropped."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.fixture(scope="session")
def cast(portal: str) -> Cast:
    """The people of ``tests/conftest.py``, there for all journeys: nothing is rolled back here."""
    return Cast()


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where uploaded and printed files lie: as long as the rows that name them."""
    return tmp_path_factory.mktemp("files")


@pytest.fixture(autouse=True)
def _as_the_demonstration_network(settings: Any, files: Path) -> None:
    for name, value in NETWORK.items():
        setattr(settings, name, value)
    settings.MEDIA_ROOT = files


@pytest.fixture
def arrive(portal: str, browser: Browser) -> Iterator[Callable[..., Visitor]]:
    """``arrive()``: somebody new at a screen. ``arrive(width=320, scripts=False)``: on a small one.

    Asks for the portal first, so that the browser goes first: while Playwright's loop runs, Django has
    another connection for this thread, which would be left open when the database is to be dropped.
    """
    visitors: list[Visitor] = []

    def make(
        *, width: int = 1280, height: int = 800, scripts: bool = True, **options: Any
    ) -> Visitor:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            java_script_enabled=scripts,
            locale="en-GB",
            timezone_id="Europe/London",
            accept_downloads=True,
            **options,
        )
        visitor = Visitor(context, portal, scripts=scripts)
        visitors.append(visitor)
        return visitor

    yield make
    left_over = [complaint for visitor in visitors for complaint in visitor.take_complaints()]
    for visitor in visitors:
        visitor.context.close()
    assert not left_over


@pytest.fixture
def visitor(arrive: Callable[..., Visitor]) -> Visitor:
    return arrive()


def fill() -> None:
    """The demonstration network."""
    call_command("load_demonstration", verbosity=0)
