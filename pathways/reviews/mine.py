"""A person's own reviews: what was decided, to ask for one, to say that one has seen why hours are fewer."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from dcsn.access import signed_in
from members.models import Person
from pathways.access import own_person_or_404
from pathways.actions.reviews import ask_for_review, see_reason
from pathways.models import Plan, Review, ReviewState
from pathways.refusals import Refused
from pathways.reviews.decision import decision_of

SHOWN = 20


@signed_in
@never_cache
@require_safe
def my_reviews(request: HttpRequest) -> HttpResponse:
    person = own_person_or_404(request)
    rows = (
        Review.objects.filter(pathway__person=person)
        .exclude(state=ReviewState.NOT_NEEDED)
        .select_related("pathway__kind")
        .order_by("-closes_on", "id")[:SHOWN]
    )
    return render(
        request,
        "pathways/reviews/mine.html",
        {
            "person": person,
            "reviews": [(one, decision_of(one) if one.held_on else None) for one in rows],
            "plans": _plans(person),
        },
    )


@signed_in
@require_POST
def ask_for_mine(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """At any time, without saying why (Care Act 2014, section 27)."""
    person = own_person_or_404(request)
    plan = get_object_or_404(_plans(person), pk=plan_id)
    try:
        ask_for_review(plan=plan, asked_by=_("The person themselves"), by=request.user)  # type: ignore[arg-type]
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("We have written it down. Somebody gets in touch with you."))
    return redirect("pathways:my_reviews")


@signed_in
@require_POST
def i_have_seen_it(request: HttpRequest, review_id: UUID) -> HttpResponse:
    """They have read why; this says nothing about agreeing."""
    person = own_person_or_404(request)
    review = get_object_or_404(Review.objects.filter(pathway__person=person), pk=review_id)
    shown = request.POST.get("version", "")
    version = int(shown) if shown.isascii() and shown.isdigit() and len(shown) < 9 else None
    try:
        see_reason(review=review, by=request.user, version=version)
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("Thank you. It is noted that you have seen it."))
    return redirect("pathways:my_reviews")


def _plans(person: Person):  # type: ignore[no-untyped-def]
    return (
        Plan.objects.filter(pathway__person=person, pathway__ended_at=None)
        .exclude(Q(agreed_version=None) | Q(state__in=("completed", "revoked", "entered-in-error")))
        .select_related("pathway__kind")
    )
