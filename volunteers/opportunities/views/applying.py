"""Applying for a role, the same on paper, and a parent's answer."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from dcsn.access import public
from dcsn.audit import Actor
from dcsn.error_pages import too_many_requests
from dcsn.limits.rates import limited, seconds_to_wait
from dcsn.printing import PrintSize, file_name, pdf_response
from members.models import Person
from volunteers.actions.parents import answer_as_parent, confirmation_for
from volunteers.models import Agreement, Application, NextStep, Opportunity, Route
from volunteers.opportunities.apply_form import ApplyForm, from_five_questions
from volunteers.opportunities.apply_paper import form_pdf
from volunteers.opportunities.applying import APPLY_FORM, PARENT_LINK, take_application
from volunteers.opportunities.finding import with_facts
from volunteers.opportunities.views.public import SHEETS_AT_ONCE
from volunteers.opportunities.words import address_of, card_of
from volunteers.refusals import Refused
from volunteers.rules import may_be_contacted

# The application that this browser has just sent: its own page says what happens next, and no name.
APPLIED = "volunteered"


def _own_person(request: HttpRequest) -> Person | None:
    if not request.user.is_authenticated:
        return None
    known = Person.objects.filter(user=request.user, erased_at=None)
    return known.select_related("organisation").first()


@public
@limited("volunteer")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: HttpRequest, slug: str, short_id: str) -> HttpResponse:
    """One page; answers of the five questions are filled in already."""
    role = get_object_or_404(with_facts(Opportunity.objects.public()), short_id=short_id)
    person = _own_person(request)
    if request.method == "POST":
        form = ApplyForm(request.POST, role=role, known=person is not None)
        if form.is_valid():
            by: Actor = request.user if person is not None else APPLY_FORM  # type: ignore[assignment]
            try:
                application = take_application(
                    form=form, role=role, by=by, route=Route.ONLINE,
                    how=Agreement.How.ONLINE, person=person,
                )  # fmt: skip
            except Refused as refusal:
                form.add_error(None, str(refusal))
            except ValidationError as error:
                form.add_error(None, error)
            else:
                request.session[APPLIED] = str(application.pk)
                return redirect("volunteers:applied")
    else:
        form = ApplyForm(
            role=role, known=person is not None, initial=from_five_questions(request.GET)
        )
    return render(
        request,
        "volunteers/apply/apply.html",
        {"form": form, "card": card_of(role), "role": role, "back": address_of(role)},
        status=422 if form.errors else 200,
    )


@public
@never_cache
@require_safe
def done(request: HttpRequest) -> HttpResponse:
    """What happens next and by when. Names nobody: the computer may be a library's."""
    kept = request.session.get(APPLIED)
    application = (
        Application.objects.filter(pk=UUID(kept))
        .select_related("volunteer__person", "volunteer__parent", "opportunity__organisation")
        .first()
        if kept
        else None
    )
    if application is None:
        return redirect("volunteers:roles")
    step = NextStep.objects.filter(volunteer=application.volunteer).open().first()
    return render(
        request,
        "volunteers/apply/done.html",
        {
            "role": application.opportunity,
            "reference": application.volunteer.reference,
            "step": step,
            "waits_for_parent": not may_be_contacted(application.volunteer),
        },
    )


@public
@require_safe
def paper(request: HttpRequest) -> HttpResponse:
    """The same questions, to be filled in with a pen."""
    wait = seconds_to_wait(
        request, "print to apply", per_browser=SHEETS_AT_ONCE, per_address=SHEETS_AT_ONCE
    )
    if wait:
        return too_many_requests(request, retry_after=wait)
    size = PrintSize.read(request.GET.get("size"))
    name = file_name(_("Form to volunteer"), size=size, on=timezone.localdate())
    return pdf_response(form_pdf(size), name)


@public
@limited("parent")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def parent(request: HttpRequest, secret: str) -> HttpResponse:
    """A parent says yes or no. A link that was answered, or replaced by another, says so."""
    confirmation = confirmation_for(secret)
    answered = confirmation is not None and (
        confirmation.confirmed_at is not None or confirmation.refused_at is not None
    )
    if confirmation is None or answered:
        return render(request, "volunteers/apply/parent_over.html", status=404)
    if request.method == "POST" and request.POST.get("answer") in ("yes", "no"):
        answer_as_parent(
            confirmation=confirmation, yes=request.POST["answer"] == "yes", by=PARENT_LINK
        )
        return redirect("volunteers:parent_done")
    application = (
        Application.objects.filter(volunteer=confirmation.volunteer)
        .select_related("opportunity__organisation")
        .order_by("-applied_at")
        .first()
    )
    return render(
        request,
        "volunteers/apply/parent.html",
        {
            "confirmation": confirmation,
            "role": application.opportunity if application else None,
            "problem": request.method == "POST",
        },
        status=422 if request.method == "POST" else 200,
    )


@public
@require_safe
def parent_done(request: HttpRequest) -> HttpResponse:
    return render(request, "volunteers/apply/parent_done.html")
