"""What everybody sees: finding offers, an offer's own page, the leaflet."""

from __future__ import annotations

from datetime import timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from dcsn.access import public
from dcsn.error_pages import too_many_requests
from dcsn.limits.rates import Rate, seconds_to_wait
from dcsn.printing import PaperColour, PrintSize, document_pdf, file_name, pdf_response
from directory.structured_data import absolute, data_block
from members.offers.forms.finding import OffersForm
from members.offers.forms.printing import LeafletForm
from members.offers.leaflet import Order, leaflet, leaflet_title
from members.offers.models import Offer, OfferVersion
from members.offers.page import card_of, offer_data, offers_page, points_of_offers
from members.offers.search import find_offers

# As the directory's lists: for programs that never stop, not for a full reading room.
LEAFLETS_AT_ONCE = Rate(200, timedelta(minutes=10))


@public
@require_safe
def offers(request: HttpRequest) -> HttpResponse:
    """Everything is in the address: it can be shared, bookmarked and gone back to."""
    form = OffersForm(request.GET)
    found = find_offers(form.offer_query)
    page = offers_page(form, found)
    return render(
        request, "members/offers/offers.html", {"page": page, "form": form, "points": page.points}
    )


@public
@require_safe
def offer(request: HttpRequest, slug: str, short_id: str) -> HttpResponse:
    """One offer and its shop; one that is not on show (any more) is not found."""
    row = get_object_or_404(Offer.objects.select_related("shop"), short_id=short_id)
    today = timezone.localdate()
    # Those that begin later are shown as such, so that a link in a newsletter works before the day.
    version = (
        OfferVersion.objects.filter(offer=row, state=OfferVersion.State.PUBLISHED)
        .select_related("offer__shop")
        .first()
    )
    if version is None or not row.shop.takes_part(today) or _is_over(version):
        raise Http404
    if row.shop.slug != slug:
        return redirect(row, permanent=True)
    card = card_of(version, today)
    others = (
        OfferVersion.objects.shown(today)
        .filter(offer__shop=row.shop_id)
        .exclude(offer=row)
        .select_related("offer__shop")
        .order_by("offer__created_at", "offer_id")
    )
    return render(
        request,
        "members/offers/offer.html",
        {
            "card": card,
            "shop": row.shop,
            "holds_today": version.holds_on(today),
            "others": [card_of(other, today) for other in others],
            "canonical": absolute(row.get_absolute_url()),
            "data_block": data_block(offer_data(card)),
            "points": points_of_offers([card]),
            "crumbs": [(_("What the card gives"), reverse("members:offers"))],
        },
    )


def _is_over(version: OfferVersion) -> bool:
    return version.until_on is not None and version.until_on < timezone.localdate()


@public
@never_cache
@require_safe
def leaflet_options(request: HttpRequest) -> HttpResponse:
    """How large, in which order; the question stays the one that was asked."""
    form = OffersForm(request.GET)
    found = find_offers(form.offer_query)
    return render(
        request,
        "members/offers/leaflet.html",
        {
            "form": LeafletForm(),
            "asked": [
                (name, value)
                for name in form.fields
                for value in request.GET.getlist(name)
                if value
            ],
            "back": _back(form),
            "title": leaflet_title(form.offer_query),
            "total": found.total,
        },
    )


@public
@require_safe
def leaflet_pdf(request: HttpRequest) -> HttpResponse:
    form = OffersForm(request.GET)
    wait = seconds_to_wait(
        request, "print a leaflet", per_browser=LEAFLETS_AT_ONCE, per_address=LEAFLETS_AT_ONCE
    )
    if wait:
        return too_many_requests(request, retry_after=wait)
    query = form.offer_query
    size = PrintSize.read(request.GET.get("size"))
    document = leaflet(
        query,
        order=Order.read(request.GET.get("order")),
        size=size,
        paper=PaperColour.read(request.GET.get("paper")),
    )
    if document is None:
        return redirect(_back(form))
    response = pdf_response(
        document_pdf(document), file_name(document.title, size=size, on=query.on)
    )
    response["X-Robots-Tag"] = "noindex"
    response["Link"] = f'<{absolute(reverse("members:offers"))}>; rel="canonical"'
    return response


def _back(form: OffersForm) -> str:
    query = form.address()
    return f"{reverse('members:offers')}?{query}" if query else reverse("members:offers")
