"""The dependencies: pinned, hashed, without addresses, each with a reason, and agreeing everywhere."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
LISTS = sorted((ROOT / "requirements").glob("*.txt"))


def pinned(path: Path) -> dict[str, str]:
    """Package to version, as written in a compiled list."""
    lines = path.read_text(encoding="utf-8").splitlines()
    found = (re.match(r"([a-z0-9._-]+)==(\S+)", line) for line in lines)
    return {match[1]: match[2] for match in found if match}


def name_of(requirement: str) -> str:
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert found, requirement
    return found[0].lower().replace("_", "-")


def test_there_are_compiled_lists() -> None:
    assert {path.name for path in LISTS} >= {"base.txt", "test.txt", "node.txt"}


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.name)
def test_every_package_has_a_version_and_a_hash_and_no_address(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert "://" not in text
    assert "--find-links" not in text
    assert "index-url" not in text
    blocks = re.split(r"\n(?=[a-z0-9])", text)
    assert len(blocks) == len(pinned(path))
    for block in blocks:
        assert re.match(r"[a-z0-9._-]+==\S+ \\\n\s+--hash=sha256:[0-9a-f]{64}", block), block[:80]


def test_the_test_list_holds_the_base_list_at_the_same_versions() -> None:
    base, test = (pinned(ROOT / "requirements" / f"{name}.txt") for name in ("base", "test"))
    assert {name: test.get(name) for name in base} == base


def test_every_dependency_is_locked_and_says_why_it_is_there() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    project = tomllib.loads(text)["project"]
    lists = {"base": project["dependencies"], "test": project["optional-dependencies"]["test"]}
    for name, requirements in lists.items():
        locked = pinned(ROOT / "requirements" / f"{name}.txt")
        missing = [wanted for wanted in requirements if name_of(wanted) not in locked]
        assert missing == [], f"run script/lock: not in requirements/{name}.txt"
    unexplained = [
        requirement
        for requirement in project["dependencies"]
        if not re.search(rf'"{re.escape(requirement)}",\s+# \S+', text)
    ]
    assert unexplained == []


def test_the_front_ends_lock_names_no_address() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert len(packages) > 4
    assert [name for name, entry in packages.items() if "resolved" in entry] == []
    assert [name for name, entry in packages.items() if not entry.get("integrity")] == []
