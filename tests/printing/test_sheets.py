"""A small document: its tags, sizes, colours, edges, footers, and what it refuses."""

from __future__ import annotations

import io
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pikepdf
import pytest

from dcsn.printing import PaperColour, PrintError, PrintSize, render_pdf
from dcsn.printing.checks import check_tags
from tests.printing.reading import fonts_not_embedded, line_pitch, page_texts, read, ua1_failures

SIZES = list(PrintSize)


@pytest.fixture(params=SIZES, ids=lambda size: f"{size.value}pt")
def size(request) -> PrintSize:
    return request.param


@pytest.fixture
def sheet(size, entries) -> bytes:
    return render_pdf("tests/sheet.html", {"entries": entries}, size=size, title="Lunch clubs")


def test_is_pdf_ua_and_every_tag_is_reached(sheet, tmp_path):
    report = check_tags(io.BytesIO(sheet))
    assert report.faults == {}
    assert report.tags["/H2"] == 8
    assert report.artifacts >= report.pages  # a footer on each
    assert ua1_failures(sheet, tmp_path) == []


def test_nothing_is_smaller_than_the_body_text(sheet, size):
    """P1 to P4: headers, footers and page numbers are as large as the text."""
    found = read(sheet)
    assert min(found.sizes) == size
    assert found.sizes.most_common(1)[0][0] == size


def test_one_upright_typeface_in_two_weights_all_embedded(sheet, tmp_path):
    """P7, P8: the template asks for italics and gets none."""
    names = {name.split("+")[-1] for name in read(sheet).fonts}
    assert names == {
        "Atkinson-Hyperlegible-Next",
        "Atkinson-Hyperlegible-Next-Bold",
        "DcsnStamp",
    }
    assert fonts_not_embedded(sheet, tmp_path) == []


def test_black_on_white_in_one_column_on_a4(sheet):
    found = read(sheet)
    assert set(found.colours) <= {"(0,)", "(0.0,)", "(0, 0, 0)", "(0.0, 0.0, 0.0)"}
    assert found.page_sizes == {(595.3, 841.9)}
    # One left edge (P9, P14); the page number, alone on its line at 24 point, stands at the right.
    numbers = sum(bool(re.fullmatch(r"Page \d+ of \d+", line)) for line in found.lines)
    at_the_edge = sum(n for x, n in found.left_edges.items() if 56 <= x <= 59)
    assert at_the_edge + numbers == len(found.lines)
    assert min(found.edges) >= 24  # no letter where an office printer cannot print


def test_every_page_names_itself_and_the_help_line(sheet):
    pages = list(page_texts(sheet))
    assert len(pages) > 1
    for number, text in enumerate(pages, start=1):
        assert f"Page {number} of {len(pages)}" in text
        assert "Help line 01632 960 100" in text
        # P17: the running header is on each page but the first, which has the heading.
        assert text.count("Lunch clubs") == 1
    assert "in Easy Read or in another language" in " ".join(pages)  # P19


def test_no_single_piece_of_information_is_split_over_lines(sheet):
    lines = [re.sub(r"\s+", " ", line) for line in read(sheet).lines]
    text = "\n".join(lines)
    for piece, times in [
        ("01632 960 123", 4),
        ("020 7946 0321", 4),
        ("DL3 7XX", 4),
        ("DL1 5QU", 4),
        ("12 noon", 4),
        ("10.30 am", 4),
        ("7 December", 4),
        ("0808 157 0123", 4),
    ]:
        assert text.count(piece) == times, piece


def test_no_web_address_but_the_short_code(sheet):
    text = " ".join(page_texts(sheet))
    assert "example.org" not in text
    assert text.count("network.example") == 1


def test_an_entry_is_never_split_over_two_pages(sheet):
    for text in page_texts(sheet):
        assert text.count("Phone ") == text.count("Where:")


def test_pale_yellow_lies_under_the_text_as_an_artifact(entries, tmp_path):
    data = render_pdf(
        "tests/sheet.html",
        {"entries": entries},
        size=PrintSize.LARGE,
        title="Lunch clubs",
        paper=PaperColour.YELLOW,
    )
    found = read(data)
    assert found.fills["(1.0, 0.98, 0.8)"] == len(list(page_texts(data)))
    assert check_tags(io.BytesIO(data)).ok
    assert ua1_failures(data, tmp_path) == []


def test_demonstration_data_is_marked_on_every_page(settings, entries):
    settings.DEMONSTRATION = True
    data = render_pdf(
        "tests/sheet.html", {"entries": entries}, size=PrintSize.GIANT, title="Lunch clubs"
    )
    assert all("Demonstration data of 2011" in text for text in page_texts(data))


def test_a_long_running_header_is_cut_after_two_lines(entries):
    title = "Help with getting out and about when you can no longer drive and live far away " * 2
    data = render_pdf("tests/sheet.html", {"entries": entries}, size=PrintSize.GIANT, title=title)
    second = list(page_texts(data))[1]
    assert second.startswith("Help with getting out")
    assert "…" in second.split("Phone")[0]
    assert min(read(data).edges) >= 24


def test_is_set_closer_only_where_that_saves_a_page(entries):
    """Never closer than P12 (1.2) allows; where no page is saved, the lines keep their distance."""
    pitches = {}
    for times in (1, 4, 5, 6, 7):
        entry = {**entries[0], "text": entries[0]["text"] * times}
        data = render_pdf("tests/sheet.html", {"entries": [entry]}, size=PrintSize.LARGE, title="T")
        pitches[times] = (len(list(page_texts(data))), line_pitch(data, 18))
    assert {pitch for _pages, pitch in pitches.values()} == {1.25, 1.35}
    assert pitches[1] == (1, 1.35), pitches


def test_title_and_language_are_in_the_file(entries):
    data = render_pdf(
        "tests/sheet.html", {"entries": entries}, size=PrintSize.LARGE, title="Clybiau", lang="cy"
    )
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert str(pdf.Root.Lang) == "cy"
        assert str(pdf.docinfo["/Title"]) == "Clybiau"


def test_two_readers_at_once_each_get_their_own(entries):
    def printed(number: int) -> str:
        data = render_pdf(
            "tests/sheet.html",
            {"entries": [{**entries[0], "name": f"Reader {number}"}] * 2},
            size=list(PrintSize)[number % 3],
            title=f"List {number}",
        )
        assert check_tags(io.BytesIO(data)).ok
        return " ".join(page_texts(data))

    with ThreadPoolExecutor(4) as threads:
        for number, text in enumerate(threads.map(printed, range(12))):
            assert text.startswith(f"List {number} Reader {number} ")
            assert set(re.findall(r"Reader (\d+)", text)) == {str(number)}


def test_a_link_to_nowhere_is_an_error():
    with pytest.raises(PrintError, match="no-such-place"):
        render_pdf("tests/broken_link.html", {}, size=PrintSize.LARGE, title="Broken")


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:1/picture.png",
        "https://example.org/picture.png",
        "file:///etc/hostname",
        "/etc/hostname",
        "/static/../dcsn/settings.py",
        "/static/%2e%2e/package.json",
        "/static/print/none.png",
        "ftp://example.org/picture.png",
        "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg'%3E"
        "%3Cimage href='https://example.org/x.png'/%3E%3C/svg%3E",
    ],
)
def test_only_our_own_static_files_are_fetched(address):
    with pytest.raises(PrintError):
        render_pdf("tests/picture.html", {"address": address}, size=PrintSize.LARGE, title="Sheet")


def test_a_picture_inside_the_page_is_drawn(tmp_path):
    red_dot = (
        "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAUAAAAFCAYAAACNbyblAAAAHElEQVQI12P4//8/w38G"
        "IAXDIBKE0DHxgljNBAAO9TXL0Y4OHwAAAABJRU5ErkJggg=="
    )
    data = render_pdf(
        "tests/picture.html", {"address": red_dot}, size=PrintSize.LARGE, title="Sheet"
    )
    report = check_tags(io.BytesIO(data))
    assert report.faults == {}
    assert report.tags["/Figure"] == 1
    assert ua1_failures(data, tmp_path) == []


def test_the_three_sizes_differ_in_one_number_only():
    """P5: nothing in the style sheet is in points or millimetres but rules, what stands at the top of a
    letter, which must show in the window of an envelope whatever the reader's size, a card of a card's own
    size, a square for a telephone's camera, pictures in a plan, and the frame of a certificate."""
    css = re.sub(r"/\*.*?\*/", "", Path("static/print/print.css").read_text(), flags=re.S)
    measured = (
        r"letter__address|member-letter__from|card[\w-]*(?: [.\w-]+)?|square"
        r"|plan__\w+ img|certificate[\w-]*"
    )
    css = re.sub(rf"[^{{}}]*\.(?:{measured})\s*\{{[^}}]*\}}", "", css)
    assert set(re.findall(r"[\d.]+(?:pt|px|mm|cm)\b[^;]*", css)) == {
        "4pt solid #000",
        "3pt solid #000",
        "2pt solid #000",
        "1.5pt solid #000",
    }
    for forbidden in (
        "italic",
        "justify",
        "text-transform",
        "columns",
        "flex",
        "grid",
        "underline",
    ):
        assert forbidden not in css


def test_each_letter_of_a_run_counts_its_own_pages():
    """Whoever gets the second letter does not begin at page 3 of 5."""
    data = render_pdf("tests/run.html", {"pages": [2, 1]}, size=PrintSize.LARGE, title="News")
    feet = [re.findall(r"Page \d of \d", text) for text in page_texts(data)]
    assert feet == [["Page 1 of 2"], ["Page 2 of 2"], ["Page 1 of 1"]]
