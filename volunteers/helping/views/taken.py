"""What became of the requests that a desk wrote down: it says yes for the person, cancels, asks again."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Exists, F, OuterRef
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from dcsn.access import Permission, can, requires
from dcsn.access.doors import Door, register_door
from dcsn.access.requests import SignedInRequest
from dcsn.audit import record
from volunteers.actions.afterwards import record_how_it_went
from volunteers.actions.help import cancel_help_request
from volunteers.actions.offers import accept, decline
from volunteers.events import HELP_LISTED, HELP_VIEWED
from volunteers.giving.thanks_forms import ThankForHelpForm
from volunteers.helping.came import (
    accepted_offer,
    said_at_desk,
    thanks_on,
    what_came,
    write_thanks,
)
from volunteers.helping.forms import CANCEL_REASONS, ReasonForm
from volunteers.helping.page_links import links_for
from volunteers.helping.visit_forms import HowForm
from volunteers.helping.words import words_for_passed_on
from volunteers.models import HelpRequest, Offer
from volunteers.refusals import OfferOver, Refused
from volunteers.states import HELP_FINAL, OfferState, Party

PER_PAGE = 25
register_door(
    Door(
        Permission.HELP_TAKE,
        gettext_lazy("Help from volunteers"),
        gettext_lazy(
            "Write down what somebody asks for; what came of it, and who must still say yes."
        ),
        "volunteers:help_taken",
        order=5,
    )
)


@requires(Permission.HELP_TAKE)
@never_cache
@require_safe
def taken(request: SignedInRequest) -> HttpResponse:
    """Those that are open, or those that ended; first where the person must say yes."""
    show = request.GET.get("show", "open")
    if show not in ("open", "ended"):
        raise Http404
    waits = Offer.objects.filter(
        help_request=OuterRef("pk"), state=OfferState.ACCEPTED, person_accepted_at=None
    )
    rows = (
        HelpRequest.objects.taken_by(request.user)
        .annotate(waits_for_yes=Exists(waits))
        .select_related("person")
    )
    if show == "open":
        rows = rows.exclude(state__in=sorted(HELP_FINAL)).order_by(
            "-waits_for_yes", F("follow_up_on").asc(nulls_last=True), "asked_at", "id"
        )
    else:
        rows = rows.filter(state__in=sorted(HELP_FINAL)).order_by("-ended_at", "id")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    seen = list(page.object_list)
    if seen:
        record(
            HELP_LISTED,
            by=request.user,
            details={
                "people": sorted({row.person_id for row in seen if row.person_id}, key=str),
                "help_requests": [row.pk for row in seen],
            },
        )
    return render(
        request,
        "volunteers/helping/taken.html",
        {
            "page": page,
            "show": show,
            "query": f"show={show}&",
            "today": timezone.localdate(),
            "may_find": can(request.user, Permission.PERSON_VIEW),
        },
    )


@requires(Permission.HELP_TAKE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: SignedInRequest, request_id: UUID) -> HttpResponse:
    """One of them: how it stands, and what the person said on the phone."""
    found = get_object_or_404(
        HelpRequest.objects.taken_by(request.user).select_related(
            "person", "organisation", "taken_at"
        ),
        pk=request_id,
    )
    do = request.POST.get("do", "")
    reason = ReasonForm(request.POST if do == "cancel" else None, reasons=CANCEL_REASONS)
    how = HowForm(request.POST if do == "how" else None, desk=True)
    thanks = thanks_on(
        found, accepted_offer(found), request.POST if do == "thank" else None, desk=True
    )
    thank = thanks["thank_form"]
    refused = False
    if request.method == "POST":
        typed = {"cancel": reason, "how": how, "thank": thank}.get(do)
        try:
            said = _do(request, found, do, reason, how, thank)
        except Refused as refusal:
            if typed is None:
                messages.warning(request, str(refusal))
                return redirect("volunteers:help_taken_one", found.pk)
            typed.add_error(None, str(refusal))
            refused = True
        else:
            if said:
                messages.success(request, said)
                return redirect("volunteers:help_taken_one", found.pk)
    else:
        record(
            HELP_VIEWED,
            by=request.user,
            subject=found.person_id,
            organisation=found.organisation_id,
            details={"help_request": found.pk},
        )
    wrong = next((form for form in (reason, how, thank) if form is not None and form.errors), None)
    return render(
        request,
        "volunteers/helping/taken_one.html",
        {
            **what_came(found),
            **thanks,
            "person": found.person,
            "reason": reason,
            "how": how,
            "passed_words": words_for_passed_on(found.passed_to),
            "form": wrong,
            "links": links_for(request.user, found),
        },
        status=409 if refused else 422 if wrong else 200,
    )


def _do(
    request: SignedInRequest,
    found: HelpRequest,
    do: str,
    reason: ReasonForm,
    how: HowForm,
    thank: ThankForHelpForm | None,
) -> str:
    if do in ("yes", "no"):
        offer = accepted_offer(found)
        if offer is None or str(offer.pk) != request.POST.get("offer"):
            raise OfferOver(_("This is over: see below how it stands now."))
        if do == "yes":
            accept(offer=offer, by=request.user, side=Party.PERSON)
            return _("Both have said yes. The visit is arranged with them.")
        decline(offer=offer, by=request.user, side=Party.PERSON)
        return _("It is written down. Somebody else is looked for.")
    if do == "cancel" and reason.is_valid():
        cancel_help_request(help_request=found, by=request.user, **reason.cleaned_data)
        return _("It is cancelled. Whoever was asked is let go.")
    if do == "how" and how.is_valid():
        record_how_it_went(
            help_request=found,
            answer=how.cleaned_data["how"],
            words=how.cleaned_data["how_words"],
            by=request.user,
        )
        return _("It is written down.")
    if do == "thank":
        if thank is None:
            raise OfferOver(_("This is over: see below how it stands now."))
        if thank.is_valid():
            return said_at_desk(write_thanks(thank, accepted_offer(found), request.user))
    return ""
