"""The menu and the links at the foot of every page: data, so that one place says what is in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _


@dataclass(frozen=True)
class MenuItem:
    label: str
    address: str
    is_here: bool = False


def _items(request: HttpRequest, entries: list[tuple[str, str, list[str]]]) -> Iterator[MenuItem]:
    for label, name, arguments in entries:
        try:
            address = reverse(name, args=arguments)
        except NoReverseMatch:
            # An installation may leave an app out: its entry goes, the page stays.
            continue
        yield MenuItem(label, address, request.path == address)


def menu(request: HttpRequest) -> list[MenuItem]:
    """What everybody sees under the header; staff also see their own first page."""
    listed = len(request.session.get("my_list", ())) if hasattr(request, "session") else 0
    my_list = _("My list (%(count)d)") % {"count": listed} if listed else _("My list")
    entries: list[tuple[str, str, list[str]]] = [
        (_("Find help"), "directory:home", []),
        (_("All topics"), "directory:topics", []),
        (_("A to Z"), "directory:a_to_z", []),
        (my_list, "directory:my_list", []),
        (_("Text size and colours"), "pages:appearance", []),
    ]
    if getattr(request, "user", None) is not None and request.user.is_authenticated:
        entries.append((_("Your work"), "accounts:home", []))
    return list(_items(request, entries))


def foot(request: HttpRequest) -> list[MenuItem]:
    entries = [
        (_("Text size and colours"), "pages:appearance", []),
        (_("Other formats"), "pages:page", ["other-formats"]),
        (_("Accessibility"), "pages:page", ["accessibility"]),
        (_("Privacy"), "pages:page", ["privacy"]),
        (_("Cookies"), "pages:page", ["cookies"]),
        (_("Staff sign-in"), "account_login", []),
    ]
    return list(_items(request, entries))


def context(request: HttpRequest) -> dict[str, Any]:
    """Template context processor; worked out only when a page draws it."""
    return {
        "menu": SimpleLazyObject(lambda: menu(request)),
        "foot": SimpleLazyObject(lambda: foot(request)),
    }
