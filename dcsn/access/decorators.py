"""What every view wears, exactly one of: ``public``, ``signed_in`` or ``requires``.

    @public
    def home(request): …

    @requires(Permission.REPORT_HANDLE)
    def reports(request): …

    @requires(Permission.SERVICE_CHANGE)
    def change(request, service_id):
        service = get_permitted_or_404(
            request.user, Permission.SERVICE_CHANGE, Service.objects.all(), id=service_id
        )

For class views: ``@method_decorator(public, name="dispatch")``, or ``RequiresPermission``.
A test walks the URLconf and fails for a view that wears none.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, ClassVar, TypeVar, cast
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import resolve_url

from dcsn.access import second_factor
from dcsn.access.decision import check
from dcsn.access.permissions import Permission

ViewT = TypeVar("ViewT", bound=Callable[..., Any])
SET_UP_PAGE = "mfa_activate_totp"


@dataclass(frozen=True)
class Declared:
    """What a view says about who may open it; found on the view as ``access``."""

    kind: str  # "public", "signed in" or "requires"
    permission: Permission | None = None


def _declare(view: Callable[..., Any], declared: Declared) -> None:
    if getattr(view, "access", None):
        raise TypeError(f"{view!r} declares its access twice.")
    view.access = declared  # type: ignore[attr-defined]


def _to_sign_in(request: HttpRequest) -> HttpResponseRedirect:
    # After a form is sent the address alone would not bring its answers back: go to the start instead.
    query = {"next": request.get_full_path()} if request.method in ("GET", "HEAD") else {}
    address = resolve_url(settings.LOGIN_URL)
    return HttpResponseRedirect(f"{address}?{urlencode(query)}" if query else address)


def _not_yet(request: HttpRequest) -> HttpResponseRedirect | None:
    """Where somebody must go first: to sign in, or to set up the second factor."""
    if not request.user.is_authenticated:
        return _to_sign_in(request)
    if second_factor.missing(request):
        return HttpResponseRedirect(resolve_url(SET_UP_PAGE))
    return None


def public(view: ViewT) -> ViewT:
    """Open to everybody, signed in or not."""

    @wraps(view)
    def wrapper(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponseBase:
        return view(request, *arguments, **named)

    _declare(wrapper, Declared("public"))
    return cast(ViewT, wrapper)


def signed_in(view: ViewT) -> ViewT:
    """For the pages of one's own account: anybody signed in, staff with their second factor.

    The set-up pages of the second factor itself wear ``signed_in_first_factor``.
    """

    @wraps(view)
    def wrapper(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponseBase:
        return _not_yet(request) or view(request, *arguments, **named)

    _declare(wrapper, Declared("signed in"))
    return cast(ViewT, wrapper)


def signed_in_first_factor(view: ViewT) -> ViewT:
    """Signed in, the second factor not asked for: what somebody needs in order to set one up."""

    @wraps(view)
    def wrapper(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return _to_sign_in(request)
        return view(request, *arguments, **named)

    _declare(wrapper, Declared("signed in"))
    return open_during_set_up(cast(ViewT, wrapper))


def open_during_set_up(view: ViewT) -> ViewT:
    """Put outside ``public``: also for staff who have yet to set up their second factor.

    ``SecondFactorMiddleware`` keeps them from everything else, the public pages too.
    """
    view.set_up_page = True  # type: ignore[attr-defined]
    return view


def requires(permission: Permission) -> Callable[[ViewT], ViewT]:
    """Signed in, second factor done, and allowed this in at least one place.

    A view about one object goes on to ``get_permitted_or_404``, which also asks whose it is.
    """

    def decorate(view: ViewT) -> ViewT:
        @wraps(view)
        def wrapper(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponseBase:
            first = _not_yet(request)
            if first is not None:
                return first
            check(request.user, permission)
            return view(request, *arguments, **named)

        _declare(wrapper, Declared("requires", permission))
        return cast(ViewT, wrapper)

    return decorate


class RequiresPermission:
    """For class views, first among the bases: ``permission = Permission.X``.

    With ``get_object``, the object is checked too: outside one's organisation 404, inside 403.
    """

    permission: ClassVar[Permission]

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Callable[..., HttpResponseBase]:
        return requires(cls.permission)(super().as_view(**initkwargs))  # type: ignore[misc]

    def get_object(self, *arguments: Any, **named: Any) -> Any:
        obj = super().get_object(*arguments, **named)  # type: ignore[misc]
        check(self.request.user, self.permission, obj)  # type: ignore[attr-defined]
        return obj
