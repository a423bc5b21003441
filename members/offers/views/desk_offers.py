"""Offers at the desk: writing one down, deciding about what a shop proposed, ending one."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from dcsn.access import Permission, requires
from dcsn.access.requests import SignedInRequest
from members.offers.access import offer_or_404, shop_or_404, version_or_404
from members.offers.actions import Seen, end_offer, publish_version, turn_down, write_offer
from members.offers.actions.offers import latest
from members.offers.forms.offers import StaffOfferForm, TurnDownForm, WhyForm, facts_of, refuse
from members.offers.models import OfferVersion
from members.offers.refusals import OfferChanged
from members.offers.words import (
    dates_in_words,
    days_in_words,
    headline,
    in_a_line,
)
from members.refusals import Refused


@requires(Permission.OFFER_CHANGE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: SignedInRequest, shop_id: UUID, offer_id: UUID | None = None) -> HttpResponse:
    """A new offer, or the next wording of one; on show at once, or kept as a draft."""
    shop = shop_or_404(request.user, shop_id)
    offer = offer_or_404(request.user, shop, offer_id) if offer_id else None
    newest = latest(offer) if offer else None
    form = StaffOfferForm(
        request.POST or None, initial={**facts_of(newest), "seen": str(Seen.of(newest))}
    )
    if request.method == "POST" and form.is_valid():
        publish = request.POST.get("do") != "draft"
        try:
            write_offer(
                shop=shop,
                offer=offer,
                draft=form.offer_draft,
                seen=form.cleaned_data["seen"],
                key=form.cleaned_data["key"],
                via=OfferVersion.Via.SCREEN,
                publish=publish,
                by=request.user,
            )
        except OfferChanged as refusal:
            data = request.POST.copy()
            data["seen"] = str(Seen.of(newest))
            form = StaffOfferForm(data)
            form.is_valid()
            refuse(form, refusal)
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(
                request,
                _("The offer is on show.") if publish else _("The offer is kept as a draft."),
            )
            return redirect(shop)
    return render(
        request, "members/offers/desk/offer.html", {"form": form, "shop": shop, "offer": offer}
    )


@requires(Permission.OFFER_CHANGE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: SignedInRequest, version_id: UUID) -> HttpResponse:
    """What was proposed beside what is on show; put it on show, or say why not."""
    version = version_or_404(request.user, version_id)
    shop = version.offer.shop
    do = request.POST.get("do", "")
    form = TurnDownForm(request.POST if do == "turn-down" else None)
    if request.method == "POST":
        seen = Seen.read(request.POST.get("seen", ""))
        try:
            if do == "publish":
                publish_version(version=version, seen=seen, by=request.user)
                messages.success(request, _("The offer is on show."))
                return redirect(shop)
            if form.is_valid():
                turn_down(version=version, seen=seen, why=form.cleaned_data["why"], by=request.user)
                messages.success(request, _("The proposal is not taken. The shop is told why."))
                return redirect(shop)
        except OfferChanged as refusal:
            messages.warning(request, str(refusal))
            if not OfferVersion.objects.open().filter(pk=version.pk).exists():
                return redirect(shop)
            return redirect("members:offer_decide", version.pk)
        except Refused as refusal:
            messages.warning(request, str(refusal))
            return redirect(shop)
    today = timezone.localdate()
    on_show = version.offer.versions.filter(state=OfferVersion.State.PUBLISHED).first()
    return render(
        request,
        "members/offers/desk/decide.html",
        {
            "form": form,
            "shop": shop,
            "version": version,
            "seen": str(Seen.of(version)),
            "rows": _beside_each_other(on_show, version),
            "on_show": on_show,
            "at_till": in_a_line(version, today),
        },
    )


def _beside_each_other(
    before: OfferVersion | None, after: OfferVersion
) -> list[tuple[str, str, str, bool]]:
    """What, now, then, and whether it differs."""
    today = timezone.localdate()

    def facts(version: OfferVersion) -> list[tuple[str, str]]:
        return [
            (_("What members get"), headline(version)),
            (_("On which days"), days_in_words(version.days)),
            (_("Not on"), version.exclusions),
            (_("From and until"), dates_in_words(version, min(today, version.from_on))),
            (_("Who agreed for the shop"), version.agreed_by),
        ]

    then = facts(after)
    now = [words for _label, words in facts(before)] if before else [""] * len(then)
    return [(label, old, new, old != new) for (label, new), old in zip(then, now, strict=True)]


@requires(Permission.OFFER_CHANGE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: SignedInRequest, shop_id: UUID, offer_id: UUID) -> HttpResponse:
    """Take an offer off show now."""
    shop = shop_or_404(request.user, shop_id)
    offer = offer_or_404(request.user, shop, offer_id)
    form = WhyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            end_offer(offer=offer, why=form.cleaned_data["why"], by=request.user)
        except Refused as refusal:
            messages.warning(request, str(refusal))
        else:
            messages.success(request, _("The offer is ended."))
        return redirect(shop)
    newest = latest(offer)
    return render(
        request,
        "members/offers/desk/end.html",
        {
            "form": form,
            "shop": shop,
            "words": in_a_line(newest, timezone.localdate()) if newest else "",
        },
    )
