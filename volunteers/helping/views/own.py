"""What somebody asked for themself: how it stands, who comes and the word they say, yes or no, enough."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Exists, F, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from dcsn.access import public, signed_in
from dcsn.access.acting import StandsFor, register_link
from dcsn.access.requests import SignedInRequest
from dcsn.audit import Actor, SystemJob
from dcsn.error_pages import too_many_requests
from dcsn.limits.rates import limited, seconds_to_wait
from volunteers.actions.afterwards import record_how_it_went
from volunteers.actions.help import cancel_help_request
from volunteers.actions.offers import accept, decline
from volunteers.giving.thanks_forms import ThankForHelpForm
from volunteers.helping.came import accepted_offer, thanks_on, what_came, write_thanks
from volunteers.helping.request_links import request_of_token
from volunteers.helping.views.answering import private
from volunteers.helping.visit_forms import HowForm
from volunteers.models import HelpRequest, Offer
from volunteers.refusals import OfferOver, Refused
from volunteers.states import HelpReason, OfferState, Party

PER_PAGE = 25
# On whose word, in the audit trail, where somebody came by their link.
BY_LINK = register_link(SystemJob("helped person page"), StandsFor.PERSON)


@signed_in
@never_cache
@require_safe
def mine(request: SignedInRequest) -> HttpResponse:
    """What the signed-in person asked for: what is under way, then what is over, the newest first."""
    known = Offer.objects.filter(
        help_request=OuterRef("pk"),
        released_at__isnull=False,
        state__in=[OfferState.ACCEPTED, OfferState.DONE],
    )
    rows = (
        HelpRequest.objects.own(request.user)
        .annotate(has_helper=Exists(known))
        .order_by(F("ended_at").desc(nulls_first=True), "-asked_at", "id")
    )
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "volunteers/helping/my_help.html", {"page": page, "query": ""})


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: SignedInRequest, request_id: UUID) -> HttpResponse:
    """One of them."""
    found = get_object_or_404(
        HelpRequest.objects.own(request.user).select_related("person", "organisation"),
        pk=request_id,
    )
    return _page(request, found, request.user, signed_in_here=True)


@public
@limited("what somebody asked for")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def by_link(request: HttpRequest, token: str) -> HttpResponse:
    """The same by the link that was sent to them, and for this one request."""
    found = request_of_token(token)
    if found is None:
        wait = seconds_to_wait(request, "offer link")
        if wait:
            return too_many_requests(request, retry_after=wait)
        return private(render(request, "volunteers/helping/link_over.html", status=404))
    return private(_page(request, found, BY_LINK))


def _page(
    request: HttpRequest, found: HelpRequest, by: Actor, *, signed_in_here: bool = False
) -> HttpResponse:
    do = request.POST.get("do", "")
    how = HowForm(request.POST if do == "how" else None)
    thanks = thanks_on(found, accepted_offer(found), request.POST if do == "thank" else None)
    refused = ""
    if request.method == "POST":
        try:
            said = _do(request, found, by, how, thanks["thank_form"])
        except Refused as refusal:
            refused = str(refusal)
        else:
            if said:
                messages.success(request, said)
                return redirect(request.path)
    typed = (how, thanks["thank_form"])
    wrong = next((form for form in typed if form is not None and form.errors), None)
    return render(
        request,
        "volunteers/helping/my_help_one.html",
        {**what_came(found), **thanks, "how": how, "refused": refused,
         "signed_in_here": signed_in_here, "form": wrong},
        status=409 if refused else 422 if wrong else 200,
    )  # fmt: skip


def _do(
    request: HttpRequest,
    found: HelpRequest,
    by: Actor,
    how: HowForm,
    thank: ThankForHelpForm | None,
) -> str:
    """What the button says; what is said back, or nothing where a question is not answered yet."""
    do = request.POST.get("do", "")
    if do in ("yes", "no"):
        offer = accepted_offer(found)
        # The page was about one volunteer: a yes must not go to another who came meanwhile.
        if offer is None or str(offer.pk) != request.POST.get("offer"):
            raise OfferOver(_("This is over: see below how it stands now."))
        if do == "yes":
            accept(offer=offer, by=by, side=Party.PERSON)
            return _("Thank you. We arrange the visit with you both.")
        decline(offer=offer, by=by, side=Party.PERSON)
        return _("This volunteer does not come. We look for somebody else for you.")
    if do == "cancel":
        helped = request.POST.get("reason") == HelpReason.SOMEBODY_ELSE
        cancel_help_request(
            help_request=found,
            by=by,
            reason_code=HelpReason.SOMEBODY_ELSE if helped else HelpReason.NO_LONGER_NEEDED,
            side=Party.PERSON,
        )
        return _("It is cancelled. Thank you for telling us.")
    if do == "how" and how.is_valid():
        record_how_it_went(
            help_request=found,
            answer=how.cleaned_data["how"],
            words=how.cleaned_data["how_words"],
            by=by,
        )
        return _("Thank you for telling us.")
    if do == "thank":
        if thank is None:
            raise OfferOver(_("This is over: see below how it stands now."))
        if thank.is_valid():
            write_thanks(thank, accepted_offer(found), by)
            return _("We send your words to the volunteer. They will be glad of them.")
    return ""
