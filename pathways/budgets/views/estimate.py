"""What a budget might be, by oneself: nothing is stored, and no log line holds an answer.

The answers travel in the form alone. There is no session, no key, no event; even the paper is made from the
answers that the page sends along. That a form was sent is counted for ten minutes (``dcsn.limits``: a keyed
hash, never an answer), so that a program cannot keep the server reckoning and printing. The limit is far
above what a person or a full reading room does; who reaches it gets the page back with every answer in it.
"""

from __future__ import annotations

from datetime import timedelta
from math import ceil
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from dcsn.access import public
from dcsn.limits.rates import Rate, seconds_to_wait
from dcsn.printing import PrintSize, file_name, pdf_response
from pathways.actions.allocation import in_force
from pathways.budgets.allocation import indicative
from pathways.budgets.forms import AnswersForm
from pathways.budgets.paper import working_pdf
from pathways.budgets.words import a_week, pounds_and_pence, score_lines, working_lines
from pathways.models import AllocationVersion

# Somebody who tries every answer once is far below; so are forty readers of one library.
RECKONED = Rate(60, timedelta(minutes=10))
RECKONED_THERE = Rate(600, timedelta(minutes=10))
# A page as PDF costs the server some hundred times a sum.
PRINTED = Rate(20, timedelta(minutes=10))
PRINTED_THERE = Rate(120, timedelta(minutes=10))


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def estimate(request: HttpRequest) -> HttpResponse:
    """The questions, and below them what the answers come to, line by line."""
    version = in_force()
    if version is None:
        return render(request, "pathways/budgets/estimate.html", {"version": None})
    if request.method != "POST":
        return _page(request, version, AnswersForm(table=version.questions))
    form = AnswersForm(request.POST, table=version.questions)
    wait = seconds_to_wait(
        request, "budget estimate page", per_browser=RECKONED, per_address=RECKONED_THERE
    )
    return _too_often(request, version, form, wait) if wait else _page(request, version, form)


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sheet(request: HttpRequest) -> HttpResponse:
    """The same on paper, from the answers that are sent with the form."""
    version = in_force()
    if request.method != "POST" or version is None:
        return redirect("pathways:estimate")
    form = AnswersForm(request.POST, table=version.questions)
    wait = seconds_to_wait(
        request, "budget estimate", per_browser=PRINTED, per_address=PRINTED_THERE
    )
    if wait:
        return _too_often(request, version, form, wait)
    if not form.is_valid():
        return redirect("pathways:estimate")
    size = PrintSize.read(request.POST.get("size"))
    pdf = working_pdf(result_of(version, form), version, size)
    return pdf_response(pdf, file_name(_("indicative budget"), size=size, on=timezone.localdate()))


def _page(
    request: HttpRequest, version: AllocationVersion, form: AnswersForm, *, status: int = 200
) -> HttpResponse:
    return render(
        request,
        "pathways/budgets/estimate.html",
        {
            "form": form,
            "version": version,
            "result": result_of(version, form) if form.is_valid() else None,
            "sizes": [int(size) for size in PrintSize],
        },
        status=422 if form.errors and status == 200 else status,
    )


def _too_often(
    request: HttpRequest, version: AllocationVersion, form: AnswersForm, wait: int
) -> HttpResponse:
    """Nothing is reckoned or printed; the answers stand on the page, to be sent again."""
    minutes = ceil(wait / 60)
    form.add_error(
        None,
        ngettext(
            "This has been reckoned many times in a short while. Your answers are still here: wait "
            "%(minutes)s minute, then send them again.",
            "This has been reckoned many times in a short while. Your answers are still here: wait "
            "%(minutes)s minutes, then send them again.",
            minutes,
        )
        % {"minutes": minutes},
    )
    answer = _page(request, version, form, status=429)
    answer["Retry-After"] = str(wait)
    return answer


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
