"""A refuge's address is put into an import, and then looked for in every byte that comes out.

The address, its postcode, its position and the way there go in; pages, paper, structured data,
sitemap, a dump of the whole database, what the import says, the portal's logs and the database
server's are searched. One hit is a person in danger.
"""

from __future__ import annotations

import io
import json
import logging
import os
import re
import subprocess
from html import unescape
from pathlib import Path
from urllib.parse import urlsplit

import pdfplumber
import pikepdf
import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import NoReverseMatch, reverse

from dcsn.backups import postgres
from directory.models import Location, Service
from tests.access.matrix import MATRIX

# Each is a piece that would be enough to find the place.
SECRETS = (
    "Quillberry",
    "Thrushcroft",
    "DL9 7ZX",
    "54.598761",
    "-1.476543",
    "Marrowgate bus stop",
    "whistlepost",
)
REFUGE = {
    "id": "0d4f0a52-6f0e-4b5e-9a53-3f6c3e0d7a11",
    "name": "Harbour refuge",
    "description": "A safe house for women. Come to 47 Thrushcroft Lane, DL9 7ZX, at any hour.",
    "status": "active",
    "url": "https://harbour.example/",
    "application_process": "Ring at any hour. 47, Thrushcroft Lane is never shut.",
    "organization": {
        "id": "6a0a8f0e-8e0e-4c43-9d4b-64fef2b36c55",
        "name": "Harbour",
        "description": "Keeps the house at 47 thrushcroft lane.",
        "locations": [],
    },
    "phones": [{"id": "a3c5f6d0-51dd-4a69-b0b5-0c7b6c9ce5f1", "number": "01632 960 777"}],
    "attributes": [],
    "service_at_locations": [
        {
            "id": "c7bb7e3c-9d7c-43cf-8f0d-7f6f1c1e51d2",
            "location": {
                "id": "b2c6b1ee-3a8c-4f0f-9a34-3d7f2bd1a9f4",
                "location_type": "physical",
                "is_confidential": True,
                "name": "Quillberry House",
                "alternate_name": "Quillberry",
                "description": "Behind the whistlepost.",
                "transportation": "Two minutes from the Marrowgate bus stop.",
                "latitude": 54.598761,
                "longitude": -1.476543,
                "addresses": [
                    {
                        "id": "5b0c2a4e-5f0a-4b1f-8a51-7b4a1f1e2d33",
                        "address_1": "47 Thrushcroft Lane",
                        "address_2": "Quillberry",
                        "city": "Darlington",
                        "state_province": "County Durham",
                        "postal_code": "DL9 7ZX",
                        "country": "GB",
                        "address_type": "physical",
                    }
                ],
                "accessibility": [
                    {
                        "id": "0e2d7a55-77cb-47d6-8a9d-7c9a4bb2f0aa",
                        "description": "Ramp from Thrushcroft Lane",
                    }
                ],
            },
        }
    ],
    "schedules": [
        {
            "id": "2a3b8f1c-0b0b-4d53-a7b0-2a6f0c1f5e77",
            "freq": "WEEKLY",
            "byday": "MO,TU,WE,TH,FR,SA,SU",
            "opens_at": "00:00",
            "closes_at": "00:00",
        }
    ],
}


def hits(name: str, data: bytes | str) -> list[str]:
    """The secrets in ``data``, however it is spaced, escaped or written in capitals."""
    text = data.decode("utf-8", "replace") if isinstance(data, bytes) else data
    plain = unescape(text).casefold()
    squeezed = re.sub(r"[\s\W_]+", "", plain)
    return [
        f"{secret!r} in {name}"
        for secret in SECRETS
        if secret.casefold() in plain or re.sub(r"[\s\W_]+", "", secret.casefold()) in squeezed
    ]


def pdf_hits(name: str, data: bytes) -> list[str]:
    """In a PDF's text, and in everything in it once it is unpacked: metadata, outline, tags."""
    with pdfplumber.open(io.BytesIO(data)) as document:
        text = "\n".join(page.extract_text() for page in document.pages)
    assert "Harbour" in text or "refuge" in text.casefold() or len(text) > 20
    unpacked = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as document:
        document.save(
            unpacked,
            stream_decode_level=pikepdf.StreamDecodeLevel.all,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            compress_streams=False,
        )
    return hits(name, text) + hits(f"{name}, unpacked", unpacked.getvalue())


@pytest.fixture
def imported(transactional_db: None, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> str:
    """The refuge imported as a neighbouring council would send it; what the import said."""
    caplog.set_level(logging.DEBUG)
    file = tmp_path / "refuge.json"
    file.write_text(json.dumps([REFUGE]))
    said = io.StringIO()
    for options in ({"dry_run": True}, {}, {}):
        call_command("import_services", str(file), stdout=said, stderr=said, **options)
    return said.getvalue()


def crawl(client: Client) -> dict[str, bytes]:
    """Every public page and file that can be reached from the first page, and by name."""
    service = Service.objects.get(name="Harbour refuge")
    waiting = ["/", "/services/?q=refuge", "/services/?q=refuge&near=DL1+1AA&within=5"]
    waiting += ["/services/?q=harbour", "/sitemap.xml", "/robots.txt", service.get_absolute_url()]
    waiting += [reverse("directory:suggest") + f"?q={q}" for q in ("har", "thr", "qui", "mar")]
    for name, row in MATRIX.items():
        for arguments in (
            {},
            {"short_id": service.short_id},
            {"slug": service.slug, "short_id": service.short_id},
        ):
            try:
                waiting += [reverse(name, kwargs=arguments)] if row.everybody else []
            except NoReverseMatch:
                continue
    sheet = reverse("directory:sheet", args=[service.slug, service.short_id])
    waiting += [f"{sheet}?size={size}" for size in (14, 18, 24)]
    seen: dict[str, bytes] = {}
    while waiting:
        address = waiting.pop()
        if address in seen or len(seen) > 400:
            continue
        response = client.get(address, follow=True)
        body = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
        headers = "\n".join(f"{name}: {value}" for name, value in response.headers.items())
        seen[address] = body + headers.encode() if not body.startswith(b"%PDF") else body
        if "html" in response.headers.get("Content-Type", "") or "xml" in address:
            text = unescape(body.decode())
            found = re.findall(r'(?:href|src)="([^"#]+)', text) + re.findall(r"<loc>([^<]+)", text)
            for link in found:
                parts = urlsplit(link)
                if parts.scheme in {"", "http", "https"} and parts.netloc in {"", "testserver"}:
                    path = parts.path or urlsplit(address).path
                    waiting.append(path + (f"?{parts.query}" if parts.query else ""))
    return seen


def servers_log() -> bytes:
    """What the embedded server wrote; empty when the tests run on another server."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW data_directory")
        log = Path(cursor.fetchone()[0]) / "server.log"
    return log.read_bytes() if os.access(log, os.R_OK) else b""


def test_the_address_comes_out_nowhere(
    imported: str, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    # Given a refuge that was imported with all that would find it
    service = Service.objects.get(name="Harbour refuge")
    assert Location.objects.get().is_confidential
    found = hits("what the import says", imported)
    # When everything that the public can open is opened, with the refuge on somebody's list
    client.post(reverse("directory:add_to_list"), {"service": str(service.id), "next": "/"})
    seen = crawl(client)
    pages = [address for address, body in seen.items() if b"Harbour refuge" in body]
    papers = [address for address, body in seen.items() if body.startswith(b"%PDF")]
    # Then it is there, on screen and on paper …
    assert service.get_absolute_url() in pages
    assert any(address.startswith("/services/?q=") for address in pages)
    assert "/my-list/" in pages
    assert len(papers) >= 3
    assert b"01632" in seen[service.get_absolute_url()]
    # … and where it is, is not
    for address, body in seen.items():
        found += pdf_hits(address, body) if body.startswith(b"%PDF") else hits(address, body)
    # Nor does a search for the address find it
    for words in ("Thrushcroft Lane", "Quillberry House", "DL9 7ZX"):
        answer = client.get("/services/", {"q": words, "exact": "1"}).content
        assert b"Harbour refuge" not in answer
    # Nor is it in the database at all
    dump = subprocess.run(
        [postgres.program("pg_dump"), "--inserts"],
        env=postgres.environment(),
        capture_output=True,
        check=True,
    ).stdout
    assert b"Harbour refuge" in dump
    found += hits("the database", dump)
    # Nor in any log, the database server's own among them (a refused row would be written there)
    found += hits("the logs", caplog.text)
    found += hits("the database server's log", servers_log())
    assert found == []


def test_the_search_itself_finds_what_is_there() -> None:
    """The test above would pass with a blind eye: it sees each secret in each disguise."""
    for secret in SECRETS:
        for disguise in (secret.upper(), secret.replace(" ", "\u00a0"), "".join(secret.split())):
            assert hits("a page", f"<p>… {disguise} …</p>".encode())
    assert hits("a page", b"<p>Quill&#98;erry</p>")
    assert not hits("a page", b"<p>Harbour refuge, ring 01632 960 777</p>")
