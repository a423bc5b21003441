"""The first stage without an account: what it gives, the form, and what was granted at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dcsn.access import Permission, can, public
from dcsn.error_pages import too_many_requests
from dcsn.limits.rates import Rate, limited, seconds_to_wait
from dcsn.printing import PrintSize, file_name, pdf_response
from members.access import access_points
from members.cards.actions import card_for
from members.cards.number import as_printed
from members.cards.validity import membership_good_until
from members.own_page import own_person
from members.refusals import Refused as MembersRefused
from pathways.carers.forms import PublicForm
from pathways.carers.known import known_carers
from pathways.carers.paper import form_pdf, plan_pdf, wallet_pdf
from pathways.carers.taking import take_from_web
from pathways.models import CarerAssessment, EmergencyPlan
from pathways.refusals import Refused

# The first stage that this browser has just sent; its pages show it for half an hour.
GRANTED = "carer_granted"
STAYS = timedelta(minutes=30)
# As the directory's lists: for programs that never stop, not for a full reading room.
SHEETS_AT_ONCE = Rate(200, timedelta(minutes=10))


@public
@require_safe
def carers(request: HttpRequest) -> HttpResponse:
    """What a carer gets, and the ways to it."""
    return render(
        request,
        "pathways/carers/carers.html",
        {
            "known": known_carers(),
            "may_estimate": can(request.user, Permission.CARER_ESTIMATE_ADD),
            "own": own_person(request),
            "sizes": [int(size) for size in PrintSize],
        },
    )


@public
@limited("carers")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Whatever is wrong, what was typed stays in the boxes."""
    if own_person(request) is not None:
        return redirect("pathways:my_caring_first")
    if not access_points().exists():
        return render(request, "pathways/carers/start.html", {"nobody": True})
    form = PublicForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = take_from_web(form)
        except (Refused, MembersRefused) as refusal:
            form.add_error(None, str(refusal))
        except ValidationError as error:
            form.add_error(None, error)
        else:
            request.session[GRANTED] = {"id": str(made.pk), "at": timezone.now().isoformat()}
            return redirect("pathways:carer_granted")
    return render(
        request,
        "pathways/carers/start.html",
        {"form": form},
        status=422 if form.errors else 200,
    )


@public
@require_safe
def paper_form(request: HttpRequest) -> HttpResponse:
    wait = seconds_to_wait(
        request, "print for carers", per_browser=SHEETS_AT_ONCE, per_address=SHEETS_AT_ONCE
    )
    if wait:
        return too_many_requests(request, retry_after=wait)
    size = PrintSize.read(request.GET.get("size"))
    return pdf_response(
        form_pdf(size), file_name(_("form for carers"), size=size, on=timezone.localdate())
    )


def _granted(request: HttpRequest) -> CarerAssessment | None:
    kept = request.session.get(GRANTED)
    if kept is None or timezone.now() - datetime.fromisoformat(kept["at"]) > STAYS:
        request.session.pop(GRANTED, None)
        return None
    return (
        CarerAssessment.objects.filter(pk=kept["id"], carer__isnull=False)
        .select_related("carer", "organisation", "card_term__membership")
        .first()
    )


def just_granted(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Hand the view what this browser has just been given; everybody else begins."""

    @wraps(view)
    def wrapper(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponse:
        made = _granted(request)
        if made is None:
            return redirect("pathways:carers")
        return view(request, made, *arguments, **named)

    return wrapper


def granted_context(made: CarerAssessment) -> dict[str, Any]:
    """The card and the plan of an assessment, for the page that says what was granted."""
    term, carer = made.card_term, made.carer
    card = card_for(term.membership, carer) if term and carer else None
    return {
        "made": made,
        "card_number": as_printed(card.number) if card else "",
        "good_until": membership_good_until(term.membership) if term else None,
        "plan": EmergencyPlan.objects.filter(carer=carer).first(),
        "sizes": [int(size) for size in PrintSize],
    }


@public
@never_cache
@require_safe
@just_granted
def granted(request: HttpRequest, made: CarerAssessment) -> HttpResponse:
    """The card's number and the plan, at once; on a shared computer no name and no address."""
    return render(request, "pathways/carers/granted.html", granted_context(made))


@public
@never_cache
@require_safe
@just_granted
def granted_plan(request: HttpRequest, made: CarerAssessment) -> HttpResponse:
    return plan_answer(EmergencyPlan.objects.select_related("carer").get(carer=made.carer), request)


@public
@never_cache
@require_safe
@just_granted
def granted_wallet(request: HttpRequest, made: CarerAssessment) -> HttpResponse:
    return wallet_answer(EmergencyPlan.objects.select_related("carer").get(carer=made.carer))


@public
@never_cache
@require_POST
def finished(request: HttpRequest) -> HttpResponse:
    """Whoever sits down at this computer next sees nothing."""
    request.session.pop(GRANTED, None)
    return redirect("pathways:carers")


def plan_answer(plan: EmergencyPlan, request: HttpRequest) -> HttpResponse:
    wish = str(plan.carer.print_size or "") if plan.carer else ""
    size = PrintSize.read(request.GET.get("size") or wish)
    return pdf_response(
        plan_pdf(plan, size), file_name(_("emergency plan"), size=size, on=timezone.localdate())
    )


def wallet_answer(plan: EmergencyPlan) -> HttpResponse:
    return pdf_response(wallet_pdf(plan), f"{plan.reference.lower()}.pdf")
