"""Finding help: the results of a search, and what may be meant while somebody types."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from dcsn.access import public
from directory.filters import ServiceFilter
from directory.maps import points_of_services
from directory.my_list import MyList
from directory.results_page import results_page
from directory.search import Choices, FreeTime, search
from directory.search.nearest import nearest_topics
from directory.search.suggestions import suggestions
from directory.search.words import clean
from directory.sensitive import is_sensitive


@public
@require_safe
def results(request: HttpRequest) -> HttpResponse:
    """Everything is in the address: it can be shared, bookmarked and gone back to."""
    filters = ServiceFilter(request.GET)
    query = filters.search_query
    found = search(query)
    page = results_page(filters, found, request.GET, timezone.now(), MyList(request).ids)
    topics = []
    if page.found_nothing:
        if page.chosen:
            bare = replace(query, choices=Choices(), free=FreeTime(), within=None, pages={})
            page.without_filters_total = search(bare).total
            page.without_filters = page.clear_address
        topics = nearest_topics(query.words)
    return render(
        request,
        "directory/results.html",
        {
            "page": page,
            "form": filters.form,
            "nearest_topics": topics,
            "is_sensitive": is_sensitive(
                topic.slug for span in found.understood.spans for topic in span
            ),
            "points": points_of_services(
                result.card.service for listed in page.lists for result in listed.cards
            ),
        },
    )


@public
@require_safe
@cache_control(max_age=300, public=True)
def suggest(request: HttpRequest) -> JsonResponse:
    """What may be meant by the letters typed so far; the page works without it."""
    found = suggestions(clean(request.GET.get("q", "")))
    said = ngettext("%(count)s suggestion", "%(count)s suggestions", len(found)) % {
        "count": len(found)
    }
    return JsonResponse({"suggestions": found, "said": said})
