"""Four doors to one plan: the person's own, the desk's, an organisation's that some of it is shared with,
and the authoriser's.

The pages are the same; who sees and writes what is the ``Sight`` that each door gives to the view.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dcsn.access import Permission, requires, signed_in
from dcsn.access.requests import SignedInRequest
from pathways.plans.sight import (
    Sight,
    Who,
    authorisers_sight,
    own_sight,
    shared_sight,
    staff_sight,
)

Guard = Callable[[Callable[..., Any]], Callable[..., Any]]
View = Callable[..., HttpResponseBase]
METHODS = {
    "read": require_safe,
    "write": require_http_methods(["GET", "HEAD", "POST"]),
    "press": require_POST,
}


@dataclass(frozen=True)
class Way:
    """``name`` begins the names of its addresses, ``pathways:<name>_part``; ``find`` raises 404."""

    who: Who
    name: str
    prefix: str
    reads: Guard
    writes: Guard
    find: Callable[[Any, UUID], Sight]

    def path(self, route: str, view: View, name: str = "", *, how: str = "read") -> URLPattern:
        """An address of the plan. ``how``: read, write (a form), press (a button)."""
        guard = self.reads if how == "read" else self.writes
        return path(
            self.prefix + route,
            guard(never_cache(METHODS[how](self._through(view)))),
            name=f"{self.name}_{name}" if name else self.name,
        )

    def path_for_all_readers(self, route: str, view: View, name: str) -> URLPattern:
        """A form for whoever may read here; the view asks what else it takes."""
        return path(
            self.prefix + route,
            self.reads(never_cache(METHODS["write"](self._through(view)))),
            name=f"{self.name}_{name}",
        )

    def _through(self, view: View) -> View:
        @wraps(view)
        def wrapper(request: SignedInRequest, plan_id: UUID, **named: Any) -> HttpResponseBase:
            return view(request, self.find(request.user, plan_id), **named)

        return wrapper


MINE = Way(Who.PERSON, "my_plan", "my/plan/<uuid:plan_id>/", signed_in, signed_in, own_sight)
DESK = Way(
    Who.STAFF,
    "plan",
    "desk/support-plans/<uuid:plan_id>/",
    requires(Permission.PATHWAY_VIEW),
    requires(Permission.PATHWAY_COORDINATE),
    staff_sight,
)
SHARED = Way(
    Who.PROVIDER,
    "shared_plan",
    "desk/shared-plans/<uuid:plan_id>/",
    requires(Permission.PATHWAY_SHARED),
    requires(Permission.PATHWAY_SHARED),
    shared_sight,
)
AUTHORISE = Way(
    Who.AUTHORISER,
    "authorise_plan",
    "desk/plans-to-authorise/<uuid:plan_id>/",
    requires(Permission.PATHWAY_AUTHORISE),
    requires(Permission.PATHWAY_AUTHORISE),
    authorisers_sight,
)
WAYS = {way.who: way for way in (MINE, DESK, SHARED, AUTHORISE)}


def address(sight: Sight, name: str = "", **arguments: Any) -> str:
    """Of the plan's page, or of another of its pages, by the door through which it was reached."""
    way = WAYS[sight.who]
    full = f"{way.name}_{name}" if name else way.name
    return reverse(f"pathways:{full}", kwargs={"plan_id": sight.plan.pk, **arguments})
