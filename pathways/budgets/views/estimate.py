"""What a budget might be, by oneself: nothing is stored, and no log line holds an answer.

The answers travel in the form alone. There is no session, no key, no event; even the paper is made from the
answers that the page sends along.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from dcsn.access import public
from dcsn.limits.rates import limited
from dcsn.printing import PrintSize, file_name, pdf_response
from pathways.actions.allocation import in_force
from pathways.budgets.allocation import indicative
from pathways.budgets.forms import AnswersForm
from pathways.budgets.paper import working_pdf
from pathways.budgets.words import a_week, pounds_and_pence, score_lines, working_lines
from pathways.models import AllocationVersion


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def estimate(request: HttpRequest) -> HttpResponse:
    """The questions, and below them what the answers come to, line by line."""
    version = in_force()
    if version is None:
        return render(request, "pathways/budgets/estimate.html", {"version": None})
    form = AnswersForm(request.POST if request.method == "POST" else None, table=version.questions)
    result = result_of(version, form) if request.method == "POST" and form.is_valid() else None
    return render(
        request,
        "pathways/budgets/estimate.html",
        {
            "form": form,
            "version": version,
            "result": result,
            "sizes": [int(size) for size in PrintSize],
        },
        status=422 if form.errors else 200,
    )


@public
@limited("budget estimate")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sheet(request: HttpRequest) -> HttpResponse:
    """The same on paper, from the answers that are sent with the form."""
    version = in_force()
    if request.method != "POST" or version is None:
        return redirect("pathways:estimate")
    form = AnswersForm(request.POST, table=version.questions)
    if not form.is_valid():
        return redirect("pathways:estimate")
    size = PrintSize.read(request.POST.get("size"))
    pdf = working_pdf(result_of(version, form), version, size)
    return pdf_response(pdf, file_name(_("indicative budget"), size=size, on=timezone.localdate()))


def result_of(version: AllocationVersion, form: AnswersForm) -> dict[str, Any]:
    """The answers' points and the working, as the page and the paper show them."""
    score = version.questions.score(form.answers)
    pence = indicative(version.figures, score.points).pence
    return {
        "points": score.points,
        "scores": score_lines(score),
        "lines": working_lines(version.figures, score.points),
        "amount": pounds_and_pence(pence),
        "week": a_week(pence),
    }


@public
@require_safe
def how(request: HttpRequest) -> HttpResponse:
    """The table, the figures and the equality check in force, and every earlier version."""
    number = request.GET.get("version", "")
    version = (
        AllocationVersion.objects.filter(
            number=number, valid_from__lte=timezone.localdate()
        ).first()
        if number.isdecimal() and len(number) < 7
        else in_force()
    )
    return render(
        request,
        "pathways/budgets/how.html",
        {
            "version": version,
            "versions": AllocationVersion.objects.filter(valid_from__lte=timezone.localdate()),
        },
    )
