"""The first page of an access point, and each of its lists in full."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from dcsn.access import Permission, can, requires
from dcsn.access.requests import SignedInRequest
from dcsn.audit import record
from referrals.access import enquiry_or_404
from referrals.actions.promises import keep_promise
from referrals.events import REFERRALS_LISTED
from referrals.hub import DUE, Desk, Row, with_people, with_referrals, with_services
from referrals.models import FollowUp, Signpost
from referrals.refusals import Refused

SHORT, PER_PAGE = 8, 25


@dataclass(frozen=True)
class WorkList:
    """One list of the page as it is shown."""

    key: str
    title: str | Promise
    nothing: str | Promise
    rows: list[Row]
    count: int
    more: str = ""


@dataclass(frozen=True)
class Kind:
    """How one list is fetched and said. ``rows(desk, due)``, ``say(desk, rows)``."""

    title: str | Promise
    nothing: str | Promise
    rows: Callable[[Desk, str], list[QuerySet[Any]]]
    say: Callable[[Desk, list[Any]], list[Row]]


def _say_asked(desk: Desk, rows: list[Any]) -> list[Row]:
    """Follow-ups and signposts together, the oldest first."""
    both = [
        (row.next_try_on, desk.say_ask([row])[0])
        if isinstance(row, FollowUp)
        else (row.follow_up_on, desk.say_signposts([row])[0])
        for row in rows
    ]
    return [said for _day, said in sorted(both, key=lambda pair: pair[0])]


LISTS: dict[str, Kind] = {
    "today": Kind(
        gettext_lazy("Promised by today"),
        gettext_lazy("Nothing is promised for today."),
        lambda desk, due: [desk.promised(due)],
        lambda desk, rows: desk.say_promised(rows),
    ),
    "unanswered": Kind(
        gettext_lazy("No answer yet"),
        gettext_lazy("Everybody has answered in time."),
        lambda desk, due: [with_people(desk.unanswered(due))],
        lambda desk, rows: desk.say_unanswered(rows),
    ),
    "ask": Kind(
        gettext_lazy("Ask the person"),
        gettext_lazy("Nobody is to be asked today."),
        lambda desk, due: [
            with_referrals(desk.ask(due)),
            with_services(desk.ask_about_signposts(due)),
        ],
        _say_asked,
    ),
    "unhelped": Kind(
        gettext_lazy("They said no help came"),
        gettext_lazy("Nobody has said so, or all of it is dealt with."),
        lambda desk, due: [desk.unhelped(due).select_related("person", "service")],
        lambda desk, rows: desk.say_unhelped(rows),
    ),
    "receiver": Kind(
        gettext_lazy("Waiting for the receiver"),
        gettext_lazy("Nothing is with anybody."),
        lambda desk, due: [with_people(desk.waiting_for_receiver())],
        lambda desk, rows: desk.say_unanswered(rows),
    ),
    "person": Kind(
        gettext_lazy("Waiting for the person"),
        gettext_lazy("Nobody has been asked who has not answered."),
        lambda desk, due: [with_referrals(desk.waiting_for_person())],
        _say_asked,
    ),
}
FRONT = ("today", "unanswered", "ask", "unhelped")


@requires(Permission.FOLLOW_UP_ASK)
@never_cache
@require_safe
def hub(request: SignedInRequest) -> HttpResponse:
    """Four short lists, the oldest first; ``?show=`` one of them in full, ``?due=`` narrows them."""
    show, due = request.GET.get("show", ""), request.GET.get("due", "")
    if (show and show not in LISTS) or (due and due not in DUE):
        raise Http404
    desk = Desk(request.user, timezone.localdate())
    counts = desk.counts()
    page: Page[Any] | None = None
    seen: list[Any] = []
    if show:
        kind = LISTS[show]
        paginator = Paginator(_joined(kind.rows(desk, due)), PER_PAGE)
        page = paginator.get_page(request.GET.get("page"))
        seen = list(page.object_list)
        shown = [WorkList(show, kind.title, kind.nothing, kind.say(desk, seen), paginator.count)]
    else:
        shown = []
        for key in FRONT:
            found, work = _short(desk, key, due, counts[key])
            seen += found
            shown.append(work)
    if seen:
        _record_listed(request, show or "hub", seen)
    return render(
        request,
        "referrals/hub/hub.html",
        {
            "lists": shown,
            "may_take": can(request.user, Permission.ENQUIRY_TAKE),
            "numbers": [(LISTS[key].title, f"?show={key}", counts[key]) for key in FRONT],
            "filters": _filters(counts, show, due),
            "show": show,
            "due": due,
            "page": page,
            "query": urlencode(
                {key: value for key, value in (("show", show), ("due", due)) if value}
            )
            + "&",
        },
    )


def _short(desk: Desk, key: str, due: str, count: int) -> tuple[list[Any], WorkList]:
    kind = LISTS[key]
    found = [row for rows in kind.rows(desk, due) for row in rows[: SHORT + 1]]
    said = kind.say(desk, found)
    query = urlencode({"show": key, **({"due": due} if due else {})})
    return found, WorkList(
        key,
        kind.title,
        kind.nothing,
        said[:SHORT],
        len(said) if due else count,
        more=f"?{query}" if len(said) > SHORT else "",
    )


class _Joined:
    """Several QuerySets one after another, for a paginator: signposts follow the follow-ups."""

    def __init__(self, parts: list[QuerySet[Any]]) -> None:
        self.parts = parts

    def count(self) -> int:
        return sum(part.count() for part in self.parts)

    def __len__(self) -> int:
        return self.count()

    def __getitem__(self, where: slice) -> list[Any]:
        found: list[Any] = []
        start, left = where.start or 0, where.stop - (where.start or 0)
        for part in self.parts:
            got = list(part[start : start + left])
            found += got
            left -= len(got)
            if left <= 0:
                break
            start = max(0, start - part.count()) if not got else 0
        return found


def _joined(parts: list[QuerySet[Any]]) -> Any:
    return parts[0] if len(parts) == 1 else _Joined(parts)


def _filters(counts: dict[str, int], show: str, due: str) -> list[dict[str, Any]]:
    links = [
        (DUE["today"], "?due=today", counts["due-today"], due == "today" and not show),
        (DUE["overdue"], "?due=overdue", counts["due-overdue"], due == "overdue" and not show),
        (_("waiting for the receiver"), "?show=receiver", counts["receiver"], show == "receiver"),
        (_("waiting for the person"), "?show=person", counts["person"], show == "person"),
    ]
    return [
        {"label": label, "address": address, "count": count, "here": here}
        for label, address, count, here in links
    ]


def _record_listed(request: SignedInRequest, name: str, seen: Iterable[Any]) -> None:
    """A look at a list is a look at everybody on it."""
    people: set[UUID] = set()
    referrals: set[UUID] = set()
    enquiries: set[UUID] = set()
    for row in seen:
        if isinstance(row, FollowUp):
            row = row.referral
        elif isinstance(row, Signpost):
            row = row.enquiry
        (enquiries if row._meta.model_name == "enquiry" else referrals).add(row.id)
        if row.person_id:
            people.add(row.person_id)
    record(
        REFERRALS_LISTED,
        by=request.user,
        details={
            "list": name,
            "people": sorted(people, key=str),
            "referrals": sorted(referrals, key=str),
            "enquiries": sorted(enquiries, key=str),
        },
    )


def _day(typed: str) -> date | None:
    """The day that stood beside the button. Anything else is a page of before: what is promised now."""
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None


@requires(Permission.FOLLOW_UP_ASK)
@require_POST
def promise_kept(request: SignedInRequest, enquiry_id: UUID) -> HttpResponse:
    """Tick a promise off."""
    enquiry = enquiry_or_404(request.user, enquiry_id)
    try:
        keep_promise(
            enquiry=enquiry, by=request.user, promised_on=_day(request.POST.get("day", ""))
        )
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("The promise is ticked off."))
    return redirect("referrals:hub")
