"""Paper for shops: the sheet for the window, the letter with the link, the form to sign up on."""

from __future__ import annotations

from io import BytesIO

from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from dcsn.printing import PrintSize, file_name, render_pdf
from members.offers.forms.shops import SignUpForm
from members.offers.links import whole_address
from members.offers.models import OfferVersion, Shop, ShopLink
from members.offers.page import card_of, till_address
from members.paper_boxes import Box, boxes_of


def poster_pdf(shop: Shop) -> tuple[bytes, str]:
    """ "Cards welcome here", for the window: the file, and its name. Says nothing of any member."""
    today = timezone.localdate()
    versions = (
        OfferVersion.objects.shown(today)
        .filter(offer__shop=shop.pk)
        .select_related("offer__shop")
        .order_by("offer__created_at", "offer_id")
    )
    cards = [card_of(version, today) for version in versions]
    # As large as goes on one sheet: a window has room for one.
    for size in sorted(PrintSize, reverse=True):
        pdf = render_pdf(
            "members/offers/print/poster.html",
            {"shop": shop, "cards": cards},
            size=size,
            title=_("Cards welcome here"),
        )
        if _pages_of(pdf) == 1:
            break
    return pdf, file_name(f"cards-welcome-{shop.slug}", size=size, on=today)


def _pages_of(pdf: bytes) -> int:
    import pikepdf  # a process that never prints stays small

    with pikepdf.open(BytesIO(pdf)) as opened:
        return len(opened.pages)


def letter_pdf(link: ShopLink, *, size: PrintSize) -> tuple[bytes, str]:
    """How to change the offer and how to look at a card, for whoever we ask for."""
    shop = link.shop
    pdf = render_pdf(
        "members/offers/print/letter.html",
        {
            "shop": shop,
            "link": link,
            "square": qr_of(whole_address(link)),
            "till_address": till_address(shop),
            "today": timezone.localdate(),
        },
        size=size,
        title=_("What your shop offers to members"),
    )
    return pdf, file_name(f"letter-{shop.slug}", size=size, on=timezone.localdate())


def form_pdf(*, size: PrintSize) -> bytes:
    """The form to sign up on: the boxes of the screen, in its order."""
    return render_pdf(
        "members/offers/print/form.html", {"parts": parts()}, size=size,
        title=_("Take part with your shop"),
    )  # fmt: skip


def parts() -> list[tuple[str, list[Box]]]:
    """The questions under their headings; how they came and who looks after them is ours to fill in."""
    form = SignUpForm(organisations=[])
    lines = {"exclusions": 2, "opening": 2}
    return [
        (_("Your shop"), boxes_of(form, SignUpForm.ABOUT_SHOP, lines=lines)),
        (_("Whom we ask for"), boxes_of(form, SignUpForm.WHO, lines=lines)),
        (_("What you give to members"), boxes_of(form, SignUpForm.ABOUT_OFFER, lines=lines)),
    ]


def qr_of(address: str) -> SafeString:
    """The square for a phone's camera, as SVG without a size: style sheets give it one."""
    import segno

    made = segno.make(address, error="m", micro=False)
    return mark_safe(made.svg_inline(omitsize=True, border=4))  # noqa: S308  (figures only)
