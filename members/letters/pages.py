"""The letters of a run on paper: a list of the envelopes, then letter by letter, size by size."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from dcsn.network import network
from dcsn.printing import Batch, PrintSize, RunReport, build_run, render_pdf
from dcsn.printing.documents import Progress
from members.letters.wording import Said, said_in, terms_of_the_day
from members.models import Letter, LetterKind, LetterRun, Person

LETTERS_TO_A_BATCH = 20
ADDRESSES_TO_A_BATCH = 150
TEMPLATE, LIST_TEMPLATE = "print/member_letters.html", "print/member_letters_list.html"
# What one letter and its slip take, to plan paper by before it is printed (a test holds it).
SIDES_EACH: dict[str, dict[int, int]] = {
    LetterKind.WELCOME: {14: 2, 18: 2, 24: 2},
    LetterKind.RENEWAL: {14: 2, 18: 2, 24: 4},
    LetterKind.LAPSED: {14: 2, 18: 2, 24: 4},
}


@dataclass(frozen=True)
class OnPaper:
    """One letter, ready to be laid out."""

    number: int
    letter: Letter
    person: Person
    said: Said


def to_print(run: LetterRun) -> list[OnPaper]:
    """Those that go by post, in the order of the pile: by size, then by name. Three queries."""
    letters = list(
        run.letters.filter(way=Letter.Way.POST, state__in=[Letter.State.WAITING, Letter.State.SENT])
        .filter(membership__person__erased_at=None, membership__person__isnull=False)
        .select_related(
            "run",
            "term__plan_terms",
            "membership__person",
            "membership__organisation",
            "membership__plan_terms",
        )
        .order_by("size", "membership__person__sort_key", "id")
    )
    prices = terms_of_the_day((one.membership.plan_id for one in letters), run.as_of)
    found = []
    for number, letter in enumerate(letters, start=1):
        person = letter.membership.person
        assert person is not None  # noqa: S101  (filtered above)
        terms = prices.get(letter.membership.plan_id, letter.membership.plan_terms)
        found.append(OnPaper(number, letter, person, said_in(letter, terms)))
    return found


def batches_of(run: LetterRun, letters: Sequence[OnPaper]) -> Iterator[Batch]:
    """The list of envelopes in front, then the letters."""
    for number, some in enumerate(_batched(letters, ADDRESSES_TO_A_BATCH)):
        yield Batch(
            size=PrintSize.CLEAR,
            template=LIST_TEMPLATE,
            context={"run": run, "letters": some, "part": number, "count": len(letters)},
            header=_("List of the envelopes"),
        )
    for size, of_size in groupby(letters, key=lambda one: one.letter.size):
        for some in _batched(of_size, LETTERS_TO_A_BATCH):
            yield Batch(size=PrintSize(size), template=TEMPLATE, context=_context(run, some))


def _batched(letters: Iterable[OnPaper], size: int) -> Iterator[list[OnPaper]]:
    rest = iter(letters)
    while some := list(islice(rest, size)):
        yield some


def _context(run: LetterRun, letters: Sequence[OnPaper]) -> dict[str, Any]:
    return {"run": run, "letters": letters, "site": network().short_address}


def build(
    run: LetterRun, destination: Path, *, cache_dir: Path, progress: Progress | None = None
) -> RunReport:
    """The PDF of the whole run.

    :raises EmptyDocumentError: when none of its letters goes by post.
    """
    return build_run(
        batches_of(run, to_print(run)),
        destination,
        headers=[_("List of the envelopes")],
        title=str(LetterKind(run.kind).label),
        cache_dir=cache_dir,
        progress=progress,
    )


def sample_pdf(letter: OnPaper) -> bytes:
    """One letter by itself, to be looked at before the others are printed."""
    return render_pdf(
        TEMPLATE,
        _context(letter.letter.run, [letter]),
        size=PrintSize(letter.letter.size),
        title=str(LetterKind(letter.letter.kind).label),
        header="",
    )


def sides_expected(kind: str, letters_of_size: dict[int, int]) -> int:
    """About how many sides of paper, before it is laid out."""
    return sum(SIDES_EACH[kind][size] * count for size, count in letters_of_size.items())
