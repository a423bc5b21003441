"""Browsing: by topic, and from A to Z."""

from __future__ import annotations

import string

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from dcsn.access import public
from directory.cards import cards_of
from directory.models import Service, TaxonomyTerm
from directory.sensitive import is_sensitive

PER_PAGE = 25
OTHER = "0"


@public
@require_safe
def topics(request: HttpRequest) -> HttpResponse:
    return render(
        request, "directory/topics.html", {"topics": TaxonomyTerm.objects.for_topics_page()}
    )


@public
@require_safe
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    """One topic: what stands below it, and every service about it, by name."""
    term = get_object_or_404(
        TaxonomyTerm.objects.select_related("parent__parent").filter(is_topic=True), slug=slug
    )
    services = Service.objects.for_topic_page(TaxonomyTerm.objects.ids_below(term))
    page = Paginator(services, PER_PAGE).get_page(request.GET.get("page"))
    above = [parent for parent in (term.parent and term.parent.parent, term.parent) if parent]
    crumbs = [(parent.name, parent.get_absolute_url()) for parent in above]
    return render(
        request,
        "directory/topic.html",
        {
            "topic": term,
            "is_sensitive": is_sensitive(parent.slug for parent in [*above, term]),
            "narrower": term.children.filter(is_topic=True).order_by("position", "sort_key"),
            "page": page,
            "cards": cards_of(page.object_list),
            "crumbs": crumbs,
        },
    )


@public
@require_safe
def a_to_z(request: HttpRequest) -> HttpResponse:
    """Every service by its first letter, one letter a page; "0" is for figures."""
    letter = request.GET.get("letter", "").lower()[:1]
    if letter and letter not in string.ascii_lowercase:
        letter = OTHER
    present = Service.objects.publishable().first_letters()
    letter = letter or (min(present) if present else "a")
    services = Service.objects.for_a_to_z(letter)
    letters = [(sign, sign in present) for sign in string.ascii_lowercase]
    if OTHER in present:
        letters.append((OTHER, True))
    return render(
        request,
        "directory/a_to_z.html",
        {"letter": letter, "letters": letters, "services": services},
    )
