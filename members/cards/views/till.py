"""At the till: is this card good? No sign-in, no app, no scripts, a page of a few kilobytes.

Whatever is asked, the answer has the same headers and the same length, and the same work is done for it:
a shop, or somebody who listens to its connection, learns VALID UNTIL a month or NOT VALID and nothing
else (docs/decisions/0062).
"""

from __future__ import annotations

import re

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from dcsn.access import public
from dcsn.error_pages import too_many_requests
from dcsn.network import network
from members.cards.answer import Answer, answer_scanned, answer_typed
from members.cards.limits import wait_after
from members.cards.number import as_printed, as_typed
from members.offers import offer_for_till
from members.offers.models import Shop
from members.offers.models.count import count

# Which shop's till a phone is: the code of its bookmark, so that a scan shows the shop's own offer.
COOKIE = "till_shop"
A_YEAR = 365 * 24 * 3600
# Every answer is filled up to this many bytes, and to what the shop's own words take besides.
PAGE_BYTES = 4096
MARKUP_OF_AN_OFFER = 40
DIGITS = 10
LONGEST_TYPED = 40


# Without a token: the form needs no cookie then. A page elsewhere that sends it could read no answer, but
# use up the wrong numbers: see ``_by_a_page_elsewhere``.
@csrf_exempt
@public
@require_http_methods(["GET", "HEAD", "POST"])
def till(request: HttpRequest, code: str = "") -> HttpResponse:
    """Type a number. With a shop's code in the address it is that shop's till, and stays so."""
    shop = _shop(code or request.COOKIES.get(COOKIE, ""))
    if request.method == "POST":
        if _by_a_page_elsewhere(request):
            raise PermissionDenied
        if "leave" in request.POST:
            response: HttpResponse = HttpResponseRedirect(reverse("members:till"))
            response.delete_cookie(COOKIE)
            return response
        text = request.POST.get("number", "")[:LONGEST_TYPED]
        fault = fault_of(text)
        if not fault:
            return _answered(request, answer_typed(text), as_typed(text), shop)
        return _page(request, shop, {"fault": fault, "typed": text})
    response = _page(request, shop, {"unknown_shop": bool(code) and shop is None})
    if code and shop is not None:
        response.set_cookie(
            COOKIE,
            shop.till_code,
            max_age=A_YEAR,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    return response


@public
@require_safe
def scanned(request: HttpRequest, code: str) -> HttpResponse:
    """What the QR code of a card opens."""
    if _by_a_page_elsewhere(request):
        raise PermissionDenied
    shop = _shop(request.COOKIES.get(COOKIE, ""))
    number, _stop, _tag = code.partition(".")
    return _answered(request, answer_scanned(code), number, shop)


def _by_a_page_elsewhere(request: HttpRequest) -> bool:
    """Whether the browser says that no person asked: a picture, a frame or a form of somebody else's page.

    Three hundred pictures of ``/c/…`` on any page would use up the wrong numbers of the network that its
    visitors sit in, and shut a shop on the same connection out for a day. A camera that opens a code, a
    bookmark and our own form are told apart from that by what every browser since 2023 sends along; an
    older one, which says nothing, is believed.
    """
    sent = request.headers
    if sent.get("Sec-Fetch-Dest", "document") != "document" or "prefetch" in sent.get(
        "Sec-Purpose", ""
    ):
        return True
    return request.method == "POST" and sent.get("Sec-Fetch-Site", "none") not in (
        "none",
        "same-origin",
    )


def _shop(code: str) -> Shop | None:
    return Shop.objects.of_till_code(code) if code else None


def fault_of(text: str) -> str:
    """What makes it no number at all. Wrong check digits are not said: that reads NOT VALID."""
    typed = as_typed(text)
    if not typed:
        return _("Type the number on the card.")
    if not re.fullmatch(r"[0-9]+", typed):
        return _("A card’s number has only digits.")
    if len(typed) != DIGITS:
        return ngettext(
            "A card’s number has 10 digits. You typed %(count)s.",
            "A card’s number has 10 digits. You typed %(count)s.",
            len(typed),
        ) % {"count": len(typed)}
    return ""


def _answered(request: HttpRequest, answer: Answer, number: str, shop: Shop | None) -> HttpResponse:
    """The same steps for every answer, in one transaction: count, read the offer, fill up the page."""
    with transaction.atomic():
        wait = wait_after(request, was_wrong=not answer.is_valid)
        if not wait and shop is not None:
            count(shop)
    if wait:
        return too_many_requests(request, retry_after=wait)
    digits = number if re.fullmatch(r"[0-9]{10}", number) else "-" * DIGITS
    return _page(request, shop, {"answer": answer, "number": as_printed(digits)})


def _page(request: HttpRequest, shop: Shop | None, facts: dict[str, object]) -> HttpResponse:
    offers = offer_for_till(shop).splitlines() if shop is not None else []
    text = render_to_string(
        "members/cards/till.html",
        {
            "network": network(),
            "shop": shop,
            "offers": offers,
            "form_address": _form_address(shop),
            "longest": LONGEST_TYPED,
            **facts,
        },
    )
    response = HttpResponse(_filled_up(text.encode(), shop, offers))
    # Not packed on the way either: that would bring the difference in length back.
    response["Cache-Control"] = "no-store, no-transform"
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    return response


def _filled_up(body: bytes, shop: Shop | None, offers: list[str]) -> bytes:
    """With spaces behind the page: how long it is follows from the shop, not from the card."""
    words = [*offers, shop.name if shop is not None else ""]
    length = PAGE_BYTES + sum(len(escape(one).encode()) + MARKUP_OF_AN_OFFER for one in words)
    return body.ljust(-(-len(body) // length) * length)


def _form_address(shop: Shop | None) -> str:
    if shop is None:
        return reverse("members:till")
    return reverse("members:till_of_shop", args=[shop.till_code])
