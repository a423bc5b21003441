"""The letters on paper: what they say, how many sheets they take, and what nobody can tell from them."""

from __future__ import annotations

import io
import re
import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pikepdf
import pytest
from django.utils import timezone

from dcsn.printing import EmptyDocumentError, PrintSize
from dcsn.printing.checks import check_tags
from members.letters.actions import make_run
from members.letters.pages import SIDES_EACH, build, sample_pdf, to_print
from members.models import LetterKind, LetterRun, Membership, Term
from tests.conftest import Cast
from tests.factories.membership import PlanFactory
from tests.printing.reading import page_texts

pytestmark = pytest.mark.django_db
Member = Callable[..., Membership]
DAYS = {LetterKind.WELCOME: None, LetterKind.RENEWAL: 30, LetterKind.LAPSED: -10}


def made(cast: Cast, kind: str) -> LetterRun:
    return make_run(kind=kind, key=uuid.uuid4(), by=cast.membership_officer)


def one_of(kind: str, member: Member, **facts: object) -> Membership:
    if kind == LetterKind.WELCOME:
        return member(joined_ago=3, **facts)
    return member(ends_in=DAYS[LetterKind(kind)], **facts)


def words(pdf: bytes) -> str:
    return " ".join(" ".join(page_texts(pdf)).replace("\u2011", "-").split())


@pytest.mark.parametrize("kind", LetterKind.values)
@pytest.mark.parametrize("size", [14, 18, 24])
def test_each_letter_is_tagged_and_takes_the_paper_that_was_promised(
    cast: Cast, member: Member, kind: str, size: int, tmp_path: Path
) -> None:
    one_of(kind, member, formats=[f"print_{size}"])
    one_of(kind, member, formats=[f"print_{size}"])
    report = build(made(cast, kind), tmp_path / "run.pdf", cache_dir=tmp_path / "shards")
    assert check_tags(report.path).faults == {}
    # The list of the envelopes is one sheet more.
    letters = report.pages - 2
    assert letters == 2 * SIDES_EACH[kind][size]


@pytest.mark.parametrize("kind", LetterKind.values)
def test_every_letter_begins_on_the_front_of_a_sheet_and_counts_its_own_pages(
    cast: Cast, member: Member, kind: str, tmp_path: Path
) -> None:
    for number in range(3):
        for size in (14, 18, 24):
            one_of(kind, member, formats=[f"print_{size}"], given_name=f"Ann{number}-{size}")
    report = build(made(cast, kind), tmp_path / "run.pdf", cache_dir=tmp_path / "shards")
    pages = [" ".join(text.split()) for text in page_texts(report.path.read_bytes())]
    fronts = [n for n, text in enumerate(pages) if "Dear" in text]
    assert len(fronts) == 9
    assert all(front % 2 == 0 for front in fronts)
    assert all(re.search(r"Page 1 of \d\b", pages[front]) for front in fronts)
    # And every letter says how many pages it has; the empty back of its last sheet is none
    for front, following in zip(fronts, [*fronts[1:], len(pages)], strict=True):
        written = [text for text in pages[front:following] if text]
        assert f"Page 1 of {len(written)}" in pages[front]
        assert f"Page {len(written)} of {len(written)}" in written[-1]
        assert following - front - len(written) in (0, 1)
    assert sum(report.pages_of_size.values()) == report.pages


def test_a_letter_says_what_to_do_and_what_it_costs_today(cast: Cast, member: Member) -> None:
    row = member(known_as="Winnie")
    assert row.ends_on is not None
    text = words(sample_pdf(to_print(made(cast, LetterKind.RENEWAL))[0]))
    day = f"{row.ends_on.day} {row.ends_on:%B %Y}"
    for said in (
        "Dear Winnie,",
        f"Please renew your membership by {day}",
        "To renew for 1 year costs £10.",
        "At the desk: come to Darlington Association on Disability.",
        "By post: fill in the page",
        "/my/membership",
        "you may ask for the safety net",
        "Your answer",
        f"Reference {row.reference}",
        "My cheque for £10 is enclosed.",
    ):
        assert said in text


def test_prices_are_those_of_the_day_of_the_run(cast: Cast, member: Member) -> None:
    plan = PlanFactory()
    member(plan=plan)
    run = made(cast, LetterKind.RENEWAL)
    today = timezone.localdate()
    from tests.factories.membership import PlanTermsFactory

    PlanTermsFactory(plan=plan, valid_from=today + timedelta(days=400), price_pence=9900)
    assert "£10" in words(sample_pdf(to_print(run)[0]))


def test_a_paid_a_free_and_a_given_membership_get_the_same_letter(
    cast: Cast, member: Member
) -> None:
    """The same words, the same paper, the same address: nothing in it tells who has paid."""
    plan, told = PlanFactory(), set()
    for source in (Term.Source.PAYMENT, Term.Source.CONCESSION, Term.Source.GIFT):
        row = member(plan=plan, source=source, given_name="Ann", family_name="Example")
        run = made(cast, LetterKind.RENEWAL)
        pdf = sample_pdf(to_print(run)[0])
        with pikepdf.open(io.BytesIO(pdf)) as opened:
            pages = len(opened.pages)
        told.add((words(pdf).replace(row.reference, "reference"), pages))
    assert len(told) == 1


@pytest.mark.parametrize("size", [14, 18, 24])
def test_the_address_shows_in_the_window_of_the_envelope(
    cast: Cast, member: Member, size: int, tmp_path: Path
) -> None:
    """BS 4264: 20 mm from the left, 45 to 80 mm from the top; on the first letter and on later ones."""
    for _number in range(2):
        member(
            formats=[f"print_{size}"],
            given_name="Wilhelmina Bartholomew",
            family_name="Featherstonehaugh-Cholmondeley",
            address_2="Flat 2",
        )
    report = build(
        made(cast, LetterKind.RENEWAL), tmp_path / "run.pdf", cache_dir=tmp_path / "shards"
    )
    found = [
        (page, y)
        for page, x, y, text in lines_of(report.path)
        if text.startswith(("Wilhelmina", "DL3")) and page >= 2
    ]
    assert len(found) == 4
    for _page, from_top in found:
        assert 45 <= from_top <= 80


def lines_of(path: Path) -> list[tuple[int, float, float, str]]:
    """Page, millimetres from the left and from the top, and text of every line."""
    import subprocess

    boxes = subprocess.run(
        ["pdftotext", "-bbox-layout", str(path), "-"], capture_output=True, text=True, check=True
    ).stdout
    found, page = [], -1
    for line in boxes.split("<"):
        if line.startswith("page "):
            page += 1
        elif line.startswith("line "):
            places = {k: float(v) for k, v in re.findall(r'(\w+)="([\d.]+)"', line)}
            found.append((page, places["xMin"] * 25.4 / 72, places["yMin"] * 25.4 / 72, ""))
        elif line.startswith("word "):
            page_number, x, y, text = found[-1]
            found[-1] = (page_number, x, y, f"{text} {line.partition('>')[2]}".strip())
    return found


def test_nobody_on_paper_is_no_document(cast: Cast, member: Member, tmp_path: Path) -> None:
    member(contact_by="email", email="w@example.org")
    run = made(cast, LetterKind.RENEWAL)
    with pytest.raises(EmptyDocumentError):
        build(run, tmp_path / "run.pdf", cache_dir=tmp_path / "shards")


def test_a_sample_is_one_letter(cast: Cast, member: Member) -> None:
    for _number in range(3):
        member()
    first = to_print(made(cast, LetterKind.RENEWAL))[0]
    assert words(sample_pdf(first)).count("Dear") == 1
    assert PrintSize(first.letter.size) == PrintSize.LARGE
