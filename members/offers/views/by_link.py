"""A shop changes what it gives, with its link: no account, no JavaScript, on a phone.

A GET of any of these pages changes nothing: mail scanners open links. Every link that does not open gets
the same page with the same status; what was typed there is shown, so that it is not lost.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from dcsn.access import public
from dcsn.limits.rates import limited
from dcsn.printing import pdf_response
from members.offers.actions import Seen, propose_by_link
from members.offers.actions.offers import latest
from members.offers.counts import any_shown, days_of
from members.offers.forms.offers import ShopOfferForm, facts_of, refuse
from members.offers.links import find_link
from members.offers.models import Offer, OfferVersion, ShopLink
from members.offers.paper import poster_pdf
from members.offers.refusals import LinkOver, OfferChanged
from members.offers.standing import standing_of_offers
from members.refusals import Refused


@public
@never_cache
@require_safe
def page(request: HttpRequest, token: str) -> HttpResponse:
    """What the shop gives, what waits, what became of the last proposal, and its counts."""
    link = find_link(token)
    if link is None:
        return _over(request)
    days = days_of(link.shop)
    return _private(
        render(
            request,
            "members/offers/shop/page.html",
            {
                "link": link,
                "shop": link.shop,
                "token": token,
                "offers": standing_of_offers(link.shop),
                "days": days,
                "any_shown": any_shown(days),
            },
        )
    )


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@limited("shop-offer")
def edit(request: HttpRequest, token: str, offer_id: UUID | None = None) -> HttpResponse:
    """Propose a change of one offer, or a new one."""
    link = find_link(token)
    if link is None:
        return _over(request)
    offer = _offer_of(link, offer_id)
    newest = latest(offer) if offer else None
    # What waits is what the shop said last; else what is on show.
    base = newest if newest and newest.is_open else _on_show(offer) or newest
    form = ShopOfferForm(
        request.POST or None, initial={**facts_of(base), "seen": str(Seen.of(newest))}
    )
    if request.method == "POST" and form.is_valid():
        try:
            propose_by_link(
                link=link,
                draft=form.offer_draft,
                seen=form.cleaned_data["seen"],
                key=form.cleaned_data["key"],
                offer=offer,
            )
        except LinkOver:
            return _over(request)
        except OfferChanged as refusal:
            form = _once_more(request, newest)
            form.is_valid()
            refuse(form, refusal)
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(
                request, _("Thank you. We look at it before it is on show, and tell you.")
            )
            return redirect("members:shop_page", token)
    return _private(
        render(
            request,
            "members/offers/shop/edit.html",
            {"link": link, "shop": link.shop, "token": token, "form": form, "offer": offer},
        )
    )


@public
@never_cache
@require_safe
def poster(request: HttpRequest, token: str) -> HttpResponse:
    """The sheet for the window."""
    link = find_link(token)
    if link is None:
        return _over(request)
    return _private(pdf_response(*poster_pdf(link.shop)))


def _offer_of(link: ShopLink, offer_id: UUID | None) -> Offer | None:
    if offer_id is None:
        return None
    return get_object_or_404(link.shop.offers, pk=offer_id)


def _on_show(offer: Offer | None) -> OfferVersion | None:
    if offer is None:
        return None
    return offer.versions.filter(state=OfferVersion.State.PUBLISHED).first()


def _once_more(request: HttpRequest, newest: OfferVersion | None) -> ShopOfferForm:
    """The form with everything that was typed, filled in from what stands now."""
    data = request.POST.copy()
    data["seen"] = str(Seen.of(newest))
    return ShopOfferForm(data)


def _private(response: HttpResponse) -> HttpResponse:
    """Not in a search engine, not in another site's logs."""
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "same-origin"
    return response


def _over(request: HttpRequest) -> HttpResponse:
    """The same for every link that does not open, whatever is wrong with it."""
    typed = []
    if request.method == "POST":
        form = ShopOfferForm(request.POST)
        typed = [
            (field.label, words)
            for field in form.visible_fields()
            if (words := _as_typed(field.data))
        ]
    return _private(render(request, "members/offers/shop/over.html", {"typed": typed}, status=404))


def _as_typed(data: Any) -> str:
    """One box, or several, as one line."""
    parts = data if isinstance(data, list | tuple) else [data]
    return ", ".join(str(part) for part in parts if part)
