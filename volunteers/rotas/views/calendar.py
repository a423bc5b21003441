"""What a calendar program fetches: the address is the key, so nobody keeps a copy on the way."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from dcsn.access import public
from volunteers.rotas.feed import calendar_of, feed_of_token


@public
@never_cache
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """A volunteer's shifts and visits. 404 for an address that was altered, renewed or ended, alike;
    an altered one never reaches the database, and none can be guessed, so tries are not counted."""
    found = feed_of_token(token)
    if found is None:
        raise Http404
    response = HttpResponse(
        calendar_of(found.volunteer), content_type="text/calendar; charset=utf-8"
    )
    response["Content-Disposition"] = 'inline; filename="shifts.ics"'
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "same-origin"
    return response
