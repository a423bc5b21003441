"""Yes or no to an offer: by link, signed in, or on the phone through staff. A no needs no reason."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import F, Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dcsn.access import Permission, public, requires, signed_in
from dcsn.access.requests import SignedInRequest
from dcsn.audit import Actor
from dcsn.error_pages import too_many_requests
from dcsn.limits.rates import limited, seconds_to_wait
from volunteers.access import own_offer_or_404, released_contact
from volunteers.actions.offers import accept, decline, withdraw_offer
from volunteers.helping.forms import SayForm
from volunteers.helping.links import BY_LINK, is_open, offer_of_token
from volunteers.helping.views.one import page_of_one
from volunteers.helping.where import roughly_where
from volunteers.models import Offer, Visit
from volunteers.refusals import Refused
from volunteers.states import OfferState, Party

PER_PAGE = 25


def private(response: HttpResponse) -> HttpResponse:
    """An address that is a key: for no search engine, no cache, and not told to the next page."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "same-origin"
    response["Cache-Control"] = "no-store, private"
    return response


def _answer(offer: Offer, side: Party, form: SayForm, by: Actor) -> Offer:
    if form.cleaned_data["answer"] == "yes":
        return accept(offer=offer, by=by, side=side)
    return decline(offer=offer, by=by, side=side, words=form.cleaned_data["words"])


def _said_already(offer: Offer, side: Party) -> bool:
    if side is Party.VOLUNTEER:
        return offer.volunteer_accepted_at is not None
    return offer.person_accepted_at is not None


@public
@limited("answer to an offer")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def by_link(request: HttpRequest, token: str) -> HttpResponse:
    """The volunteer's or the person's page; only what that side may know stands on it."""
    found = offer_of_token(token)
    if found is None:
        wait = seconds_to_wait(request, "offer link")
        if wait:
            return too_many_requests(request, retry_after=wait)
        return private(render(request, "volunteers/helping/link_over.html", status=404))
    offer, side = found
    return private(_page(request, offer, side, BY_LINK[side], request.path))


def _page(request: HttpRequest, offer: Offer, side: Party, by: Actor, here: str) -> HttpResponse:
    """Ask, or say how it stands; after an answer the same page says what was written down."""
    form = SayForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            offer = _answer(offer, side, form, by)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            if offer.state == OfferState.ACCEPTED:
                return redirect(here)
            return redirect("volunteers:offer_no", side.value)
    contact = released_contact(offer, side)
    return render(
        request,
        "volunteers/helping/answer.html",
        {
            "offer": offer,
            "one": offer.help_request,
            "form": form,
            "for_volunteer": side is Party.VOLUNTEER,
            "open": is_open(offer, side),
            "said": _said_already(offer, side),
            "contact": contact,
            # Before both have said yes, what a volunteer decides by; after that they have the address.
            "where": roughly_where(offer) if side is Party.VOLUNTEER and contact is None else "",
            # Whoever comes has to know the word; nobody else before both have said yes.
            "visits": offer.visits.standing() if contact else [],
        },
    )


@public
@require_safe
def said_no(request: HttpRequest, side: str) -> HttpResponse:
    """Thank you, whoever it was: an address of its own, so that a reload says the same."""
    if side not in (Party.VOLUNTEER, Party.PERSON):
        raise Http404
    return render(request, "volunteers/helping/said_no.html", {"side": side})


@signed_in
@never_cache
@require_safe
def mine(request: SignedInRequest) -> HttpResponse:
    """What they were asked: what waits for their answer, what they promised, what is over."""
    to_come = Visit.objects.planned().filter(starts_at__gt=timezone.now()).order_by("starts_at")
    rows = (
        Offer.objects.own(request.user)
        .select_related("help_request")
        .prefetch_related(Prefetch("visits", queryset=to_come, to_attr="to_come"))
        .order_by(
            F("ended_at").desc(nulls_first=True),
            F("volunteer_accepted_at").asc(nulls_first=True),
            "-offered_at",
            "id",
        )
    )
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request, "volunteers/helping/mine.html", {"page": page, "query": "", "now": timezone.now()}
    )


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def own(request: SignedInRequest, offer_id: UUID) -> HttpResponse:
    """One of them, with the answer."""
    offer = own_offer_or_404(request.user, offer_id)
    return _page(request, offer, Party.VOLUNTEER, request.user, request.path)


# --- Through staff ------------------------------------------------------------------------------------


def _coordinated(request: SignedInRequest, offer_id: UUID) -> Offer:
    return get_object_or_404(
        Offer.objects.visible_to(request.user).select_related(
            "help_request__person", "help_request__organisation", "volunteer__person"
        ),
        pk=offer_id,
    )


@requires(Permission.HELP_COORDINATE)
@require_POST
def said(request: SignedInRequest, offer_id: UUID) -> HttpResponse:
    """What one of the two said on the phone."""
    offer = _coordinated(request, offer_id)
    try:
        side = Party(request.POST.get("side", ""))
    except ValueError:
        raise Http404 from None
    if side not in (Party.VOLUNTEER, Party.PERSON):
        raise PermissionDenied
    form = SayForm(request.POST)
    if not form.is_valid():
        return page_of_one(request, offer.help_request, status=422, say_form=form)
    try:
        after = _answer(offer, side, form, request.user)
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        if after.is_released:
            messages.success(
                request, _("Both have said yes. Each may now have the other's details.")
            )
        else:
            messages.success(request, _("It is written down."))
    return redirect("volunteers:help_one", offer.help_request_id)


@requires(Permission.HELP_COORDINATE)
@require_POST
def take_back(request: SignedInRequest, offer_id: UUID) -> HttpResponse:
    """Take an offer back; somebody else can then be asked."""
    offer = _coordinated(request, offer_id)
    try:
        withdraw_offer(offer=offer, by=request.user)
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("It is taken back."))
    return redirect("volunteers:help_one", offer.help_request_id)
