"""Legal holds: placing one on a person, looking at it again, lifting it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from dcsn.access import Permission, requires
from dcsn.access.requests import SignedInRequest
from dcsn.audit import record
from dcsn.privacy.events import HOLDS_LISTED
from dcsn.privacy.holds import HoldChanged, lift_hold, place_hold, review_hold
from dcsn.privacy.models import LegalHold
from members.access import person_or_404
from members.forms.holds import HoldForm, LiftForm, ReviewForm
from members.models import Person

SHOWN = 200


@requires(Permission.HOLD_PLACE)
@never_cache
@require_safe
def listing(request: SignedInRequest) -> HttpResponse:
    """Every hold that stands, the one that is to be looked at first at the top."""
    holds = list(LegalHold.objects.standing().order_by("review_on", "placed_at", "id")[:SHOWN])
    people = Person.objects.in_bulk([hold.subject for hold in holds])
    for hold in holds:
        record(HOLDS_LISTED, by=request.user, subject=hold.subject, details={"holds": [hold.id]})
    today = timezone.localdate()
    rows = [(hold, people.get(hold.subject), hold.review_on <= today) for hold in holds]
    return render(request, "members/desk/holds.html", {"rows": rows})


@requires(Permission.HOLD_PLACE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: SignedInRequest, person_id: UUID) -> HttpResponse:
    """From now on nothing about them is deleted."""
    person = person_or_404(request.user, Permission.HOLD_PLACE, person_id)
    form = HoldForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        place_hold(
            person.id,
            reason=form.cleaned_data["reason"],
            note=form.cleaned_data["note"],
            review_on=form.cleaned_data["review_on"],
            by=request.user,
            organisation=person.organisation_id,
        )
        messages.success(request, _("The hold stands. Nothing about this person is deleted."))
        return redirect("members:holds")
    return render(request, "members/desk/hold_new.html", {"form": form, "person": person})


@requires(Permission.HOLD_PLACE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: SignedInRequest, hold_id: UUID) -> HttpResponse:
    """Keep it for longer, or lift it."""
    hold = get_object_or_404(LegalHold, id=hold_id)
    lifting = request.POST.get("do") == "lift"
    asked = request.method == "POST"
    review = ReviewForm(request.POST if asked and not lifting else None)
    lift = LiftForm(request.POST if asked and lifting else None)
    try:
        if lifting and lift.is_valid():
            lift_hold(hold, why=lift.cleaned_data["lifted_why"], by=request.user)
            messages.success(request, _("The hold is lifted. What is due is deleted tonight."))
            return redirect("members:holds")
        if asked and not lifting and review.is_valid():
            review_hold(hold, review_on=review.cleaned_data["review_on"], by=request.user)
            messages.success(request, _("The hold stands until it is looked at again."))
            return redirect("members:holds")
    except HoldChanged as refusal:
        messages.warning(request, str(refusal))
        return redirect("members:holds")
    record(HOLDS_LISTED, by=request.user, subject=hold.subject, details={"holds": [hold.id]})
    return render(
        request,
        "members/desk/hold.html",
        {
            "hold": hold,
            "person": Person.objects.filter(id=hold.subject).first(),
            "review": review,
            "lift": lift,
            "form": lift if lifting else review,
        },
    )
