"""A real borough's 313 services on paper: whatever people wrote into them."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest
from django.utils import timezone

from dcsn.printing import PaperColour, PrintSize, build_document
from dcsn.printing.checks import check_tags
from directory.models import Service
from directory.printing import document_of, service_pdf
from directory.selections import Group, Selection
from directory.sheets import printable
from tests.directory.importing import kept_for_all, run
from tests.directory.shared_data import shared_data
from tests.printing.reading import page_texts, read, ua1_failures

pytestmark = [pytest.mark.django_db, pytest.mark.shared_data]


@pytest.fixture(scope="module")
def hounslow(django_db_setup, django_db_blocker):
    with kept_for_all(django_db_blocker):
        yield run(shared_data("hounslow_connect_uk"), source="Hounslow")


@dataclass
class Everything(Selection):
    """The whole directory in four sections."""

    ids: list[UUID]
    title = "Everything"
    page = "/"

    @property
    def codes(self) -> dict[str, str]:
        return {}

    def _groups(self) -> list[Group]:
        return [Group(f"Quarter {n + 1}", tuple(self.ids[n::4])) for n in range(4)]


def test_all_of_them_in_one_document(hounslow, tmp_path: Path):
    services = dict(Service.objects.publishable().values_list("id", "name"))
    assert len(services) > 300
    document = document_of(
        Everything(list(services)),
        size=PrintSize.LARGE,
        paper=PaperColour.WHITE,
        now=timezone.now(),
    )
    path = tmp_path / "everything.pdf"
    report = build_document(document, path, cache_dir=tmp_path / "cache")
    data = path.read_bytes()
    # The build has checked the tags already; here the validator, and then what a reader sees.
    assert ua1_failures(data, tmp_path) == []
    found = read(data, most_pages=30)
    assert min(found.sizes) == 18
    assert min(found.edges) >= 24
    assert set(found.colours) <= {"(0,)", "(0.0,)", "(0, 0, 0)", "(0.0, 0.0, 0.0)"}
    pages = [text.replace("\u00a0", " ") for text in page_texts(data)]
    assert len(pages) == report.pages
    index = " ".join(text.removeprefix("A to Z ") for text in pages if text.startswith("A to Z "))
    listed = re.findall(r", page (\d+)", index)
    assert len(listed) == len(services)
    wrong = [
        name
        for name, number in zip(
            re.split(r", page \d+", re.sub(r" Page \d+ of \d+", "", index)), listed, strict=False
        )
        if name.split()[-1] not in pages[int(number) - 1]
    ]
    assert wrong == []


def test_sheets_of_the_longest(hounslow, tmp_path: Path):
    """Those with the most to say, at the size where least fits."""
    longest = sorted(
        printable(Service.objects.all()), key=lambda service: -len(service.description)
    )[:5]
    for service in longest:
        data = service_pdf(
            service, size=PrintSize.GIANT, paper=PaperColour.YELLOW, now=timezone.now()
        )
        assert check_tags(io.BytesIO(data)).faults == {}
        assert ua1_failures(data, tmp_path) == []
        assert min(read(data).edges) >= 24
