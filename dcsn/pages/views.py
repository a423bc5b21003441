"""Information pages, the reader's own look, and the brand's colour."""

from __future__ import annotations

import re

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from dcsn.access import public
from dcsn.pages.appearance import appearance_of, remember
from dcsn.pages.forms import AppearanceForm
from dcsn.pages.models import InformationPage

_HEX_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


@public
@require_safe
def page(request: HttpRequest, slug: str) -> HttpResponse:
    found = InformationPage.objects.page_for(slug)
    if found is None:
        raise Http404
    return render(request, "pages/page.html", {"page": found})


@public
@require_http_methods(["GET", "HEAD", "POST"])
def appearance(request: HttpRequest) -> HttpResponse:
    """Text size and colours; afterwards the reader is back where they came from."""
    back = request.POST.get("next") or request.GET.get("next") or ""
    if not url_has_allowed_host_and_scheme(
        back, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        back = ""
    if request.method == "POST":
        form = AppearanceForm(request.POST)
        if form.is_valid():
            response = redirect(back or "pages:appearance")
            remember(response, form.appearance(), secure=request.is_secure())
            return response
    else:
        now = appearance_of(request)
        form = AppearanceForm(initial={"text_size": now.text_size, "colours": now.colours})
    return render(request, "pages/appearance.html", {"form": form, "next": back})


@public
@require_safe
@cache_control(max_age=3600, public=True)
def brand(request: HttpRequest) -> HttpResponse:
    """The network's own colour as a style sheet: the security policy allows no style in the page."""
    colour = settings.BRAND_COLOUR
    if not _HEX_COLOUR.fullmatch(colour):
        raise Http404
    text = (
        f":root:not(.colours-dark){{--govuk-brand-colour:{colour};--govuk-link-colour:{colour};"
        f"--button:{colour};--header:{colour}}}"
    )
    return HttpResponse(text, content_type="text/css")


@public
@require_safe
@cache_control(max_age=86400, public=True)
def icon(request: HttpRequest) -> HttpResponse:
    """Browsers ask for this address beside a PDF, which cannot name an icon of its own."""
    return redirect(static("images/icon.svg"))
