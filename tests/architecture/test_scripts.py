"""The two commands of the README, as far as a test can hold them; the README says where they were run."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
SCRIPTS = [
    ROOT / ".ci" / "run",
    *(ROOT / "script" / name for name in ("setup", "server", "test", "lock")),
]


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_each_can_be_run_and_is_well_formed(script: Path) -> None:
    assert os.access(script, os.X_OK)
    subprocess.run(["bash", "-n", str(script)], check=True)
    assert "set -euo pipefail" in script.read_text() or script.parent.name == ".ci"


def test_continuous_integration_runs_the_one_command_and_nothing_else() -> None:
    lines = [
        line
        for line in (ROOT / ".ci" / "run").read_text().splitlines()
        if line and not line.startswith("#")
    ]
    assert len(lines) == 1
    assert lines[0].endswith('/../script/test"')


def test_pytest_is_the_last_step() -> None:
    steps = [
        line
        for line in (ROOT / "script" / "test").read_text().splitlines()
        if re.match(r"(step|\[\[.*\|\| step) ", line)
    ]
    assert len(steps) >= 7
    assert "pytest" in steps[-1]


def test_without_root_it_says_exactly_what_to_ask_for(tmp_path: Path) -> None:
    """Run as a user who is not root, with a PATH on which nothing optional is."""
    for name in ("bash", "git", "python3.11", "uname", "cat", "dirname", "apt-get", "sed", "id"):
        found = subprocess.run(["which", name], capture_output=True, text=True, check=False)
        if found.stdout.strip():
            (tmp_path / name).symlink_to(os.path.realpath(found.stdout.strip()))
    (tmp_path / "ldconfig").write_text("#!/bin/sh\n")  # knows of no library
    (tmp_path / "ldconfig").chmod(0o755)
    text = (ROOT / "script" / "setup").read_text().replace("$EUID -eq 0", "1 -eq 0")
    text = text.replace('cd "$(dirname "${BASH_SOURCE[0]}")/.."', f"cd {tmp_path}")
    done = subprocess.run(
        ["bash", "-c", text], env={"PATH": str(tmp_path), "HOME": str(tmp_path)},
        capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert done.returncode == 1
    wanted = (
        r"apt-get install --no-install-recommends .*libpango-1.0-0 libpangoft2-1.0-0 redis-server"
    )
    assert re.search(wanted, done.stderr), done.stderr
    assert not (tmp_path / ".venv").exists()
