"""Whose page this is: somebody who looks at what the network knows about themselves.

A sign-in of their own is one way. An app above may know others (a link and a number that was told to
them) and adds them in its ``apps.ready()``::

    register_way_in(lambda request: the person whose link was opened a moment ago, or None)
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest

from members.models import Person

WayIn = Callable[[HttpRequest], Person | None]
_ways: list[WayIn] = []


def register_way_in(way: WayIn) -> None:
    """Asked before the sign-in: who opened a link means the link's person."""
    if way not in _ways:
        _ways.append(way)


def own_person(request: HttpRequest) -> Person | None:
    """The person that this visitor is known to be; ``None`` for everybody else."""
    for way in _ways:
        found = way(request)
        if found is not None:
            return found
    if not request.user.is_authenticated:
        return None
    return Person.objects.known().filter(user=request.user).select_related("organisation").first()
