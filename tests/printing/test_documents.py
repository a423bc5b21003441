"""Long documents: tags, links, outline and every printed number survive the joining; builds resume."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import pikepdf
import pytest

from dcsn.printing import (
    Document,
    EmptyDocumentError,
    Entry,
    PaperColour,
    PrintError,
    PrintSize,
    Section,
    build_document,
    document_pdf,
)
from dcsn.printing.checks import check_tags, destinations
from dcsn.printing.documents import ENTRIES_TO_A_SHARD
from dcsn.printing.shards import ShardCache
from tests.printing.embedded import letters_drawn
from tests.printing.reading import fonts_not_embedded, page_texts, read, ua1_failures

PLACES = ["Ashgrove", "Beechwood", "Éire House", "Fairfield", "Łódź Hall", "Tŷ Gŵyr", "Zetland"]
KINDS = ["Lunch Club", "Day Centre", "Walking Group", "Advice Service", "Helpline", "Memory Café"]
TEXT = (
    "We welcome anyone who would like company, and new people are met at the door by a friendly "
    "volunteer. You do not need to book, but please ring first if you need help with the steps. "
)


def entry(number: int) -> Entry:
    name = f"{PLACES[number % 7]} {KINDS[number % 6]} {number:03d}"
    return Entry(
        key=f"e{number}",
        name=name,
        sort_key=name.casefold().replace("é", "e"),
        body=f'<p class="entry__phone">Phone 01632\u00a0960\u00a0{number:03d}</p>'
        f"<p>{TEXT * (1 + number % 3)}</p><p><b>Where:</b> Mill Lane, DL3\u00a07XX</p>",
    )


def document(*sizes: int, size: PrintSize = PrintSize.LARGE, **other) -> Document:
    """A document with a section of each size."""
    sections, number = [], 0
    for position, length in enumerate(sizes):
        entries = tuple(entry(number + i) for i in range(length))
        sections.append(Section(name=f"Topic {'ABCDEFGH'[position]}", entries=entries))
        number += length
    return Document(
        title="Help near you",
        sections=tuple(sections),
        size=size,
        intro=("Printed on 22 November 2026.",),
        **other,
    )


BOOK = document(50, 3, 30)  # 2 + 1 + 1 shards, an index, so worker processes too


@pytest.fixture(scope="module")
def module_settings():
    """As ``paper_settings``, for the books that are built once for this module."""
    from django.test import override_settings

    with override_settings(HELPLINE_NUMBER="01632 960 100", DEMONSTRATION=False):
        yield


@pytest.fixture(scope="module", params=[PrintSize.CLEAR, PrintSize.GIANT], ids=["14pt", "24pt"])
def book(request, module_settings, tmp_path_factory) -> bytes:
    folder = tmp_path_factory.mktemp("book")
    path = folder / "book.pdf"
    build_document(replace(BOOK, size=request.param), path, cache_dir=folder / "cache")
    return path.read_bytes()


def test_book_is_pdf_ua_and_no_tag_is_lost(book, tmp_path):
    report = check_tags(io.BytesIO(book))
    assert report.faults == {}
    assert report.tags["/Part"] == 6  # front, four shards of entries, index
    assert report.tags["/H3"] == 83 + 7  # entries and letters
    assert ua1_failures(book, tmp_path) == []
    assert fonts_not_embedded(book, tmp_path) == []
    compared, wrong = letters_drawn(book)
    assert wrong == []
    assert set("Tŷ Gŵyr Łódź Éire") <= compared


def test_every_printed_page_number_is_right(book):
    pages = list(page_texts(book))
    for number, text in enumerate(pages, start=1):
        assert text.endswith(f"Page {number} of {len(pages)}")
        assert "Help line 01632 960 100" in text
    listed = re.findall(r"([^,]+?), page (\d+)", " ".join(pages).replace("\u00a0", " "))
    names = {e.name for e in BOOK.entries}
    found = 0
    for words, number in listed:
        page = pages[int(number) - 1]
        if name := next((name for name in names if words.endswith(name)), None):
            # The heading with its phone number, not another mention of the name.
            assert f"{name} Phone 01632 960 {name[-3:]}" in page
            found += 1
        else:
            heading = re.search(r"(Topic [A-C]|A to Z)$", words)[1]
            assert page.startswith(heading)
            found += 1
    assert found == len(listed) == 83 + 4


def test_links_arrive_where_they_say(book):
    with pikepdf.open(io.BytesIO(book)) as pdf:
        named = destinations(pdf)
        links = [a for page in pdf.pages for a in page.obj.get("/Annots", [])]
        assert len(links) == 87
        for link in links:
            name, number = str(link.Contents).rsplit(", page ", 1)
            assert named[str(link.Dest)] == int(number)
            assert name
            assert "/A" not in link  # no address of a host that does not exist is left


def test_outline_is_the_contents(book):
    with pikepdf.open(io.BytesIO(book)) as pdf, pdf.open_outline() as outline:
        titles = [item.title for item in outline.root]
        assert titles == ["Help near you", "Contents", "Topic A", "Topic B", "Topic C", "A to Z"]
        by_title = {item.title: [child.title for child in item.children] for item in outline.root}
        assert by_title["Topic B"] == [e.name for e in BOOK.sections[1].entries]


def test_index_is_in_order_with_accents_under_their_letter(book):
    lines = read(book).lines
    assert [line for line in lines if len(line) == 1] == ["A", "B", "E", "F", "L", "T", "Z"]
    listed = [line.split(", page")[0] for line in lines if re.search(r" \d{3}, page \d+$", line)]
    assert len(listed) == 83
    assert listed == sorted(listed, key=lambda name: name.replace("É", "E").replace("Ł", "L"))


def test_sizes_and_running_headers(book):
    found = read(book)
    assert min(found.sizes) in (14, 24)
    assert min(found.sizes) == found.sizes.most_common(1)[0][0]
    assert min(found.edges) >= 24
    texts = list(page_texts(book))
    for text in texts[2:]:
        assert re.match(r"Topic [A-C] |A to Z |Contents ", text)


def test_an_entry_is_never_split(book):
    for text in page_texts(book):
        assert text.count("Phone ") == text.count("Where:")


def test_a_short_document_lists_every_entry_and_has_no_index(tmp_path):
    data = document_pdf(document(12, size=PrintSize.LARGE, paper=PaperColour.YELLOW))
    pages = list(page_texts(data))
    assert pages[0].count(", page ") == 12
    assert "A to Z" not in " ".join(pages)
    report = check_tags(io.BytesIO(data))
    assert report.ok
    assert report.tags["/H2"] == 13  # the contents and each entry: no level is skipped
    assert ua1_failures(data, tmp_path) == []
    assert read(data).fills["(1.0, 0.98, 0.8)"] == len(pages)


def test_short_sections_follow_each_other_and_long_ones_begin_a_page():
    pages = list(page_texts(document_pdf(document(2, 1, 12, 1, 1, size=PrintSize.CLEAR))))
    where = {
        name: number
        for number, text in enumerate(pages[1:], start=2)
        for name in re.findall(r"Topic [A-E](?= [A-ZÉŁT])", text.removeprefix("Help near you "))
        if not text.startswith(f"{name} ") or name not in " ".join(pages[1 : number - 1])
    }
    # A and B, of two and one, stand on the page after the contents; C begins a new one.
    assert where["Topic A"] == where["Topic B"] == 2
    assert where["Topic C"] == 3
    assert where["Topic D"] == where["Topic E"] > where["Topic C"]
    listed = re.findall(r"(Topic [A-E]|\d{3}), page.(\d+)", pages[0])
    assert len(listed) == 5 + 17
    assert {name: int(page) for name, page in listed if name.startswith("Topic")} == where


def test_the_same_document_again_lays_out_nothing(tmp_path):
    first = build_document(BOOK, tmp_path / "a.pdf", cache_dir=tmp_path / "cache", processes=0)
    again = build_document(BOOK, tmp_path / "b.pdf", cache_dir=tmp_path / "cache", processes=0)
    assert (first.from_cache, again.from_cache) == (0, again.shards)
    assert list(page_texts((tmp_path / "a.pdf").read_bytes())) == list(
        page_texts((tmp_path / "b.pdf").read_bytes())
    )
    changed = replace(BOOK.entries[60], body="<p>Changed today.</p>")
    topic = BOOK.sections[2]
    entries = tuple(changed if e.key == changed.key else e for e in topic.entries)
    other = replace(BOOK, sections=(*BOOK.sections[:2], replace(topic, entries=entries)))
    third = build_document(other, tmp_path / "c.pdf", cache_dir=tmp_path / "cache", processes=0)
    assert third.shards - third.from_cache <= 3  # its own shard; contents and index if pages moved
    assert "Changed today." in " ".join(page_texts((tmp_path / "c.pdf").read_bytes()))


class Killed(Exception):
    pass


def test_a_build_that_stops_goes_on_where_it_was(tmp_path):
    destination = tmp_path / "out" / "book.pdf"

    def stop_after_two(done: int, total: int) -> None:
        if done == 2:
            raise Killed

    with pytest.raises(Killed):
        build_document(
            BOOK, destination, cache_dir=tmp_path / "cache", progress=stop_after_two, processes=0
        )
    assert not destination.exists()
    steps: list[tuple[int, int]] = []
    report = build_document(
        BOOK,
        destination,
        cache_dir=tmp_path / "cache",
        progress=lambda done, total: steps.append((done, total)),
        processes=0,
    )
    assert report.from_cache == 2
    assert steps[0] == (0, 8)
    assert steps[-1] == (8, 8)
    assert steps == sorted(steps)
    assert [path.name for path in destination.parent.iterdir()] == ["book.pdf"]


def test_worker_processes_make_the_same_pages(tmp_path):
    here = build_document(BOOK, tmp_path / "a.pdf", cache_dir=tmp_path / "1", processes=0)
    there = build_document(BOOK, tmp_path / "b.pdf", cache_dir=tmp_path / "2", processes=2)
    assert (here.pages, here.shards) == (there.pages, there.shards)
    assert list(page_texts((tmp_path / "a.pdf").read_bytes())) == list(
        page_texts((tmp_path / "b.pdf").read_bytes())
    )


def test_what_fails_its_checks_is_not_handed_out(tmp_path):
    bad = replace(BOOK.entries[0], body="<h6>A heading that skips levels</h6>")
    broken = Document(title="Broken", sections=(Section("One", (bad,)),))
    with pytest.raises(PrintError, match="heading level skipped"):
        build_document(broken, tmp_path / "x.pdf", cache_dir=tmp_path / "cache")
    assert not (tmp_path / "x.pdf").exists()


def test_a_private_document_leaves_nothing_behind(tmp_path, settings):
    settings.PRINT_CACHE_DIR = tmp_path / "cache"
    notes = replace(BOOK.entries[0], body="<p>Ask for the quiet room.</p>")
    data = document_pdf(
        Document(title="My list", sections=(Section("My list", (notes,)),), private=True)
    )
    assert "quiet room" in " ".join(page_texts(data))
    assert not (tmp_path / "cache").exists()


def test_a_shard_that_was_cut_short_is_laid_out_again(tmp_path):
    book = document(3)
    build_document(book, tmp_path / "a.pdf", cache_dir=tmp_path / "cache")
    for pdf in (tmp_path / "cache").glob("*.pdf"):
        pdf.write_bytes(pdf.read_bytes()[:100])
    report = build_document(book, tmp_path / "b.pdf", cache_dir=tmp_path / "cache")
    assert report.from_cache == 0


def test_old_shards_are_pruned(tmp_path):
    import os
    import time

    cache = ShardCache(tmp_path)
    ages = {"new": 0.0, "hours": 7200.0, "weeks": 30 * 24 * 3600.0}
    for name, age in ages.items():
        path = tmp_path / f"{name}.pdf"
        path.write_bytes(b"x" * 100)
        os.utime(path, (time.time() - age, time.time() - age))
    assert cache.prune(keep_bytes=1000) == 1
    assert {path.stem for path in tmp_path.iterdir()} == {"new", "hours"}
    assert cache.prune(keep_bytes=50) == 1  # too much, but never what is in use
    assert {path.stem for path in tmp_path.iterdir()} == {"new"}


@pytest.mark.parametrize("key", ["", "a b", "a#b", "é", "x" * 81])
def test_a_key_must_be_a_name_for_a_place(key):
    with pytest.raises(ValueError, match="key"):
        Entry(key=key, name="Name", body="")


def test_a_document_needs_entries_with_different_keys():
    with pytest.raises(EmptyDocumentError, match="at least one"):
        Document(title="Empty", sections=())
    with pytest.raises(ValueError, match="same key"):
        Document(title="Twice", sections=(Section("A", (entry(1), entry(1))),))


def test_the_book_is_long_enough_to_test_shards():
    assert len(BOOK.sections[0].entries) > ENTRIES_TO_A_SHARD
    assert BOOK.has_index
