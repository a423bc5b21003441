"""Five questions, one to a page, and what they lead to. No sign-in, no cookie, nothing kept."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from dcsn.access import public
from volunteers.opportunities.five import QUESTIONS, Answers, carried, suggest


@public
@never_cache
@require_safe
def begin(request: HttpRequest) -> HttpResponse:
    """What it is, in three sentences."""
    return render(request, "volunteers/five/begin.html", {"of": len(QUESTIONS)})


@public
@never_cache
@require_safe
def question(request: HttpRequest, number: int) -> HttpResponse:
    """One of the five. A form by GET: going back and forth asks nothing twice."""
    if not 1 <= number <= len(QUESTIONS):
        raise Http404
    kind = QUESTIONS[number - 1]
    asked = [name for name in kind.base_fields if name in request.GET]
    form = kind(request.GET) if asked else kind()
    answered = carried(request.GET, without=kind.base_fields)
    before = reverse("volunteers:five_question", args=[number - 1]) if number > 1 else ""
    kept = carried(request.GET)
    return render(
        request,
        "volunteers/five/question.html",
        {
            "form": form,
            "field": form[next(iter(form.fields))],
            "number": number,
            "of": len(QUESTIONS),
            "answered": answered,
            "next": reverse("volunteers:five_question", args=[number + 1])
            if number < len(QUESTIONS)
            else reverse("volunteers:five_answers"),
            "before": f"{before}?{urlencode(kept)}" if before and kept else before,
        },
        status=422 if form.is_bound and form.errors else 200,
    )


@public
@never_cache
@require_safe
def answers(request: HttpRequest) -> HttpResponse:
    """Three roles with reasons, and what to do when none is right."""
    given = Answers.read(request.GET)
    if given.near is None and request.GET.get("near", "").strip():
        # The postcode is not one: back to the page that asks for it, which says so.
        return redirect(
            f"{reverse('volunteers:five_question', args=[4])}?{urlencode(carried(request.GET))}"
        )
    return render(
        request,
        "volunteers/five/answers.html",
        {
            "suggested": suggest(given),
            "query": urlencode(carried(request.GET)),
            "last": reverse("volunteers:five_question", args=[len(QUESTIONS)]),
        },
    )
