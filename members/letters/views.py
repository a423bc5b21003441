"""Letters to members: who is due one, the runs, and what is in each."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from dcsn.access import Permission, requires
from dcsn.access.requests import SignedInRequest
from dcsn.audit import record
from dcsn.jobs import Job
from dcsn.printing import PrintSize, file_name, pdf_response
from members.letters import pages
from members.letters.actions import (
    LETTERS_JOB,
    make_run,
    mark_posted,
    print_run,
    send_emails,
    settle_letter,
)
from members.letters.due import due, left_alone
from members.letters.events import LETTERS_LISTED
from members.models import Letter, LetterKind, LetterRun
from members.refusals import Refused

RUNS_ON_A_PAGE = 20
LETTERS_ON_A_PAGE = 50
State, Way = Letter.State, Letter.Way


@requires(Permission.MEMBERSHIP_LETTERS)
@never_cache
@require_safe
def listing(request: SignedInRequest) -> HttpResponse:
    """How many are due each letter today, and the runs that were made."""
    today = timezone.localdate()
    runs = (
        LetterRun.objects.annotate(
            count=Count("letters"), waiting=Count("letters", filter=Q(letters__state=State.WAITING))
        )
        .select_related("made_by")
        .order_by("-made_at", "id")
    )
    return render(
        request,
        "members/letters/list.html",
        {
            "kinds": [
                (kind, due(kind, today).count(), left_alone(kind, today)) for kind in LetterKind
            ],
            "key": uuid4(),
            "page": Paginator(runs, RUNS_ON_A_PAGE).get_page(request.GET.get("page")),
        },
    )


@requires(Permission.MEMBERSHIP_LETTERS)
@require_POST
def make(request: SignedInRequest) -> HttpResponse:
    """Put a run together."""
    kind, key = request.POST.get("kind", ""), _uuid(request.POST.get("key", ""))
    if kind not in LetterKind.values or key is None:
        return redirect("members:letters")
    try:
        run = make_run(kind=kind, key=key, by=request.user)
    except Refused as refusal:
        messages.warning(request, str(refusal))
        return redirect("members:letters")
    return redirect(run)


@requires(Permission.MEMBERSHIP_LETTERS)
@never_cache
@require_safe
def one(request: SignedInRequest, run_id: UUID) -> HttpResponse:
    """What is in a run: counts and paper first, then who."""
    run = _run(run_id)
    show = request.GET.get("show", "")
    show = show if show in Way.values else ""
    counts = list(run.letters.values("way", "size", "state").annotate(count=Count("pk")))
    rows = run.letters.select_related("membership__person", "membership__organisation", "term")
    # What has to be done by hand comes first, and what waits before what is done.
    rows = (rows.filter(way=show) if show else rows).order_by(
        "way", "-state", "size", "membership__person__sort_key", "id"
    )
    page = Paginator(rows, LETTERS_ON_A_PAGE).get_page(request.GET.get("page"))
    listed = [row for row in page if row.membership.person is not None]
    if listed:
        record(
            LETTERS_LISTED,
            by=request.user,
            details={
                "run": run.id,
                "kind": run.kind,
                "people": [row.membership.person_id for row in listed],
            },
        )
    job = Job.objects.filter(kind=LETTERS_JOB, key=f"{request.user.pk}:{run.id}").first()
    return render(
        request,
        "members/letters/run.html",
        {
            "run": run,
            "page": page,
            "show": show,
            "query": f"show={show}&" if show else "",
            "job": job,
            **_summary(run, counts),
        },
    )


def _summary(run: LetterRun, counts: list[dict[str, Any]]) -> dict[str, Any]:
    """By way and, on paper, by size: how many, and how many sides of paper."""

    def sum_of(**wanted: Any) -> int:
        return sum(
            row["count"]
            for row in counts
            if all(row[name] == value for name, value in wanted.items())
        )

    on_paper = [row for row in counts if row["way"] == Way.POST]
    of_size = {
        size: sum(
            row["count"]
            for row in on_paper
            if row["size"] == size and row["state"] in (State.WAITING, State.SENT)
        )
        for size in PrintSize
    }
    sizes = [
        (size, count, run.pages.get(str(int(size))), pages.sides_expected(run.kind, {size: count}))
        for size, count in of_size.items()
        if count
    ]
    sides = sum(run.pages.values()) or sum(expected for *_rest, expected in sizes)
    return {
        "sizes": sizes,
        "letters": sum(of_size.values()),
        "sides": sides,
        "sheets": -(-sides // 2),
        "is_exact": bool(run.pages),
        "emails": sum_of(way=Way.EMAIL),
        "emails_waiting": sum_of(way=Way.EMAIL, state=State.WAITING),
        "by_hand": sum_of(way=Way.BY_HAND),
        "by_hand_waiting": sum_of(way=Way.BY_HAND, state=State.WAITING),
        "overtaken": sum_of(state=State.OVERTAKEN),
        "left_out": sum_of(state=State.LEFT_OUT),
    }


@requires(Permission.MEMBERSHIP_LETTERS)
@require_POST
def print_letters(request: SignedInRequest, run_id: UUID) -> HttpResponse:
    """Have the PDF made; its page shows how far it is."""
    return redirect(print_run(run=_run(run_id), by=request.user))


@requires(Permission.MEMBERSHIP_LETTERS)
@never_cache
@require_safe
def sample(request: SignedInRequest, run_id: UUID) -> HttpResponse:
    """The first letter of one size, to be looked at before the others are printed."""
    run = _run(run_id)
    size = PrintSize.read(request.GET.get("size"))
    first = next((one for one in pages.to_print(run) if one.letter.size == size), None)
    if first is None:
        messages.info(request, _("There is no letter of this size."))
        return redirect(run)
    record(
        LETTERS_LISTED,
        by=request.user,
        details={"run": run.id, "kind": run.kind, "people": [first.person.id]},
    )
    return pdf_response(
        pages.sample_pdf(first), file_name(_("letter"), size=size, on=timezone.localdate())
    )


@requires(Permission.MEMBERSHIP_LETTERS)
@require_POST
def emails(request: SignedInRequest, run_id: UUID) -> HttpResponse:
    """Send those that go by e-mail; the job's page shows how far it is."""
    return redirect(send_emails(run=_run(run_id), by=request.user))


@requires(Permission.MEMBERSHIP_LETTERS)
@require_POST
def posted(request: SignedInRequest, run_id: UUID) -> HttpResponse:
    """They are in the post."""
    run = _run(run_id)
    try:
        count = mark_posted(run=run, by=request.user)
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        if count:
            messages.success(
                request,
                ngettext("%(count)d letter is posted.", "%(count)d letters are posted.", count)
                % {"count": count},
            )
    return redirect(run)


@requires(Permission.MEMBERSHIP_LETTERS)
@require_POST
def settle(request: SignedInRequest, run_id: UUID, letter_id: UUID) -> HttpResponse:
    """Tick one off: told by hand, or left out."""
    run = _run(run_id)
    letter = get_object_or_404(run.letters, pk=letter_id)
    becomes = request.POST.get("becomes", "")
    if becomes in (State.SENT, State.LEFT_OUT) and not (
        becomes == State.SENT and letter.way != Way.BY_HAND
    ):
        settle_letter(letter=letter, state=becomes, by=request.user)
    show = request.POST.get("show", "")
    address = run.get_absolute_url()
    return redirect(f"{address}?show={show}" if show in Way.values else address)


def _run(run_id: UUID) -> LetterRun:
    return get_object_or_404(LetterRun.objects.select_related("made_by", "posted_by"), pk=run_id)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
