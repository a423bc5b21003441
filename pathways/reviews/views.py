"""Reviews at the desk: which there are, agreeing a day, writing up what was found, the papers."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Sum
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from dcsn.access import Permission, can, requires
from dcsn.access.requests import SignedInRequest
from dcsn.audit import record
from dcsn.printing import PrintSize, file_name, pdf_response, render_pdf
from pathways.access import pathway_or_404
from pathways.actions.reviews import ask_for_review, book, keep, write_up
from pathways.events import REVIEW_PRINTED, REVIEW_VIEWED, REVIEWS_LISTED
from pathways.models import Action, Measuring, Review, ReviewState, Source
from pathways.outcomes import ons4
from pathways.outcomes.forms import answered
from pathways.outcomes.recording import goals_to_ask, key_of, record_sitting
from pathways.refusals import ReasonNotSeen, Refused
from pathways.reviews.decision import decision_of
from pathways.reviews.forms import AskForm, BookForm, ReviewForm
from pathways.reviews.hours import say_hours

# What the council or a budget pays for: the hours that a review may change.
PAID = (Source.PAID, Source.COUNCIL)


def review_or_404(user: Any, review_id: UUID) -> Review:
    return get_object_or_404(
        Review.objects.visible_to(user).select_related(
            "pathway__person", "pathway__kind", "pathway__organisation", "plan"
        ),
        pk=review_id,
    )


@requires(Permission.PATHWAY_VIEW)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def reviews(request: SignedInRequest, pathway_id: UUID) -> HttpResponse:
    """All reviews of a pathway; and a door to ask for one at any time."""
    pathway = pathway_or_404(request.user, pathway_id)
    form = AskForm(request.POST if request.method == "POST" else None)
    plan = pathway.plans.exclude(agreed_version=None).exclude(state__in=_OVER).first()
    if request.method == "POST" and form.is_valid():
        try:
            if plan is None:
                raise Refused(_("There is no plan in place yet, so there is nothing to review."))
            review = ask_for_review(
                plan=plan, asked_by=form.cleaned_data["asked_by"], by=request.user
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The review is due at once. Agree a day for it."))
            return redirect("pathways:review", review.id)
    found = list(pathway.reviews.select_related("recorded_by").order_by("-closes_on", "id"))
    record(
        REVIEWS_LISTED,
        by=request.user,
        subject=pathway.person_id,
        organisation=pathway.organisation_id,
        details={"reviews": [one.id for one in found]},
    )
    today = timezone.localdate()
    return render(
        request,
        "pathways/reviews/reviews.html",
        {
            "pathway": pathway,
            "reviews": [(one, one.is_missed(today)) for one in found],
            "form": form,
            "may_ask": plan is not None
            and pathway.is_open
            and can(request.user, Permission.PATHWAY_COORDINATE, pathway),
            "rhythm": pathway.kind.rhythm,
        },
    )


_OVER = ("completed", "revoked", "entered-in-error")


@requires(Permission.PATHWAY_VIEW)
@never_cache
@require_safe
def review(request: SignedInRequest, review_id: UUID) -> HttpResponse:
    """One review: what is to be done, or what was found."""
    found = review_or_404(request.user, review_id)
    _seen(request, found)
    today = timezone.localdate()
    return render(
        request,
        "pathways/reviews/review.html",
        {
            "review": found,
            "pathway": found.pathway,
            "decision": decision_of(found),
            "is_missed": found.is_missed(today),
            "is_open": found.state in (ReviewState.DUE, ReviewState.BOOKED, ReviewState.HELD),
            "may_book": found.state in (ReviewState.DUE, ReviewState.BOOKED),
            "waits_for_seeing": found.waits_to_be_seen,
            "plan_says": _other_hours(found),
        },
    )


@requires(Permission.PATHWAY_COORDINATE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def book_day(request: SignedInRequest, review_id: UUID) -> HttpResponse:
    found = review_or_404(request.user, review_id)
    local = timezone.localtime(found.booked_for) if found.booked_for else None
    form = BookForm(
        request.POST if request.method == "POST" else None,
        initial={
            "on": local.date() if local else None,
            "at": local.time() if local else None,
            "where": found.where,
            "version": found.version,
        },
    )
    if request.method == "POST" and form.is_valid():
        try:
            book(
                review=found,
                at=form.moment,
                where=form.cleaned_data["where"],
                by=request.user,
                version=form.cleaned_data["version"],
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The day is agreed."))
            return redirect("pathways:review", found.id)
    _seen(request, found)
    return render(
        request,
        "pathways/reviews/book.html",
        {"review": found, "pathway": found.pathway, "form": form},
    )


@requires(Permission.PATHWAY_COORDINATE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: SignedInRequest, review_id: UUID) -> HttpResponse:
    """The form: how they are, their goals, then services and hours. ``do=keep`` keeps it unfinished."""
    found = review_or_404(request.user, review_id)
    if found.state in (ReviewState.RECORDED, ReviewState.NOT_NEEDED) and request.method != "POST":
        return redirect("pathways:review", found.id)
    finishing = request.POST.get("do") != "keep"
    form = ReviewForm(
        request.POST if request.method == "POST" else None,
        goals=goals_to_ask(found.pathway),
        initial=_begin(found),
        finishing=finishing,
        seen_online=found.reason_seen_how == Review.Seen.WEBSITE,
    )
    if request.method == "POST" and form.is_valid() and _save(request, found, form, finishing):
        if finishing:
            messages.success(request, _("The review is written up. Give the person the decision."))
        else:
            messages.success(request, _("It is kept as it is. It is not recorded yet."))
        return redirect("pathways:review", found.id)
    _seen(request, found)
    return render(
        request,
        "pathways/reviews/write.html",
        {
            "review": found,
            "pathway": found.pathway,
            "form": form,
            "before": ons4.BEFORE,
            "source": ons4.SOURCE,
        },
    )


def _save(request: SignedInRequest, found: Review, form: ReviewForm, finishing: bool) -> bool:
    """Both or neither: the answers, and what was found. What is refused stands at its field."""
    do = write_up if finishing else keep
    try:
        with transaction.atomic():
            record_sitting(
                pathway=found.pathway,
                by=request.user,
                taken_on=form.cleaned_data["held_on"],
                review=found,
                **form.said,
            )
            do(
                review=found,
                held_on=form.cleaned_data["held_on"],
                facts=form.facts,
                by=request.user,
                version=form.cleaned_data["version"],
            )
    except ReasonNotSeen as refusal:
        form.add_error("fewer_because", str(refusal))
    except Refused as refusal:
        form.add_error(None, str(refusal))
    except ValidationError as error:
        form.add_error(None, error.messages)
    return form.is_valid()


def _begin(found: Review) -> dict[str, Any]:
    """What the form begins with: what was kept, else the hours that the plan has now."""
    sitting = (
        Measuring.objects.filter(key=key_of(found))
        .prefetch_related("wellbeing", "goal_answers", "outside_scores")
        .first()
    )
    before = found.minutes_before
    if before is None:
        before = _hours_of_plan(found)
    return {
        **answered(sitting),
        **{name: getattr(found, name) for name in ReviewForm._FACTS},
        "minutes_before": before,
        "held_on": found.held_on or _day_agreed(found),
        "version": found.version,
    }


def _hours_of_plan(found: Review) -> int | None:
    going_on = Action.objects.filter(
        plan=found.plan, source__in=PAID, stopped_on=None, done_on=None
    )
    minutes: int | None = going_on.aggregate(minutes=Sum("minutes_a_week"))["minutes"]
    return minutes


def _other_hours(found: Review) -> str:
    """The hours that the plan still says, where the review came to others; nothing once both say the same,
    or once the plan was changed."""
    decided, said = found.minutes_after, _hours_of_plan(found)
    if found.state != ReviewState.RECORDED or decided is None or found.plan.is_final:
        return ""
    if decided == found.minutes_before or decided == (said or 0):
        return ""
    if found.plan.versions.filter(at__gt=found.recorded_at).exists():
        return ""
    return say_hours(said or 0)


def _day_agreed(found: Review) -> date | None:
    """The day that was agreed, once it has come: most reviews are held on it."""
    if found.booked_for is None:
        return None
    day = timezone.localdate(found.booked_for)
    return day if day <= timezone.localdate() else None


@requires(Permission.PATHWAY_VIEW)
@never_cache
@require_safe
def paper_form(request: SignedInRequest, review_id: UUID) -> HttpResponse:
    """The form on paper, in the person's size: to fill in together at the kitchen table."""
    found = review_or_404(request.user, review_id)
    form = ReviewForm(goals=goals_to_ask(found.pathway), initial=_begin(found))
    return _print(request, found, "form", _("Review of your plan"), {"form": form})


@requires(Permission.PATHWAY_VIEW)
@never_cache
@require_safe
def decision_sheet(request: SignedInRequest, review_id: UUID) -> HttpResponse:
    """What was decided, for the person to keep; before it is recorded, what is proposed and why."""
    found = review_or_404(request.user, review_id)
    if found.held_on is None:
        messages.info(request, _("There is nothing to tell them yet: it was not held."))
        return redirect("pathways:review", found.id)
    return _print(
        request,
        found,
        "decision",
        _("What we decided") if found.state == ReviewState.RECORDED else _("What we propose"),
        {"decision": decision_of(found)},
    )


def _print(
    request: SignedInRequest, found: Review, what: str, title: str, context: dict[str, Any]
) -> HttpResponse:
    person = found.pathway.person
    size = PrintSize.read(request.GET.get("size") or str(person.print_size or "" if person else ""))
    pdf = render_pdf(
        f"print/review_{what}.html",
        {
            "review": found,
            "pathway": found.pathway,
            "person": person,
            "before": ons4.BEFORE,
            "source": ons4.SOURCE,
            "is_recorded": found.state == ReviewState.RECORDED,
            **context,
        },
        size=size,
        title=title,
        header="",
    )
    record(
        REVIEW_PRINTED,
        by=request.user,
        subject=found.pathway.person_id,
        organisation=found.pathway.organisation_id,
        details={"review": found.id, "what": what},
    )
    return pdf_response(pdf, file_name(title, size=size, on=timezone.localdate()))


def _seen(request: SignedInRequest, found: Review) -> None:
    record(
        REVIEW_VIEWED,
        by=request.user,
        subject=found.pathway.person_id,
        organisation=found.pathway.organisation_id,
        details={"review": found.id},
    )
