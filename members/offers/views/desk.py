"""Shops at the desk: the list with what waits, signing up, one shop, its details, its link, its paper."""

from __future__ import annotations

import uuid
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dcsn.access import Permission, requires
from dcsn.access.requests import SignedInRequest
from dcsn.printing import PrintSize, file_name, pdf_response
from directory.search.words import clean, fold
from members.access import access_points_of
from members.offers.access import shop_or_404
from members.offers.actions import (
    change_shop,
    email_link,
    print_link,
    revoke_links,
    shop_leaves,
    sign_up_shop,
    write_offer,
)
from members.offers.counts import any_shown, days_of
from members.offers.forms.offers import WhyForm, refuse
from members.offers.forms.shops import ChangeShopForm, SignUpForm
from members.offers.models import OfferVersion, Shop
from members.offers.page import till_address
from members.offers.paper import form_pdf, letter_pdf, poster_pdf
from members.offers.refusals import ShopChanged
from members.offers.standing import standing_of_offers
from members.offers.words import in_a_line
from members.refusals import Refused

ROWS_ON_A_PAGE = 50
MOST_WAITING_SHOWN = 100


@requires(Permission.OFFER_CHANGE)
@never_cache
@require_safe
def shops(request: SignedInRequest) -> HttpResponse:
    """What waits to be looked at, the oldest first; then the shops by name."""
    today = timezone.localdate()
    mine = Shop.objects.visible_to(request.user)
    waiting = (
        OfferVersion.objects.filter(
            state=OfferVersion.State.PROPOSED, offer__shop__in=mine.taking_part(today)
        )
        .select_related("offer__shop")
        .order_by("made_at", "id")
    )
    typed = clean(request.GET.get("q", ""))
    rows = mine.order_by("sort_key", "id")
    left = request.GET.get("left") == "1"
    rows = rows.exclude(left_on=None) if left else rows.taking_part(today)
    for word in fold(typed).split():
        rows = rows.filter(sort_key__contains=word)
    page = Paginator(rows, ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
    on_show: dict[UUID, list[str]] = {shop.pk: [] for shop in page}
    for version in (
        OfferVersion.objects.shown(today)
        .filter(offer__shop__in=list(on_show))
        .select_related("offer")
        .order_by("offer__created_at", "offer_id")
    ):
        on_show[version.offer.shop_id].append(in_a_line(version, today))
    return render(
        request,
        "members/offers/desk/shops.html",
        {
            "waiting": [(one, in_a_line(one, today)) for one in waiting[:MOST_WAITING_SHOWN]],
            "page": page,
            "rows": [(shop, on_show[shop.pk]) for shop in page],
            "typed": typed,
            "left": left,
            "query": _query(typed, left),
            "sizes": list(PrintSize),
        },
    )


def _query(typed: str, left: bool) -> str:
    """The rest of the list's address, for its other pages."""
    kept = {name: value for name, value in (("q", typed), ("left", "1" if left else "")) if value}
    return f"{urlencode(kept)}&" if kept else ""


@requires(Permission.OFFER_CHANGE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: SignedInRequest) -> HttpResponse:
    """Sign up a shop with its first offer, which is on show at once: somebody here agreed it with them."""
    points = access_points_of(request.user, Permission.OFFER_CHANGE)
    form = SignUpForm(request.POST or None, organisations=points)
    if request.method == "POST" and form.is_valid():
        try:
            shop = _sign_up(request, form)
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("The shop is signed up, and its offer is on show."))
            return redirect(shop)
    return render(request, "members/offers/desk/new.html", {"form": form})


@transaction.atomic
def _sign_up(request: SignedInRequest, form: SignUpForm) -> Shop:
    data = form.cleaned_data
    shop = sign_up_shop(
        organisation=data["organisation"],
        draft=form.shop_draft,
        agreed_by=data["agreed_by"],
        agreed_on=data["agreed_on"],
        via=data["via"],
        by=request.user,
        key=data["key"],
    )
    write_offer(
        shop=shop,
        draft=form.first_offer,
        by=request.user,
        via=data["via"],
        publish=True,
        # Follows from the form's key: the same form sent twice is one shop with one offer.
        key=uuid.uuid5(data["key"], "first offer"),
    )
    return shop


@requires(Permission.OFFER_CHANGE)
@never_cache
@require_safe
def shop(request: SignedInRequest, shop_id: UUID) -> HttpResponse:
    """One shop: details, offers with all their wordings, its link, its counts, its paper."""
    found = shop_or_404(request.user, shop_id)
    days = days_of(found)
    return render(
        request,
        "members/offers/desk/shop.html",
        {
            "shop": found,
            "takes_part": found.takes_part(),
            "offers": standing_of_offers(found),
            "link": found.links.live().first(),
            "till_address": till_address(found),
            "days": days,
            "any_shown": any_shown(days),
            "sizes": list(PrintSize),
        },
    )


@requires(Permission.OFFER_CHANGE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: SignedInRequest, shop_id: UUID) -> HttpResponse:
    found = shop_or_404(request.user, shop_id)
    form = ChangeShopForm(request.POST or None, shop=found)
    if request.method == "POST" and form.is_valid():
        try:
            change_shop(
                shop=found,
                draft=form.shop_draft,
                version=form.cleaned_data["version"],
                by=request.user,
            )
        except ShopChanged as refusal:
            data = request.POST.copy()
            data["version"] = str(found.version)
            form = ChangeShopForm(data, shop=found)
            form.is_valid()
            refuse(form, refusal)
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("The shop’s details are saved."))
            return redirect(found)
    return render(request, "members/offers/desk/change.html", {"form": form, "shop": found})


@requires(Permission.OFFER_CHANGE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: SignedInRequest, shop_id: UUID) -> HttpResponse:
    found = shop_or_404(request.user, shop_id)
    form = WhyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            shop_leaves(shop=found, why=form.cleaned_data["why"], by=request.user)
        except Refused as refusal:
            messages.warning(request, str(refusal))
        else:
            messages.success(request, _("The shop no longer takes part."))
        return redirect(found)
    return render(request, "members/offers/desk/leave.html", {"form": form, "shop": found})


@requires(Permission.OFFER_CHANGE)
@require_POST
def link(request: SignedInRequest, shop_id: UUID) -> HttpResponse:
    """Send a new link by e-mail, or take the one there is back."""
    found = shop_or_404(request.user, shop_id)
    try:
        if request.POST.get("do") == "revoke":
            revoke_links(shop=found, by=request.user)
            messages.success(request, _("The link is taken back. It opens nothing any more."))
        else:
            email_link(shop=found, by=request.user)
            messages.success(
                request,
                _("A new link is on its way to %(address)s.") % {"address": found.contact_email},
            )
    except Refused as refusal:
        messages.warning(request, str(refusal))
    return redirect(found)


@requires(Permission.OFFER_CHANGE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def letter(request: SignedInRequest, shop_id: UUID) -> HttpResponse:
    """The letter with the link. Only a POST makes one: a letter is something that is handed out."""
    found = shop_or_404(request.user, shop_id)
    if request.method != "POST":
        return redirect(found)
    try:
        made = print_link(shop=found, by=request.user)
    except Refused as refusal:
        messages.warning(request, str(refusal))
        return redirect(found)
    return pdf_response(*letter_pdf(made, size=PrintSize.read(request.POST.get("size"))))


@requires(Permission.OFFER_CHANGE)
@require_safe
def poster(request: SignedInRequest, shop_id: UUID) -> HttpResponse:
    return pdf_response(*poster_pdf(shop_or_404(request.user, shop_id)))


@requires(Permission.OFFER_CHANGE)
@require_safe
def paper(request: SignedInRequest) -> HttpResponse:
    """The form to sign up on."""
    size = PrintSize.read(request.GET.get("size"))
    name = file_name("shop-sign-up-form", size=size, on=timezone.localdate())
    return pdf_response(form_pdf(size=size), name)
