"""Dockerfile, docker-compose.yml and Caddyfile held against the code, since no engine runs them here."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.core.management import get_commands

from dcsn.celery import app as celery_app
from dcsn.local_services import installed_postgres

ROOT = Path(settings.BASE_DIR)
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
SETUP = (ROOT / "script" / "setup").read_text(encoding="utf-8")
OURS = {"prepare", "web", "worker", "beat"}
# Names that are read by gunicorn.conf.py or by the front, and not by the settings.
NOT_SETTINGS = {"HOST", "PORT", "WEB_CONCURRENCY", "DCSN_RING_US"}


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))


def known_names() -> set[str]:
    from dcsn.settings import env

    return set(env.names)


def example() -> dict[str, str]:
    """Every name in .env.example, those behind a ``#`` included."""
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    return dict(re.findall(r"^#?([A-Z][A-Z0-9_]+)=(.*)$", text, re.MULTILINE))


def test_the_example_lists_every_setting_and_nothing_else() -> None:
    known = known_names()
    # A secret may also be given as a file; the example need not show that for each.
    files = {f"{name}_FILE" for name in known} & known
    listed = set(example())
    assert known - files - listed == set(), "not in .env.example"
    assert listed - known == set(), "not a setting"


def test_every_setting_in_the_example_is_explained() -> None:
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    explained = sum(1 for line in lines if line.startswith("# ") and not line.startswith("# ---"))
    assert explained >= 25


def test_the_compose_file_sets_only_settings_that_exist(compose: dict[str, Any]) -> None:
    for name in OURS:
        environment = compose["services"][name]["environment"]
        assert set(environment) - known_names() - NOT_SETTINGS == set(), name


def test_each_service_of_ours_runs_what_exists(compose: dict[str, Any]) -> None:
    assert set(compose["services"]) == OURS | {"tls", "postgres", "redis"}
    for name in OURS:
        program, *arguments = compose["services"][name]["command"]
        if program == "python":
            assert arguments[0] == "manage.py"
            assert arguments[1] in get_commands()
        else:
            assert (
                shutil.which(program, path=str(Path(shutil.which("python") or "").parent))
                or (ROOT / ".venv" / "bin" / program).exists()
            )
    assert "dcsn" in compose["services"]["worker"]["command"]
    assert celery_app.main == "dcsn"
    assert re.search(r'CMD \["gunicorn", "dcsn.wsgi"\]', DOCKERFILE)


def test_secrets_come_from_files_and_each_is_declared(compose: dict[str, Any]) -> None:
    declared = set(compose["secrets"])
    used: set[str] = set()
    for service in compose["services"].values():
        used |= set(service.get("secrets", []))
        for name, value in service.get("environment", {}).items():
            if name.endswith("_FILE"):
                assert value.removeprefix("/run/secrets/") in declared, name
            assert not re.search(r"(PASSWORD|SECRET_KEY)$", name) or value == "", name
    assert used == declared


def test_volumes_are_declared_and_data_outlive_a_container(compose: dict[str, Any]) -> None:
    mounted = {
        volume.split(":")[0]
        for service in compose["services"].values()
        for volume in service.get("volumes", [])
        if not volume.startswith(".")
    }
    assert mounted == set(compose["volumes"])
    for setting in ("DCSN_FILES_DIR", "DCSN_ERASURE_LOG"):
        path = compose["services"]["web"]["environment"][setting]
        assert path.startswith("/portal/var/"), f"{setting} would be lost with the container"
    assert "database:/var/lib/postgresql" in compose["services"]["postgres"]["volumes"]


def test_ours_run_without_root_and_without_more_rights_than_needed(
    compose: dict[str, Any],
) -> None:
    assert re.search(r"^USER portal$", DOCKERFILE, re.MULTILINE)
    assert DOCKERFILE.index("USER portal") > DOCKERFILE.index("collectstatic")
    for name in OURS:
        service = compose["services"][name]
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]


def test_only_the_front_can_be_reached_from_outside(compose: dict[str, Any]) -> None:
    open_ports = {name for name, service in compose["services"].items() if service.get("ports")}
    assert open_ports == {"tls"}
    front = (ROOT / "Caddyfile").read_text(encoding="utf-8")
    assert "reverse_proxy web:8000" in front
    assert "path /readyz" in front
    assert compose["services"]["web"]["environment"]["DCSN_TRUSTED_PROXIES"] == "1"


def test_what_is_long_lived_has_a_health_check(compose: dict[str, Any]) -> None:
    checked = {
        name
        for name, service in compose["services"].items()
        if service.get("healthcheck", {}).get("test")
    }
    assert {"postgres", "redis", "worker"} <= checked
    assert re.search(r"HEALTHCHECK .*\n?.*/healthz", DOCKERFILE)


def test_versions_agree_everywhere(compose: dict[str, Any]) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    python = re.findall(r"FROM python:(\d+\.\d+)-", DOCKERFILE)
    assert set(python) == {"3.11"}
    assert project["requires-python"] == ">=3.11,<3.12"
    server = compose["services"]["postgres"]["image"].split(":")[1]
    version = subprocess.run(
        [installed_postgres() / "bin" / "postgres", "--version"],
        check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    assert re.search(rf"\b{server}\.\d", version), "pg_dump must be as new as the server"
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"## {project['version']}" in changes or "## Unreleased" in changes


def test_the_image_installs_the_same_libraries_as_the_script() -> None:
    for library in ("libpango-1.0-0", "libpangoft2-1.0-0"):
        assert library in DOCKERFILE
        assert library in SETUP


def test_what_the_image_copies_exists() -> None:
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    for line in re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.MULTILINE):
        *sources, _target = line.split()
        for source in sources:
            assert (ROOT / source).exists(), source
            assert source not in ignored, source


def test_nothing_secret_goes_into_the_image() -> None:
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    assert {".env", ".git", "var"} <= set(ignored)
