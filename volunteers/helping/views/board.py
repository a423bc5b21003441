"""The board of whoever finds volunteers: what was asked, for whom somebody is looked for, who must hear."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count, F, Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dcsn.access import Permission, requires
from dcsn.access.doors import Door, register_door
from dcsn.access.requests import SignedInRequest
from dcsn.audit import record
from dcsn.jobs import Job
from directory.models import Organisation
from volunteers.access import coordinated_request_or_404, released_contact
from volunteers.actions.help import (
    cancel_help_request,
    leave_unfilled,
    pass_on,
    promise_word,
    triage,
)
from volunteers.actions.suggesting import KIND, look_for_one
from volunteers.booking import AHEAD, Span, occurrences
from volunteers.events import HELP_LISTED, HELP_VIEWED
from volunteers.helping.forms import (
    CANCEL_REASONS,
    UNFILLED_REASONS,
    PassOnForm,
    ReasonForm,
    SayForm,
    ToldForm,
    TriageForm,
)
from volunteers.helping.telling import tell_how_it_stands, tell_passed_on, way_to
from volunteers.helping.visit_forms import HowForm, VisitForm
from volunteers.helping.words import words_for_passed_on
from volunteers.models import NOT_HELPED, HelpRequest, Offer, Repeats, Visit, Volunteer
from volunteers.refusals import Refused
from volunteers.states import (
    HELP_FINAL,
    HELP_SEEKING,
    OFFER_FINAL,
    HelpState,
    OfferState,
    Party,
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


@requires(Permission.HELP_COORDINATE)
@never_cache
@require_safe
def one(request: SignedInRequest, request_id: UUID) -> HttpResponse:
    """One request: what, who, whom to ask, both sides' answers, and what happens next."""
    found = coordinated_request_or_404(request.user, request_id)
    record(
        HELP_VIEWED,
        by=request.user,
        subject=found.person_id,
        organisation=found.organisation_id,
        details={"help_request": found.pk},
    )
    return page_of_one(request, found)


def page_of_one(
    request: SignedInRequest, found: HelpRequest, status: int = 200, **forms: Any
) -> HttpResponse:
    """The page; ``forms`` are those with errors, in place of empty ones."""
    offers = list(
        found.offers.select_related("volunteer__person").order_by(
            F("rank").asc(nulls_last=True), "suggested_at", "id"
        )
    )
    for offer in offers:
        offer.help_request = found
    # A coordinator chooses among those whom they see, and reads of no others.
    seen = set(
        Volunteer.objects.visible_to(request.user)
        .filter(pk__in=[offer.volunteer_id for offer in offers])
        .values_list("pk", flat=True)
    )
    offers = [offer for offer in offers if offer.volunteer_id in seen]
    suggested = [offer for offer in offers if offer.state == OfferState.SUGGESTED]
    asked = next((o for o in offers if o.state == OfferState.OFFERED), None)
    accepted = next((o for o in offers if o.state in (OfferState.ACCEPTED, OfferState.DONE)), None)
    live = accepted if accepted and accepted.state == OfferState.ACCEPTED else None
    why = ""
    if "why" in request.GET and found.state in HELP_SEEKING:
        outcome = look_for_one(help_request=found, by=request.user)
        why = outcome.why_not_more() if outcome else _("Its time is over: agree another.")
    return render(
        request,
        "volunteers/helping/one.html",
        {
            "one": found,
            "person": found.person,
            "suggested": suggested,
            # Whoever was only suggested, and never asked, was not asked before.
            "ended_offers": [
                o for o in offers if o.offered_at and o.state in OFFER_FINAL - {OfferState.DONE}
            ],
            "asked": asked,
            "ring_volunteer": asked is not None and way_to(asked.volunteer.person) is None,
            "accepted": accepted,
            "live": live,
            "passed_words": words_for_passed_on(found.passed_to),
            "theirs": released_contact(accepted, Party.PERSON) if accepted else None,
            "visits": Visit.objects.standing().filter(offer__help_request=found),
            "changes": found.changes.select_related("by_user").order_by("number"),
            "why": why,
            "seeking": found.state in HELP_SEEKING,
            "today": timezone.localdate(),
            "say_form": forms.get("say_form") or SayForm(),
            "offer_form": forms.get("offer_form"),
            "visit_form": forms.get("visit_form")
            or (
                VisitForm(initial=_visit_at(live), series=found.repeats != Repeats.ONCE)
                if live and live.is_released
                else None
            ),
            "how_form": forms.get("how_form")
            or (HowForm(desk=True) if found.state == HelpState.DONE else None),
            "not_helped": found.answer in NOT_HELPED,
            "now": timezone.now(),
            "told_form": forms.get("told_form") or ToldForm(),
            "form": next((form for form in forms.values() if form and form.errors), None),
            "sizes": (14, 18, 24),
        },
        status=status,
    )


def _visit_at(offer: Offer) -> dict[str, Any]:
    minutes = offer.help_request.minutes
    if offer.starts_at is None:
        return {"minutes": minutes}
    span = Span(offer.starts_at, offer.ends_at or offer.starts_at)
    agreed = set(offer.visits.standing().values_list("starts_at", flat=True))
    # The next time that was promised and for which no visit is agreed.
    for one in occurrences(span, offer.repeats, timezone.now() + AHEAD):
        start = timezone.localtime(one.starts_at)
        if one.starts_at > timezone.now() and one.starts_at not in agreed:
            break
    return {"day": start.date(), "time": start.time(), "minutes": minutes}


@requires(Permission.HELP_COORDINATE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def triage_page(request: SignedInRequest, request_id: UUID) -> HttpResponse:
    """It is a volunteer's task: what it takes."""
    found = coordinated_request_or_404(request.user, request_id)
    names = (
        "minutes checks_needed dbs_level minimum_age needs_driver from_home gender_preference "
        "preference_reason version"
    )
    known = {name: getattr(found, name) for name in names.split()}
    form = TriageForm(request.POST or None, initial={**known, "interests": found.interests.all()})
    if request.method == "POST" and form.is_valid():
        try:
            triage(help_request=found, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved. Now somebody is looked for."))
            return redirect("volunteers:help_one", found.pk)
    return render(request, "volunteers/helping/triage.html", {"one": found, "form": form})


@requires(Permission.HELP_COORDINATE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def pass_on_page(request: SignedInRequest, request_id: UUID) -> HttpResponse:
    """Not a volunteer's task: to whom it goes, and what the person is told."""
    found = coordinated_request_or_404(request.user, request_id)
    form = PassOnForm(request.POST or None, initial={"version": found.version})
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                moved = pass_on(help_request=found, by=request.user, **form.cleaned_data)
                told = tell_passed_on(moved, words_for_passed_on(moved.passed_to), by=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request,
                _("It is passed on, and the person is written to.")
                if told
                else _("It is passed on. Ring the person now: the words are below."),
            )
            return redirect("volunteers:help_one", found.pk)
    return render(
        request,
        "volunteers/helping/pass_on.html",
        {
            "one": found,
            "form": form,
            "words": [
                (label, words_for_passed_on(value)) for value, label in HelpRequest.PassedTo.choices
            ],
        },
    )


@requires(Permission.HELP_COORDINATE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unfilled(request: SignedInRequest, request_id: UUID) -> HttpResponse:
    """Nobody is found for now: the person is told, and a day is set."""
    found = coordinated_request_or_404(request.user, request_id)
    form = ReasonForm(request.POST or None, reasons=UNFILLED_REASONS)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                moved = leave_unfilled(help_request=found, by=request.user, **form.cleaned_data)
                told = tell_how_it_stands(moved, by=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request,
                _("Written down, and the person is written to.")
                if told
                else _("Written down. Please ring the person and tell them."),
            )
            return redirect("volunteers:help_one", found.pk)
    return render(
        request,
        "volunteers/helping/reason.html",
        {"one": found, "form": form, "title": _("Nobody was found"), "button": _("Write it down")},
    )


@requires(Permission.HELP_COORDINATE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: SignedInRequest, request_id: UUID) -> HttpResponse:
    found = coordinated_request_or_404(request.user, request_id)
    form = ReasonForm(request.POST or None, reasons=CANCEL_REASONS)
    if request.method == "POST" and form.is_valid():
        try:
            cancel_help_request(help_request=found, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("It is cancelled. Whoever was asked is let go."))
            return redirect("volunteers:help_one", found.pk)
    return render(
        request,
        "volunteers/helping/reason.html",
        {
            "one": found,
            "form": form,
            "title": _("It is no longer needed"),
            "button": _("Cancel the request"),
        },
    )


@requires(Permission.HELP_COORDINATE)
@require_POST
def told(request: SignedInRequest, request_id: UUID) -> HttpResponse:
    """The person was rung and told how it stands."""
    found = coordinated_request_or_404(request.user, request_id)
    form = ToldForm(request.POST)
    if not form.is_valid():
        return page_of_one(request, found, status=400, told_form=form)
    try:
        promise_word(
            help_request=found, follow_up_on=form.cleaned_data["follow_up_on"], by=request.user
        )
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("It is written down that they were told."))
    return redirect("volunteers:help_one", found.pk)
