"""A shop rings: staff type the number it reads out, and say the same as the till would."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from dcsn.access import Permission, requires
from dcsn.access.requests import SignedInRequest
from dcsn.error_pages import too_many_requests
from members.cards.answer import answer_typed
from members.cards.forms import NumberForm
from members.cards.limits import wait_for_staff
from members.cards.number import as_printed, as_typed
from members.cards.views.till import fault_of


@requires(Permission.CARD_CHANGE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: SignedInRequest) -> HttpResponse:
    """Nothing of the member is shown here either: it could be said before it is thought of."""
    form = NumberForm(request.POST or None)
    facts: dict[str, object] = {}
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["number"]
        fault = fault_of(text)
        if fault:
            form.add_error("number", fault)
        else:
            wait = wait_for_staff(request.user.pk)
            if wait:
                return too_many_requests(request, retry_after=wait)
            facts = {"answer": answer_typed(text), "number": as_printed(as_typed(text))}
            form = NumberForm()
    return render(
        request,
        "members/cards/check.html",
        {"form": form, **facts},
        status=422 if form.errors else 200,
    )
