"""The menu and the links at the foot of every page: data, so that one place says what is in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from dcsn.access.doors import doors_for


@dataclass(frozen=True)
class MenuItem:
    label: str
    address: str
    is_here: bool = False


def _item(
    request: HttpRequest, label: str, name: str, *arguments: str, come_back: bool = False
) -> list[MenuItem]:
    """The entry; none where an installation leaves its app out, so that the page stays."""
    try:
        address = reverse(name, args=arguments)
    except NoReverseMatch:
        return []
    is_here = request.path == address
    if come_back and not is_here and request.method == "GET":
        address = f"{address}?{urlencode({'next': request.get_full_path()[:500]})}"
    return [MenuItem(label, address, is_here)]


def menu(request: HttpRequest) -> list[MenuItem]:
    """What everybody sees under the header; staff also see their own first page."""
    listed = len(request.session.get("my_list", ())) if hasattr(request, "session") else 0
    my_list = _("My list (%(count)d)") % {"count": listed} if listed else _("My list")
    user = getattr(request, "user", None)
    return [
        *_item(request, _("Find help"), "directory:home"),
        *_item(request, _("All topics"), "directory:topics"),
        *_item(request, _("A to Z"), "directory:a_to_z"),
        *_item(request, my_list, "directory:my_list"),
        *_membership(request, user),
        *_volunteering(request, user),
        *_item(request, _("Card offers"), "members:offers"),
        *_item(request, _("Text size and colours"), "pages:appearance", come_back=True),
        *(_work(request, user) if user is not None and user.is_authenticated else []),
    ]


def own_pages(request: HttpRequest) -> list[MenuItem]:
    """What is there of one's own: for the first page after signing in of who has no work at a desk."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    return [*_membership(request, user), *_volunteering(request, user)]


def _membership(request: HttpRequest, user: Any) -> list[MenuItem]:
    """To join, or to one's own. Staff have neither among their work: theirs is at the desk."""
    if user is None or not user.is_authenticated:
        return _item(request, _("Membership"), "members:join")
    if doors_for(user):
        return []
    return [
        *_item(request, _("My membership"), "members:my_membership"),
        *_item(request, _("Help I asked for"), "volunteers:my_help"),
        *_item(request, _("My plan"), "pathways:my_plans"),
    ]


def _volunteering(request: HttpRequest, user: Any) -> list[MenuItem]:
    """One's own page. Staff have theirs at the desk; who is not signed in finds the roles from the first page
    and at the foot, so that the menu stays on one line."""
    if user is None or not user.is_authenticated or doors_for(user):
        return []
    return _item(request, _("My volunteering"), "volunteers:my_volunteering")


def _work(request: HttpRequest, user: Any) -> list[MenuItem]:
    """What this user does many times a day, and the way to everything else."""
    often = [door for door in doors_for(user) if door.menu]
    return [
        *(item for door in often for item in _item(request, str(door.menu), door.url_name)),
        *_item(request, _("Your work"), "accounts:home"),
    ]


def foot(request: HttpRequest) -> list[MenuItem]:
    """Somebody who is signed in is offered no second sign-in."""
    user = getattr(request, "user", None)
    is_signed_in = user is not None and user.is_authenticated
    return [
        *_item(request, _("Text size and colours"), "pages:appearance", come_back=True),
        *_item(request, _("Other formats"), "pages:page", "other-formats"),
        *_item(request, _("Accessibility"), "pages:page", "accessibility"),
        *_item(request, _("Privacy"), "pages:page", "privacy"),
        *_item(request, _("Cookies"), "pages:page", "cookies"),
        *_item(request, _("Volunteer"), "volunteers:roles"),
        *_item(request, _("What became of my report?"), "directory:report_code"),
        *_item(request, _("How the network is doing"), "numbers:public"),
        *_item(request, _("Do you look after somebody?"), "pathways:carers"),
        *_item(request, _("What might support cost?"), "pathways:estimate"),
        *_item(request, _("For shops: check a card"), "members:till"),
        *([] if is_signed_in else _item(request, _("Staff sign-in"), "account_login")),
    ]


def context(request: HttpRequest) -> dict[str, Any]:
    """Template context processor; worked out only when a page draws it."""
    return {
        "menu": SimpleLazyObject(lambda: menu(request)),
        "foot": SimpleLazyObject(lambda: foot(request)),
    }
