"""Topics and the everyday words for them."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from dcsn.access import Permission, get_permitted_or_404, requires
from directory.actions.topics import change_topic_words
from directory.desk.forms.topics import TopicWordsForm
from directory.models import TaxonomyTerm


@requires(Permission.TAXONOMY_CHANGE)
@require_safe
def topics(request: HttpRequest) -> HttpResponse:
    """Every topic with how many services and everyday words it has."""
    terms = (
        TaxonomyTerm.objects.select_related("parent")
        .annotate(service_count=Count("services"))
        .order_by("parent__position", "parent__sort_key", "position", "sort_key")
    )
    return render(request, "directory/desk/topics.html", {"terms": terms})


@requires(Permission.TAXONOMY_CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
def change_topic(request: HttpRequest, term_id: UUID) -> HttpResponse:
    """Change the words that lead to a topic."""
    term = get_permitted_or_404(
        request.user,
        Permission.TAXONOMY_CHANGE,
        TaxonomyTerm.objects.select_related("parent"),
        pk=term_id,
    )
    form = TopicWordsForm(
        request.POST or None, initial={"synonyms": term.synonyms, "phrases": term.phrases}
    )
    if request.method == "POST" and form.is_valid():
        change_topic_words(term=term, by=request.user, **form.cleaned_data)
        messages.success(request, _("Saved. Search knows these words now."))
        return redirect("directory_desk:topic", term_id=term.pk)
    return render(
        request,
        "directory/desk/topic.html",
        {"form": form, "term": term},
        status=422 if form.errors else 200,
    )
