"""The board of whoever finds volunteers: what was asked, for whom somebody is looked for, who must hear."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, F, Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from dcsn.access import Permission, requires
from dcsn.access.doors import Door, register_door
from dcsn.access.requests import SignedInRequest
from dcsn.audit import record
from dcsn.jobs import Job
from directory.models import Organisation
from volunteers.actions.suggesting import KIND
from volunteers.events import HELP_LISTED
from volunteers.models import NOT_HELPED, HelpRequest, Offer
from volunteers.states import (
    HELP_FINAL,
    HELP_SEEKING,
    HelpState,
    OfferState,
)

PER_PAGE = 25
register_door(
    Door(
        Permission.HELP_COORDINATE,
        gettext_lazy("Neighbours who ask for a hand"),
        gettext_lazy("What was asked, whom to ask, and who must hear from us today."),
        "volunteers:help_board",
        order=4,
        menu=gettext_lazy("Help requests"),
    )
)

LISTS: dict[str, str | Promise] = {
    "asked": gettext_lazy("Just asked"),
    "tell": gettext_lazy("Must hear from us"),
    "looking": gettext_lazy("Looking for somebody"),
    "waiting": gettext_lazy("Waiting for a yes"),
    "helped": gettext_lazy("Being helped"),
    "how": gettext_lazy("Ask how it went"),
    "ended": gettext_lazy("Ended"),
}


def _conditions() -> dict[str, Q]:
    """What stands on each list; a request may stand on two."""
    today = timezone.localdate()
    person_to_say = Q(
        pk__in=Offer.objects.filter(state=OfferState.ACCEPTED, person_accepted_at=None).values(
            "help_request"
        )
    )
    matched = Q(state=HelpState.MATCHED)
    return {
        "asked": Q(state=HelpState.ASKED),
        "tell": Q(follow_up_on__lte=today)
        & Q(state__in=["asked", "triaged", "offered", "unfilled"])
        | Q(state=HelpState.DONE, answer__in=NOT_HELPED, follow_up_on__isnull=False),
        "how": Q(state=HelpState.DONE, answer="", ask_on__lte=today),
        "looking": Q(state__in=sorted(HELP_SEEKING)),
        "waiting": Q(state=HelpState.OFFERED) | matched & person_to_say,
        "helped": Q(state=HelpState.IN_PROGRESS) | matched & ~person_to_say,
        "ended": Q(state__in=sorted(HELP_FINAL)),
    }


@requires(Permission.HELP_COORDINATE)
@never_cache
@require_safe
def board(request: SignedInRequest) -> HttpResponse:
    """One list at a time, the most pressing first; how many stand on each."""
    show = request.GET.get("show", "asked")
    conditions = _conditions()
    if show not in conditions:
        raise Http404
    mine = HelpRequest.objects.coordinated_by(request.user)
    counts = mine.aggregate(
        **{f"n_{key}": Count("pk", filter=condition) for key, condition in conditions.items()}
    )
    order: list[Any] = (
        ["-ended_at", "id"]
        if show == "ended"
        else [F("needed_by").asc(nulls_last=True), "asked_at", "id"]
    )
    rows: QuerySet[HelpRequest] = (
        mine.filter(conditions[show])
        .select_related("person", "organisation")
        .annotate(suggested=Count("offers", filter=Q(offers__state=OfferState.SUGGESTED)))
        .order_by(*order)
    )
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    _record_listed(request, page.object_list)
    return render(
        request,
        "volunteers/helping/board.html",
        {
            "show": show,
            "title": LISTS[show],
            "lists": [(key, title, counts[f"n_{key}"]) for key, title in LISTS.items()],
            "page": page,
            "today": timezone.localdate(),
            "query": f"show={show}&",
            "places": _places(mine) if show == "looking" else [],
        },
    )


def _places(mine: QuerySet[HelpRequest]) -> list[tuple[Organisation, Job | None]]:
    """For which organisations one may look, each with the run that is under way."""
    seeking = mine.filter(state__in=sorted(HELP_SEEKING)).order_by()
    found = list(
        Organisation.objects.filter(pk__in=seeking.values("organisation")).order_by("sort_key")
    )
    keys = [str(one.pk) for one in found]
    jobs = {
        str(job.parameters.get("organisation")): job
        for job in Job.objects.live().filter(kind=KIND, parameters__organisation__in=keys)
    }
    return [(one, jobs.get(str(one.pk))) for one in found]


def _record_listed(request: SignedInRequest, rows: Iterable[HelpRequest]) -> None:
    """A look at a list is a look at everybody on it."""
    seen = list(rows)
    if seen:
        record(
            HELP_LISTED,
            by=request.user,
            details={
                "people": sorted({row.person_id for row in seen if row.person_id}, key=str),
                "help_requests": [row.pk for row in seen],
            },
        )
