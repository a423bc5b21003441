"""Settings that are wrong together are refused by a sentence that says what to do."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.core import checks as django_checks
from django.test import override_settings

from dcsn import checks


def ids(found: Callable[[], Any]) -> set[str]:
    return {message.id for message in found()}


@pytest.mark.parametrize(
    ("found", "changed", "expected"),
    [
        (checks.network_facts, {"NETWORK_AREA_CODES": ["E06000005", "DL"]}, "dcsn.E001"),
        (checks.network_facts, {"BRAND_COLOUR": "navy"}, "dcsn.E002"),
        (checks.network_facts, {"BRAND_COLOUR": "#1d70b8"}, "dcsn.E003"),
        (checks.network_facts, {"HELPLINE_HOURS": "9 to 5", "HELPLINE_NUMBER": ""}, "dcsn.E004"),
        (checks.addresses, {"SITE_ADDRESS": "support.example"}, "dcsn.E010"),
        (checks.addresses, {"SITE_ADDRESS": "https://support.example/portal"}, "dcsn.E010"),
        (checks.addresses, {"SHARED_ADDRESSES": ["192.0.2.7/24"]}, "dcsn.E011"),
        (checks.addresses, {"TRUSTED_PROXIES": -1}, "dcsn.E012"),
        (checks.addresses, {"TILE_ADDRESS": "http://t.example/{z}/{x}/{y}"}, "dcsn.E013"),
        (checks.addresses, {"TILE_ADDRESS": "https://t.example/{z}/{x}.png"}, "dcsn.E013"),
        (checks.addresses, {"TILE_ADDRESS": "https://t.example/{z}/{x}/{y}"}, "dcsn.E014"),
        (checks.sending, {"EMAIL_HOST_USER": "u", "EMAIL_HOST_PASSWORD": ""}, "dcsn.E020"),
        (
            checks.sending,
            {"EMAIL_HOST": "m.example", "EMAIL_HOST_PASSWORD": "p", "EMAIL_USE_TLS": False},
            "dcsn.E021",
        ),
    ],
)
def test_a_wrong_combination_is_found(
    found: Callable[[], Any], changed: dict[str, Any], expected: str
) -> None:
    assert expected not in ids(found), "found even before it is wrong"
    with override_settings(**changed):
        assert expected in ids(found)


GOOD = {
    "DEVELOPMENT": False,
    "SITE_ADDRESS": "https://support.example",
    "ALLOWED_HOSTS": ["support.example"],
    "TRUSTED_PROXIES": 1,
    "HELPLINE_NUMBER": "01632 960 100",
    "NETWORK_AREA_CODES": ["E06000005"],
    "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
    "DEFAULT_FROM_EMAIL": "portal@support.example",
    "REDIS_URL": "redis://redis:6379/0",
}


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, set()),
        ({"DEVELOPMENT": True}, {"dcsn.W030"}),
        ({"SITE_ADDRESS": "http://support.example"}, {"dcsn.E031"}),
        ({"ALLOWED_HOSTS": ["*"]}, {"dcsn.E032"}),
        ({"ALLOWED_HOSTS": ["other.example"]}, {"dcsn.E033"}),
        ({"TRUSTED_PROXIES": 0}, {"dcsn.W034"}),
        ({"HELPLINE_NUMBER": ""}, {"dcsn.W035"}),
        ({"NETWORK_AREA_CODES": []}, {"dcsn.W036"}),
        ({"EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend"}, {"dcsn.W037"}),
        ({"DEFAULT_FROM_EMAIL": "portal@example.org"}, {"dcsn.W038"}),
        ({"REDIS_URL": ""}, {"dcsn.W039"}),
    ],
)
def test_what_production_needs(changed: dict[str, Any], expected: set[str]) -> None:
    with override_settings(**(GOOD | changed)):
        assert ids(checks.production) == expected


def test_the_checks_are_registered() -> None:
    names = {check.__name__ for check in django_checks.registry.registry.get_checks(True)}
    assert {"network_facts", "addresses", "sending", "production", "database"} <= names


@pytest.mark.django_db
def test_the_database_is_new_enough() -> None:
    assert checks.database(None, databases=["default"]) == []


def test_contrast_is_measured_as_wcag_does() -> None:
    assert checks.contrast_with_white("#000000") == pytest.approx(21)
    assert checks.contrast_with_white("#ffffff") == pytest.approx(1)
    assert checks.contrast_with_white("#767676") == pytest.approx(4.54, abs=0.01)


def production_environment() -> dict[str, str]:
    """What .env.example tells an operator to set, and nothing of a developer's."""
    kept = {name: os.environ[name] for name in ("PATH", "DATABASE_URL") if name in os.environ}
    return kept | {
        "DCSN_READ_ENV_FILE": "false",
        "DCSN_SECRET_KEY": "kC7w!2pQ9x_vB4nM6zR8tY1uI3oP5aS7dF9gH2jK4lZ6-qW8eR5tY7uI9",
        "DCSN_SECRET_KEY_FALLBACKS": "",
        "DCSN_CARD_KEYS": "1:uX3kq9Zt7Lw2Bn5Vc8Rm4Yd6Hs1Gf0Pj",
        "DCSN_ALLOWED_HOSTS": "support.example",
        "DCSN_SITE_ADDRESS": "https://support.example",
        "DCSN_TRUSTED_PROXIES": "1",
        "DCSN_AREA_CODES": "E06000001",
        "DCSN_HELPLINE_NUMBER": "01632 960 100",
        "DCSN_HELPLINE_HOURS": "Monday to Friday, 9am to 5pm",
        "DCSN_EMAIL_HOST": "mail.example",
        "DCSN_EMAIL_FROM": "portal@support.example",
        "REDIS_URL": "redis://redis.example:6379/0",
    }


def manage(*arguments: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_check_deploy_is_clean_in_production_settings() -> None:
    done = manage(
        "check", "--deploy", "--fail-level", "WARNING", environment=production_environment()
    )
    assert "no issues" in done.stdout + done.stderr
    assert done.returncode == 0


def test_nothing_starts_in_production_without_a_secret_key() -> None:
    environment = production_environment()
    del environment["DCSN_SECRET_KEY"]
    done = manage("check", environment=environment)
    assert done.returncode != 0
    assert "DCSN_SECRET_KEY is not set" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("added", "said"),
    [
        ({"DCSN_DEBUG": "true"}, "DCSN_DEBUG"),
        ({"DCSN_DEMONSTRATION": "true"}, "DCSN_DEMONSTRATION"),
        ({"DCSN_TRUSTED_PROXYS": "1"}, "DCSN_TRUSTED_PROXYS"),
        ({"DCSN_TRUSTED_PROXIES": "one"}, "DCSN_TRUSTED_PROXIES"),
    ],
)
def test_what_must_not_start_does_not_start(added: dict[str, str], said: str) -> None:
    done = manage("check", environment=production_environment() | added)
    assert done.returncode != 0
    assert said in done.stderr
    assert "Traceback" not in done.stderr
