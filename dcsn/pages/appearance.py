"""Text size and colours, as the reader chose them.

Kept in one essential cookie ("appearance", for example ``large.dark``), turned into classes of
``<html>`` by the server, so that it works without scripts and from the first moment of every page.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

COOKIE = "appearance"
KEPT_FOR = timedelta(days=365)


class TextSize(models.TextChoices):
    NORMAL = "normal", _("Normal")
    LARGE = "large", _("Large")
    LARGEST = "largest", _("Largest")


class Colours(models.TextChoices):
    STANDARD = "standard", _("Black on white")
    YELLOW = "yellow", _("Black on pale yellow")
    DARK = "dark", _("White and yellow on black")


@dataclass(frozen=True)
class Appearance:
    """How one reader wants pages to look."""

    text_size: TextSize = TextSize.NORMAL
    colours: Colours = Colours.STANDARD

    @property
    def html_classes(self) -> str:
        classes = []
        if self.text_size != TextSize.NORMAL:
            classes.append(f"text-{self.text_size.value}")
        if self.colours != Colours.STANDARD:
            classes.append(f"colours-{self.colours.value}")
        return " ".join(classes)


def appearance_of(request: HttpRequest) -> Appearance:
    """The reader's choice; what cannot be read in the cookie counts as no choice."""
    size, _dot, colours = request.COOKIES.get(COOKIE, "").partition(".")
    return Appearance(
        TextSize(size) if size in TextSize.values else TextSize.NORMAL,
        Colours(colours) if colours in Colours.values else Colours.STANDARD,
    )


def remember(response: HttpResponse, appearance: Appearance, *, secure: bool) -> None:
    """Keep the choice for a year, or forget it when it is the usual look."""
    if appearance == Appearance():
        response.delete_cookie(COOKIE, samesite="Lax")
        return
    response.set_cookie(
        COOKIE,
        f"{appearance.text_size.value}.{appearance.colours.value}",
        max_age=KEPT_FOR,
        httponly=True,
        samesite="Lax",
        secure=secure,
    )


def context(request: HttpRequest) -> dict[str, Any]:
    """Template context processor."""
    return {"appearance": appearance_of(request)}
