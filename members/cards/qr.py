"""The QR code of a card: an address with its number and tag, and nothing about anybody.

Sized for a poor camera: byte for byte the shortest address, error correction M or better (a scratched
card still reads), and the four blank modules round it that the standard asks for (ISO/IEC 18004).
"""

from __future__ import annotations

import base64
import io

import segno
from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from members.cards.tags import tag_of

QUIET = 4


def address_of(number: str) -> str:
    """What a shop's phone opens: ``https://…/c/1234567890.ABCDEFGHIJKLMNOP``."""
    path = reverse("members:card_scanned", args=[f"{number}.{tag_of(number)}"])
    return f"{settings.SITE_ADDRESS}{path}"


def code_of(number: str) -> segno.QRCode:
    return segno.make(address_of(number), error="m", micro=False)


def modules_across(number: str) -> int:
    """With the quiet zone, so that whoever sizes it knows how large a module comes out."""
    return int(code_of(number).symbol_size(border=QUIET)[0])


def qr_svg(number: str, *, label: str) -> SafeString:
    """For a page: black on white whatever the page's colours, as wide as its place. No style of its own.

    ``label`` is what a screen reader says of it. Nothing where the network has set no key.
    """
    if not settings.CARD_KEYS:
        return SafeString("")
    out = io.BytesIO()
    code_of(number).save(
        out, kind="svg", xmldecl=False, svgns=False, omitsize=True, border=QUIET,
        dark="#000", light="#fff", title=label, svgclass="card-code", lineclass=None, nl=False,
    )  # fmt: skip
    svg = out.getvalue().decode().replace("<svg ", '<svg role="img" ', 1)
    return mark_safe(svg)  # noqa: S308  (segno escapes the title; the rest is numbers)


def qr_data(number: str) -> str:
    """For paper: the same as an address with the picture in it."""
    out = io.BytesIO()
    code_of(number).save(
        out, kind="svg", xmldecl=False, omitsize=True, border=QUIET, dark="#000", light="#fff",
        nl=False,
    )  # fmt: skip
    return "data:image/svg+xml;base64," + base64.b64encode(out.getvalue()).decode()
