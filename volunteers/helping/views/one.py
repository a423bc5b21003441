"""One request at the desk: what, who, whom to ask, both sides' answers, and what happens next."""

from __future__ import annotations

from itertools import islice
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from dcsn.access import Permission, requires
from dcsn.access.requests import SignedInRequest
from dcsn.audit import record
from volunteers.access import coordinated_request_or_404, released_contact
from volunteers.actions.help import begins_at, promise_word
from volunteers.actions.suggesting import look_for_one
from volunteers.booking import AHEAD, Span, clash, laid_out, promised
from volunteers.events import HELP_VIEWED
from volunteers.helping.came import thanks_on
from volunteers.helping.forms import (
    ToldForm,
)
from volunteers.helping.page_links import links_for
from volunteers.helping.telling import way_to
from volunteers.helping.visit_forms import HowForm, VisitForm
from volunteers.helping.words import words_for_passed_on
from volunteers.models import NOT_HELPED, HelpRequest, Offer, Repeats, Visit, Volunteer
from volunteers.refusals import Refused
from volunteers.states import (
    HELP_SEEKING,
    OFFER_FINAL,
    HelpState,
    OfferState,
    Party,
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
    thanks = thanks_on(found, accepted, desk=True)
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
            "offer_form": forms.get("offer_form"),
            "visit_form": forms.get("visit_form")
            or (
                VisitForm(initial=_visit_at(live), series=found.repeats != Repeats.ONCE)
                if live and live.is_released
                else None
            ),
            "how_form": forms.get("how_form")
            or (HowForm(desk=True) if found.state == HelpState.DONE else None),
            "thank_form": forms.get("thank_form") or thanks["thank_form"],
            "thanks_given": thanks["thanks_given"],
            "not_helped": found.answer in NOT_HELPED,
            "now": timezone.now(),
            "begins": begins_at(found) if live else None,
            "told_form": forms.get("told_form") or ToldForm(),
            "form": next((form for form in forms.values() if form and form.errors), None),
            "sizes": (14, 18, 24),
            "links": links_for(request.user, found),
        },
        status=status,
    )


def _visit_at(offer: Offer) -> dict[str, Any]:
    """The next time that was promised, for which no visit was agreed or cancelled and at which the
    volunteer is nowhere else. Where there is none, day and time are left for the two to say."""
    minutes = offer.help_request.minutes
    if offer.starts_at is None:
        return {"minutes": minutes}
    now = timezone.now()
    until = now + AHEAD
    agreed, called_off = [], []
    for visit in offer.visits.all():
        if visit.cancelled_at is None:
            agreed.append(Span(visit.starts_at, visit.ends_at))
        else:
            called_off.append(visit.starts_at)
    first = Span(offer.starts_at, offer.ends_at or offer.starts_at)
    left = laid_out(first, offer.repeats, agreed, until, called_off=called_off)
    # What was agreed comes first; then each week of what was promised for which nothing is.
    left = islice(left, len(agreed), None)
    busy = promised(offer.volunteer, now, until, besides=offer)
    for one in left:
        if one.starts_at <= now or one.starts_at in called_off:
            continue
        if not any(clash(one, other) for other in busy):
            start = timezone.localtime(one.starts_at)
            return {"day": start.date(), "time": start.time(), "minutes": minutes}
    return {"minutes": minutes}


@requires(Permission.HELP_COORDINATE)
@require_POST
def told(request: SignedInRequest, request_id: UUID) -> HttpResponse:
    """The person was rung and told how it stands."""
    found = coordinated_request_or_404(request.user, request_id)
    form = ToldForm(request.POST)
    if not form.is_valid():
        return page_of_one(request, found, status=422, told_form=form)
    try:
        promise_word(
            help_request=found, follow_up_on=form.cleaned_data["follow_up_on"], by=request.user
        )
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("It is written down that they were told."))
    return redirect("volunteers:help_one", found.pk)
