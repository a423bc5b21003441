"""What must hold for the files of the project themselves, whatever they say."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)


def project_files() -> list[Path]:
    """Everything that is, or is about to be, committed."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def text_of(path: Path) -> str:
    """The file's text; empty for a picture or a font."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


@pytest.fixture(scope="module")
def files() -> list[Path]:
    found = project_files()
    assert len(found) > 40, "git listed almost nothing: the tests below would pass for nothing"
    return found


def test_no_file_is_named_for_nothing(files: list[Path]) -> None:
    """A module is named after a noun; these names collect whatever nobody placed."""
    banned = re.compile(r"^(utils?|helpers?|common|misc|core)(\.|$)")
    found = [
        str(path.relative_to(ROOT))
        for path in files
        if any(banned.match(part) for part in path.relative_to(ROOT).parts)
    ]
    assert found == []


def test_only_the_demonstration_and_documents_name_a_borough(files: list[Path]) -> None:
    """Another borough takes the portal up by settings: code and templates name none."""
    # The demonstration's data; documents; and tests, which need some place to talk about.
    allowed = re.compile(
        r"^(script/demonstration\.env|README\.md|CHANGELOG\.md|docs/|tests/"
        r"|(\w+/)+demonstration|directory/places/data/|(\w+/)+README\.md|LICENSE)"
    )
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in files
        if not allowed.match(str(path.relative_to(ROOT)))
        for number, line in enumerate(text_of(path).splitlines(), 1)
        if "darlington" in line.lower()
    ]
    assert found == []


# Spelled in pieces, so that this file does not contain what it looks for.
MACHINE_PATHS = ("/" + "work/", "/" + "root/", "/" + "home/", "/opt/" + "pypi", "/opt/" + "wheels")
REGISTRIES = ("registry." + "npmjs", "files." + "pythonhosted", "pypi." + "org", "deb." + "debian")


def test_nothing_points_at_one_machine_or_a_download_host(files: list[Path]) -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}: {needle}"
        for path in files
        for number, line in enumerate(text_of(path).splitlines(), 1)
        for needle in (*MACHINE_PATHS, *REGISTRIES)
        if needle in line
    ]
    assert found == []


def test_phone_numbers_are_ofcoms_invented_ones(files: list[Path]) -> None:
    """No test, page or demonstration may ring a real person: only the ranges kept for drama."""
    number = re.compile(r"(?<![\d.\-])0(?:\d[ ]?){9,10}\b(?![\d\-])")
    drama = re.compile(r"^(016329600\d\d|01632960\d{3}|0207946\d{4}|07700900\d{3}|0808157\d{4})")
    kinds = {".py", ".html", ".md", ".env", ".txt", ".toml", ".csv", ".json", ".yml"}
    found = []
    for path in files:
        name = str(path.relative_to(ROOT))
        if path.suffix not in kinds or name.startswith("requirements/") or "lock" in name:
            continue
        for line in text_of(path).splitlines():
            for match in number.finditer(line):
                digits = re.sub(r"\D", "", match.group())
                if len(digits) in (10, 11) and not drama.match(digits):
                    found.append(f"{name}: {match.group()}")
    assert found == []
