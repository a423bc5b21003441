"""Reading a PDF back with other people's programs, so that no test trusts the code under test."""

from __future__ import annotations

import io
import itertools
import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import page as page_validation
import pdfplumber


@dataclass
class Print:
    """What pdfplumber sees on the pages."""

    sizes: Counter[float] = field(default_factory=Counter)
    fonts: Counter[str] = field(default_factory=Counter)
    colours: Counter[str] = field(default_factory=Counter)
    fills: Counter[str] = field(default_factory=Counter)
    left_edges: Counter[int] = field(default_factory=Counter)
    lines: list[str] = field(default_factory=list)
    page_sizes: set[tuple[float, float]] = field(default_factory=set)
    edges: list[float] = field(default_factory=lambda: [999.0] * 4)


def read(data: bytes, *, most_pages: int | None = None) -> Print:
    """All pages, or the first ones: pdfplumber takes a third of a second for each."""
    found = Print()
    with pdfplumber.open(io.BytesIO(data)) as pdf:
        for page in pdf.pages[:most_pages]:
            found.page_sizes.add((round(page.width, 1), round(page.height, 1)))
            for rect in page.rects:
                found.fills[str(tuple(round(float(c), 2) for c in rect["non_stroking_color"]))] += 1
            for char in page.chars:
                if not char["text"].strip():
                    continue
                found.sizes[round(char["size"], 1)] += 1
                found.fonts[char["fontname"]] += 1
                found.colours[str(tuple(char["non_stroking_color"]))] += 1
                here = (
                    char["x0"],
                    page.width - char["x1"],
                    char["top"],
                    page.height - char["bottom"],
                )
                found.edges = [min(a, b) for a, b in zip(found.edges, here, strict=True)]
            for line in page.extract_text_lines(strip=True):
                found.lines.append(line["text"])
                found.left_edges[round(line["x0"])] += 1
    return found


def line_pitch(data: bytes, size: float) -> float:
    """The commonest distance from line to line of the body text, in ems."""
    gaps: Counter[float] = Counter()
    with pdfplumber.open(io.BytesIO(data)) as pdf:
        for page in pdf.pages:
            tops = [
                line["top"]
                for line in page.extract_text_lines()
                if all(round(char["size"], 1) == size for char in line["chars"])
            ]
            gaps.update(round((b - a) / size, 2) for a, b in itertools.pairwise(tops))
    return gaps.most_common(1)[0][0]


def page_texts(data: bytes) -> Iterator[str]:
    """The text of each page as poppler reads it, in one line each."""
    text = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=data, capture_output=True, check=True
    ).stdout.decode()
    for page in text.split("\f")[:-1]:
        yield re.sub(r"\s+", " ", page).strip()


def ua1_failures(data: bytes, folder: Path) -> list[str]:
    """What page-validation's PDF/UA-1 profile holds against a file."""
    path = folder / "under-test.pdf"
    path.write_bytes(data)
    result = page_validation.validate_pdf(str(path), profile="ua1")
    failures = [f"{failure.rule_id}: {failure.message}" for failure in result.failures]
    assert result.is_compliant == (not failures)
    return failures


def fonts_not_embedded(data: bytes, folder: Path) -> list[str]:
    path = folder / "fonts.pdf"
    path.write_bytes(data)
    listing = subprocess.run(
        ["pdffonts", str(path)], capture_output=True, text=True, check=True
    ).stdout.splitlines()[2:]
    assert listing, "a document without any font has no text"
    return [line for line in listing if not re.search(r"\byes\s+yes\s+yes\s+\d+\s+\d+$", line)]
