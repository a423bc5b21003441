"""Reporting a mistake: the reader's side, and the queue at the desk."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from dcsn.access import Permission, public, requires
from dcsn.limits.rates import limited
from directory.actions.corrections import (
    AlreadyAnsweredError,
    answer_correction,
    report_correction,
    report_missing,
)
from directory.forms.corrections import (
    AnswerForm,
    CorrectionCodeForm,
    CorrectionForm,
    MissingForm,
)
from directory.models import Correction, Service
from directory.search.words import clean

PER_PAGE = 25


@public
@limited("mistake report")
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, short_id: str) -> HttpResponse:
    """Say what is wrong about one service."""
    service = get_object_or_404(
        Service.objects.publishable().select_related("organisation"), short_id=short_id
    )
    form = CorrectionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        correction = report_correction(
            service=service, about=form.cleaned_data["about"], text=form.cleaned_data["text"]
        )
        return redirect("directory:report_answer", correction.said_code)
    return render(request, "directory/report.html", {"form": form, "service": service})


@public
@limited("mistake report")
@require_http_methods(["GET", "HEAD", "POST"])
def missing(request: HttpRequest) -> HttpResponse:
    """Say what is missing from the directory; what was searched for is in the box already."""
    if request.method == "POST":
        form = MissingForm(request.POST)
        if form.is_valid():
            correction = report_missing(text=form.cleaned_data["text"])
            return redirect("directory:report_answer", correction.said_code)
    else:
        form = MissingForm(initial={"text": clean(request.GET.get("q", ""))})
    return render(request, "directory/report_missing.html", {"form": form})


@public
@never_cache
@require_safe
def report_answer(request: HttpRequest, code: str = "") -> HttpResponse:
    """What became of a report: by its address, or by typing its code."""
    asked = code or request.GET.get("code")
    form = CorrectionCodeForm({"code": asked} if asked is not None else None)
    if asked is not None and form.is_valid():
        return render(
            request, "directory/report_answer.html", {"correction": form.cleaned_data["code"]}
        )
    return render(request, "directory/report_code.html", {"form": form})


@requires(Permission.REPORT_HANDLE)
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """Reports that wait, the oldest first; those that are answered below."""
    answered = request.GET.get("answered") == "1"
    found = Correction.objects.answered() if answered else Correction.objects.for_queue()
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "directory/desk/corrections.html",
        {"page": page, "answered": answered, "query": "answered=1&" if answered else ""},
    )


@requires(Permission.REPORT_HANDLE)
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, correction_id: UUID) -> HttpResponse:
    """Answer one report."""
    correction = get_object_or_404(
        Correction.objects.select_related("service", "answered_by"), id=correction_id
    )
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            answer_correction(correction=correction, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
        except AlreadyAnsweredError:
            messages.warning(request, _("Somebody else answered this report before you."))
            return redirect("directory:correction", correction.id)
        messages.success(
            request, _("Report %(code)s is answered.") % {"code": correction.said_code}
        )
        return redirect("directory:corrections")
    return render(
        request, "directory/desk/correction.html", {"correction": correction, "form": form}
    )
