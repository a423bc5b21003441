"""Changing the information pages: a list, and a form that shows what it will look like."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from dcsn.access import Permission, requires
from dcsn.pages.actions import change_page, restore_page
from dcsn.pages.forms import InformationPageForm
from dcsn.pages.models import InformationPage


@requires(Permission.PAGE_CHANGE)
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """All pages, and which of them an editor has changed."""
    return render(request, "pages/desk.html", {"pages": InformationPage.objects.for_desk()})


@requires(Permission.PAGE_CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, slug: str) -> HttpResponse:
    """Change one page. "Show me" draws it without keeping it."""
    page = InformationPage.objects.page_for(slug)
    if page is None:
        raise Http404
    if request.method == "POST" and "restore" in request.POST:
        restore_page(slug=slug, by=request.user)  # type: ignore[arg-type]
        messages.success(request, _("The page is as it was delivered."))
        return redirect("pages:page", slug)
    form = InformationPageForm(
        request.POST if request.method == "POST" else None,
        initial={"title": page.title, "text": page.text},
    )
    preview = None
    if request.method == "POST" and form.is_valid():
        if "preview" in request.POST:
            preview = InformationPage(slug=slug, **form.cleaned_data)
        else:
            change_page(slug=slug, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
            messages.success(request, _("The page is changed."))
            return redirect("pages:page", slug)
    return render(request, "pages/change.html", {"form": form, "page": page, "preview": preview})
