"""The first page: one question, the topics, three plain doors."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from dcsn.access import public
from directory.models import TaxonomyTerm


@public
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "directory/home.html", {"topics": TaxonomyTerm.objects.topics()})
